/** The memory of who was seen with what, and since when; it outlives the events themselves. */
import { isIP } from 'node:net';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { AuditEvent } from '../model.ts';
import { FIRSTS, FORGET_SIGHTS, KEEP_FIRSTS } from './schema.ts';
import type { Span } from './spans.ts';

/** What is new about an event's actor; absent when too little is known of the time before. */
export interface Newness {
  readonly principal: boolean;
  /** A known principal, from an address or a country, or through a channel, that it was not seen with. */
  readonly address: boolean;
  readonly country: boolean;
  readonly channel: boolean;
}

const DAY = 86_400_000;
/** Nobody is called new before the trail was read for so long. Milliseconds. */
const ACQUAINTANCE = 14 * DAY;

type Aspect = 'principal' | 'address' | 'country' | 'channel';

interface Sight {
  readonly account: string;
  readonly who: string;
  readonly aspect: Aspect;
  readonly value: string;
}

/**
 * Session names that nobody chose for good would make every session a stranger: then the role is who is seen. Machines
 * change their addresses all day, so that only a person's are worth remembering.
 */
function sightsOf({ account, actor }: AuditEvent): Sight[] {
  const person = actor.nameFrom !== undefined;
  const who = `${actor.type} ${person ? actor.name : (actor.role ?? actor.name)}`;
  const sight = (aspect: Aspect, value: string): Sight => ({ account, who, aspect, value });
  const { sourceIp, country } = actor;
  return [
    sight('principal', ''),
    sight('channel', actor.via),
    // Where a service calls for somebody, its name stands in place of an address.
    ...(person && sourceIp !== null && isIP(sourceIp) !== 0 ? [sight('address', sourceIp)] : []),
    ...(person && country !== undefined ? [sight('country', country)] : []),
  ];
}

const keyOf = ({ account, who, aspect, value }: Sight): string => [account, who, aspect, value].join('\n');

/** Runs inside the transaction that keeps the events. */
export async function remember(connection: DuckDBConnection, events: readonly AuditEvent[]): Promise<void> {
  const firsts = new Map<string, { readonly sight: Sight; readonly first: number }>();
  for (const event of events) {
    // Whoever only tried is not acquainted by it.
    if (event.error !== undefined) continue;
    const first = Date.parse(event.time);
    for (const sight of sightsOf(event)) {
      const key = keyOf(sight);
      const known = firsts.get(key);
      if (known === undefined || first < known.first) firsts.set(key, { sight, first });
    }
  }
  const appender = await connection.createAppender('sights');
  for (const { sight, first } of firsts.values()) {
    for (const text of [sight.account, sight.who, sight.aspect, sight.value]) appender.appendVarchar(text);
    appender.appendBigInt(BigInt(first));
    appender.endRow();
  }
  appender.closeSync();
  await connection.run(KEEP_FIRSTS);
  await connection.run(FORGET_SIGHTS);
}

/** By event id. What was first seen less than a day before the event is still new. */
export async function newnessOf(
  connection: DuckDBConnection,
  events: readonly AuditEvent[],
  covered: readonly Span[],
): Promise<Map<string, Newness>> {
  const found = new Map<string, Newness>();
  const known = events.filter((event) => isAcquainted(event, covered));
  if (known.length === 0) return found;
  const { LIST, VARCHAR, listValue } = await import('@duckdb/node-api');
  const accounts = [...new Set(known.map(({ account }) => account))];
  const rows = (await connection.runAndReadAll(FIRSTS, [listValue(accounts)], [LIST(VARCHAR)])).getRows();
  const firsts = new Map(rows.map(([account, who, aspect, value, first]) => [[account, who, aspect, value].join('\n'), Number(first)]));
  const countriesSince = earliestCountries(rows);
  for (const event of known) {
    const time = Date.parse(event.time);
    const fresh = new Set(sightsOf(event).flatMap((sight) => ((firsts.get(keyOf(sight)) ?? time) > time - DAY ? [sight.aspect] : [])));
    const principal = fresh.has('principal');
    const isNew = (aspect: Aspect) => !principal && fresh.has(aspect);
    const country = isNew('country') && (countriesSince.get(event.account) ?? time) <= time - ACQUAINTANCE;
    found.set(event.id, { principal, address: isNew('address'), country, channel: isNew('channel') });
  }
  return found;
}

/** By account: countries are known from the day on when somebody configured where they are told. */
function earliestCountries(rows: readonly (readonly unknown[])[]): Map<string, number> {
  const found = new Map<string, number>();
  for (const [account, , aspect, , first] of rows) {
    if (aspect === 'country') found.set(String(account), Math.min(found.get(String(account)) ?? Number.POSITIVE_INFINITY, Number(first)));
  }
  return found;
}

function isAcquainted({ account, region, time }: AuditEvent, covered: readonly Span[]): boolean {
  const at = Date.parse(time);
  return covered.some(
    (span) => span.account === account && span.region === region && Date.parse(span.from) <= at - ACQUAINTANCE && Date.parse(span.to) >= at,
  );
}
