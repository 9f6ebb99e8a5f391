import { expect, it } from 'vitest';
import { encode, sizeOf } from '../../hooks/discord/encode.ts';
import { findingOf, messageOf, nastiest, PAYLOADS } from '../notify/findings.ts';
import { textsOf, UNSEEN } from './context.ts';

it('says what happened, who did it and where to read on, and mentions nobody', () => {
  const form = encode(messageOf({ more: 2 }));
  expect(form.allowed_mentions).toEqual({ parse: [] });
  const said = textsOf(form).join('\n').replaceAll('\\', '');
  for (const part of ['HIGH: 1 change', 'rtb-0a1 (private-a)', 'alice as Admin', 'the default route is gone', '2 more'])
    expect(said).toContain(part);
});

it('keeps to the limits with the largest and nastiest message, and counts what it leaves out', () => {
  const bad = nastiest();
  for (const message of [
    bad,
    { ...bad, kind: 'digest' as const, findings: Array.from({ length: 20 }, () => bad.findings[0] ?? findingOf()) },
  ]) {
    const { embeds } = encode(message);
    expect(embeds.length).toBeLessThanOrEqual(10);
    expect(embeds.reduce((sum, embed) => sum + sizeOf(embed), 0)).toBeLessThanOrEqual(6000);
    for (const { title, description } of embeds) {
      expect(title.length).toBeLessThanOrEqual(256);
      expect(description.length).toBeLessThanOrEqual(4096);
      expect(title + description).not.toMatch(UNSEEN);
    }
    expect(embeds.length).toBeGreaterThan(1);
    expect(embeds[0]?.footer?.text).toContain(`${message.findings.length - (embeds.length - 1) + 99_999} more`);
  }
});

it.each(PAYLOADS.map((payload) => [JSON.stringify(payload), payload] as const))('%s is markup for nobody', (_, payload) => {
  const { title, description } = encode(messageOf({ findings: [findingOf({ reasons: [payload] })] })).embeds[1] ?? {};
  expect(`${title} ${description}`).not.toMatch(/(?<!\\)[*_~`|>#[\]()<@:]/);
});
