/** Turns what zod and yaml complain of into one error with file, line, column and what to do. */
import type { Document, LineCounter } from 'yaml';
import { isNode, isPair, isMap } from 'yaml';
import type { ZodType, z } from 'zod';
import { DrifttrailError, type Position } from '../errors.ts';
import { suggestion } from '../suggest.ts';

export interface Source {
  readonly file: string;
  readonly document: Document;
  readonly lines: LineCounter;
}

/** The place of a path in the YAML source; the nearest parent that exists. For a key, the key itself. */
export function positionOf(source: Source, path: readonly PropertyKey[], key?: string): Position {
  for (let length = path.length; length >= 0; length--) {
    const node = source.document.getIn(path.slice(0, length), true);
    if (!isNode(node)) continue;
    const pair = key !== undefined && isMap(node) ? node.items.find((item) => isPair(item) && String(item.key) === key) : undefined;
    const target = pair !== undefined && isNode(pair.key) ? pair.key : node;
    const offset = target.range?.[0];
    if (offset === undefined) continue;
    const { line, col } = source.lines.linePos(offset);
    return { file: source.file, line, column: col };
  }
  return { file: source.file, line: 1, column: 1 };
}

/** Checks a part of the source against a schema. Throws `config-invalid` at the first problem, by its place in the file. */
export function check<Schema extends ZodType>(
  schema: Schema,
  value: unknown,
  source: Source,
  prefix: readonly PropertyKey[] = [],
  /** Keys that stand beside those of the schema and are somebody else's to check. */
  others: readonly string[] = [],
): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  if (issue === undefined) throw new Error('zod failed without an issue');
  const path = [...prefix, ...issue.path];
  if (issue.code === 'unrecognized_keys') {
    const key = issue.keys[0] ?? '';
    throw new DrifttrailError({
      code: 'config-invalid',
      message: `unknown key "${key}"`,
      remedy: suggestion(key, [...knownKeys(schema, issue.path), ...(issue.path.length === 0 ? others : [])]),
      position: positionOf(source, path, key),
    });
  }
  throw new DrifttrailError({
    code: 'config-invalid',
    message: `${path.map(String).join('.') || 'the configuration'} ${inWords(issue, valueAt(value, issue.path))}`,
    remedy: 'every key is in: drifttrail schema',
    position: positionOf(source, path),
  });
}

/** zod's message, save where a person who mistyped something would not recognise it. */
function inWords(issue: z.core.$ZodIssue, value: unknown): string {
  if (value === undefined) return 'is missing';
  if (value === null) return 'is empty; write its value or remove the key';
  if (issue.code === 'invalid_type') return `must be ${kindOf(issue.expected)}, not ${kindOf(typeOf(value))}`;
  if (issue.code === 'invalid_union') {
    // Of the right type for one of them: what is wrong with it is what that one says.
    const fitting = issue.errors.find(([first]) => first !== undefined && !(first.code === 'invalid_type' && first.path.length === 0))?.[0];
    if (fitting !== undefined) return inWords(fitting, valueAt(value, fitting.path));
    const expected = issue.errors.flatMap(([first]) => (first?.code === 'invalid_type' ? [kindOf(first.expected)] : []));
    if (expected.length > 0) return `must be ${[...new Set(expected)].join(' or ')}, not ${kindOf(typeOf(value))}`;
  }
  if (issue.code === 'invalid_value') return `must be one of ${issue.values.map(String).join(', ')}`;
  if (issue.code === 'too_small' && issue.origin === 'array') return `needs at least ${issue.minimum}`;
  return issue.message;
}

const KINDS: Readonly<Record<string, string>> = {
  array: 'a list',
  tuple: 'a list',
  object: 'a map of keys and values',
  record: 'a map of keys and values',
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
};

function kindOf(type: string): string {
  return KINDS[type] ?? type;
}

function typeOf(value: unknown): string {
  return Array.isArray(value) ? 'array' : typeof value;
}

/** What stands at a path of the value; null where something empty stands in its way. */
function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, key) => (inner === null || inner === undefined ? inner : (inner as Record<PropertyKey, unknown>)[key]),
    value,
  );
}

/** The keys that the object schema at a path knows. */
function knownKeys(schema: ZodType, path: readonly PropertyKey[]): string[] {
  let current: unknown = schema;
  for (const segment of path) current = step(unwrap(current), segment);
  const shape = (unwrap(current) as { shape?: object } | undefined)?.shape;
  return shape === undefined ? [] : Object.keys(shape);
}

function step(schema: unknown, segment: PropertyKey): unknown {
  const { element, shape } = (schema ?? {}) as { element?: unknown; shape?: Record<PropertyKey, unknown> };
  return typeof segment === 'number' ? element : shape?.[segment];
}

function unwrap(schema: unknown): unknown {
  let current = schema;
  for (;;) {
    const inner = (current as { def?: { innerType?: unknown; in?: unknown; options?: readonly unknown[] } } | undefined)?.def;
    // Of several that would do the one with keys of its own.
    const keyed = inner?.options?.map(unwrap).find((option) => (option as { shape?: object } | undefined)?.shape !== undefined);
    if (keyed !== undefined) return keyed;
    if (inner?.innerType !== undefined) current = inner.innerType;
    else if (inner?.in !== undefined) current = inner.in;
    else return current;
  }
}
