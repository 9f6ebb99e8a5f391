/** Compares hosts, accounts, regions, any scopes, at any times: each resource beside its counterparts. */
import canonical from 'fast-json-stable-stringify';
import type { Deployment } from '../deployment.ts';
import { nameOf } from '../diff/diff.ts';
import { type Gap, type Json, kindNamed, type OwnToken } from '../model.ts';
import { type DifferentPlace, differenceOf, type Group } from './difference.ts';
import { type Document, isWithin, type Side } from './documents.ts';
import { learnOwn, type Own } from './own.ts';

export interface Difference {
  readonly kind: string;
  /** Own tokens written as what they stand for, where the sides' ids differ in them. */
  readonly id: string;
  /** By side, the file; absent where the side lacks the resource. */
  readonly paths: ReadonlyMap<string, string>;
  readonly places: readonly DifferentPlace[];
}

export interface Comparison {
  readonly sides: readonly Pick<Side, 'name' | 'scope' | 'time'>[];
  /** Resources held side by side. */
  readonly compared: number;
  readonly differences: readonly Difference[];
  /** Resources that differ in nothing but what is each side's own. */
  readonly factoredOut: number;
  /** Places that differ and are meant to. */
  readonly expected: number;
  /** What could not be read on a side, so that nothing is said of it. */
  readonly gaps: readonly (Gap & { readonly side: string })[];
}

export interface CompareOptions {
  readonly kinds: Deployment['kinds'];
  /** The side that all others are held against, by name; otherwise the majority. */
  readonly baseline?: string | undefined;
  /** Whether a difference is meant to be. */
  readonly isExpected?: (place: { readonly kind: string; readonly id: string; readonly path: string }) => boolean;
}

export function compareSides(sides: readonly Side[], { kinds, baseline, isExpected = () => false }: CompareOptions): Comparison {
  const named = matchNames(sides);
  const owns = learnOwn(sides.map((side, index) => tokensOf(side, named[index] ?? new Map(), kinds)));
  const byName = new Map(sides.map((side, index) => [side.name, owns[index] as Own]));
  const rows = alignRows(sides, owns, named);
  const differences: Difference[] = [];
  let [factoredOut, expected] = [0, 0];
  for (const { kind, id, below, of } of [...rows.values()].sort(byKindAndId)) {
    const raw = sides.map((side) => [side.name, of.get(side.name)?.config ?? (isUnknown(side, kind, below) ? undefined : null)] as const);
    const own = kindNamed(kinds, kind)?.own;
    const natural = own?.natural?.({ id }) ?? [];
    if (differenceOf({ configs: new Map(raw), natural: [], baseline: undefined }).length === 0) continue;
    const renamed = renameWhereDifferent(raw, owns);
    const places = differenceOf({ configs: new Map(renamed), natural, baseline });
    if (places.length === 0) factoredOut++;
    const unexpected = places.filter(({ path }) => !isExpected({ kind, id, path }));
    expected += places.length - unexpected.length;
    if (unexpected.length === 0) continue;
    const paths = new Map([...of].map(([side, document]) => [side, document.path]));
    differences.push({ kind, id, paths, places: unexpected.map((place) => inOwnWords(place, byName)) });
  }
  return {
    sides: sides.map(({ name, scope, time }) => ({ name, scope, time })),
    compared: rows.size,
    differences,
    factoredOut,
    expected,
    gaps: sides.flatMap((side) => side.gaps.map((gap) => ({ ...gap, side: side.name }))),
  };
}

interface Aligned {
  readonly kind: string;
  readonly id: string;
  /** Of the side's scope: `eu-west-1` in an account; '' for the scope itself. */
  readonly below: string;
  readonly of: Map<string, Document>;
}

function alignRows(sides: readonly Side[], owns: readonly Own[], named: readonly ReadonlyMap<Document, string>[]): Map<string, Aligned> {
  const rows = new Map<string, Aligned>();
  for (const [index, side] of sides.entries()) {
    const alike = new Map<string, Omit<Aligned, 'of'> & { readonly documents: Document[] }>();
    for (const document of side.documents) {
      const counterpart = counterpartOf(document, side, owns[index], named[index]);
      const key = `${counterpart.kind}\n${counterpart.id}`;
      const entry = alike.get(key) ?? { ...counterpart, documents: [] };
      entry.documents.push(document);
      alike.set(key, entry);
    }
    for (const [key, { kind, id, below, documents }] of alike) {
      // Two that look the same, unnamed or named alike, are held against each other in the order of what they say.
      const words = (document: Document) => canonical(owns[index]?.renameJson(document.config) ?? null);
      const ordered =
        documents.length === 1
          ? documents
          : documents
              .map((one) => ({ one, say: words(one) }))
              .sort((a, b) => (a.say < b.say ? -1 : 1))
              .map(({ one }) => one);
      for (const [number, document] of ordered.entries()) {
        const place = number === 0 ? key : `${key}\n${number + 1}`;
        const row = rows.get(place) ?? { kind, below, id: number === 0 ? id : `${id} #${number + 1}`, of: new Map<string, Document>() };
        row.of.set(side.name, document);
        rows.set(place, row);
      }
    }
  }
  return rows;
}

/** An absence is a difference only where the side was read completely. */
function isUnknown({ gaps, scope }: Side, kind: string, below: string): boolean {
  const place = below === '' ? scope : `${scope}/${below}`;
  return gaps.some((gap) => (gap.kind === undefined || gap.kind === kind) && (isWithin(place, gap.scope) || isWithin(gap.scope, place)));
}

/** Texts and lines that all sides have are nobody's own, whatever words they use. */
function renameWhereDifferent(raw: readonly (readonly [string, Json | undefined])[], owns: readonly Own[]): [string, Json | undefined][] {
  const texts = raw.flatMap(([, config]) => (typeof config === 'string' ? [config] : []));
  if (texts.length < raw.filter(([, config]) => config !== null && config !== undefined).length) {
    return raw.map(([side, config], index) => [side, config === undefined ? undefined : (owns[index]?.renameJson(config) ?? config)]);
  }
  const lines = texts.map((text) => new Set(text.split('\n')));
  const shared = (line: string) => lines.every((others) => others.has(line));
  return raw.map(([side, config], index) => {
    if (typeof config !== 'string') return [side, config];
    const rename = owns[index]?.rename ?? ((text: string) => text);
    return [
      side,
      config
        .split('\n')
        .map((line) => (shared(line) ? line : rename(line)))
        .join('\n'),
    ];
  });
}

/** Each side's value as it stands there; of a group whose members say it in words of their own, what they have in common. */
function inOwnWords({ path, values, groups, standard }: DifferentPlace, owns: ReadonlyMap<string, Own>): DifferentPlace {
  const own = new Map([...values].map(([side, value]) => [side, owns.get(side)?.original(value) ?? value]));
  const told = (group: Group): Group => {
    const [first = group.value, ...others] = group.sides.map((side) => own.get(side) ?? null);
    return others.every((other) => canonical(other) === canonical(first)) ? { ...group, value: first } : group;
  };
  return { path, values: own, groups: groups.map(told), ...(standard === undefined ? {} : { standard: told(standard) }) };
}

/** What a side calls itself, and what its resources tell of it. */
function tokensOf(side: Side, names: ReadonlyMap<Document, string>, kinds: Deployment['kinds']): OwnToken[] {
  const segments = side.scope.split('/').slice(1);
  const told = side.documents.flatMap((document) => kindNamed(kinds, document.ref.kind)?.own?.tokens?.(document) ?? []);
  const ids = [...names].map(([{ ref }, name]) => ({ token: ref.id, what: `${ref.kind} ${name}` }));
  return [...segments.map((token, index) => ({ token, what: index === 0 ? 'name' : `name ${index + 1}` })), ...ids, ...told];
}

/** Resources whose ids differ from side to side but whose names do not: the same thing in another place. */
function matchNames(sides: readonly Side[]): Map<Document, string>[] {
  const ids = sides.map(({ documents }) => new Set(documents.map(({ ref }) => `${ref.kind} ${ref.id}`)));
  const isShared = ({ ref }: Document) => ids.every((set) => set.has(`${ref.kind} ${ref.id}`));
  const byName = sides.map(({ documents }) => {
    const found = new Map<string, Document | undefined>();
    for (const document of documents) {
      const name = isShared(document) ? undefined : nameOf(document.ref, document.config);
      if (name === undefined) continue;
      const key = `${document.ref.kind} ${name}`;
      found.set(key, found.has(key) ? undefined : document); // a name that two have names neither
    }
    return found;
  });
  return byName.map(
    (own) =>
      new Map(
        [...own].flatMap(([key, document]) => {
          const elsewhere = byName.some((other) => other !== own && other.get(key) !== undefined);
          return document !== undefined && elsewhere ? [[document, key.slice(key.indexOf(' ') + 1)] as const] : [];
        }),
      ),
  );
}

function counterpartOf(
  document: Document,
  side: Side,
  own: Own | undefined,
  names: ReadonlyMap<Document, string> | undefined,
): Omit<Aligned, 'of'> {
  const { kind, id, scope } = document.ref;
  const below = scope.slice(side.scope.length + 1);
  const name = names?.get(document) ?? own?.rename(id) ?? id;
  return { kind, below, id: below === '' ? name : `${below} ${name}` };
}

function byKindAndId(a: { kind: string; id: string }, b: { kind: string; id: string }): number {
  return a.kind < b.kind ? -1 : a.kind > b.kind ? 1 : a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}
