/** The part of JMESPath that our commands ask with: fields, indices, `[?Field]`, `[?Field=='text']` and `| [0]`. */
import type { Json } from '../../../src/model.ts';
import { isObject } from '../../../src/pointer.ts';

export function search(expression: string, answer: Json): Json {
  return expression.split(' | ').reduce((value, part) => path(part.trim(), value), answer);
}

function path(expression: string, value: Json): Json {
  const step = /^\.?(?:(?<field>\w+)|\[(?<index>\d+)\]|\[\?(?<filter>[^\]]+)\])/.exec(expression);
  if (step === null) {
    if (expression === '') return value;
    throw new Error(`no way is known to ask for ${expression}`);
  }
  const rest = expression.slice(step[0].length);
  const { field, index, filter } = step.groups ?? {};
  if (field !== undefined) return path(rest, isObject(value) ? (value[field] ?? null) : null);
  const items = Array.isArray(value) ? value : [];
  if (index !== undefined) return path(rest, items[Number(index)] ?? null);
  // A filter projects: what follows is asked of every item that passes.
  const kept = items.filter((item) => passes(filter ?? '', item)).map((item) => path(rest, item));
  return kept.filter((item) => item !== null);
}

function passes(filter: string, item: Json): boolean {
  const [, name = '', wanted] = /^(\w+)(?:=='([^']*)')?$/.exec(filter) ?? [];
  if (name === '') throw new Error(`no way is known to filter by ${filter}`);
  const found = isObject(item) ? item[name] : undefined;
  return wanted === undefined ? found === true : found === wanted;
}

/** As `--output text` prints it. */
export function asText(value: Json): string {
  if (value === null) return 'None';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
