import { describe, expect, it } from 'vitest';
import type { Snapshot } from '../../src/model.ts';
import { observe, windowOf } from '../../src/pipeline/observe.ts';
import { mergeObserved, NOTHING } from '../../src/store/observed.ts';

const at = (hour: number) => ({ startedAt: `2026-11-21T0${hour}:00:00.000Z`, finishedAt: `2026-11-21T0${hour}:01:00.000Z` });
const snapshot = (hour: number, scopes: readonly string[], gaps: Snapshot['gaps'] = []): Snapshot => ({
  exporter: 'k',
  ...at(hour),
  resources: [],
  complete: scopes.map((scope) => ({ scope, kind: 'k.thing' })),
  gaps,
  surveys: { 'k/prod': scopes },
  identities: {},
});
const ref = (scope: string) => ({ scope, kind: 'k.thing', id: 'x' });

describe('observe', () => {
  const first = observe(NOTHING, snapshot(1, ['k/prod/a', 'k/prod/b']), {});

  it('knows that a scope which is new among its siblings was empty when they were named last', () => {
    const second = observe(first, snapshot(2, ['k/prod/a', 'k/prod/b', 'k/prod/c']), {});
    expect(windowOf(ref('k/prod/c'), first, second)).toEqual({ from: at(1).startedAt, to: at(2).finishedAt });
    expect(windowOf(ref('k/prod/a'), NOTHING, first)).toBeNull();
  });

  it('takes nothing for new that was there and not read', () => {
    const unread = observe(NOTHING, { ...snapshot(1, []), surveys: { 'k/prod': ['k/prod/c'] } }, {});
    const second = observe(unread, snapshot(2, ['k/prod/c']), {});
    expect(windowOf(ref('k/prod/c'), unread, second)).toBeNull();
    const other = { ...ref('k/prod/a'), kind: 'k.other' };
    expect(windowOf(other, first, observe(first, snapshot(2, ['k/prod/a']), {}))).toBeNull();
  });

  it('forgets a scope that is gone, unless that is in doubt', () => {
    const without = observe(first, snapshot(2, ['k/prod/a']), {});
    expect(Object.keys(without.observations)).toEqual(['k/prod/a']);
    expect(windowOf(ref('k/prod/b'), first, without)).toEqual({ from: at(1).startedAt, to: at(2).finishedAt });
    const doubt = { scope: 'k/prod/b', kind: 'k.thing', reason: 'suspicious', detail: '' } as const;
    expect(Object.keys(observe(first, snapshot(2, ['k/prod/a'], [doubt]), {}).observations)).toEqual(['k/prod/a', 'k/prod/b']);
  });

  it('keeps the later of two writers\u2019 surveys', () => {
    const second = observe(NOTHING, snapshot(2, ['k/prod/a']), {});
    expect(mergeObserved(first, second).surveys).toEqual(second.surveys);
    expect(mergeObserved(second, first).surveys).toEqual(second.surveys);
  });
});
