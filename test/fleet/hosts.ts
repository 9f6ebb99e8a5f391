/** Real sshd hosts on the loopback: each with a root, processes, a name and keys of its own. Needs root. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

export interface FleetHost {
  readonly name: string;
  readonly address: string;
  readonly port: number;
  /** Outside, the process that is the host's first. */
  readonly pid: number;
  /** Runs a shell program on the host as root, not over ssh. */
  readonly inside: (program: string) => string;
  readonly stop: () => Promise<void>;
}

export interface Fleet {
  readonly dir: string;
  /** The private key that every host lets in, as root and as other users. */
  readonly identity: string;
  readonly knownHosts: string;
  readonly hosts: readonly FleetHost[];
  readonly stop: () => Promise<void>;
}

/** Why there can be no fleet here. */
export function cannotHaveFleet(): string | undefined {
  if (process.getuid?.() !== 0) return 'needs root';
  const { status } = spawnSync('unshare', ['--mount', '--uts', '--pid', '--fork', 'true']);
  return status === 0 ? undefined : 'needs mount, UTS and PID namespaces';
}

/** `prepare` of a host is a shell program that runs in its root before its sshd; `root` is what each is a copy of. Addresses are 127.0.77.1 and on. */
export async function startFleet(
  names: readonly string[],
  port: number,
  prepare: Readonly<Record<string, string>> = {},
  root = '/',
): Promise<Fleet> {
  const dir = mkdtempSync(join(tmpdir(), 'drifttrail-fleet-'));
  const identity = join(dir, 'user');
  makeKey(identity);
  const knownHosts = join(dir, 'known_hosts');
  const hosts: FleetHost[] = [];
  const stop = async () => {
    await Promise.all(hosts.map((host) => host.stop()));
    rmSync(dir, { recursive: true, force: true });
  };
  try {
    const started = names.map((name, index) => startHost(dir, name, `127.0.77.${index + 1}`, port, root, prepare[name]));
    hosts.push(...started);
    writeFileSync(knownHosts, hosts.map((host) => `[${host.address}]:${port} ${keyOf(join(dir, host.name, 'hostkey.pub'))}\n`).join(''));
    await Promise.all(hosts.map(({ address }) => listening(address, port)));
    return { dir, identity, knownHosts, hosts, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function startHost(dir: string, name: string, address: string, port: number, root: string, prepare: string | undefined): FleetHost {
  const folder = join(dir, name);
  mkdirSync(join(folder, 'disk'), { recursive: true });
  makeKey(join(folder, 'hostkey'));
  writeFileSync(join(folder, 'user.pub'), readFileSync(join(dir, 'user.pub')));
  if (prepare !== undefined) writeFileSync(join(folder, 'prepare'), prepare);
  const script = join(import.meta.dirname, 'host.sh');
  const child = spawn(
    'unshare',
    ['--mount', '--uts', '--pid', '--fork', '--kill-child', 'sh', script, folder, name, address, String(port), root],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const pid = () => Number(spawnSync('pgrep', ['-P', String(child.pid)], { encoding: 'utf8' }).stdout.trim());
  return {
    name,
    address,
    port,
    get pid() {
      return pid();
    },
    inside: (program) => {
      const args = ['--target', String(pid()), '--mount', '--uts', '--pid', '--root', '--wd=/', 'sh', '-c', program];
      const { status, stdout, stderr } = spawnSync('nsenter', args, { encoding: 'utf8', timeout: 60_000, maxBuffer: 1e9 });
      if (status !== 0) throw new Error(`on ${name}: ${stderr}`);
      return stdout;
    },
    stop: () => ended(child),
  };
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const end = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL'); // --kill-child: the first process of the host goes with it, and all others with that
  await end;
}

function makeKey(file: string): void {
  const { status, stderr } = spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', '', '-f', file], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`ssh-keygen: ${stderr}`);
}

export function keyOf(file: string): string {
  return readFileSync(file, 'utf8').trim();
}

async function listening(address: string, port: number): Promise<void> {
  for (const until = Date.now() + 20_000; Date.now() < until; await delay(50)) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(port, address);
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
      socket.once('connect', () => socket.destroy());
    });
    if (open) return;
  }
  throw new Error(`no sshd on ${address}:${port}`);
}
