/** Athena over a table of a trail's files. */
import type { Trail } from 'drifttrail';
import { z } from 'zod';
import { faultOf } from '../../exporters/_aws/errors.ts';
import { regionOption } from '../../exporters/_aws/options.ts';
import { openAccess } from '../_cloudtrail/access.ts';
import { queryShape } from '../_query/options.ts';
import { readTable } from '../_query/read.ts';
import { athenaEngine } from './engine.ts';
import { describeTable, type Described } from './table.ts';

const NAME = /^[\w@$ .-]+$/;
const options = z.strictObject({
  region: regionOption.describe('Where Athena and the table are'),
  catalog: z.string().regex(NAME).default('AwsDataCatalog').describe('The data catalogue'),
  database: z.string().regex(NAME).describe('The database of the table'),
  table: z.string().regex(NAME).describe('The table of CloudTrail’s records'),
  workgroup: z.string().min(1).default('primary').describe('The work group that pays for the queries'),
  output: z
    .string()
    .regex(/^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](\/.*)?$/, 'a place for results looks like s3://bucket/prefix/')
    .optional()
    .describe('Where results go; default as the work group says'),
  ...queryShape,
});
type Options = z.infer<typeof options>;

/** Requests per second; Athena allows five GetQueryExecution and more of the others. */
const RATE = 5;
/** Files come minutes after the events, at times an hour. Milliseconds. */
const LATE = 60 * 60_000;

const trail: Trail<Options> = {
  name: 'athena',
  summary: 'Athena over a table of CloudTrail files',
  scopes: ['aws'],
  options,
  permissions: [
    ...[
      'athena:GetTableMetadata',
      'athena:StartQueryExecution',
      'athena:GetQueryExecution',
      'athena:GetQueryResults',
      'athena:StopQueryExecution',
    ],
    ...['glue:GetDatabase', 'glue:GetTable', 'glue:GetPartitions'],
    ...['s3:GetBucketLocation', 's3:ListBucket', 's3:GetObject', 's3:PutObject'],
  ],
  async *read(context) {
    const { options: own, signal } = context;
    const { send, close } = await openAccess(own, RATE, context);
    try {
      const described = await describeTable(send, own.region, own, signal).catch((error: unknown) => {
        signal.throwIfAborted();
        context.gap(faultOf(error, { action: 'athena:GetTableMetadata', region: own.region }));
      });
      if (described === undefined) return;
      const lacking = missingOptions(described, own);
      if (lacking !== undefined) {
        context.gap({ reason: 'invalid', detail: lacking });
        return;
      }
      if (described.division.undivided) context.progress(`${nameOf(own)} has no partitions by day: each query reads all of it`);
      const { accounts, regions, deadline } = own;
      const engine = athenaEngine(send, own.region, own, own.output);
      yield* readTable({ engine, table: described.table, key: keyOf(own), late: LATE, accounts, regions, deadline }, context);
    } finally {
      close();
    }
  },
  async probe({ options: own, signal, ...surroundings }) {
    const system = nameOf(own);
    const { send, close } = await openAccess(own, RATE, surroundings);
    try {
      const described = await describeTable(send, own.region, own, signal);
      const lacking = missingOptions(described, own);
      const divided = described.division.undivided ? 'it has no partitions by day: each query reads all of it' : 'it is divided by day';
      return [{ system, ok: lacking === undefined, detail: lacking ?? `a table of CloudTrail's records; ${divided}` }];
    } catch (error) {
      return [{ system, ok: false, detail: faultOf(error, { action: 'athena:GetTableMetadata', region: own.region }).detail }];
    } finally {
      close();
    }
  },
};
export default trail;

function missingOptions({ division }: Described, own: Options): string | undefined {
  const lacking = division.needs.filter((option) => own[option] === undefined);
  return lacking.length === 0 ? undefined : `${nameOf(own)} finds its partitions by name only: give ${lacking.join(' and ')}`;
}

function nameOf({ catalog, database, table }: Pick<Options, 'catalog' | 'database' | 'table'>): string {
  return [...(catalog === 'AwsDataCatalog' ? [] : [catalog]), database, table].join('.');
}

/** Another account has other tables of the same name. */
function keyOf({ region, catalog, profile, roleArn, ...own }: Options): string {
  return [region, catalog, nameOf({ catalog, ...own }), profile, roleArn].filter((part) => part !== undefined).join(' ');
}
