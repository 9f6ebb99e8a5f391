/** An inventory as all its forms become it: groups with hosts, children and variables. */
import { DrifttrailError } from 'drifttrail';

export type Variables = Readonly<Record<string, unknown>>;

export interface Group {
  readonly hosts: Map<string, Record<string, unknown>>;
  readonly children: Set<string>;
  readonly vars: Record<string, unknown>;
}

export type Groups = Map<string, Group>;

export function groupNamed(groups: Groups, name: string): Group {
  const found = groups.get(name) ?? { hosts: new Map(), children: new Set(), vars: {} };
  groups.set(name, found);
  return found;
}

export function addHost(groups: Groups, group: string, pattern: string, vars: Variables): void {
  const { hosts } = groupNamed(groups, group);
  for (const name of expandRanges(pattern)) hosts.set(name, { ...hosts.get(name), ...vars });
}

export function refuse(file: string, what: string, remedy: string): DrifttrailError {
  return new DrifttrailError({ code: 'inventory', message: `inventory ${file}: ${what}`, remedy });
}

const MOST = 100_000;

/** `web[01:20]`, `db-[a:f]`, `n[0:10:2]`; several in one name, leading zeros kept. Throws RangeError. */
export function expandRanges(pattern: string): string[] {
  const [, before = '', from = '', to = '', step = '1', after = ''] =
    /^(.*?)\[([0-9]+|[A-Za-z]):([0-9]+|[A-Za-z])(?::([0-9]+))?\](.*)$/.exec(pattern) ?? [];
  if (from === '') return [pattern];
  const rest = expandRanges(after);
  const steps = members(from, to, Number(step));
  if (steps.length * rest.length > MOST) throw new RangeError(`${pattern} stands for more than ${MOST} hosts`);
  return steps.flatMap((member) => rest.map((end) => `${before}${member}${end}`));
}

function members(from: string, to: string, step: number): string[] {
  const numeric = /^\d/.test(from);
  if (numeric !== /^\d/.test(to)) throw new RangeError(`[${from}:${to}] mixes digits and letters`);
  const first = numeric ? Number(from) : from.charCodeAt(0);
  const last = numeric ? Number(to) : to.charCodeAt(0);
  if (step < 1 || last < first) throw new RangeError(`[${from}:${to}] goes nowhere`);
  if ((last - first) / step > MOST) throw new RangeError(`[${from}:${to}] stands for more than ${MOST} hosts`);
  const width = numeric && from.startsWith('0') ? from.length : 0;
  const count = Math.floor((last - first) / step) + 1;
  return Array.from({ length: count }, (_, index) => first + index * step).map((value) =>
    numeric ? String(value).padStart(width, '0') : String.fromCharCode(value),
  );
}
