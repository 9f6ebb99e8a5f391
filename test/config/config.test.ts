import { expect, test } from 'vitest';
import { z } from 'zod';
import { loadConfig, parseYaml } from '../../src/config/config.ts';
import { check } from '../../src/config/problems.ts';
import { DrifttrailError } from '../../src/errors.ts';
import { folder } from '../folder.ts';

const MINIMAL = 'exporters:\n  - use: host\n';

function complaint(yaml: string, env: Record<string, string> = {}): DrifttrailError {
  try {
    loadConfig(folder({ 'drifttrail.yaml': yaml }), env);
  } catch (error) {
    if (error instanceof DrifttrailError) return error;
    throw error;
  }
  throw new Error('it was accepted');
}

test.each([
  ['at the top', `${MINIMAL}hoks: []\n`, [3, 1], 'did you mean "hooks"?'],
  [
    'in an entry of a list',
    `${MINIMAL}ignore:\n  - kind: host.package\n    reson: noise\n    reason: noise\n`,
    [5, 5],
    'did you mean "reason"?',
  ],
  ['in a nested object with a default', `${MINIMAL}author:\n  name: a\n  mail: b\n  email: b\n`, [5, 3], 'did you mean "email"?'],
  [
    'nothing like any key',
    `${MINIMAL}zzzzzzzz: 1\n`,
    [3, 1],
    'known: author, baseUrl, compare, countries, exporters, hooks, ignore, keepEvents',
  ],
])('an unknown key %s is named with its place and what was meant', (_, yaml, [line, column], remedy) => {
  const error = complaint(yaml);
  expect(error.code).toBe('config-invalid');
  expect(error.message).toMatch(/^unknown key "/);
  expect(error.position).toMatchObject({ file: expect.stringMatching(/drifttrail\.yaml$/), line, column });
  expect(error.remedy).toContain(remedy);
});

test.each([
  ['a wrong level', `${MINIMAL}hooks:\n  - use: slack\n    from: hihg\n`, [5, 11], 'hooks.0.from'],
  ['a wrong duration', `${MINIMAL}patience: 20 minutes\n`, [3, 11], 'a duration such as 90s'],
  ['events that are kept too short', `${MINIMAL}keepEvents: 1d\n`, [3, 13], 'at least 2d'],
  ['a missing member, by the entry it is missing from', `${MINIMAL}hooks:\n  - from: high\n`, [4, 5], 'hooks.0.use'],
  ['an ignore rule that would ignore everything', `${MINIMAL}ignore:\n  - reason: noise\n`, [4, 5], 'at least a kind, a scope or an id'],
  ['an ignore rule without a reason', `${MINIMAL}ignore:\n  - kind: host.file\n`, [4, 5], 'ignore.0.reason'],
  [
    'a path of an ignore rule that is a pointer',
    `${MINIMAL}ignore:\n  - { kind: host.x, path: /version, reason: x }\n`,
    [4, 27],
    '$.version',
  ],
  ['a path that no leaf can have', `${MINIMAL}ignore:\n  - { kind: host.x, path: "$.[", reason: x }\n`, [4, 27], '$.version'],
  ['a path without its beginning', `${MINIMAL}ignore:\n  - { kind: host.x, path: version, reason: x }\n`, [4, 27], '$.version'],
  ['quiet hours that never are', `${MINIMAL}hooks:\n  - { use: slack, quiet: { from: "08:00", to: "08:00" } }\n`, [4, 26], 'days:'],
  ['no exporter at all', 'exporters: []\n', [1, 12], 'exporters'],
  ['a file that is a list', '- use: host\n', [1, 1], 'the configuration'],
  ['an empty file', '', [1, 1], 'the configuration'],
])('%s is refused at its place', (_, yaml, [line, column], message) => {
  const error = complaint(yaml);
  expect(error.code).toBe('config-invalid');
  expect(error.message).toContain(message);
  expect(error.position).toMatchObject({ line, column });
});

test('broken YAML and a key given twice are told by line and column', () => {
  expect(complaint(`${MINIMAL}hooks: [\n`).position?.line).toBeGreaterThanOrEqual(3);
  expect(complaint(`${MINIMAL}remote: a\nremote: b\n`).position).toMatchObject({ line: 4, column: 1 });
});

test('a folder without a configuration is no deployment, and says how to make one', () => {
  const dir = folder();
  expect(() => loadConfig(dir, {})).toThrow(expect.objectContaining({ code: 'not-a-deployment', remedy: expect.stringContaining('init') }));
});

test('a flag wins over the environment, the environment over the file, the file over the default', () => {
  const dir = folder({ 'drifttrail.yaml': `${MINIMAL}remote: file-remote\nurgent: high\n` });
  const env = { DRIFTTRAIL_REMOTE: 'env-remote', DRIFTTRAIL_PATIENCE: '5m' };
  expect(loadConfig(dir, {}).config).toMatchObject({ remote: 'file-remote', urgent: 'high', patience: '20m', hooks: [], ignore: [] });
  expect(loadConfig(dir, env).config).toMatchObject({ remote: 'env-remote', urgent: 'high', patience: '5m' });
  expect(loadConfig(dir, env, { remote: 'flag-remote' }).config).toMatchObject({ remote: 'flag-remote', patience: '5m' });
});

test('a wrong value from the environment is refused like one from the file, and the variable is named', () => {
  const error = complaint(MINIMAL, { DRIFTTRAIL_PATIENCE: 'soon' });
  expect(error.message).toContain('a duration such as 90s');
  expect(`${error.message} ${error.remedy}`).toContain('DRIFTTRAIL_PATIENCE');
});

test('a schedule that is none, an empty file and a missing part are told in words', () => {
  const schedule = complaint('exporters:\n  - use: host\n    schedule: every day\n');
  expect([schedule.position?.line, schedule.message]).toEqual([3, expect.stringContaining('minute hour day month weekday')]);
  for (const good of ['*/5 * * * *', '0 3 1 JAN MON-FRI', '*/10 * * * * *']) {
    const dir = folder({ 'drifttrail.yaml': `exporters:\n  - { use: host, schedule: "${good}" }\n` });
    expect(loadConfig(dir, {}).config.exporters[0]?.schedule).toBe(good);
  }
  expect(complaint('').message).toBe('the configuration is empty; write its value or remove the key');
  expect(complaint('remote: x\n').message).toBe('exporters is missing');
  expect(complaint('exporters: []\n').message).toBe('exporters needs at least 1');
});

test.each([
  ['a text for a list', 'exporters: host\n', 'exporters must be a list, not a text'],
  ['a list for the whole', '- use: host\n', 'the configuration must be a map of keys and values, not a list'],
  ['a key without a value', `${MINIMAL}trail:\n`, 'trail is empty; write its value or remove the key'],
  [
    'a level of an outlet that is none',
    `${MINIMAL}hooks: [{ use: exec, urgent: sometimes }]\n`,
    'hooks.0.urgent must be one of critical, high, medium, low, info, never',
  ],
  ['a level that is none', `${MINIMAL}urgent: hihg\n`, 'urgent must be one of critical, high, medium, low, info'],
  ['a remote that git would take for an option', `${MINIMAL}remote: --upload-pack=x\n`, 'remote write a URL or a path'],
  ['a second document', `${MINIMAL}---\n${MINIMAL}`, 'a second document begins here'],
  ['an alias without an anchor', `${MINIMAL}remote: *nowhere\n`, expect.stringContaining('nowhere')],
])('%s is told in plain words', (_, yaml, message) => {
  const error = complaint(yaml);
  expect([error.code, error.message]).toEqual(['config-invalid', message]);
  expect(error.remedy).toBeDefined();
});

test('a value of the right type among several that would do, and wrong all the same', () => {
  const host = z.union([z.string().regex(/^[a-z]+$/, 'a host name'), z.strictObject({ name: z.string(), address: z.string().optional() })]);
  const schema = z.object({ hosts: z.array(host) });
  const wrong = (yaml: string, hosts: unknown[]) => () => check(schema, { hosts }, parseYaml(yaml, 'x.yaml'));
  expect(wrong('hosts: [-o]\n', ['-o'])).toThrow('hosts.0 a host name');
  expect(wrong('hosts: [{ name: a, adress: b }]\n', [{ name: 'a', adress: 'b' }])).toThrow('unknown key "adress"');
  try {
    wrong('hosts: [{ name: a, adress: b }]\n', [{ name: 'a', adress: 'b' }])();
  } catch (error) {
    expect((error as DrifttrailError).remedy).toContain('did you mean "address"?');
  }
});

test('a value of the wrong type among several that would do', () => {
  const schema = z.object({ facts: z.union([z.boolean(), z.array(z.string())]) });
  const source = parseYaml('facts: 3\n', 'x.yaml');
  expect(() => check(schema, { facts: 3 }, source)).toThrow('facts must be true or false or a list, not a number');
});

test.each(['$', '$.version', '$.tags.*', '$.tags.a/b'])('an ignore rule may name the leaf %s', (path) => {
  const dir = folder({ 'drifttrail.yaml': `${MINIMAL}ignore:\n  - { kind: host.x, path: "${path}", reason: x }\n` });
  expect(loadConfig(dir, {}).config.ignore[0]?.path).toBe(path);
});

test('quiet days need no quiet hours', () => {
  const quiet = '{ from: "00:00", to: "00:00", days: [sat, sun] }';
  const dir = folder({ 'drifttrail.yaml': `${MINIMAL}hooks:\n  - { use: slack, quiet: ${quiet} }\n` });
  expect(loadConfig(dir, {}).config.hooks[0]?.quiet?.days).toEqual(['sat', 'sun']);
});
