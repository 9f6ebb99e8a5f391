/** Route tables: routes under their destination, associations under their id. */
import type { Json } from 'drifttrail';
import { type Argument, type Cli, output } from '../../_aws/cli.ts';
import { note } from '../../_shell/words.ts';
import { ec2Kind } from '../definition.ts';
import { entriesOf, fieldOf, flagOf, keyed, keysAs, membersOf, objectsOf, omit, textOf } from '../document.ts';
import { isLeaving } from '../states.ts';

// Which field of a route is which option of the command; a route to an instance names its interface too.
const TARGETS: readonly (readonly [string, string])[] = [
  ['natGatewayId', 'nat-gateway-id'],
  ['transitGatewayId', 'transit-gateway-id'],
  ['vpcPeeringConnectionId', 'vpc-peering-connection-id'],
  ['networkInterfaceId', 'network-interface-id'],
  ['egressOnlyInternetGatewayId', 'egress-only-internet-gateway-id'],
  ['localGatewayId', 'local-gateway-id'],
  ['carrierGatewayId', 'carrier-gateway-id'],
  ['coreNetworkArn', 'core-network-arn'],
  ['odbNetworkArn', 'odb-network-arn'],
  ['instanceId', 'instance-id'],
];

function target(route: Json): Record<string, Argument> {
  for (const [field, option] of TARGETS) {
    const value = textOf(route, field);
    if (value !== undefined) return { [option]: value };
  }
  const gateway = textOf(route, 'gatewayId');
  if (gateway === 'local') return { 'local-target': true };
  return { [gateway?.startsWith('vpce-') ? 'vpc-endpoint-id' : 'gateway-id']: gateway };
}

/** A gateway endpoint makes its own routes: they come and go with the endpoint's list of route tables. */
function endpointRoute(cli: Cli, table: string, route: Json, list: 'add' | 'remove'): string | undefined {
  const gateway = textOf(route, 'gatewayId');
  if (textOf(route, 'destinationPrefixListId') === undefined || !gateway?.startsWith('vpce-')) return undefined;
  return cli('ec2 modify-vpc-endpoint', { 'vpc-endpoint-id': gateway, [`${list}-route-table-ids`]: table });
}

function destination(route: Json): Record<string, Argument> {
  return {
    'destination-cidr-block': textOf(route, 'destinationCidrBlock'),
    'destination-ipv6-cidr-block': textOf(route, 'destinationIpv6CidrBlock'),
    'destination-prefix-list-id': textOf(route, 'destinationPrefixListId'),
  };
}

/** Routes that people make; the others come with the VPC or are propagated. */
function isMade(route: Json): boolean {
  return textOf(route, 'origin') === 'CreateRoute';
}

function isMain(table: Json | undefined): boolean {
  return entriesOf(table, 'associations').some(([, association]) => flagOf(association, 'main') === true);
}

function associate(cli: Cli, table: Argument, association: Json, vpc: string | undefined): string {
  if (flagOf(association, 'main') !== true) {
    return cli('ec2 associate-route-table', {
      'route-table-id': table,
      'subnet-id': textOf(association, 'subnetId'),
      'gateway-id': textOf(association, 'gatewayId'),
    });
  }
  // The main association has another id since it moved: look it up.
  const current = cli('ec2 describe-route-tables', { filters: [`Name=vpc-id,Values=${vpc}`, 'Name=association.main,Values=true'] });
  return cli('ec2 replace-route-table-association', {
    'association-id': output(current, 'RouteTables[0].Associations[?Main].RouteTableAssociationId | [0]'),
    'route-table-id': table,
  });
}

export const routeTable = ec2Kind({
  type: 'route-table',
  title: 'route table',
  operation: 'DescribeRouteTables',
  items: 'RouteTables',
  input: { MaxResults: 100 },
  id: 'routeTableId',
  shape: (item) => ({
    ...item,
    associations: keyed(
      objectsOf(item, 'associations')
        .filter((association) => !isLeaving(association, 'associationState', 'state'))
        // Only a failure tells more than that the association is there.
        .map((association) =>
          textOf(association, 'associationState', 'state') === 'failed' ? association : omit(association, 'associationState'),
        ),
      'routeTableAssociationId',
      'routeTableId',
    ),
    propagatingVgws: keyed(objectsOf(item, 'propagatingVgws'), 'gatewayId'),
  }),
  sets: [{ path: '/routes', key: [['destinationCidrBlock', 'destinationIpv6CidrBlock', 'destinationPrefixListId']] }],
  secondaryIds: (config) => keysAs(config, 'associations', (id) => `/associations/${id}`),
  undo: {
    created: (cli, id, after) => [
      ...entriesOf(after, 'associations')
        .filter(([, association]) => flagOf(association, 'main') !== true)
        .map(([association]) => cli('ec2 disassociate-route-table', { 'association-id': association })),
      ...(isMain(after)
        ? [note('it is the main route table: the undo of the one that was makes that main again and must come first')]
        : []),
      cli('ec2 delete-route-table', { 'route-table-id': id }),
    ],
    deleted: (cli, before) => {
      if (isMain(before)) return [note('a main route table comes back with its VPC, without the routes that were added to it')];
      return [
        cli.capture(cli('ec2 create-route-table', { 'vpc-id': textOf(before, 'vpcId') }), 'RouteTable.RouteTableId'),
        ...entriesOf(before, 'routes')
          .filter(([, route]) => isMade(route))
          .filter(([, route]) => endpointRoute(cli, '', route, 'add') === undefined)
          .map(([, route]) => cli('ec2 create-route', { 'route-table-id': cli.newId, ...destination(route), ...target(route) })),
        ...entriesOf(before, 'propagatingVgws').map(([gateway]) =>
          cli('ec2 enable-vgw-route-propagation', { 'route-table-id': cli.newId, 'gateway-id': gateway }),
        ),
        ...entriesOf(before, 'associations').map(([, association]) => associate(cli, cli.newId, association, textOf(before, 'vpcId'))),
      ];
    },
    modified: (cli, change) => {
      const { id } = change.ref;
      const table = { 'route-table-id': id };
      const routes = membersOf(change, '/routes');
      const associations = membersOf(change, '/associations');
      const gateways = membersOf(change, '/propagatingVgws');
      const vpc = textOf(change.before, 'vpcId');
      return [
        // What was taken away first: that is what somebody is waiting for.
        ...routes.removed
          .filter(([, route]) => isMade(route))
          .map(
            ([, route]) =>
              endpointRoute(cli, id, route, 'add') ?? cli('ec2 create-route', { ...table, ...destination(route), ...target(route) }),
          ),
        ...routes.added
          .filter(([, route]) => isMade(route))
          .map(([, route]) => endpointRoute(cli, id, route, 'remove') ?? cli('ec2 delete-route', { ...table, ...destination(route) })),
        ...routes.changed
          .filter(({ before, after }) => JSON.stringify(target(before)) !== JSON.stringify(target(after)))
          .map(({ before }) => cli('ec2 replace-route', { ...table, ...destination(before), ...target(before) })),
        ...associations.added
          .filter(([, association]) => fieldOf(association, 'main') !== true)
          .map(([association]) => cli('ec2 disassociate-route-table', { 'association-id': association })),
        ...associations.removed.map(([, association]) => associate(cli, change.ref.id, association, vpc)),
        ...associations.removed
          .flatMap(([, association]) => textOf(association, 'subnetId') ?? [])
          .map((subnet) => note(`should ${subnet} have another route table by now, undo that first`)),
        ...(isMain(change.after) && !isMain(change.before)
          ? [note('it is the main route table now: the undo of the one that was makes that main again')]
          : []),
        ...gateways.added.map(([gateway]) => cli('ec2 disable-vgw-route-propagation', { ...table, 'gateway-id': gateway })),
        ...gateways.removed.map(([gateway]) => cli('ec2 enable-vgw-route-propagation', { ...table, 'gateway-id': gateway })),
      ];
    },
  },
});
