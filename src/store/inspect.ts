/** Finds what is wrong with the repository and names the commands that mend it; changes nothing. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { describeError } from '../errors.ts';
import { inspectFiles, linesOf } from './inspect-files.ts';
import type { Git } from './git.ts';
import { refOrNull, refsAreSound } from './refs.ts';
import { type Problem, quoted, shown } from './problem.ts';
import { isTrue, readSettings } from './settings.ts';
import { editedPaths } from './worktree.ts';

const MAIN = 'refs/heads/main';
const ALL = Array.from({ length: 256 }, (_, code) => code);

/** The ids of the files' objects that a commit lacks; rejects when its tree cannot be read. */
type TreeCheck = (commit: string) => Promise<readonly string[]>;

/** `deep` reads every object (`git fsck --full`). */
export async function inspect(git: Git, checkTree: TreeCheck, { deep = false }: { readonly deep?: boolean } = {}): Promise<Problem[]> {
  const files = inspectFiles(git.dir);
  // Git itself cannot answer while these are broken.
  if (files.some(({ code }) => ['repository-missing', 'head-broken', 'config-broken'].includes(code))) return files;
  const asked = await Promise.all([
    inspectConfig(git),
    inspectHead(git),
    inspectRefs(git),
    inspectTip(git, checkTree),
    inspectOperation(git),
    inspectWorktree(git),
  ]);
  const problems = [...files, ...asked.flat()];
  return deep ? [...problems, ...(await inspectObjects(git))] : problems;
}

async function inspectConfig(git: Git): Promise<Problem[]> {
  const { values, problem } = await readSettings(git);
  if (problem !== undefined)
    return [
      {
        code: 'config-broken',
        message: `git cannot read ${git.dir}/.git/config: ${problem}`,
        repair: `mv ${quoted(git.dir)}/.git/config ${quoted(git.dir)}/.git/config.broken && git config --file ${quoted(git.dir)}/.git/config drifttrail.version 1 && drifttrail init`,
      },
    ];
  if (!isTrue(values.get('core.bare'))) return [];
  return [
    {
      code: 'config-bare',
      message: `${git.dir} is marked as a bare repository`,
      repair: `git --git-dir=${quoted(git.dir)}/.git config core.bare false`,
    },
  ];
}

function inspectHead(git: Git): Problem[] {
  // By hand: git calls HEAD detached when the branch it names is broken, which is another problem.
  const [head = ''] = linesOf(join(git.dir, '.git', 'HEAD'));
  const branch = /^ref: (\S+)$/.exec(head)?.[1];
  if (branch === MAIN) return [];
  const state = branch === undefined ? 'is detached' : `is on ${branch}`;
  return [
    {
      code: branch === undefined ? 'head-detached' : 'head-elsewhere',
      message: `HEAD of ${git.dir} ${state}; snapshots go to main`,
      repair: `git -C ${quoted(git.dir)} symbolic-ref HEAD ${MAIN}`,
    },
  ];
}

async function inspectRefs(git: Git): Promise<Problem[]> {
  if (refsAreSound(join(git.dir, '.git'))) return [];
  const { code, stderr } = await git.run(['for-each-ref', '--format=%(refname)'], { codes: ALL });
  if (code !== 0)
    return [
      {
        code: 'refs-broken',
        message: `git cannot list the refs: ${stderr.trim()}`,
        repair: `mv ${quoted(git.dir)}/.git/packed-refs ${quoted(git.dir)}/.git/packed-refs.broken; ${await restoreBranch(git)}`,
      },
    ];
  const broken = [...stderr.matchAll(/ignoring (?:broken|dangling) (?:sym)?ref (\S+)/g)].map((match) => match[1] ?? '');
  const problems: Problem[] = [];
  for (const ref of broken) {
    const repair = ref === MAIN ? await restoreBranch(git) : `rm ${quoted(git.dir)}/.git/${ref}`;
    problems.push({ code: 'ref-broken', message: `${ref} does not hold a commit`, repair });
  }
  return problems;
}

/** The tip, its trees and, without reading them, its files. */
async function inspectTip(git: Git, checkTree: TreeCheck): Promise<Problem[]> {
  const tip = await refOrNull(git, MAIN).catch(() => null);
  if (tip === null) {
    return [{ code: 'branch-missing', message: `${git.dir} has no branch main`, repair: await restoreBranch(git) }];
  }
  let missing: readonly string[];
  try {
    missing = await checkTree(tip);
  } catch (error) {
    return [
      { code: 'tip-unreadable', message: `the last snapshot cannot be read: ${describeError(error)}`, repair: await restoreBranch(git) },
    ];
  }
  if (missing.length === 0) return [];
  return [
    {
      code: 'object-missing',
      message: `the last snapshot lacks ${missing.length} files' objects (${shown(missing)})`,
      repair: await restoreObjects(git),
    },
  ];
}

async function inspectOperation(git: Git): Promise<Problem[]> {
  const begun = {
    MERGE_HEAD: 'merge',
    'rebase-merge': 'rebase',
    'rebase-apply': 'rebase',
    CHERRY_PICK_HEAD: 'cherry-pick',
    REVERT_HEAD: 'revert',
    BISECT_LOG: 'bisect',
  };
  return Object.entries(begun)
    .filter(([file]) => statSync(join(git.dir, '.git', file), { throwIfNoEntry: false }) !== undefined)
    .map(([, command]) => ({
      code: 'operation-begun',
      message: `somebody began a ${command} in ${git.dir}`,
      repair: `git -C ${quoted(git.dir)} ${command} ${command === 'bisect' ? 'reset' : '--abort'}`,
    }));
}

async function inspectWorktree(git: Git): Promise<Problem[]> {
  try {
    const edited = await editedPaths(git);
    if (edited.length === 0) return [];
    return [
      {
        code: 'worktree-edited',
        message: `somebody edited ${shown(edited)} in ${git.dir}; the snapshots are not touched by it, but the files shown are not the last snapshot's`,
        repair: `git -C ${quoted(git.dir)} diff refs/drifttrail/worktree; keep what you need elsewhere, then: git -C ${quoted(git.dir)} read-tree --reset -u refs/drifttrail/worktree && git -C ${quoted(git.dir)} clean -fd`,
      },
    ];
  } catch (error) {
    return [
      {
        code: 'index-broken',
        message: `git cannot use the index of ${git.dir}: ${describeError(error)}`,
        repair: `rm ${quoted(git.dir)}/.git/index && git -C ${quoted(git.dir)} read-tree main && git -C ${quoted(git.dir)} update-ref refs/drifttrail/worktree main`,
      },
    ];
  }
}

async function inspectObjects(git: Git): Promise<Problem[]> {
  const { code, stdout, stderr } = await git.run(['fsck', '--full', '--no-dangling', '--no-progress'], { codes: ALL, timeout: 3_600_000 });
  if (code === 0) return [];
  const said = `${stderr}\n${stdout.toString('utf8')}`.split('\n').filter((line) => /error|missing|broken|corrupt/.test(line));
  const graph = await git.run(['commit-graph', 'verify', '--no-progress'], { codes: ALL });
  if (graph.code !== 0)
    return [
      {
        code: 'commit-graph-broken',
        message: `the commit graph is wrong: ${graph.stderr.trim()}`,
        repair: `rm -rf ${quoted(git.dir)}/.git/objects/info/commit-graph*`,
      },
    ];
  return [{ code: 'object-broken', message: `git fsck: ${said.slice(0, 3).join('; ')}`, repair: await restoreObjects(git) }];
}

/** Points main at the newest commit that its log names and that can still be read whole. */
async function restoreBranch(git: Git): Promise<string> {
  // Git neither overwrites a ref that it cannot read nor forgets in its log where that one pointed.
  const gone = `rm -f ${quoted(git.dir)}/.git/${MAIN}`;
  const log = await git.run(['reflog', 'show', '--format=%H', '-n', '200', MAIN], { codes: ALL });
  const named = log.stdout.toString('utf8').split('\n').filter(Boolean);
  for (const sha of [...named, ...logged(git.dir)]) {
    const whole = await git.run(['rev-list', '--objects', '--quiet', '--no-walk', sha], { codes: ALL });
    if (whole.code === 0) return `${gone} && git -C ${quoted(git.dir)} update-ref ${MAIN} ${sha}`;
  }
  return `${gone}; ${await restoreObjects(git)} && git -C ${quoted(git.dir)} update-ref ${MAIN} FETCH_HEAD`;
}

async function restoreObjects(git: Git): Promise<string> {
  const pushed = (await refOrNull(git, 'refs/drifttrail/remote/heads/main').catch(() => null)) !== null;
  const empty = `find ${quoted(git.dir)}/.git/objects -type f -size 0 -delete`;
  return `${empty}; git -C ${quoted(git.dir)} fetch --refetch ${pushed ? '<remote of drifttrail.yaml>' : '<a clone or backup of this repository>'} main`;
}

/** The branch's log by hand, for when git does not find the branch any more. */
function logged(dir: string): string[] {
  const file = join(dir, '.git', 'logs', 'refs', 'heads', 'main');
  return linesOf(file)
    .map((line) => line.split(' ')[1] ?? '')
    .filter((sha) => /^[0-9a-f]{40}$/.test(sha))
    .reverse();
}
