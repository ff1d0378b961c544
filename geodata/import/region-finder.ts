import { bbox, booleanPointInPolygon } from '@turf/turf';
import type { MultiPolygon } from 'geojson';
import sql from 'sql-template-tag';
import type { Session } from '../../server/db/database.ts';
import type { ImportedIncident } from './format.ts';

/** Where a record lies; `reason` where that could not be told, or not wholly. */
export interface Located {
  readonly country: string | null;
  readonly region: string | null;
  readonly reason: string | null;
}

interface Region {
  readonly code: string;
  readonly country: string;
  readonly geom: MultiPolygon | null;
}

/** Points remembered with their region: towns come again and again. */
const remembered = 100_000;

/** Finds the country and the region of records: by code, by GeoNames id, or by point in region. */
export class RegionFinder {
  readonly #countries: ReadonlyMap<string, string>;
  readonly #regionOfPlace: ReadonlyMap<number, string | null>;
  readonly #shapes: readonly { code: string; box: readonly number[]; geom: MultiPolygon }[];
  readonly #found = new Map<string, string | null>();

  private constructor(
    regions: readonly Region[],
    places: readonly { geonames_id: number; region: string | null }[],
  ) {
    this.#countries = new Map(regions.map(({ code, country }) => [code, country]));
    this.#regionOfPlace = new Map(places.map(({ geonames_id, region }) => [geonames_id, region]));
    this.#shapes = regions.flatMap(({ code, geom }) =>
      geom === null ? [] : [{ code, box: bbox(geom), geom }],
    );
  }

  static async of(session: Session): Promise<RegionFinder> {
    return new RegionFinder(
      await session.query<Region>(
        sql`SELECT code, country, ST_AsGeoJSON(geom)::jsonb AS geom FROM atlas.region ORDER BY code`,
      ),
      await session.query<{ geonames_id: number; region: string | null }>(
        sql`SELECT geonames_id, region FROM atlas.place WHERE geonames_id IS NOT NULL ORDER BY id`,
      ),
    );
  }

  get isEmpty(): boolean {
    return this.#countries.size === 0;
  }

  locate(incident: ImportedIncident): Located {
    const { country, geo } = incident;
    if (geo.code === 'country') return { country, region: null, reason: null };
    const region = this.#regionOf(incident);
    if (region === null) return { country, region, reason: 'lies in no region that we have' };
    const whose = this.#countries.get(region) ?? null;
    if (country === null || country === whose) return { country: whose, region, reason: null };
    return { country, region: null, reason: `lies in ${region}, but the record says ${country}` };
  }

  #regionOf({ region, geonames_id: place, lon, lat }: ImportedIncident): string | null {
    if (region !== null && this.#countries.has(region)) return region;
    const ofPlace = place === null ? undefined : this.#regionOfPlace.get(place);
    if (ofPlace) return ofPlace;
    const key = `${lon} ${lat}`;
    const known = this.#found.get(key);
    if (known !== undefined) return known;
    const found = this.#around(lon, lat);
    if (this.#found.size >= remembered) this.#found.clear();
    this.#found.set(key, found);
    return found;
  }

  #around(lon: number, lat: number): string | null {
    const shape = this.#shapes.find(({ box: [west = 0, south = 0, east = 0, north = 0], geom }) => {
      if (lon < west || lon > east || lat < south || lat > north) return false;
      return booleanPointInPolygon([lon, lat], geom);
    });
    return shape?.code ?? null;
  }
}
