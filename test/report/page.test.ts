/** The page about a host: from its snapshot alone, in Markdown and HTML; nothing in the data becomes markup. */
import { expect, test } from 'vitest';
import { EVIDENCE } from '../../exporters/host/evidence.ts';
import host from '../../exporters/host/index.ts';
import { type Page, pageTable } from '../../src/report/page.ts';
import { pageHtml } from '../../src/report/page-html.ts';
import { pageMarkdown } from '../../src/report/page-markdown.ts';
import { cli } from '../cli/run.ts';
import { fill, folder } from '../folder.ts';

test('evidence is of kinds that there are', () => {
  expect(Object.keys(EVIDENCE).filter((kind) => !Object.hasOwn(host.kinds, kind))).toEqual([]);
});

test('members that matter stand in rows, the others are counted; what is no collection is listed leaf by leaf', () => {
  const users = { root: { uid: 0, shell: '/bin/sh', home: '/root' }, mail: { uid: 8, shell: '/usr/sbin/nologin', home: '/' } };
  const { rows, columns, leftOut } = pageTable('users', users, EVIDENCE['host.user'] ?? { chapter: '', order: 0 });
  expect([columns, rows, leftOut]).toEqual([['', 'uid', 'shell', 'home'], [['root', '0', '/bin/sh', '/root']], 1]);
  const os = pageTable('operating system', { release: { ID: 'debian' }, rebootRequired: false }, { chapter: '', order: 0 });
  expect(os.rows).toEqual([
    ['release ID', 'debian'],
    ['rebootRequired', 'no'],
  ]);
});

test('hostile names stay text', () => {
  const table = pageTable(
    'keys',
    { '<img src=x>|`a`': { comment: '[x](javascript:1) @all' } },
    { chapter: '', order: 0, fields: ['comment'] },
  );
  const page: Page = {
    name: 'web01',
    scope: 'hosts/web01',
    chapters: [{ title: 'Who can log in', tables: [table] }],
    others: [],
    doubts: [{ title: 'sockets', text: 'cannot be read (denied), never read completely' }],
    read: { oldest: '2026-11-20T10:00:00Z', newest: '2026-11-21T10:00:00Z' },
  };
  const markdown = pageMarkdown(page).join('\n');
  expect(markdown).toContain('parts of it last at 2026-11-20 10:00 UTC');
  expect(markdown).toContain('- sockets: cannot be read');
  expect(markdown).not.toMatch(/<img|(?<!\\)\]\(|(?<!\\)`/);
  expect(pageHtml(page).join('\n')).not.toContain('<img');
});

test('report --host as Markdown, HTML and JSON: what it is, what changed, what is not known; the text form as before', async () => {
  const dir = folder();
  await cli(['init', dir]);
  fill(dir, {
    'web01/etc/hostname': 'web01\n',
    'web01/etc/os-release': 'ID=debian\nPRETTY_NAME="Debian GNU/Linux 12"\n',
    'web01/etc/passwd': 'root:x:0:0:root:/root:/bin/bash\n',
    'web01/etc/group': 'root:x:0:\nadm:x:4:\n',
    'web01/etc/cron.d/backup': '5 3 * * * root backup\n',
    'drifttrail.yaml': 'exporters:\n  - { use: host, name: web01, root: ./web01, facts: [os, users, groups, cron] }\n',
  });
  await cli(['--dir', dir, 'snapshot']);
  fill(dir, { 'web01/etc/passwd': 'root:x:0:0:root:/root:/bin/bash\neve:x:0:0::/root:/bin/sh\n' });
  await cli(['--dir', dir, 'snapshot']);
  const report = async (...args: string[]) => (await cli(['--dir', dir, 'report', '--host', 'web01', ...args])).stdout;
  const markdown = await report('--format', 'markdown');
  for (const words of [
    '# web01\n',
    '## Who can log in',
    '| eve | 0 | /bin/sh | /root |',
    '## What changed',
    '- 2 groups',
    'Debian GNU/Linux 12',
  ])
    expect(markdown).toContain(words);
  const page = await report('--format', 'html');
  expect(page).toContain('<h2>What runs</h2>');
  expect(page).toContain('<td>eve</td>');
  const { schemaVersion, findings, page: data, groups } = JSON.parse(await report('--json', '--group-by', 'resource'));
  expect([schemaVersion, findings.length > 0, data.chapters.map(({ title }: { title: string }) => title)]).toEqual([
    1,
    true,
    ['What it is', 'What runs', 'Who can log in'],
  ]);
  expect(groups.flatMap(({ findings: ids }: { findings: string[] }) => ids).sort()).toEqual(
    findings.map(({ id }: { id: string }) => id).sort(),
  );
  const text = await report('--group-by', 'resource');
  expect(text).not.toContain('Who can log in');
  expect(text).toMatch(/^hosts\/web01 host\.file etc\/passwd: 1 (critical|high)/m);
});
