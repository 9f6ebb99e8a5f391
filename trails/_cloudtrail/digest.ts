/** One digest file: what CloudTrail says it delivered in an hour, and what its signature is made over. */
import { createHash, type KeyObject, constants, verify } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { z } from 'zod';

// https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-validation-digest-file-structure.html
const time = z.iso.datetime();
const hash = z.string().regex(/^[0-9a-f]{64}$/, 'a SHA-256 hash has 64 hex digits');
const text = z.string().min(1);
const previous = z.object({
  previousDigestS3Bucket: text,
  previousDigestS3Object: text,
  previousDigestHashValue: hash,
  previousDigestHashAlgorithm: z.literal('SHA-256'),
  previousDigestSignature: text,
});
const none = z.object({
  previousDigestS3Bucket: z.null(),
  previousDigestS3Object: z.null(),
  previousDigestHashValue: z.null(),
  previousDigestHashAlgorithm: z.null(),
  previousDigestSignature: z.null(),
});
const document = z
  .object({
    awsAccountId: text,
    digestStartTime: time,
    digestEndTime: time,
    digestS3Bucket: text,
    digestS3Object: text,
    digestPublicKeyFingerprint: text,
    digestSignatureAlgorithm: z.literal('SHA256withRSA'),
    logFiles: z.array(z.object({ s3Bucket: text, s3Object: text, hashValue: hash, hashAlgorithm: z.literal('SHA-256') })),
  })
  .and(z.union([previous, none]));

export type Digest = z.infer<typeof document>;

export interface ReadDigest {
  readonly digest: Digest;
  /** SHA-256 of the uncompressed file. */
  readonly hash: string;
}

/** Bytes; a digest of a very busy hour has some megabytes. */
const LARGEST = 256 * 1024 * 1024;

/** The digest, or why the file is none. */
export function readDigest(compressed: Uint8Array): ReadDigest | string {
  let bytes: Buffer;
  let value: unknown;
  try {
    bytes = gunzipSync(compressed, { maxOutputLength: LARGEST });
    value = JSON.parse(bytes.toString('utf8'));
  } catch (error) {
    return `it cannot be unpacked or parsed (${error instanceof Error ? error.message : String(error)})`;
  }
  const result = document.safeParse(value);
  if (result.success) return { digest: result.data, hash: createHash('sha256').update(bytes).digest('hex') };
  const [issue] = result.error.issues;
  return `it is no digest: ${[issue?.path.join('.') ?? '', issue?.message ?? ''].filter((part) => part !== '').join(': ')}`;
}

/**
 * Whether the key made this signature (hex) over the digest.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-custom-validation.html
 */
export function isSignedBy(key: KeyObject, { digest, hash: own }: ReadDigest, signature: string): boolean {
  // Buffer.from would end silently at the first character that is no hex digit.
  if (!/^(?:[0-9a-f]{2})+$/i.test(signature)) return false;
  const lines = [digest.digestEndTime, `${digest.digestS3Bucket}/${digest.digestS3Object}`, own, digest.previousDigestSignature ?? 'null'];
  return verify('sha256', Buffer.from(lines.join('\n')), { key, padding: constants.RSA_PKCS1_PADDING }, Buffer.from(signature, 'hex'));
}
