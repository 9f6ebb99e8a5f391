/** Values of the registry keys that the configuration lists. */
import { createHash } from 'node:crypto';
import type { Json, VolatileRule } from 'drifttrail';
import { z } from 'zod';
import { collection } from './section.ts';

const WINLOGON = 'HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Winlogon';
const LSA = 'HKLM\\SYSTEM\\CurrentControlSet\\Control\\Lsa';
const TERMINAL = 'HKLM\\SYSTEM\\CurrentControlSet\\Control\\Terminal Server';

const volatile: readonly VolatileRule[] = [
  { path: `/${LSA} LsaPid`, because: 'the process id of lsass.exe since the last start: "712"' },
  { path: `/${WINLOGON} LastLogOffEndTimePerfCounter`, because: 'a counter when somebody last logged off: "1890733301"' },
  { path: `/${WINLOGON} LastUsedUsername`, because: 'who logged on last: "alice"' },
  { path: `/${TERMINAL} GlassSessionId`, because: 'the session at the console, another after each log-on: "2"' },
];

/** Hexadecimal digits; longer ones would be lines that nobody reads. */
const LONGEST = 4096;

/** REG_DWORD and REG_QWORD are bits: .NET shows them signed, regedit does not. */
const UNSIGNED: Readonly<Record<string, number>> = { DWord: 32, QWord: 64 };

function valueIn(type: string, value: string | readonly string[]): Json {
  const bits = UNSIGNED[type];
  if (bits !== undefined && typeof value === 'string' && /^-?\d+$/.test(value)) return BigInt.asUintN(bits, BigInt(value)).toString();
  if (type === 'Binary' && typeof value === 'string' && value.length > LONGEST)
    return `${value.slice(0, 64)}… (${value.length / 2} bytes, sha256 ${createHash('sha256').update(value, 'hex').digest('hex')})`;
  return value;
}

export const registry = collection({
  word: 'registry',
  file: 'windows-registry',
  title: 'registry value',
  schema: z.object({ key: z.string(), name: z.string(), type: z.string(), value: z.union([z.string(), z.array(z.string())]) }),
  key: ['key', 'name'],
  volatile,
  // `name` beside `value`: what the name calls a password is redacted by it (DefaultPassword of Winlogon).
  member: ({ key, name, type, value }) => ({
    key,
    name: name === '' ? '(Default)' : name,
    type,
    value: valueIn(type, value),
  }),
});
