import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { installHook } from '../../src/cli/hooks-install.ts';

let folder: string;
beforeEach(async () => {
  // A name that a careless script would run.
  folder = await mkdtemp(join(tmpdir(), "drifttrail it's $(touch canary) "));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const env = {
  ...process.env,
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_SYSTEM: '/dev/null',
  GIT_AUTHOR_NAME: 'x',
  GIT_AUTHOR_EMAIL: 'x@x',
  GIT_COMMITTER_NAME: 'x',
  GIT_COMMITTER_EMAIL: 'x@x',
};
const git = (cwd: string, ...args: string[]) =>
  execFileSync('git', ['-C', cwd, ...args], { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], timeout: 30_000 });

/** A stand-in for the command that writes down how it was called. */
async function cliThat(exit: number): Promise<{ cli: string; calls: () => Promise<string[][]> }> {
  const [cli, log] = [join(folder, 'cli.cjs'), join(folder, 'calls')];
  await writeFile(
    cli,
    `require('fs').appendFileSync(${JSON.stringify(log)}, JSON.stringify([...process.argv.slice(2), process.env.GIT_DIR ?? 'no GIT_DIR']) + '\\n');process.exit(${exit})`,
  );
  return {
    cli,
    calls: async () =>
      existsSync(log)
        ? (await readFile(log, 'utf8'))
            .trim()
            .split('\n')
            .map((line) => JSON.parse(line) as string[])
        : [],
  };
}

async function repository(bare = false): Promise<{ path: string; hooksDir: string }> {
  const path = join(folder, bare ? 'central.git' : 'work');
  execFileSync('git', ['init', '-q', '-b', 'main', ...(bare ? ['--bare'] : []), path], { env });
  return { path, hooksDir: join(path, bare ? 'hooks' : '.git/hooks') };
}

describe('the git hooks', () => {
  it('call the command after a commit, with baked-in paths and no word for the shell', async () => {
    const [{ cli, calls }, { path, hooksDir }] = [await cliThat(0), await repository()];
    const installed = installHook(hooksDir, 'post-commit', folder, { node: process.execPath, cli });
    expect(installed).toMatchObject({ changed: true, chained: undefined });
    expect((await stat(installed.path)).mode & 0o111).toBe(0o111);
    git(path, 'commit', '-q', '--allow-empty', '-m', '$(touch canary) `touch canary`');
    expect(await calls()).toEqual([['notify', 'HEAD', '--dir', folder, 'no GIT_DIR']]);
    expect(existsSync(join(path, 'canary'))).toBe(false);
    expect(installHook(hooksDir, 'post-commit', folder, { node: process.execPath, cli }).changed).toBe(false);
  });

  it('leave to a run what it tells itself, but not what the team has it do', async () => {
    const [{ cli, calls }, { path, hooksDir }] = [await cliThat(0), await repository()];
    await writeFile(join(hooksDir, 'post-commit.local'), '#!/bin/sh\ntouch ran\n', { mode: 0o755 });
    installHook(hooksDir, 'post-commit', folder, { node: process.execPath, cli });
    execFileSync('git', ['-C', path, 'commit', '-q', '--allow-empty', '-m', 'x'], { env: { ...env, DRIFTTRAIL_RUN: '1' } });
    expect(await calls()).toEqual([]);
    expect(existsSync(join(path, 'ran'))).toBe(true);
  });

  it('never fail a commit, though the command does', async () => {
    const [{ cli, calls }, { path, hooksDir }] = [await cliThat(1), await repository()];
    installHook(hooksDir, 'post-commit', folder, { node: process.execPath, cli });
    git(path, 'commit', '-q', '--allow-empty', '-m', 'x');
    expect(await calls()).toHaveLength(1);
    installHook(hooksDir, 'post-commit', folder, { node: '/nonexistent/node', cli });
    git(path, 'commit', '-q', '--allow-empty', '-m', 'y');
    expect(git(path, 'rev-list', '--count', 'HEAD').trim()).toBe('2');
  });

  it('keep a hook that was there and call it first; two foreign ones are refused', async () => {
    const [{ cli, calls }, { path, hooksDir }] = [await cliThat(0), await repository()];
    const own = join(hooksDir, 'post-commit');
    await writeFile(own, `#!/bin/sh\necho own >> '${join(hooksDir, 'ran').replaceAll("'", "'\\''")}'\nexit 7\n`);
    await chmod(own, 0o755);
    const install = () => installHook(hooksDir, 'post-commit', folder, { node: process.execPath, cli });
    expect(install()).toMatchObject({ changed: true, chained: `${own}.local` });
    git(path, 'commit', '-q', '--allow-empty', '-m', 'x');
    expect(await readFile(join(hooksDir, 'ran'), 'utf8')).toBe('own\n');
    expect(await calls()).toHaveLength(1);
    await writeFile(own, '#!/bin/sh\n');
    expect(install).toThrow(/is not drifttrail's/);
    expect(await readFile(own, 'utf8')).toBe('#!/bin/sh\n');
  });

  it('tell of every pushed commit of the main branch, and of no other', async () => {
    const [{ cli, calls }, { path }, central] = [await cliThat(0), await repository(), await repository(true)];
    installHook(central.hooksDir, 'post-receive', folder, { node: process.execPath, cli });
    git(path, 'commit', '-q', '--allow-empty', '-m', '1');
    git(path, 'push', '-q', central.path, 'main');
    for (const name of ['2', '3']) git(path, 'commit', '-q', '--allow-empty', '-m', name);
    git(path, 'push', '-q', central.path, 'main', 'main:refs/heads/other', 'main:refs/notes/drifttrail');
    git(path, 'push', '-q', central.path, ':refs/heads/other');
    const commits = git(path, 'rev-list', '--reverse', 'main').trim().split('\n');
    expect((await calls()).map((call) => call.slice(0, 2))).toEqual(commits.map((commit) => ['notify', commit]));
  });
});
