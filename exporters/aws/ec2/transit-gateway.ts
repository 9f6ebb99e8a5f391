/** Transit gateways. */
import { type Argument, capture } from '../../_aws/cli.ts';
import { ec2Kind } from '../definition.ts';
import { type fieldOf, textOf } from '../document.ts';

// The options that may be modified, and how the API spells them.
const OPTIONS: readonly (readonly [string, string])[] = [
  ['autoAcceptSharedAttachments', 'AutoAcceptSharedAttachments'],
  ['defaultRouteTableAssociation', 'DefaultRouteTableAssociation'],
  ['defaultRouteTablePropagation', 'DefaultRouteTablePropagation'],
  ['dnsSupport', 'DnsSupport'],
  ['vpnEcmpSupport', 'VpnEcmpSupport'],
];

function optionsOf(config: Parameters<typeof fieldOf>[0], differentFrom?: Parameters<typeof fieldOf>[0]): Argument {
  const options = OPTIONS.flatMap(([field, name]) => {
    const value = textOf(config, 'options', field);
    return value === undefined || value === textOf(differentFrom, 'options', field) ? [] : [[name, value] as const];
  });
  return options.length === 0 ? undefined : { json: Object.fromEntries(options) };
}

export const transitGateway = ec2Kind({
  type: 'transit-gateway',
  title: 'transit gateway',
  operation: 'DescribeTransitGateways',
  items: 'TransitGateways',
  input: { MaxResults: 1000 },
  id: 'transitGatewayId',
  gone: (item) => item.state === 'deleted' || item.state === 'deleting',
  sets: [{ path: '/options/transitGatewayCidrBlocks' }],
  undo: {
    created: (cli, id) => [cli('ec2 delete-transit-gateway', { 'transit-gateway-id': id })],
    deleted: (cli, before) => [
      capture(
        cli('ec2 create-transit-gateway', { description: textOf(before, 'description'), options: optionsOf(before) }),
        'TransitGateway.TransitGatewayId',
      ),
    ],
    modified: (cli, change) => {
      const description = textOf(change.before, 'description');
      const options = optionsOf(change.before, change.after);
      const described = description === textOf(change.after, 'description') ? undefined : description;
      if (options === undefined && described === undefined) return [];
      return [cli('ec2 modify-transit-gateway', { 'transit-gateway-id': change.ref.id, description: described, options })];
    },
  },
});
