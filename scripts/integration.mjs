// Brings up what the integration tests need, or says in one line what is missing and how to get it; then runs them.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const found = (command, args = ['--version']) => spawnSync(command, args, { stdio: 'ignore' }).status === 0;
const installed = (name) => ['/usr/sbin', '/usr/bin', '/sbin', '/bin'].some((folder) => existsSync(`${folder}/${name}`));

const COMPONENTS = [
  {
    name: 'moto_server (AWS)',
    there: () => found('moto_server', ['--help']),
    install: [['python3', ['-m', 'pip', 'install', '--quiet', 'moto[server]>=5.2,<6']]],
    how: "python3 -m pip install 'moto[server]>=5.2,<6'",
  },
  {
    name: 'aws (the command line that undo is printed for)',
    there: () => found('aws'),
    install: [['python3', ['-m', 'pip', 'install', '--quiet', 'awscli>=1.40,<2']]],
    how: "python3 -m pip install 'awscli>=1.40,<2'",
  },
  {
    name: 'kubectl (the way to Kubernetes clusters, and the command line that undo is printed for)',
    there: () => found('kubectl', ['version', '--client']),
    install: [
      ['apt-get', ['update', '-qq']],
      ['apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'kubernetes-client']],
    ],
    how: 'apt-get install kubernetes-client, where no kubectl is there yet',
  },
  {
    name: 'auditd, sshd, sudo, rsyslogd (logs of a Linux machine)',
    there: () => ['auditd', 'sshd', 'sudo', 'rsyslogd'].every(installed),
    install: [
      ['apt-get', ['update', '-qq']],
      ['apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'auditd', 'openssh-server', 'openssh-client', 'sudo', 'rsyslog']],
    ],
    how: 'apt-get install auditd openssh-server sudo rsyslog',
  },
  {
    name: 'sshd, ssh, sudo, busybox (hosts over ssh)',
    there: () => ['sshd', 'ssh', 'sudo', 'busybox', 'unshare', 'nsenter', 'setpriv'].every(installed),
    install: [
      ['apt-get', ['update', '-qq']],
      [
        'apt-get',
        ['install', '-y', '-qq', '--no-install-recommends', 'openssh-server', 'openssh-client', 'sudo', 'busybox-static', 'util-linux'],
      ],
    ],
    how: 'apt-get install openssh-server openssh-client sudo busybox-static util-linux',
  },
  {
    // Unpacked, not installed: installing it makes a repository of this machine's own /etc.
    name: 'etckeeper (the peer whose record of /etc is compared with ours)',
    there: () => installed('etckeeper') || existsSync(`${ROOT}node_modules/.cache/etckeeper/usr/bin/etckeeper`),
    install: [
      ['apt-get', ['update', '-qq']],
      [
        'sh',
        [
          '-c',
          'mkdir -p "$0" && cd "$0" && apt-get download -qq etckeeper && dpkg -x etckeeper_*.deb .',
          `${ROOT}node_modules/.cache/etckeeper`,
        ],
      ],
    ],
    how: 'apt-get download etckeeper, and dpkg -x it into node_modules/.cache/etckeeper',
  },
  {
    name: 'PostgreSQL server and psql',
    there: () => found('psql') && (found('initdb') || existsSync('/usr/lib/postgresql')),
    install: [
      ['apt-get', ['update', '-qq']],
      ['apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'postgresql', 'postgresql-client']],
    ],
    how: 'apt-get install postgresql postgresql-client',
  },
  {
    name: 'MariaDB server',
    there: () => installed('mariadbd') && installed('mariadb'),
    install: [
      ['apt-get', ['update', '-qq']],
      ['apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'mariadb-server']],
    ],
    how: 'apt-get install mariadb-server',
  },
  {
    name: 'sqlite3',
    there: () => found('sqlite3'),
    install: [
      ['apt-get', ['update', '-qq']],
      ['apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'sqlite3']],
    ],
    how: 'apt-get install sqlite3',
  },
  {
    name: 'chromium (the dashboard in a browser)',
    there: () => installed('chromium'),
    install: [
      ['apt-get', ['update', '-qq']],
      ['apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium']],
    ],
    how: 'apt-get install chromium',
  },
];

const missing = COMPONENTS.filter(({ there }) => !there());
for (const { install } of process.env.CI ? missing : [])
  for (const [command, args] of install) spawnSync(command, args, { stdio: 'inherit' });
const lacking = missing.filter(({ there }) => !there());
for (const { name, how } of lacking) process.stderr.write(`missing: ${name}; install it with: ${how}\n`);
if (lacking.length > 0) process.exit(1);

const vitest = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url));
const { status } = spawnSync(process.execPath, [vitest, 'run', '--project', 'integration', ...process.argv.slice(2)], {
  cwd: ROOT,
  stdio: 'inherit',
});
process.exit(status ?? 1);
