/** Instance profiles: the roles that instances may take. */
import { iamKind } from '../definition.ts';
import { defined, entriesOf, membersOf, objectsOf, textOf } from '../document.ts';

export const instanceProfile = iamKind({
  type: 'instance-profile',
  title: 'instance profile',
  actions: ['ListInstanceProfiles'],
  list: async (reader) => {
    const profiles = await reader.all('ListInstanceProfiles', 'InstanceProfiles', { MaxItems: 1000 });
    return profiles.map((profile) => ({
      id: textOf(profile, 'instanceProfileName') ?? '',
      config: defined({
        arn: profile.arn,
        instanceProfileId: profile.instanceProfileId,
        instanceProfileName: profile.instanceProfileName,
        path: profile.path,
        createDate: profile.createDate,
        roles: Object.fromEntries(objectsOf(profile, 'roles').map((role) => [textOf(role, 'roleName') ?? '', textOf(role, 'arn') ?? ''])),
      }),
    }));
  },
  undo: {
    created: (cli, id, after) => [
      ...entriesOf(after, 'roles').map(([role]) =>
        cli('iam remove-role-from-instance-profile', { 'instance-profile-name': id, 'role-name': role }),
      ),
      cli('iam delete-instance-profile', { 'instance-profile-name': id }),
    ],
    deleted: (cli, before, id) => [
      cli('iam create-instance-profile', { 'instance-profile-name': id, path: textOf(before, 'path') }),
      ...entriesOf(before, 'roles').map(([role]) =>
        cli('iam add-role-to-instance-profile', { 'instance-profile-name': id, 'role-name': role }),
      ),
    ],
    modified: (cli, change) => {
      const profile = { 'instance-profile-name': change.ref.id };
      const { added, removed } = membersOf(change, '/roles');
      return [
        ...added.map(([role]) => cli('iam remove-role-from-instance-profile', { ...profile, 'role-name': role })),
        ...removed.map(([role]) => cli('iam add-role-to-instance-profile', { ...profile, 'role-name': role })),
      ];
    },
  },
});
