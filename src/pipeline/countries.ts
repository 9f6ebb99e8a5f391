/** In which country an address is, by a database on this machine: no address is ever asked of anybody else. */
import { isIP } from 'node:net';
import { readFile } from 'node:fs/promises';
import type { CountryResponse } from 'mmdb-lib';
import { DrifttrailError } from '../errors.ts';
import type { AuditEvent } from '../model.ts';
import { requirePlain } from '../plain-file.ts';

/** ISO 3166-1 alpha-2; undefined where the database does not know, or what is given is no address. */
export type CountryOf = (address: string) => string | undefined;

/**
 * Reads a MaxMind DB file, such as GeoLite2-Country.mmdb. https://maxmind.github.io/MaxMind-DB/
 * @throws {DrifttrailError} `countries-unreadable`
 */
export async function openCountries(file: string): Promise<CountryOf> {
  requirePlain(file);
  try {
    const { Reader } = await import('mmdb-lib');
    const reader = new Reader<CountryResponse>(await readFile(file));
    return (address) => (isIP(address) === 0 ? undefined : codeOf(reader.get(address)));
  } catch (cause) {
    throw new DrifttrailError({
      code: 'countries-unreadable',
      message: `cannot read the countries of ${file}: ${cause instanceof Error ? cause.message : String(cause)}`,
      remedy: 'put a MaxMind DB of countries there, such as GeoLite2-Country.mmdb, or take countries: out of drifttrail.yaml',
      cause,
    });
  }
}

/** The country as it is known at the time of the call: addresses move. */
export function placed(event: AuditEvent, countryOf: CountryOf): AuditEvent {
  const { actor } = event;
  const country = actor.sourceIp === null ? undefined : countryOf(actor.sourceIp);
  return country === undefined ? event : { ...event, actor: { ...actor, country } };
}

/** Where somebody is counts more than where the network was registered. */
function codeOf(found: CountryResponse | null): string | undefined {
  return found?.country?.iso_code ?? found?.registered_country?.iso_code;
}
