import { describe, expect, it } from 'vitest';
import { type HeldState, holdSuspicious, type Previous } from '../../src/collect/suspicious.ts';
import type { Snapshot } from '../../src/model.ts';

const SCOPE = 'aws/1/eu';
const KIND = 'aws.ec2.vpc';
const ids = (count: number, from = 0) => Array.from({ length: count }, (_, index) => `vpc-${index + from}`);
const previous = (held: string[], identities: Record<string, string> = {}): Previous => ({
  ids: (scope, kind) => (scope === SCOPE && kind === KIND ? held : []),
  identities,
});
const snapshot = (present: string[], more: Partial<Snapshot> = {}): Snapshot => ({
  exporter: 'aws',
  startedAt: '2026-01-01T00:00:00Z',
  finishedAt: '2026-01-01T00:01:00Z',
  resources: present.map((id) => ({ ref: { scope: SCOPE, kind: KIND, id }, config: {} })),
  complete: [{ scope: SCOPE, kind: KIND }],
  gaps: [],
  identities: {},
  ...more,
});
const judge = (before: string[], now: string[], held: HeldState = {}) => holdSuspicious(snapshot(now), previous(before), held);

describe('holdSuspicious (R8)', () => {
  it('holds ten and half of a kind, and nothing less', () => {
    expect(judge(ids(20), ids(10)).snapshot).toMatchObject({ complete: [], gaps: [{ scope: SCOPE, kind: KIND, reason: 'suspicious' }] });
    expect(judge(ids(10), []).snapshot.gaps).toHaveLength(1);
    expect(judge(ids(9), []).snapshot.gaps).toEqual([]);
    expect(judge(ids(20), ids(11)).snapshot.gaps).toEqual([]);
    expect(judge(ids(100), ids(51)).snapshot.gaps).toEqual([]);
  });

  it('counts ids, not numbers: all replaced at once is suspicious', () => {
    expect(judge(ids(12), ids(12, 100)).snapshot.gaps).toHaveLength(1);
  });

  it('believes the same a second time, and forgets once it was not so', () => {
    const first = judge(ids(20), []);
    const second = judge(ids(20), [], first.held);
    expect(second.snapshot.complete).toHaveLength(1);
    expect(second.held).toEqual({});
    const back = judge(ids(20), ids(20), first.held);
    expect(back.held).toEqual({});
    expect(judge(ids(20), [], back.held).snapshot.gaps).toHaveLength(1);
  });

  it('holds again when other resources are gone the second time', () => {
    const first = judge(ids(40), ids(20));
    expect(judge(ids(40), ids(20, 20), first.held).snapshot.gaps).toHaveLength(1);
  });

  it('believes deletions that the audit trail names', () => {
    const all = holdSuspicious(snapshot([]), previous(ids(20)), {}, ({ kind }) => kind === KIND);
    expect(all.snapshot.complete).toHaveLength(1);
    const some = holdSuspicious(snapshot([]), previous(ids(20)), {}, ({ id }) => Number(id.slice(4)) < 5);
    expect(some.snapshot.gaps[0]?.detail).toContain('15 of 20');
  });

  it('holds a scope with another identity, keeps the known one, and believes it the second time', () => {
    const other = snapshot(ids(3), { identities: { 'aws/1': '2' } });
    const first = holdSuspicious(other, previous(ids(3), { 'aws/1': '1' }), {});
    expect(first.snapshot).toMatchObject({ complete: [], gaps: [{ scope: 'aws/1', reason: 'suspicious' }], identities: { 'aws/1': '1' } });
    const second = holdSuspicious(other, previous(ids(3), { 'aws/1': '1' }), first.held);
    expect(second.snapshot).toMatchObject({ complete: [{ scope: SCOPE }], gaps: [], identities: { 'aws/1': '2' } });
    expect(second.held).toEqual({});
  });

  it('says nothing about kinds that were not read', () => {
    const gapped = snapshot([], { complete: [], gaps: [{ scope: SCOPE, kind: KIND, reason: 'denied', detail: '' }] });
    expect(holdSuspicious(gapped, previous(ids(20)), {}).snapshot.gaps).toHaveLength(1);
  });
});
