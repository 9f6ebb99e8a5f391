/** Network ACLs: numbered entries and subnet associations. */
import { type Effect, type JsonObject, pointer, type Ref, valueAt } from 'drifttrail';
import { type Act, fields, partOf, pick, text } from './act.ts';
import { created, ec2, ec2Ref, remove, set, type Topic, unset, unsetResolved } from './rules.ts';

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

function moved(act: Act): { ref: Ref; path: string; value: JsonObject } | undefined {
  const [ref] = acl(act);
  const id = text(act.response, 'newAssociationId');
  if (ref === undefined || id === undefined) return undefined;
  const old = partOf(act, text(act.request, 'associationId'));
  const before = old === undefined ? undefined : (old.value ?? valueAt(act.lookup.before(old.ref), old.path));
  return { ref, path: pointer('associations', id), value: pick(before, 'subnetId') };
}

export const networkAcls: Topic = {
  kinds: ['aws.ec2.network-acl'],
  rules: [
    ec2('CreateNetworkAcl', (act) => created(act, ec2Ref(act, 'network-acl', text(act.response, 'networkAcl.networkAclId')))),
    ec2('DeleteNetworkAcl', (act) => remove(acl(act))),
    ec2('CreateNetworkAclEntry', setEntry),
    ec2('ReplaceNetworkAclEntry', setEntry),
    ec2('DeleteNetworkAclEntry', (act) => unset(acl(act), entryPath(act))),
    ec2(
      'ReplaceNetworkAclAssociation',
      (act) => {
        const to = moved(act);
        return [...unsetResolved(act, text(act.request, 'associationId')), ...(to === undefined ? [] : set([to.ref], to.path, to.value))];
      },
      (act) => {
        const to = moved(act);
        const id = text(act.response, 'newAssociationId');
        return to === undefined || id === undefined ? {} : { [id]: to };
      },
    ),
  ],
};
