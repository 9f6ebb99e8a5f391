/** Writes each side's own words as what they stand for, and leaves what most sides say in the same place as it is. */
import canonical from 'fast-json-stable-stringify';
import type { Json, JsonObject } from '../model.ts';
import { isObject } from '../pointer.ts';
import type { Own } from './own.ts';

/** One resource on one side: null where the side lacks it, undefined where nobody knows. */
type Config = Json | undefined;

/**
 * What most sides say in one place is nobody's own, whatever words it uses: the list of all hosts names each of them.
 * Configs and what is own, in the order of the sides.
 */
export function renameTogether(configs: readonly Config[], owns: readonly Own[]): Config[] {
  const here = configs.flatMap((config, index) => (config === undefined || config === null ? [] : [{ config, index }]));
  const renamed = together(
    here.map(({ config }) => config),
    here.map(({ index }) => owns[index] as Own),
  );
  const byIndex = new Map(here.map(({ index }, at) => [index, renamed[at] as Json]));
  return configs.map((config, index) => byIndex.get(index) ?? config);
}

function together(values: readonly Json[], owns: readonly Own[]): Json[] {
  if (values.every((value) => typeof value === 'string')) return texts(values as readonly string[], owns);
  if (values.every(isObject)) return objects(values as readonly JsonObject[], owns);
  if (values.every(Array.isArray)) return arrays(values as readonly (readonly Json[])[], owns);
  const isShared = sharedBy(
    values.length,
    values.map((value) => [value]),
  );
  return values.map((value, index) => (isShared(value) ? value : (owns[index]?.renameJson(value) ?? value)));
}

function texts(values: readonly string[], owns: readonly Own[]): string[] {
  const lines = values.map((value) => value.split('\n'));
  const isShared = sharedBy(values.length, lines);
  return lines.map((own, index) => own.map((line) => (isShared(line) ? line : (owns[index]?.rename(line) ?? line))).join('\n'));
}

function objects(values: readonly JsonObject[], owns: readonly Own[]): Json[] {
  const isShared = sharedBy(values.length, values.map(Object.keys));
  const out = values.map(() => new Map<string, Json>());
  for (const key of new Set(values.flatMap(Object.keys))) {
    if (!isShared(key)) continue;
    const holders = values.flatMap((value, index) => (Object.hasOwn(value, key) ? [index] : []));
    const inner = together(
      holders.map((index) => values[index]?.[key] ?? null),
      holders.map((index) => owns[index] as Own),
    );
    for (const [at, index] of holders.entries()) out[index]?.set(key, inner[at] as Json);
  }
  // A key that few have may be their own, and with it what it holds.
  const alone = values.map((value, index) => {
    const rest = Object.fromEntries(Object.entries(value).filter(([key]) => out[index]?.has(key) !== true));
    const renamed = owns[index]?.renameJson(rest) ?? rest;
    return isObject(renamed) ? renamed : {};
  });
  return out.map((shared, index) =>
    Object.fromEntries([...shared, ...Object.entries(alone[index] ?? {}).filter(([key]) => !shared.has(key))]),
  );
}

function arrays(values: readonly (readonly Json[])[], owns: readonly Own[]): Json[] {
  const isShared = sharedBy(values.length, values);
  return values.map((value, index) => value.map((item) => (isShared(item) ? item : (owns[index]?.renameJson(item) ?? item))));
}

/** Whether more than half of the sides, or both of two, have it. */
function sharedBy(sides: number, had: readonly (readonly Json[])[]): (value: Json) => boolean {
  const counts = new Map<string, number>();
  for (const values of had) for (const key of new Set(values.map(keyOf))) counts.set(key, (counts.get(key) ?? 0) + 1);
  return (value) => (counts.get(keyOf(value)) ?? 0) * 2 > sides;
}

function keyOf(value: Json): string {
  return typeof value === 'string' ? `"${value}` : canonical(value);
}
