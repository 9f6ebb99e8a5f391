/** What is new is told to whoever listens, and to whoever comes back; and nobody who has gone keeps a place. */
import { expect, test } from 'vitest';
import { z } from 'zod';
import { news } from '../../src/serve/answers.ts';
import { parseAddress } from '../../src/serve/listen-address.ts';
import { openDashboard } from '../../src/serve/server.ts';
import { findingOf } from '../notify/findings.ts';
import { id, note, noted } from './site.ts';

interface Told {
  readonly id?: string;
  readonly data?: {
    readonly count: number;
    readonly worst: string | null;
    readonly commits: string[];
    readonly findings: { id: string }[];
  };
}

/** The first event that has an id, and with `data` the first that tells something. */
async function listen(url: string, wants: 'id' | 'data', lastId?: string): Promise<Told> {
  const stop = AbortSignal.timeout(8000);
  const headers = lastId === undefined ? {} : { 'last-event-id': lastId };
  const answer = await fetch(`${url}/api/stream`, { headers, signal: stop });
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/event-stream']);
  let text = '';
  for await (const chunk of answer.body ?? []) {
    text += Buffer.from(chunk).toString('utf8');
    for (const event of text.split('\n\n').slice(0, -1)) {
      const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(event)?.[1];
      const [mark, data] = [field('id'), field('data')];
      if (wants === 'id' ? mark === undefined : data === undefined) continue;
      // Leaving the loop closes the connection.
      return { ...(mark === undefined ? {} : { id: mark }), ...(data === undefined ? {} : { data: JSON.parse(data) }) };
    }
  }
  throw new Error(`the stream ended: ${text}`);
}

test('who was away is told at once what came meanwhile, and only that, also by a server that was started anew', async () => {
  const { it, commit } = await noted([findingOf({ id: id(1) })]);
  const options = { address: parseAddress('127.0.0.1:0'), token: undefined, problem: (text: string) => expect.unreachable(text) };
  const dashboard = await openDashboard(await it.load(), options);
  const { url } = dashboard;
  try {
    const first = await listen(url, 'id');
    expect(first).toEqual({ id: expect.stringMatching(/^[0-9a-f]{40}\.[0-9a-f]{40}$/) });
    // Nothing is new: the same mark, and no event.
    expect(await listen(url, 'id', first.id)).toEqual(first);

    await note(it, commit, [findingOf({ id: id(1) }), findingOf({ id: id(2), level: 'critical' })]);
    // Somebody loads a page, so that the server knows it before the listener is back.
    expect(await (await fetch(url)).text()).toContain(id(2));
    const back = await listen(url, 'data', first.id);
    expect(z.strictObject(news.shape).parse(back.data)).toEqual(back.data);
    expect(back.data).toMatchObject({ count: 1, worst: 'critical', commits: [], findings: [{ id: id(2) }] });
    expect(back.id).not.toBe(first.id);

    it.pass(5);
    it.things({ one: { size: 7 } });
    const next = await it.run();
    const again = await openDashboard(await it.load(), options);
    try {
      for (const server of [url, again.url]) {
        const later = await listen(server, 'data', back.id);
        expect(later.data).toMatchObject({ count: 1, commits: [next.commit], findings: [{ commit: next.commit }] });
        expect(await listen(server, 'id', later.id)).toEqual({ id: later.id });
      }
    } finally {
      await again.close();
    }

    // A mark of another history: that there is something new is all that can be said.
    const other = `${'a'.repeat(40)}.${'b'.repeat(40)}`;
    expect((await listen(url, 'data', other)).data).toMatchObject({ count: 0, commits: [] });
    expect(await listen(url, 'id', '--all')).toMatchObject({ id: expect.stringMatching(/^[0-9a-f]{40}\./) });
  } finally {
    await dashboard.close();
  }
});

test('who only asks for the head, or has left, keeps no place', async () => {
  const { it } = await noted([findingOf({ id: id(1) })]);
  const problem = (text: string) => expect.unreachable(text);
  const dashboard = await openDashboard(await it.load(), { address: parseAddress('127.0.0.1:0'), token: undefined, problem });
  try {
    for (let count = 0; count < 120; count++) {
      const answer = await fetch(`${dashboard.url}/api/stream`, { method: 'HEAD' });
      expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/event-stream']);
    }
    for (let count = 0; count < 120; count++) await listen(dashboard.url, 'id');
  } finally {
    await dashboard.close();
  }
});
