/** What a section of the answer is: rows as the collector prints them, and what becomes of them. */
import type { Gap, Json, JsonObject, Kind } from 'drifttrail';
import type { ZodType } from 'zod';

interface Item {
  readonly id: string;
  readonly name?: string;
  readonly config: Json | Uint8Array;
}

export type Problem = Pick<Gap, 'reason' | 'detail'>;

interface Read {
  readonly items: readonly Item[];
  /** Single things that could not be read: the rest counts, absence does not. */
  readonly problems?: readonly Problem[];
}

export interface Section {
  /** As collector.ps1 calls it; the kind is `windows.<word>`. */
  readonly word: string;
  readonly kind: Kind;
  /** Throws Unusable. */
  readonly read: (rows: readonly Json[]) => Read;
}

/** A row that is not what the collector prints. */
export class Unusable extends Error {}

/** Throws Unusable; nothing of the row is in its message. */
export function rowsOf<Row>(schema: ZodType<Row>, rows: readonly Json[]): Row[] {
  return rows.map((row, index) => {
    const { success, data, error } = schema.safeParse(row);
    if (success) return data;
    throw new Unusable(`row ${index + 1} is not as it should be: ${error.issues[0]?.path.join('.') ?? ''}`);
  });
}

interface Collection<Row extends JsonObject> extends Omit<Kind, 'format' | 'location' | 'collection'> {
  readonly word: string;
  readonly schema: ZodType<Row>;
  /** Names the members: fields of what `member` gives. */
  readonly key: readonly string[];
  /** The file below facts/, without its extension. */
  readonly file: string;
  /** What is kept of a row; undefined for one that is left out. */
  readonly member: (row: Row) => JsonObject | undefined;
}

/** A section that becomes one document, whose members are the rows. */
export function collection<Row extends JsonObject>({ word, schema, key, file, member, sets = [], ...kind }: Collection<Row>): Section {
  return {
    word,
    kind: {
      ...kind,
      format: 'json',
      location: { type: 'file', file: `facts/${file}.json` },
      collection: true,
      sets: [{ path: '', key }, ...sets],
    },
    read: (rows) => {
      const members = rowsOf(schema, rows).flatMap((row) => {
        const kept = member(row);
        return kept === undefined ? [] : [present(kept)];
      });
      return { items: [{ id: word, config: members }] };
    },
  };
}

/** Without what says nothing: empty texts and lists, and null. */
export function present(object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => !isEmpty(value)));
}

function isEmpty(value: Json): boolean {
  return value === null || value === '' || (Array.isArray(value) && value.length === 0);
}
