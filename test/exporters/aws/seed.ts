/** Makes one of every type in an account, through the real API, in a fixed order. */
import * as EC2 from '@aws-sdk/client-ec2';
import * as IAM from '@aws-sdk/client-iam';

export interface Seeded {
  readonly vpc: string;
  readonly routeTable: string;
  readonly securityGroup: string;
  readonly networkAcl: string;
}

export function clients(endpoint: string, region: string) {
  const config = { endpoint, region, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };
  return { ec2: new EC2.EC2Client(config), iam: new IAM.IAMClient(config) };
}

function known(value: string | undefined): string {
  if (value === undefined) throw new Error('the answer lacks an id');
  return value;
}

export async function seedNetwork(endpoint: string, region: string): Promise<Seeded> {
  const { ec2 } = clients(endpoint, region);
  const vpc = known((await ec2.send(new EC2.CreateVpcCommand({ CidrBlock: '10.0.0.0/16' }))).Vpc?.VpcId);
  await ec2.send(
    new EC2.CreateTagsCommand({
      Resources: [vpc],
      Tags: [
        { Key: 'Name', Value: 'builds' },
        { Key: 'team', Value: 'infra' },
      ],
    }),
  );
  const other = known((await ec2.send(new EC2.CreateVpcCommand({ CidrBlock: '10.9.0.0/16' }))).Vpc?.VpcId);
  const subnet = known((await ec2.send(new EC2.CreateSubnetCommand({ VpcId: vpc, CidrBlock: '10.0.1.0/24' }))).Subnet?.SubnetId);
  const igw = known((await ec2.send(new EC2.CreateInternetGatewayCommand({}))).InternetGateway?.InternetGatewayId);
  await ec2.send(new EC2.AttachInternetGatewayCommand({ InternetGatewayId: igw, VpcId: vpc }));
  const eigw = await ec2.send(new EC2.CreateEgressOnlyInternetGatewayCommand({ VpcId: vpc }));
  known(eigw.EgressOnlyInternetGateway?.EgressOnlyInternetGatewayId);
  const routeTable = known((await ec2.send(new EC2.CreateRouteTableCommand({ VpcId: vpc }))).RouteTable?.RouteTableId);
  await ec2.send(new EC2.CreateRouteCommand({ RouteTableId: routeTable, DestinationCidrBlock: '0.0.0.0/0', GatewayId: igw }));
  await ec2.send(new EC2.AssociateRouteTableCommand({ RouteTableId: routeTable, SubnetId: subnet }));
  const address = known((await ec2.send(new EC2.AllocateAddressCommand({ Domain: 'vpc' }))).AllocationId);
  await ec2.send(new EC2.CreateNatGatewayCommand({ SubnetId: subnet, AllocationId: address }));
  const vgw = known((await ec2.send(new EC2.CreateVpnGatewayCommand({ Type: 'ipsec.1' }))).VpnGateway?.VpnGatewayId);
  await ec2.send(new EC2.AttachVpnGatewayCommand({ VpnGatewayId: vgw, VpcId: vpc }));
  const cgw = known(
    (await ec2.send(new EC2.CreateCustomerGatewayCommand({ Type: 'ipsec.1', IpAddress: '192.0.2.1', BgpAsn: 65000 }))).CustomerGateway
      ?.CustomerGatewayId,
  );
  await ec2.send(new EC2.CreateVpnConnectionCommand({ Type: 'ipsec.1', CustomerGatewayId: cgw, VpnGatewayId: vgw }));
  const group = known(
    (await ec2.send(new EC2.CreateSecurityGroupCommand({ GroupName: 'web', Description: 'web servers', VpcId: vpc }))).GroupId,
  );
  await ec2.send(
    new EC2.AuthorizeSecurityGroupIngressCommand({
      GroupId: group,
      IpPermissions: [
        { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '0.0.0.0/0', Description: 'ssh' }] },
        { IpProtocol: 'tcp', FromPort: 8000, ToPort: 8100, UserIdGroupPairs: [{ GroupId: group }] },
        { IpProtocol: 'icmp', FromPort: 8, ToPort: -1, IpRanges: [{ CidrIp: '10.0.0.0/8' }] },
        { IpProtocol: 'tcp', FromPort: 443, ToPort: 443, Ipv6Ranges: [{ CidrIpv6: '::/0' }] },
      ],
    }),
  );
  const networkAcl = known((await ec2.send(new EC2.CreateNetworkAclCommand({ VpcId: vpc }))).NetworkAcl?.NetworkAclId);
  await ec2.send(
    new EC2.CreateNetworkAclEntryCommand({
      NetworkAclId: networkAcl,
      RuleNumber: 100,
      Protocol: '6',
      RuleAction: 'allow',
      Egress: false,
      CidrBlock: '10.0.0.0/8',
      PortRange: { From: 443, To: 443 },
    }),
  );
  await ec2.send(new EC2.CreateVpcPeeringConnectionCommand({ VpcId: vpc, PeerVpcId: other }));
  await ec2.send(
    new EC2.CreateVpcEndpointCommand({
      VpcId: vpc,
      ServiceName: `com.amazonaws.${region}.s3`,
      VpcEndpointType: 'Gateway',
      RouteTableIds: [routeTable],
    }),
  );
  await ec2.send(
    new EC2.CreateManagedPrefixListCommand({
      PrefixListName: 'offices',
      AddressFamily: 'IPv4',
      MaxEntries: 5,
      Entries: [{ Cidr: '198.51.100.0/24', Description: 'Vienna' }, { Cidr: '203.0.113.0/24' }],
    }),
  );
  const tgw = known((await ec2.send(new EC2.CreateTransitGatewayCommand({ Description: 'hub' }))).TransitGateway?.TransitGatewayId);
  const attachment = known(
    (await ec2.send(new EC2.CreateTransitGatewayVpcAttachmentCommand({ TransitGatewayId: tgw, VpcId: vpc, SubnetIds: [subnet] })))
      .TransitGatewayVpcAttachment?.TransitGatewayAttachmentId,
  );
  const table = known(
    (await ec2.send(new EC2.CreateTransitGatewayRouteTableCommand({ TransitGatewayId: tgw }))).TransitGatewayRouteTable
      ?.TransitGatewayRouteTableId,
  );
  await ec2.send(
    new EC2.CreateTransitGatewayRouteCommand({
      TransitGatewayRouteTableId: table,
      DestinationCidrBlock: '10.20.0.0/16',
      TransitGatewayAttachmentId: attachment,
    }),
  );
  await ec2.send(
    new EC2.AssociateTransitGatewayRouteTableCommand({ TransitGatewayRouteTableId: table, TransitGatewayAttachmentId: attachment }),
  );
  await ec2.send(
    new EC2.EnableTransitGatewayRouteTablePropagationCommand({ TransitGatewayRouteTableId: table, TransitGatewayAttachmentId: attachment }),
  );
  await ec2.send(
    new EC2.CreateFlowLogsCommand({
      ResourceIds: [vpc],
      ResourceType: 'VPC',
      TrafficType: 'ALL',
      LogDestinationType: 'cloud-watch-logs',
      LogGroupName: 'flows',
      DeliverLogsPermissionArn: 'arn:aws:iam::123456789012:role/deploy',
    }),
  );
  await ec2.send(new EC2.CreateNetworkInterfaceCommand({ SubnetId: subnet, Groups: [group], Description: 'probe' }));
  await ec2.send(
    new EC2.CreateDhcpOptionsCommand({ DhcpConfigurations: [{ Key: 'domain-name-servers', Values: ['10.0.0.2', '10.0.0.3'] }] }),
  );
  return { vpc, routeTable, securityGroup: group, networkAcl };
}

export async function seedIdentities(endpoint: string): Promise<void> {
  const { iam } = clients(endpoint, 'us-east-1');
  const trust = JSON.stringify({
    Version: '2012-10-17',
    Statement: { Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' },
  });
  const read = JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: ['s3:GetObject', 's3:*'], Resource: '*' }] });
  await iam.send(
    new IAM.CreateRoleCommand({ RoleName: 'deploy', AssumeRolePolicyDocument: trust, Description: 'pipelines', MaxSessionDuration: 7200 }),
  );
  await iam.send(new IAM.PutRolePolicyCommand({ RoleName: 'deploy', PolicyName: 'read', PolicyDocument: read }));
  await iam.send(new IAM.AttachRolePolicyCommand({ RoleName: 'deploy', PolicyArn: 'arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess' }));
  await iam.send(new IAM.CreateGroupCommand({ GroupName: 'admins' }));
  await iam.send(new IAM.PutGroupPolicyCommand({ GroupName: 'admins', PolicyName: 'read', PolicyDocument: read }));
  await iam.send(new IAM.CreateUserCommand({ UserName: 'alice', Tags: [{ Key: 'team', Value: 'infra' }] }));
  await iam.send(new IAM.AddUserToGroupCommand({ UserName: 'alice', GroupName: 'admins' }));
  await iam.send(new IAM.CreateAccessKeyCommand({ UserName: 'alice' }));
  await iam.send(
    new IAM.CreateLoginProfileCommand({ UserName: 'alice', Password: 'correct horse battery staple', PasswordResetRequired: true }),
  );
  await iam.send(new IAM.CreateUserCommand({ UserName: 'bob' }));
  const policy = await iam.send(
    new IAM.CreatePolicyCommand({ PolicyName: 'buckets', Path: '/team/', PolicyDocument: read, Tags: [{ Key: 'team', Value: 'infra' }] }),
  );
  await iam.send(new IAM.AttachUserPolicyCommand({ UserName: 'alice', PolicyArn: known(policy.Policy?.Arn) }));
  await iam.send(new IAM.CreateInstanceProfileCommand({ InstanceProfileName: 'deploy', Tags: [{ Key: 'team', Value: 'builds' }] }));
  await iam.send(new IAM.AddRoleToInstanceProfileCommand({ InstanceProfileName: 'deploy', RoleName: 'deploy' }));
  await iam.send(new IAM.CreateAccountAliasCommand({ AccountAlias: 'example' }));
  await iam.send(new IAM.UpdateAccountPasswordPolicyCommand({ MinimumPasswordLength: 14, RequireSymbols: true }));
  await iam.send(
    new IAM.CreateOpenIDConnectProviderCommand({
      Url: 'https://token.actions.githubusercontent.com',
      ClientIDList: ['sts.amazonaws.com'],
      ThumbprintList: ['6938fd4d98bab03faadb97b34396831e3780aea1'],
    }),
  );
  await iam.send(
    new IAM.CreateSAMLProviderCommand({
      Name: 'corp',
      SAMLMetadataDocument: `<EntityDescriptor entityID="corp">${' '.repeat(1000)}</EntityDescriptor>`,
    }),
  );
  await iam.send(new IAM.CreateVirtualMFADeviceCommand({ VirtualMFADeviceName: 'alice' }));
}
