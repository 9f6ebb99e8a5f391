import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createGit } from '../../src/store/git.ts';
import { isTrue, readSettings } from '../../src/store/settings.ts';
import { git, newStore, surroundingsAt } from './repository.ts';

it('asks git again only when the file is another', async () => {
  const { dir } = await newStore();
  const surroundings = surroundingsAt({ time: '2026-01-01T00:00:00.000Z' });
  let asked = 0;
  const repository = createGit(dir, {
    ...surroundings,
    spawn: (...call) => {
      asked += 1;
      return surroundings.spawn(...call);
    },
  });
  expect((await readSettings(repository)).values.get('drifttrail.version')).toBe('1');
  expect((await readSettings(repository)).values.get('core.bare')).toBe('false');
  expect(asked).toBe(1);
  await git(dir, 'config', 'Core.Bare', 'true');
  await git(dir, 'config', 'remote.My Place.url', 'a=b\nc');
  const { values } = await readSettings(repository);
  expect([values.get('core.bare'), values.get('remote.My Place.url')]).toEqual(['true', 'a=b\nc']);
  expect(asked).toBe(2);
  writeFileSync(join(dir, '.git', 'config'), '[core\n');
  expect((await readSettings(repository)).problem).toMatch(/config/);
  rmSync(join(dir, '.git', 'config'));
  expect((await readSettings(repository)).values.get('core.bare')).toBeUndefined();
});

it("knows git's words for true", () => {
  expect(['true', 'YES', 'on', '1', null].map(isTrue)).toEqual([true, true, true, true, true]);
  expect(['false', 'no', 'off', '0', '', undefined].map(isTrue)).toEqual([false, false, false, false, false, false]);
});
