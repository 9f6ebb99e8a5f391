/** The event store: write events and issued credentials of the last weeks, in an embedded DuckDB file. */
import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { DrifttrailError } from '../errors.ts';
import type { AuditEvent } from '../model.ts';
import { BETWEEN, CORRECT, ISSUERS, KEEP_MARK, MERGE, TABLES, UNSTAGE, VERSION } from './schema.ts';
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
  readonly mark: (trail: string, key: string) => string | undefined;
  readonly setMarks: (trail: string, marks: ReadonlyMap<string, string>) => Promise<void>;
  /** What has been read completely, joined per account and region. */
  readonly covered: () => Promise<Span[]>;
  readonly addCovered: (span: Span) => Promise<void>;
  /** Forgets what is older. */
  readonly prune: (before: string) => Promise<void>;
  readonly close: () => void;
}

/** Rows staged between two merges; bounds the memory of an insert. */
const BATCH = 20_000;
const LONGEST_CHAIN = 10;
/** A log that grows to 64 MB before it is worked in: with the default of 16 MB filling costs more than twice the processor time. */
const ENGINE = { threads: '1', memory_limit: '256MB', wal_autocheckpoint: '64MB' };

/**
 * Opens `<stateDir>/events.duckdb`, mode 0600. Only one process may have it open: hold the deployment's lock.
 * Throws `event-store-unusable`.
 */
export async function openEventStore(stateDir: string): Promise<EventStore> {
  mkdirSync(stateDir, { recursive: true, mode: 0o700 });
  const file = join(stateDir, 'events.duckdb');
  const { instance, connection } = await open(file);
  const marks = new Map<string, string>();
  for (const [trail, key, value] of await rows(connection, 'SELECT trail, key, value FROM marks'))
    marks.set(`${trail}\n${key}`, String(value));

  const issuersOf = async (credentials: readonly string[]): Promise<[string, AuditEvent][]> => {
    if (credentials.length === 0) return [];
    const { LIST, VARCHAR, listValue } = await import('@duckdb/node-api');
    const found = (await connection.runAndReadAll(ISSUERS, [listValue([...credentials])], [LIST(VARCHAR)])).getRows();
    return found.map(([issued, event]) => [String(issued), parse(event)]);
  };

  return {
    insert: async (events) => {
      for (let start = 0; start < events.length; start += BATCH) await insertBatch(connection, events.slice(start, start + BATCH));
    },
    query: async ({ from, to }) =>
      (await rows(connection, BETWEEN, [BigInt(Date.parse(from)), BigInt(Date.parse(to))])).map(([event]) => parse(event)),
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
    setMarks: async (trail, changed) => {
      await inTransaction(connection, async () => {
        for (const [key, value] of changed) await connection.run(KEEP_MARK, [trail, key, value]);
      });
      for (const [key, value] of changed) marks.set(`${trail}\n${key}`, value);
    },
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
      await connection.run('CHECKPOINT');
    },
    close: () => {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

async function open(file: string): Promise<{ instance: DuckDBInstance; connection: DuckDBConnection }> {
  try {
    const { DuckDBInstance: Instance } = await import('@duckdb/node-api');
    const instance = await Instance.create(file, ENGINE);
    chmodSync(file, 0o600);
    const connection = await instance.connect();
    await connection.run(TABLES);
    const [[version] = []] = await rows(connection, 'SELECT version FROM meta');
    if (version === undefined) await connection.run('INSERT INTO meta VALUES (?)', [VERSION]);
    else if (version !== VERSION) await migrate(connection, Number(version));
    return { instance, connection };
  } catch (cause) {
    throw new DrifttrailError({
      code: 'event-store-unusable',
      message: `cannot open the event store ${file}: ${cause instanceof Error ? cause.message : String(cause)}`,
      remedy: 'use the newest drifttrail, or move the file away: it is filled again from the trail as far as that goes back',
      cause,
    });
  }
}

/** What was read from a queue cannot be read again: an older store is brought up to date, never thrown away. */
async function migrate(connection: DuckDBConnection, from: number): Promise<void> {
  const steps = Array.from({ length: Math.max(VERSION - from, 0) }, (_, index) => MIGRATIONS[from + index]);
  if (steps.length === 0) throw new Error(`it was written by a later drifttrail (${from})`);
  await inTransaction(connection, async () => {
    for (const step of steps) await step?.(connection);
    await connection.run(`UPDATE meta SET version = ${VERSION}`);
  });
}

/** By the version that they start from. */
const MIGRATIONS: Readonly<Record<number, (connection: DuckDBConnection) => Promise<void>>> = {
  // Who was seen with what is learnt from the events that are there.
  1: async (connection) => {
    for (let at = 0; ; at += BATCH) {
      const batch = await rows(connection, `SELECT event FROM events ORDER BY rowid LIMIT ${BATCH} OFFSET ${at}`);
      if (batch.length === 0) return;
      await remember(
        connection,
        batch.map(([event]) => parse(event)),
      );
    }
  },
};

async function insertBatch(connection: DuckDBConnection, events: readonly AuditEvent[]): Promise<void> {
  const times = events.map(({ time }) => BigInt(Date.parse(time)));
  await inTransaction(connection, async () => {
    const appender = await connection.createAppender('staging');
    for (const [seq, event] of events.entries()) {
      appender.appendInteger(seq);
      appender.appendVarchar(event.id);
      appender.appendBigInt(times[seq] ?? 0n);
      if (event.issued === undefined) appender.appendNull();
      else appender.appendVarchar(event.issued);
      appender.appendBoolean(event.addendum === true);
      appender.appendVarchar(JSON.stringify(event));
      appender.endRow();
    }
    appender.closeSync();
    if (events.some(({ addendum }) => addendum === true)) await connection.run(CORRECT);
    await connection.run(MERGE, [earliest(times), latest(times)]);
    await connection.run(UNSTAGE);
    await remember(connection, events);
  });
}

async function inTransaction(connection: DuckDBConnection, work: () => Promise<void>): Promise<void> {
  await connection.run('BEGIN');
  try {
    await work();
    await connection.run('COMMIT');
  } catch (error) {
    await connection.run('ROLLBACK');
    throw error;
  }
}

async function rows(connection: DuckDBConnection, sql: string, values: readonly (string | bigint)[] = []): Promise<unknown[][]> {
  return (await connection.runAndReadAll(sql, [...values])).getRows();
}

async function readSpans(connection: DuckDBConnection): Promise<Span[]> {
  const found = await rows(connection, 'SELECT account, region, "from", "to" FROM covered ORDER BY ALL');
  return found.map(([account, region, from, to]) => ({ account: String(account), region: String(region), from: iso(from), to: iso(to) }));
}

const earliest = (times: readonly bigint[]): bigint => times.reduce((a, b) => (b < a ? b : a), times[0] ?? 0n);
const latest = (times: readonly bigint[]): bigint => times.reduce((a, b) => (b > a ? b : a), times[0] ?? 0n);
const iso = (milliseconds: unknown): string => new Date(Number(milliseconds)).toISOString();
const parse = (event: unknown): AuditEvent => JSON.parse(String(event)) as AuditEvent;

/** A role assumed from another account is on record in both; the role's account knows of the caller only the account. */
function fuller(known: AuditEvent | undefined, next: AuditEvent): AuditEvent {
  return known !== undefined && next.actor.type === 'AWSAccount' ? known : next;
}

function credentialsOf(events: readonly AuditEvent[]): string[] {
  return [...new Set(events.flatMap(({ actor }) => actor.credential ?? []))];
}
