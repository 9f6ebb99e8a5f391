/** P9: questions to a long history, against the plain git command that answers the same. */
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { readReport } from '../src/pipeline/report.ts';
import { loadDeployment } from '../src/deployment.ts';
import { realSurroundings } from '../src/surroundings.ts';
import { createRandom } from './data.ts';
import { type Bench, createSamples, p95, type Row, scaled, timed } from './measure.ts';
import { CLI, makeDeployment, sh, usageOf } from './programs.ts';

export const COMMITS = 83_000;
export const FILES = 1000;
/** Questions of each sort in a run. */
const QUESTIONS = 10;
const INTERVAL = 300; // seconds between commits

export const history: Bench = {
  goals: ['P9'],
  summary: '83,000 commits: history of a path, the report of 24 h, any diff',
  run: async ({ runs, scale, folder, progress }) => {
    const samples = createSamples();
    const random = createRandom(9);
    const dir = makeDeployment(folder, 'exporters:\n  - use: host\n    root: ./machine\n    name: bench\n    facts: false\n');
    mkdirSync(join(dir, 'machine', 'etc'), { recursive: true });
    const repository = join(dir, 'snapshots');
    progress(`writing ${scaled(COMMITS, scale)} commits`);
    writeHistory(repository, scaled(COMMITS, scale));
    const deployment = await loadDeployment(dir, realSurroundings(dir));
    const { store } = deployment;
    const git = (...args: string[]) => sh('git', ['-C', repository, ...args]);
    const commits = git('rev-list', 'main').trim().split('\n');

    for (let run = 0; run < runs; run += 1) {
      progress(`run ${run + 1} of ${runs}`);
      for (let question = 0; question < QUESTIONS; question += 1) {
        const path = pathOf(random(FILES));
        const commit = commits[random(commits.length - 1)] ?? '';
        samples.add('path', await timed(() => drain(store.log({ paths: [path] }))));
        samples.add('path git', await timed(() => git('log', '--format=%H%x00%P%x00%ct%x00%B', '--', path)));
        samples.add('diff', await timed(() => store.patch(commit)));
        samples.add('diff git', await timed(() => git('show', commit)));
        const now = new Date();
        const since = new Date(now.getTime() - 86_400_000).toISOString();
        samples.add('report', await timed(() => readReport(deployment, { since, until: now.toISOString() })));
        samples.add('report git', await timed(() => git('log', '--since=24.hours', '-p')));
      }
      samples.add('why cli', usageOf(process.execPath, [CLI, '--dir', dir, 'why', pathOf(random(FILES))]).wall);
      samples.add('report cli', usageOf(process.execPath, [CLI, '--dir', dir, 'report']).wall);
    }
    const row = (work: string, name: string): Row => ({
      goal: 'P9',
      work,
      product: samples.of(name),
      peer: { name: 'the plain git command', samples: samples.of(`${name} git`), limit: 1.5 },
    });
    const worst = (name: string): Row => ({ goal: '', work: `  ${name}, p95 (wanted <1 s)`, product: [p95(samples.of(name))] });
    return {
      rows: [
        row('history of a path', 'path'),
        row('report of 24 h', 'report'),
        row('any diff', 'diff'),
        ...['path', 'report', 'diff', 'why cli', 'report cli'].map(worst),
      ],
      notes: ['"cli" is the whole built command, Node included; the other figures are the stages it calls.'],
    };
  },
};

async function drain(items: AsyncIterable<unknown>): Promise<number> {
  let count = 0;
  for await (const _ of items) count += 1;
  return count;
}

export function pathOf(file: number): string {
  return `hosts/bench/files/etc/app${file % 50}/file${file}.conf`;
}

/** One fast-import: a commit every five minutes until now, each with one changed file; then what `maintain` keeps. */
export function writeHistory(repository: string, count: number): void {
  const random = createRandom(83);
  const last = Math.floor(Date.now() / 1000);
  const parts: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const who = `drifttrail <drifttrail@localhost> ${last - (count - 1 - index) * INTERVAL} +0000`;
    const message = `bench: 1 file changed\n\nDrifttrail-Run: ${index}\n`;
    parts.push(`commit refs/heads/main\nauthor ${who}\ncommitter ${who}\ndata ${message.length}\n${message}\n`);
    if (index === 0) parts.push('from refs/heads/main^0\n');
    const files = index === 0 ? Array.from({ length: FILES }, (_, file) => file) : [random(FILES)];
    for (const file of files) {
      const content = Array.from({ length: 12 }, (_, line) => `setting${line} = ${line === index % 12 ? index : line * file}\n`).join('');
      parts.push(`M 100644 inline ${pathOf(file)}\ndata ${content.length}\n${content}\n`);
    }
  }
  const { status, stderr } = spawnSync('git', ['-C', repository, 'fast-import', '--quiet', '--force', '--date-format=raw'], {
    input: parts.join(''),
    encoding: 'utf8',
    maxBuffer: 1 << 30,
  });
  if (status !== 0) throw new Error(`git fast-import exited with ${status}: ${stderr.slice(0, 2000)}`);
  sh('git', ['-C', repository, 'commit-graph', 'write', '--reachable', '--split', '--changed-paths', '--no-progress']);
  sh('git', ['-C', repository, 'reset', '--quiet', '--hard']);
}
