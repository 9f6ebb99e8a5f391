/** A bucket in memory, and what verifying it says. */
import { createPublicKey } from 'node:crypto';
import type { IntegrityProblem, TrailGap, VerifyContext } from '../../src/model.ts';
import type { PublicKeys } from '../../trails/_cloudtrail/digest-keys.ts';
import { verifyDigests } from '../../trails/_cloudtrail/digest-verify.ts';
import { bucketSource } from '../../trails/s3/verify.ts';
import { BUCKET, type Files, iso, type SigningKey, sharedKey } from './delivered.ts';

export interface Verdict {
  readonly problems: IntegrityProblem[];
  readonly gaps: TrailGap[];
  readonly notes: string[];
  readonly checked: Record<string, number>;
}

export interface Given {
  /** Milliseconds. */
  readonly now: number;
  readonly since?: number;
  readonly keys?: readonly SigningKey[] | Error;
  /** Keys that cannot be read. */
  readonly refuse?: (key: string) => boolean;
}

export function keysOf(keys: readonly SigningKey[]): PublicKeys {
  return new Map(keys.map(({ fingerprint, der }) => [fingerprint, createPublicKey({ key: der, format: 'der', type: 'pkcs1' })]));
}

export function memoryBucket(files: Files, refuse: (key: string) => boolean = () => false) {
  const keys = [...files.keys()].sort();
  return {
    list: (prefix: string, { folders }: { readonly folders?: boolean }) => {
      const found = keys.filter((key) => key.startsWith(prefix));
      const below = found.map((key) => key.slice(prefix.length)).filter((rest) => rest.includes('/'));
      return Promise.resolve(
        folders === true
          ? { keys: [], folders: [...new Set(below.map((rest) => rest.slice(0, rest.indexOf('/'))))] }
          : { keys: found, folders: [] },
      );
    },
    open: (key: string) => {
      if (refuse(key)) return Promise.reject(Object.assign(new Error('Access Denied'), { name: 'AccessDenied' }));
      const file = files.get(key);
      return Promise.resolve(file === undefined ? undefined : { body: chunks(file.bytes), metadata: file.metadata });
    },
    close: () => undefined,
  };
}

/** In pieces, as a network gives it. */
async function* chunks(bytes: Buffer): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += 1000) yield bytes.subarray(start, start + 1000);
}

/** The context of a check, and what it gathers. */
export function witness({ now, since = now - 30 * 86_400_000 }: Given): {
  verdict: Verdict;
  context: Pick<VerifyContext, 'window' | 'now' | 'signal' | 'gap' | 'note' | 'checked' | 'progress'>;
} {
  const verdict: Verdict = { problems: [], gaps: [], notes: [], checked: {} };
  const context = {
    window: { from: iso(since), to: iso(now) },
    now: () => new Date(now),
    signal: new AbortController().signal,
    gap: (gap: TrailGap) => void verdict.gaps.push(gap),
    note: (text: string) => void verdict.notes.push(text),
    checked: (things: string, count: number) => {
      verdict.checked[things] = (verdict.checked[things] ?? 0) + count;
    },
    progress: () => undefined,
  };
  return { verdict, context };
}

export async function verifyFiles(files: Files, given: Given): Promise<Verdict> {
  const { verdict, context } = witness(given);
  const { keys = [sharedKey()] } = given;
  const source = bucketSource(memoryBucket(files, given.refuse), { bucket: BUCKET });
  const ask = () => (keys instanceof Error ? Promise.reject(keys) : Promise.resolve(keysOf(keys)));
  for await (const problem of verifyDigests(source, ask, context)) verdict.problems.push(problem);
  return verdict;
}

/** The words, each once. */
export function words({ problems }: Verdict): string[] {
  return [...new Set(problems.map(({ what }) => what))].sort();
}
