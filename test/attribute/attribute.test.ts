/** Who did it, edit by edit: grades, order, service roles, silence, and the traps of real trails. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AuditEvent, Json } from '../../src/model.ts';
import { ACCOUNT, actor, auditEvent, REGION } from './events.ts';
import { attributeWorld, type Item, LATER, ref, WINDOW } from './world.ts';

const RTB = ref('route-table', 'rtb-0a1');
const SG = ref('security-group', 'sg-0a1');
const DEFAULT = '/routes/0.0.0.0~10';
const route = (target: Json) =>
  ({ destinationCidrBlock: '0.0.0.0/0', ...(target as object), origin: 'CreateRoute', state: 'active' }) as Json;
const table = (routes: Record<string, Json>, more: Record<string, Json> = {}): Json => ({
  routeTableId: 'rtb-0a1',
  vpcId: 'vpc-0a1',
  routes,
  ...more,
});
const NAT = { natGatewayId: 'nat-0a1' };
const IGW = { gatewayId: 'igw-0a1' };

const routeDeleted: Item = { ref: RTB, before: table({ '0.0.0.0/0': route(NAT) }), after: table({}) };
const deleteRoute = (more: Partial<AuditEvent> = {}) =>
  auditEvent({ name: 'DeleteRoute', request: { routeTableId: 'rtb-0a1', destinationCidrBlock: '0.0.0.0/0' }, ...more });
const createRoute = (target: Json, more: Partial<AuditEvent> = {}) =>
  auditEvent({
    name: 'CreateRoute',
    request: { routeTableId: 'rtb-0a1', destinationCidrBlock: '0.0.0.0/0', ...(target as object) },
    response: { _return: true },
    ...more,
  });

describe('grades', () => {
  test('a deleted route is exactly the call that named its destination', () => {
    const event = deleteRoute();
    const { changes } = attributeWorld(
      [routeDeleted],
      [event, deleteRoute({ request: { routeTableId: 'rtb-0a1', destinationCidrBlock: '10.0.0.0/8' } })],
    );
    expect(changes[0]).toMatchObject({ status: 'attributed', grade: 'exact', actor: { name: 'alice', via: 'console' } });
    expect(changes[0]?.edits[DEFAULT]).toEqual({ eventIds: [event.id], grade: 'exact' });
  });

  test('a replaced route: every edited field below it, by the value it ended with', () => {
    const item = { ref: RTB, before: table({ '0.0.0.0/0': route(NAT) }), after: table({ '0.0.0.0/0': route(IGW) }) };
    const wrong = createRoute({ gatewayId: 'igw-other' }, { name: 'ReplaceRoute', id: 'a', time: '2026-07-01T10:03:00Z' });
    const right = createRoute(IGW, { name: 'ReplaceRoute', id: 'b', actor: actor('bob') });
    const { changes } = attributeWorld([item], [wrong, right]);
    expect(changes[0]?.actor?.name).toBe('bob');
    expect(Object.keys(changes[0]?.edits ?? {})).toEqual([`${DEFAULT}/gatewayId`, `${DEFAULT}/natGatewayId`]);
    for (const edit of Object.values(changes[0]?.edits ?? {})) expect(edit).toEqual({ eventIds: ['b', 'a'], grade: 'exact' });
  });

  test('an attached policy is exact by its name, and listed since the first of its holders', () => {
    const arn = 'arn:aws:iam::aws:policy/AdministratorAccess';
    const policy = ref('iam.attached-managed-policy', 'AdministratorAccess');
    const call = (name: string, userName: string, minute: number) =>
      auditEvent({
        name,
        source: 'iam.amazonaws.com',
        region: 'us-east-1',
        id: `${name} ${userName}`,
        time: `2026-07-01T10:0${minute}:00Z`,
        request: { userName, policyArn: arn },
      });
    const user = (id: string, attached: boolean): Item => ({
      ref: ref('iam.user', id),
      before: { attachedPolicies: {} },
      after: { attachedPolicies: attached ? { [arn]: 'AdministratorAccess' } : {} },
    });
    const { changes } = attributeWorld(
      [user('a', false), user('b', true), user('c', true), { ref: policy, after: { arn } }],
      [
        call('AttachUserPolicy', 'a', 0),
        { ...call('AttachUserPolicy', 'a', 0), id: 'again' },
        call('DetachUserPolicy', 'a', 1),
        call('AttachUserPolicy', 'b', 2),
        call('AttachUserPolicy', 'c', 3),
      ],
    );
    expect(changes.map(({ grade }) => grade)).toEqual(['exact', 'exact', 'cascade']);
    expect(changes[2]?.edits['']?.eventIds[0]).toBe('AttachUserPolicy b');
  });

  test('a rule that moved to another key: both leaves, by the id that the older snapshot knows', () => {
    const rules = (key: string) => ({ rules: { [key]: { securityGroupRuleId: 'sgr-1' } } });
    const item = { ref: SG, before: rules('ingress tcp 22 10.0.0.0/24'), after: rules('ingress tcp 22 10.9.0.0/24') };
    const event = auditEvent({
      name: 'ModifySecurityGroupRules',
      request: {
        ModifySecurityGroupRulesRequest: {
          GroupId: 'sg-0a1',
          SecurityGroupRule: {
            SecurityGroupRuleId: 'sgr-1',
            SecurityGroupRule: { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, CidrIpv4: '10.9.0.0/24' },
          },
        },
      },
    });
    const { changes } = attributeWorld([item], [event]);
    expect(changes[0]?.grade).toBe('exact');
    expect(Object.keys(changes[0]?.edits ?? {})).toEqual(['/rules/ingress tcp 22 10.0.0.0~124', '/rules/ingress tcp 22 10.9.0.0~124']);
  });

  test('a prefix list’s new version is a consequence of the modification', () => {
    const item = {
      ref: ref('managed-prefix-list', 'pl-1'),
      before: { version: 3, entries: {} },
      after: { version: 4, entries: { '10.0.0.0/8': 'x' } },
    };
    const request = { PrefixListId: 'pl-1', CurrentVersion: 3, AddEntry: { Cidr: '10.0.0.0/8', Description: 'x' } };
    const event = auditEvent({ name: 'ModifyManagedPrefixList', request: { ModifyManagedPrefixListRequest: request } });
    const { changes } = attributeWorld([item], [event]);
    const grades = Object.fromEntries(Object.entries(changes[0]?.edits ?? {}).map(([path, { grade }]) => [path, grade]));
    expect(grades).toEqual({ '/version': 'cascade', '/entries/10.0.0.0~18': 'exact' });
  });

  test('a masked document is leaf, not exact', () => {
    const user = ref('iam.user', 'eve');
    const item = {
      ref: user,
      before: { inlinePolicies: { p: { Statement: [] } } },
      after: { inlinePolicies: { p: { Statement: ['«redacted:hmac-sha256:0123456789ab»'] } } },
    };
    const put = auditEvent({
      source: 'iam.amazonaws.com',
      region: 'us-east-1',
      name: 'PutUserPolicy',
      request: { userName: 'eve', policyName: 'p', policyDocument: '{"Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}' },
    });
    expect(attributeWorld([item], [put]).changes[0]).toMatchObject({ status: 'attributed', grade: 'leaf' });
  });

  test('what goes leaves blackholes: a consequence, with the act it followed from', () => {
    const item = {
      ref: RTB,
      before: table({ '0.0.0.0/0': route(NAT) }),
      after: table({ '0.0.0.0/0': { ...(route(NAT) as object), state: 'blackhole' } }),
    };
    const event = auditEvent({ name: 'DeleteNatGateway', request: { DeleteNatGatewayRequest: { NatGatewayId: 'nat-0a1' } } });
    const { changes } = attributeWorld([item, { ref: ref('nat-gateway', 'nat-0a1'), before: {} }], [event]);
    expect(changes[0]).toMatchObject({ status: 'attributed', grade: 'cascade', because: expect.stringContaining('DeleteNatGateway') });
    expect(changes[1]).toMatchObject({ status: 'attributed', grade: 'exact' });
  });

  test('a new VPC explains its main route table, default ACL and default group', () => {
    const items: Item[] = [
      { ref: ref('vpc', 'vpc-9'), after: { vpcId: 'vpc-9' } },
      { ref: ref('route-table', 'rtb-9'), after: { vpcId: 'vpc-9', associations: { 'rtbassoc-9': { main: true } } } },
      { ref: ref('network-acl', 'acl-9'), after: { vpcId: 'vpc-9', isDefault: true } },
      { ref: ref('security-group', 'sg-9'), after: { vpcId: 'vpc-9', groupName: 'default' } },
      { ref: ref('security-group', 'sg-10'), after: { vpcId: 'vpc-9', groupName: 'web' } },
    ];
    const event = auditEvent({ name: 'CreateVpc', request: { cidrBlock: '10.0.0.0/16' }, response: { vpc: { vpcId: 'vpc-9' } } });
    const { changes } = attributeWorld(items, [event]);
    expect(changes.map(({ status, grade }) => `${status} ${grade ?? ''}`.trim())).toEqual([
      'attributed exact',
      'attributed cascade',
      'attributed cascade',
      'attributed cascade',
      'unattributed',
    ]);
  });

  test('an event on another leaf of the resource is a candidate, never asserted', () => {
    const tag = auditEvent({
      name: 'CreateTags',
      request: { resourcesSet: { items: [{ resourceId: 'rtb-0a1' }] }, tagSet: { items: [{ key: 'a', value: 'b' }] } },
    });
    const { changes } = attributeWorld([routeDeleted], [tag]);
    expect(changes[0]).toMatchObject({ status: 'ambiguous', grade: 'candidate', events: [{ id: tag.id }] });
    expect(changes[0]?.actor).toBeUndefined();
  });

  test('an unmapped write that names the resource is a candidate and is counted', () => {
    const event = auditEvent({ name: 'ModifyRouteTableInSomeNewWay', request: { id: 'rtb-0a1' } });
    const { changes, unmapped } = attributeWorld([routeDeleted], [event]);
    expect(changes[0]).toMatchObject({ status: 'ambiguous', grade: 'candidate', events: [{ id: event.id }] });
    expect(unmapped).toEqual([{ name: 'ModifyRouteTableInSomeNewWay', source: 'ec2.amazonaws.com', count: 1 }]);
  });
});

describe('failed calls', () => {
  test.each([
    ['a code', { code: 'Client.UnauthorizedOperation', message: '' }],
    ['a dry run', { code: 'Client.DryRunOperation', message: 'Request would have succeeded' }],
  ])('%s is never blamed', (_what, error) => {
    const { changes, effects } = attributeWorld([routeDeleted], [deleteRoute({ error })]);
    expect(changes[0]).toMatchObject({ status: 'unattributed', events: [] });
    expect(effects.size).toBe(0);
  });

  test('a failed call followed by the same one that succeeded: the second', () => {
    const failed = deleteRoute({ error: { code: 'Client.UnauthorizedOperation', message: '' }, actor: actor('mallory') });
    const { changes } = attributeWorld([routeDeleted], [failed, deleteRoute({ time: '2026-07-01T10:02:01Z' })]);
    expect(changes[0]?.actor?.name).toBe('alice');
    expect(changes[0]?.events).toHaveLength(1);
  });
});

describe('order', () => {
  test('several exact calls: the last is the cause, the others its history, newest first', () => {
    const events = [
      deleteRoute({ id: 'first', time: '2026-07-01T10:01:00Z' }),
      createRoute(NAT, { id: 'second', time: '2026-07-01T10:02:00Z', actor: actor('bob') }),
      deleteRoute({ id: 'third', time: '2026-07-01T10:03:00Z', actor: actor('carol') }),
    ];
    const { changes } = attributeWorld([routeDeleted], events.toReversed());
    expect(changes[0]?.actor?.name).toBe('carol');
    expect(changes[0]?.edits[DEFAULT]?.eventIds).toEqual(['third', 'second', 'first']);
  });

  test('who writes again what is there already is history: the first of equal writes made the change', () => {
    const item = {
      ref: ref('vpc', 'vpc-1'),
      before: { attributes: { enableDnsHostnames: false } },
      after: { attributes: { enableDnsHostnames: true } },
    };
    const toggle = (id: string, minute: number, value: boolean, who: string) =>
      auditEvent({
        id,
        name: 'ModifyVpcAttribute',
        time: `2026-07-01T10:0${minute}:00Z`,
        request: { vpcId: 'vpc-1', enableDnsHostnames: { value } },
        actor: actor(who),
      });
    const twice = attributeWorld([item], [toggle('a', 1, true, 'alice'), toggle('b', 2, true, 'bob')]);
    expect(twice.changes[0]).toMatchObject({
      actor: { name: 'alice' },
      edits: { '/attributes/enableDnsHostnames': { eventIds: ['a', 'b'] } },
    });
    const between = [
      toggle('a', 1, true, 'alice'),
      toggle('b', 2, false, 'bob'),
      toggle('c', 3, true, 'carol'),
      toggle('d', 4, true, 'dave'),
    ];
    const { changes } = attributeWorld([item], between);
    expect(changes[0]?.actor?.name).toBe('carol');
    expect(changes[0]?.edits['/attributes/enableDnsHostnames']?.eventIds).toEqual(['c', 'd', 'b', 'a']);
  });

  test('of calls that do not tell their value the last may have changed it', () => {
    const item = {
      ref: ref('iam.user', 'eve'),
      before: { loginProfile: { createDate: '1' } },
      after: { loginProfile: { createDate: '2' } },
    };
    const iam = (id: string, minute: number) =>
      auditEvent({
        id,
        source: 'iam.amazonaws.com',
        region: 'us-east-1',
        name: 'UpdateLoginProfile',
        time: `2026-07-01T10:0${minute}:00Z`,
        request: { userName: 'eve' },
      });
    expect(attributeWorld([item], [iam('a', 1), iam('b', 2)]).changes[0]?.edits['/loginProfile/createDate']?.eventIds).toEqual(['b', 'a']);
  });

  test('within one second what was there goes before it comes again', () => {
    const item = { ref: RTB, before: table({ '0.0.0.0/0': route(NAT) }), after: table({ '0.0.0.0/0': route(IGW) }) };
    const { changes } = attributeWorld([item], [createRoute(IGW, { id: 'a-create' }), deleteRoute({ id: 'b-delete' })]);
    expect(changes[0]?.edits[`${DEFAULT}/gatewayId`]?.eventIds).toEqual(['a-create', 'b-delete']);
  });

  test('who writes again what is there already changed nothing, and has no part in a transient', () => {
    const replace = (target: Json, id: string, minute: number) =>
      createRoute(target, { name: 'ReplaceRoute', id, time: `2026-07-01T10:0${minute}:00Z` });
    const item = { ref: RTB, before: table({ '0.0.0.0/0': route(NAT) }), after: table({ '0.0.0.0/0': route(IGW) }) };
    const moved = attributeWorld([item], [replace(IGW, 'a', 1), replace(NAT, 'b', 2), replace(IGW, 'c', 3), replace(IGW, 'd', 4)]);
    expect(moved.changes[0]?.edits[`${DEFAULT}/gatewayId`]?.eventIds).toEqual(['c', 'd', 'b', 'a']);
    const tag = (name: string, id: string, minute: number) =>
      auditEvent({
        name,
        id,
        time: `2026-07-01T10:0${minute}:00Z`,
        request: { resourcesSet: { items: [{ resourceId: 'rtb-0a1' }] }, tagSet: { items: [{ key: 'owner', value: 'x' }] } },
      });
    const still = { ref: RTB, before: table({}), after: table({}) };
    const { transients } = attributeWorld([still], [tag('CreateTags', 'e', 1), tag('DeleteTags', 'f', 2), tag('DeleteTags', 'g', 3)]);
    expect(transients.map(({ attribution }) => attribution.events.map(({ id }) => id))).toEqual([['e', 'f']]);
    const tied = attributeWorld([still], [tag('CreateTags', 'e', 1), tag('DeleteTags', 'f', 2), tag('DeleteTags', 'g', 2)]).transients;
    expect(tied.map(({ attribution }) => attribution.events.map(({ id }) => id))).toEqual([['e', 'f', 'g']]);
    const idle = attributeWorld([still], [tag('DeleteTags', 'g', 3)]).transients;
    expect(idle[0]?.attribution.because).toBe('DeleteTags succeeded and left no visible difference');
  });

  test('within one second a value is written before the one that stood there comes back', () => {
    const subnet = { ref: ref('subnet', 'subnet-1'), before: { mapPublicIpOnLaunch: false }, after: { mapPublicIpOnLaunch: false } };
    const toggle = (value: boolean, id: string) =>
      auditEvent({ name: 'ModifySubnetAttribute', id, request: { subnetId: 'subnet-1', mapPublicIpOnLaunch: { value } } });
    for (const [on, off] of [
      ['a', 'b'],
      ['b', 'a'],
    ] as const) {
      const { transients } = attributeWorld([subnet], [toggle(true, on), toggle(false, off)]);
      expect(transients.map(({ attribution }) => attribution.events.map(({ id }) => id))).toEqual([[on, off]]);
    }
  });

  test('of a list each member has its own cause', () => {
    const call = (name: string, groupName: string, id: string, minute: number) =>
      auditEvent({
        name,
        id,
        source: 'iam.amazonaws.com',
        region: 'us-east-1',
        time: `2026-07-01T10:0${minute}:00Z`,
        request: { userName: 'eve', groupName },
      });
    const item = { ref: ref('iam.user', 'eve'), before: { groups: ['dev', 'ops'] }, after: { groups: ['ops', 'qa'] } };
    const change = {
      type: 'modified' as const,
      ref: item.ref,
      path: 'eve',
      edits: [
        { path: '/groups/0', before: 'dev', after: null },
        { path: '/groups/1', before: null, after: 'qa' },
      ],
      before: item.before,
      after: item.after,
    };
    const events = [call('RemoveUserFromGroup', 'dev', 'r', 1), call('AddUserToGroup', 'qa', 'a', 2), call('AddUserToGroup', 'qa', 'b', 3)];
    const [attribution] = attributeWorld([item], events, { changes: [{ change, window: WINDOW }] }).changes;
    expect(attribution?.edits['/groups/0']?.eventIds[0]).toBe('r');
    expect(attribution?.edits['/groups/1']?.eventIds[0]).toBe('a');
  });

  test('who wrote one leaf as it is and another otherwise did not write the whole', () => {
    const call = (id: string, minimumPasswordLength: string) =>
      auditEvent({
        name: 'UpdateAccountPasswordPolicy',
        id,
        source: 'iam.amazonaws.com',
        region: 'us-east-1',
        request: { minimumPasswordLength, requireSymbols: true },
      });
    const passwordPolicy = { minimumPasswordLength: 6, requireSymbols: true };
    const change = {
      type: 'modified' as const,
      ref: ref('iam.account', 'account'),
      path: 'account',
      edits: [{ path: '/passwordPolicy', before: null, after: passwordPolicy }],
      before: {},
      after: { passwordPolicy },
    };
    for (const [right, wrong] of [
      ['a', 'b'],
      ['b', 'a'],
    ] as const) {
      const events = [call(right, '6'), call(wrong, '14')];
      const [attribution] = attributeWorld([], events, { changes: [{ change, window: WINDOW }] }).changes;
      expect(attribution?.edits['/passwordPolicy']).toMatchObject({ grade: 'exact', eventIds: [right, wrong] });
    }
  });

  test('two people, the same call, the same second: ambiguous', () => {
    const { changes } = attributeWorld([routeDeleted], [deleteRoute({ id: 'a' }), deleteRoute({ id: 'b', actor: actor('bob') })]);
    expect(changes[0]).toMatchObject({ status: 'ambiguous', grade: 'exact' });
  });

  test('a created resource is the creating call, later writes are listed', () => {
    const item = { ref: SG, after: { groupName: 'web', rules: {} } };
    const create = auditEvent({
      id: 'z',
      name: 'CreateSecurityGroup',
      request: { groupName: 'web', vpcId: 'vpc-1' },
      response: { groupId: 'sg-0a1' },
    });
    const authorize = auditEvent({
      id: 'a',
      name: 'AuthorizeSecurityGroupIngress',
      request: { groupId: 'sg-0a1', ipProtocol: 'tcp', fromPort: 22, toPort: 22, cidrIp: '0.0.0.0/0', ipPermissions: {} },
    });
    const { changes, transients } = attributeWorld([item], [authorize, create]);
    expect(changes[0]?.edits['']?.eventIds[0]).toBe('z');
    expect(changes[0]?.events.map(({ id }) => id)).toEqual(['z', 'a']);
    expect(transients).toEqual([]);
  });
});

describe('secondary ids', () => {
  const association = { subnetId: 'subnet-1' };
  test('a disassociation finds its table in the last snapshot', () => {
    const item = { ref: RTB, before: table({}, { associations: { 'rtbassoc-1': association } }), after: table({}, { associations: {} }) };
    const event = auditEvent({ name: 'DisassociateRouteTable', request: { associationId: 'rtbassoc-1' } });
    expect(attributeWorld([item], [event]).changes[0]).toMatchObject({ status: 'attributed', grade: 'exact' });
  });

  test('or in an earlier event of the window, even of the same second', () => {
    const other = ref('route-table', 'rtb-0b2');
    const items = [
      { ref: RTB, before: table({}, { associations: {} }), after: table({}, { associations: {} }) },
      { ref: other, before: table({}, { associations: {} }), after: table({}, { associations: { 'rtbassoc-2': association } }) },
    ];
    const associate = auditEvent({
      id: 'b',
      name: 'AssociateRouteTable',
      request: { routeTableId: 'rtb-0a1', subnetId: 'subnet-1' },
      response: { associationId: 'rtbassoc-1' },
    });
    const replace = auditEvent({
      id: 'a',
      name: 'ReplaceRouteTableAssociation',
      request: { routeTableId: 'rtb-0b2', associationId: 'rtbassoc-1' },
      response: { newAssociationId: 'rtbassoc-2' },
    });
    const { changes, transients } = attributeWorld(items, [replace, associate]);
    expect(changes[0]).toMatchObject({ status: 'attributed', grade: 'exact', events: [{ id: 'a' }] });
    expect(transients.map(({ transient }) => transient.ref.id)).toEqual(['rtb-0a1']);
  });

  test('revoking by rule id resolves the rule', () => {
    const item = { ref: SG, before: { rules: { 'ingress tcp 22 0.0.0.0/0': { securityGroupRuleId: 'sgr-1' } } }, after: { rules: {} } };
    const event = auditEvent({
      name: 'RevokeSecurityGroupIngress',
      request: { groupId: 'sg-0a1', ipPermissions: {}, securityGroupRuleIds: { items: [{ securityGroupRuleId: 'sgr-1' }] } },
      response: { _return: true },
    });
    expect(attributeWorld([item], [event]).changes[0]).toMatchObject({ status: 'attributed', grade: 'exact' });
  });
});

describe('who', () => {
  test('the human at the end of a chain of roles, with the role beside it', () => {
    const assumed = (name: string, role: string, credential: string) =>
      actor(name, { type: 'AssumedRole', role, credential, arn: `arn:aws:sts::${ACCOUNT}:assumed-role/${role}/${name}`, mfa: null });
    const { nameFrom: _first, ...deploy } = assumed('session-1', 'Deploy', 'ASIA2');
    const { nameFrom: _second, ...hop } = assumed('aws-go-sdk-1', 'Hop', 'ASIA1');
    const issuers: Record<string, AuditEvent> = {
      ASIA2: auditEvent({ issued: 'ASIA2', actor: hop }),
      ASIA1: auditEvent({ issued: 'ASIA1', actor: actor('dave') }),
    };
    const { changes } = attributeWorld([routeDeleted], [deleteRoute({ actor: deploy })], { issuedBy: (credential) => issuers[credential] });
    expect(changes[0]?.actor).toMatchObject({ name: 'dave', role: 'Deploy', nameFrom: 'role-chain', mfa: true });
  });

  test('a circle of credentials ends', () => {
    const { nameFrom: _none, ...lost } = actor('s', { type: 'AssumedRole', credential: 'ASIA1' });
    const circle = auditEvent({ issued: 'ASIA1', actor: lost });
    expect(attributeWorld([routeDeleted], [deleteRoute({ actor: lost })], { issuedBy: () => circle }).changes[0]?.actor?.name).toBe('s');
  });

  test('a service-linked role acts for the human whose call shares an id', () => {
    const eni = ref('network-interface', 'eni-0123456789abcdef0');
    const service = actor('SLRManagement', { type: 'AssumedRole', role: 'AWSServiceRoleForRDS', service: 'rds.amazonaws.com' });
    const create = auditEvent({
      name: 'CreateNetworkInterface',
      actor: service,
      request: { subnetId: 'subnet-0123456789abcdef0' },
      response: { networkInterface: { networkInterfaceId: eni.id } },
      time: '2026-07-01T10:03:00Z',
    });
    const human = auditEvent({
      source: 'rds.amazonaws.com',
      name: 'CreateDBInstance',
      request: { subnets: ['subnet-0123456789abcdef0'] },
      actor: actor('erin'),
      time: '2026-07-01T10:01:00Z',
    });
    const { changes } = attributeWorld([{ ref: eni, after: {} }], [create, human]);
    expect(changes[0]).toMatchObject({
      actor: { name: 'erin', service: 'rds.amazonaws.com' },
      because: expect.stringContaining('CreateDBInstance'),
    });
  });
});

describe('silence', () => {
  const silent = (more: Parameters<typeof attributeWorld>[2] = {}, events: AuditEvent[] = []) =>
    attributeWorld([routeDeleted], events, more).changes[0];
  test('pending until 15 minutes after the window, and not a second longer', () => {
    expect(silent({ now: '2026-07-01T10:19:59Z' })?.status).toBe('pending');
    expect(silent({ now: '2026-07-01T10:20:00Z' })?.status).toBe('unattributed');
  });
  test('each reason in words', () => {
    expect(silent()?.because).toContain('no event names it');
    expect(silent({ covered: [] })?.because).toContain(`${ACCOUNT} in ${REGION} was not read`);
    expect(silent({ covered: [], now: '2027-01-01T00:00:00Z' })?.because).toContain('90 days');
    expect(silent({ trailGaps: [{ account: ACCOUNT, region: REGION, reason: 'denied', detail: 'AccessDenied' }] })?.because).toContain(
      'denied',
    );
    // Who assumed a role is not known, but every write was read.
    expect(silent({ trailGaps: [{ partial: true, reason: 'truncated', detail: 'sessions' }] })?.because).toContain('no event names it');
    expect(
      silent({}, [auditEvent({ source: 'cloudtrail.amazonaws.com', name: 'StopLogging', actor: actor('mallory') })])?.because,
    ).toContain('StopLogging by mallory');
  });
  test('a trail that ends before the window does never says that nobody did it, and says where it ends', () => {
    const until = (to: string, now?: string) =>
      silent({ covered: [{ account: ACCOUNT, region: REGION, from: '2026-06-30T00:00:00Z', to }], ...(now === undefined ? {} : { now }) });
    expect(until('2026-07-01T09:43:20Z', '2026-07-01T10:10:00Z')?.status).toBe('pending');
    expect(until('2026-07-01T09:43:20Z')).toMatchObject({
      status: 'unattributed',
      because: expect.stringMatching(/whole window: its newest record is of 2026-07-01 09:43 UTC, before the change$/),
    });
    expect(until('2026-07-01T10:02:00Z')?.because).toContain('10:02 UTC, before the window ends');
    expect(until(LATER)?.because).toContain('no event names it');
  });
  test('a global resource asks for the trail of us-east-1', () => {
    const item = { ref: ref('iam.user', 'eve'), before: { path: '/' }, after: { path: '/x/' } };
    const { changes } = attributeWorld([item], [], {
      covered: [{ account: ACCOUNT, region: REGION, from: '2026-06-30T00:00:00Z', to: LATER }],
    });
    expect(changes[0]?.because).toContain('us-east-1');
  });
  test('and of another partition for that of its own', () => {
    const item = { ref: ref('iam.user', 'eve'), before: { path: '/' }, after: { path: '/x/' } };
    const covered = [{ account: ACCOUNT, region: 'us-gov-west-1', from: '2026-06-30T00:00:00Z', to: LATER }];
    expect(attributeWorld([item], [], { covered }).changes[0]?.because).toContain('no event names it');
  });
  test('a kind without events is not applicable', () => {
    const item = { ref: { scope: 'hosts/web01', kind: 'host.file', id: 'etc/hosts' }, before: 'a', after: 'b' };
    expect(attributeWorld([item], []).changes[0]).toMatchObject({ status: 'not-applicable', events: [] });
  });
});

test('the window is open at a0 − 90 s and closed at b1 + 90 s', () => {
  const at = (time: string) => attributeWorld([routeDeleted], [deleteRoute({ time })]).changes[0]?.status;
  expect([at('2026-07-01T09:58:30Z'), at('2026-07-01T09:58:31Z'), at('2026-07-01T10:06:30Z'), at('2026-07-01T10:06:31Z')]).toEqual([
    'ambiguous',
    'attributed',
    'attributed',
    'ambiguous',
  ]);
});

test('what fits exactly within ten minutes of the window may be it by another clock, and is not asserted; what is further off is nobody’s', () => {
  const at = (time: string, request = {}) => attributeWorld([routeDeleted], [deleteRoute({ time, ...request })]).changes[0];
  for (const [time, how] of [
    ['2026-07-01T09:50:01Z', '10 min before the window'],
    ['2026-07-01T10:15:00Z', '10 min after the window'],
  ] as const)
    expect(at(time)).toMatchObject({ status: 'ambiguous', grade: 'candidate', because: expect.stringContaining(how) });
  for (const time of ['2026-07-01T09:50:00Z', '2026-07-01T10:15:01Z'])
    expect(at(time)).toMatchObject({ status: 'unattributed', events: [] });
  const other = { request: { routeTableId: 'rtb-0a1', destinationCidrBlock: '10.9.0.0/16' } };
  expect(at('2026-07-01T09:55:00Z', other)).toMatchObject({ status: 'unattributed' });
});

test('a user deleted and made again under the same name is both calls, not the older one', () => {
  const item = { ref: ref('iam.user', 'eve'), before: { userId: 'AIDA1' }, after: { userId: 'AIDA2' } };
  const iam = (name: string, more: Partial<AuditEvent>) =>
    auditEvent({ source: 'iam.amazonaws.com', region: 'us-east-1', name, request: { userName: 'eve' }, ...more });
  const { changes } = attributeWorld(
    [item],
    [iam('CreateUser', { id: 'b', time: '2026-07-01T10:03:00Z' }), iam('DeleteUser', { id: 'a' })],
  );
  expect(changes[0]).toMatchObject({ grade: 'leaf', edits: { '/userId': { eventIds: ['b', 'a'] } } });
  const onlyCreate = attributeWorld([item], [iam('CreateUser', { time: '2026-07-01T09:59:00Z' })]);
  expect(onlyCreate.changes[0]?.grade).toBe('candidate');
});

test('members of a list are told apart', () => {
  const item = { ref: ref('iam.user', 'eve'), before: { groups: ['dev', 'ops'] }, after: { groups: ['admins', 'ops'] } };
  const iam = (name: string, groupName: string) =>
    auditEvent({ id: groupName, source: 'iam.amazonaws.com', region: 'us-east-1', name, request: { userName: 'eve', groupName } });
  const { changes } = attributeWorld(
    [item],
    [iam('AddUserToGroup', 'admins'), iam('RemoveUserFromGroup', 'dev'), iam('AddUserToGroup', 'ops')],
  );
  expect(changes[0]?.grade).toBe('exact');
  expect(new Set(changes[0]?.edits['/groups']?.eventIds)).toEqual(new Set(['admins', 'dev', 'ops']));
  expect(changes[0]?.edits['/groups']?.eventIds[0]).not.toBe('ops');
});

test('the order in which events and copies of them arrive changes nothing', () => {
  const items: Item[] = [
    routeDeleted,
    { ref: SG, before: { rules: {} }, after: { rules: { 'ingress tcp 22 0.0.0.0/0': { securityGroupRuleId: 'sgr-1' } } } },
  ];
  const events = [
    deleteRoute({ id: 'e1' }),
    createRoute(NAT, { id: 'e2' }),
    deleteRoute({ id: 'e3', actor: actor('bob') }),
    auditEvent({
      id: 'e4',
      name: 'AuthorizeSecurityGroupIngress',
      request: {
        groupId: 'sg-0a1',
        ipPermissions: { items: [{ ipProtocol: 'tcp', fromPort: '22', toPort: '22', ipRanges: { items: [{ cidrIp: '0.0.0.0/0' }] } }] },
      },
    }),
    auditEvent({ id: 'e5', name: 'SomethingNew', request: {} }),
  ];
  const told = (list: AuditEvent[]) => {
    const { effects, ...rest } = attributeWorld(items, list);
    return JSON.stringify([rest, [...effects].sort(([a], [b]) => (a < b ? -1 : 1))]);
  };
  const expected = told(events);
  fc.assert(
    fc.property(fc.shuffledSubarray([...events, ...events], { minLength: 10 }), (list) => {
      expect(told(list)).toBe(expected);
    }),
    { numRuns: 100 },
  );
});

describe('transients', () => {
  const quiet: Item = { ref: RTB, before: table({}), after: table({}) };
  test('done and undone between two snapshots, with its duration and both people', () => {
    const { changes, transients } = attributeWorld(
      [quiet],
      [createRoute(IGW, { id: 'do' }), deleteRoute({ id: 'undo', time: '2026-07-01T10:03:30Z', actor: actor('bob') })],
    );
    expect(changes).toEqual([]);
    expect(transients).toMatchObject([
      {
        transient: { ref: RTB, duration: 90_000 },
        attribution: { status: 'attributed', actor: { name: 'alice' }, events: [{ id: 'do' }, { id: 'undo' }] },
      },
    ]);
    expect(transients[0]?.attribution.because).toContain('undone by DeleteRoute by bob');
  });
  test('made and deleted', () => {
    const { transients } = attributeWorld(
      [],
      [
        auditEvent({ name: 'CreateSecurityGroup', response: { groupId: 'sg-7' }, request: {} }),
        auditEvent({ name: 'DeleteSecurityGroup', request: { groupId: 'sg-7' }, time: '2026-07-01T10:04:00Z' }),
      ],
    );
    expect(transients).toMatchObject([{ transient: { ref: { id: 'sg-7' }, duration: 120_000 } }]);
  });
  test('made with something else and deleted by itself; what came and went with it is told of that', () => {
    const made = auditEvent({
      name: 'CreateVpc',
      request: { cidrBlock: '10.0.0.0/16' },
      response: { vpc: { vpcId: 'vpc-7', cidrBlock: '10.0.0.0/16' } },
    });
    const gone = auditEvent({ name: 'DeleteVpc', request: { vpcId: 'vpc-7' }, time: '2026-07-01T10:04:00Z' });
    expect(attributeWorld([], [made, gone]).transients.map(({ transient }) => transient.ref.id)).toEqual(['vpc-7']);
  });
  test('in a list one member came and went while another came to stay', () => {
    const member = (name: string, id: string, userName: string, time: string) =>
      auditEvent({ id, source: 'iam.amazonaws.com', region: 'us-east-1', name, request: { userName, groupName: 'admins' }, time });
    const user = (name: string, groups: string[] = []) => ({ ref: ref('iam.user', name), before: { groups: [] }, after: { groups } });
    const added = member('AddUserToGroup', 'stays', 'bob', '2026-07-01T10:02:00Z');
    const other = { ...added, id: 'do', request: { userName: 'bob', groupName: 'operators' } };
    const back = { ...other, id: 'undo', name: 'RemoveUserFromGroup', time: '2026-07-01T10:03:00Z' };
    const { changes, transients } = attributeWorld([user('bob', ['admins'])], [added, other, back]);
    expect(changes[0]?.events[0]?.id).toBe('stays');
    const lists = transients.filter(({ transient }) => transient.ref.kind === 'aws.iam.user');
    expect(lists).toMatchObject([{ transient: { duration: 60_000 }, attribution: { events: [{ id: 'do' }, { id: 'undo' }] } }]);
  });
  test('an account has one alias: the next takes the place of the one before', () => {
    const alias = (id: string, accountAlias: string, time: string) =>
      auditEvent({ id, source: 'iam.amazonaws.com', region: 'us-east-1', name: 'CreateAccountAlias', request: { accountAlias }, time });
    const account = (before: string[], after: string[]) => [
      { ref: ref('iam.account', 'account'), before: { aliases: before }, after: { aliases: after } },
    ];
    const away = alias('do', 'other', '2026-07-01T10:02:00Z');
    const back = alias('undo', 'shop', '2026-07-01T10:03:00Z');
    expect(attributeWorld(account(['shop'], ['shop']), [away, back]).transients).toMatchObject([
      { transient: { duration: 60_000 }, attribution: { events: [{ id: 'do' }, { id: 'undo' }] } },
    ]);
    expect(attributeWorld(account(['shop'], ['other']), [away]).changes[0]).toMatchObject({ grade: 'exact', events: [{ id: 'do' }] });
    const leaving = auditEvent({ ...away, id: 'left', name: 'DeleteAccountAlias', time: '2026-07-01T10:02:30Z' });
    const between = attributeWorld(account([], ['shop']), [away, leaving, back]);
    expect(between.changes[0]).toMatchObject({ grade: 'exact', events: [{ id: 'undo' }, {}, {}] });
    expect(between.transients).toMatchObject([
      { transient: { duration: 30_000 }, attribution: { events: [{ id: 'do' }, { id: 'left' }] } },
    ]);
    // Within a second, too, and whatever their ids: an alias cannot go before it came.
    const [came, went, stays] = ['c', 'b', 'a'].map((id, at) => ({
      ...(at === 1 ? leaving : at === 0 ? away : back),
      id,
      time: '2026-07-01T10:02:00Z',
    })) as [AuditEvent, AuditEvent, AuditEvent];
    expect(attributeWorld(account([], ['shop']), [came, went, stays]).transients).toMatchObject([
      { attribution: { events: [{ id: 'c' }, { id: 'b' }] } },
    ]);
    const gone = auditEvent({ ...away, name: 'DeleteAccountAlias', request: { accountAlias: 'shop' } });
    expect(attributeWorld(account(['shop'], []), [gone]).changes[0]).toMatchObject({ grade: 'exact', events: [{ id: 'do' }] });
  });
  test('a write that no snapshot can show, such as a new password', () => {
    const user = {
      ref: ref('iam.user', 'eve'),
      before: { loginProfile: { passwordResetRequired: false } },
      after: { loginProfile: { passwordResetRequired: false } },
    };
    const event = auditEvent({
      source: 'iam.amazonaws.com',
      region: 'us-east-1',
      name: 'UpdateLoginProfile',
      request: { userName: 'eve' },
    });
    const { transients } = attributeWorld([user], [event]);
    expect(transients).toHaveLength(1);
    expect(transients[0]?.transient.duration).toBeUndefined();
  });
  test('what became a change is none, nor is what the neighbouring window tells', () => {
    expect(attributeWorld([routeDeleted], [deleteRoute()]).transients).toEqual([]);
    expect(attributeWorld([quiet], [createRoute(IGW, { time: '2026-07-01T10:04:59Z' })]).transients).toEqual([]);
    const had: Item = { ref: RTB, before: table({ '0.0.0.0/0': route(IGW) }), after: table({ '0.0.0.0/0': route(IGW) }) };
    expect(attributeWorld([had], [createRoute(IGW, { time: '2026-07-01T10:00:05Z' })]).transients).toEqual([]);
  });
  test('a rule that stood open until it was moved, though both calls made changes that are told', () => {
    const rule = (id: string) => ({ securityGroupRuleId: id });
    const [wide, kept, narrow] = ['ingress tcp 22 0.0.0.0/0', 'ingress tcp 443 10.0.0.0/8', 'ingress tcp 22 10.1.0.0/16'];
    const item = { ref: SG, before: { rules: {} }, after: { rules: { [kept]: rule('sgr-2'), [narrow]: rule('sgr-1') } } };
    const answered = (securityGroupRuleId: string, port: number, cidrIpv4: string) => {
      return { securityGroupRuleId, groupId: 'sg-0a1', isEgress: false, ipProtocol: 'tcp', fromPort: port, toPort: port, cidrIpv4 };
    };
    const open = auditEvent({
      name: 'AuthorizeSecurityGroupIngress',
      request: { groupId: 'sg-0a1', ipPermissions: {} },
      response: { securityGroupRuleSet: { items: [answered('sgr-1', 22, '0.0.0.0/0'), answered('sgr-2', 443, '10.0.0.0/8')] } },
    });
    const to = { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, CidrIpv4: '10.1.0.0/16' };
    const move = auditEvent({
      name: 'ModifySecurityGroupRules',
      request: {
        ModifySecurityGroupRulesRequest: { GroupId: 'sg-0a1', SecurityGroupRule: { SecurityGroupRuleId: 'sgr-1', SecurityGroupRule: to } },
      },
      time: '2026-07-01T10:04:00Z',
    });
    const { changes, transients } = attributeWorld([item], [open, move]);
    expect(changes[0]).toMatchObject({ status: 'attributed', grade: 'exact' });
    expect(transients).toMatchObject([{ transient: { duration: 120_000 }, attribution: { events: [{ id: open.id }, { id: move.id }] } }]);
    expect(transients[0]?.transient.effects.map(({ path }) => path)).toEqual(Array(2).fill(`/rules/${wide?.replace('/', '~1')}`));
  });
  test('what was done to a rule while it stood is part of the same transient', () => {
    const at = (time: string, name: string, who: string, more: object = {}) => {
      const permission = { ipProtocol: 'tcp', fromPort: 22, toPort: 22, ipRanges: { items: [{ cidrIp: '0.0.0.0/0', ...more }] } };
      return auditEvent({
        id: name,
        name,
        time: `2026-07-01T10:${time}Z`,
        actor: actor(who),
        request: { groupId: 'sg-0a1', ipPermissions: { items: [permission] } },
      });
    };
    const events = [
      at('01:00', 'AuthorizeSecurityGroupIngress', 'alice'),
      at('03:00', 'UpdateSecurityGroupRuleDescriptionsIngress', 'bob', { description: 'for a moment' }),
      at('03:00', 'RevokeSecurityGroupIngress', 'carol'),
    ];
    const still = { ref: SG, before: { rules: {} }, after: { rules: {} } };
    const { transients } = attributeWorld([still], events);
    expect(transients).toMatchObject([
      { transient: { duration: 120_000 }, attribution: { actor: { name: 'alice' }, events: events.map(({ id }) => ({ id })) } },
    ]);
  });
  test('a leaf that a call wrote along as it was is none', () => {
    const item = {
      ref: ref('iam.role', 'r'),
      before: { description: 'x', maxSessionDuration: 3600 },
      after: { description: 'x', maxSessionDuration: 7200 },
    };
    const request = { roleName: 'r', description: 'x', maxSessionDuration: 7200 };
    const event = auditEvent({ source: 'iam.amazonaws.com', region: 'us-east-1', name: 'UpdateRole', request });
    expect(attributeWorld([item], [event]).transients).toEqual([]);
  });
  test('a pair across the edge is told once, in the window of the undoing', () => {
    const pair = [createRoute(IGW, { time: '2026-07-01T10:04:55Z' }), deleteRoute({ time: '2026-07-01T10:05:20Z' })];
    expect(attributeWorld([quiet], pair).transients).toEqual([]);
    const next = { from: WINDOW.to, to: '2026-07-01T10:10:00Z' };
    expect(attributeWorld([quiet], pair, { window: next }).transients).toMatchObject([{ transient: { duration: 25_000 } }]);
  });
});
