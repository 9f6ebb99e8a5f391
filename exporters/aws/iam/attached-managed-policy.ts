/** AWS's own policies, those that are attached to something: their documents change by AWS's doing. */
import { canonicalPolicy } from '../../_aws/policy.ts';
import { iamKind } from '../definition.ts';
import { defined, omit, textOf } from '../document.ts';
import { ELSEWHERE, policyId } from './policy.ts';

export const attachedManagedPolicy = iamKind({
  type: 'attached-managed-policy',
  title: 'attached AWS-managed policy',
  plural: 'attached AWS-managed policies',
  actions: ['ListPolicies', 'GetPolicyVersion'],
  list: async (reader) => {
    const policies = await reader.all('ListPolicies', 'Policies', { Scope: 'AWS', OnlyAttached: true, MaxItems: 1000 });
    return reader.each(policies, async (policy) => {
      const PolicyArn = textOf(policy, 'arn') ?? '';
      const VersionId = textOf(policy, 'defaultVersionId') ?? '';
      const { policyVersion } = await reader.ask('GetPolicyVersion', 'PolicyVersion', { PolicyArn, VersionId });
      return {
        id: policyId(PolicyArn),
        config: defined({
          ...omit(policy, ...ELSEWHERE),
          document: canonicalPolicy(textOf(policyVersion, 'document') ?? ''),
        }),
      };
    });
  },
  // It appears and goes with its first and last attachment, which stand with users, groups and roles.
  undo: { created: () => [], deleted: () => [] },
});
