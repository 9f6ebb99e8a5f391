/** Commands that put a service back: by its exact name, for several cmdlets take a name for a pattern. */
import type { JsonObject } from 'drifttrail';
import type { Member } from '../_shared/members.ts';
import { note } from '../_shell/words.ts';
import { literal } from './powershell.ts';

/** Win32_Service reads one word and takes another. */
const MODES: Readonly<Record<string, string>> = {
  Auto: 'Automatic',
  Manual: 'Manual',
  Disabled: 'Disabled',
  Boot: 'Boot',
  System: 'System',
};
/** These have no password; in another language they have other names, and are put back by hand. */
const BUILT_IN = /^(LocalSystem|NT AUTHORITY\\(LocalService|NetworkService))$/i;

export function undoService({ key, before, after }: Member): string[] {
  const call = (method: string, given: Readonly<Record<string, string>> = {}): string => {
    const words = Object.entries(given).map(([name, value]) => `${name} = ${literal(value)}`);
    const options = words.length === 0 ? '' : ` -Arguments @{ ${words.join('; ')} }`;
    return `Get-CimInstance Win32_Service | Where-Object Name -EQ ${literal(key)} | Invoke-CimMethod -MethodName ${method}${options}`;
  };
  if (before === undefined)
    return [
      call('StopService'),
      call('ChangeStartMode', { StartMode: 'Disabled' }),
      note('stopped and disabled, not deleted: sc.exe delete deletes it'),
    ];
  if (after === undefined) return recreated(key, before);
  const mode = MODES[String(before.startMode)];
  return [
    ...(before.path === after.path && JSON.stringify(before.pathSecrets) === JSON.stringify(after.pathSecrets) ? [] : path(before, call)),
    ...(before.account === after.account ? [] : account(before, call)),
    ...(before.startMode === after.startMode || mode === undefined ? [] : [call('ChangeStartMode', { StartMode: mode })]),
    ...(before.state === 'Running' && after.state === 'Stopped' ? [call('StartService')] : []),
    ...(before.dll === after.dll
      ? []
      : [note('its ServiceDll changed: put it back in the registry, below Services and its name, in Parameters')]),
  ];
}

type Call = (method: string, given: Readonly<Record<string, string>>) => string;

function path(before: JsonObject, call: Call): string[] {
  if (isHidden(before)) return [note('its command line held secrets that are not kept: sc.exe config sets it')];
  return before.path === undefined ? [] : [call('Change', { PathName: String(before.path) })];
}

function account({ account: name }: JsonObject, call: Call): string[] {
  if (typeof name !== 'string' || !BUILT_IN.test(name))
    return [note('it ran as another account: services.msc sets it, and asks for its password')];
  return [call('Change', { StartName: name, StartPassword: '' })];
}

function recreated(key: string, before: JsonObject): string[] {
  if (isHidden(before) || before.path === undefined)
    return [note('its command line is not all kept: make it again from where it is described')];
  const type = before.startMode === 'Auto' ? 'Automatic' : before.startMode === 'Manual' ? 'Manual' : 'Disabled';
  return [
    `New-Service -Name ${literal(key)} -BinaryPathName ${literal(String(before.path))} -DisplayName ${literal(String(before.displayName ?? key))} -StartupType ${type}`,
    ...(before.account === 'LocalSystem' ? [] : [note('it ran as another account than LocalSystem: services.msc sets it')]),
  ];
}

function isHidden(service: JsonObject): boolean {
  return 'pathSecrets' in service || String(service.path).includes('«redacted:');
}
