/** IAM roles with their trust and permissions. */
import { valueAt } from 'drifttrail';
import { canonicalPolicy } from '../../_aws/policy.ts';
import { iamKind } from '../definition.ts';
import { defined, differs, entriesOf, fieldOf, objectsOf, omit, textOf } from '../document.ts';
import {
  attachedPolicies,
  boundaryOf,
  inlinePolicies,
  recreateParts,
  removeParts,
  restorePrincipal,
  tagArgument,
  tagsOf,
} from './principal.ts';

/** Written in another form, standing with the instance profile, or noise: roleLastUsed is `{"lastUsedDate":"2026-11-20T13:04:11Z"}`. */
const ELSEWHERE = [
  'assumeRolePolicyDocument',
  'attachedManagedPolicies',
  'instanceProfileList',
  'permissionsBoundary',
  'roleLastUsed',
  'rolePolicyList',
  'tags',
];

export const role = iamKind({
  type: 'role',
  title: 'IAM role',
  actions: ['GetAccountAuthorizationDetails', 'ListRoles'],
  // The authorization details leave out the description and the session's length, which the listing has.
  list: async (reader) => {
    const [details, listed] = await Promise.all([
      reader.all('GetAccountAuthorizationDetails', 'RoleDetailList', { Filter: ['Role'], MaxItems: 1000 }),
      reader.all('ListRoles', 'Roles', { MaxItems: 1000 }),
    ]);
    const byName = new Map(listed.map((item) => [textOf(item, 'roleName'), item]));
    return details.flatMap((detail) => {
      const id = textOf(detail, 'roleName') ?? '';
      const item = byName.get(id);
      // In one answer only: made or deleted between the two, and the next run will tell.
      if (item === undefined) return [];
      return [
        {
          id,
          config: defined({
            ...omit({ ...item, ...detail }, ...ELSEWHERE, ...(item.description === '' ? ['description'] : [])),
            trustPolicy: canonicalPolicy(detail.assumeRolePolicyDocument ?? ''),
            inlinePolicies: inlinePolicies(objectsOf(detail, 'rolePolicyList')),
            attachedPolicies: attachedPolicies(detail),
            tags: tagsOf(detail),
            ...boundaryOf(detail),
          }),
        },
      ];
    });
  },
  undo: {
    created: (cli, id, after) => [...removeParts(cli, 'role', id, after), cli('iam delete-role', { 'role-name': id })],
    deleted: (cli, before, id) => {
      const duration = fieldOf(before, 'maxSessionDuration');
      return [
        cli('iam create-role', {
          'role-name': id,
          path: textOf(before, 'path'),
          'assume-role-policy-document': { json: valueAt(before, '/trustPolicy') ?? {} },
          description: textOf(before, 'description'),
          'max-session-duration': typeof duration === 'number' ? duration : undefined,
          'permissions-boundary': textOf(before, 'permissionsBoundary'),
          tags: tagArgument(entriesOf(before, 'tags')),
        }),
        ...recreateParts(cli, 'role', id, before),
      ];
    },
    anew: 'policies of other accounts and of resources that trust it must be saved again',
    modified: (cli, change) => {
      const duration = fieldOf(change.before, 'maxSessionDuration');
      return [
        ...(differs(change, '/trustPolicy')
          ? [
              cli('iam update-assume-role-policy', {
                'role-name': change.ref.id,
                'policy-document': { json: valueAt(change.before, '/trustPolicy') ?? {} },
              }),
            ]
          : []),
        ...(differs(change, '/maxSessionDuration') || differs(change, '/description')
          ? [
              cli('iam update-role', {
                'role-name': change.ref.id,
                description: textOf(change.before, 'description') ?? '',
                'max-session-duration': typeof duration === 'number' ? duration : undefined,
              }),
            ]
          : []),
        ...restorePrincipal(cli, 'role', change),
      ];
    },
  },
});
