/** TOML as data. */
import { parse, TomlDate, type TomlValue } from 'smol-toml';
import type { Json } from '../../model.ts';
import { DEEPEST } from './depth.ts';
import { plainValue, stringValue } from './scalars.ts';

/** Throws for what is no TOML; a key that stands twice is none. */
export function readToml(text: string): Json {
  return toJson(parse(text, { integersAsBigInt: true, maxDepth: DEEPEST }), DEEPEST);
}

function toJson(value: TomlValue, left: number): Json {
  // The parser bounds brackets, and no dots between names.
  if (left < 0) throw new RangeError(`nested deeper than ${DEEPEST}`);
  if (typeof value === 'string') return stringValue(value);
  if (typeof value === 'boolean') return value;
  if (typeof value === 'bigint') return plainValue(String(value));
  if (typeof value === 'number') return floatOf(value);
  if (value instanceof TomlDate) return value.toISOString();
  if (Array.isArray(value)) return value.map((item) => toJson(item, left - 1));
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, toJson(member, left - 1)]));
}

/** 1.0 is no integer, and infinity no JSON. */
function floatOf(value: number): Json {
  if (Number.isInteger(value)) return `${value}.0`;
  return Number.isFinite(value) ? value : Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf';
}
