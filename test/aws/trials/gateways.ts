/** Gateways, addresses and VPNs. */
import * as ec2 from '@aws-sdk/client-ec2';
import * as place from './places.ts';
import { known, trial, type Trial } from './trial.ts';

const LEFT_BEHIND = {
  paths: ['ec2.network-interface:', 'ec2.address:'],
  because: 'moto leaves the interface of a deleted NAT gateway behind, address and all, and chooses private addresses itself',
  refusal: /Resource.AlreadyAssociated/,
};

export const gatewayTrials: readonly Trial[] = [
  trial('ec2.address', 'created', 'allocated', async ({ ec2: aws }) => {
    return () => place.address(aws);
  }),
  trial('ec2.address', 'created', 'allocated and associated', async ({ ec2: aws }) => {
    const NetworkInterfaceId = await place.networkInterface(aws, await place.subnet(aws, await place.vpc(aws)));
    return async () => aws.send(new ec2.AssociateAddressCommand({ AllocationId: await place.address(aws), NetworkInterfaceId }));
  }),
  trial(
    'ec2.address',
    'deleted',
    'released',
    async ({ ec2: aws }) => {
      const AllocationId = await place.address(aws);
      return () => aws.send(new ec2.ReleaseAddressCommand({ AllocationId }));
    },
    { lost: { paths: [], because: 'somebody else may have got the address' } },
  ),
  trial('ec2.address', 'modified', 'disassociated', async ({ ec2: aws }) => {
    const NetworkInterfaceId = await place.networkInterface(aws, await place.subnet(aws, await place.vpc(aws)));
    const AllocationId = await place.address(aws);
    const { AssociationId } = await aws.send(new ec2.AssociateAddressCommand({ AllocationId, NetworkInterfaceId }));
    return () => aws.send(new ec2.DisassociateAddressCommand({ AssociationId }));
  }),
  trial('ec2.address', 'modified', 'moved to another interface', async ({ ec2: aws }) => {
    const subnet = await place.subnet(aws, await place.vpc(aws));
    const [NetworkInterfaceId, other] = [await place.networkInterface(aws, subnet), await place.networkInterface(aws, subnet)];
    const AllocationId = await place.address(aws);
    await aws.send(new ec2.AssociateAddressCommand({ AllocationId, NetworkInterfaceId }));
    return () => aws.send(new ec2.AssociateAddressCommand({ AllocationId, NetworkInterfaceId: other, AllowReassociation: true }));
  }),
  trial('ec2.address', 'modified', 'tags', async ({ ec2: aws }) => {
    const id = await place.address(aws);
    return () => place.retag(aws, id);
  }),

  trial('ec2.customer-gateway', 'created', 'made', async ({ ec2: aws }) => {
    return () => place.customerGateway(aws);
  }),
  trial('ec2.customer-gateway', 'deleted', 'deleted', async ({ ec2: aws }) => {
    const CustomerGatewayId = await place.customerGateway(aws);
    return () => aws.send(new ec2.DeleteCustomerGatewayCommand({ CustomerGatewayId }));
  }),
  trial('ec2.customer-gateway', 'modified', 'tags', async ({ ec2: aws }) => {
    const id = await place.customerGateway(aws);
    return () => place.retag(aws, id);
  }),

  trial('ec2.egress-only-internet-gateway', 'created', 'made', async ({ ec2: aws }) => {
    const VpcId = await place.vpc(aws);
    return () => aws.send(new ec2.CreateEgressOnlyInternetGatewayCommand({ VpcId }));
  }),
  trial('ec2.egress-only-internet-gateway', 'deleted', 'deleted', async ({ ec2: aws }) => {
    const id = await egressOnly(aws);
    return () => aws.send(new ec2.DeleteEgressOnlyInternetGatewayCommand({ EgressOnlyInternetGatewayId: id }));
  }),
  trial('ec2.egress-only-internet-gateway', 'modified', 'tags', async ({ ec2: aws }) => {
    const id = await egressOnly(aws);
    return () => place.retag(aws, id);
  }),

  trial('ec2.internet-gateway', 'created', 'made and attached', async ({ ec2: aws }) => {
    const vpc = await place.vpc(aws);
    return () => place.internetGateway(aws, vpc);
  }),
  trial('ec2.internet-gateway', 'deleted', 'detached and deleted', async ({ ec2: aws }) => {
    const VpcId = await place.vpc(aws);
    const InternetGatewayId = await place.internetGateway(aws, VpcId);
    return async () => {
      await aws.send(new ec2.DetachInternetGatewayCommand({ InternetGatewayId, VpcId }));
      await aws.send(new ec2.DeleteInternetGatewayCommand({ InternetGatewayId }));
    };
  }),
  trial('ec2.internet-gateway', 'modified', 'detached', async ({ ec2: aws }) => {
    const VpcId = await place.vpc(aws);
    const InternetGatewayId = await place.internetGateway(aws, VpcId);
    return () => aws.send(new ec2.DetachInternetGatewayCommand({ InternetGatewayId, VpcId }));
  }),
  trial('ec2.internet-gateway', 'modified', 'attached', async ({ ec2: aws }) => {
    const VpcId = await place.vpc(aws);
    const InternetGatewayId = await place.internetGateway(aws);
    return () => aws.send(new ec2.AttachInternetGatewayCommand({ InternetGatewayId, VpcId }));
  }),
  trial('ec2.internet-gateway', 'modified', 'tags', async ({ ec2: aws }) => {
    const id = await place.internetGateway(aws);
    return () => place.retag(aws, id);
  }),

  trial(
    'ec2.nat-gateway',
    'created',
    'public',
    async ({ ec2: aws }) => {
      const SubnetId = await place.subnet(aws, await place.vpc(aws));
      const AllocationId = await place.address(aws);
      return () => aws.send(new ec2.CreateNatGatewayCommand({ SubnetId, AllocationId }));
    },
    { limit: LEFT_BEHIND },
  ),
  trial(
    'ec2.nat-gateway',
    'deleted',
    'public',
    async ({ ec2: aws }) => {
      const id = await natGateway(aws, { AllocationId: await place.address(aws) });
      return () => aws.send(new ec2.DeleteNatGatewayCommand({ NatGatewayId: id }));
    },
    { limit: LEFT_BEHIND },
  ),
  trial(
    'ec2.nat-gateway',
    'deleted',
    'private',
    async ({ ec2: aws }) => {
      const id = await natGateway(aws, { ConnectivityType: 'private', PrivateIpAddress: '10.0.1.77' });
      return () => aws.send(new ec2.DeleteNatGatewayCommand({ NatGatewayId: id }));
    },
    { limit: { ...LEFT_BEHIND, paths: [...LEFT_BEHIND.paths, '/natGatewayAddresses'] } },
  ),
  trial('ec2.nat-gateway', 'modified', 'tags', async ({ ec2: aws }) => {
    const id = await natGateway(aws, { ConnectivityType: 'private' });
    return () => place.retag(aws, id);
  }),
  trial('ec2.nat-gateway', 'modified', 'second address', async ({ ec2: aws }) => {
    const NatGatewayId = await natGateway(aws, { AllocationId: await place.address(aws) });
    const AllocationIds = [await place.address(aws)];
    return () => aws.send(new ec2.AssociateNatGatewayAddressCommand({ NatGatewayId, AllocationIds }));
  }),

  trial('ec2.vpn-gateway', 'created', 'made and attached', async ({ ec2: aws }) => {
    const vpc = await place.vpc(aws);
    return () => place.vpnGateway(aws, vpc);
  }),
  trial('ec2.vpn-gateway', 'deleted', 'detached and deleted', async ({ ec2: aws }) => {
    const VpcId = await place.vpc(aws);
    const VpnGatewayId = await place.vpnGateway(aws, VpcId);
    return async () => {
      await aws.send(new ec2.DetachVpnGatewayCommand({ VpnGatewayId, VpcId }));
      await aws.send(new ec2.DeleteVpnGatewayCommand({ VpnGatewayId }));
    };
  }),
  trial('ec2.vpn-gateway', 'modified', 'detached', async ({ ec2: aws }) => {
    const VpcId = await place.vpc(aws);
    const VpnGatewayId = await place.vpnGateway(aws, VpcId);
    return () => aws.send(new ec2.DetachVpnGatewayCommand({ VpnGatewayId, VpcId }));
  }),
  trial('ec2.vpn-gateway', 'modified', 'attached', async ({ ec2: aws }) => {
    const VpcId = await place.vpc(aws);
    const VpnGatewayId = await place.vpnGateway(aws);
    return () => aws.send(new ec2.AttachVpnGatewayCommand({ VpnGatewayId, VpcId }));
  }),
  trial('ec2.vpn-gateway', 'modified', 'tags', async ({ ec2: aws }) => {
    const id = await place.vpnGateway(aws);
    return () => place.retag(aws, id);
  }),

  trial('ec2.vpn-connection', 'created', 'made', async ({ ec2: aws }) => {
    const [customer, gateway] = [await place.customerGateway(aws), await place.vpnGateway(aws)];
    return () => vpnConnection(aws, customer, gateway);
  }),
  trial(
    'ec2.vpn-connection',
    'deleted',
    'deleted',
    async ({ ec2: aws }) => {
      const VpnConnectionId = await vpnConnection(aws, await place.customerGateway(aws), await place.vpnGateway(aws));
      return () => aws.send(new ec2.DeleteVpnConnectionCommand({ VpnConnectionId }));
    },
    { lost: { paths: ['/customerGatewayConfiguration', '/options/tunnelOptions'], because: 'AWS makes new keys and tunnel addresses' } },
  ),
  trial('ec2.vpn-connection', 'modified', 'static route', async ({ ec2: aws }) => {
    const VpnConnectionId = await vpnConnection(aws, await place.customerGateway(aws), await place.vpnGateway(aws));
    return () => aws.send(new ec2.CreateVpnConnectionRouteCommand({ VpnConnectionId, DestinationCidrBlock: '10.50.0.0/16' }));
  }),
  trial('ec2.vpn-connection', 'modified', 'customer gateway', async ({ ec2: aws }) => {
    const VpnConnectionId = await vpnConnection(aws, await place.customerGateway(aws), await place.vpnGateway(aws));
    const CustomerGatewayId = await place.customerGateway(aws, '192.0.2.2');
    return () => aws.send(new ec2.ModifyVpnConnectionCommand({ VpnConnectionId, CustomerGatewayId }));
  }),
  trial('ec2.vpn-connection', 'modified', 'tags', async ({ ec2: aws }) => {
    const id = await vpnConnection(aws, await place.customerGateway(aws), await place.vpnGateway(aws));
    return () => place.retag(aws, id);
  }),
];

async function egressOnly(aws: ec2.EC2Client): Promise<string> {
  const request = { VpcId: await place.vpc(aws), ...place.tagged('egress-only-internet-gateway') };
  const made = await aws.send(new ec2.CreateEgressOnlyInternetGatewayCommand(request));
  return known(made.EgressOnlyInternetGateway?.EgressOnlyInternetGatewayId);
}

async function natGateway(aws: ec2.EC2Client, request: Partial<ec2.CreateNatGatewayRequest>): Promise<string> {
  const SubnetId = await place.subnet(aws, await place.vpc(aws));
  const made = await aws.send(new ec2.CreateNatGatewayCommand({ SubnetId, ...request, ...place.tagged('natgateway') }));
  return known(made.NatGateway?.NatGatewayId);
}

async function vpnConnection(aws: ec2.EC2Client, CustomerGatewayId: string, VpnGatewayId: string): Promise<string> {
  const request = {
    Type: 'ipsec.1',
    CustomerGatewayId,
    VpnGatewayId,
    Options: { StaticRoutesOnly: true },
    ...place.tagged('vpn-connection'),
  };
  return known((await aws.send(new ec2.CreateVpnConnectionCommand(request))).VpnConnection?.VpnConnectionId);
}
