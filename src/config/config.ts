/** Reads drifttrail.yaml. Precedence: flag, environment `DRIFTTRAIL_*`, file, default. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LineCounter, parseDocument } from 'yaml';
import { DrifttrailError } from '../errors.ts';
import { requirePlain } from '../plain-file.ts';
import { check, type Source } from './problems.ts';
import { type Config, configSchema } from './schema.ts';

export const CONFIG_FILE = 'drifttrail.yaml';

/** The settings that an environment variable or a flag may override. */
const OVERRIDABLE = ['remote', 'urgent', 'patience'] as const;
export type Overrides = Partial<Record<(typeof OVERRIDABLE)[number], string>>;

export interface LoadedConfig {
  readonly config: Config;
  /** The plug-in entries as written, by the same index, for their own schemas. */
  readonly source: Source;
}

/** Throws `not-a-deployment` when there is no configuration, `config-invalid` with line and column when it is wrong. */
export function loadConfig(dir: string, env: Readonly<Record<string, string | undefined>>, flags: Overrides = {}): LoadedConfig {
  const file = join(dir, CONFIG_FILE);
  const source = parseYaml(readConfig(file, dir), file);
  const value = dataOf(source);
  const overrides = overridesOf(env, flags);
  const merged = typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value, ...overrides } : value;
  return { config: check(configSchema, merged, source), source };
}

/** Checked by themselves: a wrong one stands nowhere in the file. */
function overridesOf(env: Readonly<Record<string, string | undefined>>, flags: Overrides): Overrides {
  const found: Overrides = {};
  for (const name of OVERRIDABLE) {
    const variable = `DRIFTTRAIL_${name.toUpperCase()}`;
    const value = flags[name] ?? env[variable];
    if (value === undefined) continue;
    const issue = configSchema.shape[name].safeParse(value).error?.issues[0];
    if (issue !== undefined) {
      throw new DrifttrailError({
        code: 'config-invalid',
        message: `${flags[name] === undefined ? `the environment variable ${variable}` : `--${name}`}: ${issue.message}`,
        remedy: 'see: drifttrail schema',
      });
    }
    found[name] = value;
  }
  return found;
}

/** The document as plain data. Aliases are resolved only here: one may have no anchor, or unfold without end. */
function dataOf({ document, file }: Source): unknown {
  try {
    return document.toJS();
  } catch (cause) {
    throw new DrifttrailError({
      code: 'config-invalid',
      message: cause instanceof Error ? cause.message : String(cause),
      remedy: 'correct the anchors (&) and aliases (*) of the YAML',
      position: { file },
      cause,
    });
  }
}

/** Parses YAML and keeps where everything stands. Throws `config-invalid` with line and column. */
export function parseYaml(text: string, file: string): Source {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const problem = document.errors[0];
  if (problem !== undefined) {
    const { line, col } = lines.linePos(problem.pos[0]);
    throw new DrifttrailError({
      code: 'config-invalid',
      message: problem.code === 'MULTIPLE_DOCS' ? 'a second document begins here' : problem.message,
      remedy: problem.code === 'MULTIPLE_DOCS' ? 'write one document, without ---' : 'correct the YAML',
      position: { file, line, column: col },
    });
  }
  return { file, document, lines };
}

function readConfig(file: string, dir: string): string {
  requirePlain(file);
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw new DrifttrailError({
        code: 'not-a-deployment',
        message: `${dir} is not a deployment: it has no ${CONFIG_FILE}`,
        remedy: 'make one with: drifttrail init, or name it with --dir',
        cause,
      });
    }
    throw new DrifttrailError({
      code: 'config-unreadable',
      message: `cannot read ${file}: ${code}`,
      remedy: 'let the user who runs drifttrail read it',
      cause,
    });
  }
}
