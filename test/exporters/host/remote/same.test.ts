/** A host over ssh gives what it would give by itself, byte for byte: strange names, large files, every type, every fact. */
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, linkSync, mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FACTS } from '../../../../exporters/host/facts/index.ts';
import { ids, makeRoot, snapshot } from '../help.ts';
import { type Line, snapshotOver, withoutGnu } from './help.ts';
import { told } from './told.ts';

const WAYS: readonly (readonly [string, Line])[] = [
  ['with GNU find and tar', {}],
  ['file by file', withoutGnu],
  ...(existsSync('/bin/bash') ? [['through bash', { shell: ['/bin/bash', '-s'] }] as const] : []),
];

/** A folder of this machine with everything that has ever broken a collector. */
function strangeFolder(): string {
  const long = 'a-rather-long-name-that-no-old-archive-header-can-hold';
  const root = makeRoot({
    plain: 'plain\n',
    empty: '',
    'no newline': 'at its end',
    'line\nbreak': 'one\n',
    'ends in one\n': 'two\n',
    "it's": 'quote\n',
    '"$(touch /tmp/canary)`id`"': 'canary\n',
    '-rf': 'dash\n',
    '*': 'star\n',
    '[a]\\x41': 'brackets\n',
    'ü\u202e': 'unicode\n',
    '.hidden/..odd/f': 'hidden\n',
    binary: new Uint8Array([1, 0, 2]),
    big: 'x'.repeat(5000),
    'huge/sparse': '',
    'skip/deep/cache/f': 'left out',
    'skip/cache': 'left out',
    [`${long}/${long}/${long}/file`]: 'deep\n',
    '.git/config': 'left out',
    'n: file changed as we read it': 'says tar\n',
  });
  writeFileSync(Buffer.concat([Buffer.from(`${root}/bad-`), Buffer.from([0xff, 0xfe])]), 'bytes\n');
  mkdirSync(Buffer.concat([Buffer.from(`${root}/folder-`), Buffer.from([0xc3])]));
  writeFileSync(Buffer.concat([Buffer.from(`${root}/folder-`), Buffer.from([0xc3]), Buffer.from('/in')]), 'inside\n');
  linkSync(join(root, 'plain'), join(root, 'plain-again'));
  symlinkSync('plain', join(root, 'link'));
  symlinkSync('nowhere\nat all', join(root, 'dangling'));
  symlinkSync(Buffer.from([0x2f, 0xff]), join(root, 'to-bytes'));
  symlinkSync('loop', join(root, 'loop'));
  symlinkSync('/etc', join(root, 'out'));
  mkdirSync(join(root, 'empty-folder'));
  truncateSync(join(root, 'huge/sparse'), 1024 * 1024 * 1024);
  chmodSync(join(root, 'plain'), 0o4751);
  spawnSync('mkfifo', [join(root, 'fifo')]);
  return root;
}

describe.each(WAYS)('%s', (_, line) => {
  it('files of every kind and name come as they are', { timeout: 20_000 }, async () => {
    const root = strangeFolder().slice(1);
    const options = {
      files: { include: [root], exclude: [`${root}/skip/*/cache`, '**/never', `${root}/skip/cache`] },
      maxContent: 4000,
      maxHash: 100_000,
    };
    const expected = await snapshot(options);
    expect(expected.gaps).toEqual([]);
    expect(ids(expected)).toContain(`${root}/bad-\\xff\\xfe`);
    expect(ids(expected)).not.toContain(`${root}/skip/deep/cache/f`);
    expect(told(await snapshotOver(line, options))).toEqual(told(expected));
  });
});

it.each(WAYS.slice(0, 2))('globs that stop at a slash, and folders behind links, mean the same %s', async (_, line) => {
  const root = makeRoot({ 'a/conf': '1', 'a/b/conf': '2', 'c/x.conf': '3', 'real/f': '4' });
  symlinkSync('real', join(root, 'alias'));
  const at = root.slice(1);
  for (const include of [[`${at}/*/conf`], [`${at}/**/conf`, `${at}/c/?.conf`], [`${at}/alias/f`], [`${at}/none`], [`${at}/real/f`]]) {
    expect(told(await snapshotOver(line, { files: { include } }))).toEqual(told(await snapshot({ files: { include } })));
  }
});

it('facts come as they are, and the host is asked once', async () => {
  // Not of what other tests change meanwhile on this machine: ports, mounts, processes.
  const passing = ['sockets', 'mounts', 'filesystems', 'services'];
  const facts = FACTS.filter(({ name, onRequest }) => !passing.includes(name) && onRequest !== true).map(({ name }) => name);
  const calls: NonNullable<Line['calls']> = [];
  const options = { files: [], facts };
  expect(told(await snapshotOver({ calls }, options))).toEqual(told(await snapshot(options)));
  expect(calls).toHaveLength(1);
});

it('what is left out never leaves the host', async () => {
  const root = makeRoot({ 'private/key': 'do not tell this', 'public/a': 'tell', 'deep/private/key': 'nor do tell this' });
  const at = root.slice(1);
  const calls: NonNullable<Line['calls']> = [];
  await snapshotOver({ calls }, { files: { include: [at], exclude: [`${at}/*/key`, `${at}/deep/*/key`] } });
  const sent = Buffer.concat(calls.map(({ answer }) => answer)).toString('latin1');
  expect(sent).toContain('tell');
  expect(sent).not.toContain('do not tell this');
  expect(sent).not.toContain('nor do tell this');
});
