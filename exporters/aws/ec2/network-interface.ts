/** Network interfaces: where addresses and security groups meet. */
import { capture } from '../../_aws/cli.ts';
import { attributeCommands, ec2Kind } from '../definition.ts';
import { entriesOf, membersOf, omit, textOf } from '../document.ts';
import { isLeaving } from '../states.ts';

export const networkInterface = ec2Kind({
  type: 'network-interface',
  title: 'network interface',
  operation: 'DescribeNetworkInterfaces',
  items: 'NetworkInterfaces',
  input: { MaxResults: 1000 },
  id: 'networkInterfaceId',
  // The one type of EC2 whose tags are called otherwise.
  shape: (item) => {
    const leaving = isLeaving(item.attachment, 'status');
    const status = leaving ? 'available' : item.status === 'attaching' ? 'in-use' : item.status;
    return {
      ...omit(item, 'tagSet', ...(leaving ? ['attachment'] : [])),
      ...(status === undefined ? {} : { status }),
      tags: item.tagSet ?? [],
    };
  },
  sets: [
    { path: '/groups', key: ['groupId'], value: 'groupName' },
    { path: '/privateIpAddresses', key: ['privateIpAddress'] },
    { path: '/ipv6Addresses', key: ['ipv6Address'] },
    { path: '/ipv4Prefixes', key: ['ipv4Prefix'] },
    { path: '/ipv6Prefixes', key: ['ipv6Prefix'] },
    { path: '/associatedSubnets' },
  ],
  secondaryIds: (config) => {
    const attachment = textOf(config, 'attachment', 'attachmentId');
    const association = textOf(config, 'association', 'associationId');
    return {
      ...(attachment === undefined ? {} : { [attachment]: '/attachment' }),
      ...(association === undefined ? {} : { [association]: '/association' }),
    };
  },
  // Instances are not exported: what runs on one is the host exporter's to tell.
  sights: (config) => {
    const id = textOf(config, 'attachment', 'instanceId');
    const names = [textOf(config, 'privateDnsName'), textOf(config, 'privateIpAddress'), textOf(config, 'association', 'publicIp')];
    if (id === undefined || id === '') return [];
    return [{ title: 'EC2 instance', id, aliases: names.flatMap((name) => (name === undefined || name === '' ? [] : [name])) }];
  },
  undo: {
    created: (cli, id) => [cli('ec2 delete-network-interface', { 'network-interface-id': id })],
    deleted: (cli, before) => [
      capture(
        cli('ec2 create-network-interface', {
          'subnet-id': textOf(before, 'subnetId'),
          description: textOf(before, 'description') || undefined,
          'private-ip-address': textOf(before, 'privateIpAddress'),
          groups: entriesOf(before, 'groups').map(([id]) => id),
        }),
        'NetworkInterface.NetworkInterfaceId',
      ),
    ],
    modified: (cli, change) => {
      const target = { 'network-interface-id': change.ref.id };
      const { added, removed } = membersOf(change, '/groups');
      const addresses = membersOf(change, '/privateIpAddresses');
      return [
        ...(added.length + removed.length === 0
          ? []
          : [cli('ec2 modify-network-interface-attribute', { ...target, groups: entriesOf(change.before, 'groups').map(([id]) => id) })]),
        ...attributeCommands(change, { '/sourceDestCheck': 'source-dest-check', '/description': 'description' }, (option, value) =>
          cli('ec2 modify-network-interface-attribute', { ...target, [option]: value }),
        ),
        ...(addresses.added.length === 0
          ? []
          : [cli('ec2 unassign-private-ip-addresses', { ...target, 'private-ip-addresses': addresses.added.map(([ip]) => ip) })]),
        ...(addresses.removed.length === 0
          ? []
          : [cli('ec2 assign-private-ip-addresses', { ...target, 'private-ip-addresses': addresses.removed.map(([ip]) => ip) })]),
      ];
    },
  },
});
