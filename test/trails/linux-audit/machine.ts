/** Starts the machine of machine.sh and logs in to it. */
import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const SCRIPT = fileURLToPath(new URL('./machine.sh', import.meta.url));
const TIMEOUT = 30_000;

export interface Machine {
  readonly dir: string;
  /** The root directory of a host, watched by the audit rule. */
  readonly root: string;
  readonly logs: string;
  /** Runs a command line as alice, over SSH by key. */
  readonly ssh: (command: string) => Promise<string>;
  readonly stop: () => Promise<void>;
}

/** What no package can bring: root, mount namespaces, and a kernel that audits for nobody else. */
export function cannotRun(): string | undefined {
  if (process.getuid?.() !== 0) return 'only root may make a machine within this one';
  if (spawnSync('unshare', ['--mount', '--propagation', 'private', 'true']).status !== 0) return 'no mount namespaces';
  return undefined;
}

export function cannotAudit(): string | undefined {
  const { status, stdout } = spawnSync('auditctl', ['-s'], { encoding: 'utf8', env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' } });
  if (status !== 0) return 'the kernel gives no audit';
  return /^pid 0$/m.test(stdout) ? undefined : 'another auditd runs here';
}

export async function startMachine(format: 'ENRICHED' | 'RAW' | 'none'): Promise<Machine> {
  const dir = mkdtempSync(join(tmpdir(), 'drifttrail-machine-'));
  const root = join(dir, 'root');
  mkdirSync(join(root, 'etc/ssh'), { recursive: true });
  spawnSync('chmod', ['755', dir]);
  spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(dir, 'key')]);
  const port = await freePort();
  const child = spawn('unshare', ['--mount', '--propagation', 'private', 'bash', SCRIPT, dir, String(port), format], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const stop = async () => {
    if (child.exitCode === null) {
      const ended = once(child, 'exit');
      child.stdin?.end();
      await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, TIMEOUT).unref())]);
      child.kill('SIGKILL');
    }
    rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    await ready(child);
  } catch (error) {
    await stop();
    throw error;
  }
  const options = ['-q', '-p', String(port), '-i', join(dir, 'key'), '-F', '/dev/null', '-o', 'BatchMode=yes', '-o', 'IdentitiesOnly=yes'];
  const trust = ['-o', 'StrictHostKeyChecking=no', '-o', 'UserKnownHostsFile=/dev/null'];
  return {
    dir,
    root,
    logs: join(dir, 'log'),
    ssh: async (command) =>
      (await promisify(execFile)('ssh', [...options, ...trust, 'alice@127.0.0.1', command], { timeout: TIMEOUT })).stdout,
    stop,
  };
}

function ready(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let [out, err] = ['', ''];
    const timer = setTimeout(() => reject(new Error(`the machine did not start: ${err}`)), TIMEOUT);
    child.stdout?.on('data', (chunk) => {
      out += String(chunk);
      if (out.includes('ready')) {
        clearTimeout(timer);
        resolve();
      }
    });
    child.stderr?.on('data', (chunk) => {
      err += String(chunk);
    });
    child.once('exit', (code) => {
      clearTimeout(timer);
      reject(new Error(`the machine ended with ${code}: ${err}`));
    });
  });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}
