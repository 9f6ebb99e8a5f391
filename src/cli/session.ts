/** What every command gets: the outside world, where to write, and when to stop. Data goes to stdout, talk to stderr. */
import { isAbsolute, relative } from 'node:path';
import type { Command } from 'commander';
import type { Deployment } from '../deployment.ts';
import { DrifttrailError, describeError } from '../errors.ts';
import type { Kind, Surroundings } from '../model.ts';
import { clean, cleanLines, cut } from '../report/clean.ts';
import { type TextOptions, wantsColour } from '../report/text.ts';
import { widthOf } from '../report/width.ts';
import { titlesOf } from '../report/words.ts';

export interface Session {
  readonly surroundings: Surroundings;
  readonly signal: AbortSignal;
  /** Whether somebody looks at stdout, rather than a program. */
  readonly terminal: boolean;
  /** ANSI colours on stdout: a terminal, and NO_COLOR is not set. */
  readonly colour: boolean;
  /** Columns of stdout. */
  readonly width: number;
  /** Data, a newline added when missing. Resolves when the reader has taken it. */
  readonly out: (text: string) => Promise<void>;
  /** The same as it is: a part of a longer text. */
  readonly write: (text: string) => Promise<void>;
  /** Whether the reader of stdout has gone (`drifttrail log | head`). */
  readonly closed: () => boolean;
  /** Talk: one line on stderr. */
  readonly say: (text: string) => void;
  /** Passing talk, only when stderr is a terminal: the line is overwritten by the next. */
  readonly progress: (text: string) => void;
  readonly exit: (code: number) => void;
}

/** Gives a command its arguments, options, help and work. */
export type Registration = (self: Command, session: Session) => void;

/** Options that the program itself has; commander gives them to every command. */
export interface GlobalOptions {
  readonly dir: string;
}

export async function openDeployment(session: Session, options: GlobalOptions): Promise<Deployment> {
  const { loadDeployment } = await import('../deployment.ts');
  return loadDeployment(options.dir, session.surroundings);
}

/** A path as one would type it here: relative for what stands below. */
export function typedPath(path: string): string {
  const near = relative(process.cwd(), path);
  return near === '' || near.startsWith('..') || isAbsolute(near) ? path : near;
}

/** How the text report is drawn; `titles` are the exporters' own words for their kinds. */
export function textOptions({ colour, width }: Session, kinds: Readonly<Record<string, Kind>>): TextOptions {
  return { colour, width, titles: titlesOf(kinds) };
}

/** As `JSON.stringify` indents; the members of long lists one after the other, so that no text of them all is ever held. */
export async function outJson(session: Session, value: object): Promise<void> {
  let text = '';
  for (const part of jsonParts(value)) {
    text += part;
    if (text.length < CHUNK) continue;
    await session.write(text);
    text = '';
  }
  await session.write(`${text}\n`);
}

const CHUNK = 65_536;

function* jsonParts(value: object): Generator<string> {
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  const members: readonly (readonly [string, unknown])[] = Array.isArray(value)
    ? value.map((item: unknown) => ['', item] as const)
    : Object.entries(value)
        .filter(([, inner]) => inner !== undefined)
        .map(([key, inner]) => [`${JSON.stringify(key)}: `, inner] as const);
  if (members.length === 0) return yield open + close;
  let before = `${open}\n`;
  for (const [label, inner] of members) {
    yield `${before}  ${label}`;
    if (Array.isArray(inner) && inner.length > 0) for (const part of jsonParts(inner)) yield part.replaceAll('\n', '\n  ');
    else yield (JSON.stringify(inner, null, 2) ?? 'null').replaceAll('\n', '\n  ');
    before = ',\n';
  }
  yield `\n${close}`;
}

/** What is half on the disk must not look like a report: a full disk is an error, unlike a reader who has seen enough. */
function unwritable(cause: NodeJS.ErrnoException): DrifttrailError {
  return new DrifttrailError({
    code: 'output-failed',
    message: `the output cannot be written: ${cause.code === 'ENOSPC' ? 'the disk is full (ENOSPC)' : (cause.code ?? cause.message)}`,
    remedy: 'what was written so far is not whole; make room, or write elsewhere',
    cause,
  });
}

/** The session of a real process. */
export function processSession(surroundings: Surroundings, signal: AbortSignal): Session {
  const { stdout, stderr, env } = process;
  let closed = false;
  let failed: NodeJS.ErrnoException | undefined;
  let shown = 0;
  // A reader that leaves early is not an error of ours; the work goes on, its output is dropped.
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    closed = true;
    if (error.code === 'EPIPE' || failed !== undefined) return;
    // Not of ours, such as the help: nobody waits for it, and so nobody would tell.
    failed = error;
    stderr.write(`drifttrail: ${describeError(unwritable(error))}\n`);
    process.exitCode = 1;
  });
  // There is nowhere left to say it.
  stderr.on('error', () => undefined);
  const clear = () => {
    if (shown > 0) stderr.write(`\r${' '.repeat(shown)}\r`);
    shown = 0;
  };
  const write = (text: string): Promise<void> =>
    new Promise((resolve, reject) => {
      clear();
      if (failed !== undefined) reject(unwritable(failed));
      else if (closed) resolve();
      else
        stdout.write(text, (error) => {
          if (error == null || (error as NodeJS.ErrnoException).code === 'EPIPE') return resolve();
          failed ??= error;
          reject(unwritable(error));
        });
    });
  return {
    surroundings,
    signal,
    terminal: stdout.isTTY === true,
    colour: wantsColour(env, stdout.isTTY === true),
    width: stdout.columns ?? 100,
    out: (text) => write(text.endsWith('\n') || text === '' ? text : `${text}\n`),
    write,
    closed: () => closed,
    say: (text) => {
      clear();
      stderr.write(`${cleanLines(text)}\n`);
    },
    progress: (text) => {
      if (stderr.isTTY !== true) return;
      clear();
      const line = cut(clean(text).replaceAll(/\s+/g, ' '), Math.max(10, (stderr.columns ?? 80) - 1));
      stderr.write(line);
      shown = widthOf(line);
    },
    exit: (code) => {
      process.exitCode = code;
    },
  };
}
