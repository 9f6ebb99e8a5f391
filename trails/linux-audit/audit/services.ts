/** systemd's records of services and rpm's of packages, with the person who asked for them. */
import type { Actor, AuditEvent } from 'drifttrail';
import { pick, refusal, type Told } from './people.ts';
import type { AuditRecord } from './record.ts';

/** A command for services that somebody ran through sudo: its words, of which only names of units count. */
export interface Command {
  readonly time: number;
  readonly units: readonly string[];
  readonly actor: Actor;
}

const MANAGERS = /(^|\/)(systemctl|service|invoke-rc\.d)$/;

/** `systemctl restart nginx`, `service nginx stop`. Undefined for any other command: others may hold secrets and are not kept. */
export function serviceCommand(command: string, time: number, actor: Actor): Command | undefined {
  const [program = '', ...words] = command.split(/\s+/);
  if (!MANAGERS.test(program)) return undefined;
  return { time, actor, units: words.filter((word) => /^[\w@.:\\-]+$/.test(word) && !word.startsWith('-')) };
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
  const asked = commands.findLast(
    (command) =>
      command.time <= time && command.time + DELAY >= time && command.units.some((word) => word === unit || word === `${unit}.service`),
  );
  return {
    ...told,
    ...refusal(fields),
    ...(asked === undefined ? {} : { actor: { ...asked.actor, role: 'root', service: 'systemd' } }),
    source: 'linux-audit',
    name: type,
    readOnly: false,
    request: { unit },
    response: null,
  };
}
