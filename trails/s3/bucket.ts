/** The two questions that a trail's bucket is asked; loaded when the first is. */
import type { Surroundings } from 'drifttrail';

/** Milliseconds. */
const CONNECTION_TIMEOUT = 5_000;
const REQUEST_TIMEOUT = 60_000;

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

export interface BucketOptions {
  readonly bucket: string;
  readonly bucketRegion: string;
  readonly profile?: string | undefined;
  readonly roleArn?: string | undefined;
  readonly externalId?: string | undefined;
  readonly endpoint?: string | undefined;
}

export async function openBucket(options: BucketOptions, { env }: Pick<Surroundings, 'env'>, signal: AbortSignal): Promise<Bucket> {
  const [{ S3Client, ListObjectsV2Command, GetObjectCommand }, { NodeHttpHandler }] = await Promise.all([
    import('@aws-sdk/client-s3'),
    import('@smithy/node-http-handler'),
  ]);
  const endpoint = options.endpoint ?? env['AWS_ENDPOINT_URL'];
  const client = new S3Client({
    region: options.bucketRegion,
    credentials: await credentialsOf(options),
    followRegionRedirects: true,
    retryMode: 'adaptive',
    maxAttempts: 4,
    requestHandler: new NodeHttpHandler({
      connectionTimeout: CONNECTION_TIMEOUT,
      requestTimeout: REQUEST_TIMEOUT,
      throwOnRequestTimeout: true,
    }),
    ...(endpoint === undefined ? {} : { endpoint, forcePathStyle: true }),
  });
  const send = { abortSignal: signal };
  return {
    list: async (prefix, { startAfter, folders }) => {
      const found: { keys: string[]; folders: string[] } = { keys: [], folders: [] };
      let token: string | undefined;
      do {
        const page = await client.send(
          new ListObjectsV2Command({
            Bucket: options.bucket,
            Prefix: prefix,
            ...(startAfter === undefined ? {} : { StartAfter: startAfter }),
            ...(folders === true ? { Delimiter: '/' } : {}),
            ...(token === undefined ? {} : { ContinuationToken: token }),
          }),
          send,
        );
        found.keys.push(...(page.Contents ?? []).flatMap(({ Key }) => Key ?? []));
        found.folders.push(...(page.CommonPrefixes ?? []).flatMap(({ Prefix }) => Prefix?.slice(prefix.length, -1) ?? []));
        token = page.NextContinuationToken;
      } while (token !== undefined);
      return found;
    },
    get: async (key) => {
      const { Body } = await client.send(new GetObjectCommand({ Bucket: options.bucket, Key: key }), send);
      if (Body === undefined) throw new Error(`${key} is empty`);
      return Body.transformToByteArray();
    },
    close: () => client.destroy(),
  };
}

async function credentialsOf({ profile, roleArn, externalId }: BucketOptions) {
  const providers = await import('@aws-sdk/credential-providers');
  const own = profile === undefined ? providers.fromNodeProviderChain() : providers.fromIni({ profile });
  if (roleArn === undefined) return own;
  return providers.fromTemporaryCredentials({
    masterCredentials: own,
    params: { RoleArn: roleArn, RoleSessionName: 'drifttrail', ...(externalId === undefined ? {} : { ExternalId: externalId }) },
  });
}
