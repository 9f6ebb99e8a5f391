/** From what a program tells to resources and gaps: whatever it does not say to be complete is kept as it was. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CollectContext, Resource } from 'drifttrail';
import { readWritten } from './files.ts';
import { FILE } from './kinds.ts';
import { Malformed, readLines, type Told } from './lines.ts';
import type { ExecOptions } from './options.ts';
import { Failed, run } from './run.ts';

type Context = CollectContext<ExecOptions>;

/** How many of the files that were left out a gap names. */
const NAMED = 3;

export async function* collectExec(context: Context): AsyncGenerator<Resource> {
  const scope = `exec/${context.options.name}`;
  try {
    yield* context.options.output === 'files' ? fromFiles(context, scope) : fromLines(context, scope);
  } catch (error) {
    if (!(error instanceof Failed)) throw error;
    context.gap({ scope, reason: error.reason, detail: `${context.options.command[0]}: ${error.message}` });
  }
}

async function* fromLines(context: Context, scope: string): AsyncGenerator<Resource> {
  const output = await run(context);
  const words = Object.keys(context.options.kinds);
  const before = context.known().flatMap((known) => (known.scope === scope ? [known.kind] : []));
  const told = understood(
    output,
    words,
    before.map((kind) => kind.slice('exec.'.length)),
  );
  if (told.identity !== undefined) context.identity(scope, told.identity);
  for (const { kind, ...gap } of told.gaps) context.gap({ scope, ...(kind === undefined ? {} : { kind: `exec.${kind}` }), ...gap });
  for (const { kind, ...rest } of told.resources) yield resourceOf(context, scope, kind, rest);
  for (const kind of told.complete) context.complete(scope, `exec.${kind}`);
  const judged = new Set([...told.complete, ...told.gaps.flatMap(({ kind }) => kind ?? [])].map((word) => `exec.${word}`));
  if (told.gaps.some(({ kind }) => kind === undefined)) return;
  const expected = new Set([...words, ...told.resources.map(({ kind }) => kind)].map((word) => `exec.${word}`));
  for (const kind of new Set([...expected, ...before])) {
    if (!judged.has(kind)) {
      const line = JSON.stringify({ complete: kind.slice('exec.'.length) });
      context.gap({ scope, kind, reason: 'invalid', detail: `the program said neither ${line} nor a gap of it`, partial: true });
    }
  }
}

function understood(output: string, words: readonly string[], before: readonly string[]): Told {
  try {
    return readLines(output, words, before);
  } catch (error) {
    throw error instanceof Malformed ? new Failed(error.message, 'invalid') : error;
  }
}

function resourceOf(
  { options }: Context,
  scope: string,
  kind: string,
  { id, name, config }: Omit<Told['resources'][number], 'kind'>,
): Resource {
  const format = Object.hasOwn(options.kinds, kind) ? options.kinds[kind]?.format : kind === 'file' ? 'text' : 'json';
  if (format === 'text' && typeof config !== 'string')
    throw new Failed(`the config of ${kind} ${id} is no string, and the kind is text`, 'invalid');
  return { ref: { scope, kind: `exec.${kind}`, id }, config, ...(name === undefined ? {} : { name }) };
}

async function* fromFiles(context: Context, scope: string): AsyncGenerator<Resource> {
  const folder = await mkdtemp(join(tmpdir(), 'drifttrail-exec-'));
  try {
    await run(context, folder);
    let written: Awaited<ReturnType<typeof readWritten>>;
    try {
      written = await readWritten(folder, context.options.maxBytes);
    } catch (error) {
      throw new Failed((error as Error).message, 'truncated');
    }
    const { files, leftOut } = written;
    for (const [id, config] of files) yield { ref: { scope, kind: FILE, id }, config };
    if (leftOut.length === 0) context.complete(scope, FILE);
    else {
      const more = leftOut.length > NAMED ? ` and ${leftOut.length - NAMED} more` : '';
      context.gap({
        scope,
        kind: FILE,
        reason: 'invalid',
        detail: `left out: ${leftOut.slice(0, NAMED).join('; ')}${more}`,
        partial: true,
      });
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
