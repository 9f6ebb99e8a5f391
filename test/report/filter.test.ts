import { expect, it } from 'vitest';
import type { Finding } from '../../src/model.ts';
import { filterReport } from '../../src/report/filter.ts';
import { findingOf } from '../notify/findings.ts';

const at = (id: string, scope: string, name: string): Finding => {
  const finding = findingOf({ id });
  const { change, attribution } = finding;
  if (change === undefined || attribution.actor === undefined) throw new Error('not an ordinary finding');
  return {
    ...finding,
    change: { ...change, ref: { ...change.ref, scope } },
    attribution: { ...attribution, actor: { ...attribution.actor, name, role: 'Admin', arn: `arn:aws:iam::1:user/${name}` } },
  };
};
const report = {
  findings: [at('a', 'hosts/web01', 'alice'), at('b', 'hosts/web010', 'malice'), at('c', 'aws/123456789012/eu-west-1', 'Alice')],
  gaps: [
    { scope: 'hosts/web01', reason: 'denied', detail: '' },
    { scope: 'aws/123456789012/eu-west-1', reason: 'denied', detail: '' },
  ],
  unmapped: [{ name: 'x', source: 'y', count: 1 }],
  window: { from: '2026-01-07T00:00:00Z', to: '2026-01-08T00:00:00Z' },
  generatedAt: '2026-01-08T07:00:00Z',
} as const;
const ids = (filter: Parameters<typeof filterReport>[1]) => filterReport(report, filter).findings.map(({ id }) => id);

it('names a person whole, in any case, by name, role or ARN', () => {
  expect(ids({ actor: 'alice' })).toEqual(['a', 'c']);
  expect(ids({ actor: 'ADMIN' })).toEqual(['a', 'b', 'c']);
  expect(ids({ actor: 'arn:aws:iam::1:user/malice' })).toEqual(['b']);
  expect(ids({ actor: 'lice' })).toEqual([]);
});

it('names a scope in whole words, and keeps what could not be seen of it', () => {
  expect(ids({ scope: 'hosts/web01' })).toEqual(['a']);
  expect(ids({ scope: 'hosts' })).toEqual(['a', 'b']);
  expect(filterReport(report, { scope: 'aws/123456789012' }).gaps.map(({ scope }) => scope)).toEqual(['aws/123456789012/eu-west-1']);
  expect(filterReport(report, { scope: 'hosts' }).unmapped).toEqual([]);
});

it('is the whole report when nothing is asked for', () => {
  expect(filterReport(report, {})).toEqual(report);
});
