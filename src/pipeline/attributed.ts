/** From a commit and its findings to commits by the people behind them: pure, so that it can be done again to the same ids. */
import { createHash } from 'node:crypto';
import { type Actor, type Change, type Finding, type Kind, withParts } from '../model.ts';
import type { DerivedCommit, FileChanges } from '../store/derived.ts';
import { commitMessage } from '../store/message.ts';
import type { CommitNote } from './notes.ts';

/** Trailers that tell what a commit was derived from. */
export const SOURCE = 'Drifttrail-Commit';
export const NOTE = 'Drifttrail-Note';

type Kinds = Readonly<Record<string, Pick<Kind, 'title' | 'plural' | 'collection'>>>;

interface Share {
  readonly author: { readonly name: string; readonly email: string };
  readonly authored: number;
  readonly files: FileChanges['files'][number][];
  readonly changes: Change[];
  readonly because: string[];
  /** Signatures of who made less important edits of the same files. */
  readonly besides: Set<string>;
}

/** Nobody is said where nobody is known. */
const UNKNOWN = { name: 'unattributed', email: 'unattributed@drifttrail.invalid' } as const;
const TOOL = { name: 'drifttrail', email: 'drifttrail@localhost' } as const;
const MOST_REASONS = 50;

/**
 * One commit for each actor, in order of when they did it; first what the tool itself did (a baseline, coverage). A file
 * that several changed is that of whoever made what matters most of it, the others are its co-authors. Together they lead to the very tree of the commit.
 */
export function authoredCommits(commit: FileChanges, note: CommitNote | undefined, kinds: Kinds): DerivedCommit[] {
  const byPath = new Map(
    withParts(note?.findings ?? []).flatMap((finding) => (finding.change === undefined ? [] : [[finding.change.path, finding]])),
  );
  const seconds = Math.floor(Date.parse(commit.date) / 1000);
  const shares = new Map<string, Share>();
  for (const file of commit.files) {
    const finding = byPath.get(file.path);
    const { author, authored } = finding === undefined ? { author: TOOL, authored: seconds } : authorOf(finding, seconds);
    const key = written(author);
    const known = shares.get(key) ?? { author, authored, files: [], changes: [], because: [], besides: new Set() };
    known.files.push(file);
    if (finding?.change !== undefined) {
      known.changes.push(finding.change);
      known.because.push(`${finding.change.ref.id}: ${finding.attribution.because}`);
      for (const other of finding.attribution.authors ?? []) known.besides.add(written(signatureOf(other.actor)));
    }
    shares.set(key, { ...known, authored: Math.max(known.authored, authored) });
  }
  return [...shares]
    .sort(
      ([a, one], [b, two]) => Number(two.author === TOOL) - Number(one.author === TOOL) || one.authored - two.authored || (a < b ? -1 : 1),
    )
    .map(([, share]) => ({
      author: share.author,
      authored: share.authored,
      seconds,
      message: messageOf(share, commit, note, kinds),
      writes: share.files.flatMap(({ path, after }) => (after === null ? [] : [[path, after] as const])),
      deletes: share.files.flatMap(({ path, after }) => (after === null ? [path] : [])),
    }));
}

/** What of a note the branch depends on. */
export function noteDigest(note: CommitNote | undefined): string {
  const told = withParts(note?.findings ?? []).flatMap(({ change, attribution }) =>
    change === undefined
      ? []
      : [[change.path, attribution.actor?.name, attribution.actor?.arn, attribution.events[0]?.time, attribution.because]],
  );
  return createHash('sha1').update(JSON.stringify(told.sort())).digest('hex').slice(0, 12);
}

function authorOf({ attribution, window }: Finding, seconds: number): Pick<Share, 'author' | 'authored'> {
  const { actor, events } = attribution;
  const time = Date.parse(actor === undefined ? window.to : (events[0]?.time ?? window.to));
  return { author: actor === undefined ? UNKNOWN : signatureOf(actor), authored: Math.min(Math.floor(time / 1000), seconds) };
}

/** The mail address where the name is one; else one that can never be written to (RFC 2606), which tells the account. */
function signatureOf({ name, arn }: Actor): { name: string; email: string } {
  const clean = plain(name);
  if (/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(clean)) return { name: clean, email: clean };
  const account = arn?.split(':')[4] ?? '';
  const local = clean.replaceAll(/[^A-Za-z0-9._+-]+/g, '-').replaceAll(/^-+|-+$/g, '') || 'unknown';
  return { name: clean || 'unknown', email: `${local}@${account === '' ? 'drifttrail' : account}.invalid` };
}

const written = ({ name, email }: { readonly name: string; readonly email: string }): string => `${name} <${email}>`;

/** What may stand in a signature: git's own marks and everything invisible are left out. */
function plain(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}<>]/gu, '')
    .trim()
    .slice(0, 200);
}

function messageOf({ changes, because, author, besides }: Share, commit: FileChanges, note: CommitNote | undefined, kinds: Kinds): string {
  const coauthors = [...besides].filter((other) => other !== written(author)).sort();
  const trailers = `${SOURCE}: ${commit.sha}\n${NOTE}: ${noteDigest(note)}\n${coauthors.map((other) => `Co-authored-by: ${other}\n`).join('')}`;
  if (author === TOOL) return `${commit.subject}\n\n${trailers}`;
  const window = { from: '', to: '' };
  const [subject, lines] = commitMessage({ changes, run: '', window, gaps: [], kinds }).split('\n\n');
  const reasons = because.slice(0, MOST_REASONS).map((reason) => `  ${plain(reason)}`);
  return `${subject}\n\n${lines}\n\n${reasons.join('\n')}\n\n${trailers}`;
}
