import { booleanPointInPolygon, pointToPolygonDistance } from '@turf/turf';
import type { Point } from 'geojson';
import { type Fault, type IncidentFile, incidentFile, type RegionFeature } from '../files.ts';
import { type Bounded, isBounded } from './region.ts';

/** Metres by which a point may lie outside its region: the boundaries are 1:10 million. */
const boundaryTolerance = 10_000;

/** The regions that an incident and its locations name exist, and their points lie in them. */
export function checkPlaces(
  { id, geometry, properties }: IncidentFile,
  regions: ReadonlyMap<string, RegionFeature>,
): Fault[] {
  const { country, region, uncertainty_m, area_regions = [], locations } = properties;
  const codes = region === null ? area_regions : [region];
  const places = [
    { part: '', geometry, country, codes, uncertainty_m },
    ...locations.map((place) => ({
      part: ` ${place.id}`,
      geometry: place.geometry,
      country: place.country,
      codes: place.region === null ? [] : [place.region],
      uncertainty_m: place.uncertainty_m ?? 0,
    })),
  ];
  const bounded = [...regions.values()].filter(isBounded);
  return places.flatMap((place) => {
    const fault = (reason: string): Fault => ({
      file: incidentFile(id),
      record: `${id}${place.part}`,
      reason,
    });
    const unknown = place.codes.filter((code) => !regions.has(code));
    if (unknown.length > 0) return unknown.map((code) => fault(`no region ${code}`));
    const point = place.geometry;
    if (point === null) return [];
    const allowed = Math.max(boundaryTolerance, place.uncertainty_m);
    const stated = bounded.filter((area) => place.codes.includes(area.id));
    if (stated.length > 0) {
      const metres = Math.round(Math.min(...stated.map((area) => outside(point, area))));
      return metres > allowed ? [fault(`lies ${metres} m outside ${place.codes.join(', ')}`)] : [];
    }
    // Where the stated region has no boundary, the point must at least not lie in another country.
    return bounded
      .filter((area) => area.properties.country !== place.country)
      .filter((area) => inside(point, area) > boundaryTolerance)
      .map((area) => fault(`is in ${place.country}, but lies in ${area.id}`));
  });
}

/** Metres from the region; 0 inside it. */
function outside(point: Point, region: Bounded): number {
  return booleanPointInPolygon(point, region) ? 0 : Math.max(0, distance(point, region));
}

/** Metres from the region's boundary; 0 outside it. */
function inside(point: Point, region: Bounded): number {
  return booleanPointInPolygon(point, region) ? Math.max(0, -distance(point, region)) : 0;
}

function distance(point: Point, region: Bounded): number {
  return pointToPolygonDistance(point, region, { units: 'meters' });
}
