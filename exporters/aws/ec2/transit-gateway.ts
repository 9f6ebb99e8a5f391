/** Transit gateways. */
import type { Json, JsonObject } from 'drifttrail';
import type { Argument } from '../../_aws/cli.ts';
import { ec2Kind } from '../definition.ts';
import { defined, fieldOf, membersOf, textOf, textsOf } from '../document.ts';

// The options that may be modified, and how the API spells them.
const OPTIONS: readonly (readonly [string, string])[] = [
  ['autoAcceptSharedAttachments', 'AutoAcceptSharedAttachments'],
  ['defaultRouteTableAssociation', 'DefaultRouteTableAssociation'],
  ['defaultRouteTablePropagation', 'DefaultRouteTablePropagation'],
  ['dnsSupport', 'DnsSupport'],
  ['vpnEcmpSupport', 'VpnEcmpSupport'],
  ['securityGroupReferencingSupport', 'SecurityGroupReferencingSupport'],
];
/** Its own tables: another gateway has others. */
const TABLES: readonly (readonly [string, string])[] = [
  ['associationDefaultRouteTableId', 'AssociationDefaultRouteTableId'],
  ['propagationDefaultRouteTableId', 'PropagationDefaultRouteTableId'],
];

/** Options that are told at the start and never again. */
const FIXED: readonly (readonly [string, string])[] = [
  ['amazonSideAsn', 'AmazonSideAsn'],
  ['multicastSupport', 'MulticastSupport'],
];

function optionsOf(config: Json | undefined, names: typeof OPTIONS, differentFrom?: Json): JsonObject {
  return defined(
    Object.fromEntries(
      names.map(([field, name]) => {
        const value = fieldOf(config, 'options', field);
        return [name, value === fieldOf(differentFrom, 'options', field) ? undefined : value];
      }),
    ),
  );
}

function created(before: Json): JsonObject {
  const blocks = textsOf(before, 'options', 'transitGatewayCidrBlocks');
  return { ...optionsOf(before, [...FIXED, ...OPTIONS]), ...(blocks.length === 0 ? {} : { TransitGatewayCidrBlocks: blocks }) };
}

function argument(options: JsonObject): Argument {
  return Object.keys(options).length === 0 ? undefined : { json: options };
}

function blocksArgument(members: readonly (readonly [string, Json])[], name: string): JsonObject {
  return members.length === 0 ? {} : { [name]: members.map(([block]) => block) };
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
      cli.capture(
        cli('ec2 create-transit-gateway', { description: textOf(before, 'description') || undefined, options: argument(created(before)) }),
        'TransitGateway.TransitGatewayId',
      ),
    ],
    modified: (cli, change) => {
      const description = textOf(change.before, 'description');
      const blocks = membersOf(change, '/options/transitGatewayCidrBlocks');
      const options = argument({
        ...optionsOf(change.before, [...OPTIONS, ...TABLES], change.after),
        ...blocksArgument(blocks.removed, 'AddTransitGatewayCidrBlocks'),
        ...blocksArgument(blocks.added, 'RemoveTransitGatewayCidrBlocks'),
      });
      const described = description === textOf(change.after, 'description') ? undefined : description;
      if (options === undefined && described === undefined) return [];
      return [cli('ec2 modify-transit-gateway', { 'transit-gateway-id': change.ref.id, description: described, options })];
    },
  },
});
