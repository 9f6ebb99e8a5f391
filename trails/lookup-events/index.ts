/** The trail that needs no set-up: CloudTrail's event history, 90 days, by LookupEvents. */
import type { AuditEvent, Trail, TrailContext } from 'drifttrail';
import pLimit from 'p-limit';
import { z } from 'zod';
import type { Account } from '../../exporters/_aws/api.ts';
import { faultOf } from '../../exporters/_aws/errors.ts';
import { labelOf, sessionShape } from '../../exporters/_aws/options.ts';
import { GLOBAL_REGION, openSession, regionsOf, sessionPermissions } from '../../exporters/_aws/session.ts';
import { readIssuers } from './issuers.ts';
import { lookUp } from './lookup.ts';

const options = z.strictObject({
  ...sessionShape,
  rate: z
    .number()
    .positive()
    .max(2)
    .default(1)
    .describe('Requests per second for each account and region; AWS allows 2 to all callers together'),
});
type Options = z.infer<typeof options>;
type Context = TrailContext<Options>;

/** Regions read at a time; each has a rate of its own. */
const PARALLEL = 8;
/** Records may arrive this late; that much is read again. Milliseconds. */
const LATE = 30 * 60_000;

const trail: Trail<Options> = {
  name: 'lookup-events',
  summary: 'CloudTrail event history of the last 90 days; nothing to set up',
  options,
  permissions: ['cloudtrail:LookupEvents', ...sessionPermissions],
  async *read(context) {
    const session = await openSession(context.options, context);
    try {
      for (const option of context.options.accounts) {
        let account: Account;
        let regions: readonly string[];
        try {
          account = await session.account(option, context.signal);
          regions = await regionsOf(account, context.options.regions, context.signal);
        } catch (error) {
          context.signal.throwIfAborted();
          context.gap(faultOf(error, { action: 'sts:GetCallerIdentity', region: GLOBAL_REGION, caller: labelOf(option) }));
          continue;
        }
        yield* readAccount(account, regions, context);
      }
    } finally {
      session.close();
    }
  },
};
export default trail;

/** Global services write to us-east-1 only, so it is read even when it is not collected. */
async function* readAccount(account: Account, regions: readonly string[], context: Context): AsyncGenerator<AuditEvent> {
  const limit = pLimit(PARALLEL);
  const all = [...new Set([...regions, GLOBAL_REGION])].sort();
  const reading = all.map((region) => limit(() => readRegion(account, region, context)));
  try {
    for (const events of reading) yield* await events;
  } finally {
    limit.clearQueue();
    await Promise.allSettled(reading);
  }
}

async function readRegion(account: Account, region: string, context: Context): Promise<AuditEvent[]> {
  const key = `${account.id} ${region}`;
  const start = startOf(context.window, context.mark(key));
  const span = { from: start, to: context.window.to };
  try {
    const events: AuditEvent[] = [];
    for await (const event of lookUp(account, region, ['ReadOnly', 'false'], span, context.signal)) events.push(event);
    events.push(...(await readIssuers(account, region, events, span, context)));
    context.setMark(key, context.window.to);
    context.covered({ account: account.id, region, ...span });
    return events;
  } catch (error) {
    context.signal.throwIfAborted();
    context.gap({ account: account.id, region, ...faultOf(error, { action: 'cloudtrail:LookupEvents', region, caller: account.caller }) });
    return [];
  }
}

/** What the last complete read reached need not be read again, but for what may have come late. */
function startOf(window: Context['window'], mark: string | undefined): string {
  const known = mark === undefined ? Number.NEGATIVE_INFINITY : Date.parse(mark) - LATE;
  return known > Date.parse(window.from) && known < Date.parse(window.to) ? new Date(known).toISOString() : window.from;
}
