import { join } from 'node:path';
import { expect, it } from 'vitest';
import { initStore, openStore } from '../../src/store/store.ts';
import { git, surroundingsAt, temporaryFolder, write } from './repository.ts';

it('what two clones acknowledge and take back is shared, whoever is first', async () => {
  const folder = temporaryFolder();
  const remote = join(folder, 'remote.git');
  await git(folder, 'init', '-q', '--bare', '-b', 'main', remote);
  const clock = surroundingsAt({ time: '2026-01-01T00:00:00.000Z' });
  const open = async (name: string) => {
    await initStore(join(folder, name), clock);
    return openStore(join(folder, name), clock);
  };
  const [one, two] = [await open('one'), await open('two')];
  const ack = (finding: string) => ({ finding, reason: 'fine', by: 'ann', at: '2026-01-01T00:00:00.000Z' });
  const known = async (store: typeof one) => (await store.readAcks()).map(({ finding }) => finding).sort();
  const push = async (store: typeof one, name: string) => {
    await write(store, { [`hosts/${name}/facts/users.json`]: `${await store.tip()}` });
    expect((await store.push(remote, 60_000, [`hosts/${name}/`])).status).toBe('pushed');
  };

  await one.writeAck(ack('f-1'), 'ann');
  await one.writeAck(ack('f-2'), 'ann');
  await push(one, 'one');
  await two.writeAck(ack('f-3'), 'ben');
  await push(two, 'two');
  expect(await known(two)).toEqual(['f-1', 'f-2', 'f-3']);
  await one.writeAck({ finding: 'f-1' }, 'ann');
  await push(one, 'one');
  expect(await known(one)).toEqual(['f-2', 'f-3']);
  await push(two, 'two');
  expect(await known(two)).toEqual(['f-2', 'f-3']);
  expect(await git(remote, 'ls-tree', '--name-only', 'refs/drifttrail/acks')).toBe('f-2.json\nf-3.json');
});
