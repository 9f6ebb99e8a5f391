/** NAT gateways. */
import type { Json } from 'drifttrail';
import type { Cli } from '../../_aws/cli.ts';
import { note } from '../../_shell/words.ts';
import { ec2Kind } from '../definition.ts';
import { entriesOf, flagOf, membersOf, objectsOf, textOf } from '../document.ts';
import { isLeaving, standing } from '../states.ts';

const ARRIVING = new Set(['assigning', 'associating']);

export const natGateway = ec2Kind({
  type: 'nat-gateway',
  title: 'NAT gateway',
  operation: 'DescribeNatGateways',
  items: 'NatGateways',
  input: { MaxResults: 1000 },
  id: 'natGatewayId',
  // Listed for about an hour after they were deleted.
  gone: (item) => item.state === 'deleted' || item.state === 'deleting',
  shape: (item) => ({
    ...item,
    natGatewayAddresses: objectsOf(item, 'natGatewayAddresses')
      .filter((address) => !isLeaving(address, 'status'))
      .map((address) => (ARRIVING.has(textOf(address, 'status') ?? '') ? { ...address, status: 'succeeded' } : address)),
    ...(Array.isArray(item.attachedAppliances) ? { attachedAppliances: standing(item, 'attachedAppliances', 'attachmentState') } : {}),
  }),
  sets: [
    { path: '/attachedAppliances', key: ['applianceArn'] },
    { path: '/natGatewayAddresses', key: [['allocationId', 'privateIp', 'networkInterfaceId']] },
  ],
  undo: {
    created: (cli, id) => [cli('ec2 delete-nat-gateway', { 'nat-gateway-id': id })],
    deleted: (cli, before) => {
      const addresses = entriesOf(before, 'natGatewayAddresses').map(([, address]) => address);
      const primary = addresses.find((address) => flagOf(address, 'isPrimary') === true) ?? addresses[0];
      const others = addresses.filter((address) => address !== primary);
      const isPrivate = textOf(before, 'connectivityType') === 'private';
      const regional = textOf(before, 'availabilityMode') === 'regional';
      return [
        cli.capture(
          cli('ec2 create-nat-gateway', {
            'subnet-id': regional ? undefined : textOf(before, 'subnetId'),
            'vpc-id': regional ? textOf(before, 'vpcId') : undefined,
            'availability-mode': regional ? 'regional' : undefined,
            'allocation-id': regional ? undefined : textOf(primary, 'allocationId'),
            'private-ip-address': isPrivate ? textOf(primary, 'privateIp') : undefined,
            'secondary-allocation-ids': valuesOf(others, 'allocationId'),
            'secondary-private-ip-addresses': isPrivate ? valuesOf(others, 'privateIp') : [],
            'connectivity-type': textOf(before, 'connectivityType'),
          }),
          'NatGateway.NatGatewayId',
        ),
        note('give it the time to become available before routes lead to it'),
      ];
    },
    modified: (cli, change) => {
      const { added, removed } = membersOf(change, '/natGatewayAddresses');
      const isPrivate = textOf(change.before, 'connectivityType') === 'private';
      const [unwanted, wanted] = [added, removed].map((members) => members.map(([, address]) => address));
      return isPrivate
        ? restorePrivate(cli, change.ref.id, unwanted ?? [], wanted ?? [])
        : restorePublic(cli, change.ref.id, unwanted ?? [], wanted ?? []);
    },
  },
});

function valuesOf(addresses: readonly Json[], field: string): string[] {
  return addresses.flatMap((address) => textOf(address, field) ?? []);
}

function restorePublic(cli: Cli, id: string, unwanted: readonly Json[], wanted: readonly Json[]): string[] {
  const gateway = { 'nat-gateway-id': id };
  const ids = { associations: valuesOf(unwanted, 'associationId'), allocations: valuesOf(wanted, 'allocationId') };
  return [
    ...(ids.associations.length === 0
      ? []
      : [cli('ec2 disassociate-nat-gateway-address', { ...gateway, 'association-ids': ids.associations })]),
    ...(ids.allocations.length === 0 ? [] : [cli('ec2 associate-nat-gateway-address', { ...gateway, 'allocation-ids': ids.allocations })]),
  ];
}

function restorePrivate(cli: Cli, id: string, unwanted: readonly Json[], wanted: readonly Json[]): string[] {
  const gateway = { 'nat-gateway-id': id };
  const command = (what: string, addresses: readonly Json[]) => {
    const ips = valuesOf(addresses, 'privateIp');
    return ips.length === 0 ? [] : [cli(`ec2 ${what}-private-nat-gateway-address`, { ...gateway, 'private-ip-addresses': ips })];
  };
  return [...command('unassign', unwanted), ...command('assign', wanted)];
}
