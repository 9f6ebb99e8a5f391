/** The demo account as it stands before anything goes wrong: a network for builds and the people who may touch it. */
import * as ec2 from '@aws-sdk/client-ec2';
import * as iam from '@aws-sdk/client-iam';
import { type Cast, REGION } from './cast.ts';

export interface Landscape {
  readonly vpc: string;
  readonly privateA: string;
  readonly tables: { readonly public: string; readonly privateA: string; readonly privateB: string };
  readonly natGateway: string;
  readonly peering: string;
  readonly groups: { readonly web: string; readonly build: string; readonly bastion: string };
  readonly acl: string;
  readonly subnets: readonly string[];
}

export async function buildLandscape({ terraform }: Pick<Cast, 'terraform'>): Promise<Landscape> {
  const client = terraform.ec2(REGION);
  const named = (type: ec2.ResourceType, name: string) => [
    {
      ResourceType: type,
      Tags: [
        { Key: 'Name', Value: name },
        { Key: 'managed-by', Value: 'terraform' },
      ],
    },
  ];
  const need = (value: string | undefined): string => {
    if (value === undefined) throw new Error('AWS named no id');
    return value;
  };
  const vpcOf = async (name: string, cidr: string) =>
    need((await client.send(new ec2.CreateVpcCommand({ CidrBlock: cidr, TagSpecifications: named('vpc', name) }))).Vpc?.VpcId);
  const vpc = await vpcOf('main', '10.20.0.0/16');
  const lab = await vpcOf('lab', '10.99.0.0/16');
  await client.send(new ec2.ModifyVpcAttributeCommand({ VpcId: vpc, EnableDnsHostnames: { Value: true } }));

  const subnet = async (name: string, cidr: string, zone: string) => {
    const created = await client.send(
      new ec2.CreateSubnetCommand({
        VpcId: vpc,
        CidrBlock: cidr,
        AvailabilityZone: `${REGION}${zone}`,
        TagSpecifications: named('subnet', name),
      }),
    );
    return need(created.Subnet?.SubnetId);
  };
  const publicA = await subnet('public-a', '10.20.0.0/24', 'a');
  const publicB = await subnet('public-b', '10.20.1.0/24', 'b');
  const privateA = await subnet('private-a', '10.20.10.0/23', 'a');
  const privateB = await subnet('private-b', '10.20.12.0/23', 'b');

  const gateway = need(
    (await client.send(new ec2.CreateInternetGatewayCommand({ TagSpecifications: named('internet-gateway', 'main') }))).InternetGateway
      ?.InternetGatewayId,
  );
  await client.send(new ec2.AttachInternetGatewayCommand({ InternetGatewayId: gateway, VpcId: vpc }));
  const address = await client.send(new ec2.AllocateAddressCommand({ Domain: 'vpc', TagSpecifications: named('elastic-ip', 'nat-a') }));
  const nat = await client.send(
    new ec2.CreateNatGatewayCommand({
      SubnetId: publicA,
      AllocationId: address.AllocationId,
      TagSpecifications: named('natgateway', 'nat-a'),
    }),
  );
  const natGateway = need(nat.NatGateway?.NatGatewayId);

  const table = async (name: string, subnets: readonly string[], route: { GatewayId: string } | { NatGatewayId: string }) => {
    const created = await client.send(new ec2.CreateRouteTableCommand({ VpcId: vpc, TagSpecifications: named('route-table', name) }));
    const id = need(created.RouteTable?.RouteTableId);
    await client.send(new ec2.CreateRouteCommand({ RouteTableId: id, DestinationCidrBlock: '0.0.0.0/0', ...route }));
    for (const one of subnets) await client.send(new ec2.AssociateRouteTableCommand({ RouteTableId: id, SubnetId: one }));
    return id;
  };
  const tables = {
    public: await table('public', [publicA, publicB], { GatewayId: gateway }),
    privateA: await table('private-a', [privateA], { NatGatewayId: natGateway }),
    privateB: await table('private-b', [privateB], { NatGatewayId: natGateway }),
  };
  const link = await client.send(
    new ec2.CreateVpcPeeringConnectionCommand({
      VpcId: vpc,
      PeerVpcId: lab,
      TagSpecifications: named('vpc-peering-connection', 'main-lab'),
    }),
  );
  const peering = need(link.VpcPeeringConnection?.VpcPeeringConnectionId);
  await client.send(new ec2.AcceptVpcPeeringConnectionCommand({ VpcPeeringConnectionId: peering }));
  await client.send(
    new ec2.CreateVpcEndpointCommand({
      VpcId: vpc,
      ServiceName: `com.amazonaws.${REGION}.s3`,
      RouteTableIds: [tables.privateA, tables.privateB],
      TagSpecifications: named('vpc-endpoint', 's3'),
    }),
  );

  const group = async (name: string, description: string, permissions: ec2.IpPermission[]) => {
    const created = await client.send(
      new ec2.CreateSecurityGroupCommand({
        GroupName: name,
        Description: description,
        VpcId: vpc,
        TagSpecifications: named('security-group', name),
      }),
    );
    const GroupId = need(created.GroupId);
    await client.send(new ec2.AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions: permissions }));
    return GroupId;
  };
  const web = await group('web', 'Public web tier', [
    { IpProtocol: 'tcp', FromPort: 443, ToPort: 443, IpRanges: [{ CidrIp: '0.0.0.0/0', Description: 'https' }] },
  ]);
  const bastion = await group('bastion', 'Way in for operators', [
    { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '203.0.113.0/24', Description: 'office' }] },
  ]);
  const build = await group('build', 'Build machines', [
    { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, UserIdGroupPairs: [{ GroupId: bastion, Description: 'operators' }] },
  ]);
  const acl = need(
    (await client.send(new ec2.CreateNetworkAclCommand({ VpcId: vpc, TagSpecifications: named('network-acl', 'private') }))).NetworkAcl
      ?.NetworkAclId,
  );
  for (const Egress of [false, true]) {
    await client.send(
      new ec2.CreateNetworkAclEntryCommand({
        NetworkAclId: acl,
        RuleNumber: 100,
        Protocol: '-1',
        RuleAction: 'allow',
        Egress,
        CidrBlock: '10.0.0.0/8',
      }),
    );
  }
  await buildPeople(terraform.iam);
  const groups = { web, build, bastion };
  return { vpc, privateA, tables, natGateway, peering, groups, acl, subnets: [publicA, publicB, privateA, privateB] };
}

const TRUST = (service: string) =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }] });

async function buildPeople(client: iam.IAMClient): Promise<void> {
  await client.send(new iam.CreateGroupCommand({ GroupName: 'engineers' }));
  await client.send(new iam.AttachGroupPolicyCommand({ GroupName: 'engineers', PolicyArn: 'arn:aws:iam::aws:policy/AmazonVPCFullAccess' }));
  for (const UserName of ['DevOpsEngineer1', 'tom.becker', 'build-agent']) {
    await client.send(new iam.CreateUserCommand({ UserName, Tags: [{ Key: 'managed-by', Value: 'terraform' }] }));
    if (UserName !== 'build-agent') await client.send(new iam.AddUserToGroupCommand({ UserName, GroupName: 'engineers' }));
  }
  for (const [RoleName, service] of [
    ['terraform', 'ec2.amazonaws.com'],
    ['ci-runner', 'ec2.amazonaws.com'],
    ['flow-logs', 'vpc-flow-logs.amazonaws.com'],
  ] as const) {
    await client.send(new iam.CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: TRUST(service) }));
  }
  const document = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: ['s3:GetObject', 's3:PutObject'], Resource: 'arn:aws:s3:::build-artifacts/*' }],
  };
  await client.send(
    new iam.PutRolePolicyCommand({ RoleName: 'ci-runner', PolicyName: 'artifacts', PolicyDocument: JSON.stringify(document) }),
  );
}
