/** Transit gateway route tables, with their routes. */
import type { Json, JsonObject } from 'drifttrail';
import { type Argument, capture, NEW_ID } from '../../_aws/cli.ts';
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

function target(route: Json): Record<string, Argument> {
  const attachment = textOf(objectsOf(route, 'transitGatewayAttachments')[0], 'transitGatewayAttachmentId');
  return attachment === undefined ? { blackhole: true } : { 'transit-gateway-attachment-id': attachment };
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
    created: (cli, id) => [cli('ec2 delete-transit-gateway-route-table', { 'transit-gateway-route-table-id': id })],
    deleted: (cli, before) => [
      capture(
        cli('ec2 create-transit-gateway-route-table', { 'transit-gateway-id': textOf(before, 'transitGatewayId') }),
        'TransitGatewayRouteTable.TransitGatewayRouteTableId',
      ),
      ...entriesOf(before, 'routes')
        .filter(([, route]) => isStatic(route))
        .map(([to, route]) =>
          cli('ec2 create-transit-gateway-route', {
            'transit-gateway-route-table-id': NEW_ID,
            'destination-cidr-block': to,
            ...target(route),
          }),
        ),
    ],
    modified: (cli, change) => {
      const { added, removed, changed } = membersOf(change, '/routes');
      const table = { 'transit-gateway-route-table-id': change.ref.id };
      const propagations = membersOf(change, '/propagations');
      const propagation = (what: 'enable' | 'disable') => (member: readonly [string, Json]) =>
        cli(`ec2 ${what}-transit-gateway-route-table-propagation`, { ...table, 'transit-gateway-attachment-id': member[0] });
      return [
        ...added
          .filter(([, route]) => isStatic(route))
          .map(([to]) => cli('ec2 delete-transit-gateway-route', { ...table, 'destination-cidr-block': to })),
        ...removed
          .filter(([, route]) => isStatic(route))
          .map(([to, route]) => cli('ec2 create-transit-gateway-route', { ...table, 'destination-cidr-block': to, ...target(route) })),
        ...changed
          .filter(({ before }) => isStatic(before))
          .map(({ key, before }) =>
            cli('ec2 replace-transit-gateway-route', { ...table, 'destination-cidr-block': key, ...target(before) }),
          ),
        ...propagations.removed.map(propagation('enable')),
        ...propagations.added.map(propagation('disable')),
      ];
    },
  },
});
