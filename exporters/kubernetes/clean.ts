/** What of single objects is somebody else's noise: it depends on the object, so patterns of a kind cannot say it. */
import { isObject, type Json, type JsonObject, segmentsOf } from 'drifttrail';
import { listAt, member, objectAt, textAt } from './names.ts';
import { VOLATILE } from './volatile.ts';

/** Annotations by which a CA is asked for: from then on whoever injects it renews it. */
const INJECTED = [
  'cert-manager.io/inject-ca-from',
  'cert-manager.io/inject-ca-from-secret',
  'cert-manager.io/inject-apiserver-ca',
  'certmanager.k8s.io/inject-ca-from',
  'service.beta.openshift.io/inject-cabundle',
];

/** Sample: `caBundle: LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0t…`, renewed with the certificate every 60 days. */
const CA_BUNDLES: Readonly<Record<string, readonly string[]>> = {
  MutatingWebhookConfiguration: ['/webhooks/*/clientConfig/caBundle'],
  ValidatingWebhookConfiguration: ['/webhooks/*/clientConfig/caBundle'],
  CustomResourceDefinition: ['/spec/conversion/webhook/clientConfig/caBundle'],
  APIService: ['/spec/caBundle'],
};

/** The first `kubectl apply` brings an annotation that is noise: that there are annotations at all is noise then too. */
const NOISY = new Set(
  VOLATILE.map(({ path }) => segmentsOf(path)).flatMap(([, above, name]) => (above === 'annotations' ? (name ?? []) : [])),
);

/** What an autoscaler sets all day long. Sample: `replicas: 3`, `replicas: 7`. */
export type Scaled = ReadonlySet<string>;

export function scaledBy(autoscalers: readonly JsonObject[]): Scaled {
  return new Set(
    autoscalers.map((autoscaler) =>
      scaleKey(
        textAt(autoscaler, 'metadata', 'namespace'),
        textAt(autoscaler, 'spec', 'scaleTargetRef', 'kind'),
        textAt(autoscaler, 'spec', 'scaleTargetRef', 'name'),
      ),
    ),
  );
}

export function clean(object: JsonObject, scaled: Scaled): JsonObject {
  const kind = textAt(object, 'kind');
  const drop: string[] = [];
  if (INJECTED.some((name) => member(object, 'metadata', 'annotations', name) !== undefined)) drop.push(...(CA_BUNDLES[kind] ?? []));
  if (scaled.has(scaleKey(textAt(object, 'metadata', 'namespace'), kind, textAt(object, 'metadata', 'name')))) drop.push('/spec/replicas');
  if (Object.keys(objectAt(object, 'metadata', 'annotations')).every((name) => NOISY.has(name))) drop.push('/metadata/annotations');
  return drop.reduce<JsonObject>((left, path) => objectOf(without(left, segmentsOf(path))), object);
}

/** A Secret of which only metadata is read. Who wrote its data is on record beside it, key by key. */
export function nameOnly(secret: JsonObject): JsonObject {
  const entries = listAt(secret, 'metadata', 'managedFields').flatMap((entry) => {
    const keys = Object.keys(objectAt(entry, 'fieldsV1', 'f:data')).filter((key) => key.startsWith('f:'));
    return keys.map((key) => ({ key: key.slice(2), time: textAt(entry, 'time') }));
  });
  const keys = [...new Set(entries.map(({ key }) => key))].sort();
  const last = entries
    .map(({ time }) => time)
    .sort()
    .at(-1);
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: objectAt(secret, 'metadata'),
    ...(keys.length === 0 ? {} : { keys }),
    ...(last === undefined || last === '' ? {} : { lastWritten: last }),
  };
}

function scaleKey(namespace: string, kind: string, name: string): string {
  return `${namespace}/${kind}/${name}`;
}

function without(value: Json, [segment, ...rest]: readonly string[]): Json {
  if (segment === undefined) return value;
  if (Array.isArray(value)) {
    const items: readonly Json[] = value;
    return items.map((item, index) => (segment === '*' || segment === String(index) ? without(item, rest) : item));
  }
  if (!isObject(value) || !Object.hasOwn(value, segment)) return value;
  const { [segment]: found, ...others } = value;
  return rest.length === 0 || found === undefined ? others : { ...value, [segment]: without(found, rest) };
}

function objectOf(value: Json): JsonObject {
  return isObject(value) ? value : {};
}

/** A manifest as somebody sent it, without what no file keeps: above all not the annotation that repeats it. */
export function withoutNoise(sent: JsonObject): JsonObject {
  return VOLATILE.reduce<JsonObject>((left, { path }) => objectOf(without(left, segmentsOf(path))), sent);
}
