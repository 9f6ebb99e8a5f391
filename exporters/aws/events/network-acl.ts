/** Network ACLs: numbered entries and subnet associations. */
import { type Effect, type JsonObject, pointer, type Ref } from 'drifttrail';
import { type Act, fields, pick, text } from './act.ts';
import { replaceAssociation } from './associations.ts';
import { created, ec2, ec2Ref, remove, set, type Topic, unset } from './rules.ts';

const acl = (act: Act): Ref[] => ec2Ref(act, 'network-acl', text(act.request, 'networkAclId'));

function entryPath(act: Act): string {
  return pointer('entries', `${text(act.request, 'egress') === 'true' ? 'egress' : 'ingress'} ${text(act.request, 'ruleNumber') ?? ''}`);
}

function setEntry(act: Act): Effect[] {
  const protocol = text(act.request, 'aclProtocol', 'protocol');
  const range = pick(act.request.portRange, 'from', 'to');
  const value: JsonObject = {
    ...pick(act.request, 'ruleAction', 'cidrBlock', 'ipv6CidrBlock'),
    ...(protocol === undefined ? {} : { protocol }),
    ...(Object.keys(range).length === 0 ? {} : { portRange: range }),
    ...(Object.keys(fields(act.request.icmpTypeCode ?? null)).length === 0 ? {} : pick(act.request, 'icmpTypeCode')),
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
