/** A running machine in a folder: its /proc, /etc and programs are the test's, the exporter, git and the pipeline are real. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type FileSystem, realFileSystem } from '../../../exporters/host/filesystem.ts';
import { createHostExporter } from '../../../exporters/host/index.ts';
import { loadDeployment } from '../../../src/deployment.ts';
import type { CollectContext, Finding, Spawn } from '../../../src/model.ts';
import { readReport } from '../../../src/pipeline/report.ts';
import { run } from '../../../src/run.ts';
import { initStore } from '../../../src/store/store.ts';
import { realSurroundings } from '../../../src/surroundings.ts';
import { folder } from '../../folder.ts';
import { makeRoot } from './help.ts';

export interface RunningMachine {
  readonly write: (path: string, text: string) => void;
  /** By how the command line begins, what it prints; others are not installed. */
  readonly programs: Map<string, string>;
  /** Takes a snapshot ten minutes later and resolves to what the report of these says. */
  readonly snapshot: () => Promise<readonly Finding[]>;
}

export async function runningMachine(files: Readonly<Record<string, string>>): Promise<RunningMachine> {
  const root = makeRoot(files);
  const dir = folder({ 'drifttrail.yaml': 'exporters: [{ use: host, name: web01 }]\ntrail: []\n' });
  const programs = new Map<string, string>();
  let time = Date.parse('2026-03-02T09:00:00Z');
  const real = realSurroundings(dir);
  const spawn: Spawn = async (command, args, options) => {
    if (command === 'git') return real.spawn(command, args, options);
    const printed = [...programs].find(([words]) => `${command} ${args.join(' ')}`.startsWith(words))?.[1];
    if (printed === undefined) throw Object.assign(new Error('not installed'), { code: 'spawn-failed' });
    return { code: 0, stdout: Buffer.from(printed), stderr: '' };
  };
  const surroundings = { ...real, spawn, now: () => new Date(time) };
  await initStore(join(dir, 'snapshots'), surroundings);
  return {
    programs,
    write: (path, text) => {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    },
    snapshot: async () => {
      time += 10 * 60_000;
      const loaded = await loadDeployment(dir, surroundings);
      const own = createHostExporter(below(root));
      const options = own.options.parse({ name: 'web01' });
      const exporters = loaded.exporters.map((each) => ({
        ...each,
        exporter: { ...each.exporter, collect: (context: CollectContext) => own.collect({ ...context, options }) },
      }));
      const deployment = { ...loaded, exporters };
      await run(deployment, { signal: AbortSignal.timeout(30_000), progress: () => undefined });
      const span = { since: new Date(time - 60_000).toISOString(), until: new Date(time + 60_000).toISOString() };
      return (await readReport(deployment, span)).findings;
    },
  };
}

/** The file system in which that folder is `/`. */
function below(root: string): FileSystem {
  const at = (path: unknown): string | Buffer =>
    Buffer.isBuffer(path) ? Buffer.concat([Buffer.from(root), path]) : `${root}${String(path) === '/' ? '' : String(path)}`;
  const moved = (name: 'lstatSync' | 'statSync' | 'openSync' | 'readdirSync' | 'readlinkSync' | 'statfsSync') => {
    const original = realFileSystem[name] as (...args: unknown[]) => unknown;
    return (path: unknown, ...rest: unknown[]) => original(at(path), ...rest);
  };
  const realpath = (path: unknown) => realFileSystem.realpathSync(at(path)).slice(root.length) || '/';
  return {
    ...realFileSystem,
    ...Object.fromEntries(
      (['lstatSync', 'statSync', 'openSync', 'readdirSync', 'readlinkSync', 'statfsSync'] as const).map((name) => [name, moved(name)]),
    ),
    realpathSync: realpath as FileSystem['realpathSync'],
  };
}
