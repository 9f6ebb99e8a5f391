/** Which kinds and objects the configuration wants. */
import type { JsonObject } from 'drifttrail';
import { fits, fitsKind, isLeftOut, isLeftOutKind, ownersOf } from './left-out.ts';
import { CLUSTER, objectAt, textAt } from './names.ts';
import type { KubernetesOptions, Selector } from './options.ts';

type Wanted = Pick<KubernetesOptions, 'include' | 'exclude' | 'also' | 'secrets' | 'namespaces'>;

const SECRET = 'kubernetes.core.Secret';

export interface Selection {
  readonly kind: (name: string) => boolean;
  /** Of a kind, which namespaces; `_cluster` is one. */
  readonly namespace: (name: string, namespace: string) => boolean;
  readonly object: (name: string, object: JsonObject) => boolean;
}

export function selectionOf({ include, exclude, also, secrets, namespaces }: Wanted): Selection {
  const isAlso = (name: string) => also.some((glob) => fitsKind(glob, name));
  /** Whether the selectors take in or leave out whatever there is of a kind in a namespace. */
  const whole = exclude.filter(({ name, label, owner }) => name === undefined && label === undefined && owner === undefined);
  const kindFits = (selector: Selector, name: string) => selector.kind === undefined || fitsKind(selector.kind, name);
  return {
    kind: (name) =>
      (name !== SECRET || secrets !== 'never') &&
      (!isLeftOutKind(name) || isAlso(name)) &&
      (include === undefined || include.some((selector) => kindFits(selector, name))) &&
      !whole.some((selector) => selector.namespace === undefined && kindFits(selector, name)),
    namespace: (name, namespace) =>
      (namespaces === undefined || namespace === CLUSTER || namespaces.includes(namespace)) &&
      (include === undefined || include.some((selector) => kindFits(selector, name) && inNamespace(selector, namespace))) &&
      !whole.some((selector) => kindFits(selector, name) && inNamespace(selector, namespace)),
    object: (name, object) =>
      (isAlso(name) || !isLeftOut(name, object)) &&
      (include === undefined || include.some((selector) => takes(selector, name, object))) &&
      !exclude.some((selector) => takes(selector, name, object)),
  };
}

function inNamespace(selector: Selector, namespace: string): boolean {
  return selector.namespace === undefined || fits(selector.namespace, namespace);
}

function takes(selector: Selector, name: string, object: JsonObject): boolean {
  const { kind, label, owner } = selector;
  const namespace = textAt(object, 'metadata', 'namespace');
  return (
    (kind === undefined || fitsKind(kind, name)) &&
    inNamespace(selector, namespace === '' ? CLUSTER : namespace) &&
    (selector.name === undefined || fits(selector.name, textAt(object, 'metadata', 'name'))) &&
    (label === undefined || hasLabel(object, label)) &&
    (owner === undefined || ownersOf(object).some((one) => fitsKind(owner, one)))
  );
}

function hasLabel(object: JsonObject, label: string): boolean {
  const [key = '', value] = label.split('=');
  const labels = objectAt(object, 'metadata', 'labels');
  return Object.hasOwn(labels, key) && (value === undefined || labels[key] === value);
}
