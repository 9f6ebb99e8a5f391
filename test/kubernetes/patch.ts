/** The patches that API servers take: JSON patch (RFC 6902), merge patch (RFC 7386), and the strategic one by names. */
import { isObject, type Json, type JsonObject, segmentsOf } from 'drifttrail';

/** The patched object, or in words why the patch does not fit. */
export function applyPatch(object: JsonObject, patch: Json, contentType: string): JsonObject | string {
  if (contentType.includes('json-patch')) return jsonPatch(object, Array.isArray(patch) ? (patch as readonly Json[]) : []);
  const merged = contentType.includes('strategic') ? strategic(object, patch) : merge(object, patch);
  return isObject(merged) ? merged : 'no object is left';
}

function jsonPatch(object: JsonObject, steps: readonly Json[]): JsonObject | string {
  let current = structuredClone(object) as Json;
  for (const step of steps) {
    if (!isObject(step)) return 'no operation';
    const next = operate(current, segmentsOf(String(step.path)), String(step.op), step.value ?? null);
    if (next === undefined) return `${String(step.op)} ${String(step.path)} failed`;
    current = next;
  }
  return isObject(current) ? current : 'no object is left';
}

function operate(value: Json, [segment, ...rest]: readonly string[], op: string, operand: Json): Json | undefined {
  if (segment === undefined) return op === 'test' ? (JSON.stringify(value) === JSON.stringify(operand) ? value : undefined) : operand;
  if (Array.isArray(value)) {
    const items = [...(value as readonly Json[])];
    const index = segment === '-' ? items.length : Number(segment);
    if (rest.length === 0 && op === 'add') return index > items.length ? undefined : items.toSpliced(index, 0, operand);
    if (index >= items.length) return undefined;
    if (rest.length === 0 && op === 'remove') return items.toSpliced(index, 1);
    const inner = operate(items[index] ?? null, rest, op, operand);
    return inner === undefined ? undefined : items.with(index, inner);
  }
  if (!isObject(value)) return undefined;
  const there = Object.hasOwn(value, segment);
  if (rest.length === 0 && op === 'add') return { ...value, [segment]: operand };
  if (!there) return undefined;
  const { [segment]: found, ...others } = value;
  if (rest.length === 0 && op === 'remove') return others;
  const inner = operate(found ?? null, rest, op, operand);
  return inner === undefined ? undefined : { ...value, [segment]: inner };
}

function merge(target: Json, patch: Json): Json {
  if (!isObject(patch)) return patch;
  const result: Record<string, Json> = { ...(isObject(target) ? target : {}) };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = merge(result[key] ?? null, value);
  }
  return result;
}

/** Lists whose elements have names are merged by them. */
function strategic(target: Json, patch: Json): Json {
  if (
    Array.isArray(target) &&
    Array.isArray(patch) &&
    (patch as readonly Json[]).every((item) => isObject(item) && typeof item.name === 'string')
  ) {
    const items = [...(target as readonly Json[])];
    for (const item of patch as readonly JsonObject[]) {
      const at = items.findIndex((other) => isObject(other) && other.name === item.name);
      if (item.$patch === 'delete') items.splice(at, at < 0 ? 0 : 1);
      else if (at < 0) items.push(item);
      else items[at] = strategic(items[at] ?? null, item);
    }
    return items;
  }
  if (!isObject(patch) || !isObject(target)) return patch;
  const result: Record<string, Json> = { ...target };
  for (const [key, value] of Object.entries(patch)) {
    if (key.startsWith('$')) continue;
    if (value === null) delete result[key];
    else result[key] = strategic(result[key] ?? null, value);
  }
  return result;
}
