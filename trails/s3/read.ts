/** Reads a trail's bucket place by place (account and region), file by file, only what is new. */
import type { AuditEvent, Json, TrailContext } from 'drifttrail';
import pLimit from 'p-limit';
import { type Fault, faultOf } from '../../exporters/_aws/errors.ts';
import { isUnwanted, parseRecord } from '../_cloudtrail/parse.ts';
import { recordsOf } from '../_cloudtrail/records.ts';
import { siftRecords } from '../_cloudtrail/sift.ts';
import { unpacked } from '../_cloudtrail/unpack.ts';
import type { Bucket } from './bucket.ts';
import { dayFolders, firstKey, mayHold, type Place, rootOf } from './layout.ts';
import { isNew, type Mark, nextMark, readMark, settledBefore } from './mark.ts';

export interface Layout {
  readonly bucket: string;
  readonly prefix?: string | undefined;
  readonly organization?: string | undefined;
  readonly accounts?: readonly string[] | undefined;
  readonly regions?: readonly string[] | undefined;
}

type Context = Pick<TrailContext, 'window' | 'reads' | 'mark' | 'setMark' | 'gap' | 'covered' | 'signal'>;

/** Files fetched, and places listed, at a time. */
const AHEAD = 8;

export async function* readBucket(bucket: Bucket, layout: Layout, context: Context): AsyncGenerator<AuditEvent> {
  const places = await placesOf(bucket, layout, context);
  const limit = pLimit(AHEAD);
  const listings = places.map((place) => ({ place, listing: limit(() => attempt(() => filesOf(bucket, place, context))) }));
  try {
    for (const { place, listing } of listings) {
      const { found, error } = await listing;
      context.signal.throwIfAborted();
      if (found === undefined) context.gap(gapOf(layout, 's3:ListBucket', place, error));
      else yield* readPlace(bucket, layout, place, found, context);
    }
  } finally {
    limit.clearQueue();
    await Promise.all(listings.map(({ listing }) => listing));
  }
}

/** What one account's folder refuses is a gap of that account; the others are read. */
async function placesOf(bucket: Bucket, layout: Layout, context: Context): Promise<Place[]> {
  const root = rootOf(layout);
  const below = async (prefix: string, account?: string): Promise<readonly string[] | undefined> => {
    const { found, error } = await attempt(async () => (await bucket.list(prefix, { folders: true })).folders);
    context.signal.throwIfAborted();
    if (found !== undefined) return found;
    const fault = faultOf(error, { action: 's3:ListBucket', region: `s3://${layout.bucket}/${prefix}` });
    context.gap({ ...(account === undefined ? {} : { account }), ...fault });
    return undefined;
  };
  const listed = layout.accounts ?? (await below(root));
  const accounts = (listed ?? []).filter((name) => /^\d{12}$/.test(name));
  if (listed !== undefined && accounts.length === 0) {
    context.gap({ reason: 'invalid', detail: `s3://${layout.bucket}/${root} holds no trail; check prefix and organization` });
  }
  const limit = pLimit(AHEAD);
  const found = accounts.map((account) =>
    limit(async () => {
      const under = `${root}${account}/CloudTrail/`;
      const regions = layout.regions ?? (await below(under, account)) ?? [];
      return regions.map((region): Place => ({ account, region, prefix: `${under}${region}/` }));
    }),
  );
  return (await Promise.all(found)).flat();
}

interface Found {
  readonly mark: Mark | undefined;
  readonly keys: readonly string[];
}

/** The files that may hold events of the window and have not been read. */
async function filesOf(bucket: Bucket, { account, region, prefix }: Place, context: Context): Promise<Found> {
  const { from, to } = context.window;
  const mark = readMark(context.mark(prefix));
  const since = settledBefore(mark, from);
  const keys: string[] = [];
  for (const day of dayFolders(from, to)) {
    const listed = await bucket.list(`${prefix}${day}`, { startAfter: firstKey(`${prefix}${day}`, account, region, since) });
    keys.push(...listed.keys.filter((key) => mayHold(key, from, to) && isNew(key, mark, from)));
  }
  return { mark, keys };
}

/** A file that cannot be read leaves the place with a gap, without mark and cover; what the others hold is given all the same. */
async function* readPlace(
  bucket: Bucket,
  layout: Layout,
  place: Place,
  { mark, keys }: Found,
  context: Context,
): AsyncGenerator<AuditEvent> {
  const { from, to } = context.window;
  const failures: { readonly key: string; readonly error: unknown }[] = [];
  for (let first = 0; first < keys.length; first += AHEAD) {
    const files = keys
      .slice(first, first + AHEAD)
      .map(async (key) => ({ key, ...(await attempt(async () => eventsOf(key, await bucket.get(key), context.reads))) }));
    for (const { key, found, error } of await Promise.all(files)) {
      context.signal.throwIfAborted();
      // Not cut to the window: the file counts as read, and what came late or belongs to the next window must not be lost.
      if (found === undefined) failures.push({ key, error });
      else yield* found;
    }
  }
  const [failure] = failures;
  if (failure !== undefined) {
    const { detail, ...gap } = gapOf(layout, 's3:GetObject', place, failure.error);
    context.gap({ ...gap, detail: `${failures.length} of ${keys.length} new files, the first ${failure.key}: ${detail}` });
    return;
  }
  context.setMark(place.prefix, JSON.stringify(nextMark(mark, keys, from)));
  context.covered({ account: place.account, region: place.region, from, to });
}

function gapOf(
  layout: Layout,
  action: string,
  { account, region, prefix }: Place,
  error: unknown,
): Fault & { account: string; region: string } {
  return { account, region, ...faultOf(error, { action, region: `s3://${layout.bucket}/${prefix}` }) };
}

/** Never rejects, so that nothing is left unheard while another place is read. */
async function attempt<T>(work: () => Promise<T>): Promise<{ readonly found?: T; readonly error?: unknown }> {
  try {
    return { found: await work() };
  } catch (error) {
    return { error };
  }
}

async function eventsOf(key: string, packed: Uint8Array, reads: Context['reads']): Promise<AuditEvent[]> {
  const bytes = await unpacked(Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength));
  const wanted = reads === undefined ? undefined : siftRecords(bytes, reads);
  return recordsOf(wanted ?? (JSON.parse(bytes.toString('utf8')) as Json)).flatMap((record) => {
    if (record !== undefined && isUnwanted(record, reads)) return [];
    const event = record === undefined ? undefined : parseRecord(record);
    if (event === undefined) throw new Error(`${key} holds something that is no record`);
    return [event];
  });
}
