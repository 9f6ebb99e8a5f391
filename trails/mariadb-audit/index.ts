/** The trail that MariaDB's server_audit writes: who said which statement that defines something, and whether it succeeded. */
import { resolve } from 'node:path';
import type { AuditEvent, Probe, Trail, TrailContext } from 'drifttrail';
import { z } from 'zod';
import { AUDIT_LOG } from '../../exporters/mysql/events/places.ts';
import { cover, tellFault } from '../_log/coverage.ts';
import { type LogMark, openLog } from '../_log/lines.ts';
import { openTold, problemOf } from '../_log/open.ts';
import { zoneOption } from '../_log/options.ts';
import { ownZone } from '../_log/time.ts';
import { eventOf } from './event.ts';
import { parseLine } from './line.ts';

const options = z.strictObject({
  server: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 'letters, digits, dots, hyphens, underscores')
    .describe('Whose log this is: the name of the server as the mysql exporter has it'),
  log: z.string().min(1).describe('server_audit_file_path; relative to the deployment'),
  timezone: zoneOption.describe('Of the server: its times name no zone; default: that of this machine'),
  running: z.boolean().default(true).describe('The log is being written to, now; false for a copy'),
  complete: z
    .boolean()
    .default(false)
    .describe(
      'server_audit_events had QUERY, or QUERY_DDL and QUERY_DCL, for everybody all the time: only then is silence called "nobody"',
    ),
});
type Options = z.infer<typeof options>;

const SWITCH_ON = "INSTALL SONAME 'server_audit', SET GLOBAL server_audit_logging = ON";

const DENIED = 'put the user into the group of the server (on Debian: mysql or adm)';

interface Mark {
  readonly log?: LogMark;
  readonly reached?: string;
}

const trail: Trail<Options> = {
  name: 'mariadb-audit',
  summary: 'who changed a MariaDB database: the file of server_audit',
  scopes: ['databases'],
  options,
  permissions: [
    'read access to server_audit_file_path',
    'MariaDB: server_audit_logging = ON, server_audit_events = QUERY or QUERY_DDL,QUERY_DCL',
  ],
  async *read(context) {
    const [from, to] = context.stored === undefined ? [Date.parse(context.window.from), Date.parse(context.window.to)] : [0, Infinity];
    for await (const event of readAudit(context)) {
      const at = Date.parse(event.time);
      if (at >= from && at <= to) yield event;
    }
  },
  probe: async ({ options: own, dir }) => [await probe(own, resolve(dir, own.log))],
};
export default trail;

async function* readAudit(context: TrailContext<Options>): AsyncGenerator<AuditEvent> {
  const { options: own, dir, signal, window } = context;
  const path = resolve(dir, own.log);
  const place = { account: own.server, region: AUDIT_LOG };
  const key = `${own.server} ${path}`;
  const mark = JSON.parse(context.mark(key) ?? '{}') as Mark;
  const log = await openTold({ path, mark: mark.log, missing: SWITCH_ON, denied: DENIED }, (gap) => context.gap({ ...place, ...gap }));
  if (log === undefined) return;
  try {
    tellFault(place, log, context);
    let [lines, strange] = [0, 0];
    let first: number | undefined;
    let last: number | undefined;
    for await (const { text } of log.lines()) {
      signal.throwIfAborted();
      lines++;
      const line = parseLine(text, own.timezone ?? ownZone());
      if (line === undefined) {
        strange++;
        continue;
      }
      first ??= line.time;
      last = line.time;
      const event = eventOf(line, own.server);
      if (event !== undefined) yield event;
    }
    const to = own.running ? Date.parse(window.to) : last;
    if (strange > lines / 2)
      context.gap({ ...place, reason: 'invalid', detail: `${strange} of ${lines} lines of ${path} are not as server_audit writes them` });
    else if (own.complete && to !== undefined) cover({ ...place, log, reached: mark.reached, first, to }, context);
    const end = log.mark();
    const next: Mark = { ...(end === undefined ? {} : { log: end }), ...(to === undefined ? {} : { reached: new Date(to).toISOString() }) };
    context.setMark(key, JSON.stringify(next));
  } finally {
    await log.close();
  }
}

async function probe(own: Options, path: string): Promise<Probe> {
  const system = `${own.server} ${path}`;
  try {
    const log = await openLog(path, undefined);
    await log?.close();
    if (log === undefined) return { system, ok: false, detail: `there is no such file: ${SWITCH_ON}` };
    return {
      system,
      ok: true,
      detail: `can be read; ${own.complete ? 'its silence counts' : 'silence is not called nobody: complete is not set'}`,
    };
  } catch (error) {
    return { system, ok: false, detail: problemOf(error, DENIED) };
  }
}
