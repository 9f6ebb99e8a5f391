/** Hosts from EC2: which instances, by what name and address, and what AWS refuses is said and hides nobody. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ec2Hosts, ec2Inventory } from '../../../../exporters/host/inventory/ec2.ts';
import host from '../../../../exporters/host/index.ts';
import { collect } from '../../../../src/collect/collect.ts';
import { realSurroundings } from '../../../../src/surroundings.ts';
import { folder } from '../../../folder.ts';

const ACCOUNT = '123456789012';
const instance = (id: string, name: string | undefined, more: object = {}) => ({
  InstanceId: id,
  PrivateIpAddress: `10.0.0.${id.length}`,
  PrivateDnsName: `ip-${id}.eu-west-1.compute.internal`,
  PublicIpAddress: '',
  Tags: name === undefined ? [] : [{ Key: 'Name', Value: name }],
  ...more,
});
const FILTERS = [
  { Name: 'instance-state-name', Values: ['running'] },
  { Name: 'tag:Role', Values: ['web', 'db*'] },
];

function recorded(answers: Readonly<Record<string, object>>): string {
  const dir = folder();
  mkdirSync(join(dir, 'calls'));
  const line = (region: string, service: string, operation: string, input: object | '*', rest: object) =>
    JSON.stringify({ account: '*', region, service, operation, input, ...rest });
  const input = { Filters: FILTERS, MaxResults: 1000 };
  const lines = [
    line('*', 'sts', 'GetCallerIdentity', '*', { output: { Account: ACCOUNT, Arn: `arn:aws:iam::${ACCOUNT}:user/ann` } }),
    ...Object.entries(answers).map(([region, answer]) => line(region, 'ec2', 'DescribeInstances', input, answer)),
  ];
  writeFileSync(join(dir, 'calls', 'a.jsonl'), `${lines.join('\n')}\n`);
  return dir;
}

async function found(answers: Readonly<Record<string, object>>, options: object = {}) {
  const dir = recorded(answers);
  const told: string[] = [];
  const parsed = ec2Inventory.parse({ tags: { Role: ['web', 'db*'] }, regions: Object.keys(answers), replay: 'calls', ...options });
  const context = { ...realSurroundings(dir), dir, env: {}, signal: new AbortController().signal };
  const hosts = await ec2Hosts(parsed, context, {
    leftOut: (text) => told.push(text),
    refused: ({ reason, detail }) => told.push(`${reason} ${detail}`),
  });
  return { hosts, told };
}
const reservations = (...instances: object[]) => ({ output: { Reservations: instances.map((one) => ({ Instances: [one] })) } });

describe('hosts from EC2', () => {
  it('bear the tag Name where it is one machine’s and a host name, else the id', async () => {
    const { hosts } = await found({
      'eu-west-1': reservations(
        instance('i-01', 'web01'),
        instance('i-002', 'pool'),
        instance('i-0003', 'pool'),
        instance('i-00004', '-oProxyCommand=x'),
        instance('i-5', undefined),
      ),
    });
    expect(hosts.map(({ name }) => name)).toEqual(['i-00004', 'i-0003', 'i-002', 'i-5', 'web01']);
    expect(
      (await found({ 'eu-west-1': reservations(instance('i-01', 'web01')) }, { name: 'id', user: 'admin', jump: 'bastion' })).hosts,
    ).toEqual([{ name: 'i-01', address: '10.0.0.4', user: 'admin', jump: 'bastion' }]);
  });

  it('are reached at the address that was chosen; who has none, or runs Windows, is left out aloud', async () => {
    const answers = {
      'eu-west-1': reservations(
        instance('i-01', 'a', { PublicIpAddress: '198.51.100.7' }),
        instance('i-02', 'b'),
        instance('i-03', 'c', { Platform: 'windows' }),
      ),
    };
    expect(await found(answers, { address: 'public' })).toEqual({
      hosts: [{ name: 'a', address: '198.51.100.7' }],
      told: ['EC2 instance i-02 is left out: it has no public address', 'EC2 instance i-03 is left out: it runs Windows'],
    });
    expect((await found(answers, { address: 'private-dns' })).hosts[0]?.address).toBe('ip-i-01.eu-west-1.compute.internal');
  });

  it('of other regions are found where one refuses, and the gap says so', async () => {
    const answers = {
      'eu-west-1': reservations(instance('i-01', 'web01')),
      'us-east-1': { error: { name: 'UnauthorizedOperation', message: 'no', status: 403 } },
    };
    expect(await found(answers)).toEqual({
      hosts: [{ name: 'web01', address: '10.0.0.4' }],
      told: [expect.stringMatching(/^denied .*ec2:DescribeInstances in us-east-1/)],
    });
  });

  it('refused in a snapshot: a gap of all hosts, none is deleted, and the next one that sees all closes it', async () => {
    const run = (answers: Readonly<Record<string, object>>) => {
      const dir = recorded(answers);
      const options = host.options.parse({
        inventory: { ec2: { tags: { Role: ['web', 'db*'] }, regions: ['eu-west-1'], replay: 'calls' } },
      });
      return collect(host, options, {
        surroundings: { ...realSurroundings(dir), dir, env: {} },
        signal: new AbortController().signal,
        progress: () => undefined,
      });
    };
    const refused = await run({ 'eu-west-1': { error: { name: 'UnauthorizedOperation', message: 'no', status: 403 } } });
    expect([refused.resources, refused.complete, refused.gaps]).toEqual([
      [],
      [],
      [{ scope: 'hosts', reason: 'denied', detail: expect.any(String), partial: true }],
    ]);
    expect((await run({ 'eu-west-1': reservations() })).gaps).toEqual([]);
  });

  it.each([[{ ec2: { address: 'ssm' } }], [{ ec2: {}, file: 'hosts.ini' }], [{ ec2: { regions: ['nowhere'] } }]])(
    '%j is refused',
    (inventory) => {
      expect(host.options.safeParse({ inventory }).success).toBe(false);
    },
  );
});
