/** Reads dpkg.log and dnf.rpm.log, and finds the person behind each line. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { type Actor, type AuditEvent, requirePlain, type TrailContext } from 'drifttrail';
import { PACKAGE_LOG } from '../../../exporters/host/events/places.ts';
import { cover, tellFault, tellUnreadable } from '../../_log/coverage.ts';
import { type LogMark, openLog } from '../../_log/lines.ts';
import type { Sources } from '../options.ts';
import { type AptRun, aptRuns, runAt } from './apt.ts';
import { type PackageAct, packageEvent, parseDnfLine, parseDpkgLine } from './lines.ts';
import { packageTool } from './tools.ts';

interface Mark {
  readonly log?: LogMark;
  readonly reached?: string;
}

/** What a person was seen to do with a package tool, by other logs. */
export interface Sighting {
  /** Milliseconds. */
  readonly time: number;
  readonly actor: Actor;
}

/** dpkg writes to files within this time of its line; a command such as `apt upgrade` runs for longer. Milliseconds. */
const [NEAR, LONG] = [10_000, 1_800_000];
const NOBODY = { arn: null, role: null, sourceIp: null, userAgent: null, mfa: null } as const;

/** `byWrites` are writes of package tools, `byCommand` commands that named one; both oldest first. */
export async function* readPackages(
  sources: Sources,
  seen: { readonly byWrites: readonly Sighting[]; readonly byCommand: readonly Sighting[] },
  context: TrailContext,
): AsyncGenerator<AuditEvent> {
  for (const { file, parse } of [
    { file: 'dpkg.log', parse: (line: string) => parseDpkgLine(line, sources.zone) },
    { file: 'dnf.rpm.log', parse: parseDnfLine },
  ]) {
    const place = { account: sources.host, region: PACKAGE_LOG };
    const key = `${sources.host} ${sources.logs} ${file}`;
    const mark = JSON.parse(context.mark(key) ?? '{}') as Mark;
    try {
      const log = await openLog(join(sources.logs, file), mark.log);
      if (log === undefined) continue;
      try {
        tellFault(place, log, context);
        const acts: PackageAct[] = [];
        for await (const { text } of log.lines()) {
          context.signal.throwIfAborted();
          const act = parse(text);
          if (act !== undefined) acts.push(act);
        }
        const runs = acts.length === 0 || file !== 'dpkg.log' ? [] : await readAptRuns(sources, acts[0]?.time ?? 0);
        for (const act of acts) yield { ...packageEvent(act, sources.host, ...personBehind(act.time, runs, seen)) };
        const to = sources.running ? Date.parse(context.window.to) : acts.at(-1)?.time;
        if (to !== undefined) cover({ ...place, log, reached: mark.reached, first: acts[0]?.time, to }, context);
        const end = log.mark();
        const reached = to === undefined ? {} : { reached: new Date(to).toISOString() };
        context.setMark(key, JSON.stringify({ ...(end === undefined ? {} : { log: end }), ...reached } satisfies Mark));
      } finally {
        await log.close();
      }
    } catch (error) {
      tellUnreadable(place, error, context);
    }
  }
}

/** apt says who asked, the audit log who wrote; without both, who ran such a command not long before. */
function personBehind(
  time: number,
  runs: readonly AptRun[],
  { byWrites, byCommand }: { readonly byWrites: readonly Sighting[]; readonly byCommand: readonly Sighting[] },
): [Actor, string | undefined] {
  const run = runAt(runs, time);
  const service = run === undefined ? 'dpkg' : /unattended-upgrade/.test(run.command ?? '') ? 'unattended-upgrades' : 'apt';
  const written = byWrites.findLast((sighting) => Math.abs(sighting.time - time) <= NEAR);
  const asked = byCommand.findLast((sighting) => sighting.time <= time + 1000 && sighting.time + LONG >= time);
  const seen = written ?? asked;
  const requester = run?.requestedBy;
  if (seen !== undefined && (requester === undefined || seen.actor.name === requester))
    return [{ ...seen.actor, role: 'root', service }, run?.command];
  if (requester !== undefined)
    return [{ ...NOBODY, name: requester, type: 'User', role: 'root', via: 'unknown', nameFrom: 'user', service }, run?.command];
  if (service === 'unattended-upgrades')
    return [{ ...NOBODY, name: service, type: 'Service', role: 'root', via: 'service', nameFrom: 'user' }, run?.command];
  return [{ ...NOBODY, name: 'root', type: 'User', via: 'unknown', nameFrom: 'user', service }, run?.command];
}

/** Of the history and its rotated files those that were still written after `since` (milliseconds), oldest run first. */
async function readAptRuns({ logs, zone }: Sources, since: number): Promise<AptRun[]> {
  const folder = join(logs, 'apt');
  const runs: AptRun[] = [];
  for (const name of await namesIn(folder)) {
    if (!/^history\.log(\.\d+)?(\.gz)?$/.test(name)) continue;
    const path = join(folder, name);
    if ((await stat(path)).mtimeMs < since - LONG) continue;
    requirePlain(path);
    const bytes = await readFile(path);
    runs.push(...aptRuns((name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8'), zone));
  }
  return runs.sort((a, b) => a.from - b.from);
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** Whether a command line runs a program that installs packages. */
export function namesPackageTool(command: string): boolean {
  return command.split(/[\s;&|]+/).some((word) => packageTool(word, undefined, undefined) !== undefined);
}
