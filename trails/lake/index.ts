/** CloudTrail Lake: an event data store, of one account or an organisation, asked by SQL. */
import type { Trail } from 'drifttrail';
import { z } from 'zod';
import { faultOf } from '../../exporters/_aws/errors.ts';
import { openAccess } from '../_cloudtrail/access.ts';
import { queryShape } from '../_query/options.ts';
import type { Table } from '../_query/queries.ts';
import { readTable } from '../_query/read.ts';
import { lakeEngine } from './engine.ts';
import { LAKE } from './schema.ts';
import { describeStore } from './store.ts';

const ARN = /^arn:aws[\w-]*:cloudtrail:([a-z0-9-]+):\d{12}:eventdatastore\/([0-9a-f-]{36})$/;
const options = z.strictObject({
  eventDataStore: z
    .string()
    .regex(ARN, 'an event data store’s ARN looks like arn:aws:cloudtrail:eu-west-1:123456789012:eventdatastore/EXAMPLE-…')
    .describe('The ARN of the event data store'),
  flattened: z.boolean().default(false).describe('Read the columns one by one instead of eventJson, which holds the record as it was'),
  ...queryShape,
});
type Options = z.infer<typeof options>;

/** Requests per second; the quotas of CloudTrail's query calls are a few a second. */
const RATE = 5;
/** CloudTrail delivers to event data stores within minutes, at times more. Milliseconds. */
const LATE = 30 * 60_000;

const trail: Trail<Options> = {
  name: 'lake',
  summary: 'CloudTrail Lake, an event data store asked by SQL',
  scopes: ['aws'],
  options,
  permissions: [
    'cloudtrail:GetEventDataStore',
    'cloudtrail:StartQuery',
    'cloudtrail:DescribeQuery',
    'cloudtrail:GetQueryResults',
    'cloudtrail:CancelQuery',
  ],
  async *read(context) {
    const { options: own, signal } = context;
    const { region, id } = placeOf(own);
    const { send, close } = await openAccess(own, RATE, context);
    try {
      const store = await describeStore(send, region, own.eventDataStore, context.now().getTime(), signal).catch((error: unknown) => {
        signal.throwIfAborted();
        context.gap(faultOf(error, { action: 'cloudtrail:GetEventDataStore', region }));
      });
      if (store === undefined) return;
      const { accounts, regions, deadline } = own;
      const { since, holes } = store;
      const reading = { engine: lakeEngine(send, region), table: tableOf(id, own.flattened), key: own.eventDataStore, late: LATE, since };
      yield* readTable({ ...reading, accounts, regions, deadline, ...(holes === undefined ? {} : { holes }) }, context);
    } finally {
      close();
    }
  },
  async probe({ options: own, signal, ...surroundings }) {
    const { region, id: system } = placeOf(own);
    const { send, close } = await openAccess(own, RATE, surroundings);
    try {
      const { name, status, since, holes } = await describeStore(send, region, own.eventDataStore, surroundings.now().getTime(), signal);
      return [
        {
          system,
          ok: holes === undefined,
          detail: holes ?? `${name} is ${status.toLowerCase()} and has events since ${since.slice(0, 10)}`,
        },
      ];
    } catch (error) {
      return [{ system, ok: false, detail: faultOf(error, { action: 'cloudtrail:GetEventDataStore', region }).detail }];
    } finally {
      close();
    }
  },
};
export default trail;

/** `from` is what stands for the event data store: its id, which Lake wants without quotes. */
export function tableOf(from: string, flattened: boolean): Table {
  return { from, schema: LAKE, quote: (name) => name, timestamp: 'text', whole: !flattened, partitions: () => [] };
}

function placeOf({ eventDataStore }: Options): { readonly region: string; readonly id: string } {
  const [, region = '', id = ''] = ARN.exec(eventDataStore) ?? [];
  return { region, id };
}
