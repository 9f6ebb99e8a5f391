/** Every type the exporter reads: one line, one file. */
import type { AwsKind } from './definition.ts';
import { address } from './ec2/address.ts';
import { customerGateway } from './ec2/customer-gateway.ts';
import { dhcpOptions } from './ec2/dhcp-options.ts';
import { egressOnlyInternetGateway } from './ec2/egress-only-internet-gateway.ts';
import { flowLog } from './ec2/flow-log.ts';
import { internetGateway } from './ec2/internet-gateway.ts';
import { managedPrefixList } from './ec2/managed-prefix-list.ts';
import { natGateway } from './ec2/nat-gateway.ts';
import { networkAcl } from './ec2/network-acl.ts';
import { networkInterface } from './ec2/network-interface.ts';
import { routeTable } from './ec2/route-table.ts';
import { securityGroup } from './ec2/security-group.ts';
import { subnet } from './ec2/subnet.ts';
import { transitGatewayAttachment } from './ec2/transit-gateway-attachment.ts';
import { transitGatewayRouteTable } from './ec2/transit-gateway-route-table.ts';
import { transitGateway } from './ec2/transit-gateway.ts';
import { vpcEndpoint } from './ec2/vpc-endpoint.ts';
import { vpcPeeringConnection } from './ec2/vpc-peering-connection.ts';
import { vpc } from './ec2/vpc.ts';
import { vpnConnection } from './ec2/vpn-connection.ts';
import { vpnGateway } from './ec2/vpn-gateway.ts';
import { account } from './iam/account.ts';
import { attachedManagedPolicy } from './iam/attached-managed-policy.ts';
import { group } from './iam/group.ts';
import { instanceProfile } from './iam/instance-profile.ts';
import { mfaDevice } from './iam/mfa-device.ts';
import { oidcProvider } from './iam/oidc-provider.ts';
import { policy } from './iam/policy.ts';
import { role } from './iam/role.ts';
import { samlProvider } from './iam/saml-provider.ts';
import { user } from './iam/user.ts';

export const awsKinds: readonly AwsKind[] = [
  address,
  customerGateway,
  dhcpOptions,
  egressOnlyInternetGateway,
  flowLog,
  internetGateway,
  managedPrefixList,
  natGateway,
  networkAcl,
  networkInterface,
  routeTable,
  securityGroup,
  subnet,
  transitGatewayAttachment,
  transitGatewayRouteTable,
  transitGateway,
  vpcEndpoint,
  vpcPeeringConnection,
  vpc,
  vpnConnection,
  vpnGateway,
  account,
  attachedManagedPolicy,
  group,
  instanceProfile,
  mfaDevice,
  oidcProvider,
  policy,
  role,
  samlProvider,
  user,
];
