/** A MariaDB server of the test's own: new data in a folder, on loopback and a socket, its audit plug-in on; ended by its process id. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Server {
  /** Has the socket `s` and the log `audit.log`. */
  readonly dir: string;
  readonly env: NodeJS.ProcessEnv;
  readonly sql: (text: string, as?: { readonly user?: string; readonly database?: string }) => string;
  readonly stop: () => Promise<void>;
}

const USER = 'mysql';

export async function startServer(): Promise<Server> {
  const dir = mkdtempSync(join(tmpdir(), 'drifttrail-my-'));
  const asUser = process.getuid?.() === 0 ? [`--user=${USER}`] : [];
  if (asUser.length > 0) {
    const id = Number(spawnSync('id', ['-u', USER], { encoding: 'utf8' }).stdout);
    chownSync(dir, id, id);
  }
  const data = join(dir, 'data');
  const socket = join(dir, 's');
  const made = spawnSync(
    'mariadb-install-db',
    ['--no-defaults', `--datadir=${data}`, '--auth-root-authentication-method=normal', '--skip-test-db', ...asUser],
    { encoding: 'utf8', timeout: 60_000 },
  );
  if (made.status !== 0) throw new Error(made.stdout + made.stderr);
  const audit = [
    '--plugin-load-add=server_audit',
    '--server_audit_logging=ON',
    `--server_audit_file_path=${join(dir, 'audit.log')}`,
    '--server_audit_events=CONNECT,QUERY',
  ];
  const server: ChildProcess = spawn(
    'mariadbd',
    [
      '--no-defaults',
      ...asUser,
      `--datadir=${data}`,
      `--socket=${socket}`,
      `--pid-file=${join(dir, 'pid')}`,
      '--skip-networking',
      '--innodb-flush-log-at-trx-commit=0',
      '--innodb-buffer-pool-size=32M',
      ...audit,
    ],
    { stdio: 'ignore', env: { ...process.env, TZ: 'UTC' } },
  );
  // What a person has in the home folder: where the server is, and as whom.
  writeFileSync(join(dir, '.my.cnf'), `[client]\nsocket = ${socket}\nuser = root\n`, { mode: 0o600 });
  const env = { ...process.env, HOME: dir };
  const client = (args: readonly string[], input: string) =>
    spawnSync('mariadb', ['--no-defaults', '--socket', socket, ...args], { encoding: 'utf8', timeout: 30_000, input, env });
  const stop = async () => {
    if (server.exitCode === null) {
      server.kill('SIGKILL');
      await once(server, 'exit');
    }
    rmSync(dir, { recursive: true, force: true });
  };
  for (let tries = 0; client(['--user=root', '-e', 'SELECT 1'], '').status !== 0; tries++) {
    if (tries === 100 || server.exitCode !== null) {
      await stop();
      throw new Error('mariadbd did not start');
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return {
    dir,
    env,
    sql: (text, { user = 'root', database = '' } = {}) => {
      const done = client([`--user=${user}`, '--batch', '--comments', '--skip-column-names', ...(database === '' ? [] : [database])], text);
      if (done.status !== 0) throw new Error(done.stderr);
      return done.stdout;
    },
    stop,
  };
}
