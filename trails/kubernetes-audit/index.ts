/** The trail that API servers keep: audit logs of audit.k8s.io/v1, line by line, rotated ones too. */
import {
  type AuditEvent,
  DrifttrailError,
  describeError,
  isObject,
  type Json,
  type Probe,
  type Trail,
  type TrailContext,
} from 'drifttrail';
import { resolve } from 'node:path';
import { AUDIT_LOG } from '../../exporters/kubernetes/events/place.ts';
import { cover, tellFault } from '../_log/coverage.ts';
import { type Log, type LogMark, openLog } from '../_log/lines.ts';
import { type AuditOptions, options } from './options.ts';
import { eventOf } from './record.ts';

interface Mark {
  readonly log?: LogMark;
  /** Until when the log told everything, at the last run. */
  readonly reached?: string;
}

const trail: Trail<AuditOptions> = {
  name: 'kubernetes-audit',
  summary: 'who changed a Kubernetes cluster: the audit logs of its API servers',
  options,
  scopes: ['kubernetes'],
  permissions: ['read access to the audit logs of every API server'],
  async *read(context) {
    for (const log of context.options.logs) yield* readLog(resolve(context.dir, log), context);
  },
  probe: async ({ options: { cluster, logs, complete }, dir }) =>
    Promise.all(logs.map((log) => probeLog(`${cluster} ${resolve(dir, log)}`, resolve(dir, log), complete))),
};
export default trail;

async function* readLog(path: string, context: TrailContext<AuditOptions>): AsyncGenerator<AuditEvent> {
  const { cluster, complete, logs } = context.options;
  const place = { account: cluster, region: AUDIT_LOG };
  const mark = JSON.parse(context.mark(`${cluster} ${path}`) ?? '{}') as Mark;
  const log = await opened(path, mark.log, (reason, detail) => context.gap({ ...place, reason, detail }));
  if (log === undefined) return;
  // drifttrail events keeps nothing: it wants the window only. A store wants all there is, because it is read once.
  const [from, to] = context.stored === undefined ? [Date.parse(context.window.from), Date.parse(context.window.to)] : [0, Infinity];
  let [first, last, broken]: [number | undefined, number | undefined, number] = [undefined, undefined, 0];
  try {
    tellFault({ ...place, region: path }, log, context);
    for await (const { text } of log.lines()) {
      context.signal.throwIfAborted();
      const found = recordsOf(text);
      if (found === undefined) broken += 1;
      for (const record of found ?? []) {
        const time = Date.parse(String(record.stageTimestamp ?? record.requestReceivedTimestamp));
        first ??= Number.isNaN(time) ? undefined : time;
        last = Number.isNaN(time) ? last : Math.max(time, last ?? 0);
        const event = eventOf(record, cluster);
        if (event !== undefined && Date.parse(event.time) >= from && Date.parse(event.time) <= to) yield event;
      }
    }
    if (broken > 0) context.gap({ ...place, reason: 'invalid', detail: `${path}: ${broken} lines are no audit records` });
    // One log of several tells nothing of what the others were asked.
    if (complete && broken === 0 && logs.length === 1 && last !== undefined)
      cover({ ...place, log, reached: mark.reached, first, to: last }, context);
    const end = log.mark();
    const reached = last === undefined ? mark.reached : new Date(last).toISOString();
    context.setMark(
      `${cluster} ${path}`,
      JSON.stringify({ ...(end === undefined ? {} : { log: end }), ...(reached === undefined ? {} : { reached }) }),
    );
  } finally {
    await log.close();
  }
}

type Tell = (reason: 'denied' | 'unreachable' | 'invalid', detail: string) => void;

async function opened(path: string, mark: LogMark | undefined, tell: Tell): Promise<Log | undefined> {
  try {
    const log = await openLog(path, mark);
    if (log === undefined)
      tell('unreachable', `there is no ${path}: set --audit-log-path and --audit-policy-file on the API server, or correct logs:`);
    return log;
  } catch (error) {
    if (error instanceof DrifttrailError) {
      tell('invalid', describeError(error));
      return undefined;
    }
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    const denied = code === 'EACCES' || code === 'EPERM';
    tell(denied ? 'denied' : 'invalid', `${path}: ${denied ? 'permission denied; run as root, or let the group read it' : code}`);
    return undefined;
  }
}

/** A line holds one record, or a list of them as webhooks receive it; undefined when it holds neither. */
function recordsOf(line: string): readonly Record<string, Json>[] | undefined {
  if (line.trim() === '') return [];
  try {
    const value: unknown = JSON.parse(line);
    if (!isObject(value)) return undefined;
    if (value.kind === 'EventList' && Array.isArray(value.items)) return (value.items as readonly Json[]).filter(isObject);
    return value.auditID === undefined ? undefined : [value];
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

async function probeLog(system: string, path: string, complete: boolean): Promise<Probe> {
  const problems: string[] = [];
  try {
    const log = await opened(path, undefined, (_, detail) => problems.push(detail));
    await log?.close();
  } catch (error) {
    problems.push(describeError(error));
  }
  const silence = complete ? 'it is said to be complete' : 'silence is not called nobody: complete is not set';
  return { system, ok: problems.length === 0, detail: problems[0] ?? `${path} can be read; ${silence}` };
}
