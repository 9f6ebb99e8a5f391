/** The chain of one trail's digests: each is signed, stands where it was delivered, and continues the one before it. */
import type { IntegrityFault, IntegrityProblem } from 'drifttrail';
import { isSignedBy, type ReadDigest, readDigest } from './digest.ts';
import type { PublicKeys } from './digest-keys.ts';
import { TOUCHING } from './digest-ledger.ts';
import { type DigestName, digestName, HOUR, iso, type Place } from './digest-names.ts';
import { bytesOf, type DigestSource } from './digest-source.ts';

/** A digest as it was found. */
export interface Found {
  readonly name: DigestName;
  /** Undefined when it could not be read; that is no fault of the trail's. */
  readonly bytes: Uint8Array | undefined;
  /** What the bucket keeps beside it. */
  readonly signature: string | undefined;
}

interface Link {
  readonly name: DigestName;
  readonly read: ReadDigest | undefined;
  readonly signature: string | undefined;
  readonly end: number;
}

export interface Chain {
  /** The next digest by time: what is wrong with it, and the digest itself when it can be read. */
  readonly follow: (found: Found) => Promise<{ readonly problems: IntegrityProblem[]; readonly read: ReadDigest | undefined }>;
  /** Where the last digest ends, milliseconds; undefined before the first. */
  readonly end: () => number | undefined;
  /** The last digest, when nothing in the source proves it. */
  readonly unproven: () => string | undefined;
  /** Whether the first digest began the chain, rather than continued one from before the span. */
  readonly begins: () => boolean;
}

export interface ChainOptions {
  readonly place: Place;
  readonly source: DigestSource;
  /** Undefined when they could not be had: then only hashes and links are checked. */
  readonly keys: PublicKeys | undefined;
  /** Milliseconds. */
  readonly from: number;
  /** The end of the newest digest of this trail before the span, milliseconds. */
  readonly before: () => Promise<number | undefined>;
  readonly note: (text: string) => void;
}

export function createChain({ place, source, keys, from, before, note }: ChainOptions): Chain {
  let last: Link | undefined;
  let begins = false;
  const at = (what: IntegrityFault, key: string, detail: string, hours?: readonly [number, number]): IntegrityProblem => ({
    what,
    ...place,
    key,
    ...(hours === undefined ? {} : { from: iso(hours[0]), to: iso(hours[1]) }),
    detail,
  });

  /** Is it where it says, and signed by AWS? */
  const judge = ({ name: { key }, signature }: Found, read: ReadDigest): IntegrityProblem[] => {
    const { digest } = read;
    const hours = [Date.parse(digest.digestStartTime), Date.parse(digest.digestEndTime)] as const;
    const problems: IntegrityProblem[] = [];
    if (source.keyOf(digest.digestS3Bucket, digest.digestS3Object) !== key) {
      problems.push(at('digest-moved', key, `it was delivered as s3://${digest.digestS3Bucket}/${digest.digestS3Object}`, hours));
    }
    if (keys !== undefined && !keys.has(digest.digestPublicKeyFingerprint)) {
      problems.push(at('signature-invalid', key, `it names a key that is not AWS's: ${digest.digestPublicKeyFingerprint}`, hours));
    } else if (signature !== undefined) problems.push(...signedBy(key, read, signature));
    else if (source.live) problems.push(at('signature-invalid', key, 'it has lost its signature', hours));
    return problems;
  };

  const signedBy = (key: string, read: ReadDigest, signature: string): IntegrityProblem[] => {
    const publicKey = keys?.get(read.digest.digestPublicKeyFingerprint);
    if (publicKey === undefined || isSignedBy(publicKey, read, signature)) return [];
    const { digestStartTime, digestEndTime } = read.digest;
    const hours = [Date.parse(digestStartTime), Date.parse(digestEndTime)] as const;
    return [at('signature-invalid', key, 'its signature is not over these bytes: it was altered or signed by somebody else', hours)];
  };

  /** The digest before is there: is it the one that this continues? */
  const compare = (key: string, { digest }: ReadDigest, link: Link, backfill: boolean): IntegrityProblem[] => {
    const problems: IntegrityProblem[] = [];
    const start = Date.parse(digest.digestStartTime);
    if (link.read !== undefined) {
      if (link.read.hash !== digest.previousDigestHashValue)
        problems.push(at('chain-broken', link.name.key, `its bytes are not those that ${key} continues`));
      if (link.signature === undefined) problems.push(...signedBy(link.name.key, link.read, digest.previousDigestSignature ?? ''));
      else if (link.signature !== digest.previousDigestSignature)
        problems.push(at('chain-broken', link.name.key, `its signature is not the one that ${key} continues`));
      if (Math.abs(start - link.end) > TOUCHING && !backfill)
        problems.push(at('chain-broken', key, 'its hours do not begin where those before it end', [link.end, start]));
    }
    return problems;
  };

  /** What it names as the one before it is not what was read before it. */
  const search = async (key: string, read: ReadDigest, backfill: boolean): Promise<IntegrityProblem[]> => {
    const { digest } = read;
    const [bucket, object] = [digest.previousDigestS3Bucket ?? '', digest.previousDigestS3Object ?? ''];
    const start = Date.parse(digest.digestStartTime);
    const wanted = source.keyOf(bucket, object);
    if (wanted === undefined) {
      if (last !== undefined)
        return [at('digest-missing', key, `the digest before it was delivered elsewhere, as s3://${bucket}/${object}`, [last.end, start])];
      note(`${key}: the digest before it was delivered elsewhere, as s3://${bucket}/${object}; check that bucket too`);
      return [];
    }
    const name = digestName(wanted);
    const opened = await source.open(wanted);
    if (opened !== undefined) {
      const found = readDigest(await bytesOf(opened));
      const link: Link = {
        name: { ...(name ?? { trail: '', end: start, backfill }), key: wanted },
        read: typeof found === 'string' ? undefined : found,
        signature: opened.signature,
        end: typeof found === 'string' ? start : Date.parse(found.digest.digestEndTime),
      };
      const jump = last !== undefined && !backfill && link.name.key !== last.name.key;
      return [
        ...(typeof found === 'string' ? [at('digest-altered', wanted, found)] : []),
        ...compare(key, read, link, backfill),
        ...(jump ? [at('chain-broken', key, `it continues ${wanted}, not the digest before it`)] : []),
      ];
    }
    if (last === undefined && name !== undefined && name.end < from) {
      note(`${source.name}: the digests before ${key} are not there any more; what is older cannot be proven`);
      return [];
    }
    const hours = [last?.end ?? name?.end ?? start, start] as const;
    const lost = Math.round((hours[1] - hours[0]) / HOUR);
    return [
      at('digest-missing', wanted, `${key} continues it, but it is gone${lost > 1 ? `, and about ${lost} hours with it` : ''}`, hours),
    ];
  };

  const link = async (key: string, read: ReadDigest, backfill: boolean): Promise<IntegrityProblem[]> => {
    const { digest } = read;
    if (digest.previousDigestS3Object !== null) {
      const wanted = source.keyOf(digest.previousDigestS3Bucket, digest.previousDigestS3Object);
      return last !== undefined && wanted === last.name.key ? compare(key, read, last, backfill) : search(key, read, backfill);
    }
    // Backfill comes when it is needed; that it begins anew says nothing.
    if (backfill) return [];
    const end = last?.end ?? (await before());
    if (end === undefined) {
      begins = true;
      return [];
    }
    const why = 'a chain begins anew: logging or file validation was stopped, or the trail was made again; nothing vouches for these hours';
    return [at('logging-stopped', key, why, [end, Date.parse(digest.digestStartTime)])];
  };

  return {
    follow: async (found) => {
      const { name, bytes, signature } = found;
      const read = bytes === undefined ? undefined : readDigest(bytes);
      if (read === undefined || typeof read === 'string') {
        last = { name, read: undefined, signature: undefined, end: name.end };
        return { problems: read === undefined ? [] : [at('digest-altered', name.key, read)], read: undefined };
      }
      const problems = [...judge(found, read), ...(await link(name.key, read, name.backfill))];
      last = { name, read, signature, end: Date.parse(read.digest.digestEndTime) };
      return { problems, read };
    },
    end: () => last?.end,
    unproven: () => (last?.read !== undefined && last.signature === undefined && !source.live ? last.name.key : undefined),
    begins: () => begins,
  };
}
