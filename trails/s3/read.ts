/** Reads a trail's bucket place by place (account and region), file by file, only what is new. */
import { gunzipSync } from 'node:zlib';
import type { AuditEvent, Json, TrailContext } from 'drifttrail';
import { faultOf } from '../../exporters/_aws/errors.ts';
import { parseRecord } from '../_cloudtrail/parse.ts';
import { recordsOf } from '../_cloudtrail/records.ts';
import type { Bucket } from './bucket.ts';
import { dayFolders, mayHold, type Place, rootOf } from './layout.ts';
import { isNew, nextMark, readMark } from './mark.ts';

export interface Layout {
  readonly bucket: string;
  readonly prefix?: string | undefined;
  readonly organization?: string | undefined;
  readonly accounts?: readonly string[] | undefined;
  readonly regions?: readonly string[] | undefined;
}

type Context = Pick<TrailContext, 'window' | 'mark' | 'setMark' | 'gap' | 'covered' | 'signal'>;

/** Files fetched at a time. */
const AHEAD = 8;

export async function* readBucket(bucket: Bucket, layout: Layout, context: Context): AsyncGenerator<AuditEvent> {
  let places: Place[];
  try {
    places = await placesOf(bucket, layout);
  } catch (error) {
    context.signal.throwIfAborted();
    context.gap(faultOf(error, { action: 's3:ListBucket', region: layout.bucket }));
    return;
  }
  if (places.length === 0) {
    context.gap({ reason: 'invalid', detail: `s3://${layout.bucket}/${rootOf(layout)} holds no trail; check prefix and organization` });
  }
  for (const place of places) {
    try {
      yield* readPlace(bucket, place, context);
    } catch (error) {
      context.signal.throwIfAborted();
      const { account, region } = place;
      context.gap({ account, region, ...faultOf(error, { action: 's3:GetObject', region: `s3://${layout.bucket}/${place.prefix}` }) });
    }
  }
}

async function placesOf(bucket: Bucket, layout: Layout): Promise<Place[]> {
  const root = rootOf(layout);
  const folders = async (prefix: string) => (await bucket.list(prefix, { folders: true })).folders;
  const accounts = layout.accounts ?? (await folders(root)).filter((name) => /^\d{12}$/.test(name));
  const places: Place[] = [];
  for (const account of accounts) {
    const under = `${root}${account}/CloudTrail/`;
    for (const region of layout.regions ?? (await folders(under))) places.push({ account, region, prefix: `${under}${region}/` });
  }
  return places;
}

/** Throws on the first file that cannot be read: the place then has a gap and is read again next time. */
async function* readPlace(bucket: Bucket, { account, region, prefix }: Place, context: Context): AsyncGenerator<AuditEvent> {
  const { from, to } = context.window;
  const mark = readMark(context.mark(prefix));
  const keys: string[] = [];
  for (const day of dayFolders(from, to)) {
    const { keys: found } = await bucket.list(`${prefix}${day}`, {});
    keys.push(...found.filter((key) => mayHold(key, from, to) && isNew(key, mark, from)));
  }
  const start = Date.parse(from);
  for (let first = 0; first < keys.length; first += AHEAD) {
    const files = await Promise.all(keys.slice(first, first + AHEAD).map(async (key) => ({ key, bytes: await bucket.get(key) })));
    for (const { key, bytes } of files) {
      // Not cut at the window's end: the file counts as read, and the next window must find what it holds.
      for (const event of eventsOf(key, bytes)) if (Date.parse(event.time) >= start) yield event;
    }
  }
  context.setMark(prefix, JSON.stringify(nextMark(mark, keys, from)));
  context.covered({ account, region, from, to });
}

function eventsOf(key: string, bytes: Uint8Array): AuditEvent[] {
  const text = (bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : Buffer.from(bytes)).toString('utf8');
  return recordsOf(JSON.parse(text) as Json).map((record) => {
    const event = record === undefined ? undefined : parseRecord(record);
    if (event === undefined) throw new Error(`${key} holds something that is no record`);
    return event;
  });
}
