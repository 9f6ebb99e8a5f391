import { expect, test } from 'vitest';
import type { Actor, Attribution, AuditEvent, Change, Effect } from '../../src/model.ts';
import { openingOfKey, openingsOfEvent } from '../../src/rank/firewall.ts';
import { isPublicCidr, isWorld } from '../../src/rank/cidr.ts';
import { rankEvent } from '../../src/rank/rank-events.ts';
import { rank } from '../../src/rank/rank.ts';
import { loadRules } from '../../src/rank/rules.ts';

const rules = await loadRules([new URL('../../exporters/aws/rules/', import.meta.url)]);
const scope = 'aws/111122223333/eu-west-1';
const alice: Actor = {
  name: 'alice',
  type: 'IAMUser',
  arn: 'arn:aws:iam::111122223333:user/alice',
  role: null,
  via: 'console',
  sourceIp: null,
  userAgent: null,
  mfa: true,
};
const by = (actor?: Actor): Attribution => ({
  status: actor === undefined ? 'unattributed' : 'attributed',
  ...(actor === undefined ? {} : { actor }),
  events: [],
  edits: {},
  because: 'test',
});
const group = (key: string, gone = false): Change => ({
  type: 'modified',
  ref: { scope, kind: 'aws.ec2.security-group', id: 'sg-1' },
  path: '',
  edits: [{ path: `/rules/${key.replaceAll('/', '~1')}`, before: gone ? {} : null, after: gone ? null : {} }],
});
const event = (name: string, request: AuditEvent['request'], more: Partial<AuditEvent> = {}): AuditEvent => ({
  id: 'e',
  time: '2026-01-07T14:02:00Z',
  source: 'ec2.amazonaws.com',
  name,
  account: '111122223333',
  region: 'eu-west-1',
  readOnly: false,
  actor: alice,
  request,
  response: null,
  ...more,
});
const tableRef = { scope, kind: 'aws.ec2.route-table', id: 'rtb-0a1' };
const routeGone: Change = {
  type: 'modified',
  ref: tableRef,
  path: '',
  edits: [{ path: '/routes/0.0.0.0~10', before: { natGatewayId: 'nat-1' }, after: null }],
  after: { vpcId: 'vpc-1', associations: { a: { subnetId: 'subnet-9' } } },
};

test('a deleted default route that served subnets is critical, and the subnets it served are named', () => {
  const found = rank({ change: routeGone, attribution: by(alice), neighbours: { get: () => undefined, list: () => [] } }, rules);
  expect(found).toMatchObject({ level: 'critical', rules: ['subnets-cut-off', 'default-route-removed'], problems: [] });
  expect(found.reasons[0]).toContain('0.0.0.0/0');
  expect(found.reasons[0]).toContain('subnet-9');
});

test('opening to the world is critical, closing it low, a private range low', () => {
  expect(rank({ change: group('ingress tcp 22 0.0.0.0/0'), attribution: by() }, rules).level).toBe('critical');
  expect(rank({ change: group('ingress all all ::/0'), attribution: by() }, rules).level).toBe('critical');
  expect(rank({ change: group('ingress tcp 443 0.0.0.0/0'), attribution: by() }, rules).level).toBe('medium');
  expect(rank({ change: group('ingress tcp 22 0.0.0.0/0', true), attribution: by() }, rules).level).toBe('low');
  expect(rank({ change: group('ingress tcp 22 10.0.0.0/8'), attribution: by() }, rules).level).toBe('low');
});

test('the same opening is found in the nested, the flat and the modify form', () => {
  const world = { direction: 'ingress', protocol: 'tcp', ports: '22', peer: '0.0.0.0/0', world: true, services: ['SSH'] };
  const nested = {
    ipPermissions: { items: [{ ipProtocol: 'tcp', fromPort: 22, toPort: 22, ipRanges: { items: [{ cidrIp: '0.0.0.0/0' }] } }] },
  };
  const flat = { ipPermissions: {}, ipProtocol: 'tcp', fromPort: 22, toPort: 22, cidrIp: '0.0.0.0/0' };
  const modify = {
    ModifySecurityGroupRulesRequest: {
      SecurityGroupRule: { SecurityGroupRule: { CidrIpv4: '0.0.0.0/0', FromPort: 22, ToPort: 22, IpProtocol: 'tcp' } },
    },
  };
  expect(openingsOfEvent('AuthorizeSecurityGroupIngress', nested)).toMatchObject([world]);
  expect(openingsOfEvent('AuthorizeSecurityGroupIngress', flat)).toMatchObject([world]);
  expect(openingsOfEvent('ModifySecurityGroupRules', modify)).toMatchObject([world]);
  expect(openingOfKey('ingress tcp 22 0.0.0.0/0')).toMatchObject(world);
  expect(openingsOfEvent('RevokeSecurityGroupIngress', flat)).toEqual([]);
});

test('half the world twice is the world; private ranges are not public', () => {
  for (const range of ['0.0.0.0/0', '0.0.0.0/1', '128.0.0.0/1', '::/0', '2000::/3']) expect(isWorld(range), range).toBe(true);
  for (const range of ['10.0.0.0/8', '52.0.0.0/8', 'sg-1', 'fd00::/8', '']) expect(isWorld(range), range).toBe(false);
  expect(['52.0.0.0/8', '8.8.8.8', '8.0.0.0/5'].map(isPublicCidr)).toEqual([true, true, true]);
  expect(['10.0.0.0/8', '192.168.1.1/32', '169.254.1.1', 'fd00::/8', 'pl-1'].map(isPublicCidr)).toEqual([
    false,
    false,
    false,
    false,
    false,
  ]);
});

test('circumstances move a finding one level at most and never push exposure below medium', () => {
  const web = group('ingress tcp 443 0.0.0.0/0');
  const service: Actor = { ...alice, type: 'AWSService', service: 'cloudformation.amazonaws.com' };
  const low = rank({ change: web, attribution: by(service), others: { createdBySameActor: 60_000, undoneAfter: 5000 } }, rules);
  expect(low).toMatchObject({ level: 'medium', score: 40 });
  const root = rank({ change: web, attribution: by({ ...alice, type: 'Root', mfa: false }) }, rules);
  expect(root.score).toBeGreaterThan(46);
  expect(root.reasons.join()).toContain('root');
});

test('the user agent and the channel decide nothing', () => {
  const score = (actor: Actor) => rank({ change: routeGone, attribution: by(actor) }, rules).score;
  expect(score({ ...alice, via: 'terraform', userAgent: 'Terraform/1.9' })).toBe(score({ ...alice, via: 'cli', userAgent: 'pacu' }));
});

test('a refused call is an attempt at level info, a read is nothing', () => {
  const error = { code: 'UnauthorizedOperation', message: 'no' };
  const refused = rankEvent(event('DeleteFlowLogs', {}, { error }), [], rules);
  expect(refused).toMatchObject({ level: 'info', rules: ['flow-logs-deleted'] });
  expect(refused.reasons[0]).toContain('refused (UnauthorizedOperation)');
  expect(rankEvent(event('DescribeVpcs', {}, { readOnly: true }), [], rules)).toMatchObject({ level: 'info', score: 1 });
  expect(refused.score).toBeGreaterThan(1);
});

test('a read is ordered by who read, and stays info', () => {
  const read = (more: Partial<AuditEvent>, firstSeen = false) =>
    rankEvent(event('DescribeInstanceAttribute', {}, { readOnly: true, ...more }), [], rules, { others: { firstSeen } });
  const root = read({ actor: { ...alice, type: 'Root', name: 'root', mfa: false } }, true);
  expect(root.score).toBeGreaterThan(read({}).score);
  expect(root.level).toBe('info');
  expect(read({ actor: { ...alice, type: 'AWSService' } }).score).toBeLessThan(read({}).score);
});

test('what no rule knows is guessed by the way its settings turn, never above low', () => {
  const guess = (name: string, request: AuditEvent['request']) =>
    rankEvent(event(name, request, { source: 'new.amazonaws.com' }), [], rules);
  const turns = (request: AuditEvent['request']) => guess('UpdateThing', request).score;
  const plain = turns({ size: 3 });
  expect(turns({ access: { anonymousAccess: true } })).toBeGreaterThan(turns({ auditLogs: { enabled: false } }));
  expect(turns({ auditLogs: { enabled: false } })).toBeGreaterThan(plain);
  expect(turns({ auditLogs: { enabled: true } })).toBeLessThan(plain);
  expect(guess('ShareThing', { with: '999988887777' }).score).toBeGreaterThan(guess('ShareThing', { with: '111122223333' }).score);
  expect(guess('RevokeThing', { cidr: '0.0.0.0/0' }).score).toBeLessThan(plain);
  expect(guess('UpdateThing', { a: { publicAccess: true, anonymousAccess: true, cidr: '0.0.0.0/0' } }).level).toBe('low');
});

test('a changed setting of a kind without rules counts by the way it turned', () => {
  const turned = (before: boolean, after: boolean) =>
    rank(
      {
        change: {
          type: 'modified',
          ref: { scope, kind: 'new.thing', id: 't' },
          path: '',
          edits: [{ path: '/loggingConfig/enabled', before, after }],
        },
        attribution: by(alice),
      },
      rules,
    ).score;
  expect(turned(true, false)).toBeGreaterThan(turned(false, true));
});

test('the net change is believed over the single calls', () => {
  const attach = event('AuthorizeSecurityGroupIngress', {
    groupId: 'sg-1',
    ipProtocol: 'tcp',
    fromPort: 22,
    toPort: 22,
    cidrIp: '0.0.0.0/0',
  });
  const narrowed = rank({ change: group('ingress tcp 22 10.0.0.0/8'), events: [attach], attribution: by(alice) }, rules);
  expect(narrowed.rules).toEqual(['sg-internal-opened']);
});

test('a transient is judged by its effects and, though undone, stays at least medium', () => {
  const effects: Effect[] = [
    { ref: { scope, kind: 'aws.ec2.security-group', id: 'sg-1' }, op: 'set', path: '/rules/ingress tcp 22 0.0.0.0~10', value: {} },
  ];
  const found = rank(
    {
      transient: { ref: { scope, kind: 'aws.ec2.security-group', id: 'sg-1' }, path: '', effects, duration: 60_000 },
      attribution: by(alice),
    },
    rules,
  );
  expect(found.level).toBe('high');
  expect(found.reasons).toContain('undone 1 min later');
});

test('what no rule knows is ordered by its verb and never above low', () => {
  const score = (name: string) => rankEvent(event(name, {}, { source: 'newservice.amazonaws.com' }), [], rules);
  expect(score('DeleteThing').score).toBeGreaterThan(score('CreateThing').score);
  expect(score('CreateThing').score).toBeGreaterThan(score('TagResource').score);
  expect(['low', 'info']).toContain(score('PutThingPolicy').level);
});

test('rules for events speak only of calls that are asserted as the cause', () => {
  const change: Change = {
    type: 'deleted',
    ref: { ...tableRef, kind: 'aws.ec2.subnet', id: 'subnet-1' },
    path: '',
    edits: [{ path: '', before: {}, after: null }],
  };
  const stop = event('DeleteFlowLogs', {});
  const judged = (grade: 'exact' | 'cascade' | 'candidate') =>
    rank({ change, events: [stop], attribution: { ...by(alice), grade, edits: { '': { eventIds: ['e'], grade } } } }, rules).rules;
  expect(judged('exact')).toContain('flow-logs-deleted');
  expect(judged('cascade')).not.toContain('flow-logs-deleted');
  expect(judged('candidate')).not.toContain('flow-logs-deleted');
});

test('neighbours decide: an unattached group counts less, public machines and production more', () => {
  const change = group('ingress tcp 8080 0.0.0.0/0');
  const around = (interfaces: readonly object[], tags: object = {}) => ({
    get: () => undefined,
    list: (_scope: string, kind: string) =>
      kind === 'aws.ec2.network-interface'
        ? interfaces.map((config, index) => ({ ref: { scope, kind, id: `eni-${index}` }, config: config as never }))
        : [],
    tags,
  });
  const score = (neighbours: ReturnType<typeof around>) =>
    rank({ change: { ...change, after: { tags: neighbours.tags as never } }, attribution: by(), neighbours }, rules).score;
  const guarded = { groups: { 'sg-1': 'open' } };
  const idle = score(around([{ groups: { 'sg-2': 'other' } }]));
  const used = score(around([guarded]));
  const reachable = score(around([{ ...guarded, association: { publicIp: '198.51.100.1' } }]));
  expect([idle, used, reachable]).toEqual([68, 70, 81]);
  expect(score(around([guarded], { Environment: 'production' }))).toBe(75);
  expect(score(around([guarded], { Name: 'production-like' }))).toBe(70);
});

const hostRules = await loadRules([
  new URL('../../exporters/host/rules/', import.meta.url),
  new URL('../../exporters/exec/rules/', import.meta.url),
]);
const unitChange = (before: string, after: string, more: Partial<Change> = {}): Change => ({
  type: 'modified',
  ref: { scope: 'hosts/a', kind: 'host.file', id: 'etc/firewalld/firewalld.conf' },
  path: '',
  before,
  after,
  edits: [{ path: '/a/DefaultZone', before: 'public', after: 'trusted' }],
  readAs: 'ini',
  ...more,
});

test('rules judge the lines of a file whose edits name leaves', () => {
  const change = unitChange('[a]\nX=1\nDefaultZone=public\n', '[a]\nDefaultZone=trusted\nX=1\n');
  expect(rank({ change, attribution: by() }, hostRules).reasons[0]).toContain('it now says DefaultZone=trusted');
});

test('a file that says what it said is info by itself, and still judged by its lines', () => {
  const same = { sameMeaning: true as const, ref: { scope: 'hosts/a', kind: 'host.file', id: 'opt/app.json' } };
  const change = unitChange('{"a":1,\n"b":2}', '{"b":2,\n"a":1}', {
    ...same,
    readAs: 'json',
    edits: [{ path: '/lines/1', before: '{"a":1,', after: '{"b":2,' }],
  });
  expect(rank({ change, attribution: by() }, hostRules)).toMatchObject({
    level: 'info',
    rules: [],
    reasons: [expect.stringContaining('read as json it says what it said')],
  });
});

test('a rule for exec.* judges every kind of it', () => {
  const change: Change = {
    type: 'deleted',
    ref: { scope: 'exec/lb', kind: 'exec.pool', id: 'web' },
    path: '',
    edits: [{ path: '', before: {}, after: null }],
    before: {},
  };
  expect(rank({ change, attribution: by() }, hostRules).rules).toEqual(['exec-resource-gone']);
  expect(rank({ change: { ...change, ref: { ...change.ref, kind: 'execute.pool' } }, attribution: by() }, hostRules).rules).toEqual([]);
});
