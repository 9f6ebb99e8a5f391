/** What the configuration of `use: mysql` may say. */
import { z } from 'zod';
import { endpointOptions, serverName } from '../_sql/options.ts';
import { KINDS } from './names.ts';

const words = KINDS.map((kind) => kind.slice('mysql.'.length)) as [string, ...string[]];

export const options = z.strictObject({
  name: serverName,
  ...endpointOptions,
  databases: z
    .union([z.literal('all'), z.array(z.string().min(1)).min(1)])
    .default('all')
    .describe('all but the server’s own (mysql, sys, information_schema, performance_schema), or a list'),
  without: z.array(z.enum(words)).default([]).describe('kinds that are left out, by their last word'),
});

export type MysqlOptions = z.infer<typeof options>;
