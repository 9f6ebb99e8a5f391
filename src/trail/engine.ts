/** The embedded engine below the event store: how its file is opened, and brought up to date when an older drifttrail wrote it. */
import { chmodSync, renameSync, rmSync } from 'node:fs';
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { DrifttrailError } from '../errors.ts';
import type { AuditEvent } from '../model.ts';
import { TABLES, VERSION } from './schema.ts';
import { remember } from './seen.ts';

/**
 * A million records are filled within 400 MB for the whole process. The engine would take most of the machine; zstd needs less
 * memory than the methods that it would choose itself, and a quarter of their space; a larger log costs memory, a smaller one time.
 */
const ENGINE = {
  threads: '1',
  allocator_flush_threshold: '1MB',
  allocator_bulk_deallocation_flush_threshold: '1MB',
  memory_limit: '96MB',
  wal_autocheckpoint: '24MB',
  force_compression: 'zstd',
  // The first that knows zstd; a file keeps the one that it was made with.
  storage_compatibility_version: 'v1.4.0',
};
const BATCH = 20_000;

export interface Engine {
  readonly instance: DuckDBInstance;
  readonly connection: DuckDBConnection;
}

/** Makes the file, mode 0600, with its tables, unless it is there. Throws `event-store-unusable`. */
export async function openEngine(file: string): Promise<Engine> {
  try {
    const engine = await start(file);
    return (await upgrade(engine, file)) ? await start(file) : engine;
  } catch (cause) {
    throw new DrifttrailError({
      code: 'event-store-unusable',
      message: `cannot open the event store ${file}: ${cause instanceof Error ? cause.message : String(cause)}`,
      remedy: 'use the newest drifttrail, or move the file away: it is filled again from the trail as far as that goes back',
      cause,
    });
  }
}

export function closeEngine({ instance, connection }: Engine): void {
  connection.closeSync();
  instance.closeSync();
}

/** Brings the file up to date where an older version wrote it, and then closes the engine. Says whether it did. */
async function upgrade(engine: Engine, file: string): Promise<boolean> {
  try {
    const [[version] = []] = await rows(engine.connection, 'SELECT version FROM meta');
    if (version === undefined) await engine.connection.run('INSERT INTO meta VALUES (?)', [VERSION]);
    if (version === undefined || version === VERSION) return false;
    if (Number(version) > VERSION) throw new Error(`it was written by a later drifttrail (${version})`);
    await copyTo(`${file}.new`, engine, Number(version));
  } catch (error) {
    closeEngine(engine);
    throw error;
  }
  closeEngine(engine);
  renameSync(`${file}.new`, file);
  return true;
}

async function start(file: string): Promise<Engine> {
  const { DuckDBInstance: Instance } = await import('@duckdb/node-api');
  const instance = await Instance.create(file, ENGINE);
  chmodSync(file, 0o600);
  // What a killed process had no memory for; the engine never looks at it again.
  rmSync(`${file}.tmp`, { recursive: true, force: true });
  const connection = await instance.connect();
  await connection.run(TABLES);
  return { instance, connection };
}

/**
 * What was read from a queue cannot be read again: an older store is brought up to date, never thrown away. The file's own format
 * is never raised: all goes to another file, which takes its place once it is whole.
 */
async function copyTo(fresh: string, { connection }: Engine, from: number): Promise<void> {
  if (from < 2) await inTransaction(connection, () => rememberAll(connection));
  // Else its log could stay and be taken for the new file's.
  await connection.run('CHECKPOINT');
  rmSync(fresh, { force: true });
  const [[name] = []] = await rows(connection, 'SELECT current_database()');
  await connection.run(`ATTACH '${fresh.replaceAll("'", "''")}' AS fresh`);
  chmodSync(fresh, 0o600);
  await connection.run('USE fresh');
  await connection.run(TABLES);
  await connection.run(`INSERT INTO events SELECT id, time, issued, 0, event FROM "${name}".events`);
  for (const table of ['marks', 'covered', 'seen']) await connection.run(`INSERT INTO ${table} FROM "${name}".${table}`);
  await connection.run('INSERT INTO meta VALUES (?)', [VERSION]);
  await connection.run(`USE "${name}"`);
  await connection.run('DETACH fresh');
}

/** Who was seen with what is learnt from the events that are there. */
async function rememberAll(connection: DuckDBConnection): Promise<void> {
  for (let at = 0; ; at += BATCH) {
    const batch = await rows(connection, `SELECT event FROM events ORDER BY rowid LIMIT ${BATCH} OFFSET ${at}`);
    if (batch.length === 0) return;
    await remember(
      connection,
      batch.map(([event]) => parse(event)),
    );
  }
}

export async function inTransaction(connection: DuckDBConnection, work: () => Promise<void>): Promise<void> {
  await connection.run('BEGIN');
  try {
    await work();
    await connection.run('COMMIT');
  } catch (error) {
    // The engine may have ended it by itself; what went wrong first is told.
    await connection.run('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

export async function rows(connection: DuckDBConnection, sql: string, values: readonly (string | bigint)[] = []): Promise<unknown[][]> {
  return (await connection.runAndReadAll(sql, [...values])).getRows();
}

export const parse = (event: unknown): AuditEvent => JSON.parse(String(event)) as AuditEvent;
