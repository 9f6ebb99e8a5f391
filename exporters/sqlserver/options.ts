/** What the configuration of `use: sqlserver` may say. */
import { secret } from 'drifttrail';
import { z } from 'zod';
import { serverName } from '../_sql/options.ts';
import { DATABASE_WORDS, SERVER_WORDS } from './queries.ts';

const words = [...SERVER_WORDS, ...DATABASE_WORDS] as [string, ...string[]];

export const options = z.strictObject({
  name: serverName,
  server: z
    .string()
    .regex(/^[^-\s][^\s]*$/, 'as sqlcmd -S has it: host, host,port or host\\instance')
    .default('localhost')
    .describe('host, host,port or host\\instance'),
  user: z
    .string()
    .regex(/^[^-]/, 'a name that does not begin with a dash')
    .optional()
    .describe('the login to read as; without it the account that drifttrail runs as (-E)'),
  password: secret().optional().describe('env:NAME or file:PATH'),
  encrypt: z.boolean().default(true).describe('asks for an encrypted connection'),
  trustCertificate: z.boolean().default(false).describe('accepts any certificate: who stands in between can read along'),
  databases: z
    .union([z.literal('all'), z.array(z.string().min(1)).min(1)])
    .default('all')
    .describe('all that are online but the server’s own (master, model, msdb, tempdb), or a list'),
  without: z.array(z.enum(words)).default([]).describe('kinds that are left out, by their last word'),
  program: z.string().min(1).default('sqlcmd').describe('the sqlcmd command'),
  timeout: z.number().int().min(1).max(3600).default(60).describe('seconds that one question may take; a connection gets ten of them'),
});

export type SqlserverOptions = z.infer<typeof options>;
