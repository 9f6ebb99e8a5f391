/** VPCs, with the attributes that DescribeVpcs leaves out. */
import type { JsonObject } from 'drifttrail';
import { capture, NEW_ID } from '../../_aws/cli.ts';
import { attributeCommands, ec2Kind, type Reader } from '../definition.ts';
import { standing } from '../states.ts';
import { differs, fieldOf, flagOf, keysAs, membersOf, omit, textOf } from '../document.ts';

const ATTRIBUTES = ['enableDnsSupport', 'enableDnsHostnames', 'enableNetworkAddressUsageMetrics'] as const;
const OPTIONS = {
  '/attributes/enableDnsSupport': 'enable-dns-support',
  '/attributes/enableDnsHostnames': 'enable-dns-hostnames',
  '/attributes/enableNetworkAddressUsageMetrics': 'enable-network-address-usage-metrics',
};

const upperFirst = (name: string) => name.charAt(0).toUpperCase() + name.slice(1);

/** Three calls a VPC: the API answers one attribute at a time. */
async function withAttributes(vpcs: readonly JsonObject[], reader: Reader): Promise<JsonObject[]> {
  return reader.each(vpcs, async (vpc) => {
    const answers = await Promise.all(
      ATTRIBUTES.map((Attribute) => reader.ask('DescribeVpcAttribute', upperFirst(Attribute), { VpcId: vpc.vpcId ?? '', Attribute })),
    );
    const attributes = ATTRIBUTES.flatMap((name, index) => {
      const value = flagOf(answers[index], name, 'value');
      return value === undefined ? [] : [[name, value] as const];
    });
    return { ...vpc, attributes: Object.fromEntries(attributes) };
  });
}

export const vpc = ec2Kind({
  type: 'vpc',
  title: 'VPC',
  operation: 'DescribeVpcs',
  items: 'Vpcs',
  input: { MaxResults: 1000 },
  id: 'vpcId',
  also: ['DescribeVpcAttribute'],
  prepare: withAttributes,
  shape: (item) => ({
    ...omit(item, 'cidrBlockAssociationSet', 'ipv6CidrBlockAssociationSet'),
    cidrBlockAssociations: standing(item, 'cidrBlockAssociationSet', 'cidrBlockState'),
    ipv6CidrBlockAssociations: standing(item, 'ipv6CidrBlockAssociationSet', 'ipv6CidrBlockState'),
  }),
  sets: [
    { path: '/cidrBlockAssociations', key: ['associationId'] },
    { path: '/ipv6CidrBlockAssociations', key: ['associationId'] },
    { path: '/encryptionControl/tags', key: ['key'], value: 'value' },
  ],
  secondaryIds: (config) => ({
    ...keysAs(config, 'cidrBlockAssociations', (id) => `/cidrBlockAssociations/${id}`),
    ...keysAs(config, 'ipv6CidrBlockAssociations', (id) => `/ipv6CidrBlockAssociations/${id}`),
  }),
  undo: {
    created: (cli, id) => [cli('ec2 delete-vpc', { 'vpc-id': id })],
    deleted: (cli, before) => [
      capture(
        cli('ec2 create-vpc', { 'cidr-block': textOf(before, 'cidrBlock'), 'instance-tenancy': textOf(before, 'instanceTenancy') }),
        'Vpc.VpcId',
      ),
      ...Object.entries(OPTIONS).flatMap(([path, option]) => {
        const value = fieldOf(before, 'attributes', path.slice('/attributes/'.length));
        return typeof value === 'boolean' ? [cli('ec2 modify-vpc-attribute', { 'vpc-id': NEW_ID, [option]: value })] : [];
      }),
      cli('ec2 associate-dhcp-options', { 'vpc-id': NEW_ID, 'dhcp-options-id': textOf(before, 'dhcpOptionsId') ?? 'default' }),
    ],
    modified: (cli, change) => {
      const id = change.ref.id;
      const v4 = membersOf(change, '/cidrBlockAssociations');
      const v6 = membersOf(change, '/ipv6CidrBlockAssociations');
      return [
        ...attributeCommands(change, OPTIONS, (option, value) => cli('ec2 modify-vpc-attribute', { 'vpc-id': id, [option]: value })),
        ...(differs(change, '/dhcpOptionsId')
          ? [cli('ec2 associate-dhcp-options', { 'vpc-id': id, 'dhcp-options-id': textOf(change.before, 'dhcpOptionsId') ?? 'default' })]
          : []),
        ...v4.removed.map(([, was]) => cli('ec2 associate-vpc-cidr-block', { 'vpc-id': id, 'cidr-block': textOf(was, 'cidrBlock') })),
        ...v6.removed.map(([, was]) =>
          cli('ec2 associate-vpc-cidr-block', { 'vpc-id': id, 'ipv6-cidr-block': textOf(was, 'ipv6CidrBlock') }),
        ),
        ...[...v4.added, ...v6.added].map(([association]) => cli('ec2 disassociate-vpc-cidr-block', { 'association-id': association })),
      ];
    },
  },
});
