/** Internet, NAT, VPN and customer gateways, VPN connections and peerings; what goes leaves blackholes behind. */
import { type Effect, isObject, pointer, type Ref, valueAt } from 'drifttrail';
import { type Act, at, text, those } from './act.ts';
import { blackholes, routesTo } from './routes.ts';
import { created, ec2, ec2Ref, implied, remove, set, type Topic, unset } from './rules.ts';

const igw = (act: Act): Ref[] => ec2Ref(act, 'internet-gateway', text(act.request, 'internetGatewayId'));
const vgw = (act: Act): Ref[] => ec2Ref(act, 'vpn-gateway', text(act.request, 'vpnGatewayId'));
const peering = (act: Act): Ref[] => ec2Ref(act, 'vpc-peering-connection', text(act.request, 'vpcPeeringConnectionId'));

function attachment(act: Act, refs: readonly Ref[], change: typeof set): Effect[] {
  const vpcId = text(act.request, 'vpcId');
  return vpcId === undefined ? [] : change(refs, pointer('attachments', vpcId));
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
function addressesOf(act: Act, interfaces: readonly Ref[], allocation: string | undefined): Effect[] {
  const ids = new Set(interfaces.map(({ id }) => id));
  const touched = those(
    act,
    'aws.ec2.address',
    (config, ref) => ref.id === allocation || ids.has(String(at(config, 'networkInterfaceId') ?? '')),
  );
  return ['associationId', 'networkInterfaceId', 'privateIpAddress', 'networkInterfaceOwnerId'].flatMap((field) =>
    set(touched, pointer(field)),
  );
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
  ],
  rules: [
    ec2('CreateInternetGateway', (act) =>
      created(act, ec2Ref(act, 'internet-gateway', text(act.response, 'internetGateway.internetGatewayId'))),
    ),
    ec2('AttachInternetGateway', (act) => attachment(act, igw(act), set)),
    ec2('DetachInternetGateway', (act) => {
      const id = text(act.request, 'internetGatewayId');
      return [...attachment(act, igw(act), unset), ...(id === undefined ? [] : blackholes(act, { gatewayId: id }))];
    }),
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
        implied('the address of a new NAT gateway', addressesOf(act, interfaces, text(act.request, 'allocationId'))),
      );
    }),
    ec2('DeleteNatGateway', (act) => {
      const id = text(act.request, 'natGatewayId') ?? text(act.response, 'natGatewayId');
      const interfaces = interfacesOf(act, 'nat-gateway', id);
      return [
        ...gone(act, 'nat-gateway', 'natGatewayId', id),
        ...implied('the interface of a deleted NAT gateway', remove(interfaces)),
        ...implied('the address of a deleted NAT gateway', addressesOf(act, interfaces, undefined)),
      ];
    }),
    ec2('CreateVpnGateway', (act) => created(act, ec2Ref(act, 'vpn-gateway', text(act.response, 'vpnGateway.vpnGatewayId')))),
    ec2('AttachVpnGateway', (act) => attachment(act, vgw(act), set)),
    ec2('DetachVpnGateway', (act) => attachment(act, vgw(act), unset)),
    ec2('DeleteVpnGateway', (act) => gone(act, 'vpn-gateway', 'gatewayId', text(act.request, 'vpnGatewayId'))),
    ec2('CreateCustomerGateway', (act) =>
      created(act, ec2Ref(act, 'customer-gateway', text(act.response, 'customerGateway.customerGatewayId'))),
    ),
    ec2('DeleteCustomerGateway', (act) => remove(ec2Ref(act, 'customer-gateway', text(act.request, 'customerGatewayId')))),
    ec2('CreateVpnConnection', (act) => created(act, ec2Ref(act, 'vpn-connection', text(act.response, 'vpnConnection.vpnConnectionId')))),
    ec2('DeleteVpnConnection', (act) => remove(ec2Ref(act, 'vpn-connection', text(act.request, 'vpnConnectionId')))),
    ...['ModifyVpnConnection', 'ModifyVpnConnectionOptions', 'ModifyVpnTunnelOptions', 'ModifyVpnTunnelCertificate'].map((name) =>
      ec2(name, (act) => set(ec2Ref(act, 'vpn-connection', text(act.request, 'vpnConnectionId')), '/**')),
    ),
    ...(['CreateVpnConnectionRoute', 'DeleteVpnConnectionRoute'] as const).map((name) =>
      ec2(name, (act) => set(ec2Ref(act, 'vpn-connection', text(act.request, 'vpnConnectionId')), '/routes/**')),
    ),
    ec2('CreateVpcPeeringConnection', (act) =>
      created(act, ec2Ref(act, 'vpc-peering-connection', text(act.response, 'vpcPeeringConnection.vpcPeeringConnectionId'))),
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
      ...implied('routes over a peering that is active again', revived(act)),
    ]),
    ec2('RejectVpcPeeringConnection', (act) => [
      ...set(peering(act), '/status'),
      ...implied('a rejected peering goes away', remove(peering(act))),
    ]),
    ec2('DeleteVpcPeeringConnection', (act) =>
      gone(act, 'vpc-peering-connection', 'vpcPeeringConnectionId', text(act.request, 'vpcPeeringConnectionId')),
    ),
    ec2('ModifyVpcPeeringConnectionOptions', (act) => [
      ...peeringOptions(act, 'accepterPeeringConnectionOptions', 'accepterVpcInfo'),
      ...peeringOptions(act, 'requesterPeeringConnectionOptions', 'requesterVpcInfo'),
    ]),
  ],
};

function revived(act: Act): Effect[] {
  const id = text(act.request, 'vpcPeeringConnectionId');
  return id === undefined
    ? []
    : routesTo(act, { vpcPeeringConnectionId: id }).flatMap(({ ref, path }) => set([ref], `${path}/state`, 'active'));
}

function peeringOptions(act: Act, field: string, side: string): Effect[] {
  const options = valueAt(act.request, pointer(field));
  if (!isObject(options)) return [];
  return Object.entries(options).flatMap(([name, value]) => set(peering(act), pointer(side, 'peeringOptions', name), value));
}
