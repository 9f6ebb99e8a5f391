/** Finds the digests of a place, in order, and the newest before a moment. */
import { type DigestName, digestFolder, digestName, iso, type Place } from './digest-names.ts';
import type { DigestSource } from './digest-source.ts';

/** In order of time; `from` in milliseconds. */
export async function digestsOf(source: DigestSource, place: Place, folders: readonly string[], from: number): Promise<DigestName[]> {
  const found: DigestName[] = [];
  for (const day of folders) {
    const keys = await source.list(`${digestFolder(place)}${day}`);
    found.push(...keys.flatMap((key) => digestName(key) ?? []).filter(({ end }) => end >= from));
  }
  return found.sort((a, b) => a.end - b.end || (a.key < b.key ? -1 : 1));
}

/** The end of the newest digest that the folders before a moment hold. Milliseconds. */
export async function lastBefore(
  source: DigestSource,
  place: Place,
  moment: number,
  wanted: (name: DigestName) => boolean,
): Promise<number | undefined> {
  const limit = iso(moment).slice(0, 10).replaceAll('-', '/');
  const search = async (folder: string, depth: number): Promise<number | undefined> => {
    if (depth === 3) {
      const ends = (await source.list(folder)).flatMap((key) => digestName(key) ?? []).filter((name) => wanted(name) && name.end < moment);
      return ends.length === 0 ? undefined : Math.max(...ends.map(({ end }) => end));
    }
    const base = digestFolder(place).length;
    for (const name of [...(await source.folders(folder))]
      .filter((part) => /^\d+$/.test(part))
      .sort()
      .reverse()) {
      const below = `${folder}${name}`;
      if (below.slice(base) > limit.slice(0, below.length - base)) continue;
      const found = await search(`${below}/`, depth + 1);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return search(digestFolder(place), 0);
}

/** Starts the work on the next few items while the caller is at one; results come in order. */
export async function* ahead<Item, Result>(
  items: readonly Item[],
  parallel: number,
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<Result> {
  const begun: Promise<Result>[] = [];
  for (const item of items) {
    const result = work(item);
    result.catch(() => undefined); // Awaited below, unless the caller leaves first.
    begun.push(result);
    const next = begun.length < parallel ? undefined : begun.shift();
    if (next !== undefined) yield await next;
  }
  for (const next of begun) yield await next;
}
