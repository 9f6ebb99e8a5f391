/** What the configuration of `use: postgres` may say. */
import { z } from 'zod';
import { endpointOptions, excludeInclude, serverName } from '../_sql/options.ts';
import { READERS } from './queries/index.ts';

const words = READERS.map(({ kind }) => kind.slice('postgres.'.length)) as [string, ...string[]];

export const options = z.strictObject({
  name: serverName,
  ...endpointOptions,
  database: z.string().min(1).optional().describe('where to connect first; default as the url says, else postgres'),
  databases: z
    .union([z.literal('all'), z.array(z.string().min(1)).min(1)])
    .default('all')
    .describe('all that accept connections and are no templates, or a list'),
  schemas: excludeInclude.describe('names of schemas, in every database; pg_* and information_schema are never read'),
  without: z
    .array(z.enum(words))
    .default(['password'])
    .describe('kinds that are left out, by their last word; default password, which only a superuser may read'),
});

export type PostgresOptions = z.infer<typeof options>;
