/** The product's stages from two snapshots to attributions, without the repository between them. */
import { createHash } from 'node:crypto';
import exporter from '../../../exporters/aws/index.ts';
import { type AttributedTransient, attribute } from '../../../src/attribute/attribute.ts';
import { diffTrees } from '../../../src/diff/diff.ts';
import type { Attribution, Change, Ref, Snapshot, Trail } from '../../../src/model.ts';
import { parse } from '../../../src/normalize/normalize.ts';
import { createLayout, type Layout } from '../../../src/store/layout.ts';
import { openEventStore } from '../../../src/trail/events.ts';
import { readTrail } from '../../../src/trail/read.ts';
import lookupEvents from '../../../trails/lookup-events/index.ts';
import type { Reader } from './account.ts';
import { type Documents, keyOf } from './documents.ts';

/** Clocks may differ by this. Milliseconds. */
const SKEW = 90_000;

export interface Sight {
  readonly snapshot: Snapshot;
  readonly documents: Documents;
}

export interface Pipeline {
  readonly pathOf: (ref: Ref) => string;
  readonly attribute: (
    before: Sight,
    after: Sight,
  ) => Promise<{ changes: readonly Change[]; attributions: readonly Attribution[]; transients: readonly AttributedTransient[] }>;
  readonly close: () => void;
}

export async function openPipeline(reader: Reader, stateDir: string): Promise<Pipeline> {
  const layout = createLayout([exporter]);
  const { pathOf } = layout;
  const store = await openEventStore(stateDir);
  const options = lookupEvents.options.parse(reader.access);
  return {
    pathOf,
    close: store.close,
    attribute: async (before, after) => {
      const changes = await diffStored(before.documents, after.documents, layout);
      const at = (iso: string, shift: number) => new Date(Date.parse(iso) + shift).toISOString();
      const window = { from: at(before.snapshot.startedAt, -SKEW), to: at(after.snapshot.finishedAt, SKEW) };
      const deps = { surroundings: reader.surroundings, signal: AbortSignal.timeout(120_000), progress: () => undefined };
      const { gaps } = await readTrail(lookupEvents as Trail, options, window, store, deps);
      const events = await store.query(window);
      const issuers = await store.issuers(events);
      const result = attribute({
        changes: changes.map((change) => ({ change, window })),
        window,
        events,
        kinds: exporter.kinds,
        base: {
          before: (ref) => before.documents.get(keyOf(ref))?.config,
          after: (ref) => after.documents.get(keyOf(ref))?.config,
          list: function* (scope, kind) {
            // Both sights of each: ids of what has gone are only in the older one.
            for (const documents of [before.documents, after.documents]) {
              for (const one of documents.values()) if (one.ref.scope === scope && one.ref.kind === kind) yield one;
            }
          },
        },
        covered: await store.covered(),
        trailGaps: gaps,
        issuedBy: (credential) => issuers.get(credential),
        now: reader.surroundings.now().toISOString(),
        pathOf,
      });
      for (const gap of gaps) process.stderr.write(`trail gap: ${gap.account ?? ''} ${gap.region ?? ''} ${gap.reason}: ${gap.detail}\n`);
      return { changes, attributions: result.changes, transients: result.transients };
    },
  };
}

/** The product's diff over the bytes that it would have stored. */
function diffStored(before: Documents, after: Documents, { pathOf, refOf, kindOf }: Layout): Promise<Change[]> {
  const blobs = new Map<string, Uint8Array>();
  const tree = (documents: Documents) =>
    new Map(
      [...documents.values()].map(({ ref, bytes }) => {
        const id = createHash('sha1').update(bytes).digest('hex');
        blobs.set(id, bytes);
        return [pathOf(ref), id] as const;
      }),
    );
  return diffTrees({ before: tree(before), after: tree(after), read: async () => blobs, refOf, kindOf, parse });
}
