/** Subnets. */
import { valueAt } from 'drifttrail';
import { note } from '../../_shell/words.ts';
import { attributeCommands, ec2Kind } from '../definition.ts';
import { entriesOf, flagOf, keysAs, membersOf, omit, textOf } from '../document.ts';
import { standing } from '../states.ts';

const OPTIONS = {
  '/mapPublicIpOnLaunch': 'map-public-ip-on-launch',
  '/assignIpv6AddressOnCreation': 'assign-ipv6-address-on-creation',
  '/enableDns64': 'enable-dns64',
};
const NAME_OPTIONS = {
  '/privateDnsNameOptionsOnLaunch/hostnameType': 'private-dns-hostname-type-on-launch',
  '/privateDnsNameOptionsOnLaunch/enableResourceNameDnsARecord': 'enable-resource-name-dns-a-record-on-launch',
  '/privateDnsNameOptionsOnLaunch/enableResourceNameDnsAAAARecord': 'enable-resource-name-dns-aaaa-record-on-launch',
};

export const subnet = ec2Kind({
  type: 'subnet',
  title: 'subnet',
  operation: 'DescribeSubnets',
  items: 'Subnets',
  input: { MaxResults: 1000 },
  id: 'subnetId',
  shape: (item) => ({
    ...omit(item, 'ipv6CidrBlockAssociationSet'),
    ipv6CidrBlockAssociations: standing(item, 'ipv6CidrBlockAssociationSet', 'ipv6CidrBlockState'),
  }),
  sets: [{ path: '/ipv6CidrBlockAssociations', key: ['associationId'] }],
  volatile: [{ path: '/availableIpAddressCount', because: 'counts down and up as network interfaces come and go: 251' }],
  secondaryIds: (config) => keysAs(config, 'ipv6CidrBlockAssociations', (id) => `/ipv6CidrBlockAssociations/${id}`),
  undo: {
    created: (cli, id) => [cli('ec2 delete-subnet', { 'subnet-id': id })],
    deleted: (cli, before) => [
      cli.capture(
        cli('ec2 create-subnet', {
          'vpc-id': textOf(before, 'vpcId'),
          'cidr-block': textOf(before, 'cidrBlock'),
          'ipv6-cidr-block': entriesOf(before, 'ipv6CidrBlockAssociations').flatMap(([, range]) => textOf(range, 'ipv6CidrBlock') ?? [])[0],
          'ipv6-native': flagOf(before, 'ipv6Native') === true ? true : undefined,
          'availability-zone': textOf(before, 'availabilityZone'),
          'outpost-arn': textOf(before, 'outpostArn'),
        }),
        'Subnet.SubnetId',
      ),
      ...Object.entries({ ...OPTIONS, ...NAME_OPTIONS }).flatMap(([path, option]) => {
        const value = valueAt(before, path);
        // What a new subnet has anyway is left out.
        const isUsual = value === false || value === 'ip-name' || (typeof value !== 'boolean' && typeof value !== 'string');
        return isUsual ? [] : [cli('ec2 modify-subnet-attribute', { 'subnet-id': cli.newId, [option]: value })];
      }),
      note('its route table and network ACL are the usual ones of the VPC until theirs are undone, too'),
    ],
    modified: (cli, change) => {
      const v6 = membersOf(change, '/ipv6CidrBlockAssociations');
      const subnet = { 'subnet-id': change.ref.id };
      return [
        // A range must be there before addresses of it are given out, and none may be given out when it goes.
        ...v6.removed.map(([, was]) =>
          cli('ec2 associate-subnet-cidr-block', { ...subnet, 'ipv6-cidr-block': textOf(was, 'ipv6CidrBlock') }),
        ),
        ...attributeCommands(change, { ...OPTIONS, ...NAME_OPTIONS }, (option, value) =>
          cli('ec2 modify-subnet-attribute', { ...subnet, [option]: value }),
        ),
        ...v6.added.map(([association]) => cli('ec2 disassociate-subnet-cidr-block', { 'association-id': association })),
      ];
    },
  },
});
