/** Whether the remote still has what was pushed, and whether it would let anybody take it away. */
import { accessSync, constants, existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describeError } from '../errors.ts';
import type { Git } from './git.ts';
import type { HistoryReport } from './history.ts';
import { BRANCH } from './init.ts';
import { FINDINGS_NOTES, TEXT_NOTES } from './notes.ts';
import { refOrNull } from './refs.ts';
import { quoted } from './problem.ts';
import { QUIETLY, SHARED, withoutSecrets } from './push.ts';
import type { Tip } from './tips.ts';

/** Only for as long as the comparison takes; the push keeps what it knows of the remote under names of its own. */
const HERE: Readonly<Record<string, string>> = {
  [BRANCH]: 'refs/drifttrail/verify/heads/main',
  [TEXT_NOTES]: 'refs/drifttrail/verify/notes/drifttrail',
  [FINDINGS_NOTES]: 'refs/drifttrail/verify/notes/drifttrail-findings',
};
// The stars let a ref be missing over there.
const FETCHED = [
  '+refs/heads/main*:refs/drifttrail/verify/heads/main*',
  '+refs/notes/drifttrail*:refs/drifttrail/verify/notes/drifttrail*',
];

/** Adds to the report. The deadline is in milliseconds. */
export async function verifyRemote(
  git: Git,
  remote: string,
  report: Pick<HistoryReport, 'problems' | 'gaps' | 'notes'>,
  { tips, deadline, signal }: { readonly tips: readonly Tip[]; readonly deadline: number; readonly signal: AbortSignal },
): Promise<void> {
  try {
    await forget(git);
    await git.network(['fetch', ...QUIETLY, remote, ...FETCHED], AbortSignal.any([signal, AbortSignal.timeout(deadline)]));
    for (const ref of Object.keys(HERE)) await compare(git, ref, report, ref === BRANCH ? tips : []);
  } catch (error) {
    signal.throwIfAborted();
    report.gaps.push(`the remote could not be asked: ${withoutSecrets(describeError(error), remote)}`);
  } finally {
    await forget(git);
  }
}

async function compare(
  git: Git,
  ref: string,
  report: Pick<HistoryReport, 'problems' | 'gaps' | 'notes'>,
  tips: readonly Tip[],
): Promise<void> {
  const [there, ours, known] = await Promise.all([refOrNull(git, HERE[ref] ?? ''), refOrNull(git, ref), refOrNull(git, SHARED[ref] ?? '')]);
  const pushed = tips.findLast(({ state }) => state === 'pushed')?.tip;
  const expected = [...new Set([known, pushed].filter((sha) => sha !== null && sha !== undefined))];
  if (there === null) {
    if (expected.length > 0)
      report.problems.push({ code: 'remote-missing', message: `the remote has no ${ref} any more, though it was pushed there` });
    return;
  }
  for (const commit of expected) {
    if (await leads(git, commit, there)) continue;
    const back = await leads(git, there, commit);
    report.problems.push({
      code: back ? 'remote-set-back' : 'remote-rewritten',
      commit,
      message: `${ref} had it on the remote; ${back ? `it now ends before, with ${there.slice(0, 12)}` : `its history is now another, ending with ${there.slice(0, 12)}`}`,
    });
  }
  const apart = ours !== null && !(await leads(git, ours, there)) && !(await leads(git, there, ours));
  if (apart && ref === BRANCH) report.notes.push('the remote and this deployment have commits of their own; the next push joins them');
}

async function leads(git: Git, older: string, newer: string): Promise<boolean> {
  return (await git.run(['merge-base', '--is-ancestor', '--end-of-options', older, newer], { codes: [0, 1, 128] })).code === 0;
}

async function forget(git: Git): Promise<void> {
  const refs = (await git.text(['for-each-ref', '--format=%(refname)', 'refs/drifttrail/verify'])).split('\n').filter(Boolean);
  if (refs.length > 0) await git.run(['update-ref', '--no-deref', '--stdin'], { input: refs.map((ref) => `delete ${ref}\n`).join('') });
}

export interface Rewriting {
  /** Undefined for a hosted remote, which does not tell. */
  readonly allowed: boolean | undefined;
  /** What to set there. */
  readonly fix: string;
}

/** Whether a remote that is a folder lets its history be rewritten. */
export async function rewriting(git: Git, remote: string): Promise<Rewriting> {
  const folder = folderOf(git, remote);
  if (folder === undefined)
    return { allowed: undefined, fix: 'on the server, protect main and refs/notes/* from force pushes and deletion' };
  const repository = quoted(folder);
  const fix = `git --git-dir=${repository} config receive.denyNonFastForwards true && git --git-dir=${repository} config receive.denyDeletes true`;
  if (hasHook(folder)) return { allowed: false, fix };
  const set = async (name: string) =>
    (await git.run(['--git-dir', folder, 'config', '--type=bool', '--get', name], { codes: [0, 1, 128] })).stdout
      .toString('utf8')
      .trim() === 'true';
  return { allowed: !((await set('receive.denyNonFastForwards')) && (await set('receive.denyDeletes'))), fix };
}

/** A hook of the administrator's own may decide in other ways. */
function hasHook(folder: string): boolean {
  return ['update', 'pre-receive'].some((name) => {
    try {
      accessSync(join(folder, 'hooks', name), constants.X_OK);
      return true;
    } catch {
      return false; // not there, or not for running
    }
  });
}

/** Undefined for `https://…`, `git@host:…` and the like. */
function folderOf(git: Git, remote: string): string | undefined {
  if (/^[\w+.-]+:\/\//.test(remote) && !remote.startsWith('file://')) return undefined;
  if (!remote.startsWith('file://') && /^[^/]+:/.test(remote)) return undefined;
  const path = remote.startsWith('file://') ? fileURLToPath(remote) : resolve(git.dir, remote);
  return existsSync(join(path, '.git')) ? join(path, '.git') : path;
}
