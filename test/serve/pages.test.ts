/** What the pages tell, how much of it at once, and what they refuse to ask git for. */
import { expect, test } from 'vitest';
import type { Finding } from '../../src/model.ts';
import { findingOf, PAYLOADS } from '../notify/findings.ts';
import { parseAddress } from '../../src/serve/listen-address.ts';
import { link } from '../../src/serve/markup.ts';
import { openDashboard } from '../../src/serve/server.ts';
import { world } from '../run/world.ts';
import { FILE, HOST, id, LEVELS, noted, poisonedAt, site } from './site.ts';

const TAG = /<\/?[a-z][a-z0-9]*(?: [a-zA-Z0-9-]+(?:="[^"<>]*")?)*\/?>|<!doctype html>/gi;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
const ACTIVE = /[\p{Surrogate}\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\u{e0000}-\u{e007f}]/u;

test('from the link of a message to the command that takes it back: one page, with all that is needed to act', async () => {
  const { it, commit } = await noted(
    [findingOf({ id: id(1), undo: ["restore 'rtb-0a1'", '# and look'] }), findingOf({ id: id(2), level: 'low' })],
    true,
  );
  const asked = await site(it);
  const page = await asked.text(`/findings/${id(1)}`);
  for (const wanted of [
    'rtb-0a1',
    'deleted route 0.0.0.0/0',
    'restore &#39;rtb-0a1&#39;',
    '# and look',
    '/routes/0.0.0.0~10',
    'nat-1',
    'Ask ',
  ])
    expect(page).toContain(wanted);
  const commitPage = await asked.text(`/commits/${commit.slice(0, 12)}`);
  expect(commitPage.indexOf(id(1))).toBeLessThan(commitPage.indexOf(id(2)));
  expect(commitPage).toContain('restore &#39;rtb-0a1&#39;');
  expect(commitPage).toContain('&#34;size&#34;: 2');
  expect((await asked.get('/findings/f-0000')).status).toBe(404);
  expect((await asked.get(`/findings/${id(2).slice(0, 14)}`)).status).toBe(200);
});

test('an undo without a command is called a remark', async () => {
  const undo = ['# the old key cannot be brought back'];
  const asked = await site((await noted([findingOf({ id: id(1), undo }), findingOf({ id: id(2), undo: [...undo, 'one', 'two'] })])).it);
  const summaries = [...(await asked.text('/')).matchAll(/<summary>([^<]*)<\/summary>/g)].map(([, text]) => text);
  expect(summaries.sort()).toEqual(['Undo: 2 commands', 'Undo: no command, a remark']);
});

test('ten thousand findings: a page holds few, each is on one page, and the plot counts instead of drawing each', async () => {
  const many = Array.from({ length: 10_000 }, (_, index) => findingOf({ id: id(index), level: LEVELS[index % 5] ?? 'info' }));
  const { it } = await noted(many);
  const asked = await site(it);
  const page = await asked.text('/');
  expect(page.match(/<article/g)).toHaveLength(25);
  expect((page.match(/<circle/g) ?? []).length).toBeLessThan(400);
  expect(page.length).toBeLessThan(150_000);
  const seen = new Set<string>();
  for (let number = 1; number <= 4; number++) {
    const found = (await asked.json(`/api/report?level=high&size=500&page=${number}`)) as unknown as { findings: Finding[]; pages: number };
    expect(found.pages).toBe(4);
    for (const finding of found.findings) seen.add(finding.id);
  }
  expect(seen.size).toBe(2000);
  expect(await asked.text('/?page=400')).toContain('page 400 of 400, 10000 in all');
  // The way in: what a part of the plot links to holds what it counts.
  const zoom = /href="(\/\?[^"]*level=critical[^"]*)"><circle/.exec(page)?.[1]?.replaceAll('&#38;', '&') ?? '';
  expect(zoom).toMatch(/from=.*to=/);
  expect((await asked.get(zoom)).status).toBe(200);
  expect(await asked.text('/search?q=rtb-0a1')).toContain('10000 findings');
});

const REFUSED: readonly (readonly [path: string, status: number])[] = [
  ['/?since=--output=x', 400],
  ['/?since=24h&from=zzz', 400],
  ['/?since=24h&from=2026-03-01', 400],
  ['/actors?since=24h&from=2026-03-01', 400],
  ['/?since=99999999d', 400],
  ['/?since=14000000w', 400],
  ['/?from=2026-02-31T10:00Z', 400],
  ['/?from=2026-03-03&to=2026-03-01', 400],
  ['/?level=worst', 400],
  ['/?page=0', 400],
  ['/?page=1e9', 400],
  ['/commits/--output=x', 400],
  ['/commits/HEAD', 400],
  ['/commits/main..attributed', 400],
  ['/commits/0123456789abcdef', 404],
  ['/findings/f-zz', 400],
  ['/findings/..%2f..%2fetc', 400],
  ['/resource?path=--output=x', 400],
  ['/resource?path=../../etc/passwd', 400],
  ['/resource?path=/etc/passwd', 400],
  ['/resource?path=fake/a/../x', 400],
  ['/resource?path=.git/config', 400],
  ['/resource?path=fake/.git/config', 400],
  ['/resource?path=:(exclude)x', 400],
  ['/resource?path=fake/a/r/thing/none.json', 404],
  [`/resource?path=${FILE}&from=--all`, 400],
  [`/resource?path=${FILE}&from=2026-03-03&to=2026-03-01`, 400],
  [`/resource?path=${FILE}&to=2026-03-01`, 400],
  ['/actor?name=nobody', 404],
  ['/actor', 400],
  ['/compare?side=--all&side=x', 404],
  ['/compare?side=fake/a/r', 400],
  ['/coverage?maxAge=1y', 400],
  ['/search?q=%00', 400],
];

test('what is no such thing, or would be an option or a way out for git, is refused in words, as a page and as JSON', async () => {
  const asked = await shared();
  for (const [path, status] of REFUSED) {
    const page = await asked.get(path);
    expect([page.status, path]).toEqual([status, path]);
    expect(await page.text(), path).toContain(status === 404 ? '<h1>Not found</h1>' : '<h1>That cannot be asked</h1>');
    const json = await asked.get(path.startsWith('/?') ? `/api/report${path.slice(1)}` : `/api${path}`);
    expect([json.status, path]).toEqual([status, path]);
    expect(await json.json()).toMatchObject({ schemaVersion: 1, error: { code: expect.any(String), message: expect.any(String) } });
  }
  expect(asked.said).toEqual([]);
});

const REFER = 'each parameter stands in /api/openapi.json';
test.each([
  ['/api/report?sinze=24h', 'there is no parameter sinze; did you mean "since"?'],
  ['/api/report?size=abc', `the parameter size must be a whole number from 1 to 500; it is: Findings on a page; ${REFER}`],
  ['/api/report?page=0', `the parameter page must be a whole number from 1 to 100000; it is: Counted from 1; ${REFER}`],
  [
    '/api/report?level=worst',
    `the parameter level must be one of critical, high, medium, low, info; it is: Only this threat level; ${REFER}`,
  ],
  ['/api/report?since=1d&since=2d', expect.stringMatching(/^the parameter since is given several times; give it once; /)],
  ['/api/actor', expect.stringMatching(/^the parameter name is missing; add name=…: Whose changes: a person, a role or an ARN, /)],
  ['/api/actor?name=', expect.stringMatching(/^the parameter name must not be empty; /)],
  ['/api/resource', `the parameter path is missing; add path=…: A file of the snapshots repository; ${REFER}`],
  [`/api/resource?path=${'a'.repeat(3001)}`, expect.stringMatching(/^the parameter path may have at most 3000 characters; /)],
  [
    `/api/compare?${'side=a&'.repeat(13)}`,
    expect.stringMatching(/^the parameter side may be given at most 12 times, each time as one line; /),
  ],
  [`/api/search?q=${'a'.repeat(301)}`, expect.stringMatching(/^the parameter q may have at most 300 characters; /)],
  ['/api/coverage?side=x', expect.stringMatching(/^there is no parameter side; /)],
])('what a program asks wrongly it is told: %s', async (path, words) => {
  const answer = await (await shared()).get(path);
  expect(answer.status).toBe(400);
  const { error } = (await answer.json()) as { error: { message: string; remedy: string } };
  expect(`${error.message}; ${error.remedy}`).toEqual(words);
});

test('every way on from a span leads to a span, however long or old it is', async () => {
  const asked = await shared();
  for (const path of [
    '/?since=7d',
    '/?from=0001-01-01',
    '/?from=2026-01-01&to=9999-12-31',
    '/?since=30d&level=critical',
    '/actors?since=24h',
  ]) {
    const page = await asked.text(path);
    const links = [...page.matchAll(/href="(\/(?:actors)?\?[^"]*)"/g)].map(([, href = '']) => href.replaceAll('&#38;', '&'));
    expect(links.length, path).toBeGreaterThan(2);
    for (const href of new Set(links)) expect([(await asked.get(href)).status, href]).toEqual([200, href]);
  }
  expect(asked.said).toEqual([]);
});

test.each([
  ['PUT', '/', 'GET, HEAD'],
  ['DELETE', `/findings/${id(1)}`, 'GET, HEAD'],
  ['POST', '/api/report', 'GET, HEAD'],
  ['GET', '/api/alerts', 'POST'],
  ['PATCH', '/api/stream', 'GET, HEAD'],
  ['PUT', '/login', 'GET, HEAD, POST'],
  ['GET', `/findings/${id(1)}/ack`, 'POST'],
])('a method that an address does not take is told apart from an address that is not there: %s %s', async (method, path, allowed) => {
  const { app, said } = await shared();
  const answer = await app.request(path, { method, headers: HOST });
  expect([answer.status, answer.headers.get('allow')]).toEqual([405, allowed]);
  expect(await answer.text()).toContain(`takes no ${method}`);
  expect((await app.request(`${path.replace(/\/$/, '')}/nowhere/at/all`, { method, headers: HOST })).status).toBe(404);
  expect(said).toEqual([]);
});

test('the biography of a resource, and what differs between two moments', async () => {
  const asked = await shared();
  expect(await asked.text(`/resource?path=${FILE}`)).toContain('thing one');
  const found = await asked.json(`/api/resource?path=${FILE}&from=2026-03-02T09:01:00Z&to=now`);
  expect(found).toMatchObject({ difference: { edits: [{ path: '/size', before: 1, after: 2 }] } });
  expect(await asked.text(`/resource?path=${FILE}&from=2026-03-02T09:01:00Z`)).toContain('<span class="plus">+  &#34;size&#34;: 2</span>');
  expect(await asked.text('/compare?side=fake/a/r@2026-03-02T09:01Z&side=fake/a/r')).toContain('1 difference in 1 of 1 resources');
  expect(await asked.text('/coverage')).toContain('fake/a/r');
  expect(await asked.text('/compare')).toContain('<option value="fake/a/r">');
});

test('what has the longest name of a file is reached by its own links, and what is too long for one is said', async () => {
  const it = await world();
  const [long, endless] = ['ä'.repeat(470), 'ö'.repeat(900)];
  it.things({ [long]: { size: 1 }, gone: { size: 1 } });
  await it.run();
  it.pass(5);
  it.things({ [long]: { size: 2 }, [endless]: { size: 1 } });
  const { gaps } = await it.run();
  expect(gaps).toMatchObject([
    { kind: 'fake.thing', reason: 'invalid', detail: expect.stringContaining('(900 characters); all else was read') },
  ]);
  const asked = await site(it);
  const page = await asked.text('/');
  expect(page).toContain('deleted');
  const own = /href="(\/resource\?path=[^"]*%25c3%25a4[^"]*)"/.exec(page)?.[1] ?? '';
  expect(decodeURIComponent(own).length).toBeGreaterThan(2900);
  for (const path of [own, `/api${own}`, `${own}&from=1h`]) expect((await asked.get(path)).status, path.slice(0, 40)).toBe(200);
  // Over a connection, too, with where one comes from.
  const dashboard = await openDashboard(await it.load(), {
    address: parseAddress('127.0.0.1:0'),
    token: undefined,
    problem: () => undefined,
  });
  const answer = await fetch(`${dashboard.url}${own}`, { headers: { referer: `${dashboard.url}${own}` } });
  await answer.text();
  await dashboard.close();
  expect(answer.status).toBe(200);
  const { coverage } = (await asked.json('/api/coverage')) as { coverage: unknown[] };
  expect(coverage).toMatchObject([{ kind: 'fake.thing', status: 'complete', resources: 1, gap: { reason: 'invalid' } }]);
  expect(await asked.text('/coverage')).toContain('too long for a file of the history');
});

test('what somebody outside chose to write is text on every page', async () => {
  const asked = await hostile();
  const own = PAYLOADS.flatMap((payload, index) => [
    `/findings/${id(index)}`,
    link('/actor', { name: `begin ${payload} end`.replaceAll(/\p{Cc}/gu, '') }),
    link('/search', { q: `begin ${payload}`.replaceAll(/\p{Cc}/gu, '') }),
  ]);
  for (const path of ['/?size=100', '/actors', '/search?q=begin', ...own]) {
    const page = await asked.text(path);
    expect(page, path).toContain('begin');
    // Between our tags and attributes nothing is left that begins or ends one.
    expect(page.replaceAll(TAG, ''), path).not.toMatch(/[<>]/);
    const tags = page.match(TAG) ?? [];
    expect(tags.join('\n'), path).not.toMatch(/<(?:img|iframe|object|style)\b|<script (?!src="\/live\.js" defer)|="\s*javascript:/i);
    expect(tags.map((tag) => tag.replaceAll(/"[^"]*"/g, '""')).join('\n'), path).not.toMatch(/ on[a-z]+=| style=/i);
    expect(page, path).not.toMatch(ACTIVE);
  }
});

function shared(): ReturnType<typeof site> {
  return noted([findingOf({ id: id(1) })], true).then(({ it }) => site(it));
}

function hostile(): ReturnType<typeof site> {
  return noted(PAYLOADS.map(poisonedAt)).then(({ it }) => site(it));
}
