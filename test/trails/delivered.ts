/** What CloudTrail delivers to a bucket in some hours: log files, and digests signed with a key of the test's own. */
import { createHash, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';

export const BUCKET = 'trail';
export const ACCOUNT = '123456789012';
export const REGION = 'eu-west-1';
export const ROOT = 'AWSLogs/';
const HOUR = 3_600_000;

export interface Stored {
  readonly bytes: Buffer;
  readonly metadata: Readonly<Record<string, string>>;
}
export type Files = Map<string, Stored>;

export interface SigningKey {
  readonly fingerprint: string;
  readonly secret: KeyObject;
  /** DER, PKCS#1. */
  readonly der: Buffer;
}

export function newKey(): SigningKey {
  const { privateKey: secret } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const der = createPublicKey(secret).export({ type: 'pkcs1', format: 'der' });
  return { secret, der, fingerprint: createHash('md5').update(der).digest('hex') };
}

/** One key for all tests that need no other: making one takes a tenth of a second. */
let shared: SigningKey | undefined;
export function sharedKey(): SigningKey {
  shared ??= newKey();
  return shared;
}

export function publicKeyList(...keys: readonly SigningKey[]): string {
  return JSON.stringify({
    PublicKeyList: keys.map(({ fingerprint, der }) => ({
      Fingerprint: fingerprint,
      Value: der.toString('base64'),
      ValidityStartTime: '2026-01-01T00:00:00Z',
      ValidityEndTime: '2027-01-01T00:00:00Z',
    })),
  });
}

export interface Delivery {
  readonly files: Files;
  /** Keys of the digests in order, backfill left out. */
  readonly digests: string[];
  readonly logs: string[];
  /** Milliseconds; where the last digest ends. */
  end: number;
}

export interface Plan {
  /** Milliseconds; where the first digest begins. */
  readonly from: number;
  readonly hours: number;
  readonly region?: string;
  readonly trail?: string;
  readonly key?: SigningKey;
  /** Minutes of the hour at which log files come. */
  readonly minutes?: readonly number[];
  /** Continues what is there already; with `anew` as a chain of its own, from `from` on. */
  readonly into?: Delivery;
  readonly anew?: boolean;
}

export const iso = (moment: number): string => new Date(moment).toISOString().replace('.000Z', 'Z');
const stamp = (moment: number): string => iso(moment).replaceAll(/[-:]/g, '');
const day = (moment: number): string => iso(moment).slice(0, 10).replaceAll('-', '/');
export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

export function digestKey(end: number, { region = REGION, trail = 'main', suffix = '' } = {}): string {
  return `${ROOT}${ACCOUNT}/CloudTrail-Digest/${region}/${day(end)}/${ACCOUNT}_CloudTrail-Digest_${region}_${trail}_eu-west-1_${stamp(end)}${suffix}.json.gz`;
}

export function logKey(at: number, name: string, region = REGION): string {
  return `${ROOT}${ACCOUNT}/CloudTrail/${region}/${day(at)}/${ACCOUNT}_CloudTrail_${region}_${stamp(at).slice(0, 13)}Z_${name}.json.gz`;
}

export function logFile(name: string): Buffer {
  return gzipSync(JSON.stringify({ Records: [{ eventID: name, eventName: 'DescribeVpcs', eventSource: 'ec2.amazonaws.com' }] }));
}

export function deliver(plan: Plan): Delivery {
  const { from, hours, region = REGION, trail = 'main', key = sharedKey(), minutes = [2, 7, 33], into, anew = false } = plan;
  const delivery: Delivery = into ?? { files: new Map(), digests: [], logs: [], end: from };
  let previous = anew || into === undefined ? undefined : delivery.digests.at(-1);
  for (let hour = 0; hour < hours; hour += 1) {
    const [start, end] = [from + hour * HOUR, from + (hour + 1) * HOUR];
    // Every fifth hour nothing happens.
    const logs = (hour % 5 === 4 ? [] : minutes).map((minute) => {
      const at = start + minute * 60_000;
      const name = sha256(Buffer.from(`${region} ${trail} ${at}`)).slice(0, 16);
      const object = logKey(at, name, region);
      delivery.files.set(object, { bytes: logFile(name), metadata: {} });
      delivery.logs.push(object);
      return object;
    });
    const object = digestKey(end, { region, trail });
    addDigest(delivery.files, { object, start, end, previous, logs, key });
    delivery.digests.push(object);
    delivery.end = end;
    previous = object;
  }
  return delivery;
}

export interface DigestPlan {
  readonly object: string;
  readonly start: number;
  readonly end: number;
  readonly previous: string | undefined;
  readonly logs: readonly string[];
  readonly key?: SigningKey;
}

export function addDigest(files: Files, { object, start, end, previous, logs, key = sharedKey() }: DigestPlan): void {
  const before = previous === undefined ? undefined : files.get(previous);
  const digest = {
    awsAccountId: ACCOUNT,
    digestStartTime: iso(start),
    digestEndTime: iso(end),
    digestS3Bucket: BUCKET,
    digestS3Object: object,
    digestPublicKeyFingerprint: key.fingerprint,
    digestSignatureAlgorithm: 'SHA256withRSA',
    newestEventTime: logs.length === 0 ? null : iso(end - 60_000),
    oldestEventTime: logs.length === 0 ? null : iso(start),
    previousDigestS3Bucket: before === undefined ? null : BUCKET,
    previousDigestS3Object: previous ?? null,
    previousDigestHashValue: before === undefined ? null : sha256(gunzipSync(before.bytes)),
    previousDigestHashAlgorithm: before === undefined ? null : 'SHA-256',
    previousDigestSignature: before?.metadata['signature'] ?? null,
    logFiles: logs.map((log) => ({
      s3Bucket: BUCKET,
      s3Object: log,
      hashValue: sha256(gunzipSync(files.get(log)?.bytes ?? gzipSync(''))),
      hashAlgorithm: 'SHA-256',
      newestEventTime: iso(end - 60_000),
      oldestEventTime: iso(start),
    })),
  };
  files.set(object, signedFile(gzipSync(JSON.stringify(digest)), key));
}

/** The file with the signature that goes with what it says, by any key. */
export function signedFile(bytes: Buffer, key: SigningKey): Stored {
  const content = gunzipSync(bytes);
  const digest = JSON.parse(content.toString('utf8')) as Record<string, string | null>;
  const text = [
    digest['digestEndTime'],
    `${digest['digestS3Bucket']}/${digest['digestS3Object']}`,
    sha256(content),
    digest['previousDigestSignature'] ?? 'null',
  ].join('\n');
  const signature = sign('sha256', Buffer.from(text), key.secret);
  return { bytes, metadata: { signature: signature.toString('hex'), 'signature-algorithm': 'SHA256withRSA' } };
}

/** Digests and the log files they list later than their hour. */
export function addBackfill(delivery: Delivery, end: number, previous?: string): { object: string; log: string } {
  const log = logKey(end - 20 * 60_000, `backfill${stamp(end)}`);
  delivery.files.set(log, { bytes: logFile('late'), metadata: {} });
  const object = digestKey(end, { suffix: '_backfill' });
  addDigest(delivery.files, { object, start: end - HOUR, end, previous, logs: [log] });
  return { object, log };
}
