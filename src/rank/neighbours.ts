/** The snapshot around a change, as the ranking asks for it. */
import type { Json, Ref } from '../model.ts';

/** Its own scope's resources, after the change; `list` also has those that are gone since. */
export interface Neighbours {
  readonly get: (ref: Ref) => Json | undefined;
  readonly list: (scope: string, kind: string) => Iterable<{ readonly ref: Ref; readonly config: Json }>;
}

/** No snapshot at hand: nothing can be asked, and nothing may be concluded from that. */
export const NO_NEIGHBOURS: Neighbours = { get: () => undefined, list: () => [] };
