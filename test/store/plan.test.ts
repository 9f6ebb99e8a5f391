import { describe, expect, it } from 'vitest';
import type { Gap, Kind } from '../../src/model.ts';
import { createLayout } from '../../src/store/layout.ts';
import { blobId } from '../../src/store/objects.ts';
import type { Content, Plan } from '../../src/store/plan.ts';
import { idOf, planned } from './planned.ts';

const kind: Kind = { format: 'json', title: 'thing' };
const layout = createLayout([{ name: 'aws', scopes: { root: 'aws', depth: 3 }, kinds: { 'aws.ec2.vpc': kind, 'aws.ec2.subnet': kind } }]);
const EU = 'aws/1/eu';
const bytes = (text: string) => Buffer.from(text);
const path = (id: string, of = 'aws.ec2.vpc', scope = EU) => layout.pathOf({ scope, kind: of, id });
const vpc = (id: string, text = id): Content => ({
  ref: { scope: EU, kind: 'aws.ec2.vpc', id },
  unless: (stored) => (stored === blobId(bytes(text)) ? undefined : { bytes: bytes(text), id: blobId(bytes(text)), config: text }),
});
const complete = [{ scope: EU, kind: 'aws.ec2.vpc' }];

/** The tree after a plan has been carried out. */
function apply(tree: ReadonlyMap<string, string>, plan: Plan): Map<string, string> {
  const next = new Map(tree);
  for (const gone of plan.deletes) next.delete(gone);
  for (const [to, content] of plan.writes) next.set(to, idOf(content));
  return next;
}
const run = (tree: ReadonlyMap<string, string>, contents: Content[], more: { complete?: typeof complete; gaps?: Gap[] } = {}) =>
  planned({ tree, layout, exporter: 'aws', contents, complete: more.complete ?? complete, gaps: more.gaps ?? [] });

describe('planWrites', () => {
  it('writes what was read inside a partial gap and withholds its deletions', () => {
    const tree = apply(new Map(), run(new Map(), [vpc('a'), vpc('b')]));
    const gap: Gap = { scope: EU, kind: 'aws.ec2.vpc', reason: 'denied', detail: 'b cannot be read', partial: true };
    const plan = run(tree, [vpc('a', 'changed')], { complete: [], gaps: [gap] });
    expect([...plan.writes.keys()].sort()).toEqual([path('a'), layout.coveragePath('aws', EU)]);
    expect(plan.deletes).toEqual([]);
    const whole: Gap = { scope: EU, kind: 'aws.ec2.vpc', reason: 'throttled', detail: 'half a page' };
    expect([...run(tree, [vpc('a', 'changed')], { complete: [], gaps: [gap, whole] }).writes.keys()]).toEqual([
      layout.coveragePath('aws', EU),
    ]);
  });

  it('writes what differs, deletes what a complete reading lacks, and is quiet when repeated', () => {
    const first = run(new Map(), [vpc('a'), vpc('b')]);
    expect([...first.writes.keys()].sort()).toEqual([path('a'), path('b'), layout.coveragePath('aws', EU)]);
    const tree = apply(new Map(), first);
    expect(run(tree, [vpc('b'), vpc('a')])).toMatchObject({ writes: new Map(), deletes: [] });
    const second = run(tree, [vpc('a', 'changed')]);
    expect([...second.writes]).toEqual([[path('a'), bytes('changed')]]);
    expect(second.deletes).toEqual([path('b')]);
    expect([...tree.keys()].flatMap((stored) => layout.refOf(stored) ?? [])).toEqual(
      ['a', 'b'].map((id) => ({ scope: EU, kind: 'aws.ec2.vpc', id })),
    );
  });

  it.each<Gap>([
    { scope: EU, kind: 'aws.ec2.vpc', reason: 'denied', detail: '' },
    { scope: EU, reason: 'unreachable', detail: '' },
    { scope: 'aws', reason: 'invalid', detail: '' },
  ])('touches nothing inside the gap %o but says so', (gap) => {
    const tree = apply(new Map(), run(new Map(), [vpc('a'), vpc('b')]));
    const plan = run(tree, [vpc('a', 'half')], { gaps: [gap] });
    expect(plan.deletes).toEqual([]);
    expect([...plan.writes.keys()].every((name) => name.startsWith('coverage/'))).toBe(true);
    expect(plan.writes.get(layout.coveragePath('aws', EU))?.toString()).toContain(gap.reason);
    const regained = run(apply(tree, plan), [vpc('a'), vpc('b')]);
    expect(apply(apply(tree, plan), regained)).toEqual(tree);
  });

  it('leaves other scopes, kinds and files of people alone', () => {
    const others = new Map([
      [path('x', 'aws.ec2.subnet'), '1'],
      [path('x', 'aws.ec2.vpc', 'aws/1/us'), '2'],
      ['aws/1/eu/ec2.vpc/NOTES.txt', '3'],
      ['README.md', '4'],
    ]);
    expect(run(others, []).deletes).toEqual([]);
    expect(run(others, [], { complete: [] })).toMatchObject({ deletes: [], writes: new Map() });
  });

  it('makes a gap of an id that no path can carry, and of nothing else of its kind', () => {
    const tree = apply(new Map(), run(new Map(), [vpc('a'), vpc('b')]));
    const plan = run(tree, [vpc('b', 'changed'), vpc('x'.repeat(9000))]);
    const detail = `too long for a file of the history: ${'x'.repeat(120)}… (9000 characters); all else was read`;
    expect(plan.gaps).toEqual([{ scope: EU, kind: 'aws.ec2.vpc', reason: 'invalid', partial: true, detail }]);
    expect(plan.deletes).toEqual([path('a')]);
    expect([...plan.writes.keys()]).toEqual([path('b'), layout.coveragePath('aws', EU)]);
    expect(JSON.parse(String(plan.coverage.get(layout.coveragePath('aws', EU))))).toMatchObject({
      status: 'complete',
      kinds: { 'aws.ec2.vpc': 'complete' },
      unnamed: { 'aws.ec2.vpc': [`${'x'.repeat(120)}… (9000 characters)`] },
    });
    // Where the kind is a gap anyway, absence says nothing as before.
    const gap: Gap = { scope: EU, kind: 'aws.ec2.vpc', reason: 'denied', detail: '', partial: true };
    expect(run(tree, [vpc('x'.repeat(9000))], { gaps: [gap] })).toMatchObject({ deletes: [], gaps: [gap, { reason: 'invalid' }] });
  });

  it('offers new files ahead of the commit, many in the order of their paths, and none inside a gap', () => {
    const all = Array.from({ length: 1200 }, (_, index) => vpc(`vpc-${(index * 7) % 1200}`));
    const tree = new Map([[path('vpc-3'), 'another blob']]);
    const offered: string[] = [];
    const input = { tree, layout, exporter: 'aws', contents: all, complete, gaps: [] };
    const plan = planned(input, (content) => {
      offered.push(String(content));
      return offered.length > 1000;
    });
    const expected = all.map(({ ref }) => ref.id).filter((id) => id !== 'vpc-3');
    expect(offered).toEqual(expected.sort((a, b) => (path(a) < path(b) ? -1 : 1)));
    expect(plan.writes.get(path(expected[0] ?? ''))).toEqual(bytes(expected[0] ?? ''));
    expect(plan.writes.get(path(expected[1000] ?? ''))).toBe(blobId(bytes(expected[1000] ?? '')));
    expect(plan.writes.get(path('vpc-3'))).toEqual(bytes('vpc-3'));
    expect(apply(tree, plan)).toEqual(apply(tree, run(tree, all)));
    const denied: Gap[] = [{ scope: EU, kind: 'aws.ec2.vpc', reason: 'denied', detail: '' }];
    const none = planned({ ...input, gaps: denied }, () => expect.unreachable());
    expect([...none.writes.keys()]).toEqual([layout.coveragePath('aws', EU)]);
  });

  it('gives the same tree whatever the order (R16)', () => {
    const all = Array.from({ length: 40 }, (_, index) => vpc(`vpc-${index}`));
    const expected = [...apply(new Map(), run(new Map(), all))].sort();
    let seed = 42;
    const random = () => {
      seed = (seed * 1103515245 + 12345) % 2147483648;
      return seed;
    };
    for (let round = 0; round < 200; round += 1) {
      const shuffled = all
        .map((value) => ({ value, at: random() }))
        .sort((a, b) => a.at - b.at)
        .map(({ value }) => value);
      expect([...apply(new Map(), run(new Map(), shuffled))].sort()).toEqual(expected);
    }
  });

  it('takes the coverage of a scope away that is no more, unless that is in doubt', () => {
    const tree = apply(new Map(), run(new Map(), [vpc('a')]));
    const input = { tree, layout, exporter: 'aws', contents: [], complete, surveys: { 'aws/1': ['aws/1/us'] } };
    expect(planned({ ...input, gaps: [] })).toMatchObject({ writes: new Map(), deletes: [path('a'), layout.coveragePath('aws', EU)] });
    const doubt: Gap = { scope: EU, kind: 'aws.ec2.vpc', reason: 'suspicious', detail: 'all gone' };
    const held = planned({ ...input, gaps: [doubt] });
    expect(held.deletes).toEqual([]);
    expect([...held.writes.keys()]).toEqual([layout.coveragePath('aws', EU)]);
  });
});
