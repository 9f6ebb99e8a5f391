/** Loads ranking rules from YAML: checked against their schema, a mistake named by line and column. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Document, isMap, isNode, isPair, isScalar, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { DrifttrailError, type Position } from '../errors.ts';
import { requirePlain } from '../plain-file.ts';
import { suggestion } from '../suggest.ts';
import { CelError, type Compiler, type Condition, createCompiler, type Template, VARIABLES } from './cel.ts';
import { HELPERS } from './functions.ts';
import { bandOf } from './levels.ts';
import { once } from './once.ts';
import { leanRuleSchema, type RuleSource, ruleSchema } from './schema.ts';

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
 * What ships (a URL) was verified before it shipped: its conditions are compiled when they are first asked and its examples
 * read when somebody verifies them, which halves the time to load. A deployment's own rules (a path) are checked at once.
 */
export async function loadRules(folders: readonly (URL | string)[]): Promise<RuleSet> {
  const compiler = createCompiler();
  const byId = new Map<string, Rule>();
  for (const folder of folders) {
    const ids = new Map<string, Rule>();
    const shipped = typeof folder !== 'string';
    for (const file of await filesOf(shipped ? fileURLToPath(folder) : folder)) {
      requirePlain(file);
      const text = await readFile(file, 'utf8');
      for (const rule of shipped ? parseShipped(text, file, compiler) : parseRules(text, file, compiler)) {
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
  const { items, source } = listOf(text, file);
  return items.map((item, index) => {
    const { examples, ...lean } = checked(ruleSchema, item, index, source);
    const { onChange, onEvent, reason } = compileRule(lean, index, source, compiler);
    return { ...lean, examples, onChange, onEvent, reason, position: place(source, [index]) };
  });
}

/** Examples of a rule in block style, which the shipped rules all have. */
const EXAMPLES = /^ {2}examples:\n(?:(?: {4}.*)?\n)*/gm;

function parseShipped(text: string, file: string, compiler: Compiler): readonly Rule[] {
  const { items, source } = listOf(
    text.replaceAll(EXAMPLES, (block) => block.replaceAll(/[^\n]+/g, '')),
    file,
  );
  const whole = once(() => new Map(parseRules(text, file, compiler).map(({ id, examples }) => [id, examples])));
  return items.map((item, index) => {
    const lean = checked(leanRuleSchema, item, index, source);
    const parts = once(() => compileRule(lean, index, source, compiler));
    return {
      ...lean,
      get examples() {
        return whole().get(lean.id) ?? { true: [], false: [] };
      },
      get onChange() {
        return parts().onChange;
      },
      get onEvent() {
        return parts().onEvent;
      },
      reason: (facts) => parts().reason(facts),
      position: place(source, [index]),
    };
  });
}

function listOf(text: string, file: string): { readonly items: readonly unknown[]; readonly source: Source } {
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
  const items: unknown = document.toJS() ?? [];
  if (!Array.isArray(items))
    throw invalid('a rules file is a list of rules', { file, line: 1, column: 1 }, 'begin each rule with "- id: …"');
  return { items, source };
}

function checked<Schema extends typeof ruleSchema | typeof leanRuleSchema>(
  schema: Schema,
  item: unknown,
  index: number,
  source: Source,
): z.output<Schema> {
  const result = schema.safeParse(item);
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
  const { level, score } = result.data;
  const { from, to } = bandOf(level);
  if (score < from || score > to)
    throw invalid(`score ${score} is not ${level}`, place(source, [index, 'score']), `${level} is ${from} to ${to}`);
  return result.data as z.output<Schema>;
}

function compileRule(
  { when, reason }: Pick<RuleSource, 'when' | 'reason'>,
  index: number,
  source: Source,
  compiler: Compiler,
): Pick<Rule, 'onChange' | 'onEvent' | 'reason'> {
  const condition = (text: string, path: readonly PropertyKey[]) => compiled(() => compiler.condition(text), source, path);
  const onChange = typeof when === 'string' ? condition(when, [index, 'when']) : condition(when.change, [index, 'when', 'change']);
  const onEvent = typeof when === 'string' ? onChange : condition(when.event, [index, 'when', 'event']);
  return { onChange, onEvent, reason: compiled(() => compiler.template(reason), source, [index, 'reason']) };
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
