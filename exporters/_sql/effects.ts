/** What a statement did, in the words in which the tables of statements speak. */
import type { Effect, Ref } from 'drifttrail';

export { create, implied, remove, set, unset } from '../_shared/effects.ts';

/** A place that no document has: the statement is listed beside a change of the resource, and explains no edit. */
const NAMED = '/named by a statement';
export const named = (ref: Ref, because: string): Effect => ({ ref, op: 'set', path: NAMED, cascade: because });
