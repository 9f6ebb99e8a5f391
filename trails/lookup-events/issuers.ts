/** Who assumed the roles that wrote: AssumeRole is a reading call and must be asked for by name. */
import type { AuditEvent, TrailContext } from 'drifttrail';
import type { Account } from '../../exporters/_aws/api.ts';
import { lookUp } from './lookup.ts';

/** The longest that credentials of a role may last. Milliseconds. */
const LONGEST_SESSION = 12 * 3_600_000;
/** Events read in search of them; busy accounts assume roles all the time. At 50 a page and 1/s this is half a minute. */
const MOST = 1_500;

/** Only when a write was signed with a credential that hides a person; newest first, so it ends as soon as all are found. */
export async function readIssuers(
  account: Account,
  region: string,
  events: readonly AuditEvent[],
  span: { readonly from: string; readonly to: string },
  { signal, progress }: Pick<TrailContext, 'signal' | 'progress'>,
): Promise<AuditEvent[]> {
  const wanted = new Set(
    events.flatMap(({ actor }) => (actor.type === 'AssumedRole' && actor.nameFrom === undefined ? (actor.credential ?? []) : [])),
  );
  const found: AuditEvent[] = [];
  if (wanted.size === 0) return found;
  const from = new Date(Date.parse(span.from) - LONGEST_SESSION).toISOString();
  let read = 0;
  for await (const event of lookUp(account, region, ['EventName', 'AssumeRole'], { from, to: span.to }, signal)) {
    if (event.issued !== undefined && wanted.delete(event.issued)) {
      found.push(event);
      if (event.actor.type === 'AssumedRole' && event.actor.nameFrom === undefined && event.actor.credential !== undefined)
        wanted.add(event.actor.credential);
    }
    if (wanted.size === 0) break;
    if (++read >= MOST) {
      progress(
        `${account.id} ${region}: ${wanted.size} sessions are older than the last ${MOST} AssumeRole events; they keep their session name`,
      );
      break;
    }
  }
  return found;
}
