/** Lists whose elements have names: files keep them as they are, edits and effects name the element. */
import type { ListRule } from 'drifttrail';

/** Of a pod's specification, wherever it stands. */
const POD: readonly (readonly [path: string, key: ListRule['key']])[] = [
  ['/volumes', ['name']],
  ['/imagePullSecrets', ['name']],
  ...['/containers', '/initContainers', '/ephemeralContainers'].flatMap((path) => [
    [path, ['name']] as const,
    [`${path}/*/env`, ['name']] as const,
    [`${path}/*/ports`, [['name', 'containerPort'], 'protocol']] as const,
    [`${path}/*/volumeMounts`, ['mountPath']] as const,
  ]),
];

const podAt = (above: string): ListRule[] => POD.map(([path, key]) => ({ path: `${above}${path}`, key }));
const TEMPLATE = podAt('/spec/template/spec');
const CLAIMS: ListRule = { path: '/spec/volumeClaimTemplates', key: ['/metadata/name'] };
const WEBHOOKS: ListRule[] = [{ path: '/webhooks', key: ['name'] }];
const SUBJECTS: ListRule[] = [{ path: '/subjects', key: ['kind', 'namespace', 'name'] }];

/** By group and kind. */
export const LISTS: Readonly<Record<string, readonly ListRule[]>> = {
  'core.Pod': podAt('/spec'),
  'core.PodTemplate': podAt('/template/spec'),
  'core.ReplicationController': TEMPLATE,
  'apps.Deployment': TEMPLATE,
  'apps.DaemonSet': TEMPLATE,
  'apps.ReplicaSet': TEMPLATE,
  'apps.StatefulSet': [...TEMPLATE, CLAIMS],
  'batch.Job': TEMPLATE,
  'batch.CronJob': podAt('/spec/jobTemplate/spec/template/spec'),
  'core.Service': [{ path: '/spec/ports', key: [['name', 'port'], 'protocol'] }],
  'core.ServiceAccount': [
    { path: '/secrets', key: ['name'] },
    { path: '/imagePullSecrets', key: ['name'] },
  ],
  'rbac.authorization.k8s.io.RoleBinding': SUBJECTS,
  'rbac.authorization.k8s.io.ClusterRoleBinding': SUBJECTS,
  'admissionregistration.k8s.io.MutatingWebhookConfiguration': WEBHOOKS,
  'admissionregistration.k8s.io.ValidatingWebhookConfiguration': WEBHOOKS,
  'apiextensions.k8s.io.CustomResourceDefinition': [{ path: '/spec/versions', key: ['name'] }],
};
