/** Who is behind a record: the person who logged in, whatever user acts now; a daemon where nobody did. */
import type { Actor } from 'drifttrail';
import type { Names } from '../names.ts';
import { packageTool } from '../packages/tools.ts';
import type { AuditRecord } from './record.ts';
import { isJob, programOf, type Session, UNSET } from './sessions.ts';

export function actorOf({ fields, names }: AuditRecord, session: Session | undefined, users: Names, title?: string): Actor {
  const { auid = UNSET, exe, comm, tty } = fields;
  const effective = names.EUID ?? names.UID ?? nameOf(fields.euid ?? fields.uid, users);
  const program = comm ?? programOf(exe) ?? 'unknown';
  const service = packageTool(exe, comm, title);
  const shared = {
    arn: null,
    userAgent: exe ?? null,
    mfa: null,
    nameFrom: 'user',
    ...(service === undefined ? {} : { service }),
  };
  if (auid === UNSET || isJob(session)) {
    const name = auid === UNSET ? program : (session?.opener ?? program);
    return { ...shared, name, type: 'Service', role: effective ?? null, via: 'service', sourceIp: null };
  }
  // What the log itself says is of that day and that machine.
  const name = names.AUID ?? session?.user ?? nameOf(auid, users) ?? `uid ${auid}`;
  return {
    ...shared,
    name,
    type: 'User',
    role: effective === undefined || effective === name ? null : effective,
    via: session?.via ?? (/^tty\d/.test(tty ?? '') ? 'console' : 'unknown'),
    sourceIp: session?.address ?? null,
  };
}

function nameOf(id: string | undefined, users: Names): string | undefined {
  if (id === undefined) return undefined;
  const name = users.user(Number(id));
  return name === id ? undefined : name;
}
