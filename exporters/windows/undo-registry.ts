/** Commands that put a value of the registry back: by .NET, which takes no name for a pattern. */
import type { Json } from 'drifttrail';
import type { Member } from '../_shared/members.ts';
import { note } from '../_shell/words.ts';
import { literal, literals } from './powershell.ts';

const HIVES: Readonly<Record<string, { readonly name: string; readonly type: string }>> = {
  HKLM: { name: 'HKEY_LOCAL_MACHINE', type: 'LocalMachine' },
  HKU: { name: 'HKEY_USERS', type: 'Users' },
};

export function undoRegistry({ before, after }: Member): string[] {
  const { key, name: shown, type, value } = before ?? after ?? {};
  const [root = '', ...rest] = String(key).split('\\');
  const hive = HIVES[root];
  if (hive === undefined) return [];
  const name = literal(shown === '(Default)' ? '' : String(shown));
  if (before === undefined)
    return [`[Microsoft.Win32.Registry]::${hive.type}.OpenSubKey(${literal(rest.join('\\'))}, $true).DeleteValue(${name})`];
  const words = expressionOf(String(type), value ?? '');
  if (words === undefined)
    return [note('its value is secret, too long or of a rare type: it is not kept so that a command could write it')];
  return [`[Microsoft.Win32.Registry]::SetValue(${literal([hive.name, ...rest].join('\\'))}, ${name}, ${words}, '${String(type)}')`];
}

/** Undefined for what cannot be written as it was. */
function expressionOf(type: string, value: Json): string | undefined {
  if (JSON.stringify(value).includes('«redacted:')) return undefined;
  if (type === 'String' || type === 'ExpandString') return literal(String(value));
  if (type === 'MultiString') return `[string[]]${literals(Array.isArray(value) ? value.map(String) : [String(value)])}`;
  if (typeof value !== 'string') return undefined;
  // .NET takes them signed.
  if (type === 'DWord' && /^\d+$/.test(value)) return `[int]${literal(BigInt.asIntN(32, BigInt(value)).toString())}`;
  if (type === 'QWord' && /^\d+$/.test(value)) return `[long]${literal(BigInt.asIntN(64, BigInt(value)).toString())}`;
  if (type !== 'Binary' || !/^([0-9a-f]{2})*$/.test(value)) return undefined;
  return `[byte[]]@(${(value.match(/../g) ?? []).map((byte) => `0x${byte}`).join(', ')})`;
}
