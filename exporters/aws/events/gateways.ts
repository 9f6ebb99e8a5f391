/** Internet, NAT, VPN and customer gateways, VPN connections and peerings; what goes leaves blackholes behind. */
import { type Effect, isObject, pointer, type Ref, valueAt } from 'drifttrail';
import { type Act, at, keysAt, list, seenFrom, text, texts, those } from './act.ts';
import { ASSOCIATED } from './addresses.ts';
import { blackholes, revived } from './routes.ts';
import { canonicalCidr } from './rule-key.ts';
import { create, created, ec2, ec2Ref, implied, remove, set, type Topic, unset } from './rules.ts';

const igw = (act: Act): Ref[] => ec2Ref(act, 'internet-gateway', text(act.request, 'internetGatewayId'));
const vgw = (act: Act): Ref[] => ec2Ref(act, 'vpn-gateway', text(act.request, 'vpnGatewayId'));

/** Both ends of a peering show it, each in its own account and region; only where the call was made is there an event. */
function ends(act: Act, id: string | undefined): Act[] {
  const [here] = ec2Ref(act, 'vpc-peering-connection', id);
  if (here === undefined) return [];
  const told = act.response.vpcPeeringConnection;
  const sides = [act.lookup.before(here), act.lookup.after(here), told].flatMap((config) =>
    ['requesterVpcInfo', 'accepterVpcInfo'].flatMap((side) => {
      const [account, region] = [text(at(config, side), 'ownerId'), text(at(config, side), 'region')];
      return account === undefined || region === undefined ? [] : [`${account} ${region}`];
    }),
  );
  const places = new Set([`${act.event.account} ${act.event.region}`, ...sides]);
  return [...places].map((place) => {
    const [account = '', region = ''] = place.split(' ');
    return seenFrom(act, account, region);
  });
}

const peeringId = (act: Act) => text(act.request, 'vpcPeeringConnectionId');
const peering = (act: Act): Ref[] => ends(act, peeringId(act)).flatMap((end) => ec2Ref(end, 'vpc-peering-connection', peeringId(act)));

/** Between a gateway and a VPC; the routes to the gateway work while they are attached. */
function attached(act: Act, refs: readonly Ref[], gatewayId: string | undefined, change: typeof set): Effect[] {
  const vpcId = text(act.request, 'vpcId');
  if (vpcId === undefined || gatewayId === undefined) return [];
  return [...change(refs, pointer('attachments', vpcId)), ...(change === set ? revived : blackholes)(act, { gatewayId })];
}

/** A deleted target: the resource itself and the routes that led there. */
function gone(act: Act, type: string, field: string, id: string | undefined): Effect[] {
  return id === undefined ? [] : [...remove(ec2Ref(act, type, id)), ...blackholes(act, { [field]: id })];
}

/** The interfaces that a gateway brings, known from its document, or from the answer for one that did not last. */
function interfacesOf(act: Act, type: string, id: string | undefined): Ref[] {
  const [ref] = ec2Ref(act, type, id);
  const text = ref === undefined ? '' : JSON.stringify([act.lookup.before(ref) ?? null, act.lookup.after(ref) ?? null, act.response]);
  return those(act, 'aws.ec2.network-interface', (_config, { id: eni }) => text.includes(`"${eni}"`));
}

/** Its addresses lose or gain an association. */
function addressesOf(act: Act, interfaces: readonly Ref[], allocation: string | undefined, change: typeof set): Effect[] {
  const ids = new Set(interfaces.map(({ id }) => id));
  const touched = those(
    act,
    'aws.ec2.address',
    (config, ref) => ref.id === allocation || ids.has(String(at(config, 'networkInterfaceId') ?? '')),
  );
  return ['associationId', ...ASSOCIATED].flatMap((field) => change(touched, pointer(field)));
}

/** The fields under one of which a NAT gateway's document has an address. */
const NAT_ADDRESS_IDS = ['allocationId', 'privateIp', 'networkInterfaceId'];

/** The answer has the addresses that came or went; the gateway's document knows those that only an id tells. */
function natAddresses(act: Act, asked: string, change: typeof set): Effect[] {
  const refs = ec2Ref(act, 'nat-gateway', text(act.request, 'natGatewayId'));
  const name = `${asked.charAt(0).toLowerCase()}${asked.slice(1)}`;
  const ids = new Set(texts(act.request[name] ?? null, name));
  const told = list(act.response.natGatewayAddressSet).flatMap((item) => text(item, ...NAT_ADDRESS_IDS) ?? []);
  const known = refs.flatMap((ref) => keysAt(act, ref, '/natGatewayAddresses', (address) => ids.has(text(address, 'associationId') ?? '')));
  const direct = name === 'associationId' ? [] : ids;
  const keys = [...new Set([...told, ...known, ...direct])];
  return [
    ...keys.flatMap((key) => change(refs, pointer('natGatewayAddresses', key))),
    ...(name === 'privateIpAddress' ? [] : implied('an address that a NAT gateway gains or loses', addressesNamed(act, keys, change))),
  ];
}

function addressesNamed(act: Act, allocations: readonly string[], change: typeof set): Effect[] {
  const refs = allocations.filter((id) => id.startsWith('eipalloc-')).flatMap((id) => ec2Ref(act, 'address', id));
  return ['associationId', ...ASSOCIATED].flatMap((field) => change(refs, pointer(field)));
}

const accepted = (act: Act): Effect[] => [...set(peering(act), '/status'), ...set(peering(act), '/accepterVpcInfo/**')];

export const gateways: Topic = {
  kinds: [
    'aws.ec2.internet-gateway',
    'aws.ec2.egress-only-internet-gateway',
    'aws.ec2.nat-gateway',
    'aws.ec2.vpn-gateway',
    'aws.ec2.customer-gateway',
    'aws.ec2.vpn-connection',
    'aws.ec2.vpc-peering-connection',
    'aws.ec2.route-table',
    'aws.ec2.address',
    'aws.ec2.network-interface',
    'aws.ec2.transit-gateway-attachment',
  ],
  rules: [
    ec2('CreateInternetGateway', (act) =>
      created(act, ec2Ref(act, 'internet-gateway', text(act.response, 'internetGateway.internetGatewayId'))),
    ),
    ec2('AttachInternetGateway', (act) => attached(act, igw(act), text(act.request, 'internetGatewayId'), set)),
    ec2('DetachInternetGateway', (act) => attached(act, igw(act), text(act.request, 'internetGatewayId'), unset)),
    ec2('DeleteInternetGateway', (act) => gone(act, 'internet-gateway', 'gatewayId', text(act.request, 'internetGatewayId'))),
    ec2('CreateEgressOnlyInternetGateway', (act) =>
      created(
        act,
        ec2Ref(act, 'egress-only-internet-gateway', text(act.response, 'egressOnlyInternetGateway.egressOnlyInternetGatewayId')),
      ),
    ),
    ec2('DeleteEgressOnlyInternetGateway', (act) =>
      gone(act, 'egress-only-internet-gateway', 'egressOnlyInternetGatewayId', text(act.request, 'egressOnlyInternetGatewayId')),
    ),
    ec2('CreateNatGateway', (act) => {
      const id = text(act.response, 'natGateway.natGatewayId');
      const interfaces = interfacesOf(act, 'nat-gateway', id);
      return created(
        act,
        ec2Ref(act, 'nat-gateway', id),
        implied(
          'the interface of a new NAT gateway',
          interfaces.map((ref) => ({ ref, op: 'create', path: '' })),
        ),
        implied('the address of a new NAT gateway', addressesOf(act, interfaces, text(act.request, 'allocationId'), set)),
        implied('the route table of a regional NAT gateway', create(tableOf(act, text(act.response, 'natGateway.routeTableId')))),
      );
    }),
    ec2('DeleteNatGateway', (act) => {
      const id = text(act.request, 'natGatewayId') ?? text(act.response, 'natGatewayId');
      const interfaces = interfacesOf(act, 'nat-gateway', id);
      return [
        ...gone(act, 'nat-gateway', 'natGatewayId', id),
        ...implied('the interface of a deleted NAT gateway', remove(interfaces)),
        ...implied('the address of a deleted NAT gateway', addressesOf(act, interfaces, undefined, unset)),
        ...ec2Ref(act, 'nat-gateway', id).flatMap((ref) =>
          implied('the route table of a regional NAT gateway', remove(tableOf(act, text(act.lookup.before(ref), 'routeTableId')))),
        ),
      ];
    }),
    ec2('AssociateNatGatewayAddress', (act) => natAddresses(act, 'AllocationId', set)),
    ec2('DisassociateNatGatewayAddress', (act) => natAddresses(act, 'AssociationId', unset)),
    ec2('AssignPrivateNatGatewayAddress', (act) => natAddresses(act, 'PrivateIpAddress', set)),
    ec2('UnassignPrivateNatGatewayAddress', (act) => natAddresses(act, 'PrivateIpAddress', unset)),
    ec2('CreateVpnGateway', (act) => created(act, ec2Ref(act, 'vpn-gateway', text(act.response, 'vpnGateway.vpnGatewayId')))),
    ec2('AttachVpnGateway', (act) => attached(act, vgw(act), text(act.request, 'vpnGatewayId'), set)),
    ec2('DetachVpnGateway', (act) => attached(act, vgw(act), text(act.request, 'vpnGatewayId'), unset)),
    ec2('DeleteVpnGateway', (act) => gone(act, 'vpn-gateway', 'gatewayId', text(act.request, 'vpnGatewayId'))),
    ec2('CreateCustomerGateway', (act) =>
      created(act, ec2Ref(act, 'customer-gateway', text(act.response, 'customerGateway.customerGatewayId'))),
    ),
    ec2('DeleteCustomerGateway', (act) => remove(ec2Ref(act, 'customer-gateway', text(act.request, 'customerGatewayId')))),
    ec2('CreateVpnConnection', (act) => {
      const id = text(act.response, 'vpnConnection.vpnConnectionId');
      return created(
        act,
        ec2Ref(act, 'vpn-connection', id),
        implied('a new VPN’s transit gateway attachment', create(attachmentsOf(act, id))),
      );
    }),
    ec2('DeleteVpnConnection', (act) => {
      const id = text(act.request, 'vpnConnectionId');
      return [
        ...remove(ec2Ref(act, 'vpn-connection', id)),
        ...implied('a deleted VPN’s transit gateway attachment', remove(attachmentsOf(act, id))),
      ];
    }),
    ...['ModifyVpnConnection', 'ModifyVpnConnectionOptions', 'ModifyVpnTunnelOptions', 'ModifyVpnTunnelCertificate'].map((name) =>
      ec2(name, (act) => set(ec2Ref(act, 'vpn-connection', text(act.request, 'vpnConnectionId')), '/**')),
    ),
    ec2('CreateVpnConnectionRoute', (act) => vpnRoute(act, set)),
    ec2('DeleteVpnConnectionRoute', (act) => vpnRoute(act, unset)),
    ec2('CreateVpcPeeringConnection', (act) =>
      ends(act, text(act.response, 'vpcPeeringConnection.vpcPeeringConnectionId')).flatMap((end, index) => {
        const refs = ec2Ref(end, 'vpc-peering-connection', text(act.response, 'vpcPeeringConnection.vpcPeeringConnectionId'));
        // The tags stay with who asked.
        return index === 0 ? created(end, refs) : create(refs);
      }),
    ),
    ec2('AcceptVpcPeeringConnection', (act) => [
      ...accepted(act),
      // Its requester sees the same connection in another account; here it may appear only now.
      ...implied(
        'a peering asked for by another account',
        peering(act)
          .filter((ref) => act.lookup.before(ref) === undefined)
          .map((ref) => ({ ref, op: 'create', path: '' })),
      ),
      ...revivedOver(act),
    ]),
    ec2('RejectVpcPeeringConnection', (act) => [
      ...set(peering(act), '/status'),
      ...implied('a rejected peering goes away', remove(peering(act))),
    ]),
    ec2('DeleteVpcPeeringConnection', (act) =>
      ends(act, peeringId(act)).flatMap((end) => gone(end, 'vpc-peering-connection', 'vpcPeeringConnectionId', peeringId(act))),
    ),
    ec2('ModifyVpcPeeringConnectionOptions', (act) => [
      ...peeringOptions(act, 'accepterPeeringConnectionOptions', 'accepterVpcInfo'),
      ...peeringOptions(act, 'requesterPeeringConnectionOptions', 'requesterVpcInfo'),
    ]),
  ],
};

function tableOf(act: Act, id: string | undefined): Ref[] {
  return id?.startsWith('rtb-') === true ? ec2Ref(act, 'route-table', id) : [];
}

function vpnRoute(act: Act, change: typeof set): Effect[] {
  const cidr = text(act.request, 'destinationCidrBlock');
  const refs = ec2Ref(act, 'vpn-connection', text(act.request, 'vpnConnectionId'));
  return cidr === undefined ? [] : change(refs, pointer('routes', canonicalCidr(cidr)));
}

/** What a VPN brings when it ends at a transit gateway. */
export function attachmentsOf(act: Act, id: string | undefined): Ref[] {
  return id === undefined ? [] : those(act, 'aws.ec2.transit-gateway-attachment', (config) => at(config, 'resourceId') === id);
}

function revivedOver(act: Act): Effect[] {
  const id = peeringId(act);
  return id === undefined ? [] : ends(act, id).flatMap((end) => revived(end, { vpcPeeringConnectionId: id }));
}

function peeringOptions(act: Act, field: string, side: string): Effect[] {
  const options = valueAt(act.request, pointer(field));
  if (!isObject(options)) return [];
  return Object.entries(options).flatMap(([name, value]) => set(peering(act), pointer(side, 'peeringOptions', name), value));
}
