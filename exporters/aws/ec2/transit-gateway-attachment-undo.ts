/** How what hangs on a transit gateway is attached again, by the type of what is attached. */
import type { Change, Json } from 'drifttrail';
import { type Argument, type Cli, waitUntil } from '../../_aws/cli.ts';
import { note } from '../../_shell/words.ts';
import type { Undo } from '../definition.ts';
import { defined, differs, membersOf, textOf, textsOf } from '../document.ts';

/** The commands that take an attachment away; all others go with what is attached. */
const DELETES: Readonly<Record<string, string>> = {
  vpc: 'ec2 delete-transit-gateway-vpc-attachment',
  peering: 'ec2 delete-transit-gateway-peering-attachment',
  connect: 'ec2 delete-transit-gateway-connect',
};

export const undoAttachment: Undo = {
  created: (cli, id, after) => {
    const type = textOf(after, 'resourceType') ?? '';
    const command = DELETES[type];
    if (command === undefined) return [note(`it goes with the ${type} ${textOf(after, 'resourceId') ?? ''}`)];
    return [cli(command, { 'transit-gateway-attachment-id': id })];
  },
  deleted: (cli, before) => {
    const type = textOf(before, 'resourceType') ?? '';
    const create = CREATES[type];
    if (create === undefined) return [note(`it comes back with the ${type} ${textOf(before, 'resourceId') ?? ''}`)];
    return [...create(cli, before), note('its association, propagations and routes are told by the transit gateway route tables')];
  },
  modified: (cli, change) => {
    const { added, removed } = membersOf(change, '/subnetIds');
    const options = differs(change, '/options') ? optionsOf(change.before, change.after) : undefined;
    const subnets = added.length + removed.length > 0;
    return [
      ...(subnets || options !== undefined
        ? [
            cli('ec2 modify-transit-gateway-vpc-attachment', {
              'transit-gateway-attachment-id': change.ref.id,
              'add-subnet-ids': removed.map(([id]) => id),
              'remove-subnet-ids': added.map(([id]) => id),
              options,
            }),
          ]
        : []),
      ...restoreAssociation(cli, change),
    ];
  },
};

const CREATES: Readonly<Record<string, (cli: Cli, before: Json) => string[]>> = {
  vpc: (cli, before) => [
    cli.capture(
      cli('ec2 create-transit-gateway-vpc-attachment', {
        'transit-gateway-id': textOf(before, 'transitGatewayId'),
        'vpc-id': textOf(before, 'resourceId'),
        'subnet-ids': textsOf(before, 'subnetIds'),
        options: optionsOf(before),
      }),
      'TransitGatewayVpcAttachment.TransitGatewayAttachmentId',
    ),
  ],
  peering: (cli, before) => [
    cli.capture(
      cli('ec2 create-transit-gateway-peering-attachment', {
        'transit-gateway-id': textOf(before, 'requesterTgwInfo', 'transitGatewayId'),
        'peer-transit-gateway-id': textOf(before, 'accepterTgwInfo', 'transitGatewayId'),
        'peer-account-id': textOf(before, 'accepterTgwInfo', 'ownerId'),
        'peer-region': textOf(before, 'accepterTgwInfo', 'region'),
      }),
      'TransitGatewayPeeringAttachment.TransitGatewayAttachmentId',
    ),
    note('the other side must accept it'),
  ],
  connect: (cli, before) => [
    cli.capture(
      cli('ec2 create-transit-gateway-connect', {
        'transport-transit-gateway-attachment-id': textOf(before, 'transportTransitGatewayAttachmentId'),
        options: { json: { Protocol: textOf(before, 'options', 'protocol') ?? 'gre' } },
      }),
      'TransitGatewayConnect.TransitGatewayAttachmentId',
    ),
    note('its Connect peers must be made again'),
  ],
};

const OPTIONS = {
  DnsSupport: 'dnsSupport',
  Ipv6Support: 'ipv6Support',
  ApplianceModeSupport: 'applianceModeSupport',
  SecurityGroupReferencingSupport: 'securityGroupReferencingSupport',
};

function optionsOf(config: Json | undefined, differentFrom?: Json): Argument {
  const options = defined(
    Object.fromEntries(
      Object.entries(OPTIONS).map(([name, field]) => {
        const value = textOf(config, 'options', field);
        return [name, value === textOf(differentFrom, 'options', field) ? undefined : value];
      }),
    ),
  );
  return Object.keys(options).length === 0 ? undefined : { json: options };
}

function restoreAssociation(cli: Cli, change: Change): string[] {
  const [was, is] = [change.before, change.after].map((config) => textOf(config, 'association', 'transitGatewayRouteTableId'));
  if (was === is) return [];
  const attachment = { 'transit-gateway-attachment-id': change.ref.id };
  const table = (id: string) => ({ ...attachment, 'transit-gateway-route-table-id': id });
  const state = cli('ec2 describe-transit-gateway-attachments', { 'transit-gateway-attachment-ids': change.ref.id });
  return [
    ...(is === undefined ? [] : [cli('ec2 disassociate-transit-gateway-route-table', table(is))]),
    ...(is === undefined || was === undefined ? [] : [waitUntil(state, 'TransitGatewayAttachments[0].Association.State', 'None')]),
    ...(was === undefined ? [] : [cli('ec2 associate-transit-gateway-route-table', table(was))]),
  ];
}
