/** Network ACLs: entries under their direction and number. */
import type { Json } from 'drifttrail';
import { type Argument, type Cli, output } from '../../_aws/cli.ts';
import { note } from '../../_shell/words.ts';
import { ec2Kind } from '../definition.ts';
import { entriesOf, fieldOf, flagOf, keyed, keysAs, membersOf, objectsOf, omit, textOf } from '../document.ts';

/** The entry that AWS appends to every ACL and nobody can change: deny what no other entry names. */
const LAST = 32767;

function entryArguments(key: string, entry: Json): Record<string, Argument> {
  const [direction, number] = key.split(' ');
  const ports = fieldOf(entry, 'portRange');
  const icmp = fieldOf(entry, 'icmpTypeCode');
  return {
    [direction === 'egress' ? 'egress' : 'ingress']: true,
    'rule-number': number,
    protocol: textOf(entry, 'protocol'),
    'rule-action': textOf(entry, 'ruleAction'),
    'cidr-block': textOf(entry, 'cidrBlock'),
    'ipv6-cidr-block': textOf(entry, 'ipv6CidrBlock'),
    'port-range': ports === undefined ? undefined : `From=${fieldOf(ports, 'from')},To=${fieldOf(ports, 'to')}`,
    'icmp-type-code': icmp === undefined ? undefined : `Code=${fieldOf(icmp, 'code')},Type=${fieldOf(icmp, 'type')}`,
  };
}

/** A subnet always has one ACL; its association has another id since it moved: look it up. */
function associate(cli: Cli, acl: Argument, association: Json): string {
  const subnet = textOf(association, 'subnetId');
  const current = cli('ec2 describe-network-acls', { filters: `Name=association.subnet-id,Values=${subnet}` });
  return cli('ec2 replace-network-acl-association', {
    'association-id': output(current, `NetworkAcls[0].Associations[?SubnetId=='${subnet}'].NetworkAclAssociationId | [0]`),
    'network-acl-id': acl,
  });
}

/** Where a subnet is when nobody has given it another one. */
function defaultAcl(cli: Cli, vpc: string | undefined): Argument {
  const filters = [`Name=vpc-id,Values=${vpc}`, 'Name=default,Values=true'];
  return output(cli('ec2 describe-network-acls', { filters }), 'NetworkAcls[0].NetworkAclId');
}

export const networkAcl = ec2Kind({
  type: 'network-acl',
  title: 'network ACL',
  operation: 'DescribeNetworkAcls',
  items: 'NetworkAcls',
  input: { MaxResults: 1000 },
  id: 'networkAclId',
  shape: (item) => ({
    ...item,
    entries: Object.fromEntries(
      objectsOf(item, 'entries').map((entry) => [
        `${entry.egress === true ? 'egress' : 'ingress'} ${entry.ruleNumber}`,
        omit(entry, 'egress', 'ruleNumber'),
      ]),
    ),
    associations: keyed(objectsOf(item, 'associations'), 'networkAclAssociationId', 'networkAclId'),
  }),
  secondaryIds: (config) => keysAs(config, 'associations', (id) => `/associations/${id}`),
  undo: {
    created: (cli, id, after) => [
      ...entriesOf(after, 'associations').map(([, association]) => associate(cli, defaultAcl(cli, textOf(after, 'vpcId')), association)),
      cli('ec2 delete-network-acl', { 'network-acl-id': id }),
    ],
    deleted: (cli, before) => {
      if (flagOf(before, 'isDefault') === true)
        return [note('a default network ACL comes back with its VPC, with the entries of a new one')];
      return [
        cli.capture(cli('ec2 create-network-acl', { 'vpc-id': textOf(before, 'vpcId') }), 'NetworkAcl.NetworkAclId'),
        ...entriesOf(before, 'entries')
          .filter(([key]) => !key.endsWith(` ${LAST}`))
          .map(([key, entry]) => cli('ec2 create-network-acl-entry', { 'network-acl-id': cli.newId, ...entryArguments(key, entry) })),
        ...entriesOf(before, 'associations').map(([, association]) => associate(cli, cli.newId, association)),
      ];
    },
    modified: (cli, change) => {
      const acl = { 'network-acl-id': change.ref.id };
      const { added, removed, changed } = membersOf(change, '/entries');
      const associations = membersOf(change, '/associations');
      return [
        ...added.map(([key]) => {
          const [direction, number] = key.split(' ');
          return cli('ec2 delete-network-acl-entry', {
            ...acl,
            [direction === 'egress' ? 'egress' : 'ingress']: true,
            'rule-number': number,
          });
        }),
        ...removed.map(([key, entry]) => cli('ec2 create-network-acl-entry', { ...acl, ...entryArguments(key, entry) })),
        ...changed.map(({ key, before }) => cli('ec2 replace-network-acl-entry', { ...acl, ...entryArguments(key, before) })),
        ...associations.removed.map(([, association]) => associate(cli, change.ref.id, association)),
        ...associations.added.map(([, association]) =>
          note(`${textOf(association, 'subnetId')} goes back to its earlier network ACL by the undo of that one`),
        ),
      ];
    },
  },
});
