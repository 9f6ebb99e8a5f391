/** IAM groups; who is in one stands with the user. */
import { iamKind } from '../definition.ts';
import { defined, differs, objectsOf, omit, textOf } from '../document.ts';
import { attachedPolicies, inlinePolicies, recreateParts, removeParts, restorePrincipal } from './principal.ts';

export const group = iamKind({
  type: 'group',
  title: 'IAM group',
  actions: ['GetAccountAuthorizationDetails'],
  list: async (reader) => {
    const details = await reader.all('GetAccountAuthorizationDetails', 'GroupDetailList', { Filter: ['Group'], MaxItems: 1000 });
    return details.map((detail) => ({
      id: textOf(detail, 'groupName') ?? '',
      config: defined({
        ...omit(detail, 'groupPolicyList', 'attachedManagedPolicies'),
        inlinePolicies: inlinePolicies(objectsOf(detail, 'groupPolicyList')),
        attachedPolicies: attachedPolicies(detail),
      }),
    }));
  },
  undo: {
    created: (cli, id, after) => [...removeParts(cli, 'group', id, after), cli('iam delete-group', { 'group-name': id })],
    deleted: (cli, before, id) => [
      cli('iam create-group', { 'group-name': id, path: textOf(before, 'path') }),
      ...recreateParts(cli, 'group', id, before),
    ],
    anew: 'who was in it is told by the users',
    modified: (cli, change) => [
      ...(differs(change, '/path')
        ? [cli('iam update-group', { 'group-name': change.ref.id, 'new-path': textOf(change.before, 'path') })]
        : []),
      ...restorePrincipal(cli, 'group', change),
    ],
  },
});
