/** What differs between two snapshots, leaf by leaf. */
import type { Json, Ref } from './resource.ts';

/** One changed leaf. `path` is a JSON pointer, '' for the whole; for text `/lines/<first line>`. Absent is null. */
export interface Edit {
  readonly path: string;
  readonly before: Json;
  readonly after: Json;
}

export interface Change {
  readonly type: 'created' | 'modified' | 'deleted';
  readonly ref: Ref;
  /** The file in the snapshots repository. */
  readonly path: string;
  readonly name?: string;
  /** For created and deleted resources of JSON: one edit with path ''. */
  readonly edits: readonly Edit[];
  readonly before?: Json;
  readonly after?: Json;
}
