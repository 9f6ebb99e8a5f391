/** Nobody reads from another machine without the token, no page of another site acts here, and every answer says so. */
import { expect, test } from 'vitest';
import { findingOf } from '../notify/findings.ts';
import { ROUTES } from '../../src/serve/routes.ts';
import { isOurName, parseAddress } from '../../src/serve/listen-address.ts';
import { openDashboard } from '../../src/serve/server.ts';
import { HOST, markIn, noted, site, TOKEN } from './site.ts';

const ID = 'f-000000000001';
const PATHS = [
  ...ROUTES.flatMap(({ page, api }) => [page, api]).map((path) => path.replace(':id', ID).replace(':commit', 'HEAD')),
  '/live.js',
  '/style.css',
  '/icon.svg',
  '/login',
  '/api/stream',
  '/api/openapi.json',
  '/nowhere',
  '/api/nowhere',
  '/?page=x',
];
const HEADERS: Readonly<Record<string, RegExp>> = {
  'content-security-policy': /^default-src 'none'; .*frame-ancestors 'none'/,
  'x-content-type-options': /^nosniff$/,
  'referrer-policy': /^same-origin$/,
  'x-frame-options': /^DENY$/,
};

function expectHeaders(response: Response, path: string): void {
  for (const [name, wanted] of Object.entries(HEADERS)) expect(response.headers.get(name), `${name} of ${path}`).toMatch(wanted);
  expect(response.headers.get('content-security-policy')).not.toContain('unsafe');
  const shared = path === '/style.css' || path === '/icon.svg';
  expect(response.headers.get('cache-control'), path).toBe(shared ? 'no-cache' : 'no-store');
}

test('with a token nothing is told without it, under any path, and all headers stand on every answer', async () => {
  const { it } = await noted([findingOf({ id: ID })]);
  const asked = await site(it, { token: TOKEN, host: '0.0.0.0' });
  const host = { host: '192.0.2.1:7080' };
  for (const path of PATHS) {
    for (const headers of [host, { ...host, authorization: 'Bearer wrong' }, { ...host, cookie: 'drifttrail_session=9999999999999.x' }]) {
      const response = await asked.get(path, headers);
      expectHeaders(response, path);
      const told = await response.text();
      expect(told, path).not.toMatch(/rtb-0a1|aws\/123456789012/);
      if (['/style.css', '/icon.svg', '/login'].includes(path)) expect(response.status).toBe(200);
      else expect(response.status, path).toBe(path.startsWith('/api') ? 401 : 303);
    }
    if (path === '/api/stream') continue; // open until the reader leaves
    const response = await asked.get(path, { ...host, authorization: `Bearer ${TOKEN}` });
    expectHeaders(response, path);
    expect([200, 303, 400, 404], path).toContain(response.status);
  }
  expect(await (await asked.get(`/findings/${ID}`, { ...host, authorization: `Bearer ${TOKEN}` })).text()).toContain('rtb-0a1');
  expect((await asked.post(`/findings/${ID}/ack`, { reason: 'x', by: 'y' }, host)).status).toBe(401);
});

test('signing in sets a cookie that no script reads and no other site sends; it ends with its time or its token', async () => {
  const { it } = await noted([findingOf({ id: ID })]);
  const asked = await site(it, { token: TOKEN });
  const wanted = await asked.get(`/findings/${ID}?said=withdrawn`);
  expect(wanted.headers.get('location')).toBe(`/login?next=${encodeURIComponent(`/findings/${ID}?said=withdrawn`)}`);
  expect((await asked.post('/login', { token: 'a-token-of-some-lengtH' })).status).toBe(401);
  expect((await asked.post('/login', { token: TOKEN }, { origin: 'http://evil.example' })).status).toBe(403);
  expect((await asked.post('/login', { token: TOKEN }, { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
  for (const next of ['//evil.example', '/\\evil.example', 'http://evil.example', '/a\r\nset-cookie: x=y'])
    expect((await asked.post('/login', { token: TOKEN, next })).headers.get('location')).toBe('/');
  const signedIn = await asked.post('/login', { token: TOKEN, next: `/findings/${ID}` });
  expect(signedIn.headers.get('location')).toBe(`/findings/${ID}`);
  const cookie = signedIn.headers.get('set-cookie') ?? '';
  expect(cookie).toMatch(/^drifttrail_session=\d+\.[\w-]+; Max-Age=43200; Path=\/; HttpOnly; SameSite=Strict$/);
  expect(cookie).not.toContain(TOKEN);
  const session = { cookie: cookie.split(';')[0] ?? '' };
  const page = await asked.get(`/findings/${ID}`, session);
  expect(page.status).toBe(200);
  // A session outlives a restart, a form's mark does not.
  const restarted = await site(it, { token: TOKEN });
  expect((await restarted.get('/', session)).status).toBe(200);
  expect((await restarted.post('/logout', { mark: markIn(await page.text()) }, session)).status).toBe(403);
  expect((await (await site(it, { token: `${TOKEN}2` })).get('/', session)).status).toBe(303);
  it.pass(12 * 60 + 1);
  expect((await asked.get('/', session)).status).toBe(303);
});

test('a finding is set aside by our own form only, with a reason and a name, and can be taken back', async () => {
  const { it } = await noted([findingOf({ id: ID })]);
  const asked = await site(it);
  const mark = markIn(await asked.text(`/findings/${ID}`));
  const said = { mark, reason: 'agreed', by: 'Ann', until: '7d' };
  const refused: (readonly [Record<string, string>, Record<string, string>, number])[] = [
    [{ ...said, mark: '' }, {}, 403],
    [{ ...said, mark: `${mark}x` }, {}, 403],
    [said, { origin: 'http://evil.example' }, 403],
    [said, { origin: 'null' }, 403],
    [said, { 'sec-fetch-site': 'same-site' }, 403],
    [said, { host: 'evil.example:7080' }, 421],
    [{ ...said, reason: ' ' }, {}, 400],
    [{ ...said, by: '' }, {}, 400],
    [{ ...said, until: '2001-01-01' }, {}, 400],
    [{ ...said, reason: 'x'.repeat(20_000) }, {}, 413],
  ];
  for (const until of ['2026-12-32', '2026-11-31T10:00Z', '99999999d']) refused.push([{ ...said, until }, {}, 400]);
  for (const [fields, headers, status] of refused) {
    const response = await asked.post(`/findings/${ID}/ack`, fields, headers);
    expect([response.status, fields, headers]).toEqual([status, fields, headers]);
    expectHeaders(response, 'ack');
  }
  expect(await it.git('for-each-ref', 'refs/drifttrail/acks')).toBe('');
  const done = await asked.post(`/findings/${ID}/ack`, said, { origin: `http://${HOST.host}`, 'sec-fetch-site': 'same-origin' });
  expect([done.status, done.headers.get('location')]).toEqual([303, `/findings/${ID}?said=acknowledged`]);
  const page = await asked.text(`/findings/${ID}`);
  expect(page).toContain('acknowledged by Ann until 2026-03-09: agreed');
  await asked.post(`/findings/${ID}/ack`, { mark, withdraw: 'yes' });
  expect(await asked.text(`/findings/${ID}`)).not.toContain('acknowledged by');
});

test('what is sent as a form and is none is refused in words, and no line is written for it', async () => {
  const { it } = await noted([findingOf({ id: ID })]);
  const asked = await site(it, { token: TOKEN });
  const open = await site(it);
  for (const [at, path] of [
    [asked, '/login'],
    [open, `/findings/${ID}/ack`],
    [open, '/logout'],
  ] as const)
    for (const type of ['multipart/form-data', 'multipart/form-data; boundary=x']) {
      const headers = { ...HOST, 'content-type': type, 'content-length': '7' };
      const answer = await at.app.request(path, { method: 'POST', headers, body: 'garbage' });
      expect([answer.status, path]).toEqual([400, path]);
      expect(await answer.text()).toContain('this is no form');
    }
  expect([...asked.said, ...open.said]).toEqual([]);
});

const FOREIGN = ['evil.example', 'evil.example:7080', '127.0.0.1.evil.example', '192.0.2.1', '', '[::2]:7080', 'localhost.evil.example'];

test('a browser that was sent here under another name gets nothing', async () => {
  const asked = await site((await noted([findingOf({ id: ID })])).it);
  for (const host of FOREIGN) {
    const response = await asked.get('/', { host });
    expect([response.status, host]).toEqual([421, host]);
    expect(await response.text()).not.toContain('rtb-');
  }
  for (const host of ['127.0.0.1', '127.0.0.1:7080', 'localhost:9', 'LOCALHOST', '[::1]:7080'])
    expect([(await asked.get('/', { host })).status, host]).toEqual([200, host]);
});

test('elsewhere an address is a name, and so is what baseUrl says', () => {
  expect(isOurName('192.0.2.1:7080', '0.0.0.0', undefined)).toBe(true);
  expect(isOurName('evil.example', '0.0.0.0', undefined)).toBe(false);
  expect(isOurName('drift.example.com', '127.0.0.1', 'https://drift.example.com')).toBe(true);
  expect(isOurName('drift.example.com:8443', '127.0.0.1', 'https://drift.example.com')).toBe(false);
});

test('an address that others reach needs a token that cannot be guessed', async () => {
  const deployment = await (await noted([])).it.load();
  const open = (listen: string, token?: string) =>
    openDashboard(deployment, { address: parseAddress(listen), token, problem: () => undefined });
  await expect(open('0.0.0.0:0')).rejects.toMatchObject({ code: 'token-needed' });
  await expect(open('[::]:0')).rejects.toMatchObject({ code: 'token-needed' });
  await expect(open('0.0.0.0:0', 'short')).rejects.toMatchObject({ code: 'token-short' });
});

test.each(['0', '70000', 'host:80', '::1:80', '127.0.0.1', '127.0.0.1:', '1.2.3:80', ':80'])('--listen %s', (text) => {
  if (text === '0') expect(parseAddress(text)).toEqual({ host: '127.0.0.1', port: 0 });
  else expect(() => parseAddress(text)).toThrow(/is not an address and a port/);
});
