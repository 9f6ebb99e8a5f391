/** Loads ranking rules from YAML: checked against their schema, compiled once, a mistake named by line and column. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Document, isMap, isNode, isPair, isScalar, LineCounter, parseDocument } from 'yaml';
import { DrifttrailError, type Position } from '../errors.ts';
import { suggestion } from '../suggest.ts';
import { CelError, type Compiler, type Condition, createCompiler, type Template, VARIABLES } from './cel.ts';
import { HELPERS } from './functions.ts';
import { bandOf } from './levels.ts';
import { type RuleSource, ruleSchema } from './schema.ts';

export interface Rule extends Omit<RuleSource, 'when' | 'reason'> {
  readonly onChange: Condition;
  readonly onEvent: Condition;
  readonly reason: Template;
  readonly position: Position;
}

export interface RuleSet {
  readonly rules: readonly Rule[];
  readonly byKind: ReadonlyMap<string, readonly Rule[]>;
  /** Rules for an event; `action` is the event name without the API version that Lambda and CloudFront append. */
  readonly forEvent: (source: string, action: string) => readonly Rule[];
}

const NEEDS =
  'a rule needs id, kinds or events, when, level, score, threat, reason, falsePositives, and examples that it must match (true) and must not (false)';

interface Source {
  readonly file: string;
  readonly document: Document;
  readonly lines: LineCounter;
}

/**
 * Reads every `*.yaml` of the folders, in order; a later rule replaces an earlier one of the same id, which is how a user
 * overrides what ships. A folder that does not exist holds no rules. Throws `rules-invalid` with the place of the mistake.
 */
export async function loadRules(folders: readonly (URL | string)[]): Promise<RuleSet> {
  const compiler = createCompiler();
  const byId = new Map<string, Rule>();
  for (const folder of folders) {
    const ids = new Map<string, Rule>();
    for (const file of await filesOf(typeof folder === 'string' ? folder : fileURLToPath(folder))) {
      for (const rule of parseRules(await readFile(file, 'utf8'), file, compiler)) {
        const twin = ids.get(rule.id);
        if (twin !== undefined) {
          throw invalid(
            `rule "${rule.id}" is defined twice, first in ${twin.position.file}:${twin.position.line}`,
            rule.position,
            'rename one of them',
          );
        }
        ids.set(rule.id, rule);
      }
    }
    for (const [id, rule] of ids) byId.set(id, rule);
  }
  return ruleSet([...byId.values()].filter((rule) => !rule.disabled));
}

async function filesOf(folder: string): Promise<readonly string[]> {
  try {
    const names = await readdir(folder);
    return names
      .filter((name) => /\.ya?ml$/.test(name))
      .sort()
      .map((name) => join(folder, name));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

export function ruleSet(rules: readonly Rule[]): RuleSet {
  const byKind = new Map<string, Rule[]>();
  for (const rule of rules) for (const kind of rule.kinds) byKind.set(kind, [...(byKind.get(kind) ?? []), rule]);
  const globs = rules.map((rule) => ({
    rule,
    patterns: rule.events.map(globOf),
    names: rule.events.map((glob) => globOf(glob.slice(glob.indexOf(':') + 1))),
  }));
  const known = new Map<string, readonly Rule[]>();
  return {
    rules,
    byKind,
    forEvent: (source, action) => {
      const name = `${source.replace(/\.amazonaws\.com$/, '')}:${action}`;
      // A masked source ("...") tells nothing; the action's name alone then decides.
      const masked = !/[a-z]/i.test(source);
      const found =
        known.get(name) ??
        globs
          .filter(({ patterns, names }) =>
            masked ? names.some((pattern) => pattern.test(action)) : patterns.some((pattern) => pattern.test(name)),
          )
          .map(({ rule }) => rule);
      known.set(name, found);
      return found;
    },
  };
}

function globOf(glob: string): RegExp {
  return new RegExp(`^${glob.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`);
}

/** The rules of one file: a YAML list. */
export function parseRules(text: string, file: string, compiler: Compiler = createCompiler()): readonly Rule[] {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const source = { file, document, lines };
  const mistake = document.errors[0];
  if (mistake !== undefined) {
    const { line, col } = lines.linePos(mistake.pos[0]);
    throw invalid(
      mistake.message.split('\n')[0]?.replace(/ at line \d+, column \d+:?$/, '') ?? 'not YAML',
      { file, line, column: col },
      'fix the YAML',
    );
  }
  const value: unknown = document.toJS() ?? [];
  if (!Array.isArray(value))
    throw invalid('a rules file is a list of rules', { file, line: 1, column: 1 }, 'begin each rule with "- id: …"');
  return value.map((item: unknown, index) => compileRule(item, index, source, compiler));
}

function compileRule(item: unknown, index: number, source: Source, compiler: Compiler): Rule {
  const result = ruleSchema.safeParse(item);
  if (!result.success) {
    // A misspelt key is also a missing one; the misspelling is the mistake to name.
    const issue = result.error.issues.find(({ code }) => code === 'unrecognized_keys') ?? result.error.issues[0];
    const path = [index, ...(issue?.path ?? [])];
    const key = issue?.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
    if (key !== undefined)
      throw invalid(
        `unknown key "${key}"`,
        place(source, path, key),
        suggestion(key, path.length === 1 ? Object.keys(ruleSchema.shape) : ['true', 'false', 'change', 'event', 'actor', 'around']),
      );
    throw invalid(`${path.slice(1).join('.') || 'rule'}: ${issue?.message ?? 'is invalid'}`, place(source, path), NEEDS);
  }
  const rule = result.data;
  const { from, to } = bandOf(rule.level);
  if (rule.score < from || rule.score > to)
    throw invalid(`score ${rule.score} is not ${rule.level}`, place(source, [index, 'score']), `${rule.level} is ${from} to ${to}`);
  const { when, reason, ...rest } = rule;
  const condition = (text: string, path: readonly PropertyKey[]) => compiled(() => compiler.condition(text), source, path);
  const onChange = typeof when === 'string' ? condition(when, [index, 'when']) : condition(when.change, [index, 'when', 'change']);
  const onEvent = typeof when === 'string' ? onChange : condition(when.event, [index, 'when', 'event']);
  return {
    ...rest,
    onChange,
    onEvent,
    reason: compiled(() => compiler.template(reason), source, [index, 'reason']),
    position: place(source, [index]),
  };
}

function compiled<Result>(compile: () => Result, source: Source, path: readonly PropertyKey[]): Result {
  try {
    return compile();
  } catch (error) {
    if (!(error instanceof CelError)) throw error;
    throw invalid(
      `${String(path.at(-1))}: ${error.message}`,
      place(source, path, undefined, error.offset),
      `beyond CEL a rule may say ${[...VARIABLES, ...HELPERS.map(({ signature }) => signature.replace(/:.*/, ''))].join(', ')}`,
    );
  }
}

/** The place of a path in the YAML, of a key under it, or of a character inside a one-line scalar; the nearest parent that exists. */
function place({ file, document, lines }: Source, path: readonly PropertyKey[], key?: string, offset = 0): Position {
  for (let length = path.length; length >= 0; length--) {
    const node = document.getIn(path.slice(0, length), true);
    if (!isNode(node)) continue;
    const pair = key !== undefined && isMap(node) ? node.items.find((item) => isPair(item) && String(item.key) === key) : undefined;
    const target = pair !== undefined && isNode(pair.key) ? pair.key : node;
    const start = target.range?.[0];
    if (start === undefined) continue;
    const plain = isScalar(target) && length === path.length && (target.type === 'PLAIN' || target.type?.startsWith('QUOTE'));
    const { line, col } = lines.linePos(start + (plain ? offset + (target.type === 'PLAIN' ? 0 : 1) : 0));
    return { file, line, column: col };
  }
  return { file, line: 1, column: 1 };
}

function invalid(message: string, position: Position, remedy: string): DrifttrailError {
  return new DrifttrailError({ code: 'rules-invalid', message, position, remedy });
}
