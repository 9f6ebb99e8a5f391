/** What is not read unless it is asked for: what controllers make and renew, of which what they make it from is read. */
import { isObject, type JsonObject } from 'drifttrail';
import { kindName, listAt, member, objectAt, textAt } from './names.ts';

/** Kinds by `group.Kind` with `*` for any text, and why. */
const KINDS: readonly (readonly [glob: string, because: string])[] = [
  ['core.Event', 'a log that forgets after an hour'],
  ['events.k8s.io.Event', 'a log that forgets after an hour'],
  ['coordination.k8s.io.Lease', 'heartbeats: renewTime moves every few seconds'],
  ['coordination.k8s.io.LeaseCandidate', 'heartbeats of those who wait for a lease'],
  ['core.Endpoints', 'addresses of the pods behind a Service, rewritten with each of them'],
  ['core.ComponentStatus', 'a probe of the moment, deprecated since 1.19'],
  ['*metrics.k8s.io.*', 'measurements of the moment'],
  ['certificates.k8s.io.CertificateSigningRequest', 'kubelets ask for one every few weeks, and the answered are removed after hours'],
  ['storage.k8s.io.CSINode', 'each kubelet’s own report'],
  ['storage.k8s.io.CSIStorageCapacity', 'free space of the moment'],
  ['storage.k8s.io.VolumeAttachment', 'follows the pods from node to node'],
  ['networking.k8s.io.IPAddress', 'one for each address of a Service, which tells it itself'],
  ['resource.k8s.io.ResourceSlice', 'each driver’s own report'],
  ['internal.apiserver.k8s.io.StorageVersion', 'each API server’s own report'],
  ['cilium.io.CiliumEndpoint', 'one for each pod'],
  ['cilium.io.CiliumIdentity', 'one for each set of labels of a pod'],
  ['wgpolicyk8s.io.*PolicyReport', 'results of the moment'],
  ['kyverno.io.*Report', 'results of the moment'],
  ['reports.kyverno.io.*', 'results of the moment'],
  ['aquasecurity.github.io.*Report', 'results of the moment'],
];

/** Single objects, and why. The kind is as our names have it. */
const OBJECTS: readonly { readonly kind: string; readonly because: string; readonly test: (object: JsonObject) => boolean }[] = [
  ...[
    'core.Pod',
    'apps.ReplicaSet',
    'batch.Job',
    'apps.ControllerRevision',
    'core.ReplicationController',
    'discovery.k8s.io.EndpointSlice',
  ].map((kind) => ({ kind, because: 'made by the controller that owns it', test: isControlled })),
  {
    kind: 'core.ConfigMap',
    because: 'the cluster’s own CA, put into every namespace',
    test: (object) => ['kube-root-ca.crt', 'openshift-service-ca.crt'].includes(textAt(object, 'metadata', 'name')),
  },
  {
    kind: 'core.ConfigMap',
    because: 'a leader election: renewTime moves every few seconds',
    test: (object) => member(object, 'metadata', 'annotations', 'control-plane.alpha.kubernetes.io/leader') !== undefined,
  },
  {
    kind: 'core.Secret',
    because: 'a service account’s token, made by the token controller',
    test: (object) =>
      textAt(object, 'type') === 'kubernetes.io/service-account-token' ||
      member(object, 'metadata', 'annotations', 'kubernetes.io/service-account.uid') !== undefined,
  },
  {
    kind: 'core.Secret',
    because: 'a release of Helm: a new one with each upgrade, of what is read as objects anyway',
    test: (object) =>
      textAt(object, 'metadata', 'labels', 'owner') === 'helm' && textAt(object, 'metadata', 'name').startsWith('sh.helm.release.'),
  },
  {
    kind: 'core.Secret',
    because: 'a ticket of a node that joins, which expires within a day',
    test: (object) =>
      textAt(object, 'metadata', 'namespace') === 'kube-system' && textAt(object, 'metadata', 'name').startsWith('bootstrap-token-'),
  },
];

/** `*` is any text. */
export function fits(glob: string, text: string): boolean {
  const pattern = glob.split('*').map((part) => part.replaceAll(/[\\^$.|?+()[\]{}]/g, '\\$&'));
  return new RegExp(`^${pattern.join('.*')}$`).test(text);
}

/** A kind is called by its last word or by its group too: `Deployment`, `apps.Deployment`. */
export function fitsKind(glob: string, name: string): boolean {
  const full = name.slice('kubernetes.'.length);
  return fits(glob, full) || fits(glob, full.slice(full.lastIndexOf('.') + 1));
}

export function isLeftOutKind(name: string): boolean {
  return KINDS.some(([glob]) => fits(glob, name.slice('kubernetes.'.length)));
}

export function isLeftOut(name: string, object: JsonObject): boolean {
  return OBJECTS.some(({ kind, test }) => `kubernetes.${kind}` === name && test(object));
}

/** The kinds of its owners, in our names. */
export function ownersOf(object: JsonObject): string[] {
  return listAt(object, 'metadata', 'ownerReferences').map((owner) => {
    const version = textAt(owner, 'apiVersion');
    return kindName(version.includes('/') ? version.slice(0, version.indexOf('/')) : '', textAt(owner, 'kind'));
  });
}

function isControlled(object: JsonObject): boolean {
  return (
    listAt(object, 'metadata', 'ownerReferences').some((owner) => isObject(owner) && owner.controller === true) ||
    objectAt(object, 'metadata', 'labels')['endpointslice.kubernetes.io/managed-by'] === 'endpointslice-controller.k8s.io'
  );
}
