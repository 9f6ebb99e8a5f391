/** VPCs, subnets, DHCP options and flow logs, with what EC2 makes and removes along with a VPC. */
import { type Effect, isObject, type Json, pointer, type Ref, valueAt } from 'drifttrail';
import { type Act, at, keysAt, list, partOf, text, texts, those } from './act.ts';
import { create, created, ec2, ec2Ref, implied, remove, set, type Topic, unset, unsetResolved } from './rules.ts';
import { canonicalCidr } from './rule-key.ts';
import { defaultEgress } from './security-groups.ts';
import { hostnames } from './vpc-wide.ts';

const vpc = (act: Act): Ref[] => ec2Ref(act, 'vpc', text(act.request, 'vpcId'));
const subnet = (act: Act): Ref[] => ec2Ref(act, 'subnet', text(act.request, 'subnetId'));

/** Attribute names as calls write them → fields of the documents. */
const VPC_ATTRIBUTES = ['enableDnsSupport', 'enableDnsHostnames', 'enableNetworkAddressUsageMetrics'];
const SUBNET_ATTRIBUTES = [
  'mapPublicIpOnLaunch',
  'assignIpv6AddressOnCreation',
  'mapCustomerOwnedIpOnLaunch',
  'enableDns64',
  'enableLniAtDeviceIndex',
];
/** Those that stand in an object of their own. */
const SUBNET_NAMES: Readonly<Record<string, string>> = {
  privateDnsHostnameTypeOnLaunch: 'hostnameType',
  enableResourceNameDnsARecordOnLaunch: 'enableResourceNameDnsARecord',
  enableResourceNameDnsAAAARecordOnLaunch: 'enableResourceNameDnsAAAARecord',
};

function inVpc(act: Act, kind: string, id: string | undefined, test: (config: Json) => boolean): Ref[] {
  return id === undefined ? [] : those(act, `aws.ec2.${kind}`, (config) => valueAt(config, '/vpcId') === id && test(config));
}

/** The main route table, the default network ACL and the default group have no events of their own. */
function companions(act: Act, id: string | undefined, isTable: (config: Json) => boolean): { tables: Ref[]; acls: Ref[]; groups: Ref[] } {
  return {
    tables: inVpc(act, 'route-table', id, isTable),
    acls: inVpc(act, 'network-acl', id, (config) => valueAt(config, '/isDefault') === true),
    groups: inVpc(act, 'security-group', id, (config) => valueAt(config, '/groupName') === 'default'),
  };
}

const isMain = (config: Json): boolean =>
  Object.values(at(config, 'associations') ?? {}).some((association) => at(association as Json, 'main') === true);

/**
 * Any table may have come with the VPC, since another can have been made the main one meanwhile; those that people made
 * have a CreateRouteTable of their own, which tells more than a consequence does.
 */
function createVpc(act: Act): Effect[] {
  const id = text(act.response, 'vpc.vpcId');
  const { tables, acls, groups } = companions(act, id, () => true);
  const creating = (refs: readonly Ref[]): Effect[] => refs.map((ref) => ({ ref, op: 'create', path: '' }));
  return created(
    act,
    ec2Ref(act, 'vpc', id),
    implied('the main route table of a new VPC', creating(tables)),
    implied('the default network ACL of a new VPC', creating(acls)),
    implied('the default security group of a new VPC', creating(groups)),
    defaultEgress(groups),
  );
}

/** It brings a subnet for each zone and an internet gateway, too. */
function createDefaultVpc(act: Act): Effect[] {
  const id = text(act.response, 'vpc.vpcId');
  const subnets = inVpc(act, 'subnet', id, (config) => valueAt(config, '/defaultForAz') === true);
  const gateways =
    id === undefined ? [] : those(act, 'aws.ec2.internet-gateway', (config) => valueAt(config, pointer('attachments', id)) !== undefined);
  return [...createVpc(act), ...implied('what a default VPC brings', create([...subnets, ...gateways]))];
}

function deleteVpc(act: Act): Effect[] {
  const { tables, acls, groups } = companions(act, text(act.request, 'vpcId'), isMain);
  return [...remove(vpc(act)), ...implied('deleted together with its VPC', remove([...tables, ...acls, ...groups]))];
}

/** A new subnet stands under the VPC's default network ACL; a deleted one leaves its associations. */
function subnetAssociations(act: Act, subnetId: string, change: 'set' | 'unset'): Effect[] {
  return ['network-acl', 'route-table'].flatMap((kind) =>
    those(act, `aws.ec2.${kind}`, () => true).flatMap((ref) =>
      keysAt(act, ref, '/associations', (value) => at(value, 'subnetId') === subnetId).flatMap((key) =>
        change === 'set' ? set([ref], pointer('associations', key)) : unset([ref], pointer('associations', key)),
      ),
    ),
  );
}

function createSubnet(act: Act): Effect[] {
  const id = text(act.response, 'subnet.subnetId');
  return created(
    act,
    ec2Ref(act, 'subnet', id),
    implied(
      'a new subnet stands under its VPC’s default network ACL',
      id === undefined ? [] : subnetAssociations(act, id, 'set').filter(({ ref }) => ref.kind === 'aws.ec2.network-acl'),
    ),
  );
}

function deleteSubnet(act: Act): Effect[] {
  const id = text(act.request, 'subnetId');
  return [
    ...remove(subnet(act)),
    ...implied('the associations of a deleted subnet', id === undefined ? [] : subnetAssociations(act, id, 'unset')),
  ];
}

function attributes(act: Act, refs: readonly Ref[], names: readonly string[], under: readonly string[]): Effect[] {
  return names.flatMap((name) => {
    const value = text(act.request, name);
    return value === undefined ? [] : set(refs, pointer(...under, name), value === 'true' ? true : value === 'false' ? false : value);
  });
}

/** The VPC that a call names, or that has the control that it names. */
function encrypted(act: Act): Ref[] {
  const id = text(act.request, 'vpcEncryptionControlId');
  return id === undefined
    ? vpc(act)
    : those(act, 'aws.ec2.vpc', (config) => valueAt(config, '/encryptionControl/vpcEncryptionControlId') === id);
}

function modifySubnet(act: Act): Effect[] {
  const pool = text(act.request, 'customerOwnedIpv4Pool');
  return [
    ...attributes(act, subnet(act), SUBNET_ATTRIBUTES, []),
    ...Object.entries(SUBNET_NAMES).flatMap(([name, field]) => {
      const value = text(act.request, name);
      return value === undefined ? [] : set(subnet(act), pointer('privateDnsNameOptionsOnLaunch', field), value);
    }),
    ...(pool === undefined ? [] : set(subnet(act), '/customerOwnedIpv4Pool', pool)),
    ...(text(act.request, 'disableLniAtDeviceIndex') === 'true' ? unset(subnet(act), '/enableLniAtDeviceIndex') : []),
  ];
}

/** A VPC’s ranges stand as local routes in all of its tables. */
function localRoutes(act: Act, vpcId: string | undefined, cidr: string | undefined, change: typeof set): Effect[] {
  if (vpcId === undefined || cidr === undefined) return [];
  const tables = inVpc(act, 'route-table', vpcId, () => true);
  return implied('a VPC’s range is a local route in its tables', change(tables, pointer('routes', canonicalCidr(cidr))));
}

function disassociateCidr(act: Act): Effect[] {
  const id = text(act.request, 'associationId');
  const found = partOf(act, id);
  const range = found === undefined ? undefined : (found.value ?? valueAt(act.lookup.before(found.ref), found.path));
  return [...unsetResolved(act, id), ...localRoutes(act, found?.ref.id, text(range, 'cidrBlock', 'ipv6CidrBlock'), unset)];
}

/** What a call associates: the answer has it under a name of its own for each family. */
const RANGES = [
  ['cidrBlockAssociation', 'cidrBlock', 'cidrBlockAssociations'],
  ['ipv6CidrBlockAssociation', 'ipv6CidrBlock', 'ipv6CidrBlockAssociations'],
] as const;

interface Range {
  readonly id: string;
  readonly path: string;
  readonly value: Json;
  readonly cidr: string | undefined;
}

/** A range that AWS chooses is not known to the answer yet, only to the snapshot. */
function rangesOf(act: Act, refs: readonly Ref[]): Range[] {
  return RANGES.flatMap(([answer, field, under]) => {
    const found = act.response[answer];
    const id = text(found, 'associationId');
    if (found === undefined || id === undefined) return [];
    const path = pointer(under, id);
    const described = refs.map((ref) => text(valueAt(act.lookup.after(ref), path), field))[0];
    return [{ id, path, value: cidrValue(found, field), cidr: text(found, field) ?? described }];
  });
}

function associateCidr(act: Act): Effect[] {
  return rangesOf(act, vpc(act)).flatMap(({ path, value, cidr }) => [
    ...set(vpc(act), path, value),
    ...localRoutes(act, text(act.request, 'vpcId'), cidr, set),
  ]);
}

/** For who takes a range away again before any snapshot saw it. */
function idsOfRanges(refs: (act: Act) => Ref[]) {
  return (act: Act) =>
    Object.fromEntries(rangesOf(act, refs(act)).flatMap(({ id, path, value }) => refs(act).map((ref) => [id, { ref, path, value }])));
}

function cidrValue(value: Json, field: string): Json {
  const cidr = text(value, field);
  return isObject(value) && cidr !== undefined ? { [field]: cidr } : {};
}

function createFlowLogs(act: Act): Effect[] {
  return created(
    act,
    texts(act.response.flowLogIdSet, 'flowLogId').flatMap((id) => ec2Ref(act, 'flow-log', id)),
  );
}

export const vpcs: Topic = {
  kinds: [
    'aws.ec2.vpc',
    'aws.ec2.subnet',
    'aws.ec2.dhcp-options',
    'aws.ec2.flow-log',
    'aws.ec2.route-table',
    'aws.ec2.network-acl',
    'aws.ec2.security-group',
    'aws.ec2.internet-gateway',
  ],
  rules: [
    ec2('CreateVpc', createVpc),
    ec2('CreateDefaultVpc', createDefaultVpc),
    ec2('DeleteVpc', deleteVpc),
    ec2('ModifyVpcAttribute', (act) => [...attributes(act, vpc(act), VPC_ATTRIBUTES, ['attributes']), ...hostnames(act)]),
    ...['Create', 'Modify', 'Delete'].map((verb) =>
      ec2(`${verb}VpcEncryptionControl`, (act) => set(encrypted(act), '/encryptionControl/**')),
    ),
    ec2('ModifyVpcTenancy', (act) => set(vpc(act), '/instanceTenancy', text(act.request, 'instanceTenancy'))),
    ec2('AssociateVpcCidrBlock', associateCidr, idsOfRanges(vpc)),
    ec2('DisassociateVpcCidrBlock', disassociateCidr),
    ec2('CreateSubnet', createSubnet),
    ec2('CreateDefaultSubnet', createSubnet),
    ec2('DeleteSubnet', deleteSubnet),
    ec2('ModifySubnetAttribute', modifySubnet),
    ec2(
      'AssociateSubnetCidrBlock',
      (act) => rangesOf(act, subnet(act)).flatMap(({ path, value }) => set(subnet(act), path, value)),
      idsOfRanges(subnet),
    ),
    ec2('DisassociateSubnetCidrBlock', (act) => unsetResolved(act, text(act.request, 'associationId'))),
    ec2('CreateDhcpOptions', (act) => created(act, ec2Ref(act, 'dhcp-options', text(act.response, 'dhcpOptions.dhcpOptionsId')))),
    ec2('DeleteDhcpOptions', (act) => remove(ec2Ref(act, 'dhcp-options', text(act.request, 'dhcpOptionsId')))),
    ec2('AssociateDhcpOptions', (act) => set(vpc(act), '/dhcpOptionsId', text(act.request, 'dhcpOptionsId'))),
    ec2('CreateFlowLogs', createFlowLogs),
    ec2('DeleteFlowLogs', (act) => {
      const failed = new Set(list(act.response.unsuccessful).map((item) => text(item, 'resourceId')));
      const ids = texts(act.request.flowLogId, 'flowLogId').filter((id) => !failed.has(id));
      return remove(ids.flatMap((id) => ec2Ref(act, 'flow-log', id)));
    }),
  ],
};
