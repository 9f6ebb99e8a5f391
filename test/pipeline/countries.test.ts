/** Countries come from a file of this machine; one that cannot be read is told with what to do. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openCountries, placed } from '../../src/pipeline/countries.ts';
import { actor, auditEvent } from '../attribute/events.ts';
import { folder } from '../folder.ts';
import { mmdb } from './mmdb.ts';

const NETWORKS = {
  '192.0.2.0/24': { country: { iso_code: 'NL' }, registered_country: { iso_code: 'US' } },
  '198.51.100.0/25': { registered_country: { iso_code: 'AT' } },
  '198.51.100.128/25': { continent: { code: 'EU' } },
};

function database(bytes: Buffer): string {
  const file = join(folder(), 'countries.mmdb');
  writeFileSync(file, bytes);
  return file;
}

it('tells where an address is, and nothing of what is none', async () => {
  const countryOf = await openCountries(database(mmdb(NETWORKS)));
  const found = ['192.0.2.1', '192.0.2.255', '198.51.100.7', '198.51.100.200', '203.0.113.1', '2001:db8::1', 'ec2.amazonaws.com', ''];
  expect(found.map(countryOf)).toEqual(['NL', 'NL', 'AT', undefined, undefined, undefined, undefined, undefined]);
});

it('stands with the actor of an event', async () => {
  const countryOf = await openCountries(database(mmdb(NETWORKS)));
  const from = (sourceIp: string | null) => auditEvent({ id: 'e', actor: { ...actor('alice'), sourceIp } });
  expect(placed(from('192.0.2.1'), countryOf).actor.country).toBe('NL');
  for (const sourceIp of ['203.0.113.1', 'cloudformation.amazonaws.com', null])
    expect(placed(from(sourceIp), countryOf)).toEqual(from(sourceIp));
});

it.each([
  ['no database', Buffer.from('not a database')],
  ['an empty file', Buffer.alloc(0)],
  ['one that was cut', mmdb(NETWORKS).subarray(0, 300)],
])('%s: one line that says what to do', async (_, bytes) => {
  await expect(openCountries(database(bytes))).rejects.toMatchObject({
    code: 'countries-unreadable',
    remedy: expect.stringContaining('GeoLite2-Country.mmdb'),
  });
});

it('a file that is missing', async () => {
  await expect(openCountries('/no/such.mmdb')).rejects.toThrow(/ENOENT/);
});
