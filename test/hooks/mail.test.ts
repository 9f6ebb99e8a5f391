import { describe, expect, it } from 'vitest';
import { encode } from '../../hooks/mail/encode.ts';
import mail from '../../hooks/mail/index.ts';
import { findingOf, messageOf, nastiest } from '../notify/findings.ts';
import { UNSEEN } from './context.ts';

describe('mail', () => {
  it('says everything twice, as text and as HTML, with how to put it back, and that a machine wrote it', () => {
    const [mailed, ...others] = encode(
      messageOf({ findings: [findingOf({ undo: ["aws ec2 create-route --x 'y'"] })] }),
      '[d]',
      'ops.example',
    );
    expect(others).toEqual([]);
    expect(mailed).toMatchObject({
      subject: '[d] HIGH: 1 change: aws 123456789012: 1 route table changed',
      messageId: '<m-0123456789abcdef@ops.example>',
      headers: { 'Auto-Submitted': 'auto-generated', Precedence: 'bulk', 'X-Drifttrail-Message': 'm-0123456789abcdef' },
    });
    for (const part of ['rtb-0a1 (private-a)', 'alice as Admin', 'the default route is gone', 'aaaaaaaaaaaa']) {
      expect(mailed?.text).toContain(part);
      expect(mailed?.html).toContain(part);
    }
    expect(mailed?.text).toContain("aws ec2 create-route --x 'y'");
    expect(mailed?.html).toContain('aws ec2 create-route --x &#39;y&#39;');
  });

  it('makes one thread of what is told about one resource, and another of another', () => {
    const about = (id: string, message: string) => {
      const ref = { scope: 'aws/1/r', kind: 'aws.ec2.vpc', id };
      return encode(
        messageOf({ id: message, findings: [findingOf({ change: { type: 'modified', ref, path: 'x', edits: [] } })] }),
        '',
        'd',
      )[0];
    };
    const [first, second, other] = [about('vpc-1', 'm-1'), about('vpc-1', 'm-2'), about('vpc-2', 'm-3')];
    expect(first?.inReplyTo).toMatch(/^<r-[0-9a-f]{20}@d>$/);
    expect(second?.references).toEqual(first?.references);
    expect(second?.messageId).not.toBe(first?.messageId);
    expect(other?.inReplyTo).not.toBe(first?.inReplyTo);
  });

  it('forges no header, runs no script and splits what is too large, with the nastiest message', () => {
    const bad = nastiest();
    const mails = encode({ ...bad, findings: Array.from({ length: 20 }, () => bad.findings[0] ?? findingOf()) }, '[d]', 'd');
    for (const { subject, text, html } of mails) {
      expect(subject.length).toBeLessThanOrEqual(200);
      expect(subject).not.toMatch(/[\r\n]/);
      expect(text.length).toBeLessThanOrEqual(90_000);
      expect([subject, text, html].join('')).not.toMatch(UNSEEN);
      expect(html).not.toMatch(/<(?:script|img|a )/i);
      expect(text).not.toContain('ASIACREDENTIAL');
    }
    expect(mails.reduce((count, { text }) => count + (text.match(/ 82 {2}/g)?.length ?? 0), 0)).toBe(20);
  });

  it('splits into numbered mails, each with an id of its own that a repeat has too', () => {
    const finding = findingOf({ undo: Array.from({ length: 5 }, (_, index) => `command ${index} ${'x'.repeat(990)}`) });
    const message = messageOf({ findings: Array.from({ length: 30 }, () => finding) });
    const mails = encode(message, '[d]', 'd');
    expect(mails.length).toBeGreaterThan(1);
    expect(mails.map(({ subject }) => subject.slice(-5))).toEqual(mails.map((_, index) => `(${index + 1}/${mails.length})`));
    expect(new Set(mails.map(({ messageId }) => messageId)).size).toBe(mails.length);
    expect(encode(message, '[d]', 'd')).toEqual(mails);
  });

  it.each([
    [{ host: 'h', sender: 'a@b.example', to: ['c@d.example'] }, true],
    [{ host: 'h', sender: 'a@b.example', to: [] }, false],
    [{ host: 'h', sender: 'no address', to: ['c@d.example'] }, false],
    [{ host: 'h', sender: 'a@b.example', to: ['c@d.example\r\nBcc: x@y.example'] }, false],
    [{ host: 'h', sender: 'a@b.example', to: ['c@d.example'], user: 'u' }, false],
  ])('options %j: %s', (options, fits) => {
    expect(mail.options.safeParse(options).success).toBe(fits);
  });
});
