/** Resource limits: what limits.conf and the units say, and where services run with something else. */
import type { JsonObject } from 'drifttrail';
import type { Source } from '../source.ts';
import { type Account, accountsOf } from './accounts.ts';
import { asked, type Fact, keyed } from './fact.ts';
import { type Entry, ITEMS, isAsked, limitEntries } from './limits-conf.ts';
import { inEffect, missedBy, type Running, told } from './limits-taken.ts';
import { managerLimits, SYSTEM_CONF } from './limits-manager.ts';
import { runsSystemd, withSystemd } from './unit-files.ts';

/** Of those that systemd knows, the ones whose change is worth a word. */
const WATCHED = ['nofile', 'nproc', 'core', 'memlock', 'stack', 'as', 'fsize'];

const RUNNING = ['show', '--type=service', '--state=running', '--no-pager'];
const SHOW = [
  ...RUNNING,
  `--property=${['Id', 'MainPID', 'PAMName', ...WATCHED.flatMap((item) => [`Limit${item.toUpperCase()}`, `Limit${item.toUpperCase()}Soft`])].join(',')}`,
  '*.service',
];
/** Where there is no systemd: what init itself started. Missing where the kernel is built without it. */
const CHILDREN = 'proc/1/task/1/children';

export const limits: Fact = {
  name: 'limits',
  kind: 'host.limit',
  title: 'limit',
  read,
  ahead: `list etc/security/limits.d; texts /etc/security/limits.d/*.conf
wanted=
if grep -qs '^[[:space:]]*[^#[:space:]]' /etc/security/limits.conf /etc/security/limits.d/*.conf; then wanted=1; list etc/pam.d; texts /etc/pam.d/*; fi
${withSystemd(
  `${asked('systemctl', SHOW)}
${SYSTEM_CONF}
for pid in $(systemctl ${RUNNING.join(' ')} --property=MainPID --value '*.service'); do texts "/proc/$pid/limits" "/proc/$pid/status"; done`,
  `if [ -n "$wanted" ]; then text ${CHILDREN}
for pid in $(cat /${CHILDREN} 2>/dev/null); do texts "/proc/$pid/limits" "/proc/$pid/status"; done; fi`,
)}`,
};

async function read(source: Source): Promise<JsonObject> {
  const entries = limitEntries(source);
  const systemd = runsSystemd(source);
  const blocks = systemd ? blocksOf((await source.run('systemctl', SHOW)) ?? '') : [];
  const running = entries.length === 0 ? [] : systemd ? servicesOf(source, blocks) : startedByInit(source);
  return keyed([
    ...configured(source, entries, running),
    ...blocks.flatMap(({ text, pid }) => differing(text, source.read(`proc/${pid}/limits`) ?? '')),
    ...(systemd ? await managerLimits(source) : []),
  ]);
}

function configured(source: Source, entries: readonly Entry[], running: readonly Running[]): [string, JsonObject][] {
  if (entries.length === 0) return [];
  const missed = missedBy(entries, running);
  const asked = isAsked(source);
  return entries.map((entry) => {
    const own = missed.get(entry);
    return [`${entry.domain} ${entry.type} ${entry.item}`, told(entry, own?.running ?? new Map(), own?.effective ?? new Map(), asked)];
  });
}

interface Block {
  readonly text: string;
  readonly pid: string;
}

/** From blocks of `systemctl show`. A user manager's services and templates per log-in come and go. */
function blocksOf(printed: string): Block[] {
  return printed.split(/\n\n+/).flatMap((text): Block[] => {
    const pid = property(text, 'MainPID');
    return pid === undefined || !/^[1-9]\d*$/.test(pid) || /^user@/.test(property(text, 'Id') ?? '') ? [] : [{ text, pid }];
  });
}

function property(block: string, name: string): string | undefined {
  return new RegExp(`^${name}=(.*)$`, 'm').exec(block)?.[1];
}

function servicesOf(source: Source, blocks: readonly Block[]): Running[] {
  const accounts = accountsOf(source);
  return blocks.flatMap(({ text, pid }) => {
    const startedBy = (property(text, 'PAMName') ?? '') === '' ? 'systemd' : 'pam';
    return runningOf(source, accounts, { pid, startedBy, name: property(text, 'Id') });
  });
}

function startedByInit(source: Source): Running[] {
  if (!source.live) return [];
  const accounts = accountsOf(source);
  const pids = (source.read(CHILDREN) ?? '').trim().split(/\s+/);
  return pids.filter((pid) => pid !== '').flatMap((pid) => runningOf(source, accounts, { pid, startedBy: 'init', name: undefined }));
}

interface Process {
  readonly pid: string;
  readonly startedBy: Running['startedBy'];
  readonly name: string | undefined;
}

/** Nothing of a process that has ended meanwhile. */
function runningOf(source: Source, accounts: ReadonlyMap<number, Account>, { pid, startedBy, name }: Process): Running[] {
  const status = source.read(`proc/${pid}/status`) ?? '';
  const limits = source.read(`proc/${pid}/limits`);
  const uid = /^Uid:\s+\d+\s+(\d+)/m.exec(status)?.[1];
  if (uid === undefined || limits === undefined) return [];
  const known = name ?? /^Name:\s+(.*)$/m.exec(status)?.[1] ?? 'unknown';
  const account = accounts.get(Number(uid)) ?? { name: uid, uid: Number(uid), groups: [], gids: [] };
  return [{ name: known, account, limits, startedBy }];
}

/** Limits of a running service that are not what its unit asks for: changed by prlimit, or the unit was not restarted. */
export function differing(block: string, limits: string): [string, JsonObject][] {
  const id = property(block, 'Id') ?? 'unknown';
  return WATCHED.flatMap((item): [string, JsonObject][] => {
    const found = inEffect(limits, ITEMS[item]?.title ?? '');
    const soft = property(block, `Limit${item.toUpperCase()}Soft`);
    const hard = property(block, `Limit${item.toUpperCase()}`);
    if (found === undefined || soft === undefined || hard === undefined) return [];
    const wanted = `${word(soft)}:${word(hard)}`;
    const effective = `${word(found.soft)}:${word(found.hard)}`;
    return wanted === effective ? [] : [[`service ${id} ${item}`, { configured: wanted, effective, differs: true }]];
  });
}

/** systemd prints infinity, or the largest number, for what the kernel calls unlimited. */
export function word(value: string): string {
  return value === 'infinity' || value === '18446744073709551615' ? 'unlimited' : value;
}
