/** What differs between two snapshots, leaf by leaf. */
import type { Json, Ref } from './resource.ts';

/** What a captured file is read as. */
export type Syntax = 'json' | 'yaml' | 'toml' | 'ini' | 'xml' | 'properties';

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
  /** A text that was read as data: edits then name its leaves. */
  readonly readAs?: Syntax;
  /** Read so it says what it said before: only layout, order or comments differ, and edits name lines. */
  readonly sameMeaning?: true;
  readonly before?: Json;
  readonly after?: Json;
}
