/** Roles and instance profiles. */
import { type Effect, pointer, type Ref } from 'drifttrail';
import { type Act, text } from './act.ts';
import { document, principal, principalRules, tagRules } from './iam-principals.ts';
import { created, iam, iamRef, implied, remove, set, type Topic, unset } from './rules.ts';

const role = (act: Act): Ref[] => principal(act, 'role');
const profile = (act: Act): Ref[] => iamRef(act, 'instance-profile', text(act.request, 'instanceProfileName'));

/** Settings that a call may name; a description that is emptied is none. */
function settings(act: Act): Effect[] {
  if (act.request.description === '') return [...unset(role(act), '/description'), ...duration(act)];
  const description = text(act.request, 'description');
  return [...(description === undefined ? [] : set(role(act), '/description', description)), ...duration(act)];
}

function duration(act: Act): Effect[] {
  const value = text(act.request, 'maxSessionDuration');
  return value === undefined ? [] : set(role(act), '/maxSessionDuration', value);
}

/** One hour, unless the call names another. https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateRole.html */
const USUAL_DURATION = 3600;

function update(act: Act): Effect[] {
  const named = act.request.maxSessionDuration !== undefined && act.request.maxSessionDuration !== null;
  const falls = named
    ? []
    : implied('a session’s length that an update leaves out is the usual one', set(role(act), '/maxSessionDuration', USUAL_DURATION));
  return [...settings(act), ...falls];
}

function createRole(act: Act): Effect[] {
  const trust = document(act, 'assumeRolePolicyDocument');
  const boundary = text(act.request, 'permissionsBoundary');
  return created(
    act,
    role(act),
    trust === undefined ? [] : set(role(act), '/trustPolicy', trust),
    settings(act),
    boundary === undefined ? [] : set(role(act), '/permissionsBoundary', boundary),
  );
}

export const iamRoles: Topic = {
  kinds: ['aws.iam.role', 'aws.iam.instance-profile', 'aws.iam.attached-managed-policy'],
  rules: [
    iam('CreateRole', createRole),
    iam('CreateServiceLinkedRole', (act) => created(act, iamRef(act, 'role', text(act.response, 'role.roleName')))),
    iam('DeleteServiceLinkedRole', (act) => remove(role(act))),
    ...principalRules('role'),
    iam('UpdateAssumeRolePolicy', (act) => set(role(act), '/trustPolicy', document(act, 'policyDocument'))),
    iam('UpdateRole', update),
    iam('UpdateRoleDescription', settings),
    iam('CreateInstanceProfile', (act) => created(act, profile(act))),
    iam('DeleteInstanceProfile', (act) => remove(profile(act))),
    iam('AddRoleToInstanceProfile', (act) => set(profile(act), pointer('roles', text(act.request, 'roleName') ?? ''))),
    iam('RemoveRoleFromInstanceProfile', (act) => unset(profile(act), pointer('roles', text(act.request, 'roleName') ?? ''))),
    ...tagRules('InstanceProfile', profile),
  ],
};
