/** Records that programs write about people: log-ins, sudo, and changes of accounts. */
import type { AuditEvent, JsonObject } from 'drifttrail';
import type { AuditRecord } from './record.ts';
import { type Session, UNSET } from './sessions.ts';

export type Told = Omit<AuditEvent, 'source' | 'name' | 'readOnly' | 'request' | 'response'>;

const REFUSED = /^(failed|0|no)$/;

/** `credential` joins what is done in a session to its log-in. */
export function loginEvent(record: AuditRecord, told: Told, opened: Session | undefined): AuditEvent | undefined {
  const { type, fields } = record;
  const failed = type === 'USER_LOGIN' && REFUSED.test(fields.res ?? '');
  if (opened === undefined && !failed) return undefined;
  const { address, terminal, key, opener } = opened ?? {
    address: fields.addr,
    terminal: fields.terminal,
    key: undefined,
    opener: fields.exe,
  };
  return {
    ...told,
    ...(opened === undefined
      ? { error: { code: 'refused', message: 'the log-in failed' } }
      : { issued: `${told.account} session ${fields.ses} ${told.time}` }),
    // It is sshd that writes this, as root; the person is nobody else yet.
    actor: { ...told.actor, role: null },
    source: 'linux-login',
    name: 'login',
    readOnly: true,
    request: pick({ program: opener, address, terminal, fingerprint: key, user: opened?.user ?? fields.acct }),
    response: null,
  };
}

/** What sudo was asked to run; as whom is only in auth.log. */
export function sudoEvent({ type, fields }: AuditRecord, told: Told, root: string): AuditEvent | undefined {
  if (type !== 'USER_CMD') return undefined;
  return {
    ...told,
    ...refusal(fields),
    source: 'linux-sudo',
    name: 'sudo',
    readOnly: false,
    request: pick({ command: fields.cmd, cwd: fields.cwd, tty: fields.terminal, root }),
    response: null,
  };
}

/** audit-userspace's record types for accounts; which of them a tool uses differs between distributions. */
const ACCOUNTS = /^(ADD_USER|DEL_USER|ADD_GROUP|DEL_GROUP|USER_MGMT|GRP_MGMT|USER_CHAUTHTOK|GRP_CHAUTHTOK|ACCT_LOCK|ACCT_UNLOCK)$/;

/** Asking for a new password is not setting one. */
const PRELIMINARY = /^(PAM:chauthtok_prelim|attempted-to-|PAM:authentication)/;

export function accountEvent({ type, fields, names }: AuditRecord, told: Told): AuditEvent | undefined {
  if (!ACCOUNTS.test(type) || PRELIMINARY.test(fields.op ?? '')) return undefined;
  const group = /GROUP$|^GRP_/.test(type);
  const id = fields.id === undefined || fields.id === UNSET ? undefined : Number(fields.id);
  const name = fields.acct ?? names.ID;
  return {
    ...told,
    ...refusal(fields),
    source: 'linux-audit',
    name: type,
    readOnly: false,
    request: {
      ...pick({ op: fields.op, [group ? 'group' : 'user']: name, exe: fields.exe }),
      ...pick(fields.grp === undefined ? {} : { group: fields.grp }),
      ...(id === undefined || Number.isNaN(id) ? {} : { id }),
    },
    response: null,
  };
}

/** Nothing happened. */
export function refusal({ res }: AuditRecord['fields']): Pick<AuditEvent, 'error'> {
  return REFUSED.test(res ?? '') ? { error: { code: 'failed', message: 'the record says that it failed' } } : {};
}

export function pick(fields: Readonly<Record<string, string | undefined>>): JsonObject {
  return Object.fromEntries(Object.entries(fields).filter((entry): entry is [string, string] => entry[1] !== undefined));
}
