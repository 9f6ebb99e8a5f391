/** Makes root directories of hosts and collects them. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createHostExporter } from '../../../exporters/host/index.ts';
import { realFileSystem } from '../../../exporters/host/filesystem.ts';
import type { FileSystem } from '../../../exporters/host/filesystem.ts';
import { createSource, type Source } from '../../../exporters/host/source.ts';
import { collect } from '../../../src/collect/collect.ts';
import type { Json, Snapshot, SpawnResult } from '../../../src/model.ts';
import { realSurroundings } from '../../../src/surroundings.ts';

/** A root directory with these files; removed after the test. */
export function makeRoot(files: Readonly<Record<string, string | Uint8Array>> = {}): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'drifttrail-host-')));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  return root;
}

export async function snapshot(options: object, fs: FileSystem = realFileSystem): Promise<Snapshot> {
  const exporter = createHostExporter(fs);
  const signal = AbortSignal.timeout(30_000);
  return collect(exporter, exporter.options.parse({ name: 'web01', facts: false, ...options }), {
    surroundings: realSurroundings(),
    signal,
    progress: () => undefined,
  });
}

export function ids(found: Snapshot, kind = 'host.file'): string[] {
  return found.resources.filter(({ ref }) => ref.kind === kind).map(({ ref }) => ref.id);
}

export function document(found: Snapshot, kind: string): Readonly<Record<string, Json>> {
  const resources = found.resources.filter(({ ref }) => ref.kind === kind);
  if (resources.length === 0)
    throw new Error(`no ${kind} among ${found.resources.map(({ ref }) => ref.kind)}; gaps: ${JSON.stringify(found.gaps)}`);
  return Object.assign({}, ...resources.map(({ config }) => config));
}

export function completeKinds(found: Snapshot): string[] {
  return found.complete.map(({ kind }) => kind).sort();
}

/** The file system, but that one call on one path fails. */
export function failing(call: 'openSync' | 'readdirSync' | 'lstatSync', path: string, code: string): FileSystem {
  const original = realFileSystem[call] as (...args: unknown[]) => unknown;
  const replaced = (...args: unknown[]) => {
    if (String(args[0]) === path) throw Object.assign(new Error(code), { code });
    return original(...args);
  };
  return { ...realFileSystem, [call]: replaced };
}

/** A machine that is not this one but counts as running: its /proc is a folder, its programs answer from a table. */
export function machine(files: Readonly<Record<string, string>>, programs: Readonly<Record<string, string>> = {}): Source {
  const spawn = async (command: string, args: readonly string[]): Promise<SpawnResult> => {
    const key = Object.keys(programs).find((each) => `${command} ${args.join(' ')}`.startsWith(each));
    if (key === undefined) throw Object.assign(new Error('cannot start'), { code: 'spawn-failed' });
    return { code: 0, stdout: Buffer.from(programs[key] ?? ''), stderr: '' };
  };
  return createSource(realFileSystem, makeRoot(files), true, {
    spawn,
    signal: new AbortController().signal,
    now: () => new Date('2026-11-21T00:00:00Z'),
  });
}
