/** What the exporter must be allowed to do; deploy/kubernetes/ has it as manifests. */
export const PERMISSIONS: readonly string[] = [
  'get /api, /api/*, /apis, /apis/* (the cluster role system:discovery, which every account has)',
  'list on every kind that is wanted; without secrets by default: deploy/kubernetes/rbac.yaml names them',
  'watch on the same kinds for watch: true',
  'list secrets for secrets: names and secrets: fingerprint; whoever may list them may read their values: deploy/kubernetes/secrets.yaml',
];
