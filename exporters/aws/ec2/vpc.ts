/** VPCs, with the attributes that DescribeVpcs leaves out. */
import type { Json, JsonObject } from 'drifttrail';
import type { Argument, Cli } from '../../_aws/cli.ts';
import { note } from '../../_shell/words.ts';
import { attributeCommands, ec2Kind, type Reader } from '../definition.ts';
import { standing } from '../states.ts';
import { differs, entriesOf, fieldOf, flagOf, keysAs, membersOf, omit, textOf } from '../document.ts';

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

/** The address ranges of a VPC beside the one it is made with. */
function moreRanges(config: Json): Json[] {
  const ranges = [...entriesOf(config, 'cidrBlockAssociations'), ...entriesOf(config, 'ipv6CidrBlockAssociations')].map(
    ([, range]) => range,
  );
  return ranges.filter((range) => textOf(range, 'cidrBlock') === undefined || textOf(range, 'cidrBlock') !== textOf(config, 'cidrBlock'));
}

function addRanges(cli: Cli, vpc: Argument, ranges: readonly Json[]): string[] {
  return ranges.flatMap((range) => {
    const v6 = textOf(range, 'ipv6CidrBlock');
    const pool = textOf(range, 'ipv6Pool');
    if (v6 === undefined) return [cli('ec2 associate-vpc-cidr-block', { 'vpc-id': vpc, 'cidr-block': textOf(range, 'cidrBlock') })];
    const border = { 'ipv6-cidr-block-network-border-group': textOf(range, 'networkBorderGroup') || undefined };
    if (pool === undefined || pool === '' || pool === 'Amazon') {
      return [
        cli('ec2 associate-vpc-cidr-block', { 'vpc-id': vpc, 'amazon-provided-ipv6-cidr-block': true, ...border }),
        note(`Amazon gives another IPv6 range than ${v6}`),
      ];
    }
    const from = pool.startsWith('ipam-pool-') ? 'ipv6-ipam-pool-id' : 'ipv6-pool';
    return [cli('ec2 associate-vpc-cidr-block', { 'vpc-id': vpc, [from]: pool, 'ipv6-cidr-block': v6 })];
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
      cli.capture(
        cli('ec2 create-vpc', { 'cidr-block': textOf(before, 'cidrBlock'), 'instance-tenancy': textOf(before, 'instanceTenancy') }),
        'Vpc.VpcId',
      ),
      ...Object.entries(OPTIONS).flatMap(([path, option]) => {
        const value = fieldOf(before, 'attributes', path.slice('/attributes/'.length));
        return typeof value === 'boolean' ? [cli('ec2 modify-vpc-attribute', { 'vpc-id': cli.newId, [option]: value })] : [];
      }),
      ...addRanges(cli, cli.newId, moreRanges(before)),
      cli('ec2 associate-dhcp-options', { 'vpc-id': cli.newId, 'dhcp-options-id': textOf(before, 'dhcpOptionsId') ?? 'default' }),
      note('its main route table, default security group and default network ACL are new ones, without what was added to the old'),
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
        ...addRanges(
          cli,
          id,
          [...v4.removed, ...v6.removed].map(([, range]) => range),
        ),
        ...[...v4.added, ...v6.added].map(([association]) => cli('ec2 disassociate-vpc-cidr-block', { 'association-id': association })),
      ];
    },
  },
});
