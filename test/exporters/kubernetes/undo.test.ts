import fc from 'fast-check';
import type { Change, JsonObject } from 'drifttrail';
import { describe, expect, it } from 'vitest';
import { LISTS } from '../../../exporters/kubernetes/lists.ts';
import { patchBack } from '../../../exporters/kubernetes/undo-patch.ts';
import { undoResource } from '../../../exporters/kubernetes/undo.ts';
import { diffJson } from '../../../src/diff/json.ts';
import { keyed } from '../../../src/normalize/lists.ts';
import { applyPatch } from '../../kubernetes/patch.ts';

const KIND = 'kubernetes.apps.Deployment';
const lists = LISTS['apps.Deployment'] ?? [];
const keyedOf = (object: JsonObject) => keyed(object, { lists }) as JsonObject;
const ref = { scope: 'kubernetes/prod/shop', kind: KIND, id: 'web' };

describe('the patch that takes a change back', () => {
  const value = fc.constantFrom('1', '2', '3');
  const env = fc.uniqueArray(fc.record({ name: fc.constantFrom('A', 'B', 'C'), value }), { selector: ({ name }) => name, minLength: 1 });
  const container = fc.record({ name: fc.constantFrom('app', 'log', 'proxy'), image: value, env, args: fc.array(value, { maxLength: 3 }) });
  const deployment = fc.record({
    spec: fc.record({
      replicas: fc.integer({ min: 0, max: 3 }),
      template: fc.record({ spec: fc.record({ containers: fc.uniqueArray(container, { selector: ({ name }) => name, minLength: 1 }) }) }),
    }),
  });

  it('brings everything back, whatever came, went or changed', () => {
    fc.assert(
      fc.property(deployment, deployment, (before, after) => {
        const [old, now] = [keyedOf(before), keyedOf(after)];
        const steps = patchBack(diffJson(old, now), old, now, lists);
        const back = applyPatch(after, [...(steps ?? [])] as never, 'application/json-patch+json');
        expect(typeof back === 'string' ? back : keyedOf(back)).toEqual(old);
      }),
    );
  });
});

describe('undo', () => {
  const change = (more: Partial<Change>): Change => ({ type: 'modified', ref, path: 'p.yaml', edits: [], ...more });

  it('names the cluster and the namespace, and scales where that is all', () => {
    const edits = [{ path: '/spec/replicas', before: 3, after: 0 }];
    expect(undoResource(change({ edits, before: { spec: { replicas: 3 } }, after: { spec: { replicas: 0 } } }))).toEqual([
      'kubectl --context=prod -n shop scale deployment.apps/web --replicas=3',
    ]);
    const node = { scope: 'kubernetes/prod/_cluster', kind: 'kubernetes.core.Namespace', id: 'x' };
    expect(undoResource(change({ type: 'created', ref: node }))).toEqual([
      '# this deletes everything in the namespace',
      'kubectl --context=prod delete namespace/x',
    ]);
  });

  it('never writes a fingerprint where a secret was', () => {
    const secret = (mark: string): JsonObject => ({ kind: 'Secret', data: { a: `«redacted:hmac-sha256:${mark}»` } });
    const edits = [{ path: '/data/a', before: '«redacted:hmac-sha256:1»', after: '«redacted:hmac-sha256:2»' }];
    const types = [
      change({ edits, before: secret('1'), after: secret('2') }),
      change({ type: 'deleted', before: secret('1') }),
      change({ type: 'deleted', before: { kind: 'Secret', keys: ['a'] } }),
    ];
    for (const commands of types.map(undoResource)) expect(commands).toEqual([expect.stringMatching(/^# /)]);
  });
});
