import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { mmdb } from '../pipeline/mmdb.ts';
import { event, WITH_TRAIL, type World, world } from './world.ts';

async function changeBySomebody(it: World): Promise<unknown> {
  it.things({ one: { size: 1 } });
  await it.run();
  it.pass(5);
  const made = event('e1', it.time, 'Put', { id: 'one', path: '/size', value: 9 });
  it.events([{ ...made, actor: { ...made.actor, sourceIp: '192.0.2.7' } }]);
  it.pass(1);
  it.things({ one: { size: 9 } });
  await it.run();
  it.pass(30);
  await it.correlate();
  return (await it.report(120)).findings.map(({ attribution }) => [attribution.actor?.name, attribution.actor?.country]);
}

test('where somebody was stands with who it was', async () => {
  const it = await world(`${WITH_TRAIL}countries: countries.mmdb\n`);
  writeFileSync(join(it.dir, 'countries.mmdb'), mmdb({ '192.0.2.0/24': { country: { iso_code: 'NL' } } }));
  expect(await changeBySomebody(it)).toEqual([['alice', 'NL']]);
  expect(it.said.join('\n')).not.toContain('countries');
});

test('a database that cannot be read is told, and keeps nobody from learning who it was', async () => {
  const it = await world(`${WITH_TRAIL}countries: countries.mmdb\n`);
  writeFileSync(join(it.dir, 'countries.mmdb'), 'half an upd');
  expect(await changeBySomebody(it)).toEqual([['alice', undefined]]);
  expect(it.said.filter((text) => text.startsWith('countries: cannot read the countries of ')).length).toBeGreaterThan(0);
});
