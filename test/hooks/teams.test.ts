import { expect, it } from 'vitest';
import { encode } from '../../hooks/teams/encode.ts';
import { findingOf, messageOf, nastiest } from '../notify/findings.ts';
import { textsOf, UNSEEN } from './context.ts';

it('is an Adaptive Card 1.2 as a workflow wants it, and says what happened, who did it and where to read on', () => {
  const { attachments, ...rest } = encode(messageOf({ more: 3, link: 'https://drift.example/f/1' }));
  expect(rest).toEqual({ type: 'message' });
  expect(attachments).toMatchObject([
    { contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content: { type: 'AdaptiveCard', version: '1.2' } },
  ]);
  const said = textsOf(attachments).join('\n');
  for (const part of ['HIGH 82', 'rtb-0a1 (private-a)', 'alice as Admin via console', 'the default route is gone', '3 more'])
    expect(said).toContain(part);
  expect(attachments[0].content.actions).toEqual([{ type: 'Action.OpenUrl', title: 'Open', url: 'https://drift.example/f/1' }]);
});

it('makes no button of a command, or of anything that is no web address', () => {
  for (const link of ['drifttrail show f-1', 'javascript:alert(1)', `https://x/${'y'.repeat(3000)}`])
    expect(encode(messageOf({ link })).attachments[0].content.actions).toBeUndefined();
});

it('keeps to 12 KB, renders no Markdown, and counts what it leaves out, with the largest and nastiest message', () => {
  const form = encode(nastiest());
  expect(Buffer.byteLength(JSON.stringify(form))).toBeLessThanOrEqual(12 * 1024);
  const { body } = form.attachments[0].content;
  for (const { type, inlines } of body) {
    expect([type, inlines[0].type]).toEqual(['RichTextBlock', 'TextRun']);
    expect(inlines[0].text).not.toMatch(UNSEEN);
    expect(inlines[0].text).not.toBe('');
  }
  const shown = body.filter(({ inlines }) => / 82 {2}/.test(inlines[0].text)).length;
  expect(body.at(-1)?.inlines[0].text).toContain(`${5 - shown + 99_999} more`);
});

it('says that something was put back, and by whom', () => {
  const undone = { by: 'f-000000000009', at: '2026-01-14T16:00:00Z', actor: 'bob' };
  const form = encode(messageOf({ kind: 'resolve', findings: [findingOf({ undone })] }));
  expect(textsOf(form)).toContain('put back at 2026-01-14T16:00:00Z by bob: f-000000000009');
});
