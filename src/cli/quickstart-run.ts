/** Plays the quickstart: each phase of the recording is an ordinary run at its own time, then this machine, then the report. */
import { cpSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
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
import { type Session, textOptions } from './session.ts';

/** How far a demo has come; a killed quickstart goes on where it was. */
interface Progress {
  /** The moment that stands for the recording's reference. */
  readonly now: string;
  readonly mode: 'replay' | 'aws';
  readonly done: readonly string[];
}

/** Resolves to the exit code. Throws `quickstart-foreign` when the folder is somebody's own deployment. */
export async function runQuickstart(folder: string, live: boolean, session: Session): Promise<number> {
  const dir = resolve(folder);
  const manifest = readManifest(demoFolder());
  const progress = await prepare(dir, live, manifest, session);
  const gaps = progress.mode === 'replay' ? await replay(dir, manifest, progress, session) : 0;
  session.say(progress.mode === 'replay' ? 'snapshot of this machine …' : 'snapshot of this machine and your AWS account …');
  const deployment = await loadDeployment(dir, session.surroundings);
  const { signal } = session;
  const result = await run(deployment, { signal, progress: session.progress });
  const first = Math.min(...manifest.phases.map(({ offsetSeconds }) => offsetSeconds));
  const since = new Date(Date.parse(progress.now) + first * 1000).toISOString();
  const report = await readReport(deployment, { since, until: session.surroundings.now().toISOString() });
  await session.out(renderText(report, { ...textOptions(session, deployment.kinds), max: 8 }));
  const [top] = report.findings;
  session.say(nextSteps(folder, top?.id));
  return gaps > 0 ? 3 : result.exitCode;
}

async function prepare(dir: string, live: boolean, manifest: Manifest, session: Session): Promise<Progress> {
  const known = readProgress(dir);
  if (known !== undefined) {
    if (live !== (known.mode === 'aws')) {
      throw new DrifttrailError({
        code: 'quickstart-mode',
        message: `${dir} was made ${known.mode === 'aws' ? 'with' : 'without'} --aws`,
        remedy: `name another folder: drifttrail quickstart ${live ? '--aws ' : ''}demo2`,
      });
    }
    session.say(`${dir} is there already: going on with it; to start over, remove it: rm -r ${dir}`);
    return known;
  }
  if (existsSync(dir)) {
    throw new DrifttrailError({
      code: 'quickstart-foreign',
      message: `${dir} is there already and was not made by quickstart`,
      remedy: 'name another folder: drifttrail quickstart demo2',
    });
  }
  const now = `${session.surroundings.now().toISOString().slice(0, 19)}Z`;
  const [baseline] = manifest.phases;
  const made: Surroundings = {
    ...session.surroundings,
    now: () => new Date(Date.parse(now) + Math.min(0, baseline?.offsetSeconds ?? 0) * 1000),
  };
  await makeDeployment(
    dir,
    live || baseline === undefined ? liveConfig() : replayConfig(manifest, baseline, now),
    live ? session.surroundings : made,
  );
  if (!live) cpSync(demoFolder(), join(dir, RECORDING), { recursive: true });
  const progress: Progress = { now, mode: live ? 'aws' : 'replay', done: [] };
  writeProgress(dir, progress);
  session.say(`made ${dir}`);
  return progress;
}

/** Returns how many gaps there were. */
async function replay(dir: string, manifest: Manifest, start: Progress, session: Session): Promise<number> {
  let progress = start;
  let gaps = 0;
  for (const phase of manifest.phases) {
    if (progress.done.includes(phase.name)) continue;
    session.say(`recorded AWS account: ${phase.title} …`);
    writeConfig(dir, replayConfig(manifest, phase, progress.now));
    const deployment = await loadDeployment(dir, at(session.surroundings, phase, progress.now));
    const { signal } = session;
    const result = await run(deployment, { only: ['aws'], signal, progress: session.progress });
    gaps += result.gaps.length;
    progress = { ...progress, done: [...progress.done, phase.name] };
    writeProgress(dir, progress);
  }
  return gaps;
}

/** The clock of a phase starts at its moment and runs as ours does. */
function at(surroundings: Surroundings, { offsetSeconds }: Phase, now: string): Surroundings {
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
  return join(dir, 'state', 'quickstart.json');
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
  return [
    '',
    'Next:',
    ...(finding === undefined
      ? []
      : [`  ${at} show ${finding}    the first finding in full`, `  ${at} undo ${finding}    the commands that put it back`]),
    `  git -C ${folder}/snapshots log -p    the history itself, with who did it`,
    `  change a file under /etc, then: ${at} snapshot && ${at} report --since 1h`,
    `  ${self} init ops    a deployment of your own`,
  ].join('\n');
}

/** What to type for `drifttrail`: from a checkout it is not on the PATH. */
function calledAs(): string {
  const script = process.argv[1] ?? '';
  if (!/main\.[jt]s$/.test(script)) return 'drifttrail';
  const path = relative(process.cwd(), script);
  return `node ${path.startsWith('..') ? script : path}`;
}
