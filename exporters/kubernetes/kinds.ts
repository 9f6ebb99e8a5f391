/** The kinds of a cluster: those that Kubernetes brings, with what is known of them, and one that stands for all others. */
import type { Kind } from 'drifttrail';
import { eventRules } from './events/index.ts';
import { inAuditLog } from './events/place.ts';
import { KNOWN_KINDS } from './known-kinds.ts';
import { LISTS } from './lists.ts';
import { groupKind, kindName } from './names.ts';
import { ownOf } from './own.ts';
import { nodeSights } from './sights.ts';
import { undoResource } from './undo.ts';
import { VOLATILE, VOLATILE_OF } from './volatile.ts';

const PLURALS: Readonly<Record<string, string>> = {
  Ingress: 'Ingresses',
  IngressClass: 'IngressClasses',
  NetworkPolicy: 'NetworkPolicies',
  PodSecurityPolicy: 'PodSecurityPolicies',
  StorageClass: 'StorageClasses',
  PriorityClass: 'PriorityClasses',
  RuntimeClass: 'RuntimeClasses',
  ValidatingAdmissionPolicy: 'ValidatingAdmissionPolicies',
  MutatingAdmissionPolicy: 'MutatingAdmissionPolicies',
  Endpoints: 'Endpoints',
};

function kindOf(name: string): Kind {
  const { group, kind } = groupKind(name);
  const key = `${group === '' ? 'core' : group}.${kind}`;
  const lists = LISTS[key];
  const plural = PLURALS[kind];
  const own = ownOf(key);
  return {
    format: 'yaml',
    title: kind,
    ...(plural === undefined ? {} : { plural }),
    volatile: [...VOLATILE, ...(VOLATILE_OF[key] ?? [])],
    ...(lists === undefined ? {} : { lists }),
    ...(key === 'core.Secret' ? { secret: ['/data/**', '/stringData/**'] } : {}),
    ...(own === undefined ? {} : { own }),
    ...(key === 'core.Node' ? { sights: nodeSights } : {}),
    events: eventRules,
    recordedIn: inAuditLog,
    undo: undoResource,
  };
}

export const kinds: Readonly<Record<string, Kind>> = {
  ...Object.fromEntries(KNOWN_KINDS.map(({ group, kind }) => kindName(group, kind)).map((name) => [name, kindOf(name)])),
  'kubernetes.*': { ...kindOf('kubernetes.any.Resource'), title: 'custom resource' },
};
