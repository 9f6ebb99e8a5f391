/** Groups; who is in them stands on the user. */
import type { Effect, Ref } from 'drifttrail';
import { type Act, text } from './act.ts';
import { principal, principalRules } from './iam-principals.ts';
import { create, created, iam, iamRef, implied, remove, set, type Topic, unset } from './rules.ts';

/** A group's new name: another identity, and its members' documents name it. */
function rename(act: Act): Effect[] {
  const old = text(act.request, 'groupName');
  const name = text(act.request, 'newGroupName');
  const path = text(act.request, 'newPath');
  return [
    ...(name === undefined || old === undefined
      ? []
      : [
          ...remove(principal(act, 'group')),
          ...create(iamRef(act, 'group', name)),
          ...implied('a group’s new name', members(act, old, name)),
        ]),
    ...(path === undefined ? [] : [...set(principal(act, 'group'), '/path', path), ...set(principal(act, 'group'), '/arn')]),
  ];
}

function members(act: Act, old: string, name: string): Effect[] {
  const users: Ref[] = [...act.lookup.list(`aws/${act.event.account}/global`, 'aws.iam.user')]
    .filter(({ config }) => JSON.stringify((config as { groups?: unknown })?.groups ?? []).includes(JSON.stringify(old)))
    .map(({ ref }) => ref);
  return [...unset(users, '/groups/**', old), ...set(users, '/groups/**', name)];
}

export const iamGroups: Topic = {
  kinds: ['aws.iam.group', 'aws.iam.attached-managed-policy', 'aws.iam.user'],
  rules: [iam('CreateGroup', (act) => created(act, principal(act, 'group'))), iam('UpdateGroup', rename), ...principalRules('group')],
};
