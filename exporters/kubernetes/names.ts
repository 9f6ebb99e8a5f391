/** How a cluster's words become ours: kinds, scopes, and the way back. */
import { isObject, type Json, type JsonObject, type Ref } from 'drifttrail';

/** Where resources stand that are in no namespace. No namespace is called so: names of Kubernetes begin with a letter or digit. */
export const CLUSTER = '_cluster';

/** Kubernetes has no word for the group of Pods and Services; theirs is the empty string. */
const CORE = 'core';

/** `kubernetes.apps.Deployment`, `kubernetes.core.ConfigMap`. */
export function kindName(group: string, kind: string): string {
  return `kubernetes.${group === '' ? CORE : group}.${kind}`;
}

/** Group and kind again; the last word is the kind. */
export function groupKind(name: string): { readonly group: string; readonly kind: string } {
  const end = name.lastIndexOf('.');
  const group = name.slice('kubernetes.'.length, end);
  return { group: group === CORE ? '' : group, kind: name.slice(end + 1) };
}

export function scopeOf(cluster: string, namespace: string | undefined): string {
  return `kubernetes/${cluster}/${namespace === undefined || namespace === '' ? CLUSTER : namespace}`;
}

/** Undefined for what is in no namespace. */
export function namespaceOf({ scope }: Pick<Ref, 'scope'>): string | undefined {
  const namespace = scope.slice(scope.lastIndexOf('/') + 1);
  return namespace === CLUSTER ? undefined : namespace;
}

export function clusterOf({ scope }: Pick<Ref, 'scope'>): string {
  return scope.split('/')[1] ?? '';
}

export function member(value: Json | undefined, ...path: readonly string[]): Json | undefined {
  let current: Json | undefined = value;
  for (const name of path) current = isObject(current) && Object.hasOwn(current, name) ? current[name] : undefined;
  return current;
}

export function textAt(value: Json | undefined, ...path: readonly string[]): string {
  const found = member(value, ...path);
  return typeof found === 'string' ? found : '';
}

export function objectAt(value: Json | undefined, ...path: readonly string[]): JsonObject {
  const found = member(value, ...path);
  return isObject(found) ? found : {};
}

export function listAt(value: Json | undefined, ...path: readonly string[]): readonly Json[] {
  const found = member(value, ...path);
  return Array.isArray(found) ? found : [];
}
