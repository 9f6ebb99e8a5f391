/** Files of every sort: none hangs, leads out of the root, or takes the others with it. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, renameSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type FileSystem, realFileSystem } from '../../../exporters/host/filesystem.ts';
import { completeKinds, document, failing, ids, makeRoot, snapshot } from './help.ts';

const sha256 = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('hex');

describe('what a file is', () => {
  it('keeps bytes as they are, and mode, owner and group beside them', async () => {
    const latin = Buffer.from([0x63, 0x61, 0x66, 0xe9, 0x0a]);
    const root = makeRoot({ 'etc/motd': latin, 'etc/empty': '', 'etc/passwd': 'daemon:x:0:0::/:/bin/sh\n', 'etc/group': 'wheel:x:0:\n' });
    chmodSync(join(root, 'etc/motd'), 0o4640);
    mkdirSync(join(root, 'etc/hollow'));
    const found = await snapshot({ root });
    expect(ids(found)).toEqual(['etc/empty', 'etc/group', 'etc/motd', 'etc/passwd']);
    expect(Buffer.from(found.resources.find(({ ref }) => ref.id === 'etc/motd')?.config as Uint8Array)).toEqual(latin);
    const metadata = document(found, 'host.file-metadata');
    // Names come from the root's own passwd: uid 0 is daemon there.
    const uid = process.getuid?.() ?? 0;
    expect(metadata['etc/motd']).toEqual({
      type: 'file',
      mode: '4640',
      owner: uid === 0 ? 'daemon' : String(uid),
      group: process.getgid?.() === 0 ? 'wheel' : String(process.getgid?.()),
    });
    expect(metadata['etc/hollow']).toMatchObject({ type: 'directory' });
    expect(completeKinds(found)).toEqual(['host.file', 'host.file-metadata']);
    expect(found.gaps).toEqual([]);
  });

  it('keeps size and digest of what is large or binary', async () => {
    const large = 'x'.repeat(1024 * 1024 + 1);
    const root = makeRoot({ 'etc/large': large, 'etc/limit': 'y'.repeat(1024 * 1024), 'etc/binary': 'a\0b' });
    const found = await snapshot({ root });
    expect(ids(found)).toEqual(['etc/limit']);
    const metadata = document(found, 'host.file-metadata');
    expect(metadata['etc/large']).toMatchObject({ size: large.length, sha256: sha256(large) });
    expect(metadata['etc/binary']).toMatchObject({ size: 3, sha256: sha256('a\0b') });
    expect(metadata['etc/limit']).not.toHaveProperty('size');
  });

  it('passes FIFO, socket, links and a sparse terabyte without hanging or following', async () => {
    const root = makeRoot({ 'etc/a': 'a', 'outside/secret': 'not in the set' });
    execFileSync('mkfifo', [join(root, 'etc/fifo')]);
    const server = createServer().listen(join(root, 'etc/socket'));
    await new Promise((resolve) => server.once('listening', resolve));
    onTestFinished(() => void server.close());
    symlinkSync('loop', join(root, 'etc/loop'));
    symlinkSync('../outside/secret', join(root, 'etc/leak'));
    symlinkSync('..', join(root, 'etc/up'));
    symlinkSync('/etc/shadow', join(root, 'etc/absolute'));
    writeFileSync(join(root, 'etc/sparse'), '');
    truncateSync(join(root, 'etc/sparse'), 2 ** 40);
    const found = await snapshot({ root });
    expect(ids(found)).toEqual(['etc/a']);
    const metadata = document(found, 'host.file-metadata');
    expect(metadata).toMatchObject({
      'etc/fifo': { type: 'fifo' },
      'etc/socket': { type: 'socket' },
      'etc/loop': { type: 'symlink', target: 'loop' },
      'etc/leak': { type: 'symlink', target: '../outside/secret' },
      'etc/up': { type: 'symlink', target: '..' },
      'etc/absolute': { type: 'symlink', target: '/etc/shadow' },
      'etc/sparse': { type: 'file', size: 2 ** 40, sha256OfEnds: sha256(Buffer.alloc(2 * 1024 * 1024)) },
    });
    expect(metadata['etc/leak']).not.toHaveProperty('mode');
    expect(found.gaps).toEqual([]);
  });

  it('leaves the content of noise out and keeps its mode, unless it is asked for by name', async () => {
    const root = makeRoot({ 'etc/adjtime': '0.0 1763731200 0.0\n', 'etc/lvm/archive/vg_1.vg': 'creation_time = 1\n', 'etc/hosts': '' });
    const found = await snapshot({ root });
    expect(ids(found)).toEqual(['etc/hosts']);
    expect(document(found, 'host.file-metadata')['etc/adjtime']).toMatchObject({ type: 'file' });
    expect(ids(await snapshot({ root, files: ['etc', 'etc/adjtime'] }))).toEqual(['etc/adjtime', 'etc/hosts']);
  });
});

describe('what cannot be read', () => {
  it('is a gap of files alone when it is one file; the others are still there', async () => {
    const root = makeRoot({ 'etc/a': 'a', 'etc/locked': 'secret', 'etc/z': 'z' });
    const found = await snapshot({ root }, failing('openSync', join(root, 'etc/locked'), 'EACCES'));
    expect(ids(found)).toEqual(['etc/a', 'etc/z']);
    expect(found.gaps).toEqual([
      {
        scope: 'hosts/web01',
        kind: 'host.file',
        reason: 'denied',
        detail: 'etc/locked: permission denied; run as root, or leave them out with files.exclude',
        partial: true,
      },
    ]);
    expect(completeKinds(found)).toEqual(['host.file-metadata']);
    expect(document(found, 'host.file-metadata')['etc/locked']).toMatchObject({ type: 'file', content: 'unreadable' });
  });

  it('is a gap of files and metadata when it is a folder, and can be left out', async () => {
    const root = makeRoot({ 'etc/a': 'a', 'etc/private/key': 'k' });
    const fs = failing('readdirSync', join(root, 'etc/private'), 'EACCES');
    const found = await snapshot({ root }, fs);
    expect(ids(found)).toEqual(['etc/a']);
    // The folder's own mode is known, and all that stands beside it: only what is in it is withheld.
    expect(ids(found, 'host.file-metadata')).toEqual(['/', 'etc']);
    expect(Object.keys(document(found, 'host.file-metadata')).sort()).toEqual(['etc', 'etc/a', 'etc/private']);
    expect(found.gaps.map(({ kind, reason, partial }) => ({ kind, reason, partial }))).toEqual([
      { kind: 'host.file-metadata', reason: 'denied', partial: true },
      { kind: 'host.file', reason: 'denied', partial: true },
    ]);
    expect(found.complete).toEqual([]);
    const without = await snapshot({ root, files: { exclude: ['etc/private'] } }, fs);
    expect(without.gaps).toEqual([]);
    expect(ids(without)).toEqual(['etc/a']);
  });

  it('leaves out repositories inside, unless they are named', async () => {
    const root = makeRoot({ 'etc/a': 'a', 'etc/.git/HEAD': 'ref', 'etc/app/.git/objects/x': 'x', 'etc/.gitignore': '*~' });
    const found = await snapshot({ root });
    expect(ids(found)).toEqual(['etc/.gitignore', 'etc/a']);
    expect(Object.keys(document(found, 'host.file-metadata'))).not.toContain('etc/.git');
    expect(ids(await snapshot({ root, files: ['etc'] }))).toEqual(['etc/.gitignore', 'etc/a']);
    expect(ids(await snapshot({ root, files: { exclude: ['etc/a'] } }))).toEqual(['etc/.gitignore']);
    expect(ids(await snapshot({ root, files: ['etc/.git'] }))).toEqual(['etc/.git/HEAD']);
  });

  it('withholds the document of a folder with an entry that nobody can look at', async () => {
    const root = makeRoot({ 'etc/a': 'a', 'etc/d/ghost': 'g', 'etc/d/seen': 's' });
    const found = await snapshot({ root }, failing('lstatSync', join(root, 'etc/d/ghost'), 'EIO'));
    expect(ids(found, 'host.file-metadata')).toEqual(['/', 'etc']);
    expect(ids(found)).toEqual(['etc/a', 'etc/d/seen']);
    expect(found.gaps).toMatchObject([
      { kind: 'host.file-metadata', partial: true },
      { kind: 'host.file', partial: true },
    ]);
  });

  it('names five and counts the rest', async () => {
    const root = makeRoot(Object.fromEntries(Array.from({ length: 8 }, (_, index) => [`etc/f${index}`, 'x'])));
    const fs: FileSystem = {
      ...realFileSystem,
      openSync: () => {
        throw Object.assign(new Error('EIO'), { code: 'EIO' });
      },
    };
    const [gap] = (await snapshot({ root }, fs)).gaps;
    expect(gap).toMatchObject({ reason: 'invalid' });
    expect(gap?.detail).toBe(
      'etc/f0: input/output error, etc/f1: input/output error, etc/f2: input/output error, etc/f3: input/output error, etc/f4: input/output error and 3 more',
    );
  });
});

describe('what changes while it is read', () => {
  const whenRead = (root: string, path: string, action: (time: number) => void): FileSystem => {
    let times = 0;
    const descriptors = new Map<number, string>();
    return {
      ...realFileSystem,
      openSync: ((target: string | Buffer, flags: number) => {
        const descriptor = realFileSystem.openSync(target, flags);
        descriptors.set(descriptor, String(target));
        return descriptor;
      }) as FileSystem['openSync'],
      readSync: ((descriptor: number, ...rest: [Buffer, number, number, number]) => {
        const count = realFileSystem.readSync(descriptor, ...rest);
        if (descriptors.get(descriptor) === join(root, path)) action(++times);
        return count;
      }) as FileSystem['readSync'],
    };
  };

  it('counts as it stood when a log only grows', async () => {
    const root = makeRoot({ 'etc/log': 'one\n' });
    const fs = whenRead(root, 'etc/log', () => writeFileSync(join(root, 'etc/log'), 'more\n', { flag: 'a' }));
    const found = await snapshot({ root }, fs);
    expect(String(found.resources[0]?.config)).toBe('one\n');
    expect(found.gaps).toEqual([]);
  });

  it('is read again when it was rewritten, and given up after three times', async () => {
    const root = makeRoot({ 'etc/config': 'old long content' });
    const once = whenRead(root, 'etc/config', (time) => time === 1 && writeFileSync(join(root, 'etc/config'), 'new'));
    expect(String((await snapshot({ root }, once)).resources[0]?.config)).toBe('new');
    let size = 400;
    writeFileSync(join(root, 'etc/config'), 'x'.repeat(size));
    const always = whenRead(root, 'etc/config', () => {
      size -= 10;
      writeFileSync(join(root, 'etc/config'), 'x'.repeat(size));
    });
    const found = await snapshot({ root }, always);
    expect(found.gaps).toMatchObject([{ kind: 'host.file', reason: 'truncated' }]);
  });

  it('is gone, not a gap, when it was removed between listing and reading', async () => {
    const root = makeRoot({ 'etc/a': 'a', 'etc/b': 'b' });
    const fs: FileSystem = {
      ...realFileSystem,
      openSync: ((target: string | Buffer, flags: number) => {
        if (String(target).endsWith('/etc/a')) rmSync(join(root, 'etc/a'));
        return realFileSystem.openSync(target, flags);
      }) as FileSystem['openSync'],
    };
    const found = await snapshot({ root }, fs);
    expect(ids(found)).toEqual(['etc/b']);
    expect(found.gaps).toEqual([]);
  });

  it('never leads out of the root, even when a folder becomes a link after it was listed', async () => {
    const root = makeRoot({ 'etc/d/file': 'inside' });
    const outside = makeRoot({ file: 'OUTSIDE' });
    const fs: FileSystem = {
      ...realFileSystem,
      openSync: ((target: string | Buffer, flags: number) => {
        if (String(target).endsWith('/etc/d/file')) {
          renameSync(join(root, 'etc/d'), join(root, 'moved'));
          symlinkSync(outside, join(root, 'etc/d'));
        }
        return realFileSystem.openSync(target, flags);
      }) as FileSystem['openSync'],
    };
    const found = await snapshot({ root }, fs);
    expect(ids(found)).toEqual([]);
    expect(found.gaps).toMatchObject([{ kind: 'host.file', reason: 'invalid', detail: expect.stringContaining('leads out of') }]);
  });

  it('does not block on a FIFO that took the place of a file', async () => {
    const root = makeRoot({ 'etc/a': 'a' });
    const fs: FileSystem = {
      ...realFileSystem,
      openSync: ((target: string | Buffer, flags: number) => {
        rmSync(join(root, 'etc/a'));
        execFileSync('mkfifo', [join(root, 'etc/a')]);
        return realFileSystem.openSync(target, flags);
      }) as FileSystem['openSync'],
    };
    expect(ids(await snapshot({ root }, fs))).toEqual([]);
  });
});

describe('the root', () => {
  it('is a gap of the whole scope when it is missing or no directory', async () => {
    const root = makeRoot({ file: '' });
    expect((await snapshot({ root: join(root, 'absent') })).gaps).toEqual([
      { scope: 'hosts/web01', reason: 'unreachable', detail: `${join(root, 'absent')}: does not exist; is the image mounted?` },
    ]);
    expect((await snapshot({ root: join(root, 'file') })).gaps).toMatchObject([
      { scope: 'hosts/web01', detail: expect.stringContaining('is not a directory') },
    ]);
  });

  it('is a gap when nothing of the set is there: an empty mount point is not a machine without files', async () => {
    const found = await snapshot({ root: makeRoot() });
    expect(found.complete).toEqual([]);
    expect(found.gaps).toMatchObject([
      { kind: 'host.file', reason: 'unreachable' },
      { kind: 'host.file-metadata', reason: 'unreachable' },
    ]);
  });

  it('gives the host its name and its identity', async () => {
    const root = makeRoot({ 'etc/hostname': 'db07\n', 'etc/machine-id': `${'3d'.repeat(16)}\n` });
    const found = await snapshot({ root, name: undefined });
    expect(found.identities).toEqual({ 'hosts/db07': '3d'.repeat(16) });
    expect(found.resources[0]?.ref.scope).toBe('hosts/db07');
  });

  it('gives the same bytes twice', async () => {
    const root = makeRoot({ 'etc/b/c': '1', 'etc/a': '2', 'etc/B': '3', 'etc/b.d': '4' });
    const options = { root, facts: true };
    expect((await snapshot(options)).resources).toEqual((await snapshot(options)).resources);
  });
});
