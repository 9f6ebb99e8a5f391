/** What the configuration of `use: postgres-log` may say. */
import { z } from 'zod';
import { zoneOption } from '../_log/options.ts';
import { ownZone } from '../_log/time.ts';
import { parsePrefix } from './prefix.ts';

export const options = z.strictObject({
  server: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 'letters, digits, dots, hyphens, underscores')
    .describe('Whose log this is: the name of the server as the postgres exporter has it'),
  log: z
    .string()
    .min(1)
    .describe('The log, relative to the deployment; * in the name of the file stands for anything: log/postgresql-*.csv'),
  format: z.enum(['csv', 'json', 'stderr']).optional().describe('Default by the ending of the name: .csv, .json, else stderr'),
  prefix: z
    .string()
    .min(1)
    .refine((prefix) => parsePrefix(prefix) !== undefined, 'a log_line_prefix with a time (%m, %t or %n)')
    .default('%m [%p] ')
    .describe('Of format stderr: as SHOW log_line_prefix says'),
  timezone: zoneOption.describe('Of times whose zone is no number and not UTC: as SHOW log_timezone says; default: that of this machine'),
  running: z
    .boolean()
    .default(true)
    .describe('The log is being written to, now; false for a copy, which covers nothing after its last line'),
  complete: z
    .boolean()
    .default(false)
    .describe('log_statement was ddl, mod or all for everybody all the time: only then is silence called "nobody"'),
});

export type Options = z.infer<typeof options>;

export interface LogOptions {
  readonly server: string;
  readonly format: 'csv' | 'json' | 'stderr';
  readonly prefix: string;
  readonly zone: string;
}

export function logOptions({ server, log, format, prefix, timezone }: Options): LogOptions {
  const bare = log.replace(/\.gz$/, '');
  const ending = bare.endsWith('.csv') ? 'csv' : bare.endsWith('.json') ? 'json' : 'stderr';
  return { server, format: format ?? ending, prefix, zone: timezone ?? ownZone() };
}
