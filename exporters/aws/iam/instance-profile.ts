/** Instance profiles: the roles that instances may take. */
import { isObject } from 'drifttrail';
import { iamKind } from '../definition.ts';
import { defined, entriesOf, membersOf, objectsOf, textOf } from '../document.ts';
import { restoreTags, tagArgument, tagsOf } from './principal.ts';

export const instanceProfile = iamKind({
  type: 'instance-profile',
  title: 'instance profile',
  actions: ['ListInstanceProfiles', 'GetInstanceProfile'],
  list: async (reader) => {
    const profiles = await reader.all('ListInstanceProfiles', 'InstanceProfiles', { MaxItems: 1000 });
    // The listing leaves out the tags.
    return reader.each(profiles, async ({ instanceProfileName: InstanceProfileName = '' }) => {
      const { instanceProfile } = await reader.ask('GetInstanceProfile', 'InstanceProfile', { InstanceProfileName });
      const profile = isObject(instanceProfile) ? instanceProfile : {};
      return {
        id: textOf(profile, 'instanceProfileName') ?? '',
        config: defined({
          ...profile,
          roles: Object.fromEntries(objectsOf(profile, 'roles').map((role) => [textOf(role, 'roleName') ?? '', textOf(role, 'arn') ?? ''])),
          tags: tagsOf(profile),
        }),
      };
    });
  },
  undo: {
    created: (cli, id, after) => [
      ...entriesOf(after, 'roles').map(([role]) =>
        cli('iam remove-role-from-instance-profile', { 'instance-profile-name': id, 'role-name': role }),
      ),
      cli('iam delete-instance-profile', { 'instance-profile-name': id }),
    ],
    deleted: (cli, before, id) => [
      cli('iam create-instance-profile', {
        'instance-profile-name': id,
        path: textOf(before, 'path'),
        tags: tagArgument(entriesOf(before, 'tags')),
      }),
      ...entriesOf(before, 'roles').map(([role]) =>
        cli('iam add-role-to-instance-profile', { 'instance-profile-name': id, 'role-name': role }),
      ),
    ],
    anew: 'instances that had it must be given it again',
    modified: (cli, change) => {
      const profile = { 'instance-profile-name': change.ref.id };
      const { added, removed } = membersOf(change, '/roles');
      return [
        ...added.map(([role]) => cli('iam remove-role-from-instance-profile', { ...profile, 'role-name': role })),
        ...removed.map(([role]) => cli('iam add-role-to-instance-profile', { ...profile, 'role-name': role })),
        ...restoreTags(cli, 'instance-profile', profile, change),
      ];
    },
  },
});
