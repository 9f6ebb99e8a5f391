/** Conditions and reason templates as CEL, compiled once when rules load. */
import { Environment } from '@marcbachmann/cel-js';
import { suggest } from '../suggest.ts';
import { HELPERS, registerHelpers } from './functions.ts';
import { type Known, quickly } from './quick.ts';

/** The facts a rule sees, by name; see facts.ts. */
export const VARIABLES = [
  'change',
  'before',
  'after',
  'added',
  'removed',
  'modified',
  'lines',
  'policies',
  'openings',
  'event',
  'events',
  'actor',
  'account',
  'neighbours',
  'transient',
  'resource',
] as const;
export type Variables = Readonly<Record<(typeof VARIABLES)[number], unknown>>;

export interface Condition {
  (facts: Variables): boolean;
  /** Whether what is known so far is enough to say that it will not hold. */
  readonly excludes: (facts: Known) => boolean;
}
export type Template = (facts: Variables) => string;

/** A condition or template that is no CEL; `offset` counts characters from its beginning. */
export class CelError extends Error {
  readonly offset: number;
  constructor(message: string, offset: number) {
    super(message);
    this.name = 'CelError';
    this.offset = offset;
  }
}

export interface Compiler {
  readonly condition: (source: string) => Condition;
  readonly template: (source: string) => Template;
}

/** Conditions come from people: bound them, so that a slip cannot stall a run. */
const LIMITS = { maxAstNodes: 2000, maxDepth: 60, maxListElements: 200, maxMapEntries: 100, maxCallArguments: 8 };

export function createCompiler(): Compiler {
  const environment = new Environment({ enableOptionalTypes: true, homogeneousAggregateLiterals: false, limits: LIMITS });
  for (const name of VARIABLES) environment.registerVariable(name, 'dyn');
  registerHelpers(environment);
  const compile = (source: string, type?: string) => {
    const evaluate = parse(environment, source);
    const check = evaluate.check();
    if (!check.valid) throw problemOf(check.error);
    if (type !== undefined && check.type !== undefined && check.type !== 'dyn' && check.type !== type) {
      throw new CelError(`gives ${check.type} where ${type} is wanted`, 0);
    }
    return evaluate;
  };
  return {
    condition: (source) => {
      const evaluate = compile(source, 'bool');
      const quick = quickly(evaluate.ast);
      return Object.assign((facts: Variables) => quick(facts) ?? evaluate(facts) === true, {
        excludes: (facts: Known) => quick(facts) === false,
      });
    },
    template: (source) => compileTemplate(source, (expression) => compile(expression)),
  };
}

function parse(environment: Environment, source: string) {
  try {
    return environment.parse(source);
  } catch (error) {
    throw problemOf(error);
  }
}

function problemOf(error: unknown): CelError {
  const { summary, message, range } = (error ?? {}) as { summary?: string; message?: string; range?: { start: number } };
  const what = summary ?? message?.split('\n')[0] ?? String(error);
  return new CelError(`${what}${didYouMean(what)}`, range?.start ?? 0);
}

function didYouMean(message: string): string {
  const word = /for '(\w+)\(|variable:? '?(\w+)/i.exec(message);
  const unknown = word?.[1] ?? word?.[2];
  const near =
    unknown === undefined
      ? undefined
      : suggest(unknown, [...VARIABLES, ...HELPERS.map(({ signature }) => signature.slice(0, signature.indexOf('(')))]);
  return near === undefined || near === unknown ? '' : `; did you mean "${near}"?`;
}

const PLACEHOLDER = /\{\{(.*?)\}\}/gs;

/** Text in which `{{ expression }}` stands for the expression's value. */
function compileTemplate(source: string, compile: (expression: string) => (facts: Variables) => unknown): Template {
  const parts: (string | ((facts: Variables) => unknown))[] = [];
  let last = 0;
  for (const match of source.matchAll(PLACEHOLDER)) {
    const inner = match[1] ?? '';
    parts.push(source.slice(last, match.index));
    try {
      parts.push(compile(inner.trim()));
    } catch (error) {
      if (error instanceof CelError) throw new CelError(`in {{${inner}}}: ${error.message}`, match.index + 2 + error.offset);
      throw error;
    }
    last = match.index + match[0].length;
  }
  parts.push(source.slice(last));
  return (facts) =>
    parts
      .map((part) => (typeof part === 'string' ? part : show(part(facts))))
      .join('')
      .replaceAll(/\s+/g, ' ')
      .trim();
}

function show(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) return [...new Set(value.map(show))].filter((text) => text !== '').join(', ');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
