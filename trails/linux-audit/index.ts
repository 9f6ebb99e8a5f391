/** The trail that a Linux machine keeps of itself: the audit log, the log of authentication, the logs of packages. */
import { type AuditEvent, isObject, type Probe, type Trail, type TrailContext } from 'drifttrail';
import type { z } from 'zod';
import { type AuditSight, readAuditLog } from './audit/read.ts';
import { readAuth } from './auth/read.ts';
import { options, type Sources, sourcesOf } from './options.ts';
import { namesPackageTool, readPackages, type Sighting } from './packages/read.ts';
import { probeAudit, probeAuth } from './probe.ts';

type Options = z.infer<typeof options>;

const trail: Trail<Options> = {
  name: 'linux-audit',
  summary: 'who changed this machine: audit log, SSH and sudo log-ins, package logs',
  options,
  scopes: ['hosts'],
  permissions: [
    'read access to /var/log/audit/audit.log and to auth.log, secure or the journal: root, or the groups adm and systemd-journal',
    'auditctl -s and -l as root, or complete: true',
  ],
  async *read(context) {
    const sources = sourcesOf(context.options, context.dir);
    // drifttrail events keeps nothing: it wants the window only. A store wants all there is, because it is read once.
    const [from, to] = context.stored === undefined ? [Date.parse(context.window.from), Date.parse(context.window.to)] : [0, Infinity];
    for await (const event of readSources(sources, context)) {
      const at = Date.parse(event.time);
      if (at >= from && at <= to) yield event;
    }
  },
  async probe({ options: own, dir, signal, spawn }): Promise<Probe[]> {
    const sources = sourcesOf(own, dir);
    return [await probeAudit(sources, { spawn }, signal), await probeAuth(sources)];
  },
};
export default trail;

/** In this order: sshd's log tells the keys of the audit log's sessions, and both tell who ran the package tools. */
async function* readSources(sources: Sources, context: TrailContext): AsyncGenerator<AuditEvent> {
  const auth = await readAuth(sources, context);
  const sight: AuditSight = {};
  const seen: { byWrites: Sighting[]; byCommand: Sighting[] } = { byWrites: [], byCommand: [] };
  const note = (event: AuditEvent) => {
    const sighting = { time: Date.parse(event.time), actor: event.actor };
    if (event.actor.type !== 'User') return;
    if (event.source === 'linux-audit' && event.actor.service !== undefined) seen.byWrites.push(sighting);
    if (event.source === 'linux-sudo' && event.error === undefined && namesPackageTool(commandOf(event))) seen.byCommand.push(sighting);
  };
  for await (const event of readAuditLog(sources, auth.keyOf, context, sight)) {
    note(event);
    yield event;
  }
  for (const event of auth.events) {
    // The audit log has the same log-ins, commands and accounts, and knows better who. Syslog's times are whole seconds.
    if (sight.since !== undefined && Date.parse(event.time) >= Math.floor(sight.since / 1000) * 1000) continue;
    note(event);
    yield event;
  }
  auth.done();
  seen.byCommand.sort((a, b) => a.time - b.time);
  yield* readPackages(sources, seen, context);
}

function commandOf({ request }: AuditEvent): string {
  return isObject(request) && typeof request.command === 'string' ? request.command : '';
}
