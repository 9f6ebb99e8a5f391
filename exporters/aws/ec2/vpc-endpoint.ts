/** VPC endpoints, with their policy in canonical form. */
import { pointer, valueAt } from 'drifttrail';
import type { Argument } from '../../_aws/cli.ts';
import { canonicalPolicy } from '../../_aws/policy.ts';
import { note } from '../../_shell/words.ts';
import { attributeCommands, ec2Kind } from '../definition.ts';
import { defined, differs, entriesOf, flagOf, membersOf, omit, textOf, textsOf } from '../document.ts';

const LISTS: readonly (readonly [string, string])[] = [
  ['routeTableIds', 'route-table-ids'],
  ['subnetIds', 'subnet-ids'],
  ['groups', 'security-group-ids'],
];
const GONE = ['deleted', 'deleting', 'rejected', 'expired', 'failed'];

export const vpcEndpoint = ec2Kind({
  type: 'vpc-endpoint',
  title: 'VPC endpoint',
  operation: 'DescribeVpcEndpoints',
  items: 'VpcEndpoints',
  input: { MaxResults: 1000 },
  id: 'vpcEndpointId',
  gone: (item) => GONE.includes((textOf(item, 'state') ?? '').toLowerCase()),
  shape: (item) => ({
    ...omit(item, 'policyDocument'),
    ...(item.policyDocument === undefined ? {} : { policy: canonicalPolicy(item.policyDocument) }),
  }),
  sets: [
    { path: '/routeTableIds' },
    { path: '/subnetIds' },
    { path: '/networkInterfaceIds' },
    { path: '/groups', key: ['groupId'], value: 'groupName' },
    { path: '/dnsEntries', key: ['dnsName'] },
    { path: '/dnsOptions/privateDnsSpecifiedDomains' },
    { path: '/ipv4Prefixes', key: ['subnetId'] },
    { path: '/ipv4Prefixes/*/ipPrefixes' },
    { path: '/ipv6Prefixes', key: ['subnetId'] },
    { path: '/ipv6Prefixes/*/ipPrefixes' },
    { path: '/payerResponsibilities', key: ['scope'] },
  ],
  undo: {
    created: (cli, id) => [cli('ec2 delete-vpc-endpoints', { 'vpc-endpoint-ids': id })],
    deleted: (cli, before) => [
      cli.capture(
        cli('ec2 create-vpc-endpoint', {
          'vpc-id': textOf(before, 'vpcId'),
          'service-name': textOf(before, 'serviceName'),
          'vpc-endpoint-type': textOf(before, 'vpcEndpointType'),
          'route-table-ids': textsOf(before, 'routeTableIds'),
          'subnet-ids': textsOf(before, 'subnetIds'),
          'security-group-ids': entriesOf(before, 'groups').map(([id]) => id),
          'policy-document': policyArgument(before),
          'private-dns-enabled': textOf(before, 'vpcEndpointType') === 'Interface' ? flagOf(before, 'privateDnsEnabled') : undefined,
          'ip-address-type': textOf(before, 'ipAddressType'),
          'dns-options': dnsOptions(before),
        }),
        'VpcEndpoint.VpcEndpointId',
      ),
      ...(textOf(before, 'vpcEndpointType') === 'Gateway' ? [] : [note('its network interfaces, addresses and DNS names are new ones')]),
    ],
    modified: (cli, change) => {
      const endpoint = { 'vpc-endpoint-id': change.ref.id };
      const lists = LISTS.flatMap(([field, option]) => {
        const { added, removed } = membersOf(change, pointer(field));
        return [
          ...(removed.length === 0 ? [] : [[`add-${option}`, removed.map(([id]) => id)] as const]),
          ...(added.length === 0 ? [] : [[`remove-${option}`, added.map(([id]) => id)] as const]),
        ];
      });
      const policy = differs(change, '/policy') ? [['policy-document', policyArgument(change.before)] as const] : [];
      const type = differs(change, '/ipAddressType') ? [['ip-address-type', textOf(change.before, 'ipAddressType')] as const] : [];
      const dns = differs(change, '/dnsOptions') ? [['dns-options', dnsOptions(change.before)] as const] : [];
      const listed = [...lists, ...policy, ...type, ...dns];
      return [
        ...(listed.length === 0 ? [] : [cli('ec2 modify-vpc-endpoint', { ...endpoint, ...Object.fromEntries(listed) })]),
        ...attributeCommands(change, { '/privateDnsEnabled': 'private-dns-enabled' }, (option, value) =>
          cli('ec2 modify-vpc-endpoint', { ...endpoint, [option]: value }),
        ),
      ];
    },
  },
});

function dnsOptions(config: Parameters<typeof valueAt>[0]): Argument {
  const type = textOf(config, 'dnsOptions', 'dnsRecordIpType');
  const onlyInbound = flagOf(config, 'dnsOptions', 'privateDnsOnlyForInboundResolverEndpoint');
  const options = defined({ DnsRecordIpType: type, PrivateDnsOnlyForInboundResolverEndpoint: onlyInbound });
  return Object.keys(options).length === 0 ? undefined : { json: options };
}

function policyArgument(config: Parameters<typeof valueAt>[0]): Argument {
  const policy = valueAt(config, '/policy');
  return policy === undefined ? undefined : { json: policy };
}
