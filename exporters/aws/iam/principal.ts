/** What users, groups and roles have in common: policies, tags, a boundary; how they are read and put back. */
import { type Change, type Json, type JsonObject, valueAt } from 'drifttrail';
import type { Argument, Cli } from '../../_aws/cli.ts';
import { canonicalPolicy } from '../../_aws/policy.ts';
import { entriesOf, membersOf, objectsOf, textOf } from '../document.ts';

type Principal = 'user' | 'group' | 'role';

export function inlinePolicies(policies: readonly JsonObject[]): JsonObject {
  return Object.fromEntries(policies.map((policy) => [textOf(policy, 'policyName') ?? '', canonicalPolicy(policy.policyDocument ?? '')]));
}

export function attachedPolicies(detail: JsonObject): JsonObject {
  const attached = objectsOf(detail, 'attachedManagedPolicies');
  return Object.fromEntries(attached.map((policy) => [textOf(policy, 'policyArn') ?? '', textOf(policy, 'policyName') ?? '']));
}

export function tagsOf(detail: JsonObject): JsonObject {
  return Object.fromEntries(objectsOf(detail, 'tags').map((tag) => [textOf(tag, 'key') ?? '', textOf(tag, 'value') ?? '']));
}

export function boundaryOf(detail: JsonObject): JsonObject {
  const arn = textOf(detail, 'permissionsBoundary', 'permissionsBoundaryArn');
  return arn === undefined ? {} : { permissionsBoundary: arn };
}

/** Takes away what was added and puts back what was there: inline and attached policies, tags, boundary. */
export function restorePrincipal(cli: Cli, what: Principal, change: Change): string[] {
  const name = { [`${what}-name`]: change.ref.id };
  const inline = membersOf(change, '/inlinePolicies');
  const attached = membersOf(change, '/attachedPolicies');
  return [
    ...attached.added.map(([arn]) => cli(`iam detach-${what}-policy`, { ...name, 'policy-arn': arn })),
    ...inline.added.map(([policy]) => cli(`iam delete-${what}-policy`, { ...name, 'policy-name': policy })),
    ...attached.removed.map(([arn]) => cli(`iam attach-${what}-policy`, { ...name, 'policy-arn': arn })),
    ...inline.removed.map(([policy, document]) => putPolicy(cli, what, change.ref.id, policy, document)),
    ...inline.changed.map(({ key, before }) => putPolicy(cli, what, change.ref.id, key, before)),
    ...restoreBoundary(cli, what, change),
    ...restoreTags(cli, `${what}`, name, change),
  ];
}

/** The parts of a principal that was made anew. */
export function recreateParts(cli: Cli, what: Principal, id: string, before: Json): string[] {
  return [
    ...entriesOf(before, 'attachedPolicies').map(([arn]) => cli(`iam attach-${what}-policy`, { [`${what}-name`]: id, 'policy-arn': arn })),
    ...entriesOf(before, 'inlinePolicies').map(([policy, document]) => putPolicy(cli, what, id, policy, document)),
  ];
}

/** What must go before IAM lets a principal be deleted. */
export function removeParts(cli: Cli, what: Principal, id: string, after: Json): string[] {
  const name = { [`${what}-name`]: id };
  return [
    ...entriesOf(after, 'attachedPolicies').map(([arn]) => cli(`iam detach-${what}-policy`, { ...name, 'policy-arn': arn })),
    ...entriesOf(after, 'inlinePolicies').map(([policy]) => cli(`iam delete-${what}-policy`, { ...name, 'policy-name': policy })),
  ];
}

export function restoreTags(cli: Cli, what: string, name: Readonly<Record<string, Argument>>, change: Change): string[] {
  const { added, removed, changed } = membersOf(change, '/tags');
  const wanted = [...removed, ...changed.map(({ key, before }) => [key, before] as const)];
  return [
    ...(added.length === 0 ? [] : [cli(`iam untag-${what}`, { ...name, 'tag-keys': added.map(([key]) => key) })]),
    ...(wanted.length === 0 ? [] : [cli(`iam tag-${what}`, { ...name, tags: tagArgument(wanted) })]),
  ];
}

export function tagArgument(tags: readonly (readonly [string, Json])[]): Argument {
  return tags.length === 0 ? undefined : { json: tags.map(([Key, Value]) => ({ Key, Value })) };
}

function restoreBoundary(cli: Cli, what: Principal, change: Change): string[] {
  if (what === 'group') return [];
  const [was, is] = [valueAt(change.before, '/permissionsBoundary'), valueAt(change.after, '/permissionsBoundary')];
  if (was === is) return [];
  const name = { [`${what}-name`]: change.ref.id };
  if (typeof was !== 'string') return [cli(`iam delete-${what}-permissions-boundary`, name)];
  return [cli(`iam put-${what}-permissions-boundary`, { ...name, 'permissions-boundary': was })];
}

function putPolicy(cli: Cli, what: Principal, id: string, policy: string, document: Json): string {
  return cli(`iam put-${what}-policy`, { [`${what}-name`]: id, 'policy-name': policy, 'policy-document': { json: document } });
}
