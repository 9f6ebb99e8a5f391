/** SDK answers as plain JSON: the first letter of every field lowered, Dates as ISO 8601, absent fields left out. */
import type { Json, JsonObject } from 'drifttrail';

/** `VpcId` → `vpcId`, `SSEType` → `sSEType`. */
export function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}

/** Like `camelObject` for maps whose keys are data, such as IAM's SummaryMap: names stay as they are. */
export function plainObject(value: Readonly<Record<string, unknown>>): JsonObject {
  return convertObject(value, (name) => name);
}

/** The answer's data; `$metadata` is dropped. Field names are lowered at every depth, map keys included. */
export function camelObject(value: Readonly<Record<string, unknown>>): JsonObject {
  return convertObject(value, lowerFirst);
}

function convert(value: unknown, rename: (name: string) => string): Json {
  if (value === null || value === undefined) return null;
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map((item) => convert(item, rename));
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (typeof value === 'object') return convertObject(value as Readonly<Record<string, unknown>>, rename);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  return null;
}

function convertObject(value: Readonly<Record<string, unknown>>, rename: (name: string) => string): JsonObject {
  const entries = Object.entries(value).filter(([name, field]) => field !== undefined && field !== null && name !== '$metadata');
  return Object.fromEntries(entries.map(([name, field]) => [rename(name), convert(field, rename)]));
}
