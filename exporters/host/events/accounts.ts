/** What the tools for users and groups say they did, in the words of the audit log and of auth.log. */
import { type Effect, type EventRule, isObject, type JsonObject } from 'drifttrail';
import { type Act, calm, fact, implied, keysOf, member, nothing, ruleFor, set, text, unset } from './act.ts';

type Doing =
  | 'add-user'
  | 'delete-user'
  | 'change-user'
  | 'change-password'
  | 'add-group'
  | 'delete-group'
  | 'change-group'
  | 'add-member'
  | 'remove-member';

/** shadow-utils words its `op` differently in Debian (`adding user to group`) and Fedora (`add-user-to-group`). */
const WORDS: readonly (readonly [names: RegExp, op: RegExp, doing: Doing])[] = [
  [/^ADD_USER$/, /^(adding user|add-user)$/, 'add-user'],
  [/^DEL_USER$/, /^(deleting user entries|deleting user|delete-user)$/, 'delete-user'],
  [
    /^DEL_USER$|^USER_|^GRP_/,
    /^(delet|remov)\S*[ -](user|member)[ -]from[ -](shadow[ -])?group|^(delete|remove)-(user-)?from-group/,
    'remove-member',
  ],
  [/^ADD_GROUP$/, /^(adding group( to \/etc\/group)?|add-group)$/, 'add-group'],
  [/^DEL_GROUP$/, /^(deleting group|removing group from \/etc\/group|delete-group)$/, 'delete-group'],
  [/^USER_|^GRP_/, /^add\S*[ -](user|member)[ -]to[ -](shadow[ -])?group|^add-(user-)?to-group|^add-group-member/, 'add-member'],
  [/^USER_|^GRP_|^ACCT_/, /passw|chauthtok|lock/i, 'change-password'],
  [/^ACCT_/, /^/, 'change-password'],
  [/^GRP_/, /^/, 'change-group'],
  [/^USER_/, /^/, 'change-user'],
];

const AUDIT = [
  'ADD_USER',
  'DEL_USER',
  'ADD_GROUP',
  'DEL_GROUP',
  'USER_MGMT',
  'GRP_MGMT',
  'USER_CHAUTHTOK',
  'GRP_CHAUTHTOK',
  'ACCT_LOCK',
  'ACCT_UNLOCK',
];

export const accountRules: readonly EventRule[] = [
  ...AUDIT.map((name) => ruleFor('linux-audit', name, (act) => told(act, doingOf(name, text(act.request, 'op') ?? '')))),
  ruleFor('linux-auth', '*', (act) => told(act, text(act.request, 'op') as Doing | undefined)),
];

function doingOf(name: string, op: string): Doing | undefined {
  return WORDS.find(([names, words]) => names.test(name) && words.test(op))?.[2];
}

function told(act: Act, doing: Doing | undefined): Effect[] {
  const effects = doing === undefined ? [] : effectsOf(act, doing);
  if (effects.length === 0) {
    const named = text(act.request, 'user') ?? text(act.request, 'group') ?? '';
    return nothing(act, 'one step of several, or an account that no snapshot knows', 'host.account', named);
  }
  return act.event.actor.type === 'Service' ? calm(act, effects) : effects;
}

function effectsOf(act: Act, doing: Doing): Effect[] {
  const [users, passwords, groups] = [fact(act, 'host.user'), fact(act, 'host.password'), fact(act, 'host.group')];
  const user = text(act.request, 'user') ?? byNumber(act, 'host.user', 'uid');
  const group = text(act.request, 'group') ?? (doing.endsWith('-group') ? byNumber(act, 'host.group', 'gid') : undefined);
  const own = user === undefined ? undefined : member(user);
  switch (doing) {
    case 'add-user':
      return own === undefined
        ? []
        : [set(users, own, known(act, { id: 'uid', gid: 'gid', home: 'home', shell: 'shell' })), set(passwords, own)];
    case 'delete-user':
      return own === undefined || user === undefined
        ? []
        : [unset(users, own), unset(passwords, own), ...membership(act, user, undefined, 'unset')];
    case 'change-user':
      return own === undefined ? [] : [set(users, `${own}/**`), ...implied('an account that expires', set(passwords, `${own}/**`))];
    case 'change-password':
      return own === undefined ? [] : [set(passwords, `${own}/**`)];
    case 'add-group':
      return group === undefined ? [] : [set(groups, member(group), known(act, { id: 'gid' }))];
    case 'delete-group':
      return group === undefined ? [] : [unset(groups, member(group))];
    case 'change-group':
      return group === undefined ? [] : [set(groups, `${member(group)}/**`)];
    default:
      return user === undefined ? [] : membership(act, user, group, doing === 'add-member' ? 'set' : 'unset');
  }
}

/** Debian's records do not name the group: then it is each that the user came into, or left. */
function membership(act: Act, user: string, group: string | undefined, op: 'set' | 'unset'): Effect[] {
  const ref = fact(act, 'host.group');
  const has = (document: unknown, key: string): boolean => {
    const entry = isObject(document as JsonObject) ? (document as JsonObject)[key] : undefined;
    return isObject(entry) && Array.isArray(entry.members) && entry.members.includes(user);
  };
  const [before, after] = [act.lookup.before(ref), act.lookup.after(ref)];
  const changed = (key: string) => has(before, key) !== has(after, key) && has(after, key) === (op === 'set');
  const wanted = group === undefined ? keysOf(act, ref, (_, key) => changed(key)) : [group];
  return wanted.map((key) => (op === 'set' ? set : unset)(ref, `${member(key, 'members')}/**`, user));
}

function byNumber(act: Act, kind: string, field: string): string | undefined {
  const { id } = act.request;
  if (typeof id !== 'number') return undefined;
  return keysOf(act, fact(act, kind), (entry) => isObject(entry) && entry[field] === id)[0];
}

/** The fields that the record tells, under the names of the document. */
function known({ request }: Act, fields: Readonly<Record<string, string>>): JsonObject | undefined {
  const entries = Object.entries(fields).flatMap(([from, to]) => (request[from] === undefined ? [] : [[to, request[from]] as const]));
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}
