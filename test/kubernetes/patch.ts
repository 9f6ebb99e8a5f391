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

/** By which field the elements of a list are told apart; a list of any other name is replaced as a whole. */
const MERGE_KEYS: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(
    ['containers', 'initContainers', 'ephemeralContainers', 'env', 'volumes', 'imagePullSecrets', 'secrets', 'webhooks'].map((field) => [
      field,
      ['name'],
    ]),
  ),
  ports: ['containerPort', 'port'],
  volumeMounts: ['mountPath'],
  volumeDevices: ['devicePath'],
  hostAliases: ['ip'],
  conditions: ['type'],
  addresses: ['type'],
  ownerReferences: ['uid'],
  topologySpreadConstraints: ['topologyKey'],
};

/** https://kubernetes.io/docs/tasks/manage-kubernetes-objects/update-api-object-kubectl-patch/ */
function strategic(target: Json, patch: Json): Json {
  if (!isObject(patch)) return patch;
  const { $patch: how, $retainKeys: retained, ...changes } = patch;
  if (how === 'replace') return changes;
  const result: Record<string, Json> = { ...(isObject(target) ? target : {}) };
  if (Array.isArray(retained)) for (const key of Object.keys(result)) if (!retained.includes(key)) delete result[key];
  for (const [key, value] of Object.entries(changes)) {
    if (key.startsWith('$')) continue;
    if (value === null) delete result[key];
    else result[key] = Array.isArray(value) ? elements(key, result[key] ?? [], value, changes) : strategic(result[key] ?? null, value);
  }
  for (const [key, value] of Object.entries(changes)) {
    const [, field = ''] = /^\$deleteFromPrimitiveList\/(.+)$/.exec(key) ?? [];
    const there = result[field];
    if (Array.isArray(there)) result[field] = there.filter((item: Json) => !(value as readonly Json[]).includes(item));
  }
  return result;
}

function elements(field: string, target: Json, patch: readonly Json[], { [`$setElementOrder/${field}`]: order }: JsonObject): Json {
  const key = MERGE_KEYS[field]?.find((name) => [...patch, ...listOf(target)].every((item) => isObject(item) && name in item));
  const there = listOf(target);
  const first = patch[0];
  if (isObject(first) && first.$patch === 'replace') return patch.slice(1);
  if (key === undefined)
    return order === undefined || patch.some(isObject) ? patch : inOrder([...new Set([...there, ...patch])], listOf(order));
  const idOf = (item: Json) => (isObject(item) ? (item[key] ?? null) : item);
  const items = new Map(there.map((item) => [idOf(item), item]));
  for (const item of patch) {
    if (isObject(item) && item.$patch === 'delete') items.delete(idOf(item));
    else items.set(idOf(item), strategic(items.get(idOf(item)) ?? null, item));
  }
  return inOrder([...items.values()], listOf(order ?? null), idOf);
}

const listOf = (value: Json): readonly Json[] => (Array.isArray(value) ? value : []);

/** What the order does not name stays behind it. */
function inOrder(items: readonly Json[], order: readonly Json[], idOf: (item: Json) => Json = (item) => item): Json {
  const places = new Map(order.map((item, index) => [idOf(item), index]));
  return [...items].sort((a, b) => (places.get(idOf(a)) ?? items.length) - (places.get(idOf(b)) ?? items.length));
}
