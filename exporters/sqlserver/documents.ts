/** From a row of the catalogue to what is kept: data as it is, modules as their own text. */
import { isObject, type Json, type JsonObject } from 'drifttrail';
import { Refused } from '../_sql/connection.ts';

type Row = JsonObject & { readonly id: string };

export interface Item {
  readonly id: string;
  readonly config: Json;
}

/** Members that are lists: on its way through the outer question a list may have become a text. */
const LISTS: ReadonlySet<string> = new Set(['roles', 'grants', 'columns', 'indexes', 'constraints', 'logins', 'steps', 'schedules']);

/** FOR JSON leaves null members out by itself. */
export function objects(rows: readonly Row[]): Item[] {
  return rows.map(({ id, ...config }) => ({ id, config: withLists(config) }));
}

function withLists(value: Json): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map(withLists);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      LISTS.has(name) && typeof member === 'string' ? withLists(listOf(name, member)) : withLists(member),
    ]),
  );
}

function listOf(name: string, text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw new Refused(`${name} in an answer is no JSON`, 'invalid');
  }
}

/** One document whose members are the rows. */
export function collection(word: string, rows: readonly Row[]): Item[] {
  return [{ id: word, config: Object.fromEntries(rows.map(({ id, ...config }) => [id, config])) }];
}

/** What a text means depends on two settings that it was made under; only what is not usual is said. */
export function modules(rows: readonly Row[]): Item[] {
  return rows.map(({ id, definition, encrypted, disabled, ansiNulls, quotedIdentifier }) => {
    if (typeof definition !== 'string' && encrypted !== 1)
      throw new Refused(`the text of ${id} is hidden from us; GRANT VIEW DEFINITION`, 'denied');
    const head = [
      ...(ansiNulls === 0 ? ['-- SET ANSI_NULLS OFF'] : []),
      ...(quotedIdentifier === 0 ? ['-- SET QUOTED_IDENTIFIER OFF'] : []),
      ...(disabled === 1 ? ['-- disabled'] : []),
    ].map((line) => `${line}\n`);
    const text =
      typeof definition === 'string' ? definition.replaceAll('\r\n', '\n') : '-- WITH ENCRYPTION: the server shows its text to nobody';
    return { id, config: `${head.join('')}${text}${text.endsWith('\n') ? '' : '\n'}` };
  });
}
