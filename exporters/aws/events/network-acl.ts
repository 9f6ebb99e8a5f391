/** Network ACLs: numbered entries and subnet associations. */
import { type Effect, type JsonObject, pointer, type Ref } from 'drifttrail';
import { type Act, pick, text } from './act.ts';
import { replaceAssociation } from './associations.ts';
import { created, ec2, ec2Ref, remove, set, type Topic, unset } from './rules.ts';

const acl = (act: Act): Ref[] => ec2Ref(act, 'network-acl', text(act.request, 'networkAclId'));

function entryPath(act: Act): string {
  return pointer('entries', `${text(act.request, 'egress') === 'true' ? 'egress' : 'ingress'} ${text(act.request, 'ruleNumber') ?? ''}`);
}

/** Calls may name a protocol; entries have its number. */
const NUMBERS: Readonly<Record<string, string>> = { all: '-1', icmp: '1', tcp: '6', udp: '17', icmpv6: '58' };
const WITH_PORTS = new Set(['6', '17']);
const WITH_TYPES = new Set(['1', '58']);

/** Ports and ICMP types that a call names for a protocol without them are passed over by EC2. */
function setEntry(act: Act): Effect[] {
  const told = text(act.request, 'aclProtocol', 'protocol');
  const protocol = told === undefined ? undefined : (NUMBERS[told.toLowerCase()] ?? told);
  const range = pick(act.request.portRange, 'from', 'to');
  const types = pick(act.request.icmpTypeCode, 'type', 'code');
  const value: JsonObject = {
    ...pick(act.request, 'ruleAction', 'cidrBlock', 'ipv6CidrBlock'),
    ...(protocol === undefined ? {} : { protocol }),
    ...(Object.keys(range).length > 0 && WITH_PORTS.has(protocol ?? '') ? { portRange: range } : {}),
    ...(Object.keys(types).length > 0 && WITH_TYPES.has(protocol ?? '') ? { icmpTypeCode: types } : {}),
  };
  return set(acl(act), entryPath(act), value);
}

export const networkAcls: Topic = {
  kinds: ['aws.ec2.network-acl'],
  rules: [
    ec2('CreateNetworkAcl', (act) => created(act, ec2Ref(act, 'network-acl', text(act.response, 'networkAcl.networkAclId')))),
    ec2('DeleteNetworkAcl', (act) => remove(acl(act))),
    ec2('CreateNetworkAclEntry', setEntry),
    ec2('ReplaceNetworkAclEntry', setEntry),
    ec2('DeleteNetworkAclEntry', (act) => unset(acl(act), entryPath(act))),
    replaceAssociation('ReplaceNetworkAclAssociation', acl, ['subnetId']),
  ],
};
