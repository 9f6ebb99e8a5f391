/** IAM policy documents as statements, in whatever form a record or a snapshot carries them. */
import type { Json, JsonObject } from '../model.ts';
import { isObject } from '../pointer.ts';

/** A policy from an object, or from the JSON text (sometimes percent-encoded) that audit records carry; null when it is none. */
export function parsePolicy(value: unknown): JsonObject | null {
  if (isObject(value)) return value;
  if (typeof value !== 'string') return null;
  for (const candidate of [value, decoded(value)]) {
    try {
      const parsed: unknown = JSON.parse(candidate);
      if (isObject(parsed)) return parsed;
    } catch {
      // Not JSON in this spelling; a text that is none in either is no policy.
    }
  }
  return null;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Every policy document anywhere in a request: services name the parameter each in their own way. */
export function policiesIn(value: unknown): readonly JsonObject[] {
  if (typeof value === 'string') {
    const document = /Statement|statement/.test(value) ? parsePolicy(value) : null;
    return document === null ? [] : [document];
  }
  if (Array.isArray(value)) return value.flatMap(policiesIn);
  if (!isObject(value)) return [];
  return value.Statement === undefined ? Object.values(value).flatMap(policiesIn) : [value];
}

export function statements(policy: unknown): readonly JsonObject[] {
  const document = parsePolicy(policy);
  const found = document?.Statement ?? document?.statement ?? (document?.Effect === undefined ? [] : document);
  return (Array.isArray(found) ? found : [found]).filter(isObject);
}

export function allows(policy: unknown): readonly JsonObject[] {
  return statements(policy).filter((statement) => statement.Effect === 'Allow');
}

/** One text or a list of them, as policies write most members; numbers and truth values (JSON's, not IAM's) as text. */
export function strings(value: Json | undefined): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(strings);
  return typeof value === 'string' ? [value] : typeof value === 'number' || typeof value === 'boolean' ? [String(value)] : [];
}

const globs = new Map<string, RegExp>();
/** Patterns come from policies without end; the cache of compiled ones does not grow with them. */
const MOST_GLOBS = 2000;

/** Whether a pattern with `*` and `?` covers a text, itself perhaps a pattern: `s3:*` covers `s3:Get*`. Case does not count. */
export function covers(pattern: string, text: string): boolean {
  if (pattern === '*' || pattern === text) return true;
  const known = globs.get(pattern);
  if (known !== undefined) return known.test(text);
  const source = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll(/\*+/g, '.*')
    .replaceAll('?', '.');
  const expression = new RegExp(`^${source}$`, 'is');
  if (globs.size >= MOST_GLOBS) globs.clear();
  globs.set(pattern, expression);
  return expression.test(text);
}

export function grants(statement: JsonObject, action: string): boolean {
  if (statement.NotAction !== undefined) return !strings(statement.NotAction).some((pattern) => covers(pattern, action));
  return strings(statement.Action).some((pattern) => covers(pattern, action));
}

/** `*`, every resource of a service, or every one of a type; after `arn:aws:s3:::` stands a bucket's name, no type. */
const EVERYTHING = /^(\*|arn:[^:]*:(?!s3:)[^:]*:[^:]*:[^:]*:(\*|[a-z-]+\/\*)|arn:[^:]*:s3:::\*(\/\*)?)$/;

export function everywhere(statement: JsonObject): boolean {
  if (statement.NotResource !== undefined) return true;
  return statement.Resource === undefined || strings(statement.Resource).some((resource) => EVERYTHING.test(resource));
}

export interface Constraint {
  /** Lower case, without the `ForAllValues:` prefix and the `IfExists` suffix: `stringequals`. */
  readonly operator: string;
  /** Lower case. */
  readonly key: string;
  readonly values: readonly string[];
}

export function constraints(statement: JsonObject): readonly Constraint[] {
  if (!isObject(statement.Condition)) return [];
  return Object.entries(statement.Condition).flatMap(([operator, operands]) =>
    Object.entries(isObject(operands) ? operands : {}).map(([key, values]) => ({
      operator: operator
        .toLowerCase()
        .replace(/^for(all|any)values?:/, '')
        .replace(/ifexists$/, ''),
      key: key.toLowerCase(),
      values: strings(values),
    })),
  );
}
