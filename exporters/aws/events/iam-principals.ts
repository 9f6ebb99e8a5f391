/** What users, roles and groups have in common: inline and attached policies, boundaries, tags. */
import { type Effect, type EventRule, pointer, type Ref } from 'drifttrail';
import { canonicalPolicy } from '../../_aws/policy.ts';
import { type Act, globalScope, list, text, texts } from './act.ts';
import { create, iam, iamRef, implied, remove, set, tagEffect, unset } from './rules.ts';

export type Principal = 'user' | 'role' | 'group';

export const principal = (act: Act, type: Principal): Ref[] => iamRef(act, type, text(act.request, `${type}Name`));

/** A policy's id: what stands after `:policy/` in its ARN. */
export const policyId = (arn: string | undefined): string | undefined => arn?.split(':policy/')[1];

const isAwsManaged = (arn: string) => /^arn:[^:]*:iam::aws:policy\//.test(arn);

/** AWS's own policies are tracked while something uses them; one that was there all the time came and went with nobody. */
function useOfManaged(act: Act, arn: string, how: (refs: readonly Ref[]) => Effect[], holder: string): Effect[] {
  const refs = isAwsManaged(arn) ? iamRef(act, 'attached-managed-policy', policyId(arn)) : [];
  const { before, after } = act.lookup;
  const moving = refs.filter((ref) => before(ref) === undefined || after(ref) === undefined);
  return implied(
    'a managed policy is tracked while it is attached',
    how(moving).map((effect) => ({ ...effect, value: holder })),
  );
}

const holderOf = (act: Act, type: Principal): string => `${type} ${text(act.request, `${type}Name`) ?? ''}`;

function attach(act: Act, type: Principal, change: typeof set, use: typeof create): Effect[] {
  const arn = text(act.request, 'policyArn');
  if (arn === undefined) return [];
  // The document has the policy's name, which is the end of its ARN.
  const name = arn.split('/').at(-1);
  return [...change(principal(act, type), pointer('attachedPolicies', arn), name), ...useOfManaged(act, arn, use, holderOf(act, type))];
}

/** The rules that exist for each type under its own name: `PutUserPolicy`, `PutRolePolicy`, `PutGroupPolicy`. */
export function principalRules(type: Principal): EventRule[] {
  const title = `${type.charAt(0).toUpperCase()}${type.slice(1)}`;
  const inline = (act: Act) => pointer('inlinePolicies', text(act.request, 'policyName') ?? '');
  const rules = [
    iam(`Delete${title}`, (act) => remove(principal(act, type))),
    iam(`Put${title}Policy`, (act) => set(principal(act, type), inline(act), document(act, 'policyDocument'))),
    iam(`Delete${title}Policy`, (act) => unset(principal(act, type), inline(act))),
    iam(`Attach${title}Policy`, (act) => attach(act, type, set, create)),
    iam(`Detach${title}Policy`, (act) => attach(act, type, unset, remove)),
  ];
  if (type === 'group') return rules;
  return [
    ...rules,
    iam(`Put${title}PermissionsBoundary`, (act) => boundary(act, type, set)),
    iam(`Delete${title}PermissionsBoundary`, (act) => boundary(act, type, unset)),
    ...tagRules(title, (act) => principal(act, type)),
  ];
}

/** Described as an ARN, or as an object around it. */
function boundary(act: Act, type: Principal, change: typeof set): Effect[] {
  const arn = text(act.request, 'permissionsBoundary');
  return [
    ...change(principal(act, type), '/permissionsBoundary', arn),
    ...(arn === undefined ? [] : useOfManaged(act, arn, create, `${holderOf(act, type)} boundary`)),
  ];
}

export function tagRules(title: string, refs: (act: Act) => Ref[]): EventRule[] {
  return [
    iam(`Tag${title}`, (act) => list(act.request.tags).flatMap((tag) => tagEffect(refs(act), tag))),
    iam(`Untag${title}`, (act) => texts(act.request.tagKeys ?? null, 'key').flatMap((key) => unset(refs(act), pointer('tags', key)))),
  ];
}

/** Policy documents are JSON strings in requests; very long ones are cut off and then tell nothing. */
export function document(act: Act, field: string) {
  const found = text(act.request, field);
  const policy = canonicalPolicy(found ?? act.request[field] ?? null);
  return typeof policy === 'object' && policy !== null ? policy : undefined;
}

/** The account's own document, where its root user and settings stand. */
export const account = (act: Act): Ref[] => [{ scope: globalScope(act.event), kind: 'aws.iam.account', id: 'account' }];
