/** Manifests before and after, and the audit log between them: who is said to have made which edit. */
import type { Attribution, Change, Json, JsonObject, Ref } from 'drifttrail';
import { createKubernetesExporter } from '../../../exporters/kubernetes/index.ts';
import { kindName, scopeOf, textAt } from '../../../exporters/kubernetes/names.ts';
import { attribute } from '../../../src/attribute/attribute.ts';
import { diffTrees } from '../../../src/diff/diff.ts';
import { normalize, parse } from '../../../src/normalize/normalize.ts';
import { createRedactor } from '../../../src/normalize/redact.ts';
import { redactEvent } from '../../../src/pipeline/redact-event.ts';
import { createLayout } from '../../../src/store/layout.ts';
import { eventsOf } from '../../trails/kubernetes-audit/log.ts';

const exporter = createKubernetesExporter();
const layout = createLayout([exporter]);
const redactor = createRedactor(Buffer.alloc(32, 7));

function filesOf(objects: readonly JsonObject[]) {
  return new Map(
    objects.map((object) => {
      const version = textAt(object, 'apiVersion');
      const kind = kindName(version.includes('/') ? version.slice(0, version.indexOf('/')) : '', textAt(object, 'kind'));
      const ref: Ref = { scope: scopeOf('prod', textAt(object, 'metadata', 'namespace')), kind, id: textAt(object, 'metadata', 'name') };
      const declared = layout.kindOf(kind);
      if (declared === undefined) throw new Error(kind);
      const { bytes, config } = normalize({ ref, config: object }, declared, redactor);
      return [layout.pathOf(ref), { ref, config, text: Buffer.from(bytes).toString() }] as const;
    }),
  );
}

export interface Told {
  readonly change: Change;
  readonly attribution: Attribution;
}

export async function attributed(before: readonly JsonObject[], after: readonly JsonObject[], records: readonly Json[]) {
  const [old, now] = [filesOf(before), filesOf(after)];
  const texts = (files: typeof old) => new Map([...files].map(([path, { text }]) => [path, text]));
  const read = async (ids: readonly string[]) => new Map(ids.map((id) => [id, Buffer.from(id)]));
  const changes = await diffTrees({ before: texts(old), after: texts(now), read, refOf: layout.refOf, kindOf: layout.kindOf, parse });
  const window = { from: '2026-11-21T09:55:00.000Z', to: '2026-11-21T10:05:00.000Z' };
  const result = attribute({
    changes: changes.map((change) => ({ change, window })),
    window,
    events: (await eventsOf(...records)).map((event) => redactEvent(event, redactor)),
    kinds: exporter.kinds,
    base: {
      before: (ref) => old.get(layout.pathOf(ref))?.config,
      after: (ref) => now.get(layout.pathOf(ref))?.config,
      list: (scope, kind) => [...new Map([...old, ...now]).values()].filter(({ ref }) => ref.scope === scope && ref.kind === kind),
    },
    covered: [{ account: 'prod', region: 'audit.log', from: '2026-11-21T00:00:00.000Z', to: '2026-11-22T00:00:00.000Z' }],
    trailGaps: [],
    issuedBy: () => undefined,
    now: '2026-11-21T12:00:00.000Z',
    pathOf: layout.pathOf,
  });
  return {
    told: changes.map((change, index): Told => ({ change, attribution: result.changes[index] as Attribution })),
    transients: result.transients,
    unmapped: result.unmapped,
  };
}

/** `/spec/replicas exact`, each edit with its grade; `-` where nothing explains it. */
export function gradesOf({ change, attribution }: Told): string[] {
  return change.edits.map(({ path }) => `${path} ${attribution.edits[path]?.grade ?? '-'}`);
}
