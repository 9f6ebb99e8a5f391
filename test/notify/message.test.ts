import { describe, expect, it } from 'vitest';
import type { Level } from '../../src/model.ts';
import { cut, neutralise, neutraliseLine } from '../../src/notify/escape.ts';
import { composeMessage } from '../../src/notify/message.ts';
import { findingOf, PAYLOADS } from './findings.ts';

const input = { commit: 'c'.repeat(40), subject: 'aws: 7 changed', kind: 'changes' as const, link: 'drifttrail report' };

describe('composeMessage', () => {
  const findings = Array.from({ length: 7 }, (_, index) =>
    findingOf({ id: `f-${index}`, score: index * 10, level: index > 4 ? 'critical' : 'medium' }),
  );

  it('keeps the five worst, worst first, and counts the rest', () => {
    const message = composeMessage({ ...input, findings });
    expect(message?.findings.map((finding) => finding.id)).toEqual(['f-6', 'f-5', 'f-4', 'f-3', 'f-2']);
    expect(message).toMatchObject({ more: 2, title: 'CRITICAL: 7 changes' });
  });

  it('says nothing below the level of the outlet', () => {
    expect(composeMessage({ ...input, findings, from: 'critical' })?.findings).toHaveLength(2);
    expect(composeMessage({ ...input, findings: [findingOf({ level: 'low' })], from: 'high' })).toBeUndefined();
    for (const from of ['info', 'low', 'medium', 'high', 'critical'] satisfies Level[]) {
      expect(composeMessage({ ...input, findings: [findingOf({ level: 'critical' })], from })).toBeDefined();
    }
  });

  it('has one id for the same commit and findings in any order, and another for a follow-up', () => {
    const [one, other] = [composeMessage({ ...input, findings }), composeMessage({ ...input, findings: [...findings].reverse() })];
    expect(one?.id).toBe(other?.id);
    expect(composeMessage({ ...input, kind: 'follow-up', findings })?.id).not.toBe(one?.id);
  });
});

describe('neutralise', () => {
  it.each(PAYLOADS.map((payload) => [JSON.stringify(payload), payload] as const))('leaves nothing active of %s', (_name, payload) => {
    const clean = neutralise(payload);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
    expect(clean).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069]/);
    expect(clean).not.toMatch(/\p{Surrogate}/u);
    expect(neutraliseLine(payload)).not.toMatch(/[\r\n]/);
    expect(neutralise(clean)).toBe(clean);
  });

  it('leaves readable text alone', () => {
    const text = 'sg-1 “web” öffnet 443 → 0.0.0.0/0 😀\n\tnext';
    expect(neutralise(text)).toBe(text);
  });

  it('cuts by code point and visibly', () => {
    expect(cut('a😀b', 3)).toBe('a…');
    expect(cut('abc', 3)).toBe('abc');
    expect(cut('abcd', 3)).toBe('ab…');
  });
});
