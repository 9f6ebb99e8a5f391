import { describe, expect, it } from 'vitest';
import { encode as encodeMattermost } from '../../hooks/mattermost/encode.ts';
import { encode as encodeRocketChat } from '../../hooks/rocketchat/encode.ts';
import { withTitle } from '../../src/notify/template.ts';
import { findingOf, messageOf, nastiest, PAYLOADS, poisoned } from '../notify/findings.ts';
import { UNSEEN } from './context.ts';

const OUTLETS = [
  ['mattermost', (message = messageOf()) => encodeMattermost(message, {}).text, 16_383, /@(?:channel|here|all|everyone)/i],
  ['rocketchat', (message = messageOf()) => encodeRocketChat(message, {}).text, 5000, /@/],
] as const;

describe.each(OUTLETS)('%s', (_name, encode, most, mention) => {
  it('says what happened, who did it and where to read on', () => {
    for (const part of ['**`HIGH: 1 change`**', 'rtb-0a1 (private-a)', 'alice as Admin', 'the default route is gone', 'aaaaaaaaaaaa'])
      expect(encode()).toContain(part);
  });

  it('keeps to its length with the largest and nastiest message', () => {
    const text = encode(nastiest());
    expect(text.length).toBeLessThanOrEqual(most);
    expect(text).not.toMatch(UNSEEN);
    expect(text).toMatch(/\d more/);
  });

  it.each(PAYLOADS.map((payload) => [JSON.stringify(payload), payload] as const))('%s stays within code', (_payload, payload) => {
    const text = encode(
      messageOf({ title: payload, subject: payload, link: payload, findings: [findingOf({ reasons: [`x ${payload}`, '@here @all'] })] }),
    );
    expect(text).toMatch(/^\*\*`[^\n`]+`\*\*\n```\n[^`]*\n```$/);
    expect(text).not.toMatch(mention);
  });
});

it.each(OUTLETS)('%s: a title of the outlet itself calls nobody and links nowhere', (_name, encode) => {
  const finding = poisoned('@bob https://evil.example/x www.evil.example ~town :smile: bob@example.com');
  const text = encode(withTitle(messageOf({ findings: [finding] }), '{{level}} by @{{actor}}: http://{{resource}}'));
  const outside = text.replaceAll(/```[^`]*```|`[^`]*`/g, '');
  expect(outside).toBe('****\n');
  expect(text).toContain('evil.example');
});

it('posts elsewhere and under another name when told so', () => {
  expect(encodeMattermost(messageOf(), { channel: 'ops', username: 'drift' })).toMatchObject({ channel: 'ops', username: 'drift' });
  expect(encodeRocketChat(messageOf(), { channel: '#ops', alias: 'drift' })).toMatchObject({
    channel: '#ops',
    alias: 'drift',
    parseUrls: false,
  });
});
