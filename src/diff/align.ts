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

const NOWHERE = -1;
const MANY = -2;

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
  const pairs = uniquePairs(before, after, range);
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
  if (ranges.length === 1)
    ranges.push({ beforeStart: range.beforeEnd, beforeEnd: range.beforeEnd, afterStart: range.afterEnd, afterEnd: range.afterEnd });
  return ranges;
}

/** Places of the items that both sides have exactly once, in order of the old side. */
function uniquePairs(before: readonly string[], after: readonly string[], range: Range): [number, number][] {
  const { beforeStart, beforeEnd, afterStart, afterEnd } = range;
  const places = new Map<string, number>(); // item → its offset in the old side, or MANY
  for (let at = beforeStart; at < beforeEnd; at++) {
    const item = before[at] as string;
    places.set(item, places.has(item) ? MANY : at - beforeStart);
  }
  const partners = new Int32Array(beforeEnd - beforeStart).fill(NOWHERE);
  for (let at = afterStart; at < afterEnd; at++) {
    const offset = places.get(after[at] as string);
    if (offset !== undefined && offset !== MANY) partners[offset] = partners[offset] === NOWHERE ? at : MANY;
  }
  const pairs: [number, number][] = [];
  for (const [offset, partner] of partners.entries()) if (partner >= 0) pairs.push([beforeStart + offset, partner]);
  return pairs;
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
