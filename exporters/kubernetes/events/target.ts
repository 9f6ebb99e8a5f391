/** Which resource an audit record is about: the log says `deployments`, files say `Deployment`. */
import { type AuditEvent, isObject, type JsonObject, type Lookup, type Ref } from 'drifttrail';
import { KNOWN_KINDS } from '../known-kinds.ts';
import { kindName, scopeOf, textAt } from '../names.ts';

const CRD = kindName('apiextensions.k8s.io', 'CustomResourceDefinition');

export interface Target {
  readonly kind: string;
  readonly scope: string;
  /** Absent for deletecollection. */
  readonly ref?: Ref;
}

const known = new Map(KNOWN_KINDS.map(({ group, plural, kind }) => [`${group}/${plural}`, kind]));

export function requestOf({ request }: Pick<AuditEvent, 'request'>): JsonObject {
  return isObject(request) ? request : {};
}

/** Undefined for kinds that neither Kubernetes, nor the record, nor the cluster's definitions name. */
export function targetOf(event: AuditEvent, lookup: Lookup): Target | undefined {
  const request = requestOf(event);
  const [group, plural] = [textAt(request, 'group'), textAt(request, 'resource')];
  const word =
    known.get(`${group}/${plural}`) ??
    definedAs(group, plural, event.account, lookup) ??
    (textAt(request, 'subresource') === '' ? textAt(request, 'kind') : '');
  if (word === '' || !/^[A-Za-z][A-Za-z0-9]*$/.test(word)) return undefined;
  const kind = kindName(group, word);
  // A namespace is in none, whatever the record says of it.
  const scope = scopeOf(event.account, word === 'Namespace' && group === '' ? undefined : textAt(request, 'namespace'));
  const id = textAt(request, 'name');
  return { kind, scope, ...(id === '' ? {} : { ref: { scope, kind, id } }) };
}

/** What the cluster's own definitions call the kinds that they define. */
function definedAs(group: string, plural: string, cluster: string, lookup: Lookup): string | undefined {
  const id = `${plural}.${group}`;
  const ref = { scope: scopeOf(cluster, undefined), kind: CRD, id };
  const word = textAt(lookup.after(ref) ?? lookup.before(ref), 'spec', 'names', 'kind');
  return word === '' ? undefined : word;
}
