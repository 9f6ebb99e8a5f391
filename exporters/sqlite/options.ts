/** What the configuration of `use: sqlite` may say. */
import { z } from 'zod';
import { serverName } from '../_sql/options.ts';

export const options = z.strictObject({
  name: serverName.describe('name of the machine or application in the snapshots: databases/<name>/…'),
  files: z
    .record(z.string().min(1), z.string().regex(/^[^-\0\r\n][^\0\r\n]*$/, 'a path that does not begin with a dash'))
    .refine((files) => Object.keys(files).length > 0, { message: 'name at least one file: { grafana: /var/lib/grafana/grafana.db }' })
    .describe('database → its file; relative to the deployment'),
  check: z.boolean().default(false).describe('also asks whether the file is sound (quick_check), for which all of it is read'),
  program: z.string().min(1).default('sqlite3').describe('the sqlite3 command'),
  timeout: z.number().int().min(1).max(3600).default(30).describe('seconds that one file may take'),
});

export type SqliteOptions = z.infer<typeof options>;
