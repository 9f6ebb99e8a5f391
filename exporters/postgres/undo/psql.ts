/** Command lines of psql: one each, that stop at the first error and carry out a statement or all of several. */
import type { Change, JsonObject, Kind } from 'drifttrail';
import { isObject } from 'drifttrail';
import { note, quote } from '../../_shell/words.ts';
import { databaseOf, isServerScope, serverOf } from '../../_sql/scope.ts';

export type Undo = NonNullable<Kind['undo']>;

const REDACTED = '«redacted:';

/** Statements of one `-c` are one transaction. */
export function psql({ ref: { scope } }: Pick<Change, 'ref'>, sql: string): string {
  return `psql -X -v ON_ERROR_STOP=1 -d ${quote(isServerScope(scope) ? 'postgres' : databaseOf(scope))} -c ${quote(sql.trimEnd())}`;
}

/** Where the commands go is for the environment to say, as for every psql. */
export function where({ ref: { scope } }: Pick<Change, 'ref'>): string {
  return note(`on the server ${serverOf(scope)}: PGHOST, PGPORT and PGUSER, or a service file, say where that is and as whom`);
}

/** Commands with the line that says where; nothing where there are none. What holds a redacted secret is never run. */
export function commands(change: Change, sql: readonly string[], notes: readonly string[] = []): string[] {
  const clean = sql.filter((statement) => !statement.includes(REDACTED));
  const hidden = clean.length < sql.length ? [note('it holds secrets that are not kept: put those lines back by hand')] : [];
  return [
    ...(clean.length === 0 ? [] : [where(change)]),
    ...clean.map((statement) => psql(change, statement)),
    ...hidden,
    ...notes.map((text) => note(text)),
  ];
}

export const objectOf = (value: unknown): JsonObject => (isObject(value as JsonObject) ? (value as JsonObject) : {});
export const wordsOf = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);
export const said = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
