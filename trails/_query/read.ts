/** Reads a window from a table of CloudTrail's records: the writes, who assumed the roles behind them, and where anything is recorded. */
import { type AuditEvent, isObject, type Json, type TrailContext } from 'drifttrail';
import { AnswerError, faultOf } from '../../exporters/_aws/errors.ts';
import { resumeFrom, resumeMark, type Span } from '../_cloudtrail/resume.ts';
import { hidesPerson, openSearch } from '../_cloudtrail/search.ts';
import type { Column } from './columns.ts';
import { columnsOf, issuersQuery, placesQuery, type Scope, type Table, writesQuery } from './queries.ts';
import { eventOf, type Row } from './records.ts';
import { type Engine, QueryFault, runQuery } from './run.ts';

export interface Reading {
  readonly engine: Engine;
  readonly table: Table;
  /** The table, for marks. */
  readonly key: string;
  readonly accounts?: readonly string[] | undefined;
  readonly regions?: readonly string[] | undefined;
  /** Seconds until a query is taken back. */
  readonly deadline: number;
  /** Milliseconds by which records may come late. */
  readonly late: number;
  /** Nothing older is in the table. */
  readonly since?: string;
  /** What is left out of the table on purpose: then silence never means that there was no event. */
  readonly holes?: string;
}

type Context = Pick<TrailContext, 'window' | 'now' | 'sleep' | 'mark' | 'setMark' | 'gap' | 'covered' | 'signal' | 'stored'>;

const DAY = 86_400_000;
/** What is older is not kept by the event store. */
const HISTORY = 90 * DAY;
/** Credentials in one query: with more a statement would be longer than the 10,000 characters that CloudTrail Lake takes. */
const AT_ONCE = 100;
/** Roles that assume roles that assume roles. */
const LONGEST_CHAIN = 5;

/** Rows that hold no record. */
interface Odd {
  count: number;
  first?: string;
}

export async function* readTable(reading: Reading, context: Context): AsyncGenerator<AuditEvent> {
  const { late } = reading;
  const key = keyOf(reading);
  const window = clamp(context.window, context.now().getTime());
  const scope: Scope = {
    accounts: reading.accounts,
    regions: reading.regions,
    from: resumeFrom(window, context.mark(key), late),
    to: window.to,
  };
  const hidden: AuditEvent[] = [];
  const odd: Odd = { count: 0 };
  const places = new Set<string>();
  try {
    for await (const event of eventsOf(reading, writesQuery(reading.table, scope), odd, context)) {
      places.add(`${event.account} ${event.region}`);
      if (hidesPerson(event)) hidden.push(event);
      yield event;
    }
  } catch (error) {
    gapOf(reading, error, context);
    return;
  }
  try {
    yield* issuersOf(reading, hidden, places, scope, odd, context);
    context.setMark(key, resumeMark(window, context.mark(key)));
  } catch (error) {
    gapOf(reading, error, context, true); // without its issuers the window is read again next time
  }
  if (odd.count > 0) {
    context.gap({
      reason: 'invalid',
      detail: `${odd.count} rows of ${reading.table.from} could not be read, the first: ${odd.first ?? ''}`,
    });
    return;
  }
  if (context.stored === undefined) return; // who only looks does not ask what silence means
  if (reading.holes !== undefined) {
    context.gap({ reason: 'truncated', detail: reading.holes });
    return;
  }
  for (const place of await knownPlaces(reading, places, scope, context)) {
    const [account = '', region = ''] = place.split(' ');
    const from = reading.since !== undefined && reading.since > scope.from ? reading.since : scope.from;
    if (from < scope.to) context.covered({ account, region, from, to: scope.to });
  }
}

/** Only what can be read and will be kept: a question about all of time costs as much as there is data. */
function clamp({ from, to }: Span, now: number): Span {
  const end = Math.min(Date.parse(to), now);
  return { from: new Date(Math.max(Date.parse(from), now - HISTORY)).toISOString(), to: new Date(end).toISOString() };
}

/** A row that holds no record must not hide those behind it. */
async function* eventsOf(reading: Reading, sql: string, odd: Odd, context: Context): AsyncGenerator<AuditEvent> {
  const columns = columnsOf(reading.table);
  for await (const row of rowsOf(reading, sql, context)) {
    const event = readRow(columns, row, odd);
    if (event !== undefined) yield event;
  }
}

function readRow(columns: readonly Column[], row: Row, odd: Odd): AuditEvent | undefined {
  try {
    return eventOf(columns, row);
  } catch (error) {
    if (!(error instanceof AnswerError)) throw error;
    odd.count++;
    odd.first ??= error.message;
    return undefined;
  }
}

async function* rowsOf({ engine, deadline }: Reading, sql: string, { now, sleep, signal }: Context): AsyncGenerator<Row> {
  for await (const page of runQuery(engine, sql, { now, sleep, signal, deadline: deadline * 1000 })) yield* page;
}

/** Back along the chain of assumed roles, a question for each of its links. */
async function* issuersOf(
  reading: Reading,
  hidden: readonly AuditEvent[],
  places: ReadonlySet<string>,
  scope: Scope,
  odd: Odd,
  context: Context,
): AsyncGenerator<AuditEvent> {
  const ours = new Set(reading.accounts ?? [...places].map((place) => place.slice(0, 12)));
  const search = openSearch(hidden, ours);
  const asked = new Set<string>();
  for (let link = 0; link < LONGEST_CHAIN; link++) {
    const wanted = search.missing().filter((credential) => /^[A-Z0-9]{16,128}$/.test(credential) && !asked.has(credential));
    for (let start = 0; start < wanted.length; start += AT_ONCE) {
      const some = wanted.slice(start, start + AT_ONCE);
      for (const credential of some) asked.add(credential);
      for await (const event of eventsOf(reading, issuersQuery(reading.table, some, scope), odd, context)) search.offer(event);
    }
    if (wanted.length === 0) break;
  }
  yield* search.found();
}

/**
 * Where silence means that there was no event: in the accounts and regions of which anything at all, reads included, came
 * in the last day. Of others nobody knows whether they are recorded. Asked once a day.
 */
async function knownPlaces(reading: Reading, seen: ReadonlySet<string>, scope: Scope, context: Context): Promise<ReadonlySet<string>> {
  const key = `${keyOf(reading)} places`;
  const known = readPlaces(context.mark(key));
  if (known !== undefined && Math.abs(Date.parse(scope.to) - known.at) < DAY) return new Set([...known.places, ...seen]);
  const from = new Date(Date.parse(scope.to) - DAY).toISOString();
  const places: string[] = [];
  try {
    for await (const [account, region] of rowsOf(reading, placesQuery(reading.table, { ...scope, from }), context)) {
      if (account !== undefined && region !== undefined) places.push(`${account} ${region}`);
    }
  } catch (error) {
    gapOf(reading, error, context, true);
    return seen;
  }
  context.setMark(key, JSON.stringify({ at: scope.to, places: places.sort() }));
  return new Set([...places, ...seen]);
}

/** What was read of some accounts was not read of others. */
function keyOf({ key, accounts, regions }: Reading): string {
  return [key, [...(accounts ?? [])].sort().join(), [...(regions ?? [])].sort().join()].join(' ');
}

function readPlaces(mark: string | undefined): { readonly at: number; readonly places: readonly string[] } | undefined {
  const value = mark === undefined ? undefined : (JSON.parse(mark) as Json);
  if (!isObject(value) || typeof value['at'] !== 'string' || !Array.isArray(value['places'])) return undefined;
  return { at: Date.parse(value['at']), places: value['places'].filter((place: Json) => typeof place === 'string') };
}

/** `partial`: the writes were read all the same. */
function gapOf({ engine }: Reading, error: unknown, { gap, signal }: Context, partial = false): void {
  signal.throwIfAborted();
  if (!(error instanceof QueryFault) && !(error instanceof AnswerError)) throw error;
  const fault = error instanceof QueryFault ? error.fault : faultOf(error, { action: engine.actions.rows, region: engine.region });
  gap({ ...fault, ...(partial ? { partial } : {}) });
}
