/** One form for each IAM policy document, so that a rewording that means the same is no change. */
import { isObject, type Json, type JsonObject } from 'drifttrail';

// Fields in which IAM takes a scalar for a list of one, and in which order means nothing.
const LISTS = ['Action', 'NotAction', 'Resource', 'NotResource'];
const PRINCIPALS = ['Principal', 'NotPrincipal'];

/**
 * The canonical form of a policy: JSON text (also percent-encoded, as IAM answers) or an object. `Statement` is an
 * array in its own order; actions, resources and principals are sorted arrays; `Principal: "*"` is `{ AWS: ["*"] }`,
 * which AWS documents as equal. Keys stay as AWS writes them. Text that is no JSON object is returned unchanged.
 */
export function canonicalPolicy(document: Json | string): Json {
  const policy = typeof document === 'string' ? parseDocument(document) : document;
  if (!isObject(policy)) return document;
  const { Statement } = policy;
  if (Statement === undefined) return policy;
  const statements: readonly Json[] = Array.isArray(Statement) ? Statement : [Statement as Json];
  return { ...policy, Statement: statements.map((statement) => (isObject(statement) ? canonicalStatement(statement) : statement)) };
}

function parseDocument(text: string): Json | undefined {
  for (const candidate of candidates(text)) {
    try {
      return JSON.parse(candidate) as Json;
    } catch {
      // Not JSON in this reading; the next one may be. The caller keeps text that has no reading.
    }
  }
  return undefined;
}

function candidates(text: string): string[] {
  if (!text.trimStart().startsWith('%')) return [text];
  try {
    return [decodeURIComponent(text.trim())];
  } catch {
    return [];
  }
}

function canonicalStatement(statement: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(statement).map(([key, value]) => {
      if (LISTS.includes(key)) return [key, sortedList(value)];
      if (PRINCIPALS.includes(key)) return [key, canonicalPrincipal(value)];
      if (key === 'Condition') return [key, canonicalCondition(value)];
      return [key, value];
    }),
  );
}

function canonicalPrincipal(principal: Json): Json {
  if (principal === '*') return { AWS: ['*'] };
  return isObject(principal) ? mapValues(principal, sortedList) : principal;
}

/** Several values of a condition key are alternatives: a set. A single value stays as written. */
function canonicalCondition(condition: Json): Json {
  if (!isObject(condition)) return condition;
  return mapValues(condition, (keys) =>
    isObject(keys) ? mapValues(keys, (value) => (Array.isArray(value) ? sortedList(value) : value)) : keys,
  );
}

function sortedList(value: Json): Json {
  const items: readonly Json[] = Array.isArray(value) ? value : [value];
  if (!items.every((item) => typeof item === 'string')) return items;
  return [...new Set(items)].sort();
}

function mapValues(object: JsonObject, change: (value: Json) => Json): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]));
}
