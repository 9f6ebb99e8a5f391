/** EC2's older actions in CloudTrail's words: lowerCamel, lists as `{ items: [...] }`, success as `_return`. */
import type { Json, JsonObject } from '../../../../src/model.ts';
import { isParameterObject, type Parameter, type ParameterObject } from '../query.ts';
import type { Element } from '../xml.ts';
import { lowerFirst, typedByName } from './words.ts';

/** Lists whose record name is not the parameter's, and the member name that scalar elements get. */
const LISTS: Readonly<Record<string, { readonly name: string; readonly member?: string }>> = {
  ResourceId: { name: 'resourcesSet', member: 'resourceId' },
  Tag: { name: 'tagSet' },
  TagSpecification: { name: 'tagSpecificationSet' },
  SecurityGroupRuleId: { name: 'securityGroupRuleIds', member: 'securityGroupRuleId' },
  SecurityGroupId: { name: 'groupSet', member: 'groupId' },
  DhcpConfiguration: { name: 'dhcpConfigurationSet' },
  Value: { name: 'valueSet', member: 'value' },
  PrivateIpAddress: { name: 'privateIpAddressesSet', member: 'privateIpAddress' },
};

const RENAMED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  CreateNetworkAclEntry: { Protocol: 'aclProtocol', Icmp: 'icmpTypeCode' },
  ReplaceNetworkAclEntry: { Protocol: 'aclProtocol', Icmp: 'icmpTypeCode' },
};

/** What the service fills in when the caller leaves it out. */
const ALWAYS: Readonly<Record<string, JsonObject>> = {
  AuthorizeSecurityGroupIngress: { ipPermissions: {} },
  AuthorizeSecurityGroupEgress: { ipPermissions: {} },
  RevokeSecurityGroupIngress: { ipPermissions: {} },
  RevokeSecurityGroupEgress: { ipPermissions: {} },
  CreateNetworkAclEntry: { icmpTypeCode: {}, portRange: {} },
  ReplaceNetworkAclEntry: { icmpTypeCode: {}, portRange: {} },
  CreateVpc: { instanceTenancy: 'default', amazonProvidedIpv6CidrBlock: false },
};

const PERMISSION_LISTS: JsonObject = { groups: {}, ipRanges: {}, ipv6Ranges: {}, prefixListIds: {} };

export function ec2Request(action: string, parameters: ParameterObject): JsonObject {
  const renamed = RENAMED[action] ?? {};
  const entries = Object.entries(parameters).map(([name, value]) => member(name, value, renamed[name]));
  return { ...ALWAYS[action], ...Object.fromEntries(entries) };
}

function member(name: string, value: Parameter, rename?: string): [string, Json] {
  if (Array.isArray(value)) return list(name, value);
  if (isParameterObject(value)) return [rename ?? lowerFirst(name), object(value)];
  const key = rename ?? lowerFirst(name);
  return [key, typedByName(key, String(value))];
}

function object(value: ParameterObject): JsonObject {
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => member(name, inner)));
}

function list(name: string, values: readonly Parameter[]): [string, Json] {
  if (name === 'TagSpecification') return ['tagSpecificationSet', { items: values.map(tagSpecification) }];
  const shape = LISTS[name];
  const items = values.map((value): Json => {
    if (name === 'Tag') return tag(value);
    if (!isParameterObject(value)) return { [shape?.member ?? lowerFirst(name)]: String(value) };
    return name === 'IpPermissions' ? { ...PERMISSION_LISTS, ...object(value) } : object(value);
  });
  return [shape?.name ?? lowerFirst(name), { items }];
}

function tagSpecification(value: Parameter): Json {
  const specification = isParameterObject(value) ? value : {};
  const tags = Array.isArray(specification.Tag) ? specification.Tag : [];
  return { resourceType: String(specification.ResourceType ?? ''), tags: tags.map(tag) };
}

/** Tags are text, whatever they look like. */
function tag(value: Parameter): Json {
  const pair = isParameterObject(value) ? value : {};
  return { key: String(pair.Key ?? ''), ...(pair.Value === undefined ? {} : { value: String(pair.Value) }) };
}

/** Actions without a result say that they succeeded, which the emulator leaves out here and there. */
export function ec2Response(root: Element): JsonObject {
  const found = Object.fromEntries(root.children.flatMap((element) => part(element, element.name === 'return' ? '_return' : element.name)));
  return Object.keys(found).every((name) => name === 'requestId') ? { ...found, _return: true } : found;
}

function part(element: Element, name = element.name): [string, Json][] {
  if (element.children.length === 0) {
    if (element.text !== '') return [[name, name === 'value' || name === 'key' ? element.text : typedByName(name, element.text)]];
    return /(Set|groups|ipRanges|ipv6Ranges|prefixListIds)$/.test(name) ? [[name, {}]] : [];
  }
  return [[name, content(element)]];
}

function content(element: Element): Json {
  if (element.children.every((one) => one.name === 'item')) {
    return { items: element.children.map((one) => (one.children.length === 0 ? one.text : content(one))) };
  }
  return Object.fromEntries(element.children.flatMap((one) => part(one)));
}
