import { type AddressInfo, connect, createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { afterEach, describe, expect, it } from 'vitest';
import { encode } from '../../hooks/mail/encode.ts';
import mail from '../../hooks/mail/index.ts';
import type { Json, Message } from '../../src/model.ts';
import { findingOf, messageOf, nastiest } from '../notify/findings.ts';
import { contextOf, UNSEEN } from './context.ts';

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** A server that answers recipients as told, and keeps who got which mail. */
async function smtp(answer: (address: string) => string) {
  const got: string[] = [];
  const server = createServer((socket) => {
    let recipients: string[] = [];
    let text: string[] | undefined;
    const say = (line: string) => socket.write(`${line}\r\n`);
    socket.on('error', () => undefined);
    say('220 mx');
    createInterface({ input: socket }).on('line', (line) => {
      const recipient = /^RCPT TO:<(.+)>/.exec(line)?.[1];
      if (text !== undefined && line !== '.') text.push(line);
      else if (text !== undefined) {
        const id = text.find((header) => header.startsWith('Message-ID:')) ?? '';
        got.push(...recipients.map((one) => `${one} ${id.replace(/.*<(.*)@.*/, '$1')}`));
        [text, recipients] = [undefined, []];
        say('250 taken');
      } else if (recipient !== undefined) {
        const said = answer(recipient);
        if (said.startsWith('2')) recipients.push(recipient);
        say(said);
      } else if (line === 'DATA') {
        text = [];
        say('354 go on');
      } else say('250 mx');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => server.close());
  const { port } = server.address() as AddressInfo;
  const options = { host: 'mx', port, security: 'none', sender: 'd@d.example', to: ['a', 'b', 'c'].map((one) => `${one}@d.example`) };
  const deliver = (message: Message, rest?: Json) =>
    mail.deliver(
      message,
      AbortSignal.timeout(10_000),
      contextOf(mail.options.parse(options), {
        connect: async ({ port: to }) => connect(to, '127.0.0.1'),
        ...(rest === undefined ? {} : { rest }),
      }),
    );
  return { got, deliver };
}

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

  it('tries those that are put off again alone, under the same id, and never those that are refused', async () => {
    let full = true;
    const { got, deliver } = await smtp((address) =>
      address.startsWith('c@') ? '550 unknown' : address.startsWith('b@') && full ? '450 mailbox full' : '250 ok',
    );
    const first = await deliver(messageOf());
    expect(first).toMatchObject({
      status: 'retry',
      detail: 'mx took it for 1 of 3 addresses; it refused c@d.example; it put off b@d.example: 450 mailbox full',
    });
    const again = await deliver(messageOf(), JSON.parse(JSON.stringify(first.rest)));
    expect(again).toMatchObject({ status: 'retry', rest: first.rest });
    full = false;
    expect(await deliver(messageOf(), first.rest)).toEqual({
      status: 'delivered',
      detail: 'mx took it for 2 of 3 addresses; it refused c@d.example',
    });
    expect(got).toEqual(['a@d.example m-0123456789abcdef', 'b@d.example m-0123456789abcdef']);
  });

  it('goes on with the mail of several at which each address stopped', async () => {
    const finding = findingOf({ undo: Array.from({ length: 5 }, (_, index) => `command ${index} ${'x'.repeat(990)}`) });
    const message = messageOf({ findings: Array.from({ length: 15 }, () => finding) });
    const ids = encode(message, '', 'd.example').map(({ messageId }) => messageId.replace(/<(.*)@.*/, '$1'));
    expect(ids.length).toBeGreaterThan(1);
    let asked = 0;
    const { got, deliver } = await smtp((address) => (address.startsWith('b@') && asked++ < 1 ? '451 greylisted' : '250 ok'));
    const { status, rest } = await deliver(message);
    expect(status).toBe('retry');
    expect(await deliver(message, rest)).toMatchObject({ status: 'delivered' });
    const all = ['a', 'b', 'c'].flatMap((one) => ids.map((id) => `${one}@d.example ${id}`));
    expect([...got].sort()).toEqual(all.sort());
    expect(got.filter((one) => one.startsWith('b@'))).toEqual(ids.map((id) => `b@d.example ${id}`));
  });

  it.each([
    ['550 unknown', 'rejected'],
    ['450 later', 'retry'],
  ])('%s for all is %s, with nothing to go on from', async (said, status) => {
    const { got, deliver } = await smtp(() => said);
    const receipt = await deliver(messageOf());
    expect(receipt).toEqual({ status, detail: expect.stringContaining(said) });
    expect(got).toEqual([]);
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
