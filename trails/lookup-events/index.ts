/** The trail that needs no set-up: CloudTrail's event history, 90 days, by LookupEvents. */
import type { AuditEvent, Trail, TrailContext } from 'drifttrail';
import pLimit from 'p-limit';
import { z } from 'zod';
import { accountsOf, openAccount, type Refused } from '../../exporters/_aws/accounts.ts';
import type { Account } from '../../exporters/_aws/api.ts';
import { faultOf } from '../../exporters/_aws/errors.ts';
import { sessionShape } from '../../exporters/_aws/options.ts';
import { openSession, regionsOf, sessionPermissions } from '../../exporters/_aws/session.ts';
import { PARALLEL, type Place, readIssuers } from './issuers.ts';
import { lookUp } from './lookup.ts';
import { probeHistories } from './probe.ts';
import { resumeFrom, resumeMark } from '../_cloudtrail/resume.ts';
import { hidesPerson } from '../_cloudtrail/search.ts';

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

/** Records may arrive this late; that much is read again. Milliseconds. */
const LATE = 30 * 60_000;

const trail: Trail<Options> = {
  name: 'lookup-events',
  summary: 'CloudTrail event history of the last 90 days; nothing to set up',
  scopes: ['aws'],
  options,
  permissions: ['cloudtrail:LookupEvents', ...sessionPermissions],
  async *read(context) {
    const session = await openSession(context.options, context);
    try {
      const places: Place[] = [];
      const writes: AuditEvent[] = [];
      const refused: Refused = (who, fault) => {
        context.signal.throwIfAborted();
        context.gap({ ...(/^\d{12}$/.test(who) ? { account: who } : {}), ...fault });
      };
      for (const option of await accountsOf(session, context.options, context.signal, refused)) {
        const account = await openAccount(session, option, context.signal, refused);
        if (account === undefined) continue;
        let regions: readonly string[];
        try {
          regions = await regionsOf(account, context.options.regions, context.signal);
        } catch (error) {
          const { id, globalRegion: region, caller } = account;
          refused(id, faultOf(error, { action: 'ec2:DescribeRegions', region, caller }));
          continue;
        }
        for await (const { place, events } of readAccount(account, regions, context)) {
          places.push(place);
          for (const event of events) if (hidesPerson(event)) writes.push(event);
          yield* events;
        }
      }
      const unread = new Set<Place>();
      const issuers = await readIssuers(places, writes, context, (place, error) => {
        unread.add(place);
        gapAt(place, error, context, true);
      });
      yield* issuers.events;
      if (issuers.cut > 0) context.gap({ partial: true, reason: 'truncated', detail: tooMany(issuers.cut) });
      // Without its issuers a place is read again next time.
      for (const place of places) {
        const key = keyOf(place.account, place.region);
        if (!unread.has(place)) context.setMark(key, resumeMark(context.window, context.mark(key)));
      }
    } finally {
      session.close();
    }
  },
  probe: probeHistories,
};
export default trail;

/** Global services write to one region only (us-east-1), so it is read even when it is not collected. */
async function* readAccount(
  account: Account,
  regions: readonly string[],
  context: Context,
): AsyncGenerator<{ place: Place; events: readonly AuditEvent[] }> {
  const limit = pLimit(PARALLEL);
  const all = [...new Set([...regions, account.globalRegion])].sort();
  const reading = all.map((region) => limit(() => readRegion(account, region, context)));
  try {
    for (const events of reading) yield* await events;
  } finally {
    limit.clearQueue();
    await Promise.allSettled(reading);
  }
}

/** Nothing when the region could not be read. */
async function readRegion(account: Account, region: string, context: Context): Promise<{ place: Place; events: AuditEvent[] }[]> {
  const start = resumeFrom(context.window, context.mark(keyOf(account, region)), LATE);
  const place: Place = { account, region, span: { from: start, to: context.window.to } };
  try {
    const events: AuditEvent[] = [];
    for await (const page of lookUp(account, region, ['ReadOnly', 'false'], place.span, context.signal)) events.push(...page);
    context.covered({ account: account.id, region, ...place.span });
    return [{ place, events }];
  } catch (error) {
    context.signal.throwIfAborted();
    gapAt(place, error, context);
    return [];
  }
}

/** `partial`: the writes were read, only who assumed the roles was not. */
function gapAt({ account, region }: Place, error: unknown, context: Context, partial = false): void {
  const fault = faultOf(error, { action: 'cloudtrail:LookupEvents', region, caller: account.caller });
  context.gap({ account: account.id, region, ...(partial ? { partial } : {}), ...fault });
}

function tooMany(sessions: number): string {
  return `cloudtrail:LookupEvents: ${sessions} sessions were too many to ask who assumed their role, and keep their session name; a trail of use: s3 has it in its files`;
}

const keyOf = (account: Account, region: string): string => `${account.id} ${region}`;
