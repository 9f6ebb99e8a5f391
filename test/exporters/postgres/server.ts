/** A PostgreSQL server of the test's own: a new cluster in a folder, on loopback and a socket, ended by its own control program. */
import { spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Server {
  /** Has the socket, and the logs in log/. */
  readonly dir: string;
  readonly port: number;
  readonly env: NodeJS.ProcessEnv;
  /** Statements by psql, each in a transaction of its own. Throws what psql says. */
  readonly sql: (text: string, as?: { readonly user?: string; readonly database?: string; readonly host?: string }) => string;
  readonly restart: () => void;
  readonly stop: () => void;
}

const USER = 'postgres';

/** Debian keeps the programs of the server out of the way. */
function program(name: string): string {
  const base = '/usr/lib/postgresql';
  const versions = existsSync(base) ? readdirSync(base).sort((a, b) => Number(b) - Number(a)) : [];
  return versions.map((version) => join(base, version, 'bin', name)).find((path) => existsSync(path)) ?? name;
}

export async function startServer(settings: Readonly<Record<string, string>> = {}): Promise<Server> {
  const dir = mkdtempSync(join(tmpdir(), 'drifttrail-pg-'));
  const root = process.getuid?.() === 0;
  // The server refuses to be root.
  const id = root ? Number(spawnSync('id', ['-u', USER], { encoding: 'utf8' }).stdout) : undefined;
  if (id !== undefined) chownSync(dir, id, id);
  const run = (command: string, args: readonly string[], input?: string, env?: NodeJS.ProcessEnv) => {
    const done = spawnSync(command, args, {
      encoding: 'utf8',
      timeout: 60_000,
      cwd: dir,
      env: { ...process.env, LC_ALL: 'C', ...env },
      ...(input === undefined ? {} : { input }),
    });
    if (done.status !== 0) throw new Error(`${command} ${args.join(' ')}: ${done.stderr || done.stdout || String(done.error)}`);
    return done.stdout;
  };
  const asServer = (name: string, ...args: readonly string[]) =>
    id === undefined ? run(program(name), args) : run('setpriv', [`--reuid=${id}`, '--clear-groups', program(name), ...args]);
  const port = await freePort();
  const options = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: dir,
    fsync: 'off',
    logging_collector: 'on',
    log_destination: 'stderr,csvlog',
    log_directory: join(dir, 'log'),
    log_filename: 'pg.log',
    log_timezone: 'UTC',
    log_statement: 'ddl',
    ...settings,
  };
  const data = join(dir, 'data');
  asServer('initdb', '-D', data, '-A', 'trust', '-U', 'postgres', '--no-sync', '-E', 'UTF8', '--locale=C.UTF-8');
  const words = Object.entries(options).map(([name, value]) => `-c ${name}='${value}'`);
  const start = () => asServer('pg_ctl', '-D', data, '-l', join(dir, 'start.log'), '-o', words.join(' '), '-w', '-t', '30', 'start');
  start();
  const env = { ...process.env, PGHOST: dir, PGPORT: String(port), PGUSER: 'postgres' };
  return {
    dir,
    port,
    env,
    sql: (text, { user = 'postgres', database = 'postgres', host = dir } = {}) =>
      run('psql', ['-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-d', database, '-f', '-'], text, {
        ...env,
        PGUSER: user,
        PGHOST: host,
      }),
    restart: () => {
      asServer('pg_ctl', '-D', data, '-m', 'immediate', '-w', 'stop');
      start();
    },
    stop: () => {
      asServer('pg_ctl', '-D', data, '-m', 'immediate', '-w', 'stop');
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => (typeof address === 'object' && address !== null ? resolve(address.port) : reject(new Error('no port'))));
    });
  });
}
