/** The event store: write events and issued credentials of the last weeks, in an embedded DuckDB file. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { DuckDBConnection, DuckDBType, DuckDBValue } from '@duckdb/node-api';
import type { AuditEvent } from '../model.ts';
import { closeEngine, inTransaction, openEngine, parse, rows } from './engine.ts';
import { BETWEEN, CORRECT, ISSUERS, KEEP_MARK, KNOWN } from './schema.ts';
import { type Newness, newnessOf, remember } from './seen.ts';
import { joinSpans, type Span } from './spans.ts';

export interface EventStore {
  /** Events of an id that is there already are dropped, but a correction (`addendum`) replaces. Durable when it resolves. */
  readonly insert: (events: readonly AuditEvent[]) => Promise<void>;
  /** Events in (from, to], oldest first. */
  readonly query: (window: { readonly from: string; readonly to: string }) => Promise<AuditEvent[]>;
  /** The event that issued a credential. */
  readonly issuedBy: (credential: string) => Promise<AuditEvent | undefined>;
  /** By credential, the events that issued those of the events' actors, and theirs in turn. */
  readonly issuers: (events: readonly AuditEvent[]) => Promise<ReadonlyMap<string, AuditEvent>>;
  /** By event id, what is new about its actor, where the trail was read for long enough to say so. */
  readonly newness: (events: readonly AuditEvent[]) => Promise<ReadonlyMap<string, Newness>>;
  /** By id, the time of each event that was corrected (`addendum`). */
  readonly corrected: () => ReadonlyMap<string, string>;
  readonly mark: (trail: string, key: string) => string | undefined;
  readonly setMarks: (trail: string, marks: ReadonlyMap<string, string>) => Promise<void>;
  /** What has been read completely, joined per account and region. */
  readonly covered: () => Promise<Span[]>;
  readonly addCovered: (span: Span) => Promise<void>;
  /** Forgets what is older. */
  readonly prune: (before: string) => Promise<void>;
  readonly close: () => void;
}

/** Rows and characters of one transaction, which the engine must be able to hold. */
const BATCH = 20_000;
const TEXT = 4 * 1024 * 1024;
/** Stands among the marks where a trail's name does, and is none. */
const CORRECTED = '$corrected';
/** Characters of a row. */
const PART = 8 * 1024;
const LONGEST_CHAIN = 10;

/**
 * Opens `<stateDir>/events.duckdb`, mode 0600. Only one process may have it open: hold the deployment's lock.
 * Throws `event-store-unusable`.
 */
export async function openEventStore(stateDir: string): Promise<EventStore> {
  mkdirSync(stateDir, { recursive: true, mode: 0o700 });
  const engine = await openEngine(join(stateDir, 'events.duckdb'));
  const { connection } = engine;
  const marks = new Map<string, string>();
  for (const [trail, key, value] of await rows(connection, 'SELECT trail, key, value FROM marks'))
    marks.set(`${trail}\n${key}`, String(value));

  const issuersOf = async (credentials: readonly string[]): Promise<[string, AuditEvent][]> => {
    if (credentials.length === 0) return [];
    const { LIST, VARCHAR, listValue } = await import('@duckdb/node-api');
    const found = await oldestFirst(connection, ISSUERS, [listValue([...credentials])], [LIST(VARCHAR)]);
    return found.map(({ event }) => [String(event.issued), event]);
  };

  const keepMarks: EventStore['setMarks'] = async (trail, changed) => {
    await inTransaction(connection, async () => {
      for (const [key, value] of changed) await connection.run(KEEP_MARK, [trail, key, value]);
    });
    for (const [key, value] of changed) marks.set(`${trail}\n${key}`, value);
  };

  return {
    insert: async (events) => {
      // Before what they say: after a crash in between they are read once more.
      const corrections = events.filter(({ addendum }) => addendum === true);
      if (corrections.length > 0) await keepMarks(CORRECTED, new Map(corrections.map(({ id, time }) => [id, time])));
      let [batch, size]: [Row[], number] = [[], 0];
      for (const event of events) {
        const row = { event, text: JSON.stringify(event) };
        if (batch.length === BATCH || size + row.text.length > TEXT) {
          await insertBatch(connection, batch);
          [batch, size] = [[], 0];
        }
        batch.push(row);
        size += row.text.length;
      }
      if (batch.length > 0) await insertBatch(connection, batch);
    },
    query: async ({ from, to }) => {
      const found = await oldestFirst(connection, BETWEEN, [BigInt(Date.parse(from)), BigInt(Date.parse(to))]);
      return found.map(({ event }) => event);
    },
    issuedBy: async (credential) =>
      (await issuersOf([credential])).map(([, event]) => event).reduce<AuditEvent | undefined>(fuller, undefined),
    issuers: async (events) => {
      const known = new Map<string, AuditEvent>();
      let wanted = credentialsOf(events);
      for (let depth = 0; depth < LONGEST_CHAIN && wanted.length > 0; depth++) {
        const found = await issuersOf(wanted);
        for (const [credential, event] of found) known.set(credential, fuller(known.get(credential), event));
        wanted = credentialsOf(found.map(([, event]) => event)).filter((credential) => !known.has(credential));
      }
      return known;
    },
    newness: async (events) => newnessOf(connection, events, await readSpans(connection)),
    mark: (trail, key) => marks.get(`${trail}\n${key}`),
    setMarks: keepMarks,
    corrected: () =>
      new Map([...marks].flatMap(([key, time]) => (key.startsWith(`${CORRECTED}\n`) ? [[key.slice(CORRECTED.length + 1), time]] : []))),
    covered: async () => readSpans(connection),
    addCovered: async (span) => {
      const spans = joinSpans([...(await readSpans(connection)), span]);
      await inTransaction(connection, async () => {
        await connection.run('DELETE FROM covered');
        for (const { account, region, from, to } of spans) {
          await connection.run('INSERT INTO covered VALUES (?, ?, ?, ?)', [
            account,
            region,
            BigInt(Date.parse(from)),
            BigInt(Date.parse(to)),
          ]);
        }
      });
    },
    prune: async (before) => {
      const time = BigInt(Date.parse(before));
      await connection.run('DELETE FROM events WHERE time < ?', [time]);
      await connection.run('DELETE FROM covered WHERE "to" < ?', [time]);
      await connection.run('DELETE FROM marks WHERE trail = ? AND value < ?', [CORRECTED, before]);
      await connection.run('CHECKPOINT');
    },
    close: () => closeEngine(engine),
  };
}

interface Row {
  readonly event: AuditEvent;
  readonly text: string;
}

async function insertBatch(connection: DuckDBConnection, all: readonly Row[]): Promise<void> {
  const { LIST, VARCHAR, listValue } = await import('@duckdb/node-api');
  const times = all.map(({ event }) => BigInt(Date.parse(event.time)));
  const batch = onePerId(all);
  await inTransaction(connection, async () => {
    const corrected = [...batch.values()].filter(({ event }) => event.addendum === true).map(({ event }) => event.id);
    if (corrected.length > 0) await connection.run(CORRECT, [listValue(corrected)], [LIST(VARCHAR)]);
    const bounds = [earliest(times), latest(times)];
    const known = await connection.runAndReadAll(KNOWN, [listValue([...batch.keys()]), ...bounds], [LIST(VARCHAR)]);
    for (const [id] of known.getRows()) batch.delete(String(id));
    const appender = await connection.createAppender('events');
    for (const { event, text } of batch.values()) {
      for (const [index, part] of partsOf(text).entries()) {
        appender.appendVarchar(event.id);
        appender.appendBigInt(BigInt(Date.parse(event.time)));
        if (event.issued === undefined) appender.appendNull();
        else appender.appendVarchar(event.issued);
        appender.appendInteger(index);
        appender.appendVarchar(part);
        appender.endRow();
      }
    }
    appender.closeSync();
    await remember(
      connection,
      all.map(({ event }) => event),
    );
  });
}

/** Never cut within a character of two halves, which has no bytes of its own. */
function partsOf(text: string): string[] {
  const parts: string[] = [];
  for (let start = 0; start < text.length; ) {
    const end = start + PART;
    const cut = end < text.length && (text.charCodeAt(end - 1) & 0xfc00) === 0xd800 ? end - 1 : end;
    parts.push(text.slice(start, cut));
    start = cut;
  }
  return parts;
}

/** The first of each id, but a correction before what it corrects. */
function onePerId(rows: readonly Row[]): Map<string, Row> {
  const found = new Map<string, Row>();
  for (const row of rows) {
    const known = found.get(row.event.id)?.event;
    if (known === undefined || (row.event.addendum === true && known.addendum !== true)) found.set(row.event.id, row);
  }
  return found;
}

/** Rows as of `BETWEEN`. The engine would sort whole events, and has not the memory for those of a busy day. */
async function oldestFirst(
  connection: DuckDBConnection,
  sql: string,
  values: DuckDBValue[],
  types?: DuckDBType[],
): Promise<{ readonly time: number; readonly event: AuditEvent }[]> {
  const found: { readonly time: number; readonly event: AuditEvent }[] = [];
  let read = { time: 0, text: '' };
  const finish = () => {
    if (read.text !== '') found.push({ time: read.time, event: parse(read.text) });
  };
  const result = await connection.stream(sql, values, types);
  for await (const some of result.yieldRows()) {
    for (const [time, part, text] of some) {
      if (part !== 0) {
        read.text += text;
        continue;
      }
      finish();
      read = { time: Number(time), text: String(text) };
    }
  }
  finish();
  return found.sort((a, b) => a.time - b.time || (a.event.id < b.event.id ? -1 : 1));
}

async function readSpans(connection: DuckDBConnection): Promise<Span[]> {
  const found = await rows(connection, 'SELECT account, region, "from", "to" FROM covered ORDER BY ALL');
  return found.map(([account, region, from, to]) => ({ account: String(account), region: String(region), from: iso(from), to: iso(to) }));
}

const earliest = (times: readonly bigint[]): bigint => times.reduce((a, b) => (b < a ? b : a), times[0] ?? 0n);
const latest = (times: readonly bigint[]): bigint => times.reduce((a, b) => (b > a ? b : a), times[0] ?? 0n);
const iso = (milliseconds: unknown): string => new Date(Number(milliseconds)).toISOString();

/** A role assumed from another account is on record in both; the role's account knows of the caller only the account. */
function fuller(known: AuditEvent | undefined, next: AuditEvent): AuditEvent {
  return known !== undefined && next.actor.type === 'AWSAccount' ? known : next;
}

function credentialsOf(events: readonly AuditEvent[]): string[] {
  return [...new Set(events.flatMap(({ actor }) => actor.credential ?? []))];
}
