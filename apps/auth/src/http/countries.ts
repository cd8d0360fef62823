import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { Reader, type CountryResponse } from 'mmdb-lib';

/** ISO 3166-1 alpha-2 of the country where an address (of a `Visitor`) is registered; null for private and unknown ones. */
export type CountryOf = (address: string | null) => string | null;

const require = createRequire(import.meta.url);

/**
 * Reads the database of address ranges into memory (8 MB). It comes with the package and is as old as that: good enough for
 * a person to recognise their own sessions by, and nobody else is told who signs in.
 */
export async function openCountries(): Promise<CountryOf> {
  const path = require.resolve('@ip-location-db/geo-whois-asn-country-mmdb/geo-whois-asn-country.mmdb');
  const reader = new Reader<CountryResponse>(await readFile(path));
  return (address) => {
    const found: object | null = address === null ? null : reader.get(address);
    // These files hold less than the ones the reader was made for: the bare code.
    return found && 'country_code' in found ? String(found.country_code) : null;
  };
}

const countryNames = new Intl.DisplayNames('en', { type: 'region' });

/** For people: "Germany" for "DE". */
export function countryName(code: string): string {
  return countryNames.of(code) ?? code;
}
