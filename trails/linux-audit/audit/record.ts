/**
 * One line of audit.log as a record: fields by name, hex-encoded ones decoded. Both formats of auditd.conf's
 * `log_format` are read: RAW, and ENRICHED, which adds names after a group separator (`AUID="alice"`).
 */
import { textOf } from '../../../exporters/host/names.ts';

export interface AuditRecord {
  readonly type: string;
  /** The host that sent it, where logs of several are collected (`name_format`). */
  readonly node?: string;
  /** Milliseconds. */
  readonly time: number;
  /** With the time it names the event that the record is part of. */
  readonly serial: number;
  readonly fields: Readonly<Record<string, string>>;
  /** What auditd resolved while the names still existed: `AUID` → `alice`. */
  readonly names: Readonly<Record<string, string>>;
}

const LINE = /^(?:node=(\S+) )?type=(\S+) msg=audit\((\d+)\.(\d{3}):(\d+)\): ?(.*)$/s;
/** What an unquoted value may be the hex form of: text that holds a space, a quote or bytes above 126. */
const ENCODED = /^(name|proctitle|comm|exe|cwd|cmd|acct|key|path|unit|grp|sw|new-?\w*|old-?\w*|data|a\d+(\[\d+\])?)$/;
const ABSENT = new Set(['?', '(null)', '(none)', '(unknown)']);
/** A quoted value, or a bare one, which in messages of programs may have several words (`op=adding user id=1003`). */
const FIELD = /([A-Za-z][\w-]*(?:\[\d+\])?)=(?:"([^"]*)"|([^\s"']*(?: (?![\w-]+(?:\[\d+\])?=)[^\s"']+)*))/g;

/** Undefined for a line that is no audit record, or half of one. */
export function parseRecord(line: string): AuditRecord | undefined {
  const found = LINE.exec(line);
  if (found === null) return undefined;
  const [, node, type = '', seconds = '', fraction = '', serial = '', rest = ''] = found;
  const [told = '', enriched = ''] = rest.split('\x1d');
  return {
    type,
    ...(node === undefined ? {} : { node }),
    time: Number(seconds) * 1000 + Number(fraction),
    serial: Number(serial),
    fields: fieldsOf(told, type),
    names: namesOf(enriched),
  };
}

function fieldsOf(text: string, type: string): Record<string, string> {
  const fields: Record<string, string> = {};
  // Programs put their own fields into msg='…'; the outer ones are the kernel's word and stand first: they win.
  for (const [, key = '', quoted, bare = ''] of text.replace(/\bmsg='(.*)'\s*$/s, '$1').matchAll(FIELD)) {
    if (Object.hasOwn(fields, key)) continue;
    const value = quoted === undefined ? decoded(key, bare, type) : quoted;
    if (value !== undefined) fields[key] = value;
  }
  return fields;
}

function decoded(key: string, bare: string, type: string): string | undefined {
  if (ABSENT.has(bare) || bare === '') return undefined;
  // The arguments of a system call are numbers in hex; those of EXECVE are text.
  const isNumber = type === 'SYSCALL' && /^a\d$/.test(key);
  if (isNumber || !ENCODED.test(key) || bare.length % 2 === 1 || !/^[0-9A-F]+$/.test(bare)) return bare;
  const bytes = Buffer.from(bare, 'hex');
  return key === 'name' || key === 'cwd' ? textOf(bytes) : bytes.toString('utf8').replaceAll('\0', ' ').trim();
}

/** auditd writes `unset` for no login user and `unknown(1003)` for a number without a name. */
function namesOf(text: string): Record<string, string> {
  const names: Record<string, string> = {};
  for (const [, key = '', quoted, bare = ''] of text.matchAll(/([A-Z]+)=(?:"([^"]*)"|(\S+))/g)) {
    const name = quoted ?? bare;
    if (name !== '' && name !== 'unset' && !name.startsWith('unknown(')) names[key] = name;
  }
  return names;
}
