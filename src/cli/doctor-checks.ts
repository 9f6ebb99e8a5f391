/** The checks of `doctor`, in the order in which they depend on each other. Each finding carries its fix. */
import { resolve } from 'node:path';
import type { Deployment } from '../deployment.ts';
import { DrifttrailError, describeError } from '../errors.ts';
import type { Surroundings } from '../model.ts';
import { checkGit, checkModes, checkNode } from './doctor-machine.ts';
import { checkPatterns } from './doctor-patterns.ts';
import { type CheckResult, ok } from './doctor-result.ts';
import { checkSecrets } from './doctor-secrets.ts';
import {
  checkCountries,
  checkCoverage,
  checkDaemon,
  checkOutbox,
  checkRemote,
  checkRepository,
  checkRules,
  checkSystems,
  checkTrails,
} from './doctor-state.ts';
import { checkWritable } from './doctor-writable.ts';

interface Options {
  readonly offline: boolean;
  readonly signal: AbortSignal;
  readonly progress: (text: string) => void;
}

export async function examine(dir: string, surroundings: Surroundings, options: Options): Promise<CheckResult[]> {
  const root = resolve(dir);
  const before = [checkNode(), await checkGit(surroundings)];
  if (before.some(({ status }) => status === 'fail')) return before;
  const opened = await open(root, surroundings);
  const files = [...checkModes(root), ...checkWritable(root)];
  if ('status' in opened) return [...before, opened, ...files];
  const steps: readonly (readonly [string, () => Promise<CheckResult[]> | CheckResult[]])[] = [
    ['configuration', () => checkPatterns(opened)],
    ['secrets', () => checkSecrets(opened)],
    ['repository', () => checkRepository(opened)],
    ['rules', () => checkRules(opened)],
    ['countries', () => checkCountries(opened)],
    ['coverage', () => checkCoverage(opened, surroundings)],
    ['trails', () => checkTrails(opened)],
    ['outbox', () => checkOutbox(opened)],
    ['daemon', () => checkDaemon(opened, surroundings)],
    ...(options.offline ? [] : ([['remote', () => checkRemote(opened, options.signal)]] as const)),
    ['systems', () => checkSystems(opened, options)],
  ];
  const results: CheckResult[] = [];
  for (const [name, step] of steps) {
    options.signal.throwIfAborted();
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

async function attempt(name: string, step: () => Promise<CheckResult[]> | CheckResult[]): Promise<CheckResult[]> {
  try {
    return await step();
  } catch (error) {
    if (!(error instanceof DrifttrailError))
      return [{ name, status: 'fail', detail: describeError(error), fix: 'DRIFTTRAIL_DEBUG=1 drifttrail doctor shows where' }];
    return [{ name, status: 'fail', detail: error.message, ...(error.remedy === undefined ? {} : { fix: error.remedy }) }];
  }
}
