/** P4: this machine's /etc, nothing changed and one file changed, against etckeeper or, without it, the git under it. */
import { cpSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type Bench, cpuSpent, createSamples, type Outcome } from './measure.ts';
import { whileRunning } from './resident.ts';
import { CLI, commandExists, makeDeployment, sh, usageOf } from './programs.ts';

const STEPS = ['nothing changed', 'one file changed'] as const;
/** Runs of the daemon that make one sample, and those before the first: it is compared when it is warm. */
const TICKS = 5;
const WARM_UP = 20;

export const host: Bench = {
  goals: ['P4'],
  summary: '/etc of this machine: CPU of a snapshot against etckeeper',
  run: async ({ runs, folder, progress }) => {
    const samples = createSamples();
    const root = join(folder, 'machine');
    const etc = join(root, 'etc');
    const theirs = join(folder, 'etc');
    mkdirSync(root);
    // Each its own, without the history that a tool keeps there: nobody records what the other one writes.
    for (const copy of [etc, theirs]) cpSync('/etc', copy, COPY);
    const deployment = makeDeployment(
      join(folder, 'deployment'),
      `exporters:\n  - use: host\n    root: ${JSON.stringify(root)}\n    name: bench\n    facts: false\n    schedule: "* * * * * *"\n`,
    );
    const peer = peerOf(folder, theirs);
    const take = () => usageOf(process.execPath, [CLI, '--dir', deployment, 'snapshot'], { codes: [0, 3] });
    take();
    peer.take();
    for (let run = 0; run < runs; run += 1) {
      progress(`run ${run + 1} of ${runs}`);
      for (const step of STEPS) {
        if (step === 'one file changed') for (const copy of [etc, theirs]) writeFileSync(join(copy, 'motd'), `changed ${run}\n`);
        const pair = { product: take(), peer: peer.take() };
        for (const [who, { wall, cpu }] of Object.entries(pair)) {
          samples.add(`${step} ${who} cpu`, cpu);
          samples.add(`${step} ${who} wall`, wall);
        }
      }
    }
    const { length } = samples.of('nothing changed product cpu');
    for (const cost of await residentCosts(deployment, length, progress)) samples.add('resident', cost);
    const files = Number(sh('bash', ['-c', 'find "$1" -type f | wc -l', 'count', etc]));
    return outcome(files, peer, samples.of);
  },
};

const COPY = {
  recursive: true,
  verbatimSymlinks: true,
  preserveTimestamps: true,
  filter: (source: string) => !['.git', '.hg', '.bzr', '_darcs'].includes(basename(source)),
} as const;

/** Milliseconds of processor time of one quiet run in a daemon, as means of a few. */
function residentCosts(deployment: string, count: number, progress: (text: string) => void): Promise<number[]> {
  const lock = join(deployment, 'state', 'lock');
  // Each run takes the next number.
  const runs = () => Math.max(0, ...readdirSync(lock).map(Number).filter(Number.isFinite));
  return whileRunning([CLI, '--dir', deployment, 'daemon'], async (pid, until) => {
    progress('the daemon warms up');
    const begun = runs();
    await until(() => runs() >= begun + WARM_UP);
    const costs: number[] = [];
    for (let sample = 0; sample < count; sample += 1) {
      progress(`daemon, sample ${sample + 1} of ${count}`);
      const [first, spent] = [runs(), cpuSpent(pid)];
      await until(() => runs() >= first + TICKS);
      costs.push((cpuSpent(pid) - spent) / (runs() - first));
    }
    return costs;
  });
}

interface Peer {
  readonly name: string;
  readonly note?: string;
  readonly take: () => { readonly wall: number; readonly cpu: number };
}

/** Plain git leaves out etckeeper's own part (owners, modes, the package list), so what it costs, etckeeper costs at least. */
function peerOf(folder: string, etc: string): Peer {
  if (commandExists('etckeeper')) {
    sh('etckeeper', ['init', '-d', etc]);
    return { name: 'etckeeper commit', take: () => usageOf('etckeeper', ['commit', '-d', etc, 'bench'], { codes: [0, 1] }) };
  }
  const git = ['--git-dir', join(folder, 'etc.git'), '--work-tree', etc];
  sh('git', [...git, 'init', '--quiet']);
  const script = 'git "$@" add -A && git "$@" commit --quiet -m bench';
  return {
    name: 'git add -A + commit',
    note: 'etckeeper is not installed here; git alone, which it runs, is a lower bound of its cost.',
    take: () => usageOf('bash', ['-c', script, 'git', ...git], { codes: [0, 1] }),
  };
}

function outcome(files: number, { name, note }: Peer, of: (name: string) => readonly number[]): Outcome {
  const row = (step: string, measure: 'cpu' | 'wall', limit?: number) => ({
    goal: measure === 'cpu' ? 'P4' : '',
    work: `${step}, ${measure}`,
    product: of(`${step} product ${measure}`),
    peer: { name, samples: of(`${step} peer ${measure}`), ...(limit === undefined ? {} : { limit }) },
  });
  return {
    rows: [
      ...STEPS.flatMap((step) => [row(step, 'cpu', 1.5), row(step, 'wall')]),
      {
        goal: '',
        work: 'nothing changed, in the daemon, cpu',
        product: of('resident'),
        peer: { name, samples: of('nothing changed peer cpu') },
      },
    ],
    notes: [`A copy of /etc with ${files} files; facts off, no trail.`, ...(note === undefined ? [] : [note])],
  };
}
