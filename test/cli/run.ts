/** Runs the command line as people do: a process of its own, from what was built. */
import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fill, folder } from '../folder.ts';

export { fill as write, folder };

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Built before the tests begin, see test/build.ts: what is tested is what people run. */
export const ARGV: readonly string[] = [join(ROOT, 'dist', 'src', 'cli', 'main.js')];

export function cli(
  args: readonly string[],
  options: { cwd?: string; env?: Record<string, string>; timeout?: number } = {},
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...ARGV, ...args], {
      cwd: options.cwd ?? ROOT,
      env: { ...process.env, DRIFTTRAIL_DIR: undefined, ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: options.timeout ?? 50_000,
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

/** A deployment that watches `<dir>/root` as the host web01. */
export async function deployment(files: Readonly<Record<string, string>>): Promise<{ dir: string; root: string }> {
  const parent = folder();
  const dir = join(parent, 'ops');
  const root = join(parent, 'root');
  mkdirSync(root);
  fill(root, files);
  const made = await cli(['init', dir]);
  if (made.code !== 0) throw new Error(made.stderr);
  writeFileSync(join(dir, 'drifttrail.yaml'), `exporters:\n  - use: host\n    name: web01\n    root: ${root}\n    facts: false\n`);
  return { dir, root };
}
