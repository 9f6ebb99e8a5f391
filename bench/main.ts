/** `npm run bench -- NAME…`: measures the product against its peers, in turn, and prints medians and ratios. */
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, release, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Bench, BenchOptions } from './measure.ts';
import { sh } from './programs.ts';
import { renderTable } from './table.ts';

const BENCHES: Readonly<Record<string, () => Promise<Bench>>> = {
  snapshot: async () => (await import('./snapshot.ts')).snapshot,
  host: async () => (await import('./host.ts')).host,
  accounts: async () => (await import('./accounts.ts')).accounts,
  fleet: async () => (await import('./fleet.ts')).fleet,
  growth: async () => (await import('./growth.ts')).growth,
  history: async () => (await import('./history.ts')).history,
  year: async () => (await import('./year.ts')).year,
  dashboard: async () => (await import('./dashboard.ts')).dashboard,
  diff: async () => (await import('./diff.ts')).diff,
  trail: async () => (await import('./trail.ts')).trail,
  startup: async () => (await import('./startup.ts')).startup,
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { runs: { type: 'string', default: '5' }, scale: { type: 'string', default: '1' }, help: { type: 'boolean', default: false } },
});
const runs = Number(values.runs);
const scale = Number(values.scale);
const benches = await Promise.all(Object.entries(BENCHES).map(async ([name, load]) => ({ name, ...(await load()) })));
const chosen = benches.filter(({ name, goals }) => positionals.some((word) => word === name || word === 'all' || goals.includes(word)));
const unknown = positionals.filter((word) => word !== 'all' && !benches.some(({ name, goals }) => word === name || goals.includes(word)));

if (values.help || chosen.length === 0 || unknown.length > 0 || !(Number.isInteger(runs) && runs > 0) || !(scale > 0)) {
  const names = benches.map(({ name, goals, summary }) => `  ${name.padEnd(10)} ${goals.join(' ').padEnd(9)} ${summary}`);
  const usage = ['npm run bench -- NAME… [--runs 5] [--scale 1]', ...names, '  all'].join('\n');
  process.stderr.write(`${unknown.length > 0 ? `there is no ${unknown.join(', ')}\n` : ''}${usage}\n`);
  process.exitCode = values.help ? 0 : 2;
} else {
  process.stdout.write(
    `Node ${process.version}, ${sh('git', ['version']).trim()}, Linux ${release()}, ${cpus().length} cores; medians of ${runs} runs\n`,
  );
  for (const bench of chosen) await runBench(bench);
}

async function runBench({ name, run }: Bench & { readonly name: string }): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), `drifttrail-bench-${name}-`));
  const progress: BenchOptions['progress'] = (text) => process.stderr.write(`${name}: ${text}\n`);
  try {
    const { rows, notes = [] } = await run({ runs, scale, folder, progress });
    process.stdout.write(`\n${renderTable(rows)}\n${notes.map((note) => `${note}\n`).join('')}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
