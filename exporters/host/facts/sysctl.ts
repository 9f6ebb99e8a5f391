/**
 * Kernel settings: configured ones beside what is in effect. The kernel does not tell its defaults, so every configured
 * key is recorded, and beside them those watched keys that decide about exposure, whoever set them.
 */
import type { JsonObject } from 'drifttrail';
import { Unreadable } from '../filesystem.ts';
import type { Source } from '../source.ts';
import type { Fact } from './fact.ts';

/** sysctl.d(5): of files with one name the earlier folder's counts; all are applied in order of their names, then sysctl.conf. */
const FOLDERS = ['etc/sysctl.d', 'run/sysctl.d', 'usr/local/lib/sysctl.d', 'usr/lib/sysctl.d', 'lib/sysctl.d'];

/** Set by hand they vanish at the next boot and stand in no file: recorded always. */
const WATCHED = [
  'net/ipv4/ip_forward',
  'net/ipv6/conf/all/forwarding',
  'net/ipv4/conf/all/accept_redirects',
  'net/ipv4/conf/all/send_redirects',
  'net/ipv4/conf/all/accept_source_route',
  'net/ipv4/conf/all/rp_filter',
  'net/ipv4/tcp_syncookies',
  'net/ipv4/icmp_echo_ignore_broadcasts',
  'net/core/somaxconn',
  'kernel/randomize_va_space',
  'kernel/kptr_restrict',
  'kernel/dmesg_restrict',
  'kernel/yama/ptrace_scope',
  'kernel/unprivileged_bpf_disabled',
  'kernel/modules_disabled',
  'kernel/sysrq',
  'kernel/core_pattern',
  'fs/suid_dumpable',
  'fs/file-max',
  'fs/inotify/max_user_watches',
  'vm/swappiness',
  'vm/overcommit_memory',
];

/** Names of settings have both separators, and not in every order of theirs: what this misses is asked for afterwards. */
const ahead = `for folder in ${FOLDERS.join(' ')}; do texts "/$folder"/*.conf; done
for key in $(cat ${[...FOLDERS.map((folder) => `/${folder}/*.conf`), '/etc/sysctl.conf'].join(' ')} 2>/dev/null |
  sed -n 's/^[[:space:]]*-\\{0,1\\}[[:space:]]*\\([^#;=[:space:]][^=[:space:]]*\\)[[:space:]]*=.*/\\1/p' | tr . / | sort -u); do
  text "proc/sys/$key"
done`;

export const sysctl: Fact = { name: 'sysctl', kind: 'host.sysctl', title: 'kernel setting', read, ahead };

interface Setting {
  readonly value: string;
  readonly file: string;
}

function read(source: Source): JsonObject | undefined {
  const configured = configuredSettings(source);
  if (!source.live && configured.size === 0) return undefined;
  const keys = [...new Set([...configured.keys(), ...(source.live ? WATCHED : [])])].sort();
  return Object.fromEntries(
    keys.flatMap((key) => {
      const setting = configured.get(key);
      const effective = source.live ? effectiveValue(source, key) : undefined;
      if (setting === undefined && effective === undefined) return [];
      return [
        [
          key.replaceAll('.', '\0').replaceAll('/', '.').replaceAll('\0', '/'),
          {
            ...(effective === undefined ? {} : { effective }),
            ...(setting === undefined ? {} : { configured: setting.value, file: setting.file }),
            ...(setting === undefined || effective === undefined ? {} : { differs: setting.value !== effective }),
          },
        ],
      ];
    }),
  );
}

function configuredSettings(source: Source): Map<string, Setting> {
  const files = new Map<string, string>();
  for (const folder of FOLDERS) {
    for (const name of source.list(folder)) if (name.endsWith('.conf') && !files.has(name)) files.set(name, `${folder}/${name}`);
  }
  const ordered = [...files].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, file]) => file);
  const settings = new Map<string, Setting>();
  // Distributions link 99-sysctl.conf to sysctl.conf; reading it again last changes nothing.
  for (const file of [...ordered, 'etc/sysctl.conf']) {
    for (const [key, value] of assignments(source.read(file) ?? '')) settings.set(key, { value, file });
  }
  return settings;
}

/** Keys as paths below /proc/sys. Globs (`net.ipv4.conf.*.rp_filter`) are kept as written: they name no single setting. */
export function assignments(text: string): [string, string][] {
  return text.split('\n').flatMap((line): [string, string][] => {
    const [, name, value] = /^\s*-?\s*([^#;=\s][^=\s]*)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    return name === undefined || value === undefined ? [] : [[pathOf(name), spaced(value)]];
  });
}

/** The first separator decides: after a dot, dots separate and slashes stand for dots; after a slash, the reverse. */
function pathOf(name: string): string {
  const first = /[./]/.exec(name)?.[0];
  return first === '.' ? name.replaceAll('/', '\0').replaceAll('.', '/').replaceAll('\0', '.') : name;
}

function effectiveValue(source: Source, key: string): string | undefined {
  if (key.includes('*') || key.includes('..')) return undefined;
  try {
    const text = source.read(`proc/sys/${key}`);
    return text === undefined ? undefined : spaced(text.trim());
  } catch (error) {
    // Some settings are root's alone to read (fs.protected_hardlinks is 0600), or only to write.
    if (error instanceof Unreadable) return undefined;
    throw error;
  }
}

function spaced(value: string): string {
  return value.replaceAll(/\s+/g, ' ');
}
