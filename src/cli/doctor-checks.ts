/** The checks of `doctor`, in the order in which they depend on each other. Each finding carries its fix. */
import { existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { CONFIG_FILE } from '../config/config.ts';
import type { Deployment } from '../deployment.ts';
import { DrifttrailError, describeError } from '../errors.ts';
import type { Surroundings } from '../model.ts';
import { staleScopes } from './stale.ts';

export interface CheckResult {
  readonly name: string;
  readonly status: 'ok' | 'warn' | 'fail';
  readonly detail: string;
  readonly fix?: string;
}

interface Options {
  readonly offline: boolean;
  readonly signal: AbortSignal;
  readonly progress: (text: string) => void;
}

const OLDEST_GIT = [2, 36]; // `git hook run` and fast-import's safety of marks
const STALE = 24 * 3_600_000; // milliseconds

export async function examine(dir: string, surroundings: Surroundings, options: Options): Promise<CheckResult[]> {
  const root = resolve(dir);
  const before = [checkNode(), await checkGit(surroundings)];
  if (before.some(({ status }) => status === 'fail')) return before;
  const opened = await open(root, surroundings);
  const files = checkModes(root);
  if ('status' in opened) return [...before, opened, ...files];
  const steps: readonly (readonly [string, () => Promise<CheckResult[]> | CheckResult[]])[] = [
    ['repository', () => checkRepository(opened)],
    ['rules', () => checkRules(opened)],
    ['coverage', () => checkCoverage(opened, surroundings)],
    ['outbox', () => checkOutbox(opened, surroundings)],
    ['daemon', () => checkDaemon(opened, surroundings)],
    ...(options.offline
      ? []
      : ([
          ['remote', () => checkRemote(opened)],
          ['aws credentials', () => checkAws(opened, surroundings)],
        ] as const)),
  ];
  const results: CheckResult[] = [];
  for (const [name, step] of steps) {
    options.progress(`checking ${name}`);
    results.push(...(await attempt(name, step)));
  }
  return [
    ...before,
    ok('configuration', `${opened.exporters.length} exporters, ${opened.trails.length} trails, ${opened.hooks.length} hooks`),
    ...files,
    ...results,
  ];
}

function ok(name: string, detail: string): CheckResult {
  return { name, status: 'ok', detail };
}

function checkNode(): CheckResult {
  return ok('node', process.versions.node);
}

async function checkGit({ spawn }: Surroundings): Promise<CheckResult> {
  const fix = `install git ${OLDEST_GIT.join('.')} or newer and put it on the PATH`;
  try {
    const { stdout } = await spawn('git', ['--version'], { timeout: 10_000 });
    const text = stdout.toString().trim().replace('git version ', '');
    const [wantMajor = 0, wantMinor = 0] = OLDEST_GIT;
    const [have, haveMinor] = text.split('.').map(Number);
    const enough = (have ?? 0) > wantMajor || (have === wantMajor && (haveMinor ?? 0) >= wantMinor);
    return enough ? ok('git', text) : { name: 'git', status: 'fail', detail: `${text} is too old`, fix };
  } catch (error) {
    return { name: 'git', status: 'fail', detail: describeError(error), fix };
  }
}

async function open(root: string, surroundings: Surroundings): Promise<Deployment | CheckResult> {
  try {
    const { loadDeployment } = await import('../deployment.ts');
    return await loadDeployment(root, surroundings);
  } catch (error) {
    if (!(error instanceof DrifttrailError)) throw error;
    const { file, line, column } = error.position ?? {};
    const where = [file, line, column].filter((part) => part !== undefined).join(':');
    return {
      name: 'configuration',
      status: 'fail',
      detail: `${where === '' ? '' : `${where}: `}${error.message}`,
      ...(error.remedy === undefined ? {} : { fix: error.remedy }),
    };
  }
}

/** What others can read: everything captured stands in snapshots/, the redaction key and messages in state/. */
function checkModes(root: string): CheckResult[] {
  const wanted: readonly [string, number][] = [
    ['snapshots', 0o700],
    ['state', 0o700],
    [join('state', 'key'), 0o600],
    [CONFIG_FILE, 0o600],
  ];
  const found = wanted.filter(([name]) => existsSync(join(root, name)));
  const open = found.filter(([name, mode]) => (statSync(join(root, name)).mode & 0o777 & ~mode) !== 0);
  if (open.length === 0)
    return found.length === 0 ? [] : [ok('permissions', `${found.map(([name]) => name).join(', ')} are closed to others`)];
  return open.map(([name, mode]) => ({
    name: 'permissions',
    // The configuration names secrets but does not hold them; others may read, not write.
    status: name === CONFIG_FILE && (statSync(join(root, name)).mode & 0o022) === 0 ? 'warn' : 'fail',
    detail: `${join(root, name)} has mode ${(statSync(join(root, name)).mode & 0o777).toString(8)}`,
    fix: `chmod ${mode.toString(8)} ${join(root, name)}`,
  }));
}

async function checkRepository({ store }: Deployment): Promise<CheckResult[]> {
  const problems = await store.inspect();
  if (problems.length === 0) return [ok('repository', store.dir)];
  return problems.map((problem) => ({ name: 'repository', status: 'fail', detail: problem.message, fix: problem.repair }));
}

async function checkRemote({ config: { remote }, store }: Deployment): Promise<CheckResult[]> {
  if (remote === undefined) return [];
  const problem = await store.remoteProblem(remote, 15_000);
  if (problem === undefined) return [ok('remote', 'answers')];
  const fix = 'correct remote: in drifttrail.yaml, or the keys and rights of the user who runs drifttrail; nothing is lost meanwhile';
  return [{ name: 'remote', status: 'warn', detail: problem, fix }];
}

async function checkRules(deployment: Deployment): Promise<CheckResult[]> {
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

async function checkCoverage(deployment: Deployment, surroundings: Surroundings): Promise<CheckResult[]> {
  const observed = await deployment.store.readObserved();
  const { currentGaps } = await import('../pipeline/report.ts');
  const gaps = await currentGaps(deployment);
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

async function checkOutbox({ stateDir }: Deployment, { now }: Surroundings): Promise<CheckResult[]> {
  const { openOutbox } = await import('../notify/outbox.ts');
  const dead = await openOutbox(join(stateDir, 'outbox'), { now }).dead();
  if (dead.length === 0) return [ok('outbox', 'no message was given up')];
  return dead.slice(0, 5).map(({ outlet, message, detail }) => ({
    name: 'outbox',
    status: 'warn',
    detail: `${outlet} refused "${message.title}" for good: ${detail}`,
    fix: `mend the hook, try drifttrail hooks test ${outlet}, then delete ${join(stateDir, 'outbox', outlet, 'dead')}`,
  }));
}

async function checkDaemon({ stateDir }: Deployment, { now }: Surroundings): Promise<CheckResult[]> {
  const { healthProblems, readHealth } = await import('../schedule/health.ts');
  const health = readHealth(stateDir);
  if (health === undefined) return [ok('daemon', 'none runs here; snapshots are made by hand or by a timer of yours')];
  if (health.stopped !== undefined) return [ok('daemon', `stopped at ${health.stopped}`)];
  const { intervalOf } = await import('../schedule/interval.ts');
  const problems = healthProblems(health, now(), intervalOf);
  if (problems.length === 0) return [ok('daemon', `runs since ${health.startedAt}, process ${health.pid} on ${health.host}`)];
  return problems.map((detail) => ({ name: 'daemon', status: 'warn', detail, fix: 'read its log; start it again: drifttrail daemon' }));
}

/** Who we are to AWS: the plug-ins would only say so in the middle of a run. */
async function checkAws({ exporters }: Deployment, surroundings: Surroundings): Promise<CheckResult[]> {
  if (!exporters.some(({ use }) => use === 'aws')) return [];
  const { STSClient, GetCallerIdentityCommand } = await import('@aws-sdk/client-sts');
  const client = new STSClient({
    region: surroundings.env.AWS_REGION ?? surroundings.env.AWS_DEFAULT_REGION ?? 'us-east-1',
    maxAttempts: 2,
  });
  try {
    const { Arn } = await client.send(new GetCallerIdentityCommand({}), { requestTimeout: 10_000 });
    return [ok('aws credentials', Arn ?? 'valid')];
  } catch (error) {
    return [
      {
        name: 'aws credentials',
        status: 'warn',
        detail: `the default credentials do not work: ${(error as Error).name}: ${(error as Error).message.split('\n')[0]}`,
        fix: 'aws configure, aws sso login, or a role for this machine; accounts with a profile of their own do not need them',
      },
    ];
  } finally {
    client.destroy();
  }
}

async function attempt(name: string, step: () => Promise<CheckResult[]> | CheckResult[]): Promise<CheckResult[]> {
  try {
    return await step();
  } catch (error) {
    if (!(error instanceof DrifttrailError))
      return [{ name, status: 'fail', detail: describeError(error), fix: 'DRIFTTRAIL_DEBUG=1 drifttrail doctor shows where' }];
    return [{ name, status: 'fail', detail: error.message, ...(error.remedy === undefined ? {} : { fix: error.remedy }) }];
  }
}
