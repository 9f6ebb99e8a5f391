/** What a server answered becomes the expected files; what may not be read is a gap, never an empty list. */
import { conformance } from 'drifttrail/testing';
import { describe, expect, it } from 'vitest';
import { type Connection, Refused } from '../../exporters/_sql/connection.ts';
import type { Connect } from '../../exporters/postgres/connect.ts';
import { createPostgresExporter } from '../../exporters/postgres/index.ts';
import { collect } from '../../src/collect/collect.ts';
import { loadRules } from '../../src/rank/rules.ts';
import { verifyRules } from '../../src/rank/verify.ts';
import { realSurroundings } from '../../src/surroundings.ts';
import { replay } from './replay.ts';

const folder = new URL('../fixtures/postgres/first/', import.meta.url);
const exporter = createPostgresExporter(replay);
conformance(exporter, [{ name: 'first', folder, options: () => ({ name: 'main', without: [] }) }], { describe, it, expect });

it('has rules that agree with their examples', async () => {
  expect(verifyRules(await loadRules([exporter.rules ?? '']))).toEqual([]);
});

const read = (connect: Connect, options: object = {}) => {
  const one = createPostgresExporter(connect);
  const deps = {
    surroundings: realSurroundings(new URL('calls/', folder).pathname),
    signal: AbortSignal.timeout(10_000),
    progress: () => undefined,
  };
  return collect(one, one.options.parse({ name: 'main', ...options }), deps);
};

/** The recording, in which some questions get another answer. */
const answering =
  (other: (name: string, database: string) => ReturnType<Connection['query']> | undefined): Connect =>
  async (target, dir) => {
    const connection = await replay(target, dir);
    return { ...connection, query: (name, sql) => other(name, target.database) ?? connection.query(name, sql) };
  };

describe('what cannot be read', () => {
  it('is a gap of that kind alone, with what to grant', async () => {
    const denied = answering((name) =>
      name === 'postgres.hba-rule' ? Promise.reject(new Refused('permission denied for view pg_hba_file_rules', 'denied')) : undefined,
    );
    const { gaps, complete } = await read(denied);
    expect(gaps).toEqual([
      {
        scope: 'databases/main/_server',
        kind: 'postgres.hba-rule',
        reason: 'denied',
        detail: expect.stringContaining('GRANT EXECUTE ON FUNCTION pg_hba_file_rules()'),
      },
    ]);
    expect(complete).toContainEqual({ scope: 'databases/main/shop', kind: 'postgres.function' });
    expect(complete).not.toContainEqual({ scope: 'databases/main/_server', kind: 'postgres.hba-rule' });
  });

  it('is a gap where the server hides rows without an error', async () => {
    const few = answering((name) =>
      name === 'postgres.setting' ? Promise.resolve([{ id: 'setting', config: {}, allowed: false }]) : undefined,
    );
    const { gaps, resources } = await read(few);
    expect(gaps).toMatchObject([{ kind: 'postgres.setting', reason: 'denied', detail: expect.stringContaining('pg_read_all_settings') }]);
    expect(resources.filter(({ ref }) => ref.kind === 'postgres.setting')).toEqual([]);
  });

  it('is a gap of every kind that had not been read when the connection went', async () => {
    const lost = answering((name, database) =>
      database === 'shop' && name === 'postgres.view'
        ? Promise.reject(new Refused('terminating connection', 'unreachable', true))
        : undefined,
    );
    const { gaps, complete } = await read(lost);
    const kinds = gaps.filter(({ scope }) => scope === 'databases/main/shop').map(({ kind }) => kind);
    expect(kinds).toContain('postgres.view');
    expect(kinds).toContain('postgres.grant');
    expect(complete).toContainEqual({ scope: 'databases/main/shop', kind: 'postgres.function' });
    expect(complete).toContainEqual({ scope: 'databases/main/postgres', kind: 'postgres.view' });
  });

  it('does not hold up other kinds when something was dropped while it was read', async () => {
    const dropped = answering((name) =>
      name === 'postgres.index' ? Promise.resolve([{ schema: 'sales', id: 'sales.gone', config: null }]) : undefined,
    );
    const { gaps } = await read(dropped, { databases: ['shop'] });
    expect(gaps).toMatchObject([{ kind: 'postgres.index', reason: 'invalid', partial: true }]);
  });

  it('is a gap of the whole server when that cannot be reached', async () => {
    const { gaps, complete } = await read(() => Promise.reject(new Refused('localhost: ECONNREFUSED', 'unreachable', true)), {
      databases: ['shop'],
    });
    expect(gaps.map(({ scope, reason }) => `${scope} ${reason}`)).toEqual(['databases/main unreachable']);
    expect(complete).toEqual([]);
  });

  it('is a gap of one database that lets nobody in', async () => {
    const { gaps, complete } = await read(replay, { databases: ['shop', 'template0', 'template1'] });
    expect(gaps).toMatchObject([
      { scope: 'databases/main/template0', reason: 'denied', detail: 'the database template0 accepts no connections' },
      { scope: 'databases/main/template1', reason: 'unreachable' },
    ]);
    expect(complete).toContainEqual({ scope: 'databases/main/shop', kind: 'postgres.table' });
  });
});

it('reads the schemas that are wanted, and no password unless asked to', async () => {
  const { resources } = await read(replay, { schemas: { exclude: ['sales'] } });
  const ids = resources.filter(({ ref }) => ref.scope === 'databases/main/shop').map(({ ref }) => ref.id);
  expect(ids).toContain('public."Odd Name"');
  expect(ids.filter((id) => id.startsWith('sales'))).toEqual([]);
  expect(resources.some(({ ref }) => ref.kind === 'postgres.password')).toBe(false);
});
