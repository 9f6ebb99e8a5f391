/** Checks all that a trail delivered in a span, place by place: its digests, the log files they list, and those that none lists. */
import type { IntegrityProblem, VerifyContext } from 'drifttrail';
import { faultOf } from '../../exporters/_aws/errors.ts';
import { type Chain, createChain, type Found } from './digest-chain.ts';
import type { KeysOf, PublicKeys } from './digest-keys.ts';
import { createLedger, MARGIN } from './digest-ledger.ts';
import { ahead, digestsOf, lastBefore } from './digest-listing.ts';
import { checkLogs, createUnread, judgeHeaps, PARALLEL, type Unread, unlisted } from './digest-logs.ts';
import { dayOf, days, type DigestName, HOUR, iso, logFolder, type Place } from './digest-names.ts';
import { bytesOf, type DigestSource } from './digest-source.ts';

type Context = Pick<VerifyContext, 'window' | 'signal' | 'gap' | 'note' | 'checked' | 'progress' | 'now'>;

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
  const all = days(from, to + HOUR);
  const names = await digestsOf(source, place, all, from);
  const hourly = names.filter(({ backfill }) => !backfill);
  const live = isLive(source, hourly, context.now());
  const unread = createUnread(place, source, context.signal, context.gap);
  const keys = names.length === 0 ? undefined : await keysFor(place, keysOf, context);
  const chains = new Map<string, Chain>();
  const chainOf = ({ trail, backfill }: DigestName): Chain => {
    const id = `${trail}${backfill ? ' backfill' : ''}`;
    const before = () => lastBefore(source, place, from, (name) => name.trail === trail && !name.backfill);
    const chain = chains.get(id) ?? createChain({ place, source, keys, from, before, note: context.note });
    chains.set(id, chain);
    return chain;
  };
  const ledger = createLedger(from, live ? (hourly.at(-1)?.end ?? to) - MARGIN : Number.POSITIVE_INFINITY);
  const follow = async function* (digests: readonly DigestName[]): AsyncGenerator<IntegrityProblem> {
    for await (const found of ahead(digests, PARALLEL, (name) => open(source, name, unread))) {
      context.signal.throwIfAborted();
      const { problems, read } = await chainOf(found.name).follow(found);
      yield* problems;
      context.checked('digests', 1);
      if (read === undefined) continue;
      if (!found.name.backfill) ledger.covered(Date.parse(read.digest.digestStartTime), Date.parse(read.digest.digestEndTime));
      yield* await checkLogs(source, place, { digest: read.digest, sound: problems.length === 0 }, ledger, unread, context);
    }
  };

  // First what was listed late: it may stand for any hour.
  yield* follow(names.filter(({ backfill }) => backfill));
  const settle = async (day: string) =>
    ledger.settle(day, await source.list(`${logFolder(place)}${day}`)).map((key) => unlisted(place, key));
  let seen = 0;
  for (const [index, day] of all.entries()) {
    const today = hourly.filter(({ key }) => dayOf(key) === day);
    yield* follow(today);
    seen += today.length;
    context.progress(`${place.account} ${place.region}: ${seen} of ${hourly.length} digests`);
    const settled = all[index - LAG];
    if (settled !== undefined) yield* await settle(settled);
  }
  for (const day of all.slice(-LAG)) yield* await settle(day);
  yield* await ended(source, place, hourly, chains, context);
  const begins = [...chains.values()].some((chain) => chain.begins());
  const silent = live ? (source.live ? Number.POSITIVE_INFINITY : SILENCE) : undefined;
  yield* judgeHeaps(place, ledger.heaps(), { begins, silent, note: context.note });
  for (const chain of chains.values()) {
    const key = chain.unproven();
    if (key !== undefined)
      context.note(`${key} is the newest of its chain: its signature comes with the next one, so it is not proven yet`);
  }
  unread.report();
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
    if (!source.live)
      context.note(`${place.account} ${place.region}: the copy's last digest ends at ${iso(end)}; later files are not looked at`);
    else if (end < now - SILENCE) problems.push({ what: 'digests-ended', ...place, from: iso(end), to: iso(now), detail: why });
  }
  return problems;
}
