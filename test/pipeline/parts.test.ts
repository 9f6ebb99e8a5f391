/** One act, one finding: nothing is lost, nothing is told twice, and who set something aside is heard. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Change, Finding, Kind } from '../../src/model.ts';
import { withParts } from '../../src/model.ts';
import { foldParts } from '../../src/pipeline/parts.ts';

const ref = (kind: string, id = 'x') => ({ scope: 's', kind, id });
function finding(kind: string, more: Partial<Finding> = {}, id = 'x'): Finding {
  const change: Change = { type: 'modified', ref: ref(kind, id), path: `${kind}/${id}`, edits: [] };
  return {
    id: `f-${kind}-${id}`,
    commit: 'c',
    change,
    window: { from: '', to: '' },
    attribution: { status: 'unattributed', events: [], edits: {}, because: 'nobody known' },
    level: 'low',
    score: 10,
    rules: [],
    reasons: ['a guess'],
    ...more,
  };
}
const kind = (...restates: readonly ReturnType<typeof ref>[]): Kind => ({ format: 'json', title: 'thing', restates: () => restates });
const alice = {
  name: 'alice',
  type: 'User',
  arn: null,
  role: null,
  via: 'ssh' as const,
  sourceIp: null,
  userAgent: null,
  mfa: null,
};

describe('a change that restates another', () => {
  const kinds = { file: kind(), fact: kind(ref('file')), meta: kind(ref('file')), both: kind(ref('file'), ref('other')) };

  it('is told with it, at the higher level, with every reason that a rule gave', () => {
    const fact = finding('fact', { level: 'high', score: 80, rules: ['r2'], reasons: ['much'], undo: ['undo fact'] });
    const file = finding('file', { level: 'medium', score: 50, rules: ['r1'], reasons: ['some'] });
    const [only, ...others] = foldParts([fact, finding('meta'), file], kinds);
    expect(others).toEqual([]);
    expect(only).toMatchObject({
      id: file.id,
      level: 'high',
      score: 80,
      rules: ['r2', 'r1'],
      reasons: ['much', 'some'],
      undo: ['undo fact'],
    });
    expect(only?.parts?.map(({ id }) => id)).toEqual([fact.id, 'f-meta-x']);
  });

  it('stands for itself where another person did it', () => {
    const by = (name: string) => ({
      status: 'attributed' as const,
      grade: 'exact' as const,
      events: [],
      edits: {},
      because: '',
      actor: { ...alice, name },
    });
    const [file, meta] = [finding('file', { attribution: by('bob') }), finding('meta', { attribution: by('alice') })];
    expect(foldParts([file, meta], kinds)).toEqual([file, meta]);
    expect(foldParts([file, finding('meta', { attribution: by('bob') })], kinds)).toHaveLength(1);
  });

  it('stands for itself where not all that it restates changed', () => {
    expect(foldParts([finding('fact')], kinds)).toHaveLength(1);
    expect(foldParts([finding('both'), finding('file')], kinds)).toHaveLength(2);
    expect(foldParts([finding('fact'), finding('file', {}, 'another')], kinds)).toHaveLength(2);
  });

  it('stands for itself where one of the two is set aside', () => {
    expect(foldParts([finding('fact'), finding('file', { ignored: 'known' })], kinds)).toHaveLength(2);
    expect(foldParts([finding('fact', { ignored: 'known' }), finding('file', { ignored: 'known' })], kinds)).toHaveLength(1);
  });

  it('names who did it where the other does not, unless two are named', () => {
    const by = (actor: typeof alice): Finding['attribution'] => ({
      status: 'attributed',
      grade: 'exact',
      actor,
      events: [],
      edits: {},
      because: '',
    });
    const [told] = foldParts([finding('fact', { attribution: by(alice) }), finding('file')], kinds);
    expect(told?.attribution).toMatchObject({ status: 'attributed', grade: 'cascade', actor: alice });
    const bob = { ...alice, name: 'bob' };
    const [unsure] = foldParts(
      [finding('fact', { attribution: by(alice) }), finding('meta', { attribution: by(bob) }), finding('file')],
      kinds,
    );
    expect(unsure?.attribution.status).toBe('unattributed');
    const [pending] = foldParts(
      [
        finding('fact', { attribution: by(alice) }),
        finding('file', { attribution: { status: 'pending', events: [], edits: {}, because: '' } }),
      ],
      kinds,
    );
    expect(pending?.attribution.status).toBe('pending');
  });
});

it('loses and doubles nothing, whatever restates what, circles too', () => {
  const names = ['a', 'b', 'c', 'd', 'e'];
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.constantFrom(...names), fc.constantFrom(...names))), fc.subarray(names), (edges, present) => {
      const kinds = Object.fromEntries(
        names.map((name) => [name, kind(...edges.filter(([from]) => from === name).map(([, to]) => ref(to)))]),
      );
      const folded = foldParts(
        present.map((name) => finding(name)),
        kinds,
      );
      expect(
        withParts(folded)
          .map(({ id }) => id)
          .sort(),
      ).toEqual(present.map((name) => `f-${name}-x`).sort());
    }),
  );
});
