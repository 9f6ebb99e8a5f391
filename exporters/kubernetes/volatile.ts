/** What differs at every reading without anybody's doing, with a sample of each. */
import type { VolatileRule } from 'drifttrail';

export const VOLATILE: readonly VolatileRule[] = [
  {
    path: '/metadata/managedFields',
    because: 'who manages which field, with times: [{manager: kube-controller-manager, time: 2026-11-21T13:17:01Z}]',
  },
  { path: '/metadata/resourceVersion', because: 'grows with every write, that of status too: "48211934"' },
  { path: '/metadata/uid', because: 'another for the same thing made again: "6f1c9a1e-58a7-4f7e-9f0e-0a1f5f3d2c11"' },
  { path: '/metadata/generation', because: 'counts writes: 17' },
  { path: '/metadata/creationTimestamp', because: 'git tells when it came: "2026-11-21T13:17:01Z"' },
  { path: '/metadata/selfLink', because: 'its own address, gone since 1.20: "/apis/apps/v1/namespaces/default/deployments/web"' },
  { path: '/status', because: 'what controllers report of the moment: {observedGeneration: 17, readyReplicas: 3}' },
  {
    path: '/metadata/annotations/kubectl.kubernetes.io~1last-applied-configuration',
    because: 'the same once more, as it was applied, values of Secrets among it: "{\\"apiVersion\\":\\"apps/v1\\", …}"',
  },
  { path: '/metadata/annotations/kapp.k14s.io~1original', because: 'the same once more, as kapp sent it' },
  { path: '/metadata/annotations/kapp.k14s.io~1original-diff-md5', because: 'a digest of the above: "c6e94dc94aed3401b5d0f26ed6c0bff3"' },
  { path: '/metadata/annotations/objectset.rio.cattle.io~1applied', because: 'the same once more, packed: "H4sIAAAAAAAA/4xRQ…"' },
  { path: '/metadata/annotations/deployment.kubernetes.io~1revision', because: 'the controller counts roll-outs: "42"' },
  { path: '/metadata/annotations/deployment.kubernetes.io~1revision-history', because: 'the controller counts roll-outs: "40,41"' },
  { path: '/metadata/annotations/deprecated.daemonset.template.generation', because: 'the controller counts roll-outs: "7"' },
  {
    path: '/metadata/annotations/control-plane.alpha.kubernetes.io~1leader',
    because: 'a leader election: {"renewTime":"2026-11-21T13:17:01Z"}',
  },
  {
    path: '/metadata/annotations/autoscaling.alpha.kubernetes.io~1conditions',
    because: 'the autoscaler’s report, in v1: [{"type":"AbleToScale"}]',
  },
  { path: '/metadata/annotations/autoscaling.alpha.kubernetes.io~1current-metrics', because: 'measurements, in v1: [{"type":"Resource"}]' },
  { path: '/metadata/annotations/endpoints.kubernetes.io~1last-change-trigger-time', because: 'a time: "2026-11-21T13:17:01Z"' },
];

/** Beyond these, of single kinds. */
export const VOLATILE_OF: Readonly<Record<string, readonly VolatileRule[]>> = {
  'core.Node': [
    { path: '/metadata/annotations/node.alpha.kubernetes.io~1ttl', because: 'follows the number of nodes: "15"' },
    {
      path: '/metadata/annotations/csi.volume.kubernetes.io~1nodeid',
      because: 'drivers register at each start: {"ebs.csi.aws.com":"i-0abc"}',
    },
    { path: '/metadata/annotations/flannel.alpha.coreos.com~1backend-data', because: 'a MAC of the moment: {"VtepMAC":"3a:8c:…"}' },
    { path: '/metadata/annotations/projectcalico.org~1IPv4IPIPTunnelAddr', because: 'a tunnel’s address of the moment: "10.244.1.1"' },
  ],
  'core.PersistentVolumeClaim': [
    { path: '/metadata/annotations/volume.kubernetes.io~1selected-node', because: 'where the scheduler was when it was bound: "node-3"' },
  ],
  'core.Namespace': [{ path: '/spec/finalizers', because: 'there until the namespace is emptied: [kubernetes]' }],
  'core.Pod': [{ path: '/spec/nodeName', because: 'the scheduler’s choice: "node-3"' }],
  'apiregistration.k8s.io.APIService': [],
};
