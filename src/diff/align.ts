/** Alignment of two sequences in bounded time: common ends first, then unique anchors, then a small exact diff. */
import { diffArrays } from 'diff';

/** `before[start..end)` became `after[start..end)`; at least one of them is not empty. */
export interface Hunk {
  readonly beforeStart: number;
  readonly beforeEnd: number;
  readonly afterStart: number;
  readonly afterEnd: number;
}

type Range = Hunk;

/** Up to this many items on either side an exact diff is affordable whatever they hold. */
const EXACT = 1500;
/** Steps of an exact diff are items × edits: past this many edits two runs count as replaced. */
const MOST_EDITS = 400;

/** The differing runs, in order. Takes O(n log n) time: what cannot be aligned cheaply comes as one replaced run. */
export function align(before: readonly string[], after: readonly string[]): Hunk[] {
  const hunks: Hunk[] = [];
  const pending: Range[] = [{ beforeStart: 0, beforeEnd: before.length, afterStart: 0, afterEnd: after.length }];
  for (let range = pending.pop(); range !== undefined; range = pending.pop()) {
    const middle = trim(before, after, range);
    const removed = middle.beforeEnd - middle.beforeStart;
    const added = middle.afterEnd - middle.afterStart;
    if (removed === 0 && added === 0) continue;
    if (removed === 0 || added === 0) hunks.push(middle);
    else if (removed <= EXACT && added <= EXACT) hunks.push(...exact(before, after, middle));
    else {
      const between = splitAtAnchors(before, after, middle);
      if (between.length <= 1) hunks.push(middle);
      else pending.push(...between.reverse());
    }
  }
  return hunks;
}

function trim(before: readonly string[], after: readonly string[], range: Range): Range {
  let { beforeStart, beforeEnd, afterStart, afterEnd } = range;
  while (beforeStart < beforeEnd && afterStart < afterEnd && before[beforeStart] === after[afterStart]) {
    beforeStart++;
    afterStart++;
  }
  while (beforeStart < beforeEnd && afterStart < afterEnd && before[beforeEnd - 1] === after[afterEnd - 1]) {
    beforeEnd--;
    afterEnd--;
  }
  return { beforeStart, beforeEnd, afterStart, afterEnd };
}

function exact(before: readonly string[], after: readonly string[], range: Range): Hunk[] {
  const old = before.slice(range.beforeStart, range.beforeEnd);
  const now = after.slice(range.afterStart, range.afterEnd);
  const parts = diffArrays(old, now, { maxEditLength: MOST_EDITS });
  if (parts === undefined) return [range];
  const hunks: Hunk[] = [];
  let { beforeStart: oldAt, afterStart: newAt } = range;
  let [oldFrom, newFrom] = [oldAt, newAt];
  const close = () => {
    if (oldAt > oldFrom || newAt > newFrom) hunks.push({ beforeStart: oldFrom, beforeEnd: oldAt, afterStart: newFrom, afterEnd: newAt });
  };
  for (const part of parts) {
    if (part.removed) oldAt += part.count;
    else if (part.added) newAt += part.count;
    else {
      close();
      oldAt += part.count;
      newAt += part.count;
      [oldFrom, newFrom] = [oldAt, newAt];
    }
  }
  close();
  return hunks;
}

/** Cuts a range at items that both sides have exactly once and in the same order. */
function splitAtAnchors(before: readonly string[], after: readonly string[], range: Range): Range[] {
  const places = uniquePlaces(before, range.beforeStart, range.beforeEnd);
  const others = uniquePlaces(after, range.afterStart, range.afterEnd);
  const pairs: [number, number][] = [];
  for (const [item, at] of places) {
    const other = at === -1 ? undefined : others.get(item);
    if (other !== undefined && other !== -1) pairs.push([at, other]);
  }
  const ranges: Range[] = [];
  let { beforeStart, afterStart } = range;
  for (const [beforeAt, afterAt] of longestRise(pairs)) {
    if (beforeAt > beforeStart || afterAt > afterStart) ranges.push({ beforeStart, beforeEnd: beforeAt, afterStart, afterEnd: afterAt });
    beforeStart = beforeAt + 1;
    afterStart = afterAt + 1;
  }
  if (beforeStart === range.beforeStart && afterStart === range.afterStart) return [];
  ranges.push({ beforeStart, beforeEnd: range.beforeEnd, afterStart, afterEnd: range.afterEnd });
  // One remaining range is still smaller than the whole: an empty one beside it keeps it from counting as unsplit.
  if (ranges.length === 1) ranges.push({ beforeStart: range.beforeEnd, beforeEnd: range.beforeEnd, afterStart: range.afterEnd, afterEnd: range.afterEnd });
  return ranges;
}

/** Item → its one place, or -1 when it occurs more than once; in order of first occurrence. */
function uniquePlaces(items: readonly string[], start: number, end: number): Map<string, number> {
  const places = new Map<string, number>();
  for (let at = start; at < end; at++) {
    const item = items[at] as string;
    places.set(item, places.has(item) ? -1 : at);
  }
  return places;
}

/** The longest subsequence whose second numbers rise; pairs come with rising first numbers. */
function longestRise(pairs: readonly [number, number][]): [number, number][] {
  const tails: number[] = []; // index into pairs of the lowest end of a rise of each length
  const previous = new Array<number>(pairs.length).fill(-1);
  for (const [index, [, value]] of pairs.entries()) {
    let low = 0;
    let high = tails.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((pairs[tails[middle] as number] as [number, number])[1] < value) low = middle + 1;
      else high = middle;
    }
    if (low > 0) previous[index] = tails[low - 1] as number;
    tails[low] = index;
  }
  const rise: [number, number][] = [];
  for (let index = tails.at(-1) ?? -1; index !== -1; index = previous[index] as number) rise.push(pairs[index] as [number, number]);
  return rise.reverse();
}
