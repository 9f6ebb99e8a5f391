/** A place that holds a trail's files, a bucket or a copy of one, and how its files are hashed without holding them. */
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
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

/** Bytes; CloudTrail's files have 50 MB at most, compressed to about a twentieth. */
const LARGEST = 8 * 1024 * 1024 * 1024;

export async function bytesOf({ body }: OpenedFile): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** SHA-256 of the uncompressed bytes, or why they cannot be unpacked. Rejects when the file cannot be read. */
export async function unpackedHash({ body }: OpenedFile): Promise<{ readonly hash: string } | { readonly broken: string }> {
  const hash = createHash('sha256');
  const gunzip = createGunzip();
  let compressed = 0;
  let unpacked = 0;
  let reading: unknown;
  const counted = async function* () {
    try {
      for await (const chunk of body) {
        compressed += chunk.byteLength;
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
  // What stands behind the end of the archive is not unpacked and would be hashed by nobody.
  if (gunzip.bytesWritten < compressed) return { broken: 'something was appended to it' };
  return { hash: hash.digest('hex') };
}
