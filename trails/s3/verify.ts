/** The trail's bucket as a source of digests; their signatures stand in the metadata of the objects. */
import { setMaxListeners } from 'node:events';
import type { IntegrityProblem, VerifyContext } from 'drifttrail';
import { askPublicKeys, type KeysOf, readPublicKeys } from '../_cloudtrail/digest-keys.ts';
import type { Place } from '../_cloudtrail/digest-names.ts';
import type { DigestSource } from '../_cloudtrail/digest-source.ts';
import { verifyDigests } from '../_cloudtrail/digest-verify.ts';
import { type BucketOptions, type OpenBucket, openBucket } from './bucket.ts';
import { rootOf } from './layout.ts';
import type { Layout } from './read.ts';

type Options = BucketOptions & Layout & { readonly publicKeys?: string | readonly string[] | undefined };

export async function* verifyBucket(options: Options, context: VerifyContext): AsyncGenerator<IntegrityProblem> {
  // Each request under way listens for the end; from eleven on Node would warn of a leak that is none.
  setMaxListeners(0, context.signal);
  const keysOf = await keysFor(options, context);
  const bucket = await openBucket(options, context, context.signal);
  try {
    yield* verifyDigests(bucketSource(bucket, options), keysOf, context);
  } finally {
    bucket.close();
  }
}

async function keysFor(options: Options, context: VerifyContext): Promise<KeysOf> {
  const { publicKeys, endpoint, profile, roleArn, externalId } = options;
  const { window, signal, dir } = context;
  if (publicKeys === undefined) return askPublicKeys({ window, account: { profile, roleArn, externalId }, endpoint, signal }, context);
  const keys = await readPublicKeys(publicKeys, dir);
  return () => Promise.resolve(keys);
}

export function bucketSource(bucket: Omit<OpenBucket, 'get'>, layout: Layout): DigestSource {
  const root = rootOf(layout);
  const folders = async (prefix: string) => (await bucket.list(`${root}${prefix}`, { folders: true })).folders;
  return {
    name: `s3://${layout.bucket}/${root}`,
    bucket: layout.bucket,
    live: true,
    places: async () => {
      const places: Place[] = [];
      for (const account of layout.accounts ?? (await folders('')).filter((name) => /^\d{12}$/.test(name))) {
        // Either folder alone tells that there should be the other.
        const found = await Promise.all([folders(`${account}/CloudTrail/`), folders(`${account}/CloudTrail-Digest/`)]);
        for (const region of [...new Set(layout.regions ?? found.flat())].sort()) places.push({ account, region });
      }
      return places;
    },
    list: async (folder) => (await bucket.list(`${root}${folder}`, {})).keys.map((key) => key.slice(root.length)),
    folders,
    open: async (key) => {
      const file = await bucket.open(`${root}${key}`);
      if (file === undefined) return undefined;
      const { signature } = file.metadata;
      return { body: file.body, ...(signature === undefined ? {} : { signature }) };
    },
    keyOf: (name, object) => (name === layout.bucket && object.startsWith(root) ? object.slice(root.length) : undefined),
  };
}
