/** Subnets. */
import { capture, NEW_ID } from '../../_aws/cli.ts';
import { attributeCommands, ec2Kind } from '../definition.ts';
import { flagOf, keysAs, membersOf, omit, textOf } from '../document.ts';
import { standing } from '../states.ts';

const OPTIONS = {
  '/mapPublicIpOnLaunch': 'map-public-ip-on-launch',
  '/assignIpv6AddressOnCreation': 'assign-ipv6-address-on-creation',
  '/enableDns64': 'enable-dns64',
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
      capture(
        cli('ec2 create-subnet', {
          'vpc-id': textOf(before, 'vpcId'),
          'cidr-block': textOf(before, 'cidrBlock'),
          'availability-zone': textOf(before, 'availabilityZone'),
        }),
        'Subnet.SubnetId',
      ),
      ...(flagOf(before, 'mapPublicIpOnLaunch') === true
        ? [cli('ec2 modify-subnet-attribute', { 'subnet-id': NEW_ID, 'map-public-ip-on-launch': true })]
        : []),
    ],
    modified: (cli, change) => {
      const v6 = membersOf(change, '/ipv6CidrBlockAssociations');
      return [
        ...attributeCommands(change, OPTIONS, (option, value) =>
          cli('ec2 modify-subnet-attribute', { 'subnet-id': change.ref.id, [option]: value }),
        ),
        ...v6.removed.map(([, was]) =>
          cli('ec2 associate-subnet-cidr-block', { 'subnet-id': change.ref.id, 'ipv6-cidr-block': textOf(was, 'ipv6CidrBlock') }),
        ),
        ...v6.added.map(([association]) => cli('ec2 disassociate-subnet-cidr-block', { 'association-id': association })),
      ];
    },
  },
});
