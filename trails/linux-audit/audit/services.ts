/** systemd's records of services and rpm's of packages, with the person who asked for them. */
import type { Actor, AuditEvent } from 'drifttrail';
import { pick, refusal, type Told } from './people.ts';
import type { AuditRecord } from './record.ts';

/** A command that somebody ran through sudo. */
export interface Command {
  readonly time: number;
  readonly text: string;
  readonly actor: Actor;
}

/** systemd starts what it is asked to within this time, but for jobs that wait for others. Milliseconds. */
const DELAY = 30_000;

export function serviceEvent(record: AuditRecord, told: Told, commands: readonly Command[]): AuditEvent | undefined {
  const { type, time, fields } = record;
  if (type === 'SOFTWARE_UPDATE') {
    const request = pick({ op: fields.op, package: fields.sw, type: fields.sw_type });
    return { ...told, ...refusal(fields), source: 'linux-audit', name: type, readOnly: false, request, response: null };
  }
  if (type !== 'SERVICE_START' && type !== 'SERVICE_STOP') return undefined;
  const { unit } = fields;
  if (unit === undefined) return undefined;
  const asked = commands.findLast((command) => command.time <= time && command.time + DELAY >= time && asksFor(command.text, unit));
  return {
    ...told,
    ...refusal(fields),
    ...(asked === undefined ? {} : { actor: { ...asked.actor, role: 'root', service: 'systemd' } }),
    source: 'linux-audit',
    name: type,
    readOnly: false,
    request: { unit, ...(asked === undefined ? {} : { command: asked.text }) },
    response: null,
  };
}

/** `systemctl restart nginx`, `service nginx stop`: the words of the command name the unit, with or without its suffix. */
function asksFor(command: string, unit: string): boolean {
  const words = command.split(/\s+/);
  if (!words.some((word) => /(^|\/)(systemctl|service|invoke-rc\.d)$/.test(word))) return false;
  return words.some((word) => word === unit || word === `${unit}.service`);
}
