/** What was sent to change a Secret, in the one form in which every value is known to be one: it is never kept as it was. */
import { isObject, type Json, type JsonObject, segmentsOf } from 'drifttrail';
import { withoutNoise } from '../../exporters/kubernetes/clean.ts';
import { objectAt } from '../../exporters/kubernetes/names.ts';

/**
 * `kind: Secret` with all values under `data`, in base64 as the cluster keeps them: redaction knows that form, and gives the
 * fingerprints that the snapshots have. Patches that say `stringData`, or name their place, are brought into it.
 */
export function secretBody(sent: Json): JsonObject | undefined {
  if (Array.isArray(sent)) return fromSteps(sent as readonly Json[]);
  if (!isObject(sent)) return undefined;
  const { stringData, data, ...others } = withoutNoise(sent);
  const encoded = Object.entries(isObject(stringData) ? stringData : {}).map(([key, value]) => [key, encode(value)] as const);
  const values = { ...objectAt({ data: data ?? null }, 'data'), ...Object.fromEntries(encoded) };
  return { ...others, ...(Object.keys(values).length === 0 ? {} : { data: values }), kind: 'Secret' };
}

function fromSteps(steps: readonly Json[]): JsonObject {
  const data: Record<string, Json> = {};
  for (const step of steps) {
    const [group, key, ...rest] = isObject(step) && typeof step.path === 'string' ? segmentsOf(step.path) : [];
    if (!isObject(step) || step.op === 'test' || (group !== 'data' && group !== 'stringData')) continue;
    const value = step.op === 'remove' ? null : (step.value ?? null);
    if (key === undefined) Object.assign(data, isObject(value) ? value : {});
    else if (rest.length === 0) data[key] = group === 'stringData' ? encode(value) : value;
  }
  return { kind: 'Secret', data };
}

function encode(value: Json): Json {
  return typeof value === 'string' ? Buffer.from(value).toString('base64') : value;
}
