/** Sends the history to the remote that many writers share: fast-forwards only, never a merge, never force but on what is derived. */
import { DrifttrailError, describeError } from '../errors.ts';
import { ACKS, PUSHED_ACKS } from './acks.ts';
import { ATTRIBUTED } from './derived.ts';
import type { Signature } from './fast-import.ts';
import type { Git } from './git.ts';
import { BRANCH } from './init.ts';
import { FINDINGS_NOTES, TEXT_NOTES } from './notes.ts';
import { OBSERVED, PUSHED_OBSERVED } from './observed.ts';
import { refOrNull } from './refs.ts';
import { rebuild } from './rebuild.ts';

export interface PushResult {
  /** `failed`: the remote could not be reached or said no; `late`: the deadline passed. What is here stays here and goes next time. */
  readonly status: 'pushed' | 'up-to-date' | 'failed' | 'late';
  readonly attempts: number;
  /** Commits that the remote lacks. */
  readonly backlog: number;
  /** What went wrong, without secrets; '' when nothing. */
  readonly detail: string;
}

export interface PushOptions {
  /** Milliseconds for all attempts together. */
  readonly deadline: number;
  readonly author: Signature;
  /** Seconds since 1970. */
  readonly now: () => number;
  readonly owned?: readonly string[];
  /** Ends the push at once; what was not pushed goes with the next one. */
  readonly signal?: AbortSignal;
}

/** What is shared, and where we remember what the remote has of it. */
export const SHARED: Readonly<Record<string, string>> = {
  [BRANCH]: 'refs/drifttrail/remote/heads/main',
  [TEXT_NOTES]: 'refs/drifttrail/remote/notes/drifttrail',
  [FINDINGS_NOTES]: 'refs/drifttrail/remote/notes/drifttrail-findings',
  [OBSERVED]: PUSHED_OBSERVED,
  [ACKS]: PUSHED_ACKS,
};
// The stars let a ref be missing over there. Only our own copies are moved, so the plus overwrites nothing of anybody's.
const FETCHED = [
  '+refs/heads/main*:refs/drifttrail/remote/heads/main*',
  '+refs/notes/drifttrail*:refs/drifttrail/remote/notes/drifttrail*',
  `+${OBSERVED}*:${PUSHED_OBSERVED}*`,
  `+${ACKS}*:${PUSHED_ACKS}*`,
];

export const QUIETLY = ['--quiet', '--no-tags', '--no-write-fetch-head', '--no-auto-maintenance'];
const PUSHED_ATTRIBUTED = 'refs/drifttrail/remote/heads/attributed';

/** Never throws for what the remote does. @throws {DrifttrailError} `remote-invalid`, `git-locked` */
export async function push(git: Git, remote: string, options: PushOptions): Promise<PushResult> {
  if (remote === '' || remote.startsWith('-')) {
    throw new DrifttrailError({
      code: 'remote-invalid',
      message: `${JSON.stringify(remote)} is not a remote`,
      remedy: 'set `remote` to a URL or path',
    });
  }
  const deadline = AbortSignal.timeout(options.deadline);
  const signal = options.signal === undefined ? deadline : AbortSignal.any([deadline, options.signal]);
  let attempts = 0;
  try {
    for (;;) {
      attempts += 1;
      const ahead = await refsAhead(git);
      const answer = ahead.length === 0 ? 'pushed' : await pushOnce(git, remote, ahead, signal);
      if (answer === 'pushed') {
        const derived = await pushDerived(git, remote, signal);
        const idle = attempts === 1 && ahead.length === 0 && !derived;
        return { status: idle ? 'up-to-date' : 'pushed', attempts, backlog: 0, detail: '' };
      }
      if (answer !== 'lost') return { status: 'failed', attempts, backlog: await backlog(git), detail: answer };
      // Another writer was first: see what is there, put ours on top, try again.
      const before = await remember(git);
      await git.network(['fetch', ...QUIETLY, remote, ...FETCHED], signal);
      await rebuild(git, before, options);
      // Spread out those who lose to each other.
      await pause(Math.random() * 50 * Math.min(attempts, 10), signal);
    }
  } catch (error) {
    // A lock of this repository, not the remote's: whoever opened the store knows how to clear it.
    if (error instanceof DrifttrailError && error.code === 'git-locked') throw error;
    const detail = withoutSecrets(describeError(error), remote);
    if (deadline.aborted)
      return { status: 'late', attempts, backlog: await backlog(git), detail: `the remote took longer than ${options.deadline / 1000} s` };
    return { status: 'failed', attempts, backlog: await backlog(git), detail: signal.aborted ? 'the push was stopped' : detail };
  }
}

interface Ahead {
  readonly ref: string;
  readonly sha: string;
}

async function refsAhead(git: Git): Promise<Ahead[]> {
  const refs = await allRefs(git);
  return Object.entries(SHARED).flatMap(([ref, tracking]) => {
    const sha = refs.get(ref);
    return sha === undefined || sha === refs.get(tracking) ? [] : [{ ref, sha }];
  });
}

async function allRefs(git: Git): Promise<Map<string, string>> {
  const listed = await git.text(['for-each-ref', '--format=%(refname) %(objectname)']);
  return new Map(
    listed
      .split('\n')
      .filter(Boolean)
      .map((line) => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)]),
  );
}

/** What the remote had when we looked last: the base that our own additions are told by. */
async function remember(git: Git): Promise<Map<string, string>> {
  const refs = await allRefs(git);
  return new Map(
    Object.entries(SHARED).flatMap(([ref, tracking]) => {
      const sha = refs.get(tracking);
      return sha === undefined ? [] : [[ref, sha] as const];
    }),
  );
}

/** `pushed`, `lost` when the remote has what we do not know, or what it said. */
async function pushOnce(git: Git, remote: string, ahead: readonly Ahead[], signal: AbortSignal): Promise<string> {
  try {
    await git.network(['push', '--porcelain', '--no-verify', remote, ...ahead.map(({ ref, sha }) => `${sha}:${ref}`)], signal);
  } catch (error) {
    if (signal.aborted) throw error;
    const said = error instanceof Error ? error.message : String(error);
    if (/\[rejected\]|fetch first|non-fast-forward|cannot lock ref|failed to update ref|incorrect old value/i.test(said)) return 'lost';
    return withoutSecrets(said, remote);
  }
  const moves = ahead.map(({ ref, sha }) => `update ${SHARED[ref]} ${sha}`);
  await git.run(['update-ref', '--no-deref', '--stdin'], { input: `${moves.join('\n')}\n` });
  return 'pushed';
}

/**
 * The derived branch, once all that it is derived from is there. It is nobody's own work: a correction moves it back,
 * and only from where we saw it last; another writer that was faster derived the same from the same.
 */
async function pushDerived(git: Git, remote: string, signal: AbortSignal): Promise<boolean> {
  const refs = await allRefs(git);
  const sha = refs.get(ATTRIBUTED);
  const there = refs.get(PUSHED_ATTRIBUTED);
  if (sha === undefined || sha === there) return false;
  try {
    await git.network(
      ['push', '--porcelain', '--no-verify', `--force-with-lease=${ATTRIBUTED}:${there ?? ''}`, remote, `+${sha}:${ATTRIBUTED}`],
      signal,
    );
    await git.run(['update-ref', '--no-deref', PUSHED_ATTRIBUTED, sha]);
    return true;
  } catch (error) {
    if (signal.aborted) throw error;
    // Next time from where it is now.
    await git.network(['fetch', ...QUIETLY, remote, `+${ATTRIBUTED}*:${PUSHED_ATTRIBUTED}*`], signal);
    return false;
  }
}

/** Commits that the remote lacks, as far as we know it. */
export async function backlog(git: Git): Promise<number> {
  const tracking = SHARED[BRANCH] ?? '';
  if ((await refOrNull(git, BRANCH)) === null) return 0;
  const known = (await refOrNull(git, tracking)) === null ? [] : [`^${tracking}`];
  return Number(await git.text(['rev-list', '--count', BRANCH, ...known]));
}

/** Passwords and tokens in URLs, whoever repeats them, and those of the remote wherever they stand. */
export function withoutSecrets(text: string, remote: string): string {
  // To the last @: a password may hold one, and a slash, though it should not.
  const login = /^[\w+.-]+:\/\/(.*)@/s.exec(remote)?.[1] ?? '';
  const secrets = [login, ...login.split(':')].flatMap((part) => [part, decoded(part)]).filter((part) => part.length >= 5);
  return secrets
    .sort((a, b) => b.length - a.length)
    .reduce((left, secret) => left.replaceAll(secret, '…'), text)
    .replaceAll(/([\w+.-]+:\/\/)[^\s/@]*@/g, '$1')
    .replaceAll(/\s+/g, ' ')
    .trim();
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part; // a lone %: then it is no encoding
  }
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
}
