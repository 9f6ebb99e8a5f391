/** Security groups and their rules, in all the shapes that calls tell them. */
import { type Effect, isObject, pointer, type Ref, valueAt } from 'drifttrail';
import { type Act, at, fields, keysAt, list, partOf, text, those } from './act.ts';
import { responseRule, ruleKey, rulesOf } from './rule-key.ts';
import { created, ec2, ec2Ref, implied, remove, set, type Topic, unset, unsetResolved } from './rules.ts';

type Direction = 'ingress' | 'egress';

/** By id, by the answer's id, or in old accounts by name alone. */
function group(act: Act): Ref[] {
  const answered = list(act.response.securityGroupRuleSet).map((rule) => text(rule, 'groupId'))[0];
  const id = text(act.request, 'groupId') ?? answered;
  if (id !== undefined) return ec2Ref(act, 'security-group', id);
  const name = text(act.request, 'groupName');
  const named = name === undefined ? [] : those(act, 'aws.ec2.security-group', (config) => valueAt(config, '/groupName') === name);
  return named.length === 1 ? named : [];
}

const authorize = (direction: Direction) =>
  ec2(
    `AuthorizeSecurityGroup${title(direction)}`,
    (act) => rulesOf(act, direction).flatMap(({ path, value }) => set(group(act), path, value)),
    (act) =>
      Object.fromEntries(
        rulesOf(act, direction).flatMap(({ id, path, value }) =>
          id === undefined ? [] : group(act).map((ref) => [id, { ref, path, value }]),
        ),
      ),
  );

const revoke = (direction: Direction) =>
  ec2(`RevokeSecurityGroup${title(direction)}`, (act) => {
    // A rule's id, once known, tells more than a shape: an answer names a peer's group without its account.
    const byShape = rulesOf(act, direction).flatMap(({ id, path }) => {
      const known = partOf(act, id);
      return unset(group(act), known !== undefined && group(act).some((ref) => ref.id === known.ref.id) ? known.path : path);
    });
    return byShape.length > 0 ? byShape : ruleIds(act).flatMap((id) => unsetResolved(act, id));
  });

const describe = (direction: Direction) =>
  ec2(`UpdateSecurityGroupRuleDescriptions${title(direction)}`, (act) => [
    ...rulesOf(act, direction).flatMap(({ path, value }) => description(group(act), path, text(value, 'description'))),
    ...list(act.request.securityGroupRuleDescription).flatMap((item) => {
      const found = partOf(act, text(item, 'securityGroupRuleId'));
      return found === undefined ? [] : description([found.ref], found.path, text(item, 'description'));
    }),
  ]);

/** The document has none where it is empty. */
function description(refs: readonly Ref[], rule: string, value: string | undefined): Effect[] {
  return value === undefined ? unset(refs, `${rule}/description`) : set(refs, `${rule}/description`, value);
}

function ruleIds(act: Act): string[] {
  const ids = [...list(act.request.securityGroupRuleIds), ...list(act.request.securityGroupRuleId)];
  return ids.flatMap((item) => (isObject(item) ? (text(item, 'securityGroupRuleId', 'content') ?? []) : String(item)));
}

/** Modifying a rule's ports or peer moves it to another key. */
function modified(act: Act): { rule: string; old: { ref: Ref; path: string } | undefined; next: ReturnType<typeof responseRule> }[] {
  return list(act.request.securityGroupRule).flatMap((item) => {
    const rule = text(item, 'securityGroupRuleId');
    const wanted = at(item, 'securityGroupRule');
    if (rule === undefined || wanted === undefined) return [];
    const old = partOf(act, rule);
    const direction = old?.path.startsWith('/rules/egress ') ? 'egress' : 'ingress';
    return [{ rule, old, next: responseRule({ ...fields(wanted), securityGroupRuleId: rule }, direction, act.event.account) }];
  });
}

/** A rule for a group of a peered VPC says whether the peering still stands. */
function peered(act: Act): Effect[] {
  const id = text(act.request, 'vpcPeeringConnectionId');
  if (id === undefined) return [];
  const stale = those(act, 'aws.ec2.security-group', () => true).flatMap((ref) =>
    keysAt(act, ref, '/rules', (rule) => text(rule, 'referencedGroupInfo.vpcPeeringConnectionId') === id).flatMap((key) =>
      set([ref], pointer('rules', key, 'referencedGroupInfo', 'peeringStatus')),
    ),
  );
  return implied('a rule for a group on the other side of a peering', stale);
}

const title = (direction: Direction) => (direction === 'ingress' ? 'Ingress' : 'Egress');

export const securityGroups: Topic = {
  kinds: ['aws.ec2.security-group'],
  rules: [
    ec2('CreateSecurityGroup', (act) => {
      const refs = ec2Ref(act, 'security-group', text(act.response, 'groupId'));
      return created(act, refs, defaultEgress(refs));
    }),
    ec2('DeleteSecurityGroup', (act) => remove(group(act))),
    authorize('ingress'),
    authorize('egress'),
    revoke('ingress'),
    revoke('egress'),
    describe('ingress'),
    describe('egress'),
    ...['Accept', 'Reject', 'Delete'].map((verb) => ec2(`${verb}VpcPeeringConnection`, peered)),
    ec2(
      'ModifySecurityGroupRules',
      (act) =>
        modified(act).flatMap(({ old, next }) => [
          ...(old === undefined || old.path === next.path ? [] : unset([old.ref], old.path)),
          ...set(old === undefined ? group(act) : [old.ref], next.path, next.value),
        ]),
      (act) =>
        Object.fromEntries(
          modified(act).flatMap(({ rule, old, next }) =>
            (old === undefined ? group(act) : [old.ref]).map((ref) => [rule, { ref, path: next.path, value: next.value }]),
          ),
        ),
    ),
  ],
};

/** EC2 gives every new group these without an event; IPv6 only where the VPC has it. */
export function defaultEgress(refs: readonly Ref[]): Effect[] {
  const open = (peer: string) => pointer('rules', ruleKey({ direction: 'egress', protocol: '-1', from: undefined, to: undefined, peer }));
  return implied('the default egress rule of a new security group', set(refs, open('0.0.0.0/0')), set(refs, open('::/0')));
}
