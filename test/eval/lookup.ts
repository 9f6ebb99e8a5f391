/** The lookup of an event judged by itself: there is no snapshot to ask. */
import type { Lookup } from 'drifttrail';

export const NOTHING_KNOWN: Lookup = { before: () => undefined, after: () => undefined, list: () => [], resolve: () => undefined };
