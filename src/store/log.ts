/** The history as data. */
import type { Git } from './git.ts';

export interface CommitInfo {
  readonly sha: string;
  /** The first parent; null for a root. */
  readonly parent: string | null;
  /** When it was committed, UTC. */
  readonly date: string;
  readonly subject: string;
  /** Without subject and trailers. */
  readonly body: string;
  readonly trailers: Readonly<Record<string, string>>;
}

export interface LogOptions {
  /** ISO 8601, inclusive. */
  readonly since?: string;
  readonly until?: string;
  /** Files or folders of the snapshots repository. */
  readonly paths?: readonly string[];
  readonly max?: number;
  /** A ref, commit or range; the snapshots' branch by default. */
  readonly ref?: string;
}

// Every field ends with NUL, which no commit message can hold.
const FORMAT = '--format=tformat:%H%x00%P%x00%ct%x00%B';

/** Newest first. */
export async function* readLog(git: Git, options: LogOptions, branch: string): AsyncIterable<CommitInfo> {
  const { since, until, paths = [], max, ref = branch } = options;
  const args = ['log', '-z', '--no-show-signature', '--no-notes', FORMAT];
  if (since !== undefined) args.push(`--since=${atSecond(Math.floor(Date.parse(since) / 1000))}`);
  if (until !== undefined) args.push(`--until=${atSecond(Math.ceil(Date.parse(until) / 1000))}`);
  if (max !== undefined) args.push(`--max-count=${max}`);
  args.push('--end-of-options', ref, '--', ...paths);
  let fields: string[] = [];
  for await (const field of splitAtNul(git.read(args))) {
    fields.push(field);
    if (fields.length < 4) continue;
    yield parseCommit(fields);
    fields = [];
  }
}

/** In git's own words: it guesses at a bare number, and takes one below 100,000,000 for something else than seconds. */
function atSecond(epoch: number): string {
  return `@${Math.max(epoch, 0)} +0000`;
}

/** Splits bytes before decoding, so that no character is cut in two. */
export async function* splitAtNul(chunks: AsyncIterable<Buffer>): AsyncIterable<string> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let start = 0;
    for (let end = rest.indexOf(0); end !== -1; end = rest.indexOf(0, start)) {
      yield rest.toString('utf8', start, end);
      start = end + 1;
    }
    rest = rest.subarray(start);
  }
  if (rest.length > 0) yield rest.toString('utf8');
}

function parseCommit([sha = '', parents = '', seconds = '0', message = '']: readonly string[]): CommitInfo {
  const [subject = '', ...rest] = message.trimEnd().split('\n');
  const paragraphs = rest
    .join('\n')
    .trim()
    .split(/\n{2,}/);
  const trailers = trailersOf(paragraphs.at(-1) ?? '');
  const body = trailers === undefined ? paragraphs : paragraphs.slice(0, -1);
  return {
    sha,
    parent: parents.split(' ')[0] || null,
    date: new Date(Number(seconds) * 1000).toISOString(),
    subject,
    body: body.join('\n\n'),
    trailers: trailers ?? {},
  };
}

/** Only a last paragraph made of nothing else counts. */
function trailersOf(paragraph: string): Record<string, string> | undefined {
  const lines = paragraph.split('\n').map((line) => /^([A-Za-z][A-Za-z-]*): (.*)$/.exec(line));
  const found = lines.flatMap((line) => (line?.[1] === undefined || line[2] === undefined ? [] : [[line[1], line[2]] as const]));
  return found.length === lines.length ? Object.fromEntries(found) : undefined;
}
