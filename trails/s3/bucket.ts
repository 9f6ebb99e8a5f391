/** The questions that a trail's bucket is asked, over the same client as every other of AWS. */
import { Readable } from 'node:stream';
import { isObject, type Json, type Surroundings } from 'drifttrail';
import type { AwsRequest } from '../../exporters/_aws/api.ts';
import { AnswerError, errorName } from '../../exporters/_aws/errors.ts';
import { pages } from '../../exporters/_aws/paginate.ts';
import { type AccessOptions, openAccess } from '../_cloudtrail/access.ts';

/** Requests per second; S3 allows thousands a prefix. */
const RATE = 100;

export interface Listing {
  readonly keys: readonly string[];
  /** What stands before the next `/`. */
  readonly folders: readonly string[];
}

export interface Bucket {
  /** All keys under a prefix, in order, after `startAfter`; with `folders` only the names one level below. */
  readonly list: (prefix: string, how: { readonly startAfter?: string; readonly folders?: boolean }) => Promise<Listing>;
  readonly get: (key: string) => Promise<Uint8Array>;
  readonly close: () => void;
}

export interface OpenBucket extends Bucket {
  /** The file as it comes, with what the bucket keeps beside it; undefined when there is none. */
  readonly open: (
    key: string,
  ) => Promise<{ readonly body: AsyncIterable<Uint8Array>; readonly metadata: Readonly<Record<string, string>> } | undefined>;
}

export interface BucketOptions extends AccessOptions {
  readonly bucket: string;
  readonly bucketRegion: string;
}

export async function openBucket(options: BucketOptions, surroundings: Surroundings, signal: AbortSignal): Promise<OpenBucket> {
  const { bucket: Bucket, bucketRegion: region } = options;
  const { send, close } = await openAccess(options, RATE, surroundings);
  const request = (operation: string, input: AwsRequest['input']): AwsRequest => ({ service: 's3', operation, input, region });
  return {
    list: async (prefix, { startAfter, folders }) => {
      const input = {
        Bucket,
        Prefix: prefix,
        ...(startAfter === undefined ? {} : { StartAfter: startAfter }),
        ...(folders === true ? { Delimiter: '/' } : {}),
      };
      const found: { keys: string[]; folders: string[] } = { keys: [], folders: [] };
      for await (const { contents, commonPrefixes } of pages(send, request('ListObjectsV2', input), signal)) {
        found.keys.push(...textsIn(contents, 'key'));
        found.folders.push(...textsIn(commonPrefixes, 'prefix').map((folder) => folder.slice(prefix.length, -1)));
      }
      return found;
    },
    get: async (key) => {
      const { Body } = await send(request('GetObject', { Bucket, Key: key }), signal);
      if (!isStream(Body)) throw new AnswerError('invalid', `${key} has no content`);
      return Body.transformToByteArray();
    },
    open: async (key) => {
      try {
        const { Body, Metadata } = await send(request('GetObject', { Bucket, Key: key }), signal);
        if (!isStream(Body)) throw new AnswerError('invalid', `${key} has no content`);
        const body = Body instanceof Readable ? Body : [await Body.transformToByteArray()];
        return { body: Readable.from(body), metadata: (Metadata ?? {}) as Readonly<Record<string, string>> };
      } catch (error) {
        if (errorName(error) === 'NoSuchKey') return undefined;
        throw error;
      }
    },
    close,
  };
}

/** A page without keys has no list at all. */
function textsIn(items: Json | undefined, field: string): string[] {
  if (!Array.isArray(items)) return [];
  return items.flatMap((item: Json) => (isObject(item) && typeof item[field] === 'string' ? [item[field]] : []));
}

function isStream(body: unknown): body is { transformToByteArray(): Promise<Uint8Array> } {
  return typeof (body as { transformToByteArray?: unknown } | undefined)?.transformToByteArray === 'function';
}
