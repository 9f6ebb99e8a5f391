/** AWS's own policies, those that are attached to something: their documents change by AWS's doing. */
import { canonicalPolicy } from '../../_aws/policy.ts';
import { note } from '../../_shell/words.ts';
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
  undo: {
    created: () => [note('it is a policy of AWS: it goes when it is attached to nobody, which the undo of a user, group or role does')],
    deleted: () => [note('it is a policy of AWS: it comes back with an attachment, which the undo of a user, group or role makes')],
    modified: () => [note('AWS itself has changed its policy: attach one of your own where the old one is needed')],
  },
});
