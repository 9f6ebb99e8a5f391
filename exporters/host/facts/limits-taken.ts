/** Whether what limits.conf says is what services run with: it is read at log-ins, and a service is none. */
import type { JsonObject } from 'drifttrail';
import type { Account } from './accounts.ts';
import { type Entry, ITEMS, wantedValue, winning } from './limits-conf.ts';

/** A service that runs, and what /proc tells of its limits. */
export interface Running {
  readonly name: string;
  readonly account: Account;
  /** The text of `/proc/<pid>/limits`. */
  readonly limits: string;
  /** How it came to run: by systemd, by systemd through PAM, by another init. */
  readonly startedBy: 'systemd' | 'pam' | 'init';
}

const SIDES = ['soft', 'hard'] as const;
/** Services that a sentence names. */
const NAMED = 3;

/** An entry as a member of the fact. `services` and `because` are there where it does not take. */
export function told(
  entry: Entry,
  missed: ReadonlyMap<string, Running>,
  effective: ReadonlyMap<string, string>,
  asked: boolean,
): JsonObject {
  const own = { configured: entry.value, file: entry.file };
  if (missed.size > 0) {
    return { ...own, takes: false, services: Object.fromEntries(effective), because: because(entry, [...missed.values()], effective) };
  }
  return asked ? own : { ...own, takes: false, because: 'no file of etc/pam.d asks for pam_limits.so: nothing reads limits.conf here' };
}

export interface Missed {
  readonly running: Map<string, Running>;
  /** By service, what it runs with instead. */
  readonly effective: Map<string, string>;
}

/** By entry, the services that it is about and that run with something else. */
export function missedBy(entries: readonly Entry[], services: readonly Running[]): Map<Entry, Missed> {
  const found = new Map<Entry, Missed>();
  for (const service of services) {
    for (const [item, { title }] of Object.entries(ITEMS)) {
      const values = inEffect(service.limits, title);
      for (const side of SIDES) {
        const entry = winning(entries, service.account, item, side);
        const wanted = entry === undefined ? undefined : wantedValue(entry);
        if (entry === undefined || wanted === undefined || values === undefined || values[side] === wanted) continue;
        const missed = found.get(entry) ?? { running: new Map(), effective: new Map() };
        missed.running.set(service.name, service);
        missed.effective.set(service.name, entry.type === '-' ? `${values.soft}:${values.hard}` : values[side]);
        found.set(entry, missed);
      }
    }
  }
  return found;
}

/** "Max open files            1024                 524288               files" */
export function inEffect(limits: string, title: string): { readonly soft: string; readonly hard: string } | undefined {
  const [, soft, hard] = new RegExp(`^${title} +(\\S+) +(\\S+)`, 'm').exec(limits) ?? [];
  return soft === undefined || hard === undefined ? undefined : { soft, hard };
}

function because({ item }: Entry, services: readonly Running[], effective: ReadonlyMap<string, string>): string {
  const names = services.map(({ name }) => name).sort();
  const shown = names.slice(0, NAMED).map((name) => `${name} runs with ${effective.get(name)}`);
  const more = names.length > NAMED ? ` and ${names.length - NAMED} more are not as it says` : '';
  return `${shown.join(', ')}${more}: ${why(item, services)}`;
}

function why(item: string, services: readonly Running[]): string {
  if (services.some(({ startedBy }) => startedBy === 'systemd'))
    return `systemd does not read limits.conf; set Limit${item.toUpperCase()}= in the unit`;
  if (services.some(({ startedBy }) => startedBy === 'pam')) return 'it was started before the entry was written; restart it';
  return 'what init starts is no log-in, and only log-ins read limits.conf; set it where the service is started (ulimit)';
}
