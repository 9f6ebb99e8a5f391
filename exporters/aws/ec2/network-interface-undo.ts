/** How a network interface is made again, and its groups, addresses and attachment are put back. */
import type { Change, Json } from 'drifttrail';
import type { Cli } from '../../_aws/cli.ts';
import { note } from '../../_shell/words.ts';
import { attributeCommands, type Undo } from '../definition.ts';
import { entriesOf, fieldOf, flagOf, membersOf, textOf } from '../document.ts';

/** Sets of addresses: the field, and how the commands that give and take them are called. */
const ADDRESSES = [
  { field: 'privateIpAddresses', command: 'private-ip-addresses', option: 'private-ip-addresses' },
  { field: 'ipv6Addresses', command: 'ipv6-addresses', option: 'ipv6-addresses' },
  { field: 'ipv4Prefixes', command: 'private-ip-addresses', option: 'ipv4-prefixes' },
  { field: 'ipv6Prefixes', command: 'ipv6-addresses', option: 'ipv6-prefixes' },
] as const;
const ATTRIBUTES = { '/sourceDestCheck': 'source-dest-check', '/description': 'description' };

export const undoInterface: Undo = {
  created: (cli, id, after) => {
    if (isOfService(after)) return [note(`AWS made it for ${ownerOf(after)} and takes it away with that`)];
    const attachment = textOf(after, 'attachment', 'attachmentId');
    return [
      ...(attachment === undefined ? [] : [cli('ec2 detach-network-interface', { 'attachment-id': attachment })]),
      ...(attachment === undefined ? [] : [cli('ec2 wait network-interface-available', { 'network-interface-ids': id })]),
      cli('ec2 delete-network-interface', { 'network-interface-id': id }),
    ];
  },
  deleted: (cli, before) => {
    if (isOfService(before)) return [note(`AWS had made it for ${ownerOf(before)}: it comes back with that`)];
    if (fieldOf(before, 'attachment', 'deviceIndex') === 0) {
      return [note(`it was the first interface of ${textOf(before, 'attachment', 'instanceId')} and went with it`)];
    }
    return recreate(cli, before);
  },
  modified: (cli, change) => {
    const target = { 'network-interface-id': change.ref.id };
    const groups = membersOf(change, '/groups');
    return [
      ...(groups.added.length + groups.removed.length === 0
        ? []
        : [cli('ec2 modify-network-interface-attribute', { ...target, groups: entriesOf(change.before, 'groups').map(([id]) => id) })]),
      ...attributeCommands(change, ATTRIBUTES, (option, value) =>
        cli('ec2 modify-network-interface-attribute', { ...target, [option]: value }),
      ),
      ...restoreAddresses(cli, change),
      ...restoreAttachment(cli, change),
    ];
  },
};

function isOfService(config: Json): boolean {
  return flagOf(config, 'requesterManaged') === true;
}

function ownerOf(config: Json): string {
  return textOf(config, 'description') || textOf(config, 'interfaceType') || 'one of its services';
}

function recreate(cli: Cli, before: Json): string[] {
  const target = { 'network-interface-id': cli.newId };
  const type = textOf(before, 'interfaceType');
  const secondary = entriesOf(before, 'privateIpAddresses').filter(([, address]) => flagOf(address, 'primary') !== true);
  const more = ADDRESSES.map((set) => {
    const members = set.field === 'privateIpAddresses' ? secondary : entriesOf(before, set.field);
    return { ...set, members: members.map(([address]) => address) };
  });
  return [
    cli.capture(
      cli('ec2 create-network-interface', {
        'subnet-id': textOf(before, 'subnetId'),
        description: textOf(before, 'description') || undefined,
        'private-ip-address': textOf(before, 'privateIpAddress'),
        'interface-type': type === 'efa' || type === 'efa-only' || type === 'branch' || type === 'trunk' ? type : undefined,
        groups: entriesOf(before, 'groups').map(([id]) => id),
      }),
      'NetworkInterface.NetworkInterfaceId',
    ),
    ...more.flatMap(({ command, option, members }) =>
      members.length === 0 ? [] : [cli(`ec2 assign-${command}`, { ...target, [option]: members })],
    ),
    ...(flagOf(before, 'sourceDestCheck') === false
      ? [cli('ec2 modify-network-interface-attribute', { ...target, 'source-dest-check': false })]
      : []),
    ...(fieldOf(before, 'attachment') === undefined ? [] : [attach(cli, cli.newId, before)]),
  ];
}

function restoreAddresses(cli: Cli, change: Change): string[] {
  const target = { 'network-interface-id': change.ref.id };
  return ADDRESSES.flatMap(({ field, command, option }) => {
    const { added, removed } = membersOf(change, `/${field}`);
    const [unwanted, wanted] = [added.map(([address]) => address), removed.map(([address]) => address)];
    return [
      ...(unwanted.length === 0 ? [] : [cli(`ec2 unassign-${command}`, { ...target, [option]: unwanted })]),
      ...(wanted.length === 0 ? [] : [cli(`ec2 assign-${command}`, { ...target, [option]: wanted })]),
    ];
  });
}

function attach(cli: Cli, id: string | Cli['newId'], config: Json | undefined): string {
  const index = fieldOf(config, 'attachment', 'deviceIndex');
  return cli('ec2 attach-network-interface', {
    'network-interface-id': id,
    'instance-id': textOf(config, 'attachment', 'instanceId'),
    'device-index': typeof index === 'number' ? index : undefined,
  });
}

/** An attachment has an id of its own: the old one is not to be had again. */
function restoreAttachment(cli: Cli, change: Change): string[] {
  const [was, is] = [change.before, change.after].map((config) => textOf(config, 'attachment', 'attachmentId'));
  if (was !== is) {
    return [
      ...(is === undefined ? [] : [cli('ec2 detach-network-interface', { 'attachment-id': is })]),
      ...(is === undefined || was === undefined
        ? []
        : [cli('ec2 wait network-interface-available', { 'network-interface-ids': change.ref.id })]),
      ...(was === undefined ? [] : [attach(cli, change.ref.id, change.before)]),
    ];
  }
  const [wish, now] = [change.before, change.after].map((config) => flagOf(config, 'attachment', 'deleteOnTermination'));
  if (was === undefined || wish === undefined || wish === now) return [];
  const attachment = { json: { AttachmentId: was, DeleteOnTermination: wish } };
  return [cli('ec2 modify-network-interface-attribute', { 'network-interface-id': change.ref.id, attachment })];
}
