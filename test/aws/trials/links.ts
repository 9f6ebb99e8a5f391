/** Endpoints, peerings and flow logs. */
import * as ec2 from '@aws-sdk/client-ec2';
import * as place from './places.ts';
import { known, trial, type Trial } from './trial.ts';

const POLICY = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: '*' }] };

export const linkTrials: readonly Trial[] = [
  trial('ec2.vpc-endpoint', 'created', 'gateway', async ({ ec2: aws }) => {
    const VpcId = await place.vpc(aws);
    const table = await place.routeTable(aws, VpcId);
    return () => gatewayEndpoint(aws, VpcId, [table]);
  }),
  trial('ec2.vpc-endpoint', 'deleted', 'gateway', async ({ ec2: aws }) => {
    const VpcId = await place.vpc(aws);
    const id = await gatewayEndpoint(aws, VpcId, [await place.routeTable(aws, VpcId)]);
    return () => aws.send(new ec2.DeleteVpcEndpointsCommand({ VpcEndpointIds: [id] }));
  }),
  trial(
    'ec2.vpc-endpoint',
    'deleted',
    'interface',
    async ({ ec2: aws }) => {
      const id = await interfaceEndpoint(aws);
      return () => aws.send(new ec2.DeleteVpcEndpointsCommand({ VpcEndpointIds: [id] }));
    },
    { lost: { paths: ['/dnsEntries', 'ec2.network-interface:'], because: 'its interfaces, addresses and DNS names are new ones' } },
  ),
  trial('ec2.vpc-endpoint', 'modified', 'route table added', async ({ ec2: aws }) => {
    const VpcId = await place.vpc(aws);
    const VpcEndpointId = await gatewayEndpoint(aws, VpcId, [await place.routeTable(aws, VpcId)]);
    const AddRouteTableIds = [await place.routeTable(aws, VpcId)];
    return () => aws.send(new ec2.ModifyVpcEndpointCommand({ VpcEndpointId, AddRouteTableIds }));
  }),
  trial('ec2.vpc-endpoint', 'modified', 'policy', async ({ ec2: aws }) => {
    const VpcId = await place.vpc(aws);
    const VpcEndpointId = await gatewayEndpoint(aws, VpcId, [await place.routeTable(aws, VpcId)]);
    const PolicyDocument = JSON.stringify({ ...POLICY, Statement: [{ ...POLICY.Statement[0], Action: '*' }] });
    return () => aws.send(new ec2.ModifyVpcEndpointCommand({ VpcEndpointId, PolicyDocument }));
  }),
  trial('ec2.vpc-endpoint', 'modified', 'private DNS', async ({ ec2: aws }) => {
    const VpcEndpointId = await interfaceEndpoint(aws);
    return () => aws.send(new ec2.ModifyVpcEndpointCommand({ VpcEndpointId, PrivateDnsEnabled: false }));
  }),
  trial('ec2.vpc-endpoint', 'modified', 'tags', async ({ ec2: aws }) => {
    const id = await gatewayEndpoint(aws, await place.vpc(aws), []);
    return () => place.retag(aws, id);
  }),
  trial('ec2.vpc-peering-connection', 'created', 'requested', async ({ ec2: aws }) => {
    const [VpcId, PeerVpcId] = [await place.vpc(aws), await place.vpc(aws, '10.9.0.0/16')];
    return () => aws.send(new ec2.CreateVpcPeeringConnectionCommand({ VpcId, PeerVpcId }));
  }),
  trial('ec2.vpc-peering-connection', 'deleted', 'one that was accepted', async ({ ec2: aws }) => {
    const VpcPeeringConnectionId = await peering(aws);
    await aws.send(new ec2.AcceptVpcPeeringConnectionCommand({ VpcPeeringConnectionId }));
    return () => aws.send(new ec2.DeleteVpcPeeringConnectionCommand({ VpcPeeringConnectionId }));
  }),
  trial(
    'ec2.vpc-peering-connection',
    'modified',
    'accepted',
    async ({ ec2: aws }) => {
      const VpcPeeringConnectionId = await peering(aws);
      return () => aws.send(new ec2.AcceptVpcPeeringConnectionCommand({ VpcPeeringConnectionId }));
    },
    { lost: { paths: ['/status', '/accepterVpcInfo'], because: 'no acceptance can be taken back: only deleting and asking again' } },
  ),
  trial('ec2.vpc-peering-connection', 'modified', 'options', async ({ ec2: aws }) => {
    const VpcPeeringConnectionId = await peering(aws);
    await aws.send(new ec2.AcceptVpcPeeringConnectionCommand({ VpcPeeringConnectionId }));
    const RequesterPeeringConnectionOptions = { AllowDnsResolutionFromRemoteVpc: true };
    return () => aws.send(new ec2.ModifyVpcPeeringConnectionOptionsCommand({ VpcPeeringConnectionId, RequesterPeeringConnectionOptions }));
  }),
  trial('ec2.vpc-peering-connection', 'modified', 'tags', async ({ ec2: aws }) => {
    const id = await peering(aws);
    return () => place.retag(aws, id);
  }),
  trial('ec2.flow-log', 'created', 'made', async ({ ec2: aws }) => {
    const vpc = await place.vpc(aws);
    return () => flowLog(aws, vpc);
  }),
  trial('ec2.flow-log', 'deleted', 'to CloudWatch', async ({ ec2: aws }) => {
    const id = await flowLog(aws, await place.vpc(aws));
    return () => aws.send(new ec2.DeleteFlowLogsCommand({ FlowLogIds: [id] }));
  }),
  trial('ec2.flow-log', 'modified', 'tags', async ({ ec2: aws }) => {
    const id = await flowLog(aws, await place.vpc(aws));
    return () => place.retag(aws, id);
  }),
];

async function gatewayEndpoint(aws: ec2.EC2Client, VpcId: string, RouteTableIds: string[]): Promise<string> {
  const request = {
    VpcId,
    RouteTableIds,
    ServiceName: 'com.amazonaws.eu-west-1.s3',
    VpcEndpointType: 'Gateway' as const,
    PolicyDocument: JSON.stringify(POLICY),
    ...place.tagged('vpc-endpoint'),
  };
  return known((await aws.send(new ec2.CreateVpcEndpointCommand(request))).VpcEndpoint?.VpcEndpointId);
}

async function interfaceEndpoint(aws: ec2.EC2Client): Promise<string> {
  const VpcId = await place.vpc(aws);
  const request = {
    VpcId,
    SubnetIds: [await place.subnet(aws, VpcId)],
    SecurityGroupIds: [await place.securityGroup(aws, VpcId)],
    ServiceName: 'com.amazonaws.eu-west-1.ec2',
    VpcEndpointType: 'Interface' as const,
    PrivateDnsEnabled: true,
    ...place.tagged('vpc-endpoint'),
  };
  return known((await aws.send(new ec2.CreateVpcEndpointCommand(request))).VpcEndpoint?.VpcEndpointId);
}

async function peering(aws: ec2.EC2Client): Promise<string> {
  const [VpcId, PeerVpcId] = [await place.vpc(aws), await place.vpc(aws, '10.9.0.0/16')];
  const request = { VpcId, PeerVpcId, ...place.tagged('vpc-peering-connection') };
  return known((await aws.send(new ec2.CreateVpcPeeringConnectionCommand(request))).VpcPeeringConnection?.VpcPeeringConnectionId);
}

async function flowLog(aws: ec2.EC2Client, vpc: string): Promise<string> {
  const request = {
    ResourceIds: [vpc],
    ResourceType: 'VPC' as const,
    TrafficType: 'REJECT' as const,
    LogGroupName: 'flows',
    DeliverLogsPermissionArn: 'arn:aws:iam::123456789012:role/deploy',
    MaxAggregationInterval: 60,
    LogFormat: ['srcaddr', 'dstaddr'].map((field) => `$\{${field}}`).join(' '),
    ...place.tagged('vpc-flow-log'),
  };
  return known((await aws.send(new ec2.CreateFlowLogsCommand(request))).FlowLogIds?.[0]);
}
