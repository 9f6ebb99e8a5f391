/** Customer-managed policies and their versions. */
import { type Effect, pointer, type Ref } from 'drifttrail';
import { type Act, text } from './act.ts';
import { document, policyId, tagRules } from './iam-principals.ts';
import { created, iam, iamRef, remove, set, type Topic, unset } from './rules.ts';

const policy = (act: Act): Ref[] => iamRef(act, 'policy', policyId(text(act.request, 'policyArn')));

function createPolicy(act: Act): Effect[] {
  const path = text(act.request, 'path') ?? '/';
  const name = text(act.request, 'policyName');
  const id = policyId(text(act.response, 'policy.arn')) ?? (name === undefined ? undefined : `${path}${name}`.slice(1));
  const refs = iamRef(act, 'policy', id);
  return created(act, refs, set(refs, '/document', document(act, 'policyDocument')));
}

/** A new version counts only once it is the default. */
function createVersion(act: Act): Effect[] {
  const version = text(act.response, 'policyVersion.versionId');
  const isDefault = (text(act.request, 'setAsDefault') ?? text(act.response, 'policyVersion.isDefaultVersion')) === 'true';
  return [
    ...(version === undefined ? [] : set(policy(act), pointer('versions', version))),
    ...(isDefault
      ? [...set(policy(act), '/defaultVersionId', version), ...set(policy(act), '/document', document(act, 'policyDocument'))]
      : []),
  ];
}

export const iamPolicies: Topic = {
  kinds: ['aws.iam.policy', 'aws.iam.attached-managed-policy'],
  rules: [
    iam('CreatePolicy', createPolicy),
    iam('DeletePolicy', (act) => remove(policy(act))),
    iam('CreatePolicyVersion', createVersion),
    // The document that becomes effective was written by an earlier call; this one names only its version.
    iam('SetDefaultPolicyVersion', (act) => [
      ...set(policy(act), '/defaultVersionId', text(act.request, 'versionId')),
      ...set(policy(act), '/document'),
    ]),
    iam('DeletePolicyVersion', (act) => unset(policy(act), pointer('versions', text(act.request, 'versionId') ?? ''))),
    ...tagRules('Policy', policy),
  ],
};
