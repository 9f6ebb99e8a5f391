/** Alerts of monitors are answered: once each, by the outlets that answer, and over HTTP. */
import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cli, deployment, write } from './cli/run.ts';
import { WITH_ALL, world } from './run/world.ts';
import { HOST, site, TOKEN } from './serve/site.ts';

const ANSWERING = `${WITH_ALL}    answers: true\n`;
const JSON_TYPE = { 'content-type': 'application/json' };

async function changed(config: string) {
  const it = await world(config);
  it.things({ one: { size: 1 }, two: { size: 1 } });
  await it.run();
  it.pass(5);
  it.things({ one: { size: 2 }, two: { size: 1 } });
  await it.run();
  return it;
}
const alertAt = (time: string, named: string) =>
  JSON.stringify({
    alerts: [{ status: 'firing', labels: { alertname: 'Down', instance: named }, annotations: { summary: 'one is down' }, startsAt: time }],
  });

test('a webhook is answered with what changed before, and the outlets that answer are told once', async () => {
  const it = await changed(ANSWERING);
  const { app, said } = await site(it);
  const ask = (body: string, headers: Record<string, string> = JSON_TYPE) =>
    app.request('/api/alerts', { method: 'POST', headers: { ...HOST, 'content-length': String(body.length), ...headers }, body });
  const before = it.told().length;
  const answer = await ask(alertAt(it.time, 'one:9100'));
  expect(answer.status).toBe(200);
  expect(await answer.json()).toMatchObject({
    schemaVersion: 1,
    at: it.time,
    alert: { source: 'alertmanager', title: 'one is down' },
    known: ['one'],
    findings: [{ resource: { id: 'one' }, closeness: 1 }],
    told: ['plugins-recorder'],
  });
  await expect.poll(() => it.told().length, { timeout: 10_000 }).toBe(before + 1);
  expect(it.told().at(-1)).toMatchObject({
    kind: 'answer',
    title: 'Before “one is down”',
    subject: expect.stringMatching(/^What changed, most suspicious first, between /),
    findings: [{ change: { ref: { id: 'one' } } }],
  });

  const again = await ask(alertAt(it.time, 'one:9100'));
  expect(await again.json()).toMatchObject({ told: [] });
  const lately = new Date(Date.parse(it.time) - 30 * 86_400_000).toISOString();
  const early = await ask(alertAt(lately, 'one'));
  expect(await early.json()).toMatchObject({ findings: [], told: ['plugins-recorder'] });
  await expect.poll(() => it.told().length, { timeout: 10_000 }).toBe(before + 2);
  expect(it.told().at(-1)?.subject).toMatch(/^Nothing is known to have changed between .* UTC and .* UTC$/);

  // What is over, and a monitor's own test, are taken and answered by nobody.
  const resolved = alertAt(lately, 'two').replace('firing', 'resolved');
  for (const body of [resolved, '{"event":{"event_type":"pagey.ping","data":{"type":"ping"}}}']) {
    const taken = await ask(body);
    expect([taken.status, await taken.json()]).toEqual([200, { schemaVersion: 1, nothing: expect.any(String), findings: [], told: [] }]);
  }

  for (const [body, headers] of [
    ['web01 is down', JSON_TYPE],
    ['{}', JSON_TYPE],
    ['', JSON_TYPE],
    [alertAt('0001-01-01T00:00:00Z', 'one'), JSON_TYPE],
    [alertAt(it.time, 'one'), { 'content-type': 'text/plain' }],
  ] as const) {
    const refused = await ask(body, headers);
    expect([refused.status, await refused.json()]).toEqual([
      400,
      expect.objectContaining({ error: expect.objectContaining({ code: 'alert-invalid' }) }),
    ]);
  }
  expect((await ask('x'.repeat(1_100_000))).status).toBe(413);
  expect(it.told()).toHaveLength(before + 2);
  expect(said).toEqual([]);
});

test('the cause of the morning is a change of the afternoon before; the address says how far to look back', async () => {
  const it = await changed(ANSWERING);
  it.pass(17 * 60);
  const { app } = await site(it);
  const ask = async (query: string) => {
    const answer = await app.request(`/api/alerts${query}`, {
      method: 'POST',
      headers: { ...HOST, ...JSON_TYPE },
      body: alertAt(it.time, 'one'),
    });
    return { status: answer.status, ...((await answer.json()) as { findings?: unknown[]; error?: { message: string } }) };
  };
  expect((await ask('')).findings).toMatchObject([{ resource: { id: 'one' }, closeness: 1 }]);
  expect((await ask('?before=6h')).findings).toEqual([]);
  expect((await ask('?before=18h')).findings).toHaveLength(1);
  for (const query of ['?before=soon', '?before=91d', '?since=6h']) expect((await ask(query)).status, query).toBe(400);
  const answers = () => it.told().filter(({ kind }) => kind === 'answer');
  await expect.poll(answers, { timeout: 10_000 }).toMatchObject([{ link: `drifttrail timeline --at ${it.time} --before 24h` }]);
});

test('only who knows the token may ask', async () => {
  const it = await changed(ANSWERING);
  const { app } = await site(it, { token: TOKEN, host: '0.0.0.0' });
  const ask = (headers: Record<string, string>) =>
    app.request('/api/alerts', { method: 'POST', headers: { ...HOST, ...JSON_TYPE, ...headers }, body: alertAt(it.time, 'one') });
  expect((await ask({})).status).toBe(401);
  expect((await ask({ authorization: `Bearer ${TOKEN}` })).status).toBe(200);
});

test('from the command line, with --tell; a hook that cannot answer is refused with its line', async () => {
  const { dir, root } = await deployment({ 'etc/motd': 'hello\n' });
  const run = (...args: string[]) => cli(['--dir', dir, ...args]);
  const hook = (answers: string) => `hooks:\n  - use: exec\n    command: [/bin/sh, -c, "cat >> ${dir}/told"]\n${answers}`;
  appendFileSync(join(dir, 'drifttrail.yaml'), hook('    answers: true\n'));
  await run('snapshot');
  write(root, { 'etc/motd': 'bye\n' });
  await run('snapshot');
  const alert = join(dir, 'alert.json');
  writeFileSync(alert, alertAt(new Date(Date.now() + 60_000).toISOString(), 'web01'));
  const told = await run('timeline', '--from-alert', alert, '--tell');
  expect([told.code, told.stderr]).toEqual([0, expect.stringContaining('told to exec')]);
  expect((await run('timeline', '--from-alert', alert, '--tell')).stderr).toContain(
    'told to no hook: none of them answers this alert, or it was told before',
  );
  expect(await run('timeline', '--at', 'now', '--tell')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('--tell answers an alert'),
  });

  writeFileSync(
    join(dir, 'drifttrail.yaml'),
    'exporters:\n  - use: host\n    facts: false\nhooks:\n  - use: opsgenie\n    apiKey: env:KEY\n    answers: true\n',
  );
  const refused = await cli(['--dir', dir, 'log'], { env: { KEY: 'k'.repeat(36) } });
  expect([refused.code, refused.stderr]).toEqual([
    1,
    expect.stringMatching(/drifttrail\.yaml:7:\d+: opsgenie cannot answer alerts; leave answers out/),
  ]);
});
