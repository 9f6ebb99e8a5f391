/** The limits that systemd gives to every service: what system.conf says beside what the manager goes by. */
import type { JsonObject } from 'drifttrail';
import type { Source } from '../source.ts';
import { asked, dataLines } from './fact.ts';

const ITEMS = ['NOFILE', 'NPROC', 'CORE', 'MEMLOCK'];
const SHOW = ['show', `--property=${ITEMS.flatMap((item) => [`DefaultLimit${item}`, `DefaultLimit${item}Soft`]).join(',')}`];
/** systemd-system.conf(5): later ones win; of one name the earlier folder's counts. */
const FOLDERS = ['etc/systemd/system.conf.d', 'run/systemd/system.conf.d', 'usr/lib/systemd/system.conf.d'];

/** Lines of `ahead`. */
export const SYSTEM_CONF = `${asked('systemctl', SHOW)}
text etc/systemd/system.conf
for folder in ${FOLDERS.join(' ')}; do list "$folder"; texts "/$folder"/*.conf; done`;

/** Those that system.conf sets, as members of the fact. */
export async function managerLimits(source: Source): Promise<[string, JsonObject][]> {
  const configured = configuredLimits(source);
  const printed = configured.size === 0 ? '' : ((await source.run('systemctl', SHOW)) ?? '');
  return [...configured].map(([item, { value, file }]) => {
    const inEffect = (name: string) => new RegExp(`^DefaultLimit${name}=(.*)$`, 'm').exec(printed)?.[1];
    const [soft, hard] = [inEffect(`${item}Soft`), inEffect(item)];
    const own = { configured: value, file };
    const name = `default ${item.toLowerCase()}`;
    if (soft === undefined || hard === undefined) return [name, own];
    const effective = `${soft}:${hard}`;
    const takes = effective === inNumbers(value);
    // Without a number on both sides (a percentage, a default) nothing is said to differ.
    return [name, { ...own, effective, ...(takes || inNumbers(value) === undefined ? {} : { differs: true }) }];
  });
}

function configuredLimits(source: Source): Map<string, { value: string; file: string }> {
  const files = new Map<string, string>();
  for (const folder of FOLDERS) {
    for (const name of source.list(folder)) if (name.endsWith('.conf') && !files.has(name)) files.set(name, `${folder}/${name}`);
  }
  const ordered = ['etc/systemd/system.conf', ...[...files].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, file]) => file)];
  const found = new Map<string, { value: string; file: string }>();
  for (const file of ordered) {
    for (const line of dataLines(source.read(file) ?? '')) {
      const [, item = '', value = ''] = /^DefaultLimit([A-Z]+)\s*=\s*(.*)$/.exec(line) ?? [];
      if (ITEMS.includes(item)) found.set(item, { value, file });
    }
  }
  return found;
}

const POWERS = ['', 'K', 'M', 'G', 'T', 'P', 'E'];

/** `1024:512K` → `1024:524288`; one number stands for both sides. */
export function inNumbers(value: string): string | undefined {
  const sides = value.split(':').map((side) => {
    const [, digits, suffix = ''] = /^(\d+)([KMGTPE]?)$/.exec(side) ?? [];
    if (side === 'infinity') return side;
    return digits === undefined ? undefined : String(Number(digits) * 1024 ** POWERS.indexOf(suffix));
  });
  const [soft, hard = soft] = sides;
  return soft === undefined || hard === undefined ? undefined : `${soft}:${hard}`;
}
