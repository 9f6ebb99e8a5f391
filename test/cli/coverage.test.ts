import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cli, deployment as machine, write } from './run.ts';
import aws from '../../exporters/aws/index.ts';
import { coverageRows } from '../../src/questions/coverage-rows.ts';
import { unwatched } from '../../src/questions/coverage-unwatched.ts';
import type { Deployment } from '../../src/deployment.ts';
import type { JsonObject } from '../../src/model.ts';
import { SCOPE as SCOPE_OF_FAKE, THING, world } from '../run/world.ts';

const { signal } = new AbortController();
const SCOPE = 'aws/111122223333/eu-west-1';
const KIND = 'aws.ec2.network-interface';

function deployment(interfaces: Readonly<Record<string, JsonObject>>, ...scopes: string[]): Deployment {
  const path = (id: string) => `${SCOPE}/ec2.network-interface/${id}.json`;
  const parts: Record<'store' | 'layout' | 'kinds' | 'exporters', unknown> = {
    store: {
      tip: async () => 'tip',
      tree: async () => new Map(Object.keys(interfaces).map((id) => [path(id), id])),
      read: async () => new Map(Object.entries(interfaces).map(([id, config]) => [id, Buffer.from(JSON.stringify(config))])),
      readObserved: async () => ({ observations: Object.fromEntries(scopes.map((scope) => [scope, {}])) }),
    },
    layout: { refOf: (file: string) => ({ scope: SCOPE, kind: KIND, id: file.split('/').at(-1)?.replace('.json', '') ?? '' }) },
    kinds: aws.kinds,
    exporters: [],
  };
  return parts as unknown as Deployment;
}
const attached = (instanceId: string, privateIpAddress: string): JsonObject => ({
  attachment: { instanceId },
  privateIpAddress,
  privateDnsName: `ip-${privateIpAddress.replaceAll('.', '-')}.eu-west-1.compute.internal`,
});

test('an instance of which only an interface is known is listed once, with the file that shows it', async () => {
  const found = await unwatched(
    deployment({ 'eni-1': attached('i-0a1', '10.0.1.5'), 'eni-2': attached('i-0a1', '10.0.2.5'), 'eni-3': { status: 'available' } }),
    signal,
  );
  expect(found).toMatchObject([{ title: 'EC2 instance', id: 'i-0a1', scope: SCOPE, seenIn: `${SCOPE}/ec2.network-interface/eni-1.json` }]);
  expect(found[0]?.aliases).toContain('10.0.2.5');
});

test.each([
  ['its id', 'hosts/i-0a1'],
  ['an address', 'hosts/10.0.2.5'],
  ['the first part of a name that AWS gave it', 'hosts/ip-10-0-1-5'],
])('a host called by %s watches it', async (_, scope) => {
  const interfaces = { 'eni-1': attached('i-0a1', '10.0.1.5'), 'eni-2': attached('i-0a1', '10.0.2.5') };
  expect(await unwatched(deployment(interfaces, scope), signal)).toEqual([]);
  expect(await unwatched(deployment(interfaces, 'hosts/web01', 'hosts/10'), signal)).toHaveLength(1);
});

test('what could never be read at all stands in the list, too', async () => {
  const it = await world();
  it.state({
    resources: [[SCOPE_OF_FAKE, THING, 'one', {}]],
    complete: [[SCOPE_OF_FAKE, THING]],
    gaps: [{ scope: 'fake/b/r', reason: 'denied', detail: 'no way in' }],
  });
  await it.run();
  const rows = await coverageRows(await it.load(), new Date(it.time), 3_600_000);
  expect(rows.map(({ scope, kind, status, gap }) => [scope, kind, status, gap?.reason])).toEqual([
    [SCOPE_OF_FAKE, THING, 'complete', undefined],
    ['fake/b/r', '*', 'unreadable', 'denied'],
  ]);
});

test('a folder whose name is too long for a file of the history is missed by itself', async () => {
  const { dir, root } = await machine({ 'etc/motd': 'hello\n', 'etc/issue': 'one\n' });
  const run = (...args: string[]) => cli(['--dir', dir, ...args]);
  const deep = ['etc', ...Array.from({ length: 6 }, () => 'ä'.repeat(80))].join('/');
  write(root, { [`${deep}/x`]: 'deep\n' });
  expect(await run('snapshot')).toMatchObject({ code: 3 });
  rmSync(join(root, 'etc/issue'));
  const second = await run('snapshot');
  // What is gone is deleted, although the kind lacks one thing.
  expect([second.code, second.stdout + second.stderr]).toEqual([3, expect.stringMatching(/deleted {2}hosts\/web01\/files\/etc\/issue\n/)]);
  expect(second.stdout + second.stderr).toContain('modified hosts/web01/facts/file-metadata/etc.json');
  const { stdout } = await run('coverage');
  expect(stdout).toMatch(
    /^complete +hosts\/web01 +host\.file-metadata .*: too long for a file of the history: etc\/ää.* all else was read$/m,
  );
});
