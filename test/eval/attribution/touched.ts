/**
 * Which kinds to look at after a call. Looking at all of them after each one would take most of the time; a change
 * elsewhere that this leaves out stands out at the next snapshot, as one that no call made.
 */
import { awsKinds } from '../../../exporters/aws/kinds.ts';

const ALL: readonly string[] = awsKinds.map(({ type }) => type);
const ec2 = (...types: readonly string[]) => types.map((type) => `ec2.${type}`);
const iam = (...types: readonly string[]) => types.map((type) => `iam.${type}`);

/** The first that fits. */
const TOUCHED: readonly (readonly [RegExp, readonly string[]])[] = [
  [/SecurityGroup/, ec2('security-group', 'network-interface')],
  [/VpcEndpoint/, ec2('vpc-endpoint', 'route-table', 'network-interface')],
  [/VpcPeering/, ec2('vpc-peering-connection', 'route-table')],
  [/TransitGateway/, [...ALL.filter((type) => type.startsWith('ec2.transit-gateway')), ...ec2('route-table', 'network-interface')]],
  [/EgressOnly/, ec2('egress-only-internet-gateway', 'route-table')],
  [/InternetGateway/, ec2('internet-gateway', 'route-table')],
  [/NatGateway/, ec2('nat-gateway', 'network-interface', 'address', 'route-table', 'subnet')],
  [/Route/, ec2('route-table', 'vpc-endpoint')],
  [/NetworkAcl/, ec2('network-acl')],
  [/Subnet/, ec2('subnet', 'network-acl', 'route-table')],
  [/PrefixList/, ec2('managed-prefix-list')],
  [/Address/, ec2('address', 'network-interface')],
  [/VpcAttribute/, ec2('vpc')],
  [/AccountPasswordPolicy|AccountAlias/, iam('account')],
  [/InstanceProfile/, iam('instance-profile', 'role')],
  [/Role|AssumeRolePolicy/, iam('role', 'instance-profile', 'attached-managed-policy', 'policy')],
  [/User|AccessKey|LoginProfile|MFA/, iam('user', 'group', 'mfa-device', 'account', 'attached-managed-policy', 'policy')],
  [/Group/, iam('group', 'user', 'attached-managed-policy', 'policy')],
  [/Policy/, iam('policy')],
];

/** Types such as `ec2.route-table`; of a call that is not listed all of its service. */
export function touchedBy(eventName: string, service: 'ec2' | 'iam'): readonly string[] {
  const known = TOUCHED.find(([name, [type = '']]) => name.test(eventName) && type.startsWith(service))?.[1];
  return known ?? ALL.filter((type) => type.startsWith(service));
}
