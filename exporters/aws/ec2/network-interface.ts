/** Network interfaces: where addresses and security groups meet. */
import { ec2Kind } from '../definition.ts';
import { omit, textOf } from '../document.ts';
import { isLeaving } from '../states.ts';
import { undoInterface } from './network-interface-undo.ts';

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
  undo: undoInterface,
});
