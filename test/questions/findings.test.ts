/** What people type for a finding or a resource, and what is said when there is none. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findingById } from '../../src/questions/findings.ts';
import { resolvePath } from '../../src/questions/resolve-path.ts';
import { suggestion } from '../../src/suggest.ts';
import { changed, WITH_ALL, world } from '../run/world.ts';

test('a finding is found by its beginning, never by nothing', async () => {
  const it = await changed(WITH_ALL, { one: { size: 2, critical: false }, two: { size: 1 } });
  const id = (await it.run()).findings[0]?.id ?? '';
  const deployment = await it.load();
  for (const known of [id, id.slice(0, 6)]) expect((await findingById(deployment, known)).finding.id).toBe(id);
  for (const vague of ['', 'f', 'f-', id.slice(0, 5), id.slice(2), `${id}0`])
    await expect(findingById(deployment, vague)).rejects.toMatchObject({
      code: 'finding-unknown',
      message: `"${vague}" is not the id of a finding`,
    });
});

test('nothing is no resource, and an empty list is not printed', async () => {
  const it = await world();
  const deployment = await it.load();
  await expect(resolvePath(deployment, '')).rejects.toMatchObject({
    code: 'resource-unknown',
    message: 'it is not said which resource',
    remedy: 'name a file of snapshots/ or an id; drifttrail coverage says what is watched',
  });
  expect(suggestion('x', [])).toBe('none is known yet');
  expect(suggestion('x', [], 'look there')).toBe('look there');
});

test('a repository without a commit is said to be one', async () => {
  const it = await world();
  rmSync(join(it.dir, 'snapshots', '.git', 'refs', 'heads', 'main'));
  await expect(it.report(60)).rejects.toMatchObject({
    code: 'history-missing',
    message: 'nothing was recorded yet: the snapshots repository has no branch main',
  });
});
