/** The API describes itself truly: what it answers is what its own description says, no field more and none less. */
import { expect, test } from 'vitest';
import { z } from 'zod';
import { link } from '../../src/serve/markup.ts';
import { ROUTES } from '../../src/serve/routes.ts';
import { findingOf, poisoned } from '../notify/findings.ts';
import { FILE, HOST, id, note, noted, site } from './site.ts';

interface Operation {
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly responses: Readonly<Record<string, { readonly content: Readonly<Record<string, { readonly schema: object }>> }>>;
}
interface Described {
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

/** As validators that know no other documents want it, and without room for fields that are not described. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const own = Object.fromEntries(
    Object.entries(schema).map(([name, value]) => [
      name,
      name === '$ref' ? String(value).replace('#/components/schemas/', '#/$defs/') : closed(value),
    ]),
  );
  return 'properties' in own && !('additionalProperties' in own) ? { ...own, additionalProperties: false } : own;
}

function validator({ components, paths }: Described, path: string, status: number, method = 'get') {
  const schema = paths[path]?.[method]?.responses[status]?.content['application/json']?.schema;
  if (schema === undefined) throw new Error(`${method} ${path} ${status} is not described`);
  return z.fromJSONSchema({ ...(closed(schema) as object), $defs: closed(components.schemas) } as Parameters<typeof z.fromJSONSchema>[0]);
}

function expectTrue(answer: unknown, described: Described, path: string, status = 200, method = 'get'): void {
  const { error } = validator(described, path, status, method).safeParse(answer);
  expect(error === undefined ? '' : z.prettifyError(error), `${method} ${path} ${status}`).toBe('');
}

const bothOf = ({ attribution: { actor } }: ReturnType<typeof findingOf>) =>
  actor === undefined ? [] : ['Ann', 'Bob'].map((name) => ({ actor: { ...actor, name }, paths: ['/size'] }));

test('every answer is as it is described', async () => {
  const { it, commit } = await noted([], true);
  const change = { ...poisoned('x').change, path: FILE } as NonNullable<ReturnType<typeof poisoned>['change']>;
  const gap = { scope: 'fake/a/r', reason: 'denied', detail: 'not allowed' } as const;
  const transient = { ref: { scope: 'fake/a/r', kind: 'fake.thing', id: 'two' }, path: '', effects: [], duration: 60_000 };
  const { change: _, ...bare } = findingOf({ id: id(4) });
  await note(it, commit, [
    { ...poisoned('payload'), id: id(1), change: { ...change, readAs: 'json' }, parts: [findingOf({ id: id(5), undo: ['restore it'] })] },
    findingOf({ id: id(2), ignored: 'known' }),
    findingOf({ id: id(3), undone: { by: id(2), at: it.time, actor: 'Ann' } }),
    { ...bare, transient },
    { ...bare, id: id(6), coverage: { type: 'lost', gap } },
    findingOf({ id: id(7), attribution: { ...bare.attribution, authors: bothOf(bare) } }),
  ]);
  it.things({ one: { size: 3 }, ['ö'.repeat(900)]: { size: 1 } });
  await it.run();
  it.pass(1);
  const asked = await site(it);
  const described = (await asked.json('/api/openapi.json')) as unknown as Described;

  const { actors } = (await asked.json('/api/actors')) as { actors: { name: string }[] };
  const answers: readonly (readonly [path: string, ...asked: string[]])[] = [
    ['/api/report', '/api/report', '/api/report?from=2020-01-01&to=2020-01-02'],
    ['/api/findings/{id}', ...[1, 2, 3, 4, 6].map((number) => `/api/findings/${id(number)}`)],
    ['/api/commits/{commit}', `/api/commits/${commit}`],
    ['/api/resource', `/api/resource?path=${FILE}`, `/api/resource?path=${FILE}&from=30m`],
    ['/api/actors', '/api/actors'],
    ['/api/actor', link('/api/actor', { name: actors[0]?.name })],
    ['/api/search', '/api/search', '/api/search?q=one', '/api/search?scope=fake'],
    ['/api/compare', '/api/compare', '/api/compare?side=fake/a/r@2026-03-02T09:01Z&side=fake/a/r'],
    ['/api/coverage', '/api/coverage'],
  ];
  expect(answers.map(([path]) => path)).toEqual(expect.arrayContaining(ROUTES.map(({ api }) => api.replace(/:(\w+)/, '{$1}'))));
  for (const [path, ...questions] of answers)
    for (const question of questions) {
      const answer = await asked.get(question);
      expect([answer.status, question]).toEqual([200, question]);
      expectTrue(await answer.json(), described, path);
    }

  for (const [path, question, status] of [
    ['/api/report', '/api/report?since=soon', 400],
    ['/api/findings/{id}', `/api/findings/${id(99)}`, 404],
  ] as const) {
    const answer = await asked.get(question);
    expect(answer.status).toBe(status);
    expectTrue(await answer.json(), described, path, status);
  }

  const post = async (body: unknown) => {
    const headers = { ...HOST, 'content-type': 'application/json' };
    return (await asked.app.request('/api/alerts', { method: 'POST', headers, body: JSON.stringify(body) })).json();
  };
  const firing = { status: 'firing', labels: { instance: 'one' }, startsAt: it.time };
  for (const alerts of [[firing], [{ ...firing, status: 'resolved' }]])
    expectTrue(await post({ alerts }), described, '/api/alerts', 200, 'post');
  expectTrue(await post({}), described, '/api/alerts', 400, 'post');

  // The yardstick itself: a field more or less is seen.
  const whole = await asked.json('/api/report');
  expect(validator(described, '/api/report', 200).safeParse({ ...whole, more: 1 }).success).toBe(false);
  expect(validator(described, '/api/report', 200).safeParse({ ...whole, findings: [{}] }).success).toBe(false);
  const [first] = whole.findings as object[];
  expect(validator(described, '/api/report', 200).safeParse({ ...whole, findings: [{ ...first, more: 1 }] }).success).toBe(false);
  expect(asked.said).toEqual([]);
});

test('every question and every parameter is described, and every name that is referred to', async () => {
  const asked = await site((await noted([])).it);
  const described = (await asked.json('/api/openapi.json')) as unknown as Described;
  const { paths, components } = described;
  expect(Object.keys(paths)).toEqual([...ROUTES.map(({ api }) => api.replace(/:(\w+)/, '{$1}')), '/api/alerts', '/api/stream']);
  for (const { api, parameters } of ROUTES)
    expect(paths[api.replace(/:(\w+)/, '{$1}')]?.get?.parameters?.map(({ name }) => name)).toEqual(Object.keys(parameters.shape));
  expect(paths['/api/findings/{id}']?.get?.parameters?.[0]).toMatchObject({ name: 'id', in: 'path', required: true });
  expect(paths['/api/alerts']?.post?.parameters).toMatchObject([{ name: 'before', in: 'query', required: false }]);
  const references = [...JSON.stringify(described).matchAll(/#\/components\/schemas\/(\w+)/g)].map(([, name]) => name);
  expect([...new Set(references)].sort()).toEqual(Object.keys(components.schemas).sort());
});
