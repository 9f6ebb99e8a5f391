/**
 * audit.log line by line as events. What is known between two lines (sessions, files that are open, half events) is plain
 * data that is saved with the place in the log, so that any number of runs gives the same events as one.
 */
import type { AuditEvent, Json, JsonObject } from 'drifttrail';
import { AUDIT_LOG } from '../../../exporters/host/events/places.ts';
import type { Names } from '../names.ts';
import { actorOf } from './actor.ts';
import { type Blind, blindness, type Since } from './blind.ts';
import { type Command, serviceCommand, serviceEvent } from './services.ts';
import { accountEvent, loginEvent, sudoEvent } from './people.ts';
import { asJson, fileActs } from './files.ts';
import { group, type Pending } from './group.ts';
import { type AuditRecord, parseRecord } from './record.ts';
import { type KeyOf, type Session, sessionOf, UNSET } from './sessions.ts';

export interface FoldContext {
  readonly host: string;
  /** Records of other machines in the same log are passed over; undefined: there is one machine. */
  readonly node?: string | undefined;
  /** Absolute, without slash at the end but for `/` itself. */
  readonly root: string;
  readonly names: Names;
  readonly keyOf: KeyOf;
}

/** Saved between runs, beside the events: no command line stands in it. */
export interface FoldState {
  readonly pending: Pending;
  readonly sessions: readonly (readonly [string, Session])[];
  readonly inodes: readonly (readonly [string, string])[];
  readonly commands: readonly Command[];
  readonly since: Since;
  readonly node?: string | undefined;
  readonly last?: { readonly time: number; readonly serial: number };
}

export interface Fold {
  readonly take: (line: string) => AuditEvent[];
  /** Ends at most once each. */
  readonly blind: () => readonly Blind[];
  /** Milliseconds: the latest record. */
  readonly last: () => number | undefined;
  /** The machines that this run's lines name. */
  readonly nodes: () => ReadonlySet<string>;
  readonly state: () => FoldState;
}

export const FRESH: FoldState = { pending: [], sessions: [], inodes: [], commands: [], since: {} };
const [MAX_SESSIONS, MAX_INODES, MAX_COMMANDS] = [1_000, 1_000, 20];
/** Serials only grow until the next boot, but for lines that come a little out of order. */
const OUT_OF_ORDER = 1_000;

export function openFold(context: FoldContext, saved: FoldState = FRESH): Fold {
  const { host, root, names, keyOf } = context;
  let { pending, since, last, node } = saved;
  let commands = [...saved.commands];
  const sessions = new Map(saved.sessions);
  const inodes = new Map(saved.inodes);
  const blind: Blind[] = [];
  const nodes = new Set<string>();

  const base = (record: AuditRecord, title?: string) => ({
    id: idOf(host, record),
    time: new Date(record.time).toISOString(),
    account: host,
    region: AUDIT_LOG,
    actor: actorOf(record, sessions.get(record.fields.ses ?? ''), names, title),
  });

  const files = (records: readonly AuditRecord[]): AuditEvent[] => {
    const call = records.find(({ type }) => type === 'SYSCALL');
    const { acts, seen } = fileActs(records, root, inodes);
    for (const [inode, path] of seen) keep(inodes, inode, path, MAX_INODES);
    if (call === undefined || acts.length === 0) return [];
    const title = records.find(({ type }) => type === 'PROCTITLE')?.fields.proctitle;
    const session = sessions.get(call.fields.ses ?? '');
    const refused =
      call.fields.success === 'no' ? { error: { code: `E${call.fields.exit ?? ''}`, message: 'the system call failed' } } : {};
    return [
      {
        ...base(call, title),
        source: 'linux-audit',
        name: nameOf(acts.map(({ change }) => change)),
        readOnly: false,
        ...refused,
        request: {
          files: acts.map((act) => asJson(act, names)),
          ...about(call, title),
          ...(session?.key === undefined ? {} : { fingerprint: session.key }),
        },
        response: null,
      },
    ];
  };

  const single = (record: AuditRecord): AuditEvent[] => {
    const blindness_ = blindness(since, record, last?.time);
    since = blindness_.since;
    if (blindness_.ended !== undefined) blind.push(blindness_.ended);
    const opened = sessionOf(record, keyOf);
    if (opened !== undefined) keep(sessions, opened.id, opened.session, MAX_SESSIONS);
    const told = base(record);
    const event =
      loginEvent(record, told, opened?.session) ??
      sudoEvent(record, told, root) ??
      accountEvent(record, told) ??
      serviceEvent(record, told, commands) ??
      configEvent(record, told);
    const asked = event?.source === 'linux-sudo' ? serviceCommand(record.fields.cmd ?? '', record.time, event.actor) : undefined;
    if (asked !== undefined) commands = [...commands, asked].slice(-MAX_COMMANDS);
    return event === undefined ? [] : [event];
  };

  return {
    take: (line) => {
      const record = parseRecord(line);
      if (record === undefined) return [];
      if (record.node !== undefined) nodes.add(record.node);
      // Nobody is blamed for what another machine's record says: the first one's are read until one is named.
      node ??= record.node;
      if (context.node === undefined ? record.node !== undefined && record.node !== node : record.node !== context.node) return [];
      // The daemon counts its own records by itself.
      if (!record.type.startsWith('DAEMON_')) {
        if (last !== undefined && record.serial < last.serial - OUT_OF_ORDER && record.time > last.time) sessions.clear();
      }
      const grouped = group(pending, record);
      pending = grouped.pending;
      const events = grouped.whole.flatMap((records) => {
        const [first] = records;
        return first !== undefined && records.length === 1 && first.type !== 'SYSCALL' ? single(first) : files(records);
      });
      last = {
        time: Math.max(record.time, last?.time ?? 0),
        serial: record.type.startsWith('DAEMON_') ? (last?.serial ?? 0) : record.serial,
      };
      return events;
    },
    blind: () => blind,
    last: () => last?.time,
    nodes: () => nodes,
    state: () => ({
      pending,
      sessions: [...sessions],
      inodes: [...inodes],
      commands,
      since,
      node,
      ...(last === undefined ? {} : { last }),
    }),
  };
}

/** Sorts as the kernel counted: within one tick of its clock the serial alone tells what came first. */
function idOf(host: string, { time, serial }: AuditRecord): string {
  return `linux-audit:${host}:${(time / 1000).toFixed(3)}:${String(serial).padStart(10, '0')}`;
}

const NAMES: readonly (readonly [string, string])[] = [
  ['replaced', 'replace'], ['created', 'create'], ['written', 'write'], ['deleted', 'delete'], ['mode', 'chmod'], ['owner', 'chown'], ['attributes', 'setxattr'],
]; // biome-ignore format: a list

function nameOf(changes: readonly string[]): string {
  return NAMES.find(([change]) => changes.includes(change))?.[1] ?? 'write';
}

function about({ fields }: AuditRecord, title: string | undefined): JsonObject {
  const { exe, cwd, tty, ses, pid, key } = fields;
  const known = { exe, command: title, cwd, tty, session: ses === UNSET ? undefined : ses, pid, rule: key };
  return Object.fromEntries(Object.entries(known).filter((entry): entry is [string, string] => entry[1] !== undefined));
}

/** Who took audit rules away, or switched auditing off: no resource of ours, but worth to be known. */
function configEvent(
  { type, fields }: AuditRecord,
  told: Omit<AuditEvent, 'source' | 'name' | 'readOnly' | 'request' | 'response'>,
): AuditEvent | undefined {
  if (type !== 'CONFIG_CHANGE' && !type.startsWith('DAEMON_')) return undefined;
  const request: Json = Object.fromEntries(Object.entries(fields).filter(([name]) => /^(op|list|audit_\w+|old|res)$/.test(name)));
  return { ...told, source: 'linux-audit-config', name: type, readOnly: false, request, response: null };
}

/** The latest `most` entries. */
function keep<Value>(map: Map<string, Value>, key: string, value: Value, most: number): void {
  map.delete(key);
  map.set(key, value);
  for (const oldest of map.keys()) {
    if (map.size <= most) return;
    map.delete(oldest);
  }
}
