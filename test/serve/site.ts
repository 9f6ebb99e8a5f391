/** The dashboard over a real deployment of a test, asked without a network. */
import type { Hono } from 'hono';
import type { Finding } from '../../src/model.ts';
import { encodeNote } from '../../src/pipeline/notes.ts';
import { createDashboard } from '../../src/serve/server.ts';
import { poisoned } from '../notify/findings.ts';
import { type World, world } from '../run/world.ts';

export const FILE = 'fake/a/r/thing/one.json';
export const LEVELS = ['critical', 'high', 'medium', 'low', 'info'] as const;
export const id = (number: number) => `f-${number.toString(16).padStart(12, '0')}`;

export interface Asked {
  readonly app: Hono;
  readonly said: string[];
  readonly get: (path: string, headers?: Record<string, string>) => Promise<Response>;
  readonly text: (path: string) => Promise<string>;
  readonly json: (path: string) => Promise<Record<string, unknown>>;
  readonly post: (path: string, fields: Record<string, string>, headers?: Record<string, string>) => Promise<Response>;
  readonly dashboard: ReturnType<typeof createDashboard>;
}

export const HOST = { host: '127.0.0.1:7080' };
export const TOKEN = 'a-token-of-some-length';

export async function site(it: World, options: { readonly token?: string; readonly host?: string } = {}): Promise<Asked> {
  const said: string[] = [];
  const address = { host: options.host ?? '127.0.0.1', port: 0 };
  const dashboard = createDashboard(await it.load(), { address, token: options.token, problem: (text) => said.push(text) });
  const { app } = dashboard;
  await dashboard.index.reaches('', 10_000);
  const get = async (path: string, headers: Record<string, string> = {}) => app.request(path, { headers: { ...HOST, ...headers } });
  return {
    app,
    said,
    dashboard,
    get,
    text: async (path) => (await get(path)).text(),
    json: async (path) => (await get(path)).json() as Promise<Record<string, unknown>>,
    post: async (path, fields, headers = {}) => {
      const body = new URLSearchParams(fields).toString();
      const own = { ...HOST, 'content-type': 'application/x-www-form-urlencoded', 'content-length': String(body.length) };
      return app.request(path, { method: 'POST', headers: { ...own, ...headers }, body });
    },
  };
}

/**
 * A deployment with these findings noted beside its newest commit: the baseline, or with `changed` the one after it.
 * `it.time` is a minute later.
 */
export async function noted(findings: readonly Finding[], changed = false): Promise<{ readonly it: World; readonly commit: string }> {
  const it = await world();
  it.things({ one: { size: 1 } });
  let { commit } = await it.run();
  if (changed) {
    it.pass(5);
    it.things({ one: { size: 2 } });
    ({ commit } = await it.run());
  }
  await note(it, commit ?? '', findings);
  it.pass(1);
  return { it, commit: commit ?? '' };
}

export async function note(it: World, commit: string, findings: readonly Finding[]): Promise<void> {
  const text = encodeNote({
    schemaVersion: 1,
    windows: {},
    startedAt: it.time,
    quietTo: it.time,
    settled: true,
    findings: findings.map((finding) => ({ ...finding, commit })),
    unmapped: [],
    quietUnmapped: [],
  });
  await (await it.load()).store.writeNotes(new Map([[commit, { text: '', findings: text }]]));
}

/** The mark that a form of this page carries. */
export function markIn(page: string): string {
  return /name="mark" value="([^"]+)"/.exec(page)?.[1] ?? '';
}

/** A payload wherever somebody outside chooses the words, as the finding of that number. */
export function poisonedAt(payload: string, index: number): Finding {
  const found = poisoned(payload);
  const { change } = found;
  return {
    ...found,
    id: id(index),
    level: LEVELS[index % 5] ?? 'info',
    ...(change === undefined || index % 2 !== 0 ? {} : { change: { ...change, path: FILE } }),
  };
}
