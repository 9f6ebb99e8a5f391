/** Proves that the history is the one that was written: every commit, its order, its signature, its files and its notes. */
import { existsSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { readFileChanges } from './derived.ts';
import type { Git } from './git.ts';
import { BRANCH } from './init.ts';
import { splitAtNul } from './log.ts';
import { FINDINGS_NOTES, readNotes, TEXT_NOTES } from './notes.ts';
import { refOrNull } from './refs.ts';
import { shown } from './problem.ts';
import type { Tip } from './tips.ts';

export interface HistoryProblem {
  /** A stable word for machines: `commit-unsigned`, `history-rewritten`. */
  readonly code: string;
  readonly commit?: string;
  readonly message: string;
}

export interface HistoryReport {
  readonly problems: HistoryProblem[];
  /** What could not be checked. */
  readonly gaps: string[];
  readonly notes: string[];
  readonly commits: number;
  readonly signatures: number;
}

export interface HistoryOptions {
  readonly tips: readonly Tip[];
  /** Whether a file is a resource's (or coverage), nobody's, or of something that is not configured. */
  readonly fileKind: (path: string) => 'known' | 'foreign' | 'unconfigured';
  readonly progress: (text: string) => void;
}

type Report = HistoryReport & { commits: number; signatures: number };

export async function verifyHistory(git: Git, options: HistoryOptions): Promise<HistoryReport> {
  const report: Report = { problems: [], gaps: [], notes: [], commits: 0, signatures: 0 };
  const tip = await refOrNull(git, BRANCH);
  if (tip === null) {
    report.gaps.push('there is no history: the branch main is missing');
    return report;
  }
  const shas = await verifyCommits(git, report, options.progress);
  verifyTips(report, shas, tip, options.tips);
  await verifyFiles(git, report, options);
  await verifyNotes(git, report, shas);
  return report;
}

/** Reads every commit once; the answer is their names. */
async function verifyCommits(git: Git, report: Report, progress: HistoryOptions['progress']): Promise<ReadonlySet<string>> {
  const signing = await signingOf(git, report);
  const shas = new Set<string>();
  const children = new Map<string, { sha: string; seconds: number }>();
  let unsigned: string[] = [];
  const format = `--format=tformat:%H%x00%P%x00%ct%x00${signing === 'off' ? '' : '%G?'}`;
  const args = ['log', '-z', '--topo-order', '--no-show-signature', '--no-notes', format, '--end-of-options', BRANCH, '--'];
  let fields: string[] = [];
  for await (const field of splitAtNul(git.read(args))) {
    fields.push(field);
    if (fields.length < 4) continue;
    const [sha = '', parents = '', seconds = '0', signature = ''] = fields;
    fields = [];
    shas.add(sha);
    if (shas.size % 1000 === 0) progress(`${shas.size} commits`);
    const own = Number(seconds);
    const child = children.get(sha);
    children.delete(sha);
    if (child !== undefined && child.seconds < own)
      report.problems.push({ code: 'date-backwards', commit: child.sha, message: 'it is dated before the commit that it follows' });
    const [first = '', ...others] = parents.split(' ');
    if (first !== '') children.set(first, { sha, seconds: own });
    if (others.length > 0) report.problems.push({ code: 'commit-merge', commit: sha, message: 'it is a merge; drifttrail never merges' });
    if (signing === 'off') continue;
    if (signature === 'N') {
      unsigned.push(sha);
      continue;
    }
    // A signed commit stands for all before it; one without a signature after it was not made by this deployment.
    report.problems.push(...unsigned.map(withoutSignature));
    unsigned = [];
    judgeSignature(report, sha, signature, signing);
  }
  report.commits = shas.size;
  if (signing !== 'off' && report.signatures === 0) report.problems.push(...unsigned.map(withoutSignature));
  else if (unsigned.length > 0)
    report.notes.push(`${unsigned.length} commits are from before signing began; the first signed one stands for them`);
  return shas;
}

function withoutSignature(commit: string): HistoryProblem {
  return { code: 'commit-unsigned', commit, message: 'it is not signed, though commit.gpgSign is on' };
}

type Signing = 'off' | 'ssh' | 'other';

/** Whether signatures are wanted and can be judged. */
async function signingOf(git: Git, report: Report): Promise<Signing> {
  const get = async (...args: string[]) => (await git.run(['config', ...args], { codes: [0, 1] })).stdout.toString('utf8').trim();
  if ((await get('--type=bool', '--get', 'commit.gpgSign')) !== 'true') {
    report.notes.push('commits are not signed; to sign them: git config commit.gpgSign true, and a key');
    return 'off';
  }
  if ((await get('--get', 'gpg.format')) !== 'ssh') return 'other';
  const file = await get('--type=path', '--get', 'gpg.ssh.allowedSignersFile');
  if (file !== '' && existsSync(isAbsolute(file) ? file : join(git.dir, file))) return 'ssh';
  report.gaps.push('signatures are not checked: git config gpg.ssh.allowedSignersFile must name the file of those who may sign');
  return 'off';
}

/** https://git-scm.com/docs/git-log#Documentation/git-log.txt-G */
function judgeSignature(report: Report, commit: string, letter: string, signing: Signing): void {
  report.signatures += 1;
  const wrong: Readonly<Record<string, string>> = {
    B: 'its signature is bad: it was altered after it was signed',
    R: 'its key has been revoked',
    ...(signing === 'ssh' ? { U: 'its key is not among gpg.ssh.allowedSignersFile' } : {}),
  };
  const message = wrong[letter];
  if (message !== undefined) report.problems.push({ code: 'signature-invalid', commit, message });
  else if (letter === 'E') report.gaps.push(`the signature of ${commit.slice(0, 12)} cannot be checked: its key is not known here`);
}

/** What was the tip once stays in the history for ever. */
function verifyTips(report: Report, shas: ReadonlySet<string>, tip: string, tips: readonly Tip[]): void {
  if (tips.length === 0) report.notes.push('no tip has been kept yet; the next snapshot begins with it');
  const rebuilt = tips.findLastIndex((each) => each.rebuilt === true);
  const lost = tips.filter((each, index) => !shas.has(each.tip) && !(each.state === 'waiting' && index < rebuilt));
  for (const { tip: commit, at } of lost) {
    report.problems.push({
      code: 'history-rewritten',
      commit,
      message: `it was the tip at ${at} and is no more in the history that ends with ${tip.slice(0, 12)}: the branch was rewritten or set back`,
    });
  }
}

async function verifyFiles(git: Git, report: Report, { fileKind, progress }: HistoryOptions): Promise<void> {
  const template = new Set<string>();
  const unconfigured = new Set<string>();
  let seen = 0;
  for await (const { sha, root, files } of readFileChanges(git, [BRANCH])) {
    seen += 1;
    if (seen % 1000 === 0) progress(`the files of ${seen} commits`);
    const foreign: string[] = [];
    for (const { path, after } of files) {
      if (after === null || template.has(path)) continue;
      const kind = fileKind(path);
      if (kind === 'known') continue;
      if (root && !path.includes('/')) template.add(path);
      else if (kind === 'foreign') foreign.push(path);
      else unconfigured.add(path.slice(0, path.indexOf('/')));
    }
    if (foreign.length > 0)
      report.problems.push({ code: 'file-foreign', commit: sha, message: `it holds what is no resource: ${shown(foreign)}` });
  }
  if (unconfigured.size > 0)
    report.notes.push(`no exporter that is configured wrote ${[...unconfigured].sort().join('/, ')}/: not checked`);
  const odd = await oddFiles(git);
  if (odd.length > 0) report.problems.push({ code: 'file-foreign', message: `the last snapshot holds links or modules: ${shown(odd)}` });
}

/** Whatever is no plain file: a link, a submodule, a program. */
async function oddFiles(git: Git): Promise<string[]> {
  const odd: string[] = [];
  for await (const entry of splitAtNul(git.read(['ls-tree', '-r', '-z', '--full-tree', BRANCH])))
    if (entry !== '' && !entry.startsWith('100644 blob ')) odd.push(entry.slice(entry.indexOf('\t') + 1));
  return odd;
}

async function verifyNotes(git: Git, report: Report, shas: ReadonlySet<string>): Promise<void> {
  for (const ref of [TEXT_NOTES, FINDINGS_NOTES]) {
    const lost = [...(await readNotes(git, ref)).keys()].filter((sha) => !shas.has(sha));
    for (const commit of lost)
      report.problems.push({ code: 'note-orphaned', commit, message: `${ref} speaks of it, but it is not in the history` });
  }
}
