/** Plays the quickstart: each phase of the recording is an ordinary run at its own time, then this machine, then the report. */
import { cpSync, existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { CONFIG_FILE } from '../config/config.ts';
import { loadDeployment } from '../deployment.ts';
import { DrifttrailError } from '../errors.ts';
import type { Surroundings } from '../model.ts';
import { readReport } from '../pipeline/report.ts';
import { renderText } from '../report/text.ts';
import { run } from '../run.ts';
import { makeDeployment } from './deployment-files.ts';
import { demoFolder, liveConfig, type Manifest, type Phase, RECORDING, readManifest, replayConfig } from './quickstart-config.ts';
import { makeFolder } from './make-folder.ts';
import { type Session, textOptions } from './session.ts';

const PROGRESS = 'quickstart.json';

/** How far a demo has come; a killed quickstart goes on where it was. */
interface Progress {
  /** The moment that stands for the recording's reference. */
  readonly now: string;
  readonly mode: 'replay' | 'aws';
  readonly done: readonly string[];
}

interface Step {
  readonly name: string;
  readonly say: string;
  readonly exporter: 'host' | 'aws';
  readonly phase: Phase;
}

/** Resolves to the exit code. Throws `quickstart-foreign` when the folder is somebody's own deployment. */
export async function runQuickstart(folder: string, live: boolean, session: Session): Promise<number> {
  const dir = resolve(folder);
  const manifest = readManifest(demoFolder());
  const progress = await prepare(dir, live, manifest, session);
  const gaps = progress.mode === 'replay' ? await replay(dir, manifest, progress, session) : 0;
  session.say(progress.mode === 'replay' ? 'this machine once more, as it is now …' : 'snapshot of this machine and your AWS account …');
  const deployment = await loadDeployment(dir, session.surroundings);
  const { signal } = session;
  const result = await run(deployment, { signal, progress: session.progress });
  signal.throwIfAborted();
  const since = new Date(Date.parse(progress.now) + firstOffset(manifest) * 1000).toISOString();
  const report = await readReport(deployment, { since, until: session.surroundings.now().toISOString() });
  const self = `${calledAs()} --dir ${folder}`;
  await session.out(renderText(report, { ...textOptions(session, deployment.kinds), max: 8, rest: `${self} report` }));
  for (const line of result.problems) session.say(line);
  const [top] = report.findings;
  session.say(nextSteps(folder, top?.id));
  return gaps > 0 ? 3 : result.exitCode;
}

async function prepare(dir: string, live: boolean, manifest: Manifest, session: Session): Promise<Progress> {
  const known = readProgress(dir);
  if (known !== undefined && live !== (known.mode === 'aws')) {
    throw new DrifttrailError({
      code: 'quickstart-mode',
      message: `${dir} was made ${known.mode === 'aws' ? 'with' : 'without'} --aws`,
      remedy: `name another folder: drifttrail quickstart ${live ? '--aws ' : ''}demo2`,
    });
  }
  if (known === undefined && !untouched(dir)) {
    throw new DrifttrailError({
      code: 'quickstart-foreign',
      message: `${dir} is there already and was not made by quickstart`,
      remedy: 'name another folder: drifttrail quickstart demo2',
    });
  }
  const now = `${session.surroundings.now().toISOString().slice(0, 19)}Z`;
  const progress: Progress = known ?? { now, mode: live ? 'aws' : 'replay', done: [] };
  if (existsSync(join(dir, CONFIG_FILE))) {
    session.say(`${dir} is there already: going on with it; to start over, remove it: rm -r ${dir}`);
    return progress;
  }
  // First, so that whatever comes between, the next call knows the folder for its own.
  const made = makeFolder(join(dir, 'state'), 0o700);
  writeProgress(dir, progress);
  try {
    await makeDemo(dir, progress, manifest, session.surroundings);
  } catch (error) {
    if (made !== undefined) rmSync(made, { recursive: true, force: true });
    throw error;
  }
  session.say(`made ${dir}`);
  return progress;
}

async function makeDemo(dir: string, { now, mode }: Progress, manifest: Manifest, surroundings: Surroundings): Promise<void> {
  const [baseline] = manifest.phases;
  if (mode === 'aws' || baseline === undefined) {
    await makeDeployment(dir, liveConfig(), surroundings);
    return;
  }
  cpSync(demoFolder(), join(dir, RECORDING), { recursive: true });
  await makeDeployment(dir, replayConfig(manifest, baseline, now), at(surroundings, firstOffset(manifest), now));
}

/** Not there, empty, or what a quickstart leaves that is killed before it has written its progress. */
function untouched(dir: string): boolean {
  if (!existsSync(dir)) return true;
  if (!statSync(dir).isDirectory()) return false;
  return readdirSync(dir, { recursive: true, encoding: 'utf8' }).every(
    (name) => name === 'state' || name === join('state', `${PROGRESS}.new`),
  );
}

/**
 * Returns how many gaps there were. This machine comes first and bears the recording's first date: its baseline of
 * hundreds of files would otherwise stand between the reader of `git log -p` and the story.
 */
async function replay(dir: string, manifest: Manifest, start: Progress, session: Session): Promise<number> {
  const [baseline] = manifest.phases;
  const machine: Step[] =
    baseline === undefined ? [] : [{ name: 'machine', say: 'snapshot of this machine', exporter: 'host', phase: baseline }];
  const recorded = manifest.phases.map(
    (phase): Step => ({ name: phase.name, say: `recorded AWS account: ${phase.title}`, exporter: 'aws', phase }),
  );
  let progress = start;
  let gaps = 0;
  for (const { name, say, exporter, phase } of [...machine, ...recorded]) {
    if (progress.done.includes(name)) continue;
    session.signal.throwIfAborted();
    session.say(`${say} …`);
    writeConfig(dir, replayConfig(manifest, phase, progress.now));
    const deployment = await loadDeployment(dir, at(session.surroundings, phase.offsetSeconds, progress.now));
    const { signal } = session;
    const result = await run(deployment, { only: [exporter], signal, progress: session.progress });
    gaps += result.gaps.length;
    progress = { ...progress, done: [...progress.done, name] };
    writeProgress(dir, progress);
  }
  return gaps;
}

/** Seconds. */
function firstOffset({ phases }: Manifest): number {
  return Math.min(...phases.map(({ offsetSeconds }) => offsetSeconds));
}

/** The clock of a phase starts at its moment and runs as ours does. */
function at(surroundings: Surroundings, offsetSeconds: number, now: string): Surroundings {
  const began = surroundings.now().getTime();
  const moment = Date.parse(now) + offsetSeconds * 1000;
  return { ...surroundings, now: () => new Date(moment + surroundings.now().getTime() - began) };
}

function writeConfig(dir: string, text: string): void {
  const file = join(dir, CONFIG_FILE);
  writeFileSync(`${file}.new`, text, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

function progressFile(dir: string): string {
  return join(dir, 'state', PROGRESS);
}

function readProgress(dir: string): Progress | undefined {
  return existsSync(progressFile(dir)) ? (JSON.parse(readFileSync(progressFile(dir), 'utf8')) as Progress) : undefined;
}

function writeProgress(dir: string, progress: Progress): void {
  writeFileSync(`${progressFile(dir)}.new`, `${JSON.stringify(progress)}\n`, { mode: 0o600 });
  renameSync(`${progressFile(dir)}.new`, progressFile(dir));
}

function nextSteps(folder: string, finding: string | undefined): string {
  const self = calledAs();
  const at = `${self} --dir ${folder}`;
  const steps: readonly (readonly [string, string])[] = [
    ...(finding === undefined
      ? []
      : ([
          [`${at} show ${finding}`, 'the first finding in full'],
          [`${at} undo ${finding}`, 'the commands that put it back'],
        ] as const)),
    [`git -C ${folder}/snapshots log -p`, 'the history itself, with who did it'],
    [`${at} snapshot && ${at} report --since 1h`, 'after you have changed something under /etc'],
    [`${self} init ops`, 'a deployment of your own'],
  ];
  return ['', 'Next:', ...steps.flatMap(([command, does]) => [`  # ${does}`, `  ${command}`])].join('\n');
}

/** What to type for `drifttrail`: from a checkout it is not on the PATH. */
function calledAs(): string {
  const script = process.argv[1] ?? '';
  if (!/main\.[jt]s$/.test(script)) return 'drifttrail';
  const path = relative(process.cwd(), script);
  return `node ${path.startsWith('..') ? script : path}`;
}
