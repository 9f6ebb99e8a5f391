/** Transit gateways, attachments and their route tables. */
import { type Effect, pointer, type Ref } from 'drifttrail';
import { type Act, text } from './act.ts';
import { blackholes } from './routes.ts';
import { create, created, ec2, ec2Ref, implied, remove, set, type Topic, unset } from './rules.ts';

const gateway = (act: Act): Ref[] => ec2Ref(act, 'transit-gateway', text(act.request, 'transitGatewayId'));
const attachment = (act: Act): Ref[] => ec2Ref(act, 'transit-gateway-attachment', text(act.request, 'transitGatewayAttachmentId'));
const table = (act: Act): Ref[] => ec2Ref(act, 'transit-gateway-route-table', text(act.request, 'transitGatewayRouteTableId'));

/** Attachment calls differ by what is attached; the answer is named after it. */
const ATTACHED = ['Vpc', 'Peering', 'Connect'] as const;

function setRoute(act: Act): Effect[] {
  const cidr = text(act.request, 'destinationCidrBlock');
  return cidr === undefined ? [] : set(table(act), pointer('routes', cidr));
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

const membership = (path: string, change: typeof set) => (act: Act) => {
  const id = text(act.request, 'transitGatewayAttachmentId');
  return id === undefined
    ? []
    : [
        ...change(table(act), pointer(path, id)),
        ...implied('the attachment shows its route table', set(attachment(act), '/association/**')),
      ];
};

export const transitGateways: Topic = {
  kinds: ['aws.ec2.transit-gateway', 'aws.ec2.transit-gateway-attachment', 'aws.ec2.transit-gateway-route-table', 'aws.ec2.route-table'],
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
    ec2('DeleteTransitGateway', (act) => [...remove(gateway(act)), ...blackhole(act)]),
    ...ATTACHED.flatMap((what) => [
      ec2(`CreateTransitGateway${what === 'Connect' ? 'Connect' : `${what}Attachment`}`, (act) =>
        created(act, ec2Ref(act, 'transit-gateway-attachment', attachmentId(act, what))),
      ),
      ec2(`DeleteTransitGateway${what === 'Connect' ? 'Connect' : `${what}Attachment`}`, (act) => remove(attachment(act))),
      ec2(`AcceptTransitGateway${what}Attachment`, (act) => set(attachment(act), '/state')),
      ec2(`RejectTransitGateway${what}Attachment`, (act) => set(attachment(act), '/state')),
    ]),
    ec2('ModifyTransitGatewayVpcAttachment', (act) => [...set(attachment(act), '/options/**'), ...set(attachment(act), '/subnetIds/**')]),
    ec2('CreateTransitGatewayRouteTable', (act) =>
      created(act, ec2Ref(act, 'transit-gateway-route-table', text(act.response, 'transitGatewayRouteTable.transitGatewayRouteTableId'))),
    ),
    ec2('DeleteTransitGatewayRouteTable', (act) => remove(table(act))),
    ec2('CreateTransitGatewayRoute', setRoute),
    ec2('ReplaceTransitGatewayRoute', setRoute),
    ec2('DeleteTransitGatewayRoute', (act) => {
      const cidr = text(act.request, 'destinationCidrBlock');
      return cidr === undefined ? [] : unset(table(act), pointer('routes', cidr));
    }),
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
