/** Who is new: said only after an acquaintance of two weeks, for a day, and remembered when the events themselves are forgotten. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Actor, AuditEvent } from '../../src/model.ts';
import { type EventStore, openEventStore } from '../../src/trail/events.ts';
import { actor, auditEvent } from '../attribute/events.ts';

let dir: string;
let store: EventStore;
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'drifttrail-seen-'));
  store = await openEventStore(dir);
});
afterEach(() => {
  store.close();
  rmSync(dir, { recursive: true, force: true });
});

const ALICE: Actor = { ...actor('alice'), sourceIp: '192.0.2.1', via: 'console' };
const by = (id: string, time: string, more: Partial<Actor> = {}): AuditEvent => auditEvent({ id, time, actor: { ...ALICE, ...more } });
const { account, region } = auditEvent({ id: 'any' });
const read = (from: string, to: string) => store.addCovered({ account, region, from, to });
const OLD = by('old', '2026-07-02T10:00:00Z');
const NOTHING = { principal: false, address: false, country: false, channel: false };

test('a stranger, a new address and a new channel are told apart', async () => {
  await read('2026-07-01T00:00:00Z', '2026-07-31T00:00:00Z');
  const events = [
    OLD,
    by('again', '2026-07-20T10:00:00Z'),
    by('address', '2026-07-20T10:01:00Z', { sourceIp: '198.51.100.9' }),
    by('channel', '2026-07-20T10:02:00Z', { via: 'cli' }),
    by('stranger', '2026-07-20T10:03:00Z', { ...actor('mallory') }),
    by('same day', '2026-07-20T18:00:00Z', { sourceIp: '198.51.100.9' }),
    by('days after', '2026-07-25T10:00:00Z', { sourceIp: '198.51.100.9' }),
    by('for a service', '2026-07-20T10:04:00Z', { sourceIp: 'cloudformation.amazonaws.com' }),
  ];
  await store.insert(events);
  expect(Object.fromEntries(await store.newness(events))).toEqual({
    again: NOTHING,
    address: { ...NOTHING, address: true },
    channel: { ...NOTHING, channel: true },
    stranger: { ...NOTHING, principal: true },
    'same day': { ...NOTHING, address: true },
    'days after': NOTHING,
    'for a service': NOTHING,
  });
});

test('a country is new only where countries have been told for two weeks', async () => {
  await read('2026-07-01T00:00:00Z', '2026-08-31T00:00:00Z');
  const at = (id: string, time: string, country: string) => by(id, time, { sourceIp: '198.51.100.9', country });
  const events = [
    { ...OLD, actor: { ...OLD.actor, sourceIp: '198.51.100.9' } },
    at('configured', '2026-07-20T10:00:00Z', 'NL'),
    at('too early', '2026-07-25T10:00:00Z', 'BR'),
    at('known', '2026-08-10T10:00:00Z', 'NL'),
    at('new', '2026-08-10T11:00:00Z', 'JP'),
  ];
  await store.insert(events);
  const newness = await store.newness(events);
  expect(['configured', 'too early', 'known', 'new'].map((id) => newness.get(id)?.country)).toEqual([false, false, false, true]);
});

test('a refused attempt of days ago makes nobody known', async () => {
  await read('2026-07-01T00:00:00Z', '2026-07-31T00:00:00Z');
  const tried = { ...by('tried', '2026-07-15T10:00:00Z', { sourceIp: '198.51.100.9' }), error: { code: 'AccessDenied', message: '' } };
  const done = by('done', '2026-07-20T10:00:00Z', { sourceIp: '198.51.100.9' });
  await store.insert([OLD, tried, done]);
  expect((await store.newness([done])).get('done')).toEqual({ ...NOTHING, address: true });
});

test('nobody is called new where the trail was not read for two weeks before', async () => {
  await read('2026-07-10T00:00:00Z', '2026-07-31T00:00:00Z');
  const event = by('e', '2026-07-20T10:00:00Z');
  await store.insert([event]);
  expect((await store.newness([event])).size).toBe(0);
  await store.addCovered({ account, region: 'another', from: '2026-01-01T00:00:00Z', to: '2026-07-31T00:00:00Z' });
  expect((await store.newness([event])).size).toBe(0);
});

test('it remembers whom it met when the events are gone, and learns of earlier sights from late records', async () => {
  await read('2026-07-01T00:00:00Z', '2026-12-31T00:00:00Z');
  const late = by('late', '2026-12-20T10:00:00Z');
  await store.insert([late]);
  expect((await store.newness([late])).get('late')?.principal).toBe(true);
  await store.insert([OLD]);
  await store.prune('2026-10-01T00:00:00Z');
  expect(await store.query({ from: '2026-01-01T00:00:00Z', to: '2026-10-01T00:00:00Z' })).toEqual([]);
  expect((await store.newness([late])).get('late')).toEqual(NOTHING);
});

test('a session whose name nobody chose is its role', async () => {
  await read('2026-07-01T00:00:00Z', '2026-07-31T00:00:00Z');
  const { nameFrom: _, ...machine } = { ...ALICE, type: 'AssumedRole', role: 'ci', via: 'sdk' as const };
  const events = [by('a', '2026-07-02T10:00:00Z'), by('b', '2026-07-20T10:00:00Z')].map((event, index) => ({
    ...event,
    actor: { ...machine, name: `botocore-session-${index}` },
  }));
  await store.insert(events);
  expect((await store.newness(events)).get('b')).toEqual(NOTHING);
});
