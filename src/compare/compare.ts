/** Compares hosts, accounts, regions, any scopes, at any times: each resource beside its counterparts. */
import canonical from 'fast-json-stable-stringify';
import type { Deployment } from '../deployment.ts';
import { type Gap, type Json, kindNamed } from '../model.ts';
import { alignRows, matchNames } from './align.ts';
import { renameTogether } from './alike.ts';
import { type DifferentPlace, differenceOf, type Group, outliersOf } from './difference.ts';
import { type Document, isWithin, type Side } from './documents.ts';
import { meaningsOf } from './meaning.ts';
import { learnOwn, type Own, type ToldToken } from './own.ts';
import { type Differing, withoutRestated } from './restated.ts';

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
  /** Places that only say again what differs elsewhere, such as facts that are read from a file that differs. */
  readonly restated?: number;
  /** Places that differ and are meant to. */
  readonly expected: number;
  /** Places that differ as a saved baseline says, and places of it that do not. */
  readonly accepted?: number;
  readonly settled?: number;
  /** What could not be read on a side, so that nothing is said of it. */
  readonly gaps: readonly (Gap & { readonly side: string })[];
}

/** Where something differs; `scope` is that of a side that differs there. */
export interface ExpectedPlace {
  readonly kind: string;
  readonly scope: string;
  readonly id: string;
  readonly path: string;
}

export interface CompareOptions {
  readonly kinds: Deployment['kinds'];
  /** The side that all others are held against, by name; otherwise the majority. */
  readonly baseline?: string | undefined;
  /** Whether a difference is meant to be. */
  readonly isExpected?: (place: ExpectedPlace) => boolean;
}

export function compareSides(all: readonly Side[], { kinds, baseline, isExpected = () => false }: CompareOptions): Comparison {
  const sides = all.map((side) => ({ ...side, documents: side.documents.flatMap((document) => alike(document, kinds)) }));
  const named = matchNames(sides);
  const owns = learnOwn(tokensOf(all, named, kinds));
  const byName = new Map(sides.map((side, index) => [side.name, owns[index] as Own]));
  const scopes = new Map(sides.map(({ name, scope }) => [name, scope]));
  const rows = alignRows(sides, owns, named);
  const found: (Difference & Differing)[] = [];
  let [factoredOut, expected] = [0, 0];
  for (const { kind, id, below, of } of [...rows.values()].sort(byKindAndId)) {
    const raw = sides.map(({ name }, index) => of.get(name)?.config ?? (isUnknown(sides[index] as Side, kind, below) ? undefined : null));
    if (areEqual(raw)) continue;
    const renamed = renameTogether(meaningsOf(id, raw), owns);
    const natural = kindNamed(kinds, kind)?.own?.natural?.({ id }) ?? [];
    const configs = new Map(sides.map(({ name }, index) => [name, renamed[index]]));
    const places = differenceOf({ configs, natural, baseline });
    if (places.length === 0) factoredOut++;
    const unexpected = places.filter((place) => !isMeant(place, { kind, id }, scopes, isExpected));
    expected += places.length - unexpected.length;
    if (unexpected.length === 0) continue;
    const paths = new Map([...of].map(([side, document]) => [side, document.path]));
    found.push({ kind, id, paths, configs, places: unexpected.map((place) => inOwnWords(place, byName)) });
  }
  const { left, restated } = withoutRestated(found, kinds);
  return {
    sides: sides.map(({ name, scope, time }) => ({ name, scope, time })),
    compared: rows.size,
    differences: left.map(({ configs: _, ...difference }) => difference),
    restated,
    factoredOut,
    expected,
    gaps: sides.flatMap((side) => side.gaps.map((gap) => ({ ...gap, side: side.name }))),
  };
}

/** Whether all sides that are known have the same. */
function areEqual(configs: readonly (Json | undefined)[]): boolean {
  const known = configs.flatMap((config) => (config === undefined ? [] : [typeof config === 'string' ? `"${config}` : canonical(config)]));
  return known.every((text) => text === known[0]);
}

/** What chance or the day of installing gave is written alike on all sides; what is only left over is not compared. */
function alike(document: Document, kinds: Deployment['kinds']): readonly Document[] {
  const write = kindNamed(kinds, document.ref.kind)?.own?.alike;
  if (write === undefined) return [document];
  const config = write(document);
  return config === undefined ? [] : [{ ...document, config }];
}

/** Meant to be, where every side that stands out may; without a standard one side that may is enough. */
function isMeant(
  place: DifferentPlace,
  { kind, id }: { readonly kind: string; readonly id: string },
  scopes: ReadonlyMap<string, string>,
  isExpected: (place: ExpectedPlace) => boolean,
): boolean {
  const may = (side: string) => isExpected({ kind, id, path: place.path, scope: scopes.get(side) ?? '' });
  return place.standard === undefined ? [...place.values.keys()].some(may) : outliersOf(place).every(may);
}

/** An absence is a difference only where the side was read completely. */
function isUnknown({ gaps, scope }: Side, kind: string, below: string): boolean {
  const place = below === '' ? scope : `${scope}/${below}`;
  // What no file can be written for is on no side; of the rest of its kind nothing is unknown.
  return gaps.some(
    (gap) =>
      gap.partial !== true && (gap.kind === undefined || gap.kind === kind) && (isWithin(place, gap.scope) || isWithin(gap.scope, place)),
  );
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

/** What each side calls itself, and what its resources tell of it. */
function tokensOf(sides: readonly Side[], named: readonly ReadonlyMap<Document, string>[], kinds: Deployment['kinds']): ToldToken[][] {
  const holders = new Map<string, number>();
  const idOf = ({ ref }: Document) => `${ref.kind} ${ref.id}`;
  for (const { documents } of sides) for (const document of documents) holders.set(idOf(document), (holders.get(idOf(document)) ?? 0) + 1);
  // A file that bears its host's name is another one on every side: those of a kind tell together.
  const by = (document: Document) => ((holders.get(idOf(document)) ?? 0) > 1 ? idOf(document) : document.ref.kind);
  return sides.map(({ scope, documents }, index) => {
    const segments = scope.split('/').slice(1);
    const names = [...(named[index] ?? [])].map(([{ ref }, name]) => ({ token: ref.id, what: `${ref.kind} ${name}`, by: '' }));
    const told = documents.flatMap((document) =>
      (kindNamed(kinds, document.ref.kind)?.own?.tokens?.(document) ?? []).map((token) => ({ ...token, by: by(document) })),
    );
    return [...segments.map((token, at) => ({ token, what: at === 0 ? 'name' : `name ${at + 1}`, by: '' })), ...names, ...told];
  });
}

function byKindAndId(a: { kind: string; id: string }, b: { kind: string; id: string }): number {
  return a.kind < b.kind ? -1 : a.kind > b.kind ? 1 : a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}
