/** Which records of a cluster's audit log changed which resource, and which leaf of it. */
import { type AuditEvent, type Effect, type EventRule, isObject, type Json, keyed, type Lookup, type Ref, valueAt } from 'drifttrail';
import { KNOWN_KINDS } from '../known-kinds.ts';
import { LISTS } from '../lists.ts';
import { groupKind, kindName, member, scopeOf, textAt } from '../names.ts';
import { type Around, fromObject, fromPatch, fromSteps } from './body.ts';
import { requestOf, type Target, targetOf } from './target.ts';

/** Empties namespaces that somebody else deleted: of that person, the record of the deletion tells. */
const NAMESPACE_CONTROLLER = 'kube-system/namespace-controller';

const ALL_KINDS = KNOWN_KINDS.map(({ group, kind }) => kindName(group, kind));

const rule = (verb: string, effects: (event: AuditEvent, target: Target, lookup: Lookup) => readonly Effect[]): EventRule => ({
  source: 'kubernetes-audit',
  name: `${verb} *`,
  effects: (event, lookup) => {
    const target = targetOf(event, lookup);
    return target === undefined ? [] : effects(event, target, lookup);
  },
});

export const eventRules: readonly EventRule[] = [
  rule('create', (event, target) => {
    const subresource = textAt(requestOf(event), 'subresource');
    if (target.ref === undefined) return [];
    if (subresource === 'eviction') return [{ ref: target.ref, op: 'delete', path: '' }];
    return subresource === '' ? [made(target.ref, requestOf(event).body)] : [];
  }),
  rule('update', (event, target, lookup) => (target.ref === undefined ? [] : written(event, target.ref, lookup, fromObject))),
  rule('patch', (event, target, lookup) => (target.ref === undefined ? [] : written(event, target.ref, lookup, fromPatch))),
  rule('delete', (event, target, lookup) =>
    target.ref === undefined ? [] : [{ ref: target.ref, op: 'delete', path: '' }, ...dependents(target.ref, event, lookup)],
  ),
  rule('deletecollection', (event, { scope, kind }, lookup) => {
    if (event.actor.name === NAMESPACE_CONTROLLER) return silently({ scope, kind, id: '' });
    const gone = goneOf(scope, kind, lookup);
    return gone.length === 0 ? silently({ scope, kind, id: '' }) : gone.map((ref) => ({ ref, op: 'delete', path: '' }));
  }),
];

/** The whole object is in the request, if the audit policy has requests recorded at all. */
function made(ref: Ref, body: Json | undefined): Effect {
  const created: Effect = { ref, op: 'create', path: '' };
  return isObject(body) ? { ...created, config: keyed(body, { lists: listsOf(ref) }) } : created;
}

const listsOf = ({ kind }: Ref) => LISTS[kind.slice('kubernetes.'.length)] ?? [];

type FromBody = (sent: Extract<Json, { readonly [key: string]: Json }>, around: Around) => Effect[];

function written(event: AuditEvent, ref: Ref, lookup: Lookup, fromBody: FromBody): readonly Effect[] {
  const request = requestOf(event);
  const { body } = request;
  const subresource = textAt(request, 'subresource');
  const around: Around = { ref, before: lookup.before(ref), after: lookup.after(ref), lists: listsOf(ref) };
  if (subresource === 'scale') {
    const replicas = Array.isArray(body) ? undefined : member(body, 'spec', 'replicas');
    return calm(event, around, [{ ref, op: 'set', path: '/spec/replicas', ...(replicas === undefined ? {} : { value: replicas }) }]);
  }
  if (subresource !== '') return silently(ref);
  // Without a body the record tells that something was written, and not what.
  if (body === undefined) return calm(event, around, [{ ref, op: 'set', path: '/**', anywhere: true }]);
  const effects = Array.isArray(body) ? fromSteps(body as readonly Json[], around) : isObject(body) ? fromBody(body, around) : [];
  return effects.length === 0 ? silently(ref) : calm(event, around, effects);
}

/** With a namespace everything in it goes, with a definition every resource that it defines. */
function dependents(ref: Ref, { account }: AuditEvent, lookup: Lookup): Effect[] {
  const { group, kind } = groupKind(ref.kind);
  const because = kind === 'Namespace' ? `the namespace ${ref.id} was deleted` : 'its kind was deleted';
  const told = (refs: readonly Ref[]): Effect[] => refs.map((gone) => ({ ref: gone, op: 'delete', path: '', cascade: because }));
  if (group === '' && kind === 'Namespace') {
    const scope = scopeOf(account, ref.id);
    return told([...ALL_KINDS, ...definedKinds(account, lookup)].flatMap((name) => goneOf(scope, name, lookup)));
  }
  if (kind !== 'CustomResourceDefinition') return [];
  const definition = lookup.before(ref);
  const name = kindName(textAt(definition, 'spec', 'group'), textAt(definition, 'spec', 'names', 'kind'));
  const namespaces = [...lookup.list(scopeOf(account, undefined), kindName('', 'Namespace'))].map((one) => one.ref.id);
  return told([undefined, ...namespaces].flatMap((namespace) => goneOf(scopeOf(account, namespace), name, lookup)));
}

function definedKinds(cluster: string, lookup: Lookup): string[] {
  const definitions = lookup.list(scopeOf(cluster, undefined), kindName('apiextensions.k8s.io', 'CustomResourceDefinition'));
  return [...definitions].map(({ config }) => kindName(textAt(config, 'spec', 'group'), textAt(config, 'spec', 'names', 'kind')));
}

/** What was there and is not any more. */
function goneOf(scope: string, kind: string, lookup: Lookup): Ref[] {
  return [...lookup.list(scope, kind)].flatMap(({ ref }) => (lookup.after(ref) === undefined ? [ref] : []));
}

/** Known, and about nothing that a file shows: of no resource of ours, so that it explains no edit. */
function silently({ scope, id }: Ref): Effect[] {
  return [{ ref: { scope, kind: kindName('audit', 'Record'), id }, op: 'set', path: '', cascade: 'nothing that is recorded' }];
}

/** What controllers write and take back all day is no news; what people do is, even when it leaves no difference. */
function calm({ actor }: AuditEvent, { before, after }: Around, effects: readonly Effect[]): readonly Effect[] {
  if (actor.type === 'User') return effects;
  return effects.map((effect) => {
    const path = effect.path.replace(/\/\*\*$/, '');
    const same = JSON.stringify(valueAt(before, path) ?? null) === JSON.stringify(valueAt(after, path) ?? null);
    return same ? { ...effect, cascade: 'written by a controller, and as it was again' } : effect;
  });
}
