/** Commands that bring a machine back to the state before a change: PowerShell, to be run there by a person who has read them. */
import { type Change, isObject, type Json, type JsonObject } from 'drifttrail';
import { type Member, membersOf, type Undo } from '../_shared/members.ts';
import { note } from '../_shell/words.ts';
import { literal, literals } from './powershell.ts';
import { undoRegistry } from './undo-registry.ts';
import { undoService } from './undo-service.ts';

const each =
  (commands: (member: Member) => readonly string[]): Undo =>
  (change) =>
    membersOf(change).flatMap(commands);

export const UNDO: Readonly<Record<string, Undo>> = {
  service: each(undoService),
  registry: each(undoRegistry),
  feature: each(featureCommands),
  user: each(userCommands),
  'group-member': each(memberCommands),
  task: each(taskCommands),
  hotfix: each(hotfixCommands),
  share: each(shareCommands),
  'firewall-profile': each(profileCommands),
  'firewall-rule': each(ruleCommands),
  file: fileCommands,
};

/** Many machines, one terminal: what is pasted must not land on the wrong one, nor in another shell. */
export function onItsHost(undo: Undo): Undo {
  return (change, context) => {
    const lines = undo(change, context);
    if (lines.length === 0) return lines;
    return [note(`in Windows PowerShell as administrator on ${change.ref.scope.slice('hosts/'.length)}`), ...lines];
  };
}

function featureCommands({ before, after }: Member): string[] {
  const feature = before ?? after ?? {};
  const name = literal(String(feature.name));
  if (feature.source === 'server') return [`${before === undefined ? 'Uninstall' : 'Install'}-WindowsFeature -Name ${name}`];
  return [`${before === undefined ? 'Disable' : 'Enable'}-WindowsOptionalFeature -Online -NoRestart -FeatureName ${name}`];
}

function userCommands({ before, after }: Member): string[] {
  if (before === undefined)
    return [
      `Disable-LocalUser -SID ${literal(String(after?.sid))}`,
      note('disabled, not deleted: what it owns stays to be looked at; Remove-LocalUser deletes it'),
    ];
  if (after === undefined)
    return [note('no command brings an account back: one of that name gets another SID and no rights of the old one')];
  const sid = literal(String(after.sid));
  const password = before.passwordSet === after.passwordSet ? [] : [note('its password was set: the one before is not known')];
  if (before.enabled === after.enabled) return password;
  return [`${before.enabled === true ? 'Enable' : 'Disable'}-LocalUser -SID ${sid}`, ...password];
}

function memberCommands({ before, after }: Member): string[] {
  const { groupSid, sid } = before ?? after ?? {};
  if (before !== undefined && after !== undefined) return [];
  return [`${before === undefined ? 'Remove' : 'Add'}-LocalGroupMember -SID ${literal(String(groupSid))} -Member ${literal(String(sid))}`];
}

function taskCommands({ key, before, after }: Member): string[] {
  const end = key.lastIndexOf('\\') + 1;
  const task = `-TaskPath ${literal(key.slice(0, end))} -TaskName ${literal(key.slice(end))}`;
  if (before === undefined) return [`Disable-ScheduledTask ${task}`, note('disabled, not deleted: Unregister-ScheduledTask deletes it')];
  if (after === undefined) return [note('make it again from where it is described: not everything of it is kept')];
  const actions = actionsOf(before);
  return [
    ...(before.enabled === after.enabled ? [] : [`${before.enabled === true ? 'Enable' : 'Disable'}-ScheduledTask ${task}`]),
    ...(same(before.actions, after.actions)
      ? []
      : [
          actions === undefined
            ? note('what it did cannot be put back by a command: it held secrets, or was no program')
            : `Set-ScheduledTask ${task} -Action ${actions}`,
        ]),
    ...(['triggers', 'user', 'group', 'logon', 'level'].some((field) => !same(before[field], after[field]))
      ? [note('its triggers and the account it runs as are put back by hand')]
      : []),
  ];
}

/** Undefined where one of them is no program or held a secret. */
function actionsOf({ actions }: JsonObject): string | undefined {
  if (!Array.isArray(actions) || actions.length === 0) return undefined;
  const words = (actions as readonly Json[]).map((action) => {
    if (!isObject(action) || action.type !== 'exec' || 'argumentSecrets' in action || JSON.stringify(action).includes('«redacted:'))
      return undefined;
    const options = [
      ['-Execute', action.execute],
      ['-Argument', action.arguments],
      ['-WorkingDirectory', action.folder],
    ] as const;
    return `(New-ScheduledTaskAction${options.map(([flag, value]) => (value === undefined ? '' : ` ${flag} ${literal(String(value))}`)).join('')})`;
  });
  return words.includes(undefined) ? undefined : `@(${words.join(', ')})`;
}

function hotfixCommands({ key, before }: Member): string[] {
  const number = /^KB(\d+)$/.exec(key)?.[1];
  if (number === undefined) return [];
  if (before !== undefined) return [note(`install ${key} again: Windows Update, or its package from the Microsoft Update Catalog`)];
  return [`wusa.exe /uninstall /kb:${number} /norestart`];
}

/** `Allow Full Everyone (S-1-1-0)` */
const ACCESS = /^(Allow|Deny) (Full|Change|Read) (.+?)(?: \((S-[\d-]+)\))?$/;

function shareCommands({ key, before, after }: Member): string[] {
  if (isPattern(key)) return [note('its name holds wildcards: put it back by hand')];
  const name = literal(key);
  if (before === undefined) return [`Remove-SmbShare -Name ${name} -Force`];
  const made = after === undefined ? [`New-SmbShare -Name ${name} -Path ${literal(String(before.path))}`] : [];
  // New-SmbShare lets everybody read where nothing else is said.
  const [old, now] = [lines(before.access), after === undefined ? ['Allow Read Everyone (S-1-1-0)'] : lines(after.access)];
  const access = (words: string, verb: 'add' | 'remove'): string[] => {
    const [, type, right, account = ''] = ACCESS.exec(words) ?? [];
    if (type === undefined || right === undefined)
      return [note('some of its rights are others than these commands know: put them back by hand')];
    const who = `-Name ${name} -AccountName ${literal(account)} -Force`;
    if (verb === 'remove') return [`${type === 'Deny' ? 'Unblock' : 'Revoke'}-SmbShareAccess ${who}`];
    return [type === 'Deny' ? `Block-SmbShareAccess ${who}` : `Grant-SmbShareAccess ${who} -AccessRight ${right}`];
  };
  return [
    ...made,
    ...now.filter((words) => !old.includes(words)).flatMap((words) => access(words, 'remove')),
    ...old.filter((words) => !now.includes(words)).flatMap((words) => access(words, 'add')),
  ];
}

function profileCommands({ key, before, after }: Member): string[] {
  if (before === undefined || after === undefined) return [];
  const options = [
    ['-Enabled', before.enabled, after.enabled],
    ['-DefaultInboundAction', before.inbound, after.inbound],
    ['-DefaultOutboundAction', before.outbound, after.outbound],
  ] as const;
  const words = options.flatMap(([flag, old, now]) => (old === undefined || old === now ? [] : [`${flag} ${literal(String(old))}`]));
  return words.length === 0 ? [] : [`Set-NetFirewallProfile -Name ${literal(key)} ${words.join(' ')}`];
}

const FILTERS = [
  ['-LocalPort', 'localPorts'],
  ['-RemotePort', 'remotePorts'],
  ['-LocalAddress', 'localAddresses'],
  ['-RemoteAddress', 'remoteAddresses'],
] as const;

function ruleCommands({ key, before, after }: Member): string[] {
  const rule = before ?? after ?? {};
  if (rule.from !== 'Local') return [note('the rule comes from a group policy: put it back there')];
  const name = String(rule.name);
  if (isPattern(name) || name !== key) return [note('its name holds wildcards or is not its own: put it back by hand')];
  if (before === undefined) return [`Disable-NetFirewallRule -Name ${literal(name)}`];
  if (after === undefined)
    return [
      `Enable-NetFirewallRule -Name ${literal(name)}`,
      note('where there is none to enable, it was deleted: New-NetFirewallRule makes it again'),
    ];
  const filters = FILTERS.filter(([, field]) => !same(before[field], after[field])).map(
    ([flag, field]) => `${flag} ${literals(lines(before[field]).length === 0 ? ['Any'] : lines(before[field]))}`,
  );
  const action = before.action === after.action ? [] : [`-Action ${literal(String(before.action))}`];
  const program = before.program === after.program ? [] : [`-Program ${literal(String(before.program ?? 'Any'))}`];
  const words = [...action, ...program, ...filters];
  return words.length === 0 ? [note('put it back by hand')] : [`Set-NetFirewallRule -Name ${literal(name)} ${words.join(' ')}`];
}

/** The bytes stay in the snapshots repository: they are put in place by whoever can reach both. */
function fileCommands(change: Change): string[] {
  const path = change.ref.id.replace(/^([a-z])\//, '$1:/').replaceAll('/', '\\');
  if (change.type === 'created') return [`Remove-Item -LiteralPath ${literal(path)}`];
  const secrets =
    typeof change.before === 'string' && change.before.includes('«redacted:') ? ', and put in by hand the secrets, which are not kept' : '';
  return [note(`put the old file in its place, which git -C snapshots log -p -- ${change.path} shows${secrets}`)];
}

function lines(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

/** Some commands take `-Name` for a pattern. */
function isPattern(name: string): boolean {
  return /[*?[\]`]/.test(name);
}

/** Keys are sorted on both sides. */
function same(one: Json | undefined, two: Json | undefined): boolean {
  return JSON.stringify(one ?? null) === JSON.stringify(two ?? null);
}
