import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json, Kind, Resource } from '../../src/model.ts';
import { normalize, parse } from '../../src/normalize/normalize.ts';
import { createRedactor } from '../../src/normalize/redact.ts';

const redactor = createRedactor(Buffer.alloc(32, 1));
const ref = { scope: 'aws/123456789012/eu-west-1', kind: 'x.group', id: 'sg-1' };
const group: Kind = {
  format: 'json',
  title: 'group',
  sets: [
    { path: '/rules', key: ['direction', ['cidr', 'cidrIpv6']] },
    { path: '/rules/*/peers' },
    { path: '/tags', key: ['key'], value: 'value' },
    { path: '/zones' },
  ],
  volatile: [
    { path: '/lastUsed', because: 'moves with every request: 2026-01-01T00:00:00Z' },
    { path: '/rules/*/seen', because: 'a counter: 4711' },
  ],
  secret: ['/note'],
};
const bytesOf = (config: Json | Uint8Array, kind = group) => Buffer.from(normalize({ ref, config }, kind, redactor).bytes).toString();

describe('normalize', () => {
  it('keys sets, drops noise, hides secrets, sorts keys', () => {
    const config = {
      zones: ['b', 'a'],
      lastUsed: 'now',
      tags: [{ key: 'Name', value: 'x' }],
      rules: [
        { direction: 'in', cidrIpv6: '::/0', seen: 1 },
        { direction: 'in', cidr: '0.0.0.0/0', seen: 2, peers: ['z', 'y'] },
      ],
      note: 'word',
    };
    const normalized = normalize({ ref, config }, group, redactor);
    expect(normalized.config).toEqual({
      zones: ['a', 'b'],
      tags: { Name: 'x' },
      rules: {
        'in ::/0': { direction: 'in', cidrIpv6: '::/0' },
        'in 0.0.0.0/0': { direction: 'in', cidr: '0.0.0.0/0', peers: ['y', 'z'] },
      },
      note: expect.stringMatching(/^«redacted:hmac-sha256:[0-9a-f]{12}»$/),
    });
    expect(parse(normalized.bytes, group)).toEqual(normalized.config);
  });

  it('gives the same bytes for every order of keys, sets and duplicates', () => {
    const rules = [
      { direction: 'in', cidr: 'a', description: '1', seen: 5, peers: ['1', '2', '3'] },
      { direction: 'in', cidr: 'a', description: '2', seen: 1, peers: ['3'] },
      { direction: 'in', cidr: 'a', description: '2', seen: 9, peers: ['2', '4'] },
      { direction: 'in', cidr: 'a #2', description: '3', seen: 2 },
      { direction: 'out', cidr: 'b', seen: 7 },
      { direction: 'out' },
    ];
    const shuffled = <Value>(values: readonly Value[]) => fc.shuffledSubarray([...values], { minLength: values.length });
    const tags = [
      { key: 'b', value: '1' },
      { key: 'a', value: '2' },
      { key: '__proto__', value: '3' },
    ];
    const seen = new Set<string>();
    fc.assert(
      fc.property(shuffled(rules), shuffled(tags), shuffled(['x', 'y', 'z']), fc.integer(), (one, two, three, counter) => {
        const config = { rules: one.map((rule) => shuffleMembers({ ...rule, seen: counter }, counter)), tags: two, zones: three };
        seen.add(
          createHash('sha256')
            .update(bytesOf(shuffleMembers(config as Record<string, Json>, counter)))
            .digest('hex'),
        );
      }),
      { numRuns: 1000 },
    );
    expect(seen.size).toBe(1);
    const written = JSON.parse(bytesOf({ rules, tags })) as { rules: object; tags: object };
    expect(Object.keys(written.rules).sort()).toEqual(['in a', 'in a #2', 'in a #3', 'in a #4', 'out -', 'out b']);
    expect(Object.keys(written.tags)).toContain('__proto__');
  });

  it('keeps text byte for byte and does not add a newline', () => {
    const text: Kind = { format: 'text', title: 'file' };
    expect(bytesOf('a\r\nb', text)).toBe('a\r\nb');
    const bytes = Uint8Array.of(0xff, 0x0a, 0xe9);
    const normalized = normalize({ ref, config: bytes }, text, redactor);
    expect(normalized.bytes).toEqual(bytes);
    expect(normalized.config).toBe('\xff\n\xe9');
    expect(parse(normalized.bytes, text)).toBe(normalized.config);
  });

  it('knows a file by its id', () => {
    const file: Kind = { format: 'text', title: 'file' };
    const shadow: Resource = { ref: { ...ref, id: 'etc/shadow' }, config: 'joe:abcDEFabcDEFa:1:::::\n' };
    expect(Buffer.from(normalize(shadow, file, redactor).bytes).toString()).toMatch(/^joe:«redacted/);
  });

  it('writes YAML with sorted keys and reads it back', () => {
    const yaml: Kind = { format: 'yaml', title: 'object' };
    const config = { b: [1, { d: 'x', c: 'yes' }], a: 'multi\nline\n' };
    expect(bytesOf(config, yaml)).toBe('a: |\n  multi\n  line\nb:\n  - 1\n  - c: "yes"\n    d: x\n'.replace('"yes"', 'yes'));
    expect(parse(Buffer.from(bytesOf(config, yaml)), yaml)).toEqual(config);
  });

  it('applies the canonical form between sets and redaction', () => {
    const kind: Kind = { ...group, canonical: (config) => ({ wrapped: config, note: 'word' }) };
    expect(JSON.parse(bytesOf({ zones: ['b', 'a'] }, kind))).toEqual({
      wrapped: { zones: ['a', 'b'] },
      note: expect.stringContaining('redacted'),
    });
  });

  it('says what is wrong when a kind and its config do not fit', () => {
    expect(() => bytesOf(Uint8Array.of(1))).toThrow(/bytes, but its kind's format is json/);
    expect(() => bytesOf({ a: 1 }, { format: 'text', title: 'file' })).toThrow(/data, but its kind's format is text/);
    expect(() => parse(Buffer.from('{'), group)).toThrow(/stored bytes are not json/);
  });
});

function shuffleMembers(object: Readonly<Record<string, Json>>, seed: number): Record<string, Json> {
  const entries = Object.entries(object);
  const turn = Math.abs(seed) % entries.length;
  return Object.fromEntries([...entries.slice(turn), ...entries.slice(0, turn)]);
}
