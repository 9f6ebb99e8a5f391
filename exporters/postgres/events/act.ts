/** One logged statement beside what the snapshots know. */
import { type AuditEvent, isObject, type Json, type Lookup, type Ref } from 'drifttrail';
import { type Cursor, cursorOf } from '../../_sql/cursor.ts';
import { meant, partsOf } from '../../_sql/names.ts';
import { databaseScope, serverScope } from '../../_sql/scope.ts';
import { tokenize } from '../../_sql/tokens.ts';

export interface Act {
  readonly event: AuditEvent;
  readonly lookup: Lookup;
  readonly cursor: Cursor;
  /** The scope of the database in which it was said. */
  readonly scope: string;
  readonly server: string;
  /** Schemas that names without one were looked for in; undefined where the log does not tell. */
  readonly searchPath: readonly string[] | undefined;
}

export function actOf(event: AuditEvent, lookup: Lookup): Act {
  const request = isObject(event.request) ? event.request : {};
  const text = (key: string) => (typeof request[key] === 'string' ? request[key] : '');
  // pgaudit names the object with its schema.
  const [schema] = text('object').includes('.') ? partsOf(text('object')).map(meant) : [];
  const path = schema === undefined ? request.searchPath : [schema];
  return {
    event,
    lookup,
    cursor: cursorOf(tokenize(text('statement'))),
    scope: databaseScope(event.account, text('database') || 'postgres'),
    server: serverScope(event.account),
    searchPath: Array.isArray(path) ? path.map(String) : undefined,
  };
}

export const has = ({ lookup }: Act, ref: Ref): boolean => lookup.before(ref) !== undefined || lookup.after(ref) !== undefined;
export const came = ({ lookup }: Act, ref: Ref): boolean => lookup.before(ref) === undefined && lookup.after(ref) !== undefined;
export const went = ({ lookup }: Act, ref: Ref): boolean => lookup.before(ref) !== undefined && lookup.after(ref) === undefined;

export interface Known {
  readonly ref: Ref;
  readonly config: Json;
}

/** All of a kind in a scope that either snapshot has, in the same order every time. */
export function listed({ lookup }: Act, scope: string, kind: string): Known[] {
  return [...lookup.list(scope, kind)].sort((a, b) => (a.ref.id < b.ref.id ? -1 : 1));
}
