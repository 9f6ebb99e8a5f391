import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { serveHealth } from '../../src/schedule/health-server.ts';
import { type Health, healthFile, healthProblems, type JobHealth, readHealth, writeHealth } from '../../src/schedule/health.ts';
import { intervalOf } from '../../src/schedule/interval.ts';

const NOW = new Date('2026-11-21T12:00:00Z');
const healthy = (job: Partial<JobHealth>): Health => ({
  schemaVersion: 1,
  pid: 1,
  host: 'here',
  startedAt: '2026-11-21T11:59:00Z',
  updatedAt: '2026-11-21T12:00:00Z',
  jobs: { aws: { schedule: '*/5 * * * *', gaps: 0, failuresInARow: 0, ...job } },
});

test.each([
  ['* * * * *', 60_000],
  ['*/5 * * * *', 300_000],
  ['0 3 * * *', 86_400_000],
])('%s turns every %d ms', (schedule, milliseconds) => expect(intervalOf(schedule)).toBe(milliseconds));

test('a job is late when it missed three turns, sick when it failed, well when it has just begun', () => {
  const late = healthProblems(healthy({ lastSuccess: '2026-11-21T11:44:00Z' }), NOW, intervalOf);
  expect(late).toEqual(['aws: no successful run for 16 min']);
  expect(healthProblems(healthy({ lastSuccess: '2026-11-21T11:46:00Z' }), NOW, intervalOf)).toEqual([]);
  expect(healthProblems(healthy({}), NOW, intervalOf)).toEqual([]);
  expect(healthProblems(healthy({ error: 'disk full', failuresInARow: 2 }), NOW, intervalOf)).toEqual([
    'aws: failed 2× in a row: disk full',
  ]);
});

test('health is read back as written; what is not health is none', () => {
  const dir = mkdtempSync(join(tmpdir(), 'drifttrail-health-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  expect(readHealth(dir)).toBeUndefined();
  writeHealth(dir, healthy({}));
  expect(readHealth(dir)).toEqual(healthy({}));
  expect(statSync(healthFile(dir)).mode & 0o777).toBe(0o600);
  writeFileSync(healthFile(dir), '{"cut o');
  expect(readHealth(dir)).toBeUndefined();
});

function get(url: string, host?: string): Promise<{ status: number | undefined; body: string }> {
  return new Promise((resolve, reject) => {
    request(url, { headers: host === undefined ? {} : { host } }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => {
        body += text;
      });
      response.on('end', () => resolve({ status: response.statusCode, body }));
    })
      .on('error', reject)
      .end();
  });
}

test('the health server answers 200 or 503, and only to its own name', async () => {
  let ok = true;
  const server = await serveHealth(0, () => ({ ok, body: { secret: 'state' } }));
  onTestFinished(() => server.close());
  expect(await get(server.url)).toEqual({ status: 200, body: '{"secret":"state"}\n' });
  ok = false;
  expect((await get(server.url)).status).toBe(503);
  expect((await get(server.url.replace('/healthz', '/else'))).status).toBe(404);
  const rebound = await get(server.url, 'evil.example:80');
  expect(rebound.status).toBe(421);
  expect(rebound.body).not.toContain('state');
  const taken = serveHealth(Number(new URL(server.url).port), () => ({ ok, body: {} }));
  await expect(taken).rejects.toMatchObject({ code: 'health-port' });
});
