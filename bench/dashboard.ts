/** The dashboard over a long history: how soon it answers after its start, and how fast each page then is. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { readFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Finding, Level } from '../src/model.ts';
import { encodeNote } from '../src/pipeline/notes.ts';
import { createRandom, type Random } from './data.ts';
import { COMMITS, FILES, pathOf, writeHistory } from './history.ts';
import { type Bench, cpuSpent, createSamples, p95, type Row, scaled } from './measure.ts';
import { CLI, makeDeployment, sh } from './programs.ts';

const FINDINGS = 100_000;
/** Of each page in a run. */
const QUESTIONS = 20;
const PEOPLE = 40;
const LEVELS: readonly Level[] = ['critical', 'high', 'medium', 'low', 'info'];

export const dashboard: Bench = {
  goals: [],
  summary: '83,000 commits, 100,000 findings: the first page after a start, and every page then',
  run: async ({ runs, scale, folder, progress }) => {
    const samples = createSamples();
    const random = createRandom(7);
    const dir = makeDeployment(folder, 'exporters:\n  - use: host\n    root: ./machine\n    name: bench\n    facts: false\n');
    mkdirSync(join(dir, 'machine', 'etc'), { recursive: true });
    const repository = join(dir, 'snapshots');
    progress(`writing ${scaled(COMMITS, scale)} commits and ${scaled(FINDINGS, scale)} findings`);
    writeHistory(repository, scaled(COMMITS, scale));
    const commits = sh('git', ['-C', repository, 'log', '--format=%H %cI', 'main']).trim().split('\n');
    const ids = writeFindings(repository, commits, scaled(FINDINGS, scale));
    for (let run = 0; run < runs; run += 1) {
      progress(`run ${run + 1} of ${runs}`);
      const start = performance.now();
      const { child, url } = await serving(dir);
      try {
        await fetched(url, '/');
        samples.add('first', performance.now() - start);
        samples.add('first, processor', cpuSpent(child.pid));
        while ((await fetch(`${url}/search?q=x`)).status === 503) await new Promise((resolve) => setTimeout(resolve, 50));
        samples.add('whole', performance.now() - start);
        const pick = (list: readonly string[]) => list[random(list.length)] ?? '';
        const spent = cpuSpent(child.pid);
        let asked = 0;
        for (let question = 0; question < QUESTIONS; question += 1) {
          const paths: Readonly<Record<string, string>> = {
            'threats, 24 h': '/',
            'threats, 7 d': '/?since=7d',
            'threats, 30 d': '/?since=30d',
            'threats, 30 d, a later page': `/?since=30d&page=${1 + random(100)}`,
            finding: `/findings/${pick(ids)}`,
            commit: `/commits/${pick(commits).slice(0, 12)}`,
            resource: `/resource?path=${pathOf(random(FILES))}`,
            'resource, two moments': `/resource?path=${pathOf(random(FILES))}&from=${1 + random(200)}d`,
            actors: '/actors',
            actor: `/actor?name=person${random(PEOPLE)}`,
            search: `/search?q=file${random(FILES)}`,
            coverage: '/coverage',
            'compare, two moments': '/compare?side=hosts/bench@24h&side2=hosts/bench',
            'api/report': '/api/report?since=7d&size=100',
          };
          for (const [name, path] of Object.entries(paths)) samples.add(name, await fetched(url, path));
          asked += Object.keys(paths).length;
        }
        samples.add('processor', (cpuSpent(child.pid) - spent) / asked);
        samples.add('memory', residentMegabytes(child.pid ?? 0));
      } finally {
        const ended = new Promise((resolve) => child.once('close', resolve));
        child.kill('SIGTERM');
        await ended;
      }
    }
    const own = (work: string, name: string): Row => ({ goal: '', work, product: samples.of(name) });
    const pages = [
      'threats, 24 h',
      'threats, 7 d',
      'threats, 30 d',
      'threats, 30 d, a later page',
      'finding',
      'commit',
      'resource',
      'resource, two moments',
      'actors',
      'actor',
      'search',
      'coverage',
      'compare, two moments',
      'api/report',
    ];
    const all = pages.flatMap((name) => samples.of(name));
    return {
      rows: [
        own('start to the first page (wanted <1 s)', 'first'),
        own('  processor time of it', 'first, processor'),
        own('start to the whole history', 'whole'),
        { goal: '', work: 'all pages, p95 (wanted <300 ms)', product: [p95(all)] },
        own('  processor time of a page, on average', 'processor'),
        ...pages.map((name): Row => ({ goal: '', work: `  ${name}, p95`, product: [p95(samples.of(name))] })),
        { goal: '', work: 'resident memory', product: samples.of('memory'), unit: 'MB' },
      ],
      notes: ['One question at a time, over HTTP, answered by the built command; a figure is from request to the last byte.'],
    };
  },
};

/** Milliseconds to the last byte. */
async function fetched(url: string, path: string): Promise<number> {
  const start = performance.now();
  const response = await fetch(url + path);
  const text = await response.text();
  if (!response.ok) throw new Error(`${path}: ${response.status} ${text.slice(-400)}`);
  return performance.now() - start;
}

function serving(dir: string): Promise<{ readonly child: ChildProcess; readonly url: string }> {
  const child = spawn(process.execPath, [CLI, '--dir', dir, 'serve', '--listen', '127.0.0.1:0', '--json'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => reject(new Error(`serve ended with ${code}`)));
    child.stdout.once('data', (text: Buffer) => resolve({ child, url: (JSON.parse(text.toString('utf8')) as { url: string }).url }));
  });
}

function residentMegabytes(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1]) / 1024;
}

/** Findings beside the commits, newest first, as `git notes` keeps them; their ids. */
function writeFindings(repository: string, commits: readonly string[], count: number): string[] {
  const random = createRandom(100);
  const ids: string[] = [];
  const parts = ['commit refs/notes/drifttrail-findings\ncommitter drifttrail <drifttrail@localhost> 1700000000 +0000\ndata 6\nNotes\n\n'];
  // The oldest commit is the baseline: it has none.
  for (const [index, line] of commits.slice(0, -1).entries()) {
    const [sha = '', date = ''] = line.split(' ');
    const own = Math.floor(((index + 1) * count) / (commits.length - 1)) - Math.floor((index * count) / (commits.length - 1));
    const findings = Array.from({ length: own }, (_, at) => findingOf(ids.length + at + 1, sha, new Date(date).toISOString(), random));
    ids.push(...findings.map(({ id }) => id));
    const note = encodeNote({
      schemaVersion: 1,
      windows: {},
      startedAt: date,
      quietTo: date,
      settled: true,
      findings,
      unmapped: [],
      quietUnmapped: [],
    });
    parts.push(`N inline ${sha}\ndata ${Buffer.byteLength(note)}\n${note}\n`);
  }
  const { status, stderr } = spawnSync('git', ['-C', repository, 'fast-import', '--quiet', '--force', '--date-format=raw'], {
    input: parts.join(''),
    encoding: 'utf8',
    maxBuffer: 1 << 30,
  });
  if (status !== 0) throw new Error(`git fast-import exited with ${status}: ${stderr.slice(0, 2000)}`);
  return ids;
}

function findingOf(number: number, commit: string, date: string, random: Random): Finding {
  const file = random(FILES);
  const who = `person${random(PEOPLE)}`;
  const from = new Date(Date.parse(date) - 300_000).toISOString();
  const [event, line] = [`e-${number}`, 1 + random(12)];
  const edits = [{ path: `/lines/${line}`, before: `setting${line} = ${random(10_000)}`, after: `setting${line} = ${random(10_000)}` }];
  const path = pathOf(file);
  return {
    id: `f-${number.toString(16).padStart(12, '0')}`,
    commit,
    change: {
      type: 'modified',
      ref: { scope: 'hosts/bench', kind: 'host.file', id: path.slice('hosts/bench/files/'.length) },
      path,
      edits,
    },
    window: { from, to: date },
    attribution: {
      status: 'attributed',
      grade: 'exact',
      actor: {
        name: who,
        type: 'User',
        arn: null,
        role: 'root',
        via: 'ssh',
        sourceIp: `10.0.0.${random(250)}`,
        userAgent: null,
        mfa: null,
      },
      events: [{ id: event, name: 'write', source: 'linux-audit', time: from }],
      edits: { [`/lines/${line}`]: { eventIds: [event], grade: 'exact' } },
      because: 'the audit record names the file and who wrote to it',
    },
    level: LEVELS[Math.min(random(LEVELS.length), random(LEVELS.length) + 1)] ?? 'info',
    score: random(101),
    rules: ['host-file-changed'],
    reasons: ['a file below /etc was changed by hand'],
    undo: [`git -C snapshots show ${commit.slice(0, 12)}^:${path} > /${path.slice('hosts/bench/files/'.length)}`],
  };
}
