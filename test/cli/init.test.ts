import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadConfig } from '../../src/config/config.ts';
import { installHook } from '../../src/cli/hooks-install.ts';
import { cli, folder } from './run.ts';

const modeOf = (path: string) => statSync(path).mode & 0o777;

test('makes a deployment that others cannot read and that its own commands accept', async () => {
  const dir = join(folder(), 'ops');
  const { code, stdout } = await cli(['init', dir]);
  expect(code).toBe(0);
  expect(stdout.split('\n')[0]).toBe(join(dir, 'drifttrail.yaml'));
  expect([join(dir, 'snapshots'), join(dir, 'state'), join(dir, 'state/key')].map(modeOf)).toEqual([0o700, 0o700, 0o600]);
  expect(statSync(join(dir, 'state/key')).size).toBe(32);
  expect(loadConfig(dir, {}).config.exporters.map(({ use }) => use)).toEqual(['host']);
  expect(execFileSync('git', ['-C', join(dir, 'snapshots'), 'log', '--format=%s'], { encoding: 'utf8' })).not.toBe('');
  const hook = join(dir, 'snapshots/.git/hooks/post-commit');
  expect(modeOf(hook) & 0o100).toBe(0o100);
  expect(readFileSync(hook, 'utf8')).not.toMatch(/@[A-Z]+@/);
});

test('overwrites nothing', async () => {
  const dir = folder({ 'drifttrail.yaml': 'mine', 'snapshots/kept': 'theirs' });
  const { code, stderr } = await cli(['init', dir]);
  expect(code).toBe(1);
  expect(stderr).toMatch(/^drifttrail: .* is a deployment already; edit .*\n$/);
  expect(readFileSync(join(dir, 'drifttrail.yaml'), 'utf8')).toBe('mine');
});

test('puts back a repository that is gone and keeps the configuration', async () => {
  const dir = join(folder(), 'ops');
  await cli(['init', dir]);
  writeFileSync(join(dir, 'drifttrail.yaml'), 'exporters:\n  - use: host\n    facts: false\n    files: []\n');
  rmSync(join(dir, 'snapshots'), { recursive: true });
  const lost = await cli(['--dir', dir, 'log']);
  expect([lost.code, lost.stderr]).toEqual([1, expect.stringContaining('run `drifttrail init`')]);
  expect((await cli(['init', dir])).code).toBe(0);
  expect(readFileSync(join(dir, 'drifttrail.yaml'), 'utf8')).toContain('files: []');
  expect((await cli(['--dir', dir, 'log'])).stdout).toContain('Begin the snapshots');
});

test('finishes what a first call without git began', async () => {
  const dir = join(folder(), 'ops');
  const failed = await cli(['init', dir], { env: { PATH: '/nowhere' } });
  expect([failed.code, failed.stderr]).toEqual([1, 'drifttrail: cannot start git: ENOENT; install git or put it on the PATH\n']);
  expect((await cli(['init', dir])).code).toBe(0);
});

test('takes back the folder that it made for nothing', async () => {
  const dir = join(folder(), 'deep', 'ops');
  expect((await cli(['init', dir], { env: { PATH: '/nowhere' } })).code).toBe(1);
  expect(existsSync(join(dir, '..'))).toBe(false);
});

test('goes on where a killed call stopped', async () => {
  const dir = folder();
  mkdirSync(join(dir, 'state'));
  writeFileSync(join(dir, 'state/key'), Buffer.alloc(32, 7), { mode: 0o600 });
  execFileSync('git', ['init', '--quiet', '--initial-branch=main', join(dir, 'snapshots')]);
  expect((await cli(['init', dir])).code).toBe(0);
  expect((await cli(['--dir', dir, 'log'])).stdout).toContain('Begin the snapshots');
  expect(readFileSync(join(dir, 'state/key'))).toEqual(Buffer.alloc(32, 7));
});

test('leaves a repository of somebody else alone', async () => {
  const dir = folder();
  mkdirSync(join(dir, 'snapshots'));
  execFileSync('git', ['init', '--quiet', join(dir, 'snapshots')]);
  const { code, stderr } = await cli(['init', dir]);
  expect(code).toBe(1);
  expect(stderr).toContain('not ours to fill');
  expect(() => statSync(join(dir, 'drifttrail.yaml'))).toThrow();
});

test('a hook that was there is kept and called by ours, and ours is renewed in place', () => {
  const dir = folder({ 'post-commit': '#!/bin/sh\necho mine\n' });
  installHook(dir, 'post-commit', "/a folder/with 'quotes'");
  installHook(dir, 'post-commit', '/elsewhere');
  expect(readFileSync(join(dir, 'post-commit.local'), 'utf8')).toContain('echo mine');
  expect(readFileSync(join(dir, 'post-commit'), 'utf8')).toContain("'/elsewhere'");
});

test('the deployment is quoted for the shell', () => {
  const dir = folder();
  const evil = "/tmp/$(touch pwned) 'x'";
  const { path } = installHook(dir, 'post-commit', evil);
  const line = readFileSync(path, 'utf8')
    .split('\n')
    .find((text) => text.includes('--dir'));
  const word = /--dir (.*?) >&2/.exec(line ?? '')?.[1] ?? '';
  expect(execFileSync('sh', ['-c', `printf %s ${word}`], { encoding: 'utf8', cwd: dir })).toBe(evil);
});

test('two foreign hooks are not joined by guess', () => {
  const dir = folder({ 'post-commit': 'a', 'post-commit.local': 'b' });
  expect(() => installHook(dir, 'post-commit', '/x')).toThrow(expect.objectContaining({ code: 'hooks-taken' }));
  writeFileSync(join(dir, 'unchanged'), '');
  expect(readFileSync(join(dir, 'post-commit'), 'utf8')).toBe('a');
});
