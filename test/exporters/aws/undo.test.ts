import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { quote } from '../../../exporters/_shell/words.ts';
import exporter from '../../../exporters/aws/index.ts';
import type { Change, Json, JsonObject } from '../../../src/model.ts';

const SCOPE = 'aws/123456789012/eu-west-1';

function undo(kind: string, id: string, before: Json | undefined, after: Json | undefined): readonly string[] {
  const scope = kind.startsWith('aws.iam.') ? 'aws/123456789012/global' : SCOPE;
  const change: Change = {
    type: before === undefined ? 'created' : after === undefined ? 'deleted' : 'modified',
    ref: { scope, kind, id },
    path: 'x',
    edits: [],
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
  };
  return exporter.kinds[kind]?.undo?.(change, { before: () => undefined }) ?? [];
}

const variable = (name: string) => `"\${${name}:?}"`;
const route = (to: string, fields: Record<string, Json>) => ({
  [to]: { destinationCidrBlock: to, origin: 'CreateRoute', state: 'active', ...fields },
});
const LOCAL = { '10.0.0.0/16': { destinationCidrBlock: '10.0.0.0/16', gatewayId: 'local', origin: 'CreateRouteTable', state: 'active' } };
const DEFAULT = route('0.0.0.0/0', { natGatewayId: 'nat-1' });

describe('a route table', () => {
  const table = (routes: Json, associations: Json = {}): Json => ({ vpcId: 'vpc-1', routes, associations, propagatingVgws: {}, tags: {} });

  it('gets its deleted default route back', () => {
    expect(undo('aws.ec2.route-table', 'rtb-1', table({ ...LOCAL, ...DEFAULT }), table(LOCAL))).toEqual([
      'aws ec2 create-route --route-table-id rtb-1 --destination-cidr-block 0.0.0.0/0 --nat-gateway-id nat-1 --region eu-west-1',
    ]);
  });

  it('loses a new one and turns a moved one back, but leaves a mere change of state', () => {
    expect(undo('aws.ec2.route-table', 'rtb-1', table(LOCAL), table({ ...LOCAL, ...DEFAULT }))).toEqual([
      'aws ec2 delete-route --route-table-id rtb-1 --destination-cidr-block 0.0.0.0/0 --region eu-west-1',
    ]);
    expect(undo('aws.ec2.route-table', 'rtb-1', table(DEFAULT), table(route('0.0.0.0/0', { gatewayId: 'igw-9' })))).toEqual([
      'aws ec2 replace-route --route-table-id rtb-1 --destination-cidr-block 0.0.0.0/0 --nat-gateway-id nat-1 --region eu-west-1',
    ]);
    expect(
      undo('aws.ec2.route-table', 'rtb-1', table(DEFAULT), table(route('0.0.0.0/0', { natGatewayId: 'nat-1', state: 'blackhole' }))),
    ).toEqual([]);
  });

  it('comes back whole, under a new id', () => {
    const before = table({ ...LOCAL, ...DEFAULT }, { 'rtbassoc-1': { main: false, subnetId: 'subnet-1' } });
    expect(undo('aws.ec2.route-table', 'rtb-1', before, undefined)).toEqual([
      'route_table_id=$(aws ec2 create-route-table --vpc-id vpc-1 --region eu-west-1 --query RouteTable.RouteTableId --output text)',
      `aws ec2 create-route --route-table-id ${variable('route_table_id')} --destination-cidr-block 0.0.0.0/0 --nat-gateway-id nat-1 --region eu-west-1`,
      `aws ec2 associate-route-table --route-table-id ${variable('route_table_id')} --subnet-id subnet-1 --region eu-west-1`,
      '# the route table has another id now: whatever else named rtb-1 must be told',
    ]);
  });

  it('is told of a gateway endpoint by the endpoint', () => {
    const routes = { 'pl-1': { destinationPrefixListId: 'pl-1', gatewayId: 'vpce-1', origin: 'CreateRoute', state: 'active' } };
    expect(undo('aws.ec2.route-table', 'rtb-1', table(routes), table({}))).toEqual([
      'aws ec2 modify-vpc-endpoint --vpc-endpoint-id vpce-1 --add-route-table-ids rtb-1 --region eu-west-1',
    ]);
  });
});

describe('a security group', () => {
  const group = (rules: Json): Json => ({ groupName: 'web', description: "Ann's", vpcId: 'vpc-1', rules, tags: {} });
  const rule = { securityGroupRuleId: 'sgr-1' };

  it('loses an opened rule by its id, and gets a closed one back', () => {
    expect(undo('aws.ec2.security-group', 'sg-1', group({}), group({ 'ingress tcp 22 0.0.0.0/0': rule }))).toEqual([
      'aws ec2 revoke-security-group-ingress --group-id sg-1 --security-group-rule-ids sgr-1 --region eu-west-1',
    ]);
    const told = { ...rule, description: 'from the office' };
    expect(undo('aws.ec2.security-group', 'sg-1', group({ 'egress udp 53-54 2001:db8::/32': told }), group({}))).toEqual([
      `aws ec2 authorize-security-group-egress --group-id sg-1 --ip-permissions '[{"IpProtocol":"udp","FromPort":53,"ToPort":54,"Ipv6Ranges":[{"CidrIpv6":"2001:db8::/32","Description":"from the office"}]}]' --region eu-west-1`,
    ]);
  });

  it.each([
    ['ingress all all sg-2', '[{"IpProtocol":"-1","UserIdGroupPairs":[{"GroupId":"sg-2"}]}]'],
    ['ingress icmp 8/-1 10.0.0.0/8', '[{"IpProtocol":"icmp","FromPort":8,"ToPort":-1,"IpRanges":[{"CidrIp":"10.0.0.0/8"}]}]'],
    ['ingress tcp 443 pl-1', '[{"IpProtocol":"tcp","FromPort":443,"ToPort":443,"PrefixListIds":[{"PrefixListId":"pl-1"}]}]'],
    [
      'ingress tcp 1 210987654321/sg-9',
      '[{"IpProtocol":"tcp","FromPort":1,"ToPort":1,"UserIdGroupPairs":[{"UserId":"210987654321","GroupId":"sg-9"}]}]',
    ],
  ])('reads its rule back from %s', (key, permissions) => {
    expect(undo('aws.ec2.security-group', 'sg-1', group({ [key]: rule }), group({}))[0]).toContain(`--ip-permissions '${permissions}'`);
  });

  it('quotes what people wrote, and gives back only the rules that a new group lacks', () => {
    const commands = undo('aws.ec2.security-group', 'sg-1', group({ 'egress all all 0.0.0.0/0': rule }), undefined);
    expect(commands).toEqual([
      "security_group_id=$(aws ec2 create-security-group --group-name web --description 'Ann'\\''s' --vpc-id vpc-1 --region eu-west-1 --query GroupId --output text)",
      '# the security group has another id now: whatever else named sg-1 must be told',
    ]);
    expect(undo('aws.ec2.security-group', 'sg-1', group({}), undefined)[1]).toContain(
      `revoke-security-group-egress --group-id ${variable('security_group_id')}`,
    );
  });
});

describe('IAM', () => {
  const user = (fields: Record<string, Json>): Json => ({
    path: '/',
    inlinePolicies: {},
    attachedPolicies: {},
    groups: [],
    accessKeys: {},
    mfaDevices: {},
    tags: {},
    ...fields,
  });

  it('takes a granted policy, a new key and a new group away', () => {
    const after = user({
      attachedPolicies: { 'arn:aws:iam::aws:policy/AdministratorAccess': 'AdministratorAccess' },
      accessKeys: { AKIA1: { status: 'Active' } },
      groups: ['admins'],
    });
    expect(undo('aws.iam.user', 'bob', user({}), after)).toEqual([
      'aws iam delete-access-key --user-name bob --access-key-id AKIA1',
      'aws iam remove-user-from-group --user-name bob --group-name admins',
      'aws iam detach-user-policy --user-name bob --policy-arn arn:aws:iam::aws:policy/AdministratorAccess',
    ]);
  });

  it('puts a trust policy back as it was', () => {
    const role = (principal: string): Json => ({
      trustPolicy: { Statement: [{ Effect: 'Allow', Principal: { AWS: [principal] } }] },
      maxSessionDuration: 3600,
    });
    expect(undo('aws.iam.role', 'deploy', role('arn:a'), role('*'))).toEqual([
      `aws iam update-assume-role-policy --role-name deploy --policy-document '{"Statement":[{"Effect":"Allow","Principal":{"AWS":["arn:a"]}}]}'`,
    ]);
  });

  it('goes back to the earlier version of a policy, or makes it anew', () => {
    const policy = (version: string, versions: string[]): Json => ({
      arn: 'arn:p',
      defaultVersionId: version,
      document: { Version: version },
      versions: Object.fromEntries(versions.map((id) => [id, {}])),
    });
    expect(undo('aws.iam.policy', 'p', policy('v1', ['v1']), policy('v2', ['v1', 'v2']))).toEqual([
      'aws iam set-default-policy-version --policy-arn arn:p --version-id v1',
      'aws iam delete-policy-version --policy-arn arn:p --version-id v2',
    ]);
    expect(undo('aws.iam.policy', 'p', policy('v1', ['v1']), policy('v2', ['v2']))).toEqual([
      `aws iam create-policy-version --policy-arn arn:p --policy-document '{"Version":"v1"}' --set-as-default`,
      'aws iam delete-policy-version --policy-arn arn:p --version-id v2',
      '# the number of the version counts on',
    ]);
  });
});

describe('tags', () => {
  it('go and come back the same way for every type of EC2, but for those of AWS', () => {
    const vpc = (tags: Json): Json => ({ tags });
    expect(
      undo('aws.ec2.vpc', 'vpc-1', vpc({ Name: 'builds', old: '$(rm -rf /)' }), vpc({ Name: 'prod', new: '1', 'aws:x': '1' })),
    ).toEqual([
      `aws ec2 create-tags --resources vpc-1 --tags '[{"Key":"old","Value":"$(rm -rf /)"},{"Key":"Name","Value":"builds"}]' --region eu-west-1`,
      `aws ec2 delete-tags --resources vpc-1 --tags '[{"Key":"new"}]' --region eu-west-1`,
    ]);
  });
});

describe('a transit gateway route table', () => {
  it('gets a propagation back and loses a new one', () => {
    const table = (propagations: Json): Json => ({ routes: {}, associations: {}, propagations, tags: {} });
    expect(undo('aws.ec2.transit-gateway-route-table', 'tgw-rtb-1', table({ 'tgw-attach-1': {} }), table({ 'tgw-attach-2': {} }))).toEqual([
      'aws ec2 enable-transit-gateway-route-table-propagation --transit-gateway-route-table-id tgw-rtb-1 --transit-gateway-attachment-id tgw-attach-1 --region eu-west-1',
      'aws ec2 disable-transit-gateway-route-table-propagation --transit-gateway-route-table-id tgw-rtb-1 --transit-gateway-attachment-id tgw-attach-2 --region eu-west-1',
    ]);
  });
});

describe('tags of IAM', () => {
  it.each([
    ['instance-profile', '--instance-profile-name p', {}],
    ['mfa-device', '--serial-number s', { serialNumber: 's' }],
    ['saml-provider', '--saml-provider-arn a', { arn: 'a' }],
    ['open-id-connect-provider', '--open-id-connect-provider-arn a', { arn: 'a' }],
  ])('of a %s go and come back', (what, name, config: JsonObject) => {
    const kind = `aws.iam.${what === 'open-id-connect-provider' ? 'oidc-provider' : what}`;
    expect(undo(kind, 'p', { ...config, tags: { team: 'infra' } }, { ...config, tags: { new: '1' } })).toEqual([
      `aws iam untag-${what} ${name} --tag-keys new`,
      `aws iam tag-${what} ${name} --tags '[{"Key":"team","Value":"infra"}]'`,
    ]);
  });
});

describe('quote', () => {
  it.each(["it's", '$(id)', '`id`', 'a b', '"', '\\', '*', ';', '«', '', 'a\nb', '\r\t%d\\n', '\u202e\u0007', '-rf', "'; id; '"])(
    'makes %j one argument without meaning',
    (text) => {
      expect(execFileSync('sh', ['-c', `printf %s ${quote(text)}`], { encoding: 'utf8' })).toBe(text);
    },
  );

  it('keeps a value that begins with a dash from being an option', () => {
    const before = { groupName: 'web', description: '--profile=evil', vpcId: 'vpc-1', rules: { 'egress all all 0.0.0.0/0': {} }, tags: {} };
    expect(undo('aws.ec2.security-group', 'sg-1', before, undefined)[0]).toContain(' --description=--profile=evil ');
  });
});
