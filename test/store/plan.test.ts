import { describe, expect, it } from 'vitest';
import type { Gap, Kind } from '../../src/model.ts';
import { createLayout } from '../../src/store/layout.ts';
import { blobId } from '../../src/store/objects.ts';
import { type Content, planWrites } from '../../src/store/plan.ts';

const kind: Kind = { format: 'json', title: 'thing' };
const layout = createLayout([{ name: 'aws', scopes: { root: 'aws', depth: 3 }, kinds: { 'aws.ec2.vpc': kind, 'aws.ec2.subnet': kind } }]);
const EU = 'aws/1/eu';
const bytes = (text: string) => Buffer.from(text);
const path = (id: string, of = 'aws.ec2.vpc', scope = EU) => layout.pathOf({ scope, kind: of, id });
const vpc = (id: string, text = id): Content => ({
  ref: { scope: EU, kind: 'aws.ec2.vpc', id },
  unless: (stored) => (stored === blobId(bytes(text)) ? undefined : { bytes: bytes(text), config: text }),
});
const complete = [{ scope: EU, kind: 'aws.ec2.vpc' }];

/** The tree after a plan has been carried out. */
function apply(tree: ReadonlyMap<string, string>, plan: ReturnType<typeof planWrites>): Map<string, string> {
  const next = new Map(tree);
  for (const gone of plan.deletes) next.delete(gone);
  for (const [to, content] of plan.writes) next.set(to, blobId(content));
  return next;
}
const run = (tree: ReadonlyMap<string, string>, contents: Content[], more: { complete?: typeof complete; gaps?: Gap[] } = {}) =>
  planWrites({ tree, layout, exporter: 'aws', contents, complete: more.complete ?? complete, gaps: more.gaps ?? [] });

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

  it('makes a gap of a kind with an id that no path can carry', () => {
    const tree = apply(new Map(), run(new Map(), [vpc('a'), vpc('b')]));
    const plan = run(tree, [vpc('b', 'changed'), vpc('x'.repeat(9000))]);
    expect(plan.gaps).toMatchObject([{ scope: EU, kind: 'aws.ec2.vpc', reason: 'invalid' }]);
    expect(plan.deletes).toEqual([]);
    expect([...plan.writes.keys()]).toEqual([layout.coveragePath('aws', EU)]);
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
});
