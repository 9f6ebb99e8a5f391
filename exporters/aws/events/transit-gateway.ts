/** Transit gateways, attachments and their route tables. */
import { type Effect, type Json, type JsonObject, pointer, type Ref } from 'drifttrail';
import { type Act, at, keysAt, list, seenFrom, text, those } from './act.ts';
import { canonicalCidr } from './rule-key.ts';
import { attachmentsOf } from './gateways.ts';
import { blackholes } from './routes.ts';
import { create, created, ec2, ec2Ref, implied, remove, set, type Topic, unset } from './rules.ts';

const gateway = (act: Act): Ref[] => ec2Ref(act, 'transit-gateway', text(act.request, 'transitGatewayId'));
const asked = (act: Act): string | undefined => text(act.request, 'transitGatewayAttachmentId');
const attachment = (act: Act): Ref[] => ec2Ref(act, 'transit-gateway-attachment', asked(act));
const table = (act: Act): Ref[] => ec2Ref(act, 'transit-gateway-route-table', text(act.request, 'transitGatewayRouteTableId'));

/** Attachment calls differ by what is attached; the answer is named after it. */
const ATTACHED = ['Vpc', 'Peering', 'Connect', 'ClientVpn'] as const;

/** What brings an attachment along when it is made to end at a gateway: where the answer has its id, and where a deletion has it. */
const BRINGERS = [
  ['VpnConcentrator', 'vpnConcentrator.vpnConcentratorId', 'vpnConcentratorId'],
  ['ClientVpnEndpoint', 'clientVpnEndpointId', 'clientVpnEndpointId'],
] as const;

function setRoute(act: Act): Effect[] {
  const cidr = text(act.request, 'destinationCidrBlock');
  return cidr === undefined ? [] : set(table(act), pointer('routes', canonicalCidr(cidr)), routeValue(act));
}

function routeValue(act: Act): JsonObject {
  const to = text(act.request, 'transitGatewayAttachmentId');
  if (text(act.request, 'blackhole') === 'true') return { type: 'static', state: 'blackhole' };
  return { type: 'static', ...(to === undefined ? {} : { transitGatewayAttachments: [{ transitGatewayAttachmentId: to }] }) };
}

/** A reference to a prefix list stands under the list's id, or as a route for each of its entries. */
function referenceRoutes(act: Act, change: typeof set): Effect[] {
  const list = text(act.request, 'prefixListId');
  if (list === undefined) return [];
  return table(act).flatMap((ref) => {
    const entries = keysAt(act, ref, '/routes', (route) => at(route, 'prefixListId') === list);
    const value = change === set ? routeValue(act) : undefined;
    return [...new Set([list, ...entries])].flatMap((key) => change([ref], pointer('routes', key), value));
  });
}

/** What an attachment brings to route tables and takes along: its place in them, and the routes that it tells or that lead to it. */
function inTables(act: Act, id: string | undefined, change: typeof set): Effect[] {
  if (id === undefined) return [];
  const tables = those(act, 'aws.ec2.transit-gateway-route-table', () => true);
  return tables.flatMap((ref) => [
    ...['associations', 'propagations'].flatMap((field) =>
      keysAt(act, ref, pointer(field), () => true)
        .filter((key) => key === id)
        .flatMap((key) => change([ref], pointer(field, key))),
    ),
    ...propagated(act, ref, id).flatMap((key) => change([ref], pointer('routes', key))),
    ...(change === set
      ? []
      : keysAt(act, ref, '/routes', (route) => at(route, 'type') === 'static' && leadsTo(route, id)).flatMap((key) => [
          ...set([ref], pointer('routes', key, 'state'), 'blackhole'),
          ...unset([ref], pointer('routes', key, 'transitGatewayAttachments')),
        ])),
  ]);
}

const leadsTo = (route: Json, id: string): boolean =>
  list(at(route, 'transitGatewayAttachments')).some((item) => text(item, 'transitGatewayAttachmentId') === id);

const propagated = (act: Act, ref: Ref, id: string): string[] =>
  keysAt(act, ref, '/routes', (route) => at(route, 'type') === 'propagated' && leadsTo(route, id));

/** The tables of the attached VPC lose their way into the gateway. */
function lostWay(act: Act): Effect[] {
  const [ref] = attachment(act);
  const config = ref === undefined ? undefined : act.lookup.before(ref);
  const [gatewayId, vpcId] = [text(config, 'transitGatewayId'), text(config, 'resourceId', 'vpcId')];
  if (gatewayId === undefined || vpcId === undefined) return [];
  const tables = those(act, 'aws.ec2.route-table', (table) => at(table, 'vpcId') === vpcId);
  return blackholes(act, { transitGatewayId: gatewayId }, tables);
}

/** Whose an attachment and its gateway are: both see it. */
const OWNERS = ['transitGatewayOwnerId', 'resourceOwnerId'];

/**
 * A peering attachment is seen from both of its gateways, which stand in two regions; one to a gateway that another account
 * shares is seen by that account, too.
 */
function ends(act: Act, id: string | undefined): Ref[] {
  const [here] = ec2Ref(act, 'transit-gateway-attachment', id);
  if (here === undefined) return [];
  const told = [act.response.transitGatewayPeeringAttachment, act.lookup.before(here), act.lookup.after(here)];
  const others = told.flatMap((config) =>
    ['requesterTgwInfo', 'accepterTgwInfo'].flatMap((side) => {
      const [account, region] = [text(at(config, side), 'ownerId'), text(at(config, side), 'region')];
      return account === undefined || region === undefined ? [] : ec2Ref(seenFrom(act, account, region), 'transit-gateway-attachment', id);
    }),
  );
  const owners = told.slice(1).flatMap((config) => OWNERS.flatMap((field) => text(config, field) ?? []));
  for (const owner of owners) others.push(...ec2Ref(seenFrom(act, owner, act.event.region), 'transit-gateway-attachment', id));
  return [...new Map([here, ...others].map((ref) => [ref.scope, ref])).values()];
}

const blackhole = (act: Act): Effect[] => {
  const id = text(act.request, 'transitGatewayId');
  return id === undefined ? [] : blackholes(act, { transitGatewayId: id });
};

/** A new gateway comes with its default route table; association and propagation may use two. */
function defaultTables(act: Act): Ref[] {
  const options = 'transitGateway.options';
  const ids = [
    text(act.response, `${options}.associationDefaultRouteTableId`),
    text(act.response, `${options}.propagationDefaultRouteTableId`),
  ];
  return [...new Set(ids)].flatMap((id) => ec2Ref(act, 'transit-gateway-route-table', id));
}

const membership = (path: 'associations' | 'propagations', change: typeof set) => (act: Act) => {
  const id = text(act.request, 'transitGatewayAttachmentId');
  if (id === undefined) return [];
  const follows =
    path === 'associations'
      ? implied('the attachment shows its route table', set(attachment(act), '/association/**'))
      : implied(
          'the routes that an attachment propagates',
          table(act).flatMap((ref) => propagated(act, ref, id).flatMap((key) => change([ref], pointer('routes', key)))),
        );
  return [...change(table(act), pointer(path, id)), ...follows];
};

/** Gateways put what is attached into their default tables. */
const attach = (act: Act, refs: readonly Ref[], change: typeof set): Effect[] =>
  implied(
    'the route tables of an attachment',
    refs.flatMap(({ id }) => inTables(act, id, change)),
  );

/** The interfaces that an attachment comes to have, or has no more, in the subnets of a VPC: their description ends with its id. */
function interfacesOf(act: Act, refs: readonly Ref[]): Effect[] {
  const own = refs.flatMap(({ id }) =>
    those(act, 'aws.ec2.network-interface', (config) => String(at(config, 'description') ?? '').endsWith(` ${id}`)),
  );
  const come = own.filter((ref) => act.lookup.before(ref) === undefined);
  const gone = own.filter((ref) => act.lookup.after(ref) === undefined);
  return implied('the interfaces of an attachment', create(come), remove(gone));
}

/** Deleting a gateway takes its route tables along. */
function tablesOf(act: Act): Ref[] {
  const id = text(act.request, 'transitGatewayId');
  return id === undefined ? [] : those(act, 'aws.ec2.transit-gateway-route-table', (config) => at(config, 'transitGatewayId') === id);
}

export const transitGateways: Topic = {
  kinds: [
    'aws.ec2.transit-gateway',
    'aws.ec2.transit-gateway-attachment',
    'aws.ec2.transit-gateway-route-table',
    'aws.ec2.route-table',
    'aws.ec2.network-interface',
  ],
  rules: [
    ec2('CreateTransitGateway', (act) =>
      created(
        act,
        ec2Ref(act, 'transit-gateway', text(act.response, 'transitGateway.transitGatewayId')),
        implied('the default route table of a new transit gateway', create(defaultTables(act))),
      ),
    ),
    ec2('ModifyTransitGateway', (act) => [
      ...set(gateway(act), '/options/**'),
      ...set(gateway(act), '/description', text(act.request, 'description')),
    ]),
    ec2('DeleteTransitGateway', (act) => [
      ...remove(gateway(act)),
      ...implied('deleted together with its transit gateway', remove(tablesOf(act))),
      ...blackhole(act),
    ]),
    ...ATTACHED.flatMap((what) => [
      ec2(`CreateTransitGateway${what === 'Connect' ? 'Connect' : `${what}Attachment`}`, (act) => {
        const [here, ...elsewhere] = ends(act, attachmentId(act, what));
        const refs = here === undefined ? [] : [here];
        return [...created(act, refs, attach(act, refs, set)), ...create(elsewhere), ...interfacesOf(act, refs)];
      }),
      ec2(`DeleteTransitGateway${what === 'Connect' ? 'Connect' : `${what}Attachment`}`, (act) => [
        ...remove(ends(act, asked(act))),
        ...attach(act, attachment(act), unset),
        ...interfacesOf(act, attachment(act)),
        ...lostWay(act),
      ]),
      ec2(`AcceptTransitGateway${what}Attachment`, (act) => [
        ...set(ends(act, asked(act)), '/state'),
        ...implied('the attachment shows its route table', set(attachment(act), '/association/**')),
        ...attach(act, attachment(act), set),
        ...interfacesOf(act, attachment(act)),
      ]),
      ec2(`RejectTransitGateway${what}Attachment`, (act) => [
        ...set(ends(act, asked(act)), '/state'),
        ...implied('a rejected attachment goes away', remove(ends(act, asked(act)))),
      ]),
    ]),
    ...BRINGERS.flatMap(([what, made, named]) => [
      ec2(`Create${what}`, (act) => {
        const told = ec2Ref(act, 'transit-gateway-attachment', text(act.response, 'vpnConcentrator.transitGatewayAttachmentId'));
        return implied('the attachment of what ends at a gateway', create([...told, ...attachmentsOf(act, text(act.response, made))]));
      }),
      ec2(`Delete${what}`, (act) =>
        implied('the attachment of what ended at a gateway', remove(attachmentsOf(act, text(act.request, named)))),
      ),
    ]),
    ec2('ModifyTransitGatewayVpcAttachment', (act) => [
      ...set(attachment(act), '/options/**'),
      ...set(attachment(act), '/subnetIds/**'),
      ...interfacesOf(act, attachment(act)),
    ]),
    ec2('CreateTransitGatewayRouteTable', (act) =>
      created(act, ec2Ref(act, 'transit-gateway-route-table', text(act.response, 'transitGatewayRouteTable.transitGatewayRouteTableId'))),
    ),
    ec2('DeleteTransitGatewayRouteTable', (act) => remove(table(act))),
    ec2('CreateTransitGatewayRoute', setRoute),
    ec2('ReplaceTransitGatewayRoute', setRoute),
    ec2('DeleteTransitGatewayRoute', (act) => {
      const cidr = text(act.request, 'destinationCidrBlock');
      return cidr === undefined ? [] : unset(table(act), pointer('routes', canonicalCidr(cidr)));
    }),
    ec2('CreateTransitGatewayPrefixListReference', (act) => referenceRoutes(act, set)),
    ec2('ModifyTransitGatewayPrefixListReference', (act) => referenceRoutes(act, set)),
    ec2('DeleteTransitGatewayPrefixListReference', (act) => referenceRoutes(act, unset)),
    ec2('AssociateTransitGatewayRouteTable', membership('associations', set)),
    ec2('DisassociateTransitGatewayRouteTable', membership('associations', unset)),
    ec2('EnableTransitGatewayRouteTablePropagation', membership('propagations', set)),
    ec2('DisableTransitGatewayRouteTablePropagation', membership('propagations', unset)),
  ],
};

function attachmentId(act: Act, what: (typeof ATTACHED)[number]): string | undefined {
  const name = what === 'Connect' ? 'transitGatewayConnect' : `transitGateway${what}Attachment`;
  return text(act.response, `${name}.transitGatewayAttachmentId`);
}
