/** VPC peering connections. */
import { isObject, type Json } from 'drifttrail';
import type { Argument, Cli } from '../../_aws/cli.ts';
import { note } from '../../_shell/words.ts';
import { attributeCommands, ec2Kind } from '../definition.ts';
import { flagOf, textOf } from '../document.ts';

const GONE = ['deleted', 'deleting', 'rejected', 'expired', 'failed'];
const PASSING: Readonly<Record<string, string>> = { 'initiating-request': 'pending-acceptance', provisioning: 'active' };
const SIDES = ['requester', 'accepter'] as const;
const OPTION = 'allowDnsResolutionFromRemoteVpc';

export const vpcPeeringConnection = ec2Kind({
  type: 'vpc-peering-connection',
  title: 'VPC peering connection',
  operation: 'DescribeVpcPeeringConnections',
  items: 'VpcPeeringConnections',
  input: { MaxResults: 1000 },
  id: 'vpcPeeringConnectionId',
  // Stay listed for hours or days after their end.
  gone: (item) => GONE.includes(textOf(item, 'status', 'code') ?? ''),
  // Two states that nobody waits in: made, and accepted but not yet in force.
  shape: (item) => {
    const code = textOf(item, 'status', 'code') ?? '';
    const passing = PASSING[code];
    return passing === undefined || !isObject(item.status) ? item : { ...item, status: { ...item.status, code: passing } };
  },
  volatile: [{ path: '/status/message', because: 'it says the code in words: "Pending Acceptance by 210987654321"' }],
  sets: SIDES.flatMap((side) => [
    { path: `/${side}VpcInfo/cidrBlockSet`, key: ['cidrBlock'] },
    { path: `/${side}VpcInfo/ipv6CidrBlockSet`, key: ['ipv6CidrBlock'] },
  ]),
  undo: {
    created: (cli, id) => [cli('ec2 delete-vpc-peering-connection', { 'vpc-peering-connection-id': id })],
    deleted: (cli, before) => [
      cli.capture(
        cli('ec2 create-vpc-peering-connection', {
          'vpc-id': textOf(before, 'requesterVpcInfo', 'vpcId'),
          'peer-vpc-id': textOf(before, 'accepterVpcInfo', 'vpcId'),
          'peer-owner-id': textOf(before, 'accepterVpcInfo', 'ownerId'),
          'peer-region': textOf(before, 'accepterVpcInfo', 'region'),
        }),
        'VpcPeeringConnection.VpcPeeringConnectionId',
      ),
      ...accept(cli, before),
    ],
    modified: (cli, change) => [
      ...(textOf(change.before, 'status', 'code') === 'pending-acceptance' && textOf(change.after, 'status', 'code') === 'active'
        ? [note('no acceptance can be taken back: delete the connection and ask for another one')]
        : []),
      ...SIDES.flatMap((side) =>
        attributeCommands(change, { [`/${side}VpcInfo/peeringOptions/${OPTION}`]: `${side}-peering-connection-options` }, (option, value) =>
          cli('ec2 modify-vpc-peering-connection-options', {
            'vpc-peering-connection-id': change.ref.id,
            [option]: { json: { AllowDnsResolutionFromRemoteVpc: value === true } } satisfies Argument,
          }),
        ),
      ),
    ],
  },
});

/** Only the owner of the other side can accept, and in its region. */
function accept(cli: Cli, before: Json): string[] {
  if (textOf(before, 'status', 'code') !== 'active') return [];
  const same = (field: string) => textOf(before, 'requesterVpcInfo', field) === textOf(before, 'accepterVpcInfo', field);
  const connection = { 'vpc-peering-connection-id': cli.newId };
  if (!same('ownerId') || !same('region')) {
    const [owner, region] = [textOf(before, 'accepterVpcInfo', 'ownerId'), textOf(before, 'accepterVpcInfo', 'region')];
    return [note(`it must be accepted by account ${owner} in ${region}`)];
  }
  const options = SIDES.flatMap((side) => {
    const wish = flagOf(before, `${side}VpcInfo`, 'peeringOptions', OPTION);
    return wish === true ? [[`${side}-peering-connection-options`, { json: { AllowDnsResolutionFromRemoteVpc: true } }] as const] : [];
  });
  return [
    cli('ec2 wait vpc-peering-connection-exists', { 'vpc-peering-connection-ids': cli.newId }),
    cli('ec2 accept-vpc-peering-connection', connection),
    ...(options.length === 0 ? [] : [cli('ec2 modify-vpc-peering-connection-options', { ...connection, ...Object.fromEntries(options) })]),
  ];
}
