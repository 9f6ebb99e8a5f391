/** The files that a comparison reads and writes: expected differences, and baselines of accepted ones. */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { stringify } from 'yaml';
import { type Accepted, acceptedSchema } from '../compare/accepted.ts';
import type { SideName } from '../compare/side.ts';
import { parseYaml } from '../config/config.ts';
import { check } from '../config/problems.ts';
import { expectRules, type IgnoreRule } from '../config/schema.ts';
import { DrifttrailError } from '../errors.ts';
import { requirePlain } from '../plain-file.ts';

/** A side by its name; anything else is a file. Throws `side-unknown` where it is neither. */
export function baselineOf(text: string, sides: readonly SideName[]): { readonly side?: string; readonly accepted?: Accepted } {
  const found = sides.find(({ name, scope }) => name === text || scope === text || scope.endsWith(`/${text}`));
  if (found !== undefined) return { side: found.name };
  const source = readText(text);
  if (source === undefined) {
    throw new DrifttrailError({
      code: 'side-unknown',
      message: `the baseline ${text} is none of the sides and no file`,
      remedy: `name one of ${sides.map(({ name }) => name).join(', ')}, or make the file with --save-baseline ${text}`,
    });
  }
  return { accepted: checked(source, text, acceptedSchema) };
}

export function readExpected(file: string): IgnoreRule[] {
  const source = readText(file);
  if (source === undefined) {
    throw new DrifttrailError({
      code: 'file-unreadable',
      message: `there is no file ${file}`,
      remedy: 'write a YAML list such as: - { kind: host.file, id: etc/motd, reason: each team its own }',
    });
  }
  return checked(source, file, expectRules);
}

/** How many places it holds. Replaces an older one, and no other file. */
export function writeAccepted(file: string, accepted: Accepted): number {
  const there = readText(file);
  if (there !== undefined && !/^(?:# Differences that were looked at|\s*\{\s*"schemaVersion")/.test(there)) {
    throw new DrifttrailError({
      code: 'file-taken',
      message: `${file} is there already and holds no accepted differences`,
      remedy: 'name another file: --save-baseline accepted.yaml',
    });
  }
  const text = file.endsWith('.json')
    ? `${JSON.stringify(accepted, null, 2)}\n`
    : `# Differences that were looked at and accepted: drifttrail compare … --baseline ${file.slice(file.lastIndexOf('/') + 1)}\n${stringify(accepted)}`;
  try {
    // Whole or not at all: a full disk must not leave half of what somebody accepted.
    writeFileSync(`${file}.new`, text, { mode: 0o600, flush: true });
    renameSync(`${file}.new`, file);
  } catch (cause) {
    throw new DrifttrailError({
      code: 'file-unwritable',
      message: `cannot write ${file}: ${(cause as NodeJS.ErrnoException).code}`,
      remedy: 'name a file in a folder that you may write to',
      cause,
    });
  }
  return accepted.accepted.length;
}

function checked<Schema extends Parameters<typeof check>[0]>(text: string, file: string, schema: Schema): ReturnType<typeof check<Schema>> {
  const source = parseYaml(text, file);
  return check(schema, source.document.toJS({ maxAliasCount: 0 }), source);
}

/** Undefined where there is none. */
function readText(file: string): string | undefined {
  requirePlain(file);
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw new DrifttrailError({
      code: 'file-unreadable',
      message: `cannot read ${file}: ${code}`,
      remedy: 'name a file that you may read',
      cause,
    });
  }
}
