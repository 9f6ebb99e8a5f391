/** P4: this machine's /etc, nothing changed and one file changed, against etckeeper or, without it, the git under it. */
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Bench, createSamples, type Outcome } from './measure.ts';
import { CLI, commandExists, makeDeployment, sh, usageOf } from './programs.ts';

const STEPS = ['nothing changed', 'one file changed'] as const;

export const host: Bench = {
  goals: ['P4'],
  summary: '/etc of this machine: CPU of a snapshot against etckeeper',
  run: async ({ runs, folder, progress }) => {
    const samples = createSamples();
    const root = join(folder, 'machine');
    const etc = join(root, 'etc');
    mkdirSync(root);
    cpSync('/etc', etc, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
    const deployment = makeDeployment(
      join(folder, 'deployment'),
      `exporters:\n  - use: host\n    root: ${JSON.stringify(root)}\n    name: bench\n    facts: false\n`,
    );
    const peer = peerOf(folder, etc);
    const take = () => usageOf(process.execPath, [CLI, '--dir', deployment, 'snapshot'], { codes: [0, 3] });
    take();
    peer.take();
    for (let run = 0; run < runs; run += 1) {
      progress(`run ${run + 1} of ${runs}`);
      for (const step of STEPS) {
        if (step === 'one file changed') writeFileSync(join(etc, 'motd'), `changed ${run}\n`);
        const pair = { product: take(), peer: peer.take() };
        for (const [who, { wall, cpu }] of Object.entries(pair)) {
          samples.add(`${step} ${who} cpu`, cpu);
          samples.add(`${step} ${who} wall`, wall);
        }
      }
    }
    const files = Number(sh('bash', ['-c', 'find "$1" -type f | wc -l', 'count', etc]));
    return outcome(files, peer, samples.of);
  },
};

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
    rows: STEPS.flatMap((step) => [row(step, 'cpu', 1.5), row(step, 'wall')]),
    notes: [`A copy of /etc with ${files} files; facts off, no trail.`, ...(note === undefined ? [] : [note])],
  };
}
