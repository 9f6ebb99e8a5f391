/** P11: what a command costs before it does anything, against Node itself. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Bench, createSamples } from './measure.ts';
import { CLI, makeDeployment, sh, usageOf } from './programs.ts';

const WARM_UP = 2;
const CONFIGURATION = 'exporters:\n  - use: host\n    files: [hosts]\n    root: ./machine\n    facts: false\n    name: bench\n';

export const startup: Bench = {
  goals: ['P11'],
  summary: '`--help` and `report` of the built command line against `node -e 0`',
  run: async ({ runs, folder, progress }) => {
    if (!existsSync(CLI)) throw new Error('there is no built command line; run `node scripts/build.mjs`');
    const samples = createSamples();
    const deployment = smallDeployment(join(folder, 'deployment'));
    const commands = {
      'node -e 0': ['-e', '0'],
      '--help': [CLI, '--help'],
      report: [CLI, '--dir', deployment, 'report'],
    } as const;
    // A process takes a tenth of a second: more runs cost little and calm the figures.
    for (let run = -WARM_UP; run < runs * 3; run += 1) {
      if (run % 5 === 0) progress(`run ${run + 1} of ${runs * 3}`);
      for (const [name, args] of Object.entries(commands)) {
        const { wall, cpu } = usageOf(process.execPath, args);
        if (run < 0) continue;
        samples.add(name, wall);
        samples.add(`${name} cpu`, cpu);
      }
    }
    const row = (work: string, name: string, suffix: string, limit?: number) => ({
      goal: 'P11',
      work,
      product: samples.of(`${name}${suffix}`),
      peer: { name: `node -e 0${suffix}`, samples: samples.of(`node -e 0${suffix}`), ...(limit === undefined ? {} : { limit }) },
    });
    return {
      rows: [
        row('--help', '--help', '', 2),
        row('report, small repository', 'report', '', 4),
        row('--help, CPU', '--help', ' cpu'),
        row('report, CPU', 'report', ' cpu'),
      ],
    };
  },
};

/** Two commits of one file, so that the report has something to say. */
function smallDeployment(folder: string): string {
  makeDeployment(folder, CONFIGURATION);
  sh('mkdir', ['-p', join(folder, 'machine')]);
  for (const text of ['127.0.0.1 localhost\n', '127.0.0.1 localhost\n10.0.0.1 db\n']) {
    sh('tee', [join(folder, 'machine', 'hosts')], { input: Buffer.from(text) });
    sh(process.execPath, [CLI, '--dir', folder, 'snapshot'], { codes: [0, 3] });
  }
  return folder;
}
