/** States that something passes through are no change; failures are. */
import { describe, expect, it } from 'vitest';
import { one } from './documents.ts';

describe('a state on its way', () => {
  it.each<[string, string, string, object, object]>([
    ['ec2.subnet', 'DescribeSubnets', 'Subnets', { SubnetId: 'subnet-1', State: 'pending' }, { state: 'available' }],
    [
      'ec2.transit-gateway',
      'DescribeTransitGateways',
      'TransitGateways',
      { TransitGatewayId: 't', State: 'modifying' },
      { state: 'available' },
    ],
    [
      'ec2.vpn-connection',
      'DescribeVpnConnections',
      'VpnConnections',
      { VpnConnectionId: 'v', GatewayAssociationState: 'associating' },
      { gatewayAssociationState: 'associated' },
    ],
    [
      'ec2.internet-gateway',
      'DescribeInternetGateways',
      'InternetGateways',
      {
        InternetGatewayId: 'i',
        Attachments: [
          { VpcId: 'a', State: 'attaching' },
          { VpcId: 'b', State: 'detaching' },
        ],
      },
      { attachments: { a: { state: 'available' } } },
    ],
    [
      'ec2.nat-gateway',
      'DescribeNatGateways',
      'NatGateways',
      {
        NatGatewayId: 'n',
        State: 'pending',
        NatGatewayAddresses: [
          { AllocationId: 'e', Status: 'associating' },
          { AllocationId: 'old', Status: 'unassigning' },
        ],
      },
      { state: 'available', natGatewayAddresses: { e: { status: 'succeeded' } } },
    ],
    [
      'ec2.network-interface',
      'DescribeNetworkInterfaces',
      'NetworkInterfaces',
      { NetworkInterfaceId: 'e', Status: 'attaching', Attachment: { AttachmentId: 'x', Status: 'attaching' } },
      { status: 'in-use', attachment: { status: 'attached' } },
    ],
    [
      'ec2.vpc-peering-connection',
      'DescribeVpcPeeringConnections',
      'VpcPeeringConnections',
      { VpcPeeringConnectionId: 'p', Status: { Code: 'provisioning', Message: 'Provisioning' } },
      { status: { code: 'active' } },
    ],
  ])('of %s is written as what it leads to', async (type, operation, list, item, expected) => {
    expect(await one(type, { [operation]: { [list]: [item] } })).toMatchObject(expected);
  });

  it('stays when it is a failure', async () => {
    const answer = { Subnets: [{ SubnetId: 'subnet-1', State: 'failed' }] };
    expect(await one('ec2.subnet', { DescribeSubnets: answer })).toMatchObject({ state: 'failed' });
    const table = {
      RouteTableId: 'r',
      Associations: [
        { RouteTableAssociationId: 'good', RouteTableId: 'r', SubnetId: 's', AssociationState: { State: 'associating' } },
        { RouteTableAssociationId: 'bad', RouteTableId: 'r', SubnetId: 't', AssociationState: { State: 'failed', StatusMessage: 'no' } },
        { RouteTableAssociationId: 'gone', RouteTableId: 'r', SubnetId: 'u', AssociationState: { State: 'disassociated' } },
      ],
    };
    expect(await one('ec2.route-table', { DescribeRouteTables: { RouteTables: [table] } })).toMatchObject({
      associations: { good: { subnetId: 's' }, bad: { subnetId: 't', associationState: { state: 'failed', statusMessage: 'no' } } },
    });
  });

  it('leaves out address blocks and interfaces that are on their way out', async () => {
    const block = (AssociationId: string, State: string) => ({ AssociationId, CidrBlock: '10.0.0.0/16', CidrBlockState: { State } });
    const answers = {
      DescribeVpcs: {
        Vpcs: [
          { VpcId: 'v', CidrBlockAssociationSet: [block('a', 'associated'), block('b', 'disassociating'), block('c', 'disassociated')] },
        ],
      },
      DescribeVpcAttribute: { EnableDnsSupport: {}, EnableDnsHostnames: {}, EnableNetworkAddressUsageMetrics: {} },
    };
    expect(await one('ec2.vpc', answers)).toMatchObject({ cidrBlockAssociations: { a: {} } });
    expect(Object.keys((await one('ec2.vpc', answers)) as object)).toContain('ipv6CidrBlockAssociations');
    expect(JSON.stringify(await one('ec2.vpc', answers))).not.toContain('disassociat');
    const detaching = { NetworkInterfaceId: 'e', Status: 'detaching', Attachment: { AttachmentId: 'x', Status: 'detaching' } };
    expect(await one('ec2.network-interface', { DescribeNetworkInterfaces: { NetworkInterfaces: [detaching] } })).toEqual({
      networkInterfaceId: 'e',
      status: 'available',
      tags: {},
    });
  });

  it('of log deliveries is no news, but a refused one is', async () => {
    const log = (more: object) => ({ DescribeFlowLogs: { FlowLogs: [{ FlowLogId: 'fl', FlowLogStatus: 'ACTIVE', ...more }] } });
    const quiet = await one('ec2.flow-log', log({}));
    expect(await one('ec2.flow-log', log({ DeliverLogsStatus: 'SUCCESS' }))).toEqual(quiet);
    expect(await one('ec2.flow-log', log({ DeliverLogsStatus: 'FAILED', DeliverLogsErrorMessage: 'Rate limited' }))).toEqual(quiet);
    expect(await one('ec2.flow-log', log({ DeliverLogsStatus: 'FAILED', DeliverLogsErrorMessage: 'Access error' }))).toMatchObject({
      deliverLogsErrorMessage: 'Access error',
    });
  });
});
