/** Which systemd units exist and whether they start at boot: by systemctl on a running machine, else from the files. */
import type { JsonObject } from 'drifttrail';
import type { Source } from '../source.ts';
import { asked, type Fact, keyed } from './fact.ts';

/** Earlier folders win, as systemd.unit(5) orders them. */
const UNIT_FOLDERS = ['etc/systemd/system', 'usr/local/lib/systemd/system', 'usr/lib/systemd/system', 'lib/systemd/system'];
const LIST = ['list-unit-files', '--no-legend', '--no-pager', '--plain', '--full'];
/** Where there is no systemctl the files tell. */
const FILES = `for folder in ${UNIT_FOLDERS.join(' ')}; do
  list "$folder"
  for unit in "/$folder"/*.*; do look "\${unit#/}"; if [ -f "$unit" ]; then text "\${unit#/}"; fi; done
done
for folder in /etc/systemd/system/*.wants /etc/systemd/system/*.requires /etc/systemd/system/*.upholds; do list "\${folder#/}"; done`;

export const unitFiles: Fact = {
  name: 'unit-files',
  kind: 'host.unit-file',
  title: 'unit file',
  read,
  ahead: withSystemd(asked('systemctl', LIST), FILES),
};

const UNIT = /\.(service|socket|timer|path|mount|automount|swap|target|slice)$/;

async function read(source: Source): Promise<JsonObject | undefined> {
  if (runsSystemd(source)) {
    const printed = await source.run('systemctl', LIST);
    if (printed !== undefined) return listed(printed);
  }
  const units = fromFiles(source);
  return Object.keys(units).length === 0 ? undefined : units;
}

/** sd_booted(3): the folder exists exactly when systemd is the init of this machine. */
export function runsSystemd(source: Source): boolean {
  return source.live && source.exists('run/systemd/system');
}

/** Lines of `ahead` for hosts on which `runsSystemd`, and for others. */
export function withSystemd(lines: string, otherwise = ':'): string {
  return `look run/systemd/system\nif [ -e /run/systemd/system ]; then\n${lines}\nelse\n${otherwise}\nfi`;
}

/** Transient units (`run-r1a2.scope`, `systemd-run`) and generated ones come and go with use and with fstab. */
export function listed(printed: string): JsonObject {
  return keyed(
    printed.split('\n').flatMap((line): [string, JsonObject][] => {
      const [name = '', state = ''] = line.trim().split(/\s+/);
      return UNIT.test(name) && state !== 'transient' ? [[name, { state }]] : [];
    }),
  );
}

function fromFiles(source: Source): JsonObject {
  const found = new Map<string, { folder: string; state: string }>();
  const wanted = wantedUnits(source);
  for (const folder of UNIT_FOLDERS) {
    for (const name of source.list(folder)) {
      if (UNIT.test(name) && !found.has(name)) found.set(name, { folder, state: stateOf(source, `${folder}/${name}`, name, wanted) });
    }
  }
  return keyed([...found].map(([name, { state }]): [string, JsonObject] => [name, { state }]));
}

function wantedUnits(source: Source): Set<string> {
  const names = source.list('etc/systemd/system').filter((name) => /\.(wants|requires|upholds)$/.test(name));
  return new Set(names.flatMap((name) => source.list(`etc/systemd/system/${name}`)));
}

/** The states of `systemctl is-enabled`, as far as files tell them. */
function stateOf(source: Source, path: string, name: string, wanted: ReadonlySet<string>): string {
  const target = source.link(path);
  if (target === '/dev/null') return 'masked';
  if (wanted.has(name)) return 'enabled';
  if (target !== undefined) return target.slice(target.lastIndexOf('/') + 1) === name ? 'linked' : 'alias';
  const text = source.read(path);
  if (text === '') return 'masked';
  if (text === undefined || !/^\[Install\]/m.test(text)) return 'static';
  const template = /@\.\w+$/.test(name) && [...wanted].some((each) => each.startsWith(name.slice(0, name.indexOf('@') + 1)));
  if (template) return 'enabled';
  return /^(WantedBy|RequiredBy|UpheldBy|Alias)\s*=\s*\S/m.test(text) ? 'disabled' : 'indirect';
}
