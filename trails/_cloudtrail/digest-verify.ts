/** Checks all that a trail delivered in a span, place by place: its digests, the log files they list, and those that none lists. */
import type { IntegrityProblem, VerifyContext } from 'drifttrail';
import pLimit from 'p-limit';
import { type Fault, faultOf } from '../../exporters/_aws/errors.ts';
import type { Digest } from './digest.ts';
import { type Chain, createChain, type Found } from './digest-chain.ts';
import type { KeysOf, PublicKeys } from './digest-keys.ts';
import { createLedger, type Heap, type Ledger } from './digest-ledger.ts';
import { dayOf, days, type DigestName, digestFolder, digestName, HOUR, iso, logFolder, type Place } from './digest-names.ts';
import { bytesOf, type DigestSource, unpackedHash } from './digest-source.ts';

type Context = Pick<VerifyContext, 'window' | 'signal' | 'gap' | 'note' | 'checked' | 'progress' | 'now'>;

/** Files read at a time. */
const PARALLEL = 8;
/** A digest comes every hour; one may be late. */
const SILENCE = 2 * HOUR;
/** Days that log files wait for a digest that lists them. */
const LAG = 2;

export async function* verifyDigests(source: DigestSource, keysOf: KeysOf, context: Context): AsyncGenerator<IntegrityProblem> {
  let places: readonly Place[];
  try {
    places = await source.places();
  } catch (error) {
    context.signal.throwIfAborted();
    context.gap(faultOf(error, { action: 'listing', region: source.name }));
    return;
  }
  if (places.length === 0) context.gap({ reason: 'invalid', detail: `${source.name} holds no trail; check where it is said to be` });
  for (const place of places) {
    try {
      yield* verifyPlace(source, place, keysOf, context);
    } catch (error) {
      context.signal.throwIfAborted();
      context.gap({ ...place, ...faultOf(error, { action: 'reading the trail', region: source.name }) });
    }
  }
}

async function* verifyPlace(source: DigestSource, place: Place, keysOf: KeysOf, context: Context): AsyncGenerator<IntegrityProblem> {
  const [from, to] = [Date.parse(context.window.from), Date.parse(context.window.to)];
  const days_ = days(from, to + HOUR);
  const names = await digestsOf(source, place, days_, from);
  const unread = createUnread(place, source, context);
  const keys = names.length === 0 ? undefined : await keysFor(place, keysOf, context);
  const chains = new Map<string, Chain>();
  const chainOf = ({ trail, backfill }: DigestName): Chain => {
    const id = `${trail}${backfill ? ' backfill' : ''}`;
    const before = () => lastBefore(source, place, from, (name) => name.trail === trail && !name.backfill);
    const chain = chains.get(id) ?? createChain({ place, source, keys, from, before, note: context.note });
    chains.set(id, chain);
    return chain;
  };
  const ledger = createLedger(from);
  const follow = async function* (digests: readonly DigestName[]): AsyncGenerator<IntegrityProblem> {
    for await (const found of ahead(digests, (name) => open(source, name, unread))) {
      context.signal.throwIfAborted();
      const { problems, read } = await chainOf(found.name).follow(found);
      yield* problems;
      context.checked('digests', 1);
      if (read === undefined) continue;
      if (!found.name.backfill) ledger.covered(Date.parse(read.digest.digestStartTime), Date.parse(read.digest.digestEndTime));
      yield* await checkLogs(source, place, read.digest, ledger, unread, context);
    }
  };

  // First what was listed late: it may stand for any hour.
  yield* follow(names.filter(({ backfill }) => backfill));
  const hourly = names.filter(({ backfill }) => !backfill);
  const live = isLive(source, hourly, context.now());
  const settle = async (day: string, growing: boolean) =>
    ledger.settle(day, await source.list(`${logFolder(place)}${day}`), growing).map((key) => unlisted(place, key));
  let seen = 0;
  for (const [index, day] of days_.entries()) {
    const today = hourly.filter(({ key }) => dayOf(key) === day);
    yield* follow(today);
    seen += today.length;
    context.progress(`${place.account} ${place.region}: ${seen} of ${hourly.length} digests`);
    const settled = days_[index - LAG];
    if (settled !== undefined) yield* await settle(settled, false);
  }
  for (const day of days_.slice(-LAG)) yield* await settle(day, live);
  yield* await ended(source, place, hourly, chains, context);
  yield* heapsOf(place, ledger.heaps(), chains, live, context);
  for (const chain of chains.values()) {
    const key = chain.unproven();
    if (key !== undefined)
      context.note(`${key} is the newest of its chain: its signature comes with the next one, so it is not proven yet`);
  }
  unread.report();
}

/** In order of time; `from` in milliseconds. */
async function digestsOf(source: DigestSource, place: Place, folders: readonly string[], from: number): Promise<DigestName[]> {
  const found: DigestName[] = [];
  for (const day of folders) {
    const keys = await source.list(`${digestFolder(place)}${day}`);
    found.push(...keys.flatMap((key) => digestName(key) ?? []).filter(({ end }) => end >= from));
  }
  return found.sort((a, b) => a.end - b.end || (a.key < b.key ? -1 : 1));
}

async function keysFor(place: Place, keysOf: KeysOf, context: Context): Promise<PublicKeys | undefined> {
  try {
    return await keysOf(place.region);
  } catch (error) {
    context.signal.throwIfAborted();
    const { reason, detail } = faultOf(error, { action: 'cloudtrail:ListPublicKeys', region: place.region });
    context.gap({ ...place, reason, detail: `signatures are not checked: ${detail}` });
    return undefined;
  }
}

/** The end of the newest digest that the folders before a moment hold. Milliseconds. */
async function lastBefore(
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
    for (const name of [...(await source.folders(folder))].filter((part) => /^\d+$/.test(part)).sort().reverse()) {
      const below = `${folder}${name}`;
      if (below.slice(base) > limit.slice(0, below.length - base)) continue;
      const found = await search(`${below}/`, depth + 1);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return search(digestFolder(place), 0);
}

async function open(source: DigestSource, name: DigestName, unread: Unread): Promise<Found> {
  try {
    const opened = await source.open(name.key);
    if (opened === undefined) throw new Error(`${name.key} went away while it was being read`);
    return { name, bytes: await bytesOf(opened), signature: opened.signature };
  } catch (error) {
    unread.add(error);
    return { name, bytes: undefined, signature: undefined };
  }
}

async function checkLogs(
  source: DigestSource,
  place: Place,
  digest: Digest,
  ledger: Ledger,
  unread: Unread,
  context: Context,
): Promise<IntegrityProblem[]> {
  const hours = { from: digest.digestStartTime, to: digest.digestEndTime };
  const limit = pLimit(PARALLEL);
  const found = await limit.map(digest.logFiles, async ({ s3Bucket, s3Object, hashValue }): Promise<IntegrityProblem[]> => {
    const key = source.keyOf(s3Bucket, s3Object);
    if (key === undefined) {
      unread.add(new Error(`s3://${s3Bucket}/${s3Object} stands elsewhere`));
      return [];
    }
    ledger.listed(key);
    try {
      const opened = await source.open(key);
      if (opened === undefined) return [{ what: 'log-missing', ...place, key, ...hours, detail: 'it was delivered and is gone' }];
      const result = await unpackedHash(opened);
      if ('broken' in result) return [{ what: 'log-altered', ...place, key, ...hours, detail: `it is damaged: ${result.broken}` }];
      if (result.hash === hashValue) return [];
      return [{ what: 'log-altered', ...place, key, ...hours, detail: 'its content is not what was delivered' }];
    } catch (error) {
      context.signal.throwIfAborted();
      unread.add(error);
      return [];
    }
  });
  context.checked('log files', digest.logFiles.length);
  return found.flat();
}

function unlisted(place: Place, key: string): IntegrityProblem {
  return { what: 'log-unlisted', ...place, key, detail: 'no digest of its hour lists it: it was not delivered by this trail, or its digest was altered' };
}

/** Whether the next digest is still to be expected. */
function isLive(source: DigestSource, hourly: readonly DigestName[], now: Date): boolean {
  const newest = hourly.at(-1);
  return newest !== undefined && (!source.live || newest.end >= now.getTime() - SILENCE);
}

/** Chains without a digest for too long; a place without any. */
async function ended(
  source: DigestSource,
  place: Place,
  hourly: readonly DigestName[],
  chains: ReadonlyMap<string, Chain>,
  context: Context,
): Promise<IntegrityProblem[]> {
  const now = context.now().getTime();
  const why = 'no digest since: logging or file validation was stopped, the trail was deleted, or digests were removed';
  if (hourly.length === 0) {
    const before = await lastBefore(source, place, Date.parse(context.window.from), ({ backfill }) => !backfill);
    if (before !== undefined && source.live) return [{ what: 'digests-ended', ...place, from: iso(before), to: iso(now), detail: why }];
    const detail =
      before === undefined
        ? 'log file validation is off: there are no digests, so nothing can be proven; aws cloudtrail update-trail --enable-log-file-validation'
        : `the last digest ends at ${iso(before)}; choose an earlier --since`;
    context.gap({ ...place, reason: 'invalid', detail });
    return [];
  }
  const problems: IntegrityProblem[] = [];
  for (const [id, chain] of chains) {
    const end = chain.end();
    if (id.endsWith(' backfill') || end === undefined) continue;
    if (!source.live) context.note(`${place.account} ${place.region}: the copy's last digest ends at ${iso(end)}; later files are not looked at`);
    else if (end < now - SILENCE) problems.push({ what: 'digests-ended', ...place, from: iso(end), to: iso(now), detail: why });
  }
  return problems;
}

function* heapsOf(
  place: Place,
  heaps: readonly Heap[],
  chains: ReadonlyMap<string, Chain>,
  live: boolean,
  context: Context,
): Generator<IntegrityProblem> {
  const begins = [...chains.values()].some((chain) => chain.begins());
  for (const { from, to, count, first } of heaps) {
    const files = `${count} log ${count === 1 ? 'file' : 'files'}`;
    // Before validation was turned on, and since the last digest of a chain that goes on.
    if (from === undefined && (begins || to === undefined)) {
      if (to !== undefined) context.note(`${place.account} ${place.region}: ${files} from before the first digest cannot be proven`);
      continue;
    }
    if (to === undefined && live) continue;
    yield {
      what: 'log-unlisted',
      ...place,
      key: first,
      ...(from === undefined ? {} : { from: iso(from) }),
      ...(to === undefined ? {} : { to: iso(to) }),
      detail: `${files} of hours without a digest: nothing vouches for them`,
    };
  }
}

interface Unread {
  readonly add: (error: unknown) => void;
  /** One gap for all. */
  readonly report: () => void;
}

function createUnread(place: Place, source: DigestSource, context: Context): Unread {
  let count = 0;
  let first: Fault | undefined;
  return {
    add: (error) => {
      context.signal.throwIfAborted();
      count += 1;
      first ??= faultOf(error, { action: 's3:GetObject', region: source.name });
    },
    report: () => {
      if (first !== undefined) context.gap({ ...place, reason: first.reason, detail: `${count} files could not be read: ${first.detail}` });
    },
  };
}

/** Starts the work on the next few items while the caller is at one; results come in order. */
async function* ahead<Item, Result>(items: readonly Item[], work: (item: Item) => Promise<Result>): AsyncGenerator<Result> {
  const begun: Promise<Result>[] = [];
  for (const [index] of items.entries()) {
    while (begun.length - index < PARALLEL && begun.length < items.length) {
      const item = items[begun.length];
      if (item === undefined) break;
      const result = work(item);
      result.catch(() => undefined); // Awaited below, unless the caller leaves first.
      begun.push(result);
    }
    const next = begun[index];
    if (next !== undefined) yield await next;
  }
}
