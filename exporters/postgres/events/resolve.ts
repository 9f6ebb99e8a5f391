/** From the name in a statement to the resource: by schema where one is said or known, else by what the snapshots have of that name. */
import type { Ref } from 'drifttrail';
import type { Token } from '../../_sql/tokens.ts';
import { meant, partsOf } from '../../_sql/names.ts';
import { type Act, has, listed } from './act.ts';

export interface Found {
  readonly ref: Ref;
  /** Whether it can be no other. */
  readonly sure: boolean;
}

const PLAIN = /^[a-z_][a-z0-9_$]*$/;
const written = (name: string): string => (PLAIN.test(name) ? name : `"${name.replaceAll('"', '""')}"`);

/** A name as the snapshots write it. */
export const canonical = (name: string): string =>
  partsOf(name)
    .map((part) => written(meant(part)))
    .join('.');

const words = (id: string): string[] => partsOf(id.replace(/\((?:[^()]|\([^)]*\))*\)$/, '')).map(meant);

/** Things that have no schema: roles, schemas, servers … A name that must be quoted because it is a keyword is found as well. */
export function plain(act: Act, scope: string, kind: string, name: string): Ref {
  const wanted = meant(name);
  const known = listed(act, scope, kind).find(({ ref }) => meant(ref.id) === wanted);
  return known?.ref ?? { scope, kind, id: canonical(name) };
}

/** Things in schemas, of the first kind that has one of that name. `fits` chooses among those of one name. */
export function inSchema(act: Act, kinds: readonly string[], name: string, fits: (ref: Ref) => boolean = () => true): Found[] {
  const wanted = partsOf(name).map(meant);
  const last = wanted.at(-1);
  for (const kind of kinds) {
    const same = listed(act, act.scope, kind)
      .map(({ ref }) => ref)
      .filter((ref) => words(ref.id).at(-1) === last && fits(ref));
    const ours = wanted.length > 1 ? same.filter((ref) => words(ref.id)[0] === wanted.at(-2)) : onPath(act, same);
    if (ours.length > 0) return ours.map((ref) => ({ ref, sure: ours.length === 1 }));
  }
  // A temporary table, or something that came and went between two snapshots.
  const [kind] = kinds;
  if (kind === undefined) return [];
  const schema = wanted.length > 1 ? wanted.slice(0, -1) : [act.searchPath?.[0] ?? 'public'];
  return [{ ref: { scope: act.scope, kind, id: [...schema, last ?? ''].map(written).join('.') }, sure: true }];
}

function onPath({ searchPath }: Act, refs: readonly Ref[]): readonly Ref[] {
  for (const schema of searchPath ?? []) {
    const there = refs.filter((ref) => words(ref.id)[0] === schema);
    if (there.length > 0) return there;
  }
  return searchPath === undefined ? refs : [];
}

/** What stands on a table: `schema.table.name`. */
export function onTable(act: Act, kind: string, table: string, name: string): Found[] {
  const tables = inSchema(act, ['postgres.table', 'postgres.view', 'postgres.materialized-view'], table);
  return tables.map(({ ref, sure }) => {
    const wanted = meant(name);
    const known = listed(act, act.scope, kind).find(
      ({ ref: { id } }) => id.startsWith(`${ref.id}.`) && meant(partsOf(id).at(-1) ?? '') === wanted,
    );
    return { ref: known?.ref ?? { scope: act.scope, kind, id: `${ref.id}.${canonical(name)}` }, sure };
  });
}

const ALIASES: Readonly<Record<string, string>> = {
  int: 'integer',
  int4: 'integer',
  int8: 'bigint',
  int2: 'smallint',
  serial: 'integer',
  decimal: 'numeric',
  dec: 'numeric',
  bool: 'boolean',
  varchar: 'character varying',
  'char varying': 'character varying',
  char: 'character',
  bpchar: 'character',
  float: 'double precision',
  float8: 'double precision',
  float4: 'real',
  timestamptz: 'timestamp with time zone',
  timestamp: 'timestamp without time zone',
  timetz: 'time with time zone',
  time: 'time without time zone',
  varbit: 'bit varying',
};
const MODES = /^(in|out|inout|variadic)$/;

/** The types of the arguments of a routine, as the catalogue names them, from what stands between its parentheses. */
export function argumentTypes(group: readonly Token[]): string[] {
  const parameters: Token[][] = [[]];
  let depth = 0;
  for (const token of group) {
    if (token.text === '(') depth++;
    if (token.text === ')') depth--;
    if (token.text === ',' && depth === 0) parameters.push([]);
    else if (depth === 0 && token.text !== ')') parameters.at(-1)?.push(token);
  }
  return parameters.flatMap((tokens) => {
    const end = tokens.findIndex(({ text }) => /^(default|=|:=)$/i.test(text));
    const own = (end < 0 ? tokens : tokens.slice(0, end)).map(({ text }) => text);
    const mode = MODES.test(own[0]?.toLowerCase() ?? '') ? own.shift()?.toLowerCase() : undefined;
    if (own.length === 0 || mode === 'out') return [];
    return [own.join(' ').replaceAll(/ ?(\.|\[|\]) ?/g, '$1')];
  });
}

/** Whether a routine takes these arguments; each may have its name before it. */
export function takes(ref: Ref, types: readonly string[]): boolean {
  const inside = /\((.*)\)$/s.exec(ref.id)?.[1] ?? '';
  const own = inside === '' ? [] : inside.split(/, (?![^"]*"(?:[^"]*"[^"]*")*[^"]*$)/);
  return own.length === types.length && own.every((type, index) => sameType(type, types[index] ?? ''));
}

function sameType(catalogue: string, said: string): boolean {
  const [own, ...ways] = [catalogue.replaceAll('"', ''), said, said.replace(/^\S+ /, '')].map((text) =>
    text.toLowerCase().replaceAll('"', '').trim(),
  );
  const bare = (own ?? '').replace(/^[^.]+\./, '');
  return ways.some((way) => {
    const [, base = '', array = ''] = /^(.*?)((?:\[\])*)$/.exec(way) ?? [];
    const full = (ALIASES[base] ?? base) + array;
    return full === own || full === bare || full.replace(/^[^.]+\./, '') === bare;
  });
}

/** What is there of it in either snapshot; of a thing that nobody saw, itself. */
export function seenFirst(act: Act, found: readonly Found[]): readonly Found[] {
  const seen = found.filter(({ ref }) => has(act, ref));
  return seen.length > 0 ? seen : found;
}
