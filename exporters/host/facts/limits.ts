/** Resource limits: what limits.conf says, and services whose limits in effect are not the configured ones. */
import type { JsonObject } from 'drifttrail';
import type { Source } from '../source.ts';
import { asked, dataLines, type Fact, keyed } from './fact.ts';
import { runsSystemd, withSystemd } from './unit-files.ts';

/** systemd's name, and how /proc/<pid>/limits calls it. */
const ITEMS: Readonly<Record<string, string>> = {
  NOFILE: 'Max open files',
  NPROC: 'Max processes',
  CORE: 'Max core file size',
  MEMLOCK: 'Max locked memory',
  STACK: 'Max stack size',
  AS: 'Max address space',
  FSIZE: 'Max file size',
};

const RUNNING = ['show', '--type=service', '--state=running', '--no-pager'];
const SHOW = [
  ...RUNNING,
  `--property=${['Id', 'MainPID', ...Object.keys(ITEMS).flatMap((item) => [`Limit${item}`, `Limit${item}Soft`])].join(',')}`,
  '*.service',
];

export const limits: Fact = {
  name: 'limits',
  kind: 'host.limit',
  title: 'limit',
  read,
  ahead: `texts /etc/security/limits.d/*.conf
${withSystemd(`${asked('systemctl', SHOW)}
for pid in $(systemctl ${RUNNING.join(' ')} --property=MainPID --value '*.service'); do text "proc/$pid/limits"; done`)}`,
};

async function read(source: Source): Promise<JsonObject> {
  const files = [
    'etc/security/limits.conf',
    ...source
      .list('etc/security/limits.d')
      .filter((name) => name.endsWith('.conf'))
      .map((name) => `etc/security/limits.d/${name}`),
  ];
  const configured = files.flatMap((file) => limitsConf(source.read(file) ?? '', file));
  return keyed([...configured, ...(runsSystemd(source) ? await serviceLimits(source) : [])]);
}

/** limits.conf(5): "domain type item value". */
function limitsConf(text: string, file: string): [string, JsonObject][] {
  return dataLines(text).flatMap((line): [string, JsonObject][] => {
    const [domain, type, item, value] = line.replace(/\s#.*$/, '').split(/\s+/);
    return domain === undefined || type === undefined || item === undefined || value === undefined
      ? []
      : [[`${domain} ${type} ${item}`, { configured: value, file }]];
  });
}

async function serviceLimits(source: Source): Promise<[string, JsonObject][]> {
  const printed = await source.run('systemctl', SHOW);
  return (printed ?? '').split(/\n\n+/).flatMap((block) => {
    const pid = /^MainPID=([1-9]\d*)$/m.exec(block)?.[1];
    return pid === undefined ? [] : differing(block, source.read(`proc/${pid}/limits`) ?? '');
  });
}

/** Limits of a running service that are not what its unit asks for: changed by prlimit, or the unit was not restarted. */
export function differing(block: string, inEffect: string): [string, JsonObject][] {
  const property = (name: string) => new RegExp(`^${name}=(.*)$`, 'm').exec(block)?.[1];
  const id = property('Id') ?? 'unknown';
  // A user manager's services and templates per login come and go.
  if (/^user@/.test(id)) return [];
  return Object.entries(ITEMS).flatMap(([item, title]): [string, JsonObject][] => {
    const [, soft, hard] = new RegExp(`^${title} +(\\S+) +(\\S+)`, 'm').exec(inEffect) ?? [];
    const configured = { soft: property(`Limit${item}Soft`), hard: property(`Limit${item}`) };
    if (soft === undefined || hard === undefined || configured.soft === undefined || configured.hard === undefined) return [];
    const wanted = `${word(configured.soft)}:${word(configured.hard)}`;
    const effective = `${word(soft)}:${word(hard)}`;
    if (wanted === effective) return [];
    return [[`service ${id} ${item.toLowerCase()}`, { configured: wanted, effective, differs: true }]];
  });
}

/** systemd prints infinity, or the largest number, for what the kernel calls unlimited. */
function word(value: string): string {
  return value === 'infinity' || value === '18446744073709551615' ? 'unlimited' : value;
}
