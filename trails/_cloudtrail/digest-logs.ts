/** The log files: those that a digest lists must be there as they were delivered, and no others. */
import type { IntegrityProblem, VerifyContext } from 'drifttrail';
import pLimit from 'p-limit';
import { type Fault, faultOf } from '../../exporters/_aws/errors.ts';
import type { Digest } from './digest.ts';
import type { Heap, Ledger } from './digest-ledger.ts';
import { iso, type Place } from './digest-names.ts';
import { type DigestSource, unpackedHash } from './digest-source.ts';

/** Files read at a time. */
export const PARALLEL = 8;

/** `sound`: nothing is known to be wrong with the digest itself. */
export async function checkLogs(
  source: DigestSource,
  place: Place,
  { digest, sound }: { readonly digest: Digest; readonly sound: boolean },
  ledger: Ledger,
  unread: Unread,
  { signal, checked }: Pick<VerifyContext, 'signal' | 'checked'>,
): Promise<IntegrityProblem[]> {
  const hours = { from: digest.digestStartTime, to: digest.digestEndTime };
  const limit = pLimit(PARALLEL);
  const found = await limit.map(digest.logFiles, async ({ s3Bucket, s3Object, hashValue }): Promise<IntegrityProblem[]> => {
    const key = source.keyOf(s3Bucket, s3Object);
    if (key === undefined) {
      // An altered digest may name anything; that it is altered has been told.
      if (sound) unread.add(new Error(`s3://${s3Bucket}/${s3Object} stands elsewhere`));
      return [];
    }
    ledger.listed(key);
    try {
      const opened = await source.open(key);
      if (opened === undefined) return [{ what: 'log-missing', ...place, key, ...hours, detail: 'it was delivered and is gone' }];
      const result = await unpackedHash(opened);
      if ('broken' in result) return [{ what: 'log-altered', ...place, key, ...hours, detail: `it is damaged: ${result.broken}` }];
      if (result.hash === hashValue) return [];
      return [{ what: 'log-altered', ...place, key, ...hours, detail: 'its content is not what was delivered' }];
    } catch (error) {
      signal.throwIfAborted();
      unread.add(error);
      return [];
    }
  });
  checked('log files', digest.logFiles.length);
  return found.flat();
}

export function unlisted(place: Place, key: string): IntegrityProblem {
  return {
    what: 'log-unlisted',
    ...place,
    key,
    detail: 'no digest of its hour lists it: it was not delivered by this trail, or its digest was altered',
  };
}

/**
 * Unlisted files of hours without a digest. `begins`: the first digest is the first there ever was; `silent`: how long files may
 * go on after the last digest before that is odd, milliseconds; undefined when no more digests are to come.
 */
export function* judgeHeaps(
  place: Place,
  heaps: readonly Heap[],
  { begins, silent, note }: { readonly begins: boolean; readonly silent: number | undefined; readonly note: (text: string) => void },
): Generator<IntegrityProblem> {
  for (const { from, to, count, first, newest } of heaps) {
    const files = `${count} log ${count === 1 ? 'file' : 'files'}`;
    if (from === undefined && (begins || to === undefined)) {
      if (to !== undefined) note(`${place.account} ${place.region}: ${files} from before the first digest cannot be proven`);
      continue;
    }
    if (from !== undefined && to === undefined && silent !== undefined && newest <= from + silent) continue;
    yield {
      what: 'log-unlisted',
      ...place,
      key: first,
      ...(from === undefined ? {} : { from: iso(from) }),
      ...(to === undefined ? {} : { to: iso(to) }),
      detail: `${files} of hours without a digest: nothing vouches for them`,
    };
  }
}

export interface Unread {
  readonly add: (error: unknown) => void;
  /** One gap for all. */
  readonly report: () => void;
}

export function createUnread(place: Place, source: DigestSource, signal: AbortSignal, gap: VerifyContext['gap']): Unread {
  let count = 0;
  let first: Fault | undefined;
  return {
    add: (error) => {
      signal.throwIfAborted();
      count += 1;
      first ??= fileFault(error) ?? faultOf(error, { action: 's3:GetObject', region: source.name });
    },
    report: () => {
      if (first !== undefined) gap({ ...place, reason: first.reason, detail: `${count} files could not be read: ${first.detail}` });
    },
  };
}

/** What the file system says of a copy; undefined for what a bucket says. */
function fileFault(error: unknown): Fault | undefined {
  const { code, path } = error as NodeJS.ErrnoException;
  if (code === undefined || path === undefined) return undefined;
  const denied = code === 'EACCES' || code === 'EPERM';
  return { reason: denied ? 'denied' : 'invalid', detail: `${path}: ${denied ? 'permission denied' : code}` };
}
