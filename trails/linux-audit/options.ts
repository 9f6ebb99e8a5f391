/** What the configuration of `use: linux-audit` may say. */
import { hostname } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { z } from 'zod';
import { zoneOption } from '../_log/options.ts';
import { ownZone } from '../_log/time.ts';

const absolute = z.string().refine(isAbsolute, 'an absolute path');

export const options = z.strictObject({
  host: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 'a host name: letters, digits, dots, hyphens, underscores')
    .max(120)
    .optional()
    .describe('Whose logs these are, as the host exporter names it; default: the host name of this machine'),
  logs: z.string().min(1).default('/var/log').describe('The folder of the logs; relative to the deployment'),
  audit: z.string().min(1).default('audit/audit.log').describe('The audit log, relative to logs'),
  node: z.string().min(1).optional().describe('Of a log that gathers several machines: the one that is meant, as its lines say node='),
  root: z.string().min(1).default('/').describe('The root directory that the host exporter reads: paths in the audit log are below it'),
  running: z
    .boolean()
    .optional()
    .describe('The logs are written on this machine, now: auditd and its rules are asked; default: whether logs is /var/log'),
  watch: z
    .array(absolute)
    .default(['/etc', '/var/spool/cron'])
    .describe('Where every write must be recorded, below root; without a loaded rule for each, silence is not called "nobody"'),
  complete: z.boolean().optional().describe('Such rules were loaded all the time; default: asked of auditctl on this machine, else false'),
  timezone: zoneOption.describe('Of logs whose times name no zone; default: that of this machine'),
});
type Options = z.infer<typeof options>;

/** The options with nothing left to decide. */
export interface Sources {
  readonly host: string;
  readonly logs: string;
  readonly audit: string;
  readonly node: string | undefined;
  readonly root: string;
  readonly running: boolean;
  readonly watch: readonly string[];
  readonly complete: boolean | undefined;
  readonly zone: string;
}

export function sourcesOf({ host, logs, audit, node, root, running, watch, complete, timezone }: Options, dir: string): Sources {
  const folder = resolve(dir, logs);
  const base = resolve(dir, root);
  return {
    host: host ?? hostname(),
    logs: folder,
    audit: resolve(folder, audit),
    node,
    root: base,
    running: running ?? folder === '/var/log',
    watch: watch.map((path) => (base === '/' ? path : join(base, path))),
    complete,
    zone: timezone ?? ownZone(),
  };
}
