/** P13: real sshd hosts on this machine's loopback, all snapshotted, and the same with one that never answers. Needs root. */
import { writeFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { cannotHaveFleet, type Fleet, startFleet } from '../test/fleet/hosts.ts';
import { type Bench, createSamples, timed } from './measure.ts';
import { CLI, makeDeployment, usageOf } from './programs.ts';

const HOSTS = 50;
const CONCURRENCY = 10;
const PORT = 2278;
const DEADLINE = 20;
const SILENT = '127.0.78.1';

export const fleet: Bench = {
  goals: ['P13'],
  summary: `${HOSTS} hosts over ssh (DRIFTTRAIL_FLEET_ROOT: a debootstrap with openssh-server; default /)`,
  run: async ({ runs, scale, folder, progress }) => {
    const hindrance = cannotHaveFleet();
    if (hindrance !== undefined) return { rows: [], notes: [`fleet: ${hindrance}`] };
    const names = Array.from({ length: Math.max(2, Math.round(HOSTS * scale)) }, (_, index) => `web${String(index + 1).padStart(2, '0')}`);
    const root = process.env['DRIFTTRAIL_FLEET_ROOT'] ?? '/';
    progress(`${names.length} hosts, copies of ${root}`);
    const hosts = await startFleet(names, PORT, {}, root);
    const accepted = new Set<Socket>();
    const silent = createServer((socket) => accepted.add(socket.on('error', () => undefined)));
    await new Promise<void>((resolve) => {
      silent.listen(PORT, SILENT, () => resolve());
    });
    try {
      const all = deploymentOf(join(folder, 'all'), hosts, names);
      const one = deploymentOf(join(folder, 'one'), hosts, names.slice(0, 1));
      const more = deploymentOf(join(folder, 'more'), hosts, names, true);
      const take = (deployment: string) => usageOf(process.execPath, [CLI, '--dir', deployment, 'snapshot'], { codes: [0, 3] });
      const samples = createSamples();
      const first = await timed(() => take(all));
      take(one);
      take(more);
      for (let run = 0; run < runs; run += 1) {
        progress(`run ${run + 1} of ${runs}`);
        const { wall, cpu } = take(all);
        samples.add('all', wall);
        samples.add('cpu', cpu);
        samples.add('one', take(one).wall);
        samples.add('more', take(more).wall);
      }
      const floor = samples.of('one').map((wall) => wall + (names.length * 100) / CONCURRENCY);
      return {
        rows: [
          {
            goal: 'P13',
            work: `${names.length} hosts, nothing changed`,
            product: samples.of('all'),
            peer: { name: 'one host + n × 0.1 s ÷ 10', samples: floor, limit: 1.5 },
          },
          {
            goal: 'P13',
            work: 'and one that never answers',
            product: samples.of('more'),
            peer: { name: 'without it', samples: samples.of('all') },
          },
          { goal: '', work: 'processor time of drifttrail and its ssh', product: samples.of('cpu') },
        ],
        notes: [`the first snapshot took ${Math.round(first)} ms; hosts and drifttrail share the processors; deadline ${DEADLINE} s`],
      };
    } finally {
      for (const socket of accepted) socket.destroy();
      silent.close();
      await hosts.stop();
    }
  },
};

function deploymentOf(dir: string, fleet: Fleet, names: readonly string[], dead = false): string {
  const lines = fleet.hosts
    .filter(({ name }) => names.includes(name))
    .map(({ name, address, port }) => `${name} ansible_host=${address} ansible_port=${port} ansible_user=root`);
  const silent = dead ? [`silent ansible_host=${SILENT} ansible_port=${PORT}`] : [];
  const inventory = `${dir}.hosts`;
  writeFileSync(inventory, `${[...lines, ...silent].join('\n')}\n`);
  const options = `{ IdentityFile: ${JSON.stringify(fleet.identity)}, UserKnownHostsFile: ${JSON.stringify(fleet.knownHosts)} }`;
  return makeDeployment(
    dir,
    `exporters:\n  - use: host\n    inventory: ${JSON.stringify(inventory)}\n    concurrency: ${CONCURRENCY}\n    deadline: ${DEADLINE}\n    ssh: { options: ${options} }\n`,
  );
}
