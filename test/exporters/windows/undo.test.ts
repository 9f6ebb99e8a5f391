/** What the undo prints: for PowerShell, exact names, quoted; never a secret that is not kept. */
import { expect, it } from 'vitest';
import exporter from '../../../exporters/windows/index.ts';
import type { Json, JsonObject } from '../../../src/model.ts';

const HEAD = '# in Windows PowerShell as administrator on win01';

function undo(word: string, before: Json | undefined, after: Json | undefined, id = word): readonly string[] {
  const type = before === undefined ? 'created' : after === undefined ? 'deleted' : 'modified';
  const change = { type, ref: { scope: 'hosts/win01', kind: `windows.${word}`, id }, path: 'hosts/win01/x', edits: [] } as const;
  const sides = { ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) };
  const [head, ...rest] = exporter.kinds[`windows.${word}`]?.undo?.({ ...change, ...sides }, { before: () => undefined }) ?? [];
  expect(head).toBe(rest.length === 0 ? undefined : HEAD);
  return rest;
}

const service = (more: JsonObject): Json => ({
  "it's[1]": { name: "it's[1]", startMode: 'Auto', account: 'LocalSystem', path: 'C:\\a.exe', ...more },
});
const cim = "Get-CimInstance Win32_Service | Where-Object Name -EQ 'it''s[1]' | Invoke-CimMethod -MethodName";
const RUN = 'HKLM\\SOFTWARE\\Run';
const value = (type: string, text: Json): Json => ({ [`${RUN} x`]: { key: RUN, name: 'x', type, value: text } });
const member = { m: { group: 'Administrators', groupSid: 'S-1-5-32-544', sid: 'S-1-5-21-1' } };
const task = (more: JsonObject): Json => ({
  '\\A\\b': { task: '\\A\\b', enabled: true, actions: [{ type: 'exec', execute: 'a.exe', arguments: "it's" }], ...more },
});
const rule = (more: JsonObject): Json => ({
  r: { name: 'r', from: 'Local', direction: 'Inbound', action: 'Allow', localPorts: ['22'], ...more },
});
const share = (access: string[]): Json => ({ Orders: { name: 'Orders', path: 'D:\\Orders', access } });

it.each<[string, Json | undefined, Json | undefined, readonly (string | RegExp)[]]>([
  [
    'service',
    service({ pathSecrets: { '1': 'a' } }),
    service({ pathSecrets: { '1': 'a' }, startMode: 'Manual' }),
    [`${cim} ChangeStartMode -Arguments @{ StartMode = 'Automatic' }`],
  ],
  ['service', service({}), service({ startMode: 'Disabled' }), [`${cim} ChangeStartMode -Arguments @{ StartMode = 'Automatic' }`]],
  [
    'service',
    service({ account: 'NT AUTHORITY\\NetworkService' }),
    service({}),
    [`${cim} Change -Arguments @{ StartName = 'NT AUTHORITY\\NetworkService'; StartPassword = '' }`],
  ],
  ['service', service({ account: 'CORP\\x' }), service({}), [/^# it ran as another account/]],
  [
    'service',
    service({ path: 'a <secret-1>', pathSecrets: { '1': '«redacted:hmac-sha256:0123456789ab»' } }),
    service({}),
    [/^# its command line held secrets/],
  ],
  [
    'service',
    {},
    service({}),
    [`${cim} StopService`, `${cim} ChangeStartMode -Arguments @{ StartMode = 'Disabled' }`, /^# stopped and disabled/],
  ],
  ['service', service({}), {}, ["New-Service -Name 'it''s[1]' -BinaryPathName 'C:\\a.exe' -DisplayName 'it''s[1]' -StartupType Automatic"]],
  ['registry', {}, value('String', 'y'), ["[Microsoft.Win32.Registry]::LocalMachine.OpenSubKey('SOFTWARE\\Run', $true).DeleteValue('x')"]],
  [
    'registry',
    value('DWord', '4294967295'),
    {},
    ["[Microsoft.Win32.Registry]::SetValue('HKEY_LOCAL_MACHINE\\SOFTWARE\\Run', 'x', [int]'-1', 'DWord')"],
  ],
  [
    'registry',
    value('MultiString', ['a', "b'"]),
    {},
    ["[Microsoft.Win32.Registry]::SetValue('HKEY_LOCAL_MACHINE\\SOFTWARE\\Run', 'x', [string[]]@('a', 'b'''), 'MultiString')"],
  ],
  [
    'registry',
    value('Binary', '00ff'),
    {},
    ["[Microsoft.Win32.Registry]::SetValue('HKEY_LOCAL_MACHINE\\SOFTWARE\\Run', 'x', [byte[]]@(0x00, 0xff), 'Binary')"],
  ],
  ['registry', value('String', '«redacted:hmac-sha256:0123456789ab»'), {}, [/^# its value is secret/]],
  ['group-member', {}, member, ["Remove-LocalGroupMember -SID 'S-1-5-32-544' -Member 'S-1-5-21-1'"]],
  ['group-member', member, {}, ["Add-LocalGroupMember -SID 'S-1-5-32-544' -Member 'S-1-5-21-1'"]],
  ['user', {}, { m: { name: 'm', sid: 'S-1-5-21-1' } }, ["Disable-LocalUser -SID 'S-1-5-21-1'", /^# disabled, not deleted/]],
  ['task', {}, task({}), ["Disable-ScheduledTask -TaskPath '\\A\\' -TaskName 'b'", /^# disabled, not deleted/]],
  [
    'task',
    task({}),
    task({ actions: [{ type: 'exec', execute: 'evil.exe' }] }),
    ["Set-ScheduledTask -TaskPath '\\A\\' -TaskName 'b' -Action @((New-ScheduledTaskAction -Execute 'a.exe' -Argument 'it''s'))"],
  ],
  ['feature', {}, { f: { name: 'FS-SMB1', source: 'server', state: 'Installed' } }, ["Uninstall-WindowsFeature -Name 'FS-SMB1'"]],
  ['hotfix', { KB1: { id: 'KB1' } }, {}, [/^# install KB1 again/]],
  [
    'share',
    share(['Allow Read Everyone (S-1-1-0)']),
    share(['Allow Full Everyone (S-1-1-0)']),
    [
      "Revoke-SmbShareAccess -Name 'Orders' -AccountName 'Everyone' -Force",
      "Grant-SmbShareAccess -Name 'Orders' -AccountName 'Everyone' -Force -AccessRight Read",
    ],
  ],
  [
    'firewall-profile',
    { Public: { name: 'Public', enabled: 'True', inbound: 'Block' } },
    { Public: { name: 'Public', enabled: 'False', inbound: 'Block' } },
    ["Set-NetFirewallProfile -Name 'Public' -Enabled 'True'"],
  ],
  ['firewall-rule', {}, rule({}), ["Disable-NetFirewallRule -Name 'r'"]],
  ['firewall-rule', rule({}), rule({ localPorts: ['22', '4444'] }), ["Set-NetFirewallRule -Name 'r' -LocalPort @('22')"]],
  ['firewall-rule', {}, rule({ from: 'GroupPolicy' }), [/^# the rule comes from a group policy/]],
])('puts a %s back', (word, before, after, commands) => {
  expect(undo(word, before, after)).toEqual(commands.map((each) => (typeof each === 'string' ? each : expect.stringMatching(each))));
});

it('takes a new file away and says where an old one is', () => {
  expect(undo('file', undefined, 'x', "c/it's/web.config")).toEqual(["Remove-Item -LiteralPath 'c:\\it''s\\web.config'"]);
  expect(undo('file', 'password=«redacted:hmac-sha256:0123456789ab»', 'x', 'c/web.config')).toEqual([
    expect.stringMatching(/^# put the old file in its place.*the secrets, which are not kept$/),
  ]);
});
