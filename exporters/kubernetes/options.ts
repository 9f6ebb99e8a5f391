/** What the configuration of `use: kubernetes` may say. */
import { z } from 'zod';

const glob = z.string().min(1);

const selector = z
  .strictObject({
    kind: glob.optional().describe('Deployment, apps.Deployment, *.cert-manager.io.*'),
    namespace: glob.optional().describe('a namespace; _cluster for what is in none'),
    name: glob.optional(),
    label: z
      .string()
      .regex(/^[\w./-]+(=[\w.-]*)?$/, 'a label: name or name=value')
      .optional(),
    owner: glob.optional().describe('kind of an owner: Prometheus, apps.ReplicaSet'),
  })
  .refine((one) => Object.keys(one).length > 0, 'say kind, namespace, name, label or owner');

export type Selector = z.infer<typeof selector>;

export const kubernetesOptions = z
  .strictObject({
    name: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 'a name: letters, digits, dots, hyphens, underscores')
      .max(120)
      .describe('name of the cluster in the snapshots'),
    context: z.string().min(1).optional().describe('context of the kubeconfig; default: the current one'),
    kubeconfig: z.string().min(1).optional().describe('path of a kubeconfig, relative to the deployment; default: as kubectl finds it'),
    inCluster: z.boolean().default(false).describe('read with the service account of the pod that drifttrail runs in, without kubectl'),
    namespaces: z
      .array(z.string().regex(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/, 'the name of a namespace'))
      .min(1)
      .optional()
      .describe('only these, and what is in no namespace; also read one by one where the whole cluster may not be listed'),
    include: z.array(selector).min(1).optional().describe('only what fits one of these'),
    exclude: z.array(selector).default([]).describe('not what fits one of these'),
    also: z.array(glob).default([]).describe('kinds to read that are left out by default: Pod, Endpoints'),
    secrets: z
      .enum(['names', 'fingerprint', 'never'])
      .default('names')
      .describe('names: without their values; fingerprint: values as keyed fingerprints, so that a rotation shows; never: not asked for'),
    watch: z.boolean().default(false).describe('the daemon looks as soon as something changes, not only on schedule; needs the verb watch'),
    page: z.number().int().min(1).max(5000).default(500).describe('objects of one answer'),
    concurrency: z.number().int().min(1).max(32).default(4).describe('kinds that are read at the same time'),
    timeout: z.number().min(0.1).max(600).default(30).describe('seconds for one answer'),
    deadline: z.number().min(0.1).max(3600).default(300).describe('seconds for the whole cluster'),
  })
  .refine((one) => !one.inCluster || (one.context === undefined && one.kubeconfig === undefined), {
    message: 'inCluster reads with the pod’s own service account: leave context and kubeconfig out',
    path: ['inCluster'],
  });

export type KubernetesOptions = z.infer<typeof kubernetesOptions>;
