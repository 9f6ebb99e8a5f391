import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { collect } from '../../src/collect/collect.ts';
import type { CollectContext, Exporter, Resource } from '../../src/model.ts';
import { realSurroundings } from '../../src/surroundings.ts';

const resource = (id: string, kind = 't.thing'): Resource => ({ ref: { scope: 't/here', kind, id }, config: { id } });

function exporterOf(run: (context: CollectContext) => AsyncIterable<Resource>): Exporter {
  return {
    name: 't',
    summary: 'test',
    options: z.unknown(),
    scopes: { root: 't', depth: 2 },
    kinds: { 't.thing': { format: 'json', title: 'thing' }, 't.other': { format: 'json', title: 'other' } },
    collect: run,
  };
}

const deps = (signal = new AbortController().signal) => ({ surroundings: realSurroundings(), signal, progress: () => undefined });

describe('collect', () => {
  it('gathers what was yielded, vouched for and found behind the scopes', async () => {
    const snapshot = await collect(
      exporterOf(async function* (context) {
        context.identity('t/here', 'machine-1');
        yield resource('a');
        context.complete('t/here', 't.thing');
        context.gap({ scope: 't/here', kind: 't.other', reason: 'denied', detail: 'no' });
      }),
      {},
      deps(),
    );
    expect(snapshot).toMatchObject({
      exporter: 't',
      resources: [resource('a')],
      complete: [{ scope: 't/here', kind: 't.thing' }],
      gaps: [{ kind: 't.other', reason: 'denied' }],
      identities: { 't/here': 'machine-1' },
    });
    expect(snapshot.startedAt <= snapshot.finishedAt).toBe(true);
  });

  it('takes a kind that nobody vouched for as a gap', async () => {
    const snapshot = await collect(
      exporterOf(async function* () {
        yield resource('a');
      }),
      {},
      deps(),
    );
    expect(snapshot.complete).toEqual([]);
    expect(snapshot.gaps).toMatchObject([{ scope: 't/here', kind: 't.thing', reason: 'invalid' }]);
  });

  it('keeps what was complete before the exporter failed, and doubts the rest', async () => {
    const snapshot = await collect(
      exporterOf(async function* (context) {
        yield resource('a');
        context.complete('t/here', 't.thing');
        yield resource('b', 't.other');
        throw new Error('broken');
      }),
      {},
      deps(),
    );
    expect(snapshot.complete).toEqual([{ scope: 't/here', kind: 't.thing' }]);
    expect(snapshot.gaps).toEqual([{ scope: 't/here', kind: 't.other', reason: 'invalid', detail: 't failed: broken' }]);
  });

  it('doubts everything when the exporter failed before it began', async () => {
    const snapshot = await collect(
      exporterOf(() => {
        throw new Error('broken');
      }),
      {},
      deps(),
    );
    expect(snapshot.gaps).toEqual([{ scope: 't', reason: 'invalid', detail: 't failed: broken' }]);
  });

  it.each(['t.thing', undefined])('lets a gap (kind %s) win over complete', async (kind) => {
    const snapshot = await collect(
      exporterOf(async function* (context) {
        yield resource('a');
        context.complete('t/here', 't.thing');
        context.gap({ scope: 't/here', reason: 'truncated', detail: 'cut', ...(kind === undefined ? {} : { kind }) });
      }),
      {},
      deps(),
    );
    expect(snapshot.complete).toEqual([]);
    expect(snapshot.gaps.length).toBe(1);
  });

  it('does not choose between two resources of one identity', async () => {
    const snapshot = await collect(
      exporterOf(async function* (context) {
        yield resource('a');
        yield { ...resource('a'), config: { id: 'another' } };
        context.complete('t/here', 't.thing');
      }),
      {},
      deps(),
    );
    expect(snapshot.complete).toEqual([]);
    expect(snapshot.gaps).toMatchObject([{ kind: 't.thing', reason: 'invalid', detail: 't yielded t.thing a twice' }]);
  });

  it('ends when it is told to stop', async () => {
    const stop = new AbortController();
    const snapshot = await collect(
      exporterOf(async function* (context) {
        yield resource('a');
        context.complete('t/here', 't.thing');
        stop.abort(new Error('shutting down'));
        for (;;) yield resource(String(Math.random()), 't.other');
      }),
      {},
      deps(stop.signal),
    );
    expect(snapshot.gaps).toMatchObject([{ kind: 't.other', reason: 'invalid', detail: 't was stopped: shutting down' }]);
  });

  it('takes what is known of a scope that is not there any more as complete, and so as deleted', async () => {
    const known = [
      { scope: 't/here', kind: 't.thing' },
      { scope: 't/gone', kind: 't.thing' },
      { scope: 't/gone', kind: 't.other' },
      { scope: 't/torn', kind: 't.thing' },
      { scope: 'u/other', kind: 't.thing' },
    ];
    const snapshot = await collect(
      exporterOf(async function* (context) {
        expect(context.known()).toEqual(known);
        context.surveyed('t', ['t/here']);
        context.gap({ scope: 't/torn', kind: 't.thing', reason: 'throttled', detail: 'half a page' });
        yield resource('a');
        context.complete('t/here', 't.thing');
      }),
      {},
      // What another exporter keeps in the same scope is none of this one's.
      { ...deps(), known: () => [...known, { scope: 't/gone', kind: 'v.thing' }] },
    );
    expect(snapshot.complete).toEqual([known[0], known[1], known[2]]);
    expect(snapshot.surveys).toEqual({ t: ['t/here'] });
  });
});
