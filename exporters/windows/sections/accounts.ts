/** Who can log in: local users, and who belongs to which local group. */
import { z } from 'zod';
import { collection } from './section.ts';

const text = z.string();

export const user = collection({
  word: 'user',
  file: 'windows-users',
  title: 'local user',
  schema: z.object({
    name: text,
    sid: text,
    enabled: z.boolean(),
    fullName: text,
    description: text,
    passwordRequired: z.boolean(),
    passwordSet: text.nullable(),
    passwordExpires: z.boolean(),
    mayChangePassword: z.boolean(),
    expires: text.nullable(),
  }),
  key: ['name'],
  evidence: { chapter: 'Who can log in', order: 40, fields: ['passwordSet', 'expires'], only: ({ enabled }) => enabled === true },
  member: (row) => row,
});

export const groupMember = collection({
  word: 'group-member',
  file: 'windows-group-members',
  title: 'member of a local group',
  plural: 'members of local groups',
  schema: z.object({ group: text, groupSid: text, account: text.nullable(), sid: text }),
  // By what does not change when an account is renamed, and is the same in every language.
  key: ['group', 'sid'],
  evidence: { chapter: 'Who can log in', order: 41, fields: ['account'] },
  member: (row) => row,
});
