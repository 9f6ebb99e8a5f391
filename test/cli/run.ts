/** Runs the command line as people do: a process of its own, from what was built. */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Built before the tests begin, see test/build.ts: what is tested is what people run. */
export const ARGV: readonly string[] = [join(ROOT, 'dist', 'src', 'cli', 'main.js')];

export function cli(args: readonly string[], options: { cwd?: string; env?: Record<string, string> } = {}): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...ARGV, ...args], {
      cwd: options.cwd ?? ROOT,
      env: { ...process.env, DRIFTTRAIL_DIR: undefined, ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 50_000,
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

/** A folder that goes when the test ends. */
export function folder(files: Readonly<Record<string, string>> = {}): string {
  const dir = mkdtempSync(join(tmpdir(), 'drifttrail-cli-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  write(dir, files);
  return dir;
}

export function write(dir: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, name)), { recursive: true });
    writeFileSync(join(dir, name), text);
  }
}

/** A deployment that watches `<dir>/root` as the host web01. */
export async function deployment(files: Readonly<Record<string, string>>): Promise<{ dir: string; root: string }> {
  const parent = folder();
  const dir = join(parent, 'ops');
  const root = join(parent, 'root');
  mkdirSync(root);
  write(root, files);
  const made = await cli(['init', dir]);
  if (made.code !== 0) throw new Error(made.stderr);
  writeFileSync(join(dir, 'drifttrail.yaml'), `exporters:\n  - use: host\n    name: web01\n    root: ${root}\n    facts: false\n`);
  return { dir, root };
}
