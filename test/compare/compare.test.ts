/** Comparing: what is each side's own never shows, everything else does, and what was not read is not called missing. */
import { describe, expect, it } from 'vitest';
import aws from '../../exporters/aws/index.ts';
import host from '../../exporters/host/index.ts';
import { comparisonJson } from '../../src/compare/contract.ts';
import { type Comparison, type CompareOptions, compareSides } from '../../src/compare/compare.ts';
import { outliersOf } from '../../src/compare/difference.ts';
import type { Side } from '../../src/compare/documents.ts';
import { parseSides } from '../../src/compare/side.ts';
import { renderComparison } from '../../src/compare/text.ts';
import type { Gap, Json } from '../../src/model.ts';
import { documentsOf, type Machine, machine, sideOf } from './fleet.ts';

const kinds = { ...aws.kinds, ...host.kinds };
const compare = (machines: readonly Machine[], more: Partial<CompareOptions> = {}): Comparison =>
  compareSides(
    machines.map((one) => sideOf(one)),
    { kinds, ...more },
  );
const fleet = (count: number) => Array.from({ length: count }, (_, index) => machine(index + 1));
const told = ({ differences }: Comparison) =>
  differences.flatMap(({ id, kind, places }) => places.map((place) => [kind, id, place.path, outliersOf(place).join(' ')].join(' | ')));
const edit = (one: Machine | undefined, file: string, from: string, to: string) => {
  const text = one?.files[file] ?? '';
  if (one === undefined || !text.includes(from)) throw new Error(`${file} has no ${from}`);
  one.files[file] = text.replace(from, to);
};

describe('hosts', () => {
  it('speaks of kinds that there are', () => {
    const used = new Set(documentsOf(machine(1)).map(({ ref }) => ref.kind));
    expect([...used].filter((kind) => !Object.hasOwn(host.kinds, kind))).toEqual([]);
  });

  it('of twenty that differ only in what is their own, nothing is told', () => {
    const found = compare(fleet(20));
    expect(told(found)).toEqual([]);
    expect(found.factoredOut).toBeGreaterThan(12);
    expect(told(compare(fleet(2)))).toEqual([]);
  });

  it('of twenty with twelve planted differences exactly these are told, and who stands out', () => {
    const all = fleet(20);
    edit(all[2], 'etc/ssh/sshd_config', 'PermitRootLogin no', 'PermitRootLogin yes');
    edit(all[3], 'etc/resolv.conf', '10.0.0.2', '10.0.0.3');
    edit(all[4], 'etc/nginx/nginx.conf', 'worker_processes 4', 'worker_processes 8');
    edit(all[5], 'etc/hosts', '10.0.1.2 db', '10.0.1.3 db');
    edit(all[6], 'etc/network/interfaces', 'gateway 10.0.1.1', 'gateway 10.0.1.254');
    edit(all[7], 'etc/fstab', 'defaults', 'defaults,ro');
    delete all[8]?.files['etc/cron.d/backup'];
    const facts = (index: number) => all[index]?.facts as Record<string, Record<string, Json>>;
    facts(9)['host.package'] = { nginx: { version: '1.22.1-9' }, openssl: { version: '3.0.11-1' } };
    facts(10)['host.user'] = { ...facts(10)['host.user'], backdoor: { uid: 0, shell: '/bin/sh' } };
    facts(11)['host.socket'] = { ...facts(11)['host.socket'], 'udp 0.0.0.0:123': { address: '0.0.0.0', port: 123, protocol: 'udp' } };
    facts(12)['host.mount'] = { '/': { ...(facts(12)['host.mount']?.['/'] as object), readOnly: true } };
    edit(all[13], `etc/nginx/sites/web14.conf`, 'proxy_bind', '# proxy_bind');
    expect(told(compare(all))).toEqual([
      'host.file | etc/cron.d/backup |  | web09',
      'host.file | etc/fstab | /lines/1 | web08',
      'host.file | etc/hosts | /lines/4 | web06',
      'host.file | etc/network/interfaces | /lines/5 | web07',
      'host.file | etc/nginx/nginx.conf | /lines/1 | web05',
      'host.file | etc/nginx/sites/‹name›.conf | /lines/2 | web14',
      'host.file | etc/resolv.conf | /lines/1 | web04',
      'host.file | etc/ssh/sshd_config | /lines/3 | web03',
      'host.mount | all | /~1/readOnly | web13',
      'host.package | all | /openssl/version | web10',
      'host.socket | all | /udp 0.0.0.0:123 | web12',
      'host.user | all | /backdoor | web11',
    ]);
  });

  it('values are shown in each side’s own words', () => {
    const [a, b] = fleet(2);
    edit(b, 'etc/nginx/nginx.conf', 'listen 10.0.1.12:443', 'listen 10.0.1.12:8443');
    const [difference] = compare([a as Machine, b as Machine]).differences;
    expect(Object.fromEntries(difference?.places[0]?.values ?? [])).toEqual({
      web01: '  listen 10.0.1.11:443;',
      web02: '  listen 10.0.1.12:8443;',
    });
  });

  it('sides that say the same in words of their own are one group, told in the words they have in common', () => {
    const all = fleet(4);
    edit(all[2], 'etc/nginx/nginx.conf', ':443', ':8443');
    const found = compare(all);
    expect(found.differences[0]?.places[0]?.groups).toEqual([
      { value: '  listen ‹address 1›:443;', sides: ['web01', 'web02', 'web04'] },
      { value: '  listen 10.0.1.13:8443;', sides: ['web03'] },
    ]);
    const text = renderComparison(found, { colour: false, width: 80, most: 20 });
    expect(text).toContain('    web01, web02, web04:\n          listen ‹address 1›:443;\n    ! web03:\n          listen 10.0.1.13:8443;\n');
    const [place] = (comparisonJson(found).differences as { edits: { values: object; majority: string }[] }[])[0]?.edits ?? [];
    expect(place).toMatchObject({
      values: { web02: '  listen 10.0.1.12:443;' },
      majority: '  listen ‹address 1›:443;',
      outliers: ['web03'],
    });
  });

  it('an address that both have is nobody’s own, and a name inside a word is no name', () => {
    const [a, b] = fleet(2) as [Machine, Machine];
    for (const one of [a, b]) one.files['etc/vip'] = 'vip 10.0.1.50\n';
    a.files['etc/web01x'] = 'x';
    b.files['etc/web01x'] = 'x';
    a.files['etc/peer'] = 'web01 web02\n';
    b.files['etc/peer'] = 'web01 web02\n';
    expect(told(compare([a, b]))).toEqual([]);
    b.files['etc/vip'] = 'vip 10.0.1.51\n';
    expect(told(compare([a, b]))).toEqual(['host.file | etc/vip | /lines/1 | ']);
  });

  it('what could not be read on a side is not called missing there', () => {
    const [a, b] = fleet(2) as [Machine, Machine];
    for (const file of Object.keys(b.files)) delete b.files[file];
    const gap: Gap = { scope: 'hosts/web02', kind: 'host.file', reason: 'denied', detail: '' };
    const found = compareSides([sideOf(a), sideOf(b, [gap])], { kinds });
    expect(found.differences).toEqual([]);
    expect(found.gaps).toMatchObject([{ side: 'web02', kind: 'host.file', reason: 'denied' }]);
    expect(compareSides([sideOf(a), sideOf(b)], { kinds }).differences.length).toBe(Object.keys(a.files).length);
  });

  it('a baseline is the standard, however few agree with it', () => {
    const all = fleet(3);
    for (const one of all.slice(1)) edit(one, 'etc/resolv.conf', '10.0.0.2', '10.0.0.3');
    const found = compare(all, { baseline: 'web01' });
    expect(told(found)).toEqual(['host.file | etc/resolv.conf | /lines/1 | web02 web03']);
    expect(found.differences[0]?.places[0]?.standard?.value).toBe('nameserver 10.0.0.2');
  });

  it('expected differences are counted and not told', () => {
    const [a, b] = fleet(2) as [Machine, Machine];
    edit(b, 'etc/resolv.conf', '10.0.0.2', '10.0.0.3');
    const found = compare([a, b], { isExpected: ({ id }) => id === 'etc/resolv.conf' });
    expect([found.differences, found.expected]).toEqual([[], 1]);
  });

  it('what may differ on one side is still told of another', () => {
    const all = fleet(5);
    for (const one of all.slice(1, 3)) edit(one, 'etc/resolv.conf', '10.0.0.2', '10.0.0.3');
    const isExpected = ({ scope }: { scope: string }) => scope === 'hosts/web02';
    expect(told(compare(all, { isExpected }))).toEqual(['host.file | etc/resolv.conf | /lines/1 | web02 web03']);
    edit(all[2], 'etc/resolv.conf', '10.0.0.3', '10.0.0.2');
    expect(compare(all, { isExpected })).toMatchObject({ differences: [], expected: 1 });
  });

  it('files of data are compared as data: not their layout, and a changed value by its key', () => {
    const [a, b] = fleet(2) as [Machine, Machine];
    a.files['etc/app.yaml'] = 'pool: {size: 10, idle: 2}\n';
    b.files['etc/app.yaml'] = '# ours\npool:\n  idle: 2\n  size: 10\n';
    expect(told(compare([a, b]))).toEqual([]);
    edit(b, 'etc/app.yaml', '10', '20');
    expect(told(compare([a, b]))).toEqual(['host.file | etc/app.yaml | /pool/size | ']);
    b.files['etc/app.yaml'] = 'pool: [';
    expect(told(compare([a, b]))).toEqual(['host.file | etc/app.yaml | /lines/1 | ']);
  });

  it('the hour of a job, a list of minutes and a changed list of members are no chance', () => {
    const all = fleet(3);
    edit(all[1], 'etc/cron.d/popularity', ' 4 * * *', ' 5 * * *');
    edit(all[2], 'etc/cron.d/backup', '10 3', '10,40 3');
    edit(all[0], 'etc/cluster.json', '"web02",', '');
    expect(told(compare(all))).toEqual([
      'host.file | etc/cluster.json | /members/1 | web01',
      'host.file | etc/cron.d/backup | /lines/1 | web03',
      'host.file | etc/cron.d/popularity | /lines/1 | web02',
    ]);
  });

  it('reads well at 80 columns, the outlier marked', () => {
    const all = fleet(5);
    edit(all[2], 'etc/ssh/sshd_config', 'PermitRootLogin no', 'PermitRootLogin yes');
    const text = renderComparison(compare(all), { colour: false, width: 80, most: 20, titles: { 'host.file': 'file' } });
    expect(text).toContain(
      'file etc/ssh/sshd_config\n  /lines/3\n    web01, web02, web04, web05:\n        PermitRootLogin no\n    ! web03:\n        PermitRootLogin yes\n',
    );
    expect(text).toContain('1 difference in 1 of 33 resources of 5 sides');
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });
});

describe('sides', () => {
  const scopes = new Set(['aws/1/eu-west-1', 'aws/1/us-east-1', 'aws/2/eu-west-1', 'hosts/web01', 'hosts/web02']);
  const named = (...texts: string[]) => parseSides(texts, scopes).map(({ name, scope }) => [name, scope]);

  it('bear names of which no two are the same', () => {
    expect(named('aws/*/eu-west-1')).toEqual([
      ['1/eu-west-1', 'aws/1/eu-west-1'],
      ['2/eu-west-1', 'aws/2/eu-west-1'],
    ]);
    expect(named('web*')).toEqual([
      ['web01', 'hosts/web01'],
      ['web02', 'hosts/web02'],
    ]);
    expect(named('us-east-1', 'hosts/web0*').map(([name]) => name)).toEqual(['us-east-1', 'web01', 'web02']);
  });
});

describe('cloud regions', () => {
  /** A VPC with its subnet, group and route table, under ids of the region's own. */
  const region = (name: string, digit: string, change: (configs: Record<string, Json>) => void = () => undefined): Side => {
    const id = (prefix: string, number = 1) => `${prefix}-0${digit.repeat(15)}${number}`;
    const arn = (type: string, what: string) => `arn:aws:ec2:${name}:11112222333${digit}:${type}/${what}`;
    const configs: Record<string, Json> = {
      [`ec2.vpc ${id('vpc')}`]: { vpcId: id('vpc'), cidrBlock: '10.0.0.0/16', tags: { Name: 'main' } },
      [`ec2.subnet ${id('subnet')}`]: {
        subnetId: id('subnet'),
        vpcId: id('vpc'),
        subnetArn: arn('subnet', id('subnet')),
        tags: { Name: 'private-a' },
      },
      [`ec2.security-group ${id('sg')}`]: {
        groupName: 'web',
        vpcId: id('vpc'),
        ownerId: `11112222333${digit}`,
        rules: { 'ingress tcp 443 0.0.0.0/0': { securityGroupRuleId: id('sgr') } },
        tags: {},
      },
      [`ec2.route-table ${id('rtb')}`]: {
        vpcId: id('vpc'),
        associations: { [id('rtbassoc')]: { subnetId: id('subnet') } },
        routes: { '0.0.0.0/0': { natGatewayId: id('nat') } },
        tags: {},
      },
    };
    change(configs);
    const scope = `aws/11112222333${digit}/${name}`;
    const documents = Object.entries(configs).map(([key, config]) => {
      const [type = '', own = ''] = key.split(' ');
      return { ref: { scope, kind: `aws.${type}`, id: own }, path: `${scope}/${type}/${own}.json`, config };
    });
    return { name, scope, at: undefined, time: '2026-11-20T10:00:00Z', documents, gaps: [] };
  };

  it('built alike do not differ, though every id does', () => {
    const found = compareSides([region('eu-west-1', '1'), region('us-east-1', '2')], { kinds });
    expect([told(found), found.compared, found.factoredOut]).toEqual([[], 4, 4]);
  });

  it('what one region of an account hides leaves the others to be told', () => {
    const account = (digit: string, ...regions: Side[]): Side => ({
      name: digit,
      scope: `aws/11112222333${digit}`,
      at: undefined,
      time: '2026-11-20T10:00:00Z',
      documents: regions.flatMap(({ documents }) => documents),
      gaps: [{ scope: `aws/11112222333${digit}/us-east-1`, reason: 'denied', detail: '' }],
    });
    const whole = account('1', region('eu-west-1', '1'), region('us-east-1', '1'));
    const hidden = compareSides([whole, account('2', region('eu-west-1', '2'))], { kinds });
    expect([told(hidden), hidden.gaps.length]).toEqual([[], 2]);
    const bare = compareSides([whole, account('2')], { kinds });
    expect(told(bare).map((line) => line.split(' | ')[1]?.split(' ')[0])).toEqual(['eu-west-1', 'eu-west-1', 'eu-west-1', 'eu-west-1']);
  });

  it('an open port and a missing route are told by the names of things', () => {
    const other = region('us-east-1', '2', (configs) => {
      const group = Object.keys(configs).find((key) => key.startsWith('ec2.security-group')) ?? '';
      configs[group] = {
        ...(configs[group] as object),
        rules: { 'ingress tcp 22 0.0.0.0/0': { securityGroupRuleId: 'sgr-0aaaaaaaaaaaaaaaa' } },
      };
      const table = Object.keys(configs).find((key) => key.startsWith('ec2.route-table')) ?? '';
      configs[table] = { ...(configs[table] as object), routes: {} };
    });
    expect(told(compareSides([region('eu-west-1', '1'), other], { kinds }))).toEqual([
      'aws.ec2.route-table | ‹rtb id› | /routes/0.0.0.0~10 | ',
      'aws.ec2.security-group | web | /rules/ingress tcp 22 0.0.0.0~10 | ',
      'aws.ec2.security-group | web | /rules/ingress tcp 443 0.0.0.0~10 | ',
    ]);
  });
});
