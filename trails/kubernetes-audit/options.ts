/** What the configuration of `use: kubernetes-audit` may say. */
import { z } from 'zod';

export const options = z.strictObject({
  cluster: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 'a name: letters, digits, dots, hyphens, underscores')
    .describe('Whose log this is, as the kubernetes exporter names the cluster'),
  logs: z
    .array(z.string().min(1))
    .min(1)
    .default(['/var/log/kubernetes/audit/audit.log'])
    .describe('The audit logs, one for each API server; rotated ones beside them are found; relative to the deployment'),
  complete: z
    .boolean()
    .default(false)
    .describe('These are the logs of all API servers, and the audit policy records every write; without it silence is not called "nobody"'),
});

export type AuditOptions = z.infer<typeof options>;
