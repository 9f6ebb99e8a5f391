/** A place that holds a trail's files, a bucket or a copy of one, and how its files are hashed without holding them. */
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, gunzipSync } from 'node:zlib';
import type { Place } from './digest-names.ts';

export interface OpenedFile {
  readonly body: AsyncIterable<Uint8Array>;
  /** Hex; only a bucket keeps it beside the file. */
  readonly signature?: string;
}

/** Keys begin with the account: `123456789012/CloudTrail-Digest/eu-west-1/2026/07/01/…`. */
export interface DigestSource {
  /** For people: `s3://trail/AWSLogs/`. */
  readonly name: string;
  /** The bucket that this is; absent for a copy, which may have stood anywhere. */
  readonly bucket?: string;
  /** Files still arrive: silence up to now means something. A copy is as old as it is. */
  readonly live: boolean;
  readonly places: () => Promise<readonly Place[]>;
  /** All keys below a folder; the folder ends with a slash. */
  readonly list: (folder: string) => Promise<readonly string[]>;
  /** The names of the folders one level below. */
  readonly folders: (folder: string) => Promise<readonly string[]>;
  /** Undefined when there is no such file; rejects when it cannot be read. */
  readonly open: (key: string) => Promise<OpenedFile | undefined>;
  /** The key here of what the trail calls by its full name; undefined when it belongs elsewhere. */
  readonly keyOf: (bucket: string, object: string) => string | undefined;
}

/** Bytes; CloudTrail's files have 50 MB at most and unpack to about twenty times that. */
const LARGEST = 8 * 1024 * 1024 * 1024;
/** A small archive may unpack to a thousand times its size; deflate does no more. */
const LARGEST_SMALL = 544 * 1024 * 1024;

export async function bytesOf({ body }: OpenedFile): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Compressed bytes; what is larger is unpacked as a stream. */
const SMALL = 512 * 1024;

type Unpacked = { readonly hash: string } | { readonly broken: string };

/** SHA-256 of the uncompressed bytes, or why they cannot be unpacked. Rejects when the file cannot be read. */
export async function unpackedHash({ body }: OpenedFile): Promise<Unpacked> {
  const input = body[Symbol.asyncIterator]();
  const chunks: Uint8Array[] = [];
  let size = 0;
  while (size <= SMALL) {
    const { done, value } = await input.next();
    if (done === true) return unpackSmall(Buffer.concat(chunks));
    chunks.push(value);
    size += value.byteLength;
  }
  return unpackLarge(chunks, { [Symbol.asyncIterator]: () => input });
}

/** What stands behind the end of the archive is not unpacked and would be hashed by nobody. */
const APPENDED: Unpacked = { broken: 'something was appended to it' };

function unpackSmall(packed: Buffer): Unpacked {
  try {
    const options = { info: true, maxOutputLength: LARGEST_SMALL } as const;
    // With `info` the answer is this object, which the types do not know. https://nodejs.org/api/zlib.html#class-options
    const { buffer, engine } = gunzipSync(packed, options) as unknown as { buffer: Buffer; engine: { bytesWritten: number } };
    if (engine.bytesWritten < packed.length) return APPENDED;
    return { hash: createHash('sha256').update(buffer).digest('hex') };
  } catch (error) {
    return { broken: error instanceof Error ? error.message : String(error) };
  }
}

async function unpackLarge(begun: readonly Uint8Array[], rest: AsyncIterable<Uint8Array>): Promise<Unpacked> {
  const hash = createHash('sha256');
  const gunzip = createGunzip();
  let packed = 0;
  let unpacked = 0;
  let reading: unknown;
  const counted = async function* () {
    try {
      for (const chunk of begun) {
        packed += chunk.byteLength;
        yield chunk;
      }
      for await (const chunk of rest) {
        packed += chunk.byteLength;
        yield chunk;
      }
    } catch (error) {
      reading = error;
      throw error;
    }
  };
  try {
    await pipeline(Readable.from(counted()), gunzip, async (chunks: AsyncIterable<Buffer>) => {
      for await (const chunk of chunks) {
        unpacked += chunk.length;
        if (unpacked > LARGEST) throw new Error('it unpacks to more than a log file can hold');
        hash.update(chunk);
      }
    });
  } catch (error) {
    if (reading !== undefined) throw reading;
    return { broken: error instanceof Error ? error.message : String(error) };
  }
  return gunzip.bytesWritten < packed ? APPENDED : { hash: hash.digest('hex') };
}
