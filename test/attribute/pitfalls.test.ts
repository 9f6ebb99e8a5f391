/** Traps of real trails that only show when events meet changes. */
import { expect, test } from 'vitest';
import { ACCOUNT, actor, auditEvent, REGION } from './events.ts';
import { attributeWorld, type Item, ref } from './world.ts';

const SG = ref('security-group', 'sg-0a1');
const OPEN = 'egress all all 0.0.0.0/0';
const created = auditEvent({ name: 'CreateSecurityGroup', request: { groupName: 'web', vpcId: 'vpc-1' }, response: { groupId: 'sg-0a1' } });
const revoked = auditEvent({
  name: 'RevokeSecurityGroupEgress',
  time: '2026-07-01T10:02:01Z',
  request: { groupId: 'sg-0a1', ipPermissions: { items: [{ ipProtocol: '-1', ipRanges: { items: [{ cidrIp: '0.0.0.0/0' }] } }] } },
  actor: actor('bob', { via: 'terraform' }),
});

test('the egress that a new group has of itself is no transient when Terraform takes it away', () => {
  const { changes, transients } = attributeWorld([{ ref: SG, after: { groupName: 'web', rules: {} } }], [created, revoked]);
  expect(changes[0]).toMatchObject({ status: 'attributed', grade: 'exact', actor: { name: 'alice' } });
  expect(transients).toEqual([]);
});

test('it is the creation’s consequence where the group was made anew under the same id', () => {
  const item: Item = { ref: SG, before: { rules: {} }, after: { rules: { [OPEN]: { description: 'x' } } } };
  expect(attributeWorld([item], [created]).changes[0]).toMatchObject({ status: 'attributed', grade: 'cascade' });
});

test('the copy of an act in another account’s trail, or another region’s, touches nothing here', () => {
  const item: Item = { ref: SG, before: { rules: { [OPEN]: {} } }, after: { rules: {} } };
  for (const more of [{ account: '210987654321' }, { region: 'us-east-1' }]) {
    const { changes } = attributeWorld([item], [{ ...revoked, sharedId: 's-1', ...more }]);
    expect(changes[0]).toMatchObject({ status: 'unattributed', events: [] });
  }
});

test('the same act in two accounts’ trails is named once, by the account it happened in', () => {
  const item: Item = { ref: SG, before: { rules: { [OPEN]: {} } }, after: { rules: {} } };
  const copy = { ...revoked, id: 'copy', account: '210987654321', sharedId: 's-1' };
  const { changes } = attributeWorld([item], [copy, { ...revoked, sharedId: 's-1' }]);
  expect(changes[0]?.events.map(({ id }) => id)).toEqual([revoked.id]);
});

test('who stopped the instance that was the way out is named at the table that lost it', () => {
  const table = (state: string) => ({ routes: { '0.0.0.0/0': { instanceId: 'i-0a1', networkInterfaceId: 'eni-0a1', state } } });
  const item: Item = { ref: ref('route-table', 'rtb-0a1'), before: table('active'), after: table('blackhole') };
  const stopped = auditEvent({ name: 'StopInstances', request: { instancesSet: { items: [{ instanceId: 'i-0a1' }] } } });
  expect(attributeWorld([item], [stopped])).toMatchObject({
    changes: [{ status: 'attributed', grade: 'cascade', actor: { name: 'alice' }, events: [{ name: 'StopInstances' }] }],
    transients: [],
  });
});

test('a service that acts on its own is named itself', () => {
  const eni = ref('network-interface', 'eni-0123456789abcdef0');
  const service = actor('autoscaling.amazonaws.com', {
    type: 'AWSService',
    arn: null,
    via: 'service',
    service: 'autoscaling.amazonaws.com',
  });
  const event = auditEvent({ name: 'DeleteNetworkInterface', actor: service, request: { networkInterfaceId: eni.id } });
  const stranger = auditEvent({ name: 'DeleteVpc', request: { vpcId: 'vpc-0123456789abcdef0' }, time: '2026-07-01T10:01:00Z' });
  const { changes } = attributeWorld([{ ref: eni, before: {} }], [stranger, event]);
  expect(changes[0]).toMatchObject({ grade: 'exact', actor: { name: 'autoscaling.amazonaws.com', type: 'AWSService' } });
});

test('a service’s act long after the human’s is not the human’s', () => {
  const eni = ref('network-interface', 'eni-0123456789abcdef0');
  const service = actor('SLRManagement', { type: 'AssumedRole', role: 'AWSServiceRoleForRDS', service: 'rds.amazonaws.com' });
  const event = auditEvent({
    name: 'DeleteNetworkInterface',
    actor: service,
    request: { networkInterfaceId: eni.id },
    time: '2026-07-01T10:04:00Z',
  });
  const ask = (time: string) =>
    auditEvent({ source: 'rds.amazonaws.com', name: 'DeleteDBInstance', request: { eni: eni.id }, actor: actor('erin'), time });
  const who = (time: string) => attributeWorld([{ ref: eni, before: {} }], [ask(time), event]).changes[0]?.actor?.name;
  expect([who('2026-07-01T09:49:00Z'), who('2026-07-01T09:48:59Z')]).toEqual(['erin', 'SLRManagement']);
});

const TABLE = ref('route-table', 'rtb-0123456789abcdef0');
const routeGone: Item = { ref: TABLE, before: { routes: { '0.0.0.0/0': { gatewayId: 'igw-1' } } }, after: { routes: {} } };
const deleteRoute = (by: ReturnType<typeof actor>) =>
  auditEvent({ actor: by, request: { routeTableId: TABLE.id, destinationCidrBlock: '0.0.0.0/0' } });
const session = (name: string, role: string, more: Partial<ReturnType<typeof actor>> = {}) => {
  const { nameFrom: _user, ...machine } = actor(name, { type: 'AssumedRole', role, ...more });
  return machine;
};

test('who tags what a service touches has not set it off', () => {
  const slr = session('SLRManagement', 'AWSServiceRoleForEC2', { service: 'ec2.amazonaws.com' });
  const tag = auditEvent({ name: 'CreateTags', time: '2026-07-01T10:01:00Z', actor: actor('erin'), request: { resourcesSet: TABLE.id } });
  expect(attributeWorld([routeGone], [tag, deleteRoute(slr)]).changes[0]?.actor?.name).toBe('SLRManagement');
});

test('a service in a role that was lent to it acts for who lent it', () => {
  const stack = session('AWSCloudFormation', 'stacks', { service: 'cloudformation.amazonaws.com' });
  const ask = (roleARN: string, source = 'cloudformation.amazonaws.com', by = 'erin') =>
    auditEvent({
      source,
      name: 'UpdateStack',
      id: by,
      time: '2026-07-01T10:01:00Z',
      actor: actor(by),
      request: { stackName: 'net', roleARN },
    });
  const who = (asked: ReturnType<typeof ask>) => attributeWorld([routeGone], [asked, deleteRoute(stack)]).changes[0]?.actor;
  expect(who(ask(`arn:aws:iam::${ACCOUNT}:role/deploy/stacks`))).toMatchObject({ name: 'erin', service: 'cloudformation.amazonaws.com' });
  expect(who(ask(`arn:aws:iam::${ACCOUNT}:role/other-stacks`))?.name).toBe('AWSCloudFormation');
  expect(who(ask(`arn:aws:iam::${ACCOUNT}:role/stacks`, 'glue.amazonaws.com'))?.name).toBe('AWSCloudFormation');
  const both = ['erin', 'frank'].map((by) => ask(`arn:aws:iam::${ACCOUNT}:role/stacks`, undefined, by));
  expect(attributeWorld([routeGone], [...both, deleteRoute(stack)]).changes[0]?.actor?.name).toBe('AWSCloudFormation');
});

test('a chain of roles that a machine began ends at the machine; one of root’s sessions at who asked for it', () => {
  const issue = (by: ReturnType<typeof actor>, name = 'AssumeRole') => auditEvent({ source: 'sts.amazonaws.com', name, actor: by });
  const issuers = new Map([
    ['ASIA2', issue(session('i-0abc', 'web', { credential: 'ASIA1' }))],
    ['ASIA1', issue(actor('ec2.amazonaws.com', { type: 'AWSService', arn: null }))],
    ['ASIA9', issue(actor('erin'), 'AssumeRoot')],
  ]);
  const who = (by: ReturnType<typeof actor>) =>
    attributeWorld([routeGone], [deleteRoute(by)], { issuedBy: (key) => issuers.get(key) }).changes[0]?.actor?.name;
  expect(who(session('job', 'deploy', { credential: 'ASIA2' }))).toBe('i-0abc');
  expect(who(session('i-0abc', 'web', { credential: 'ASIA1' }))).toBe('i-0abc');
  expect(who(session('root', 'root', { type: 'Root', role: null, credential: 'ASIA9' }))).toBe('erin');
});

test('what a partial look did not see did not come or go: nothing is told of it', () => {
  const had: Item = { ref: SG, before: { rules: {} } };
  const { transients } = attributeWorld([had], [revoked], { changes: [] });
  expect(transients).toEqual([]);
});

test('in one call several resources change, each by it', () => {
  const items: Item[] = ['subnet-1', 'subnet-2'].map((id) => ({
    ref: ref('subnet', id),
    before: { tags: {} },
    after: { tags: { owner: 'x' } },
  }));
  const resources = { items: [{ resourceId: 'subnet-1' }, { resourceId: 'subnet-2' }] };
  const event = auditEvent({ name: 'CreateTags', request: { resourcesSet: resources, tagSet: { items: [{ key: 'owner', value: 'x' }] } } });
  expect(attributeWorld(items, [event]).changes.map(({ grade }) => grade)).toEqual(['exact', 'exact']);
});

test('a correction takes the place of what it corrects', () => {
  const item: Item = { ref: SG, before: { rules: { [OPEN]: {} } }, after: { rules: {} } };
  const corrected = { ...revoked, actor: actor('carol'), addendum: true };
  for (const events of [
    [revoked, corrected],
    [corrected, revoked],
  ])
    expect(attributeWorld([item], events).changes[0]?.actor?.name).toBe('carol');
});

test('an id given by an earlier call counts only where that call was made', () => {
  const table = ref('route-table', 'rtb-1');
  const item: Item = { ref: table, before: { associations: {} }, after: { associations: {} } };
  const associate = auditEvent({
    name: 'AssociateRouteTable',
    request: { routeTableId: 'rtb-1', subnetId: 'subnet-1' },
    response: { associationId: 'rtbassoc-1' },
  });
  const disassociate = (region: string) =>
    auditEvent({ name: 'DisassociateRouteTable', region, request: { associationId: 'rtbassoc-1' }, time: '2026-07-01T10:03:00Z' });
  const lasted = (region: string) => attributeWorld([item], [associate, disassociate(region)]).transients[0]?.transient.duration;
  expect([lasted(REGION), lasted('us-east-1')]).toEqual([60_000, undefined]);
});

test('a scope of another make says by its own segments whose trail to ask', () => {
  const id = { scope: `cloud/${ACCOUNT}/north`, kind: 'cloud.vm', id: 'vm-1' };
  const kinds = { 'cloud.vm': { format: 'json' as const, title: 'VM', events: [{ source: 'cloud', name: 'Stop', effects: () => [] }] } };
  const { changes } = attributeWorld([{ ref: id, before: { on: true }, after: { on: false } }], [], { kinds });
  expect(changes[0]?.because).toContain(`${ACCOUNT} in north was not read`);
});

test('the table that a VPC came with is the VPC’s, also when another was made the main one at once; that one is its maker’s', () => {
  const [first, second] = [ref('route-table', 'rtb-1'), ref('route-table', 'rtb-2')];
  const table = (associations: Item['after'] = {}) => ({ vpcId: 'vpc-1', associations, routes: {} });
  const { changes, transients } = attributeWorld(
    [
      { ref: ref('vpc', 'vpc-1'), after: { cidrBlock: '10.0.0.0/16' } },
      { ref: first, after: table() },
      { ref: second, after: table({ 'rtbassoc-2': { main: true } }) },
    ],
    [
      auditEvent({ name: 'CreateVpc', response: { vpc: { vpcId: 'vpc-1' } } }),
      auditEvent({ name: 'CreateRouteTable', response: { routeTable: { routeTableId: 'rtb-2' } }, actor: actor('bob') }),
      auditEvent({
        name: 'ReplaceRouteTableAssociation',
        request: { associationId: 'rtbassoc-1', routeTableId: 'rtb-2' },
        response: { newAssociationId: 'rtbassoc-2' },
        actor: actor('bob'),
      }),
    ],
  );
  expect(changes.map(({ grade, actor: who }) => [grade, who?.name])).toEqual([
    ['exact', 'alice'],
    ['cascade', 'alice'],
    ['exact', 'bob'],
  ]);
  expect(transients).toEqual([]);
});
