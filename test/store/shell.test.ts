/** Nothing that comes from outside becomes a word of a shell or an option of git (S6). */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createLayout } from '../../src/store/layout.ts';
import { openStore } from '../../src/store/store.ts';
import { git, newStore, surroundingsAt, temporaryFolder, write } from './repository.ts';

const clock = { time: '2026-01-01T00:00:00Z' };

it('runs no program that a remote names', async () => {
  const folder = temporaryFolder();
  const canary = join(folder, 'canary');
  const store = await newStore();
  for (const remote of [
    `--upload-pack=touch ${canary}`,
    `--receive-pack=touch ${canary};`,
    `-oProxyCommand=touch ${canary}`,
    `ssh://-oProxyCommand=touch%20${canary}/x`,
    `-oProxyCommand=touch ${canary}:x`,
    `ext::sh -c touch%20${canary}`,
    `fd::17/$(touch ${canary})`,
    `file:///$(touch ${canary})`,
    `$(touch ${canary})`,
    `\`touch ${canary}\``,
    `;touch ${canary};`,
    `|touch ${canary}`,
    `x\ntouch ${canary}`,
  ]) {
    // `fd::` waits for a descriptor that nobody writes to: late.
    const result = await store.push(remote, 2_000).catch((error: { code: string }) => ({ status: error.code }));
    expect(['failed', 'late', 'remote-invalid'], remote).toContain(result.status);
    expect(await store.remoteProblem(remote, 2_000), remote).toBeTypeOf('string');
  }
  expect(readdirSync(folder)).toEqual([]);
});

it('takes names, ids and messages for what they are', async () => {
  const store = await newStore();
  const layout = createLayout([
    {
      name: 'host',
      scopes: { root: 'hosts', depth: 2 },
      kinds: { 'host.file': { format: 'text', title: 'file', location: { type: 'tree', folder: 'files' } } },
    },
  ]);
  const ids = [
    '-rf',
    '--exec=touch canary',
    '$(touch canary)',
    '`touch canary`',
    '-',
    '--',
    '..',
    '-oProxyCommand=x',
    ';touch canary',
    '"quoted"',
    'a\nD files',
  ];
  const author = { name: 'x> 0 +0000\ncommitter y <y', email: '$(touch canary)>\n' };
  const named = await openStore(store.dir, surroundingsAt(clock), { author });
  const paths = ids.map((id) => layout.pathOf({ scope: 'hosts/web01', kind: 'host.file', id }));
  const message = '-m $(touch canary)\n\n- `touch canary`\n\0--amend\n';
  const sha = await write(named, Object.fromEntries(paths.map((path) => [path, 'x'])), { message: message.replace('\0', '') });
  expect(await named.refreshWorktree()).toEqual([]);
  for (const path of paths) expect(existsSync(join(store.dir, path))).toBe(true);
  expect(await git(store.dir, 'log', '-1', '--format=%an|%cn|%s', sha ?? '')).toBe(
    'x 0 +0000 committer y y|x 0 +0000 committer y y|-m $(touch canary)',
  );
  expect(await git(store.dir, 'fsck', '--no-dangling', '--no-progress')).toBe('');
  expect(await named.patch(sha ?? '', [paths[0] ?? ''])).toContain('+x');
  await expect(named.info('--output=canary')).rejects.toMatchObject({ code: 'commit-unknown' });
  expect(existsSync(join(store.dir, 'canary')) || existsSync('canary')).toBe(false);
});
