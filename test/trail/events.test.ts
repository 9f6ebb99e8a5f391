/** The event store keeps each event once, finds it by time and by the credential it issued, and survives a restart. */
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { AuditEvent, Surroundings, Trail } from '../../src/model.ts';
import { type EventStore, openEventStore } from '../../src/trail/events.ts';
import { readTrail } from '../../src/trail/read.ts';
import { TABLES } from '../../src/trail/schema.ts';
import { auditEvent } from '../attribute/events.ts';

let dir: string;
let store: EventStore;
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'drifttrail-events-'));
  store = await openEventStore(dir);
});
afterEach(() => {
  store.close();
  rmSync(dir, { recursive: true, force: true });
});

const ALWAYS = { from: '2020-01-01T00:00:00Z', to: '2030-01-01T00:00:00Z' };
const ids = (events: readonly AuditEvent[]) => events.map(({ id }) => id);

test('keeps an event once, however often and in whatever batch it comes', async () => {
  const one = auditEvent({ id: 'e1' });
  await store.insert([one, one, auditEvent({ id: 'e2' })]);
  await store.insert([one]);
  expect(ids(await store.query(ALWAYS))).toEqual(['e1', 'e2']);
});

test('a correction replaces what it corrects, in the same batch or a later one; a late original does not come back', async () => {
  await store.insert([auditEvent({ id: 'e1', name: 'Wrong' }), auditEvent({ id: 'e2', name: 'Wrong' })]);
  await store.insert([auditEvent({ id: 'e1', name: 'Right', addendum: true })]);
  await store.insert([auditEvent({ id: 'e3', name: 'Wrong' }), auditEvent({ id: 'e3', name: 'Right', addendum: true })]);
  await store.insert([auditEvent({ id: 'e1', name: 'Wrong' })]);
  expect((await store.query(ALWAYS)).map(({ id, name }) => `${id} ${name}`)).toEqual(['e1 Right', 'e2 Wrong', 'e3 Right']);
});

test('a correction with a time of its own replaces all the same, and other events of the batch stay', async () => {
  await store.insert([auditEvent({ id: 'e1', name: 'Wrong', time: '2026-07-01T10:00:00Z' }), auditEvent({ id: 'e2', name: 'Right' })]);
  await store.insert([
    auditEvent({ id: 'e1', name: 'Right', time: '2026-07-03T10:00:00Z', addendum: true }),
    auditEvent({ id: 'e2', name: 'Wrong' }),
    auditEvent({ id: 'e3', name: 'Right', time: '2026-05-01T10:00:00Z' }),
  ]);
  expect((await store.query(ALWAYS)).map(({ id, name }) => `${id} ${name}`)).toEqual(['e3 Right', 'e2 Right', 'e1 Right']);
});

test('a small question about many events is answered without reading them all', async () => {
  const at = (minute: number) => new Date(Date.parse('2026-07-01T00:00:00Z') + minute * 60_000).toISOString();
  const batches = Array.from({ length: 6 }, (_, batch) =>
    Array.from({ length: 5_000 }, (_, index) => auditEvent({ id: `e${batch * 5_000 + index}`, time: at(batch * 5_000 + index) })),
  );
  for (const batch of batches) await store.insert(batch);
  await store.insert(batches[2] ?? []);
  expect(ids(await store.query({ from: at(12_000), to: at(12_002) }))).toEqual(['e12001', 'e12002']);
  expect(await store.query({ from: at(30_000), to: at(40_000) })).toEqual([]);
  expect(await store.query({ from: at(9_999), to: at(14_999) })).toHaveLength(5_000);
});

test('a window is open at its start and closed at its end', async () => {
  await store.insert(['10:00:00', '10:00:01', '10:00:02'].map((time) => auditEvent({ id: time, time: `2026-07-01T${time}Z` })));
  expect(ids(await store.query({ from: '2026-07-01T10:00:00Z', to: '2026-07-01T10:00:01Z' }))).toEqual(['10:00:01']);
});

test('gives an event back as it was', async () => {
  const event = auditEvent({ id: 'e1', request: { "a'b": ['ü', null, { deep: true }] }, error: { code: 'X', message: 'no' } });
  await store.insert([event]);
  expect(await store.query(ALWAYS)).toEqual([event]);
});

test('finds who issued a credential, along the chain', async () => {
  const human = auditEvent({ id: 'e1', name: 'AssumeRole', issued: 'ASIA1' });
  const chained = auditEvent({ id: 'e2', name: 'AssumeRole', issued: 'ASIA2', actor: { ...human.actor, credential: 'ASIA1' } });
  await store.insert([human, chained]);
  expect((await store.issuedBy('ASIA2'))?.id).toBe('e2');
  expect(await store.issuedBy("x' OR 1=1")).toBeUndefined();
  const call = auditEvent({ id: 'e3', actor: { ...human.actor, credential: 'ASIA2' } });
  expect([...(await store.issuers([call]))].map(([key, { id }]) => `${key} ${id}`)).toEqual(['ASIA2 e2', 'ASIA1 e1']);
});

test('marks, spans and events survive a restart; the file is for the owner only', async () => {
  await store.insert([auditEvent({ id: 'e1' })]);
  await store.setMarks('s3', new Map([['eu', 'key-1']]));
  await store.setMarks('s3', new Map([['eu', 'key-2']]));
  await store.addCovered({ account: '1', region: 'eu', from: '2026-07-01T00:00:00Z', to: '2026-07-01T01:00:00Z' });
  await store.addCovered({ account: '1', region: 'eu', from: '2026-07-01T00:59:00Z', to: '2026-07-01T02:00:00Z' });
  store.close();
  store = await openEventStore(dir);
  expect(store.mark('s3', 'eu')).toBe('key-2');
  expect(store.mark('files', 'eu')).toBeUndefined();
  expect(await store.covered()).toEqual([{ account: '1', region: 'eu', from: '2026-07-01T00:00:00.000Z', to: '2026-07-01T02:00:00.000Z' }]);
  expect(ids(await store.query(ALWAYS))).toEqual(['e1']);
  expect(statSync(join(dir, 'events.duckdb')).mode & 0o777).toBe(0o600);
});

test('prune forgets what is older and nothing else', async () => {
  await store.insert([auditEvent({ id: 'old', time: '2026-01-01T00:00:00Z' }), auditEvent({ id: 'new', time: '2026-07-01T00:00:00Z' })]);
  await store.prune('2026-06-01T00:00:00Z');
  expect(ids(await store.query(ALWAYS))).toEqual(['new']);
});

test('a broken file says what to do', async () => {
  const other = join(dir, 'other');
  (await openEventStore(other)).close();
  writeFileSync(join(other, 'events.duckdb'), 'not a database '.repeat(1000));
  await expect(openEventStore(other)).rejects.toMatchObject({
    code: 'event-store-unusable',
    remedy: expect.stringContaining('move the file away'),
  });
});

const surroundings = {} as Surroundings;
const deps = { surroundings, signal: new AbortController().signal, progress: () => undefined };
const trailOf = (read: Trail['read']): Trail => ({ name: 'test', summary: '', options: null as never, read });

test('of the two records of a role assumed from another account, the caller’s own counts, whichever comes first', async () => {
  const caller = auditEvent({ id: 'a', name: 'AssumeRole', issued: 'ASIA1', sharedId: 's' });
  const copy = (id: string) => ({ ...caller, id, actor: { ...caller.actor, name: '123456789012', type: 'AWSAccount' } });
  const call = auditEvent({ id: 'e3', actor: { ...caller.actor, credential: 'ASIA1' } });
  await store.insert([copy('b')]);
  expect((await store.issuedBy('ASIA1'))?.id).toBe('b');
  await store.insert([caller, copy('0')]);
  expect((await store.issuedBy('ASIA1'))?.id).toBe('a');
  expect((await store.issuers([call])).get('ASIA1')?.id).toBe('a');
});

test('reading stores writes and issued credentials, and marks only after them', async () => {
  const trail = trailOf(async function* ({ setMark, covered }) {
    yield auditEvent({ id: 'write' });
    yield auditEvent({ id: 'read', readOnly: true });
    yield auditEvent({ id: 'assume', readOnly: true, issued: 'ASIA1' });
    setMark('k', 'v');
    covered({ account: '1', region: 'eu', ...ALWAYS });
  });
  expect(await readTrail(trail, {}, ALWAYS, store, deps)).toEqual({ read: 3, gaps: [] });
  expect(ids(await store.query(ALWAYS))).toEqual(['assume', 'write']);
  expect(store.mark('test', 'k')).toBe('v');
  expect(await store.covered()).toHaveLength(1);
});

test('a trail that throws keeps what it gave and becomes a gap', async () => {
  const trail = trailOf(async function* () {
    yield auditEvent({ id: 'write' });
    throw new Error('boom');
  });
  const { gaps } = await readTrail(trail, {}, ALWAYS, store, deps);
  expect(gaps).toEqual([{ reason: 'invalid', detail: 'test: boom' }]);
  expect(ids(await store.query(ALWAYS))).toEqual(['write']);
  expect(await store.covered()).toEqual([]);
});

test('what could not be stored is tried again before the marks move, and never marked as read without', async () => {
  let full = true;
  const flaky: EventStore = { ...store, insert: (events) => (full ? Promise.reject(new Error('disk full')) : store.insert(events)) };
  const deps = { surroundings: {} as Surroundings, signal: new AbortController().signal, progress: () => undefined };
  const read = (free: () => void) => {
    const trail = {
      name: 'queue',
      async *read(context) {
        yield auditEvent({ id: 'e1' });
        context.setMark('place', 'read');
        await context.stored?.().finally(free);
      },
    } as Partial<Trail> as Trail;
    return readTrail(trail, {}, ALWAYS, flaky, deps);
  };
  await expect(read(() => undefined)).rejects.toThrow('disk full');
  expect(store.mark('queue', 'place')).toBeUndefined();
  const { gaps } = await read(() => {
    full = false;
  });
  expect(gaps).toMatchObject([{ detail: expect.stringContaining('disk full') }]);
  expect(ids(await store.query(ALWAYS))).toEqual(['e1']);
  expect(store.mark('queue', 'place')).toBe('read');
});

test('a day of more and larger events than the engine has memory for is answered, oldest first', async () => {
  const text = 'x'.repeat(5_000);
  const at = (index: number) => new Date(Date.parse('2026-07-01T00:00:00Z') + ((index * 7_919) % 25_000) * 1_000).toISOString();
  const events = Array.from({ length: 25_000 }, (_, index) =>
    auditEvent({ id: `e${index}`, time: at(index), request: { text: `${index} ${text}` } }),
  );
  await store.insert(events);
  const found = await store.query(ALWAYS);
  expect(found).toHaveLength(25_000);
  expect(found.every(({ time }, index) => index === 0 || (found[index - 1]?.time ?? '') <= time)).toBe(true);
});

test('a batch larger than the memory of the engine is stored and answered, and one that fails says why', async () => {
  const large = (index: number) => auditEvent({ id: `e${index}`, request: { text: `${index}${'a😀é'.repeat(35_000)}` } });
  const events = Array.from({ length: 500 }, (_, index) => large(index));
  await store.insert(events);
  await store.insert([auditEvent({ id: 'e7', name: 'Late' })]);
  const found = new Map((await store.query(ALWAYS)).map((event) => [event.id, event]));
  expect(found.size).toBe(500);
  for (const event of events) if (JSON.stringify(found.get(event.id)) !== JSON.stringify(event)) expect(found.get(event.id)).toEqual(event);
  await store.insert([auditEvent({ id: 'e7', name: 'Right', addendum: true })]);
  expect((await store.query(ALWAYS)).filter(({ id }) => id === 'e7')).toMatchObject([{ name: 'Right', request: null }]);
  await expect(store.insert([auditEvent({ id: null as unknown as string })])).rejects.not.toThrow(/rollback/i);
});

test('a store in the format of an older engine is copied to the new one, also after a copy that was cut short', async () => {
  store.close();
  const file = join(dir, 'events.duckdb');
  rmSync(file);
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const instance = await DuckDBInstance.create(file, { storage_compatibility_version: 'v0.10.2' });
  const connection = await instance.connect();
  await connection.run(TABLES.replace('part INTEGER, ', ''));
  await connection.run("INSERT INTO meta VALUES (2); INSERT INTO marks VALUES ('queue', 'place', 'read')");
  await connection.run('INSERT INTO events VALUES (?, ?, NULL, ?)', [
    'old',
    BigInt(Date.parse('2026-06-01T10:00:00Z')),
    JSON.stringify(auditEvent({ id: 'old', time: '2026-06-01T10:00:00Z' })),
  ]);
  connection.closeSync();
  instance.closeSync();
  for (const left of ['.new', '.new.wal']) writeFileSync(`${file}${left}`, 'cut short');
  for (const time of ['first', 'second']) {
    store = await openEventStore(dir);
    expect(ids(await store.query(ALWAYS)), time).toEqual(['old']);
    expect(store.mark('queue', 'place')).toBe('read');
    await store.insert([auditEvent({ id: 'old', time: '2026-06-01T10:00:00Z' })]);
    store.close();
  }
  expect(readdirSync(dir)).toEqual(['events.duckdb']);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const opened = await DuckDBInstance.create(file);
  const asked = await (await opened.connect()).runAndReadAll("SELECT tags FROM duckdb_databases() WHERE path LIKE '%events.duckdb'");
  expect(JSON.stringify(asked.getRowsJson())).toContain('v1.4.0');
  opened.closeSync();
  store = await openEventStore(dir);
});

test('a store of an earlier version keeps its events and learns from them; one of a later version is refused', async () => {
  const place = { account: '123456789012', region: 'eu-west-1' };
  const [old, late] = [auditEvent({ id: 'old', time: '2026-06-01T10:00:00Z' }), auditEvent({ id: 'late', time: '2026-07-20T10:00:00Z' })];
  await store.insert([old, late]);
  await store.addCovered({ ...place, from: '2026-05-01T00:00:00Z', to: '2026-07-31T00:00:00Z' });
  store.close();
  const meddle = async (sql: string) => {
    const { DuckDBInstance } = await import('@duckdb/node-api');
    const instance = await DuckDBInstance.create(join(dir, 'events.duckdb'));
    const connection = await instance.connect();
    await connection.run(sql);
    connection.closeSync();
    instance.closeSync();
  };
  await meddle('DROP TABLE seen; ALTER TABLE events DROP COLUMN part; UPDATE meta SET version = 1;');
  store = await openEventStore(dir);
  expect(ids(await store.query(ALWAYS))).toEqual(['old', 'late']);
  expect((await store.newness([late])).get('late')).toEqual({ principal: false, address: false, country: false, channel: false });
  store.close();
  await meddle('UPDATE meta SET version = 99;');
  await expect(openEventStore(dir)).rejects.toMatchObject({
    code: 'event-store-unusable',
    message: expect.stringContaining('later drifttrail'),
  });
  // What could not be copied stays as it is, and the file is let go.
  await meddle('UPDATE meta SET version = 2; ALTER TABLE marks ADD COLUMN odd INTEGER;');
  await expect(openEventStore(dir)).rejects.toMatchObject({ code: 'event-store-unusable' });
  await meddle('ALTER TABLE marks DROP COLUMN odd;');
  await meddle('UPDATE meta SET version = 3;');
  store = await openEventStore(dir);
});
