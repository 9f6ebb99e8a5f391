/** What `doctor` says about the logs of this machine. */
import { join } from 'node:path';
import { DrifttrailError, describeError, type Probe, type Surroundings } from 'drifttrail';
import { auditStatus } from './kernel.ts';
import { openLog } from '../_log/lines.ts';
import type { Sources } from './options.ts';
import { recommendedRules, remedyFor, RULES_FILE, unwatched } from './rules.ts';

export async function probeAudit(sources: Sources, { spawn }: Pick<Surroundings, 'spawn'>, signal: AbortSignal): Promise<Probe> {
  const { host, audit, watch, running, complete } = sources;
  const system = `${host} audit.log`;
  const unreadable = await problemOf(audit);
  if (unreadable !== undefined) return { system, ok: false, detail: `${unreadable}; ${remedyFor(watch)}` };
  if (!running)
    return {
      system,
      ok: true,
      detail: `${audit} can be read; ${complete ? 'its rules are said to be complete' : 'silence is not called nobody: complete is not set'}`,
    };
  const status = await auditStatus({ spawn }, signal);
  if (status.running === false)
    return { system, ok: false, detail: 'auditd does not run or auditing is switched off: systemctl enable --now auditd' };
  if (status.rules === undefined)
    return {
      system,
      ok: complete !== undefined,
      detail: `${audit} can be read; only root can see the audit rules (auditctl -l). Wanted in ${RULES_FILE}: ${recommendedRules(watch).calls.join('; ')}`,
    };
  const missing = unwatched(status.rules, watch);
  if (missing.length > 0 && complete === undefined)
    return { system, ok: false, detail: `no audit rule watches ${missing.join(', ')}; ${remedyFor(missing)}` };
  const lost =
    status.lost === undefined || status.lost === 0 ? '' : `; ${status.lost} records lost since the machine started: auditctl -b 8192`;
  return { system, ok: true, detail: `${audit} can be read, auditd runs and watches ${watch.join(', ')}${lost}` };
}

export async function probeAuth({ host, logs, running }: Sources): Promise<Probe> {
  const system = `${host} auth.log`;
  const problems: string[] = [];
  for (const name of ['auth.log', 'secure']) {
    const problem = await problemOf(join(logs, name));
    if (problem === undefined) return { system, ok: true, detail: `${join(logs, name)} can be read` };
    problems.push(problem);
  }
  const denied = problems.find((problem) => problem.includes('permission denied'));
  if (denied !== undefined) return { system, ok: false, detail: denied };
  return {
    system,
    ok: running,
    detail: running ? 'no auth.log or secure: the journal is asked instead' : `neither auth.log nor secure in ${logs}`,
  };
}

/** Why a log cannot be read, and what to do. */
async function problemOf(path: string): Promise<string | undefined> {
  try {
    const log = await openLog(path, undefined);
    await log?.close();
    return log === undefined ? `there is no ${path}` : undefined;
  } catch (error) {
    if (error instanceof DrifttrailError) return describeError(error);
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EACCES' || code === 'EPERM') return `${path}: permission denied; run as root, or put the user into the group adm`;
    return `${path}: ${code ?? String(error)}`;
  }
}
