/** Secrets on every way through the program: what is stored, logged, told or printed never holds one (S4). */
import { chmodSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { DrifttrailError, describeError } from '../../src/errors.ts';
import { openEventStore } from '../../src/trail/events.ts';
import { cli } from '../cli/run.ts';
import { fill } from '../folder.ts';
import { KNOWN, plant } from '../normalize/planted.ts';
import { amount, git } from '../store/repository.ts';
import { event, SCOPE, TAPED, THING, world } from './world.ts';

const SEED = Number(process.env['DRIFTTRAIL_SEED'] ?? 1);
const PASSWORD = 'Xq7remotePassw0rd';
const TOKEN = 'plainwordtokenofthehook';

const CONFIG = `exporters:
  - use: ./plugins/fake
    state: state.json
  - use: host
    name: web01
    root: root
    files: [etc, srv, root]
    facts: false
${TAPED}  - use: exec
    command: [${JSON.stringify(process.execPath)}, -e, 'console.error("no, says " + process.env.API_TOKEN); process.exit(2)']
    env: { API_TOKEN: env:HOOK_TOKEN }
    from: info
remote: http://joe:${PASSWORD}@127.0.0.1:1/x.git
`;

/** All files below a folder, as text that keeps every byte. */
function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'));
}

/** What base64 says counts as written, too. */
function readable(text: string): string {
  return `${text}\n${[...text.matchAll(/[A-Za-z0-9+/]{24,}={0,2}/g)].map(([found]) => Buffer.from(found, 'base64').toString('latin1')).join('\n')}`;
}

it(`leaves none of them in git, state, messages, errors or reports (seed ${SEED})`, async () => {
  const plants = Array.from({ length: amount(1, 5) }, (_, index) => plant(KNOWN, SEED + index)).flat();
  expect(plants.length).toBeGreaterThanOrEqual(60);
  process.env['HOOK_TOKEN'] = TOKEN;
  const self = await world(CONFIG);
  chmodSync(join(self.dir, 'drifttrail.yaml'), 0o600);
  const secrets = new Set(plants.flatMap((planted) => planted.secrets.filter((secret) => secret.length > 5)));
  secrets.add(PASSWORD).add(TOKEN);

  // In values, keys and names; in files where they are at home; in what the trail recorded.
  const unhinted = plants.filter(({ hint }) => hint === undefined);
  const resources = (round: number) =>
    unhinted.map(
      ({ text }, index) => [SCOPE, THING, `t${index}`, { round, description: text, tags: [{ key: 'note', value: text }] }] as const,
    );
  fill(join(self.dir, 'root'), Object.fromEntries(plants.map(({ text, hint }, index) => [hint ?? `etc/app-${index}.conf`, text])));
  const errors = (from: number) =>
    unhinted
      .slice(from, from + 30)
      .map(({ text }) => text)
      .join('\n');
  const gap = { scope: SCOPE, kind: 'fake.package', reason: 'denied' as const, detail: `the API said ${errors(0)}` };
  self.state({ resources: resources(1), complete: [[SCOPE, THING]], gaps: [gap] });
  self.events([], [{ reason: 'denied', detail: errors(30) }]);
  const outputs: string[] = [JSON.stringify(await self.run())];
  self.pass(5);
  self.state({ resources: resources(2), complete: [[SCOPE, THING]], gaps: [gap] });
  const time = '2026-03-02T09:03:00.000Z';
  self.events(
    unhinted.map(({ text }, index) => ({
      ...event(`e${index}`, time, 'Put', { id: `t${index}`, path: '/description', value: text }),
      response: { token: text },
      extra: { additionalEventData: { note: text } },
      ...(index % 7 === 0 ? { error: { code: 'Denied', message: text } } : {}),
    })),
  );
  const second = await self.run();
  outputs.push(JSON.stringify(second));
  expect(second.findings.length).toBeGreaterThan(60);
  self.pass(5);
  self.state({ fail: `could not connect: ${errors(20)}` });
  writeFileSync(join(self.dir, 'told.jsonl.answer'), JSON.stringify({ status: 'rejected', detail: errors(40) }));
  outputs.push(JSON.stringify(await self.run()), ...self.said);

  const env = { HOOK_TOKEN: TOKEN };
  for (const args of [
    ['report', '--format', 'markdown'],
    ['doctor', '--offline'],
    ['hooks', 'test'],
  ]) {
    const { stdout, stderr } = await cli(['--dir', self.dir, ...args], { env });
    outputs.push(stdout, stderr);
  }
  // A configuration that is wrong is quoted, but not its values.
  const broken = [
    `remote: [${PASSWORD}]\n`,
    `hooks:\n  - use: slack\n    url: ${PASSWORD}\n`,
    `hooks:\n  - use: webhook\n    secret: ${TOKEN}\n    url: x\n`,
  ];
  for (const config of broken) {
    writeFileSync(join(self.dir, 'drifttrail.yaml'), `exporters:\n  - use: host\n${config}`);
    const error = await self.load().catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(DrifttrailError);
    outputs.push(describeError(error));
  }

  const store = await openEventStore(join(self.dir, 'state'));
  outputs.push(JSON.stringify(await store.query({ from: '2020-01-01T00:00:00Z', to: '2030-01-01T00:00:00Z' })));
  store.close();
  const places: Readonly<Record<string, string>> = {
    'git objects': await git(join(self.dir, 'snapshots'), 'cat-file', '--batch-all-objects', '--batch', '--unordered'),
    'git files': filesBelow(join(self.dir, 'snapshots')).join('\n'),
    state: filesBelow(join(self.dir, 'state')).join('\n'),
    'messages told': JSON.stringify(self.told()),
    'output, events and errors': outputs.join('\n'),
  };
  const found = Object.entries(places).flatMap(([place, text]) => {
    const all = readable(text);
    return plants.flatMap(({ name, secrets: own }) =>
      own.filter((one) => secrets.has(one) && all.includes(one)).map(() => `${name} in ${place}`),
    );
  });
  for (const [place, text] of Object.entries(places))
    for (const one of [PASSWORD, TOKEN]) if (text.includes(one)) found.push(`${one} in ${place}`);
  console.log(`S4: seed ${SEED}, ${plants.length} planted forms, ${secrets.size} secrets, ${found.length} found in plaintext`);
  expect([...new Set(found)]).toEqual([]);
  expect(places['git objects']).toMatch(/«redacted:hmac-sha256:[0-9a-f]{12}»/);
}, 240_000);
