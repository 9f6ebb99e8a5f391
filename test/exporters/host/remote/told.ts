/** Snapshots as plain data that two ways of reading a host can be compared by. */
import type { Json, Snapshot } from '../../../../src/model.ts';

/** What matters of a snapshot, in an order of its own. */
export function told({ resources, complete, gaps, identities }: Snapshot): Json {
  const texts = resources.map(({ ref, config }) => [
    `${ref.scope} ${ref.kind} ${ref.id}`,
    config instanceof Uint8Array ? Buffer.from(config).toString('latin1') : JSON.stringify(config),
  ]);
  return {
    resources: Object.fromEntries(texts.sort()),
    complete: complete.map(({ scope, kind }) => `${scope} ${kind}`).sort(),
    gaps: gaps.map(({ scope, kind, reason, detail }) => `${scope} ${kind} ${reason} ${detail}`).sort(),
    identities,
  };
}
