/** The checks of `doctor` on what stands in a deployment, and on what it talks to. */
import { join, resolve } from 'node:path';
import type { Deployment } from '../deployment.ts';
import type { Surroundings } from '../model.ts';
import type { Rewriting } from '../store/remote-history.ts';
import { type CheckResult, ok } from './doctor-result.ts';
import { staleScopes } from './stale.ts';

const STALE = 24 * 3_600_000; // milliseconds
const REMOTE_DEADLINE = 15_000; // milliseconds
const PROBE_DEADLINE = 20_000; // milliseconds

export async function checkRepository({ store }: Deployment): Promise<CheckResult[]> {
  const problems = await store.inspect();
  if (problems.length === 0) return [ok('repository', store.dir)];
  return problems.map((problem) => ({ name: 'repository', status: 'fail', detail: problem.message, fix: problem.repair }));
}

export async function checkRemote({ config: { remote }, store }: Deployment, signal: AbortSignal): Promise<CheckResult[]> {
  if (remote === undefined) return [];
  const problem = await store.remoteProblem(remote, REMOTE_DEADLINE, signal);
  if (problem === undefined) return [ok('remote', 'answers'), rewritable(await store.rewriting(remote))];
  const fix = 'correct remote: in drifttrail.yaml, or the keys and rights of the user who runs drifttrail; nothing is lost meanwhile';
  return [{ name: 'remote', status: 'warn', detail: problem, fix }];
}

/** Who can push can rewrite what others read of the past, unless the remote refuses it. */
function rewritable({ allowed, fix }: Rewriting): CheckResult {
  if (allowed === undefined) return ok('remote history', `the server does not tell whether it may be rewritten: ${fix}`);
  if (!allowed) return ok('remote history', 'cannot be rewritten by a push');
  return { name: 'remote history', status: 'warn', detail: 'whoever can push can rewrite or delete it', fix };
}

export async function checkRules(deployment: Deployment): Promise<CheckResult[]> {
  const { verifyRules } = await import('../rank/verify.ts');
  const rules = await deployment.ruleset();
  const problems = verifyRules(rules);
  if (problems.length === 0) return [ok('rules', `${rules.rules.length} rules agree with their examples`)];
  return problems.map(({ file, line, message }) => ({
    name: 'rules',
    status: 'fail',
    detail: message,
    fix: `correct the rule or its example at ${file}${line === undefined ? '' : `:${line}`}`,
  }));
}

/** A file that cannot be read fails with its own words. */
export async function checkCountries({ config: { countries }, dir }: Deployment): Promise<CheckResult[]> {
  if (countries === undefined) return [];
  const { openCountries } = await import('../pipeline/countries.ts');
  await openCountries(resolve(dir, countries));
  return [ok('countries', countries)];
}

export async function checkCoverage(deployment: Deployment, surroundings: Surroundings): Promise<CheckResult[]> {
  const observed = await deployment.store.readObserved();
  const { gapsAt } = await import('../pipeline/report.ts');
  const tip = await deployment.store.tip();
  const gaps = tip === null ? [] : await gapsAt(deployment, tip);
  const stale = staleScopes(observed, surroundings.now(), STALE);
  if (gaps.length + stale.length === 0) return [ok('coverage', `${Object.keys(observed.observations).length} scopes read completely`)];
  return [
    ...gaps.map((gap) => ({
      name: 'coverage',
      status: 'warn' as const,
      detail: `${[gap.scope, gap.kind].filter((part) => part !== undefined).join(' ')}: ${gap.reason}: ${gap.detail}`,
      fix:
        gap.reason === 'denied'
          ? 'drifttrail snapshot says what was denied; drifttrail permissions prints the policy that is needed'
          : 'drifttrail snapshot tries again and says what is in the way',
    })),
    ...stale.map((detail) => ({ name: 'coverage', status: 'warn' as const, detail, fix: 'drifttrail snapshot, or run drifttrail daemon' })),
  ];
}

export async function checkOutbox(deployment: Deployment): Promise<CheckResult[]> {
  const { outboxFolder, outboxOf } = await import('../pipeline/outlet.ts');
  const { outletCounts } = await import('../pipeline/outlet-counts.ts');
  const outbox = outboxOf(deployment);
  const [dead, pending] = await Promise.all([outbox.dead(), outbox.pending()]);
  const names = new Set(deployment.hooks.map(({ outlet }) => outlet));
  const outlets = Object.entries(await outletCounts(deployment)).map(([name, counts]): CheckResult => {
    const { sent, retried, failed, waiting, held, lastSuccess } = counts;
    const parts = [`${sent} sent`, `${retried} tried again`, `${failed} refused`, `${waiting} waiting`, `${held} held for later`];
    const last = lastSuccess === null ? 'nothing delivered yet' : `last delivered ${lastSuccess}`;
    const detail = `${parts.join(', ')}; ${last}`;
    // What was refused and is settled by now is history; what still lies there is not.
    if (counts.dead === 0) return { name: `outlet ${name}`, status: 'ok', detail, counts };
    return {
      name: `outlet ${name}`,
      status: 'warn',
      detail: `${detail}; ${counts.dead} given up and not sent again`,
      counts,
      fix: `drifttrail hooks test ${name}`,
    };
  });
  // A hook was taken out of the configuration, or is called otherwise now.
  const left = [...new Set(pending.flatMap(({ outlet }) => (names.has(outlet) ? [] : [outlet])))].map((outlet): CheckResult => {
    const count = pending.filter((item) => item.outlet === outlet).length;
    const folder = join(outboxFolder(deployment.stateDir), outlet);
    const detail = `${count} ${count === 1 ? 'message waits' : 'messages wait'} for the outlet ${outlet}, which no hook is called`;
    return { name: 'outbox', status: 'warn', detail, fix: `rename ${folder} to the outlet that shall tell it, or remove it` };
  });
  if (dead.length === 0) return [...(left.length === 0 ? [ok('outbox', 'no message was given up')] : left), ...outlets];
  const refused = dead.slice(0, 5).map(({ outlet, message, detail }): CheckResult => {
    const folder = join(outboxFolder(deployment.stateDir), outlet, 'dead');
    const mend = `mend the hook, try: drifttrail hooks test ${outlet}; then send it again: drifttrail hooks retry ${outlet}, or remove ${folder}`;
    return {
      name: 'outbox',
      status: 'warn',
      detail: `${outlet} refused "${message.title}" for good: ${detail}`,
      fix: names.has(outlet) ? mend : `the hook is configured no more: remove ${folder}`,
    };
  });
  return [...refused, ...left, ...outlets];
}

export async function checkDaemon({ stateDir }: Deployment, { now }: Surroundings): Promise<CheckResult[]> {
  const { healthProblems, readHealth } = await import('../schedule/health.ts');
  const health = readHealth(stateDir);
  if (health === undefined) return [ok('daemon', 'none runs here; snapshots are made by hand or by a timer of yours')];
  if (health.stopped !== undefined) return [ok('daemon', `stopped at ${health.stopped}`)];
  const { intervalOf } = await import('../schedule/interval.ts');
  const problems = healthProblems(health, now(), intervalOf);
  if (problems.length === 0) return [ok('daemon', `runs since ${health.startedAt}, process ${health.pid} on ${health.host}`)];
  return problems.map((detail) => ({ name: 'daemon', status: 'warn', detail, fix: 'read its log; start it again: drifttrail daemon' }));
}

/** What the last run could not see of who does what: the changes of that time have no author. */
export async function checkTrails(deployment: Deployment): Promise<CheckResult[]> {
  const { trailGaps } = await import('../pipeline/trail-findings.ts');
  return trailGaps(deployment).map(({ scope, reason, detail }) => ({
    name: scope.replace('/', ' '),
    status: 'fail',
    detail: `${reason}: ${detail}`,
    fix:
      reason === 'denied'
        ? 'give the right that is missing (of AWS: drifttrail permissions), then: drifttrail snapshot'
        : 'mend what it says, then: drifttrail snapshot',
  }));
}

/** Who we are to each system: a run would only say so in the middle of it. */
export async function checkSystems(
  { exporters, trails, surroundings }: Deployment,
  { offline, signal }: { readonly offline: boolean; readonly signal: AbortSignal },
): Promise<CheckResult[]> {
  const limited = AbortSignal.any([signal, AbortSignal.timeout(PROBE_DEADLINE)]);
  const plugins = [
    ...(offline ? [] : exporters.map(({ exporter, ...rest }) => ({ ...rest, plugin: exporter }))),
    ...trails
      .filter(({ trail }) => !offline || trail.local === true)
      .map(({ trail, ...rest }) => ({ ...rest, use: `trail ${rest.use}`, plugin: trail })),
  ].filter(({ unset }) => unset === undefined);
  const probed = await Promise.all(
    plugins.map(async ({ use, plugin, shape: options }) => {
      const probes = (await plugin.probe?.({ ...surroundings, options, signal: limited })) ?? [];
      return probes.map(
        ({ system, ok: fine, detail, fix }): CheckResult => ({
          name: `${use} ${system}`,
          status: fine ? 'ok' : fix === undefined ? 'warn' : 'fail',
          detail,
          ...(fix === undefined ? {} : { fix }),
        }),
      );
    }),
  );
  return probed.flat();
}
