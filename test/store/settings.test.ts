import { appendFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createGit } from '../../src/store/git.ts';
import { isTrue, readSettings } from '../../src/store/settings.ts';
import { git, newStore, surroundingsAt } from './repository.ts';

async function repository() {
  const { dir } = await newStore();
  const surroundings = surroundingsAt({ time: '2026-01-01T00:00:00.000Z' });
  const asked: string[] = [];
  const spawn: typeof surroundings.spawn = (command, args, options) => {
    asked.push(args.join(' '));
    return surroundings.spawn(command, args, options);
  };
  return { dir, asked, git: createGit(dir, { ...surroundings, spawn }) };
}

it('reads what git wrote plainly as git reads it, without asking', async () => {
  const { dir, asked, git: made } = await repository();
  await git(dir, 'config', 'Core.Bare', 'true');
  await git(dir, 'config', 'remote.My Place.url', 'ssh://a@b/c d');
  await git(dir, 'config', 'url.X.insteadOf', 'one');
  await git(dir, 'config', 'url.X.insteadOf', 'two');
  const listed = (await git(dir, 'config', '--local', '--list')).split('\n').map((line) => line.split(/=(.*)/s).slice(0, 2));
  const { values } = await readSettings(made);
  expect([...values].sort()).toEqual([...new Map(listed as [string, string][])].sort());
  expect(values.get('drifttrail.version')).toBe('1');
  expect(asked).toEqual([]);
});

it('leaves every other file to git, and asks again only when it is another', async () => {
  const { dir, asked, git: made } = await repository();
  const file = join(dir, '.git', 'config');
  for (const [index, line] of [
    '\tbare',
    '\tx = "quoted # text" ; comment',
    '\ty = a\\\n  b',
    '# comment',
    '[include] path = more',
  ].entries()) {
    appendFileSync(file, `[core]\n${line}\n`);
    const { values } = await readSettings(made);
    expect(await readSettings(made)).toEqual({ values });
    expect(asked).toHaveLength(index + 1);
    expect(isTrue(values.get('core.bare'))).toBe(true);
  }
  expect((await readSettings(made)).values.get('core.x')).toBe('quoted # text');
  writeFileSync(file, '[core\n');
  expect((await readSettings(made)).problem).toMatch(/config/);
  rmSync(file);
  expect((await readSettings(made)).values.get('core.bare')).toBeUndefined();
});

it("knows git's words for true", () => {
  expect(['true', 'YES', 'on', '1', null].map(isTrue)).toEqual([true, true, true, true, true]);
  expect(['false', 'no', 'off', '0', '', undefined].map(isTrue)).toEqual([false, false, false, false, false, false]);
});
