/** Transit gateway route tables, with their routes. */
import type { Json, JsonObject } from 'drifttrail';
import { type Argument, type Cli, waitUntil } from '../../_aws/cli.ts';
import { note } from '../../_shell/words.ts';
import { ec2Kind, type Reader } from '../definition.ts';
import { entriesOf, keyed, membersOf, objectsOf, textOf } from '../document.ts';
import { isLeaving } from '../states.ts';

async function withRoutes(tables: readonly JsonObject[], reader: Reader): Promise<JsonObject[]> {
  return reader.each(tables, async (table) => {
    const TransitGatewayRouteTableId = table.transitGatewayRouteTableId ?? '';
    const [routes, associations, propagations] = await Promise.all([
      reader.all('SearchTransitGatewayRoutes', 'Routes', {
        TransitGatewayRouteTableId,
        Filters: [{ Name: 'type', Values: ['static', 'propagated'] }],
        MaxResults: 1000,
      }),
      reader.all('GetTransitGatewayRouteTableAssociations', 'Associations', { TransitGatewayRouteTableId, MaxResults: 1000 }),
      reader.all('GetTransitGatewayRouteTablePropagations', 'TransitGatewayRouteTablePropagations', {
        TransitGatewayRouteTableId,
        MaxResults: 1000,
      }),
    ]);
    return {
      ...table,
      routes: routes
        .filter((route) => !isLeaving(route, 'state'))
        .map((route) => (route.state === 'pending' ? { ...route, state: 'active' } : route)),
      associations: membersIn(associations),
      propagations: membersIn(propagations),
    };
  });
}

/** Which attachments use the table, and which write their routes into it, by their id. */
function membersIn(attachments: readonly JsonObject[]): JsonObject {
  return keyed(
    attachments.filter((attachment) => !isLeaving(attachment, 'state')),
    'transitGatewayAttachmentId',
  );
}

/** Undefined when the answer did not tell where the route leads: a black hole in its place would be worse than none. */
function target(route: Json): Record<string, Argument> | undefined {
  const attachment = textOf(objectsOf(route, 'transitGatewayAttachments')[0], 'transitGatewayAttachmentId');
  if (attachment !== undefined) return { 'transit-gateway-attachment-id': attachment };
  return textOf(route, 'state') === 'blackhole' ? { blackhole: true } : undefined;
}

function member(table: Argument, attachment: string): Record<string, Argument> {
  return { 'transit-gateway-route-table-id': table, 'transit-gateway-attachment-id': attachment };
}

/** A route to a prefix list has commands of its own. */
function routeCommand(cli: Cli, what: 'create' | 'replace' | 'delete', table: Argument, to: string, route: Json): string {
  const where = what === 'delete' ? {} : target(route);
  if (where === undefined) return note(`where the route to ${to} led was not told: it must be made by hand`);
  const from = { 'transit-gateway-route-table-id': table };
  if (!to.startsWith('pl-')) return cli(`ec2 ${what}-transit-gateway-route`, { ...from, 'destination-cidr-block': to, ...where });
  const verb = what === 'replace' ? 'modify' : what;
  return cli(`ec2 ${verb}-transit-gateway-prefix-list-reference`, { ...from, 'prefix-list-id': to, ...where });
}

const isStatic = (route: Json) => textOf(route, 'type') === 'static';

export const transitGatewayRouteTable = ec2Kind({
  type: 'transit-gateway-route-table',
  title: 'transit gateway route table',
  operation: 'DescribeTransitGatewayRouteTables',
  items: 'TransitGatewayRouteTables',
  input: { MaxResults: 1000 },
  id: 'transitGatewayRouteTableId',
  also: ['SearchTransitGatewayRoutes', 'GetTransitGatewayRouteTableAssociations', 'GetTransitGatewayRouteTablePropagations'],
  gone: (item) => item.state === 'deleted' || item.state === 'deleting',
  prepare: withRoutes,
  sets: [{ path: '/routes', key: [['destinationCidrBlock', 'prefixListId']] }, { path: '/routes/*/transitGatewayAttachments' }],
  undo: {
    created: (cli, id, after) => [
      ...entriesOf(after, 'associations').map(([attachment]) =>
        cli('ec2 disassociate-transit-gateway-route-table', member(id, attachment)),
      ),
      cli('ec2 delete-transit-gateway-route-table', { 'transit-gateway-route-table-id': id }),
    ],
    deleted: (cli, before) => {
      const state = cli('ec2 describe-transit-gateway-route-tables', { 'transit-gateway-route-table-ids': cli.newId });
      return [
        cli.capture(
          cli('ec2 create-transit-gateway-route-table', { 'transit-gateway-id': textOf(before, 'transitGatewayId') }),
          'TransitGatewayRouteTable.TransitGatewayRouteTableId',
        ),
        waitUntil(state, 'TransitGatewayRouteTables[0].State', 'available'),
        ...entriesOf(before, 'associations').map(([attachment]) =>
          cli('ec2 associate-transit-gateway-route-table', member(cli.newId, attachment)),
        ),
        ...entriesOf(before, 'propagations').map(([attachment]) =>
          cli('ec2 enable-transit-gateway-route-table-propagation', member(cli.newId, attachment)),
        ),
        ...entriesOf(before, 'routes')
          .filter(([, route]) => isStatic(route))
          .map(([to, route]) => routeCommand(cli, 'create', cli.newId, to, route)),
      ];
    },
    modified: (cli, change) => {
      const { added, removed, changed } = membersOf(change, '/routes');
      const { id } = change.ref;
      const associations = membersOf(change, '/associations');
      const propagations = membersOf(change, '/propagations');
      const propagation =
        (what: 'enable' | 'disable') =>
        ([attachment]: readonly [string, Json]) =>
          cli(`ec2 ${what}-transit-gateway-route-table-propagation`, member(id, attachment));
      return [
        ...added.filter(([, route]) => isStatic(route)).map(([to, route]) => routeCommand(cli, 'delete', id, to, route)),
        ...removed.filter(([, route]) => isStatic(route)).map(([to, route]) => routeCommand(cli, 'create', id, to, route)),
        // A route that was propagated before comes back when the static one in its place is gone.
        ...changed
          .filter(({ before, after }) => isStatic(before) || isStatic(after))
          .map(({ key, before, after }) =>
            isStatic(before)
              ? routeCommand(cli, isStatic(after) ? 'replace' : 'create', id, key, before)
              : routeCommand(cli, 'delete', id, key, after),
          ),
        ...propagations.removed.map(propagation('enable')),
        ...propagations.added.map(propagation('disable')),
        ...(associations.added.length + associations.removed.length === 0 ? [] : [note('which attachments use it is told by those')]),
      ];
    },
  },
});
