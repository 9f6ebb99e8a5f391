/** dpkg.log and apt's history: lines recorded on Debian 12, `Requested-By` and dnf's as their documentation has them. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { makeFolder, readLogs } from './help.ts';

const DPKG = `2026-11-21 19:29:20 startup archives unpack
2026-11-21 19:29:21 install rsyslog:amd64 <none> 8.2302.0-1+deb12u2
2026-11-21 19:29:21 status half-installed rsyslog:amd64 8.2302.0-1+deb12u2
2026-11-21 19:29:22 upgrade openssh-client:amd64 1:9.2p1-2+deb12u6 1:9.2p1-2+deb12u10
2026-11-21 19:29:25 configure rsyslog:amd64 8.2302.0-1+deb12u2 <none>
2026-11-21 19:29:26 status installed rsyslog:amd64 8.2302.0-1+deb12u2
`;
const LATER = '2026-11-21 19:40:00 remove rsyslog:amd64 8.2302.0-1+deb12u2 <none>\n';
const history = (more: string, end = true) => `
Start-Date: 2026-11-21  19:29:20
Commandline: apt-get install -y rsyslog
${more}Install: rsyslog:amd64 (8.2302.0-1+deb12u2)
${end ? 'End-Date: 2026-11-21  19:29:35\n' : ''}`;
const AUTH =
  '2026-11-21T19:29:19.000+00:00 web01 sudo: carol : TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=/usr/bin/apt-get install -y rsyslog\n';

async function read(files: Readonly<Record<string, string | Buffer>>, options: object = {}) {
  const logs = makeFolder();
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(logs, name)), { recursive: true });
    writeFileSync(join(logs, name), content);
  }
  const { events, gaps, covered } = await readLogs({ logs, ...options });
  const packages = events.filter(({ source }) => source === 'linux-packages');
  return {
    logs,
    gaps,
    covered,
    packages,
    told: packages.map(({ name, actor }) => `${name} ${actor.name}${actor.service === undefined ? '' : ` through ${actor.service}`}`),
  };
}

test('what came and changed, by whom apt says', async () => {
  const { packages, told } = await read({ 'dpkg.log': DPKG, 'apt/history.log': history('Requested-By: alice (1000)\n') });
  expect(told).toEqual(['install alice through apt', 'upgrade alice through apt']);
  expect(packages[0]).toMatchObject({
    time: '2026-11-21T19:29:21.000Z',
    request: {
      manager: 'dpkg',
      package: 'rsyslog',
      architecture: 'amd64',
      after: '8.2302.0-1+deb12u2',
      command: 'apt-get install -y rsyslog',
    },
  });
  expect(packages[1]?.request).toMatchObject({ before: '1:9.2p1-2+deb12u6', after: '1:9.2p1-2+deb12u10' });
});

test.each([
  ['nobody asked but root', { 'apt/history.log': history('') }, 'root through apt'],
  ['without apt', {}, 'root through dpkg'],
  ['while apt still runs', { 'apt/history.log': history('Requested-By: alice (1000)\n', false) }, 'alice through apt'],
  ['in a rotated history', { 'apt/history.log.1.gz': gzipSync(history('Requested-By: alice (1000)\n')) }, 'alice through apt'],
  ['by a command that was run through sudo', { 'apt/history.log': history(''), 'auth.log': AUTH }, 'carol through apt'],
  [
    'apt knows better than a command before it',
    { 'apt/history.log': history('Requested-By: alice (1000)\n'), 'auth.log': AUTH },
    'alice through apt',
  ],
  [
    'by the machine itself',
    { 'apt/history.log': history('').replace('apt-get install -y rsyslog', '/usr/bin/unattended-upgrade') },
    'unattended-upgrades',
  ],
])('%s', async (_, files, who) => {
  const { told } = await read({ 'dpkg.log': DPKG, ...files });
  expect(told).toEqual([`install ${who}`, `upgrade ${who}`]);
});

test('a command is not blamed for what happened an hour later', async () => {
  const { told } = await read({ 'dpkg.log': LATER.replace('19:40', '20:40'), 'apt/history.log': history(''), 'auth.log': AUTH });
  expect(told).toEqual(['remove root through dpkg']);
});

test('local times are those of the machine’s zone', async () => {
  const { packages } = await read({ 'dpkg.log': DPKG }, { timezone: 'Europe/Berlin' });
  expect(packages[0]?.time).toBe('2026-11-21T18:29:21.000Z');
});

test('dnf names the new version of what it upgraded, and what it erased', async () => {
  const { packages } = await read({
    'dnf.rpm.log': `2026-11-21T19:29:23+0100 INFO --- logging initialized ---
2026-11-21T19:29:24+0100 SUBDEBUG Upgrade: nginx-1:1.24-1.el9.x86_64
2026-11-21T19:29:24+0100 SUBDEBUG Upgraded: nginx-1:1.20-1.el9.x86_64
2026-11-21T19:29:25+0100 SUBDEBUG Erase: vim-2:8.2-1.el9.x86_64
`,
  });
  expect(packages.map(({ name, time, request }) => [name, time, (request as { full: string }).full])).toEqual([
    ['upgrade', '2026-11-21T18:29:24.000Z', 'nginx-1:1.24-1.el9.x86_64'],
    ['remove', '2026-11-21T18:29:25.000Z', 'vim-2:8.2-1.el9.x86_64'],
  ]);
});

test('the log is read on, and covers up to where it told', async () => {
  const logs = makeFolder();
  writeFileSync(join(logs, 'dpkg.log'), DPKG);
  const marks = new Map<string, string>();
  await readLogs({ logs }, { marks });
  writeFileSync(join(logs, 'dpkg.log'), DPKG + LATER);
  const { events, covered } = await readLogs({ logs }, { marks });
  expect(events.map(({ name }) => name)).toEqual(['remove']);
  expect(covered).toEqual(['web01 package log 2026-11-21T19:29:22.000Z 2026-11-21T19:40:00.000Z']);
});
