import {
  area,
  booleanClockwise,
  booleanPointInPolygon,
  centerOfMass,
  featureCollection,
  pointOnFeature,
  multiPolygon as toMultiPolygon,
  union,
} from '@turf/turf';
import type { MultiPolygon, Position } from 'geojson';
import { valid } from 'geojson-validation';
import { RefusedError } from './format.ts';
import type { Unproject } from './systems.ts';

/** A record's point, in degrees (WGS 84), and the area that it stands for where the file has one. */
export interface Place {
  readonly lon: number;
  readonly lat: number;
  readonly area: MultiPolygon | null;
  readonly repairs: readonly string[];
}

/** Share of an area that rounding may take or add. */
const tolerance = 1e-9;

/**
 * The place that a GeoJSON geometry gives, `null` where there is none. Rings that are open, wound
 * the wrong way or touch themselves are repaired, as long as the area stays what it was.
 * @throws {RefusedError} where it is no point and no area, or its repair would be a guess.
 */
export function placeOf(geometry: unknown, unproject: Unproject): Place | null {
  if (geometry === null || geometry === undefined) return null;
  if (typeof geometry !== 'object' || !('type' in geometry) || !('coordinates' in geometry)) {
    throw new RefusedError(faultOf(geometry));
  }
  const { type, coordinates } = geometry;
  switch (type) {
    case 'Point':
      if (!isPosition(coordinates)) throw new RefusedError(faultOf(geometry));
      return pointAt(onGlobe(coordinates, unproject));
    case 'MultiPoint': {
      const [only, ...others] = Array.isArray(coordinates) ? coordinates : [];
      if (!isPosition(only) || others.length > 0) break;
      return { ...pointAt(onGlobe(only, unproject)), repairs: ['MultiPoint of one point'] };
    }
    case 'Polygon':
      if (isPolygon(coordinates)) return areaOf([coordinates], unproject);
      throw new RefusedError(faultOf(geometry));
    case 'MultiPolygon':
      if (isListOf(coordinates, isPolygon)) return areaOf(coordinates, unproject);
      throw new RefusedError(faultOf(geometry));
  }
  throw new RefusedError(`its geometry is a ${String(type)}: an incident is a point or an area`);
}

type Polygon = Position[][];

function isListOf<Item>(value: unknown, is: (item: unknown) => item is Item): value is Item[] {
  return Array.isArray(value) && value.length > 0 && value.every((item) => is(item));
}

const isPosition = (value: unknown): value is Position =>
  isListOf(value, (item): item is number => Number.isFinite(item)) && value.length >= 2;
const isRing = (value: unknown): value is Position[] => isListOf(value, isPosition);
const isPolygon = (value: unknown): value is Polygon => isListOf(value, isRing);

function faultOf(geometry: unknown): string {
  try {
    const [first] = valid(geometry, true);
    return `no geometry of GeoJSON: ${first ?? 'coordinates that are no numbers'}`;
  } catch {
    // The validator fails over empty rings.
    return 'no geometry of GeoJSON: empty';
  }
}

/** Longitude and latitude; a height is left out. */
function onGlobe(position: Position, unproject: Unproject): [number, number] {
  const [lon = Number.NaN, lat = Number.NaN] = unproject(position);
  if (Math.abs(lon) <= 180 && Math.abs(lat) <= 90) return [lon, lat];
  throw new RefusedError(
    `position ${position.slice(0, 2).join(', ')} is not on the globe: longitude and latitude, or a system that the file does not name?`,
  );
}

const pointAt = ([lon, lat]: [number, number]): Place => ({ lon, lat, area: null, repairs: [] });

function areaOf(polygons: readonly Polygon[], unproject: Unproject): Place {
  const repairs = new Set<string>();
  const wound = polygons.map((rings) =>
    rings.map((ring, index) => {
      const closed = closedRing(
        ring.map((position) => onGlobe(position, unproject)),
        repairs,
      );
      // RFC 7946: the outer ring runs against the clock, holes with it.
      if (booleanClockwise(closed) === index > 0) return closed;
      repairs.add('rings wound the wrong way');
      return closed.toReversed();
    }),
  );
  const found = takenApart(wound, repairs);
  const center = centerOfMass(found);
  const { geometry } = booleanPointInPolygon(center, found) ? center : pointOnFeature(found);
  const [lon = Number.NaN, lat = Number.NaN] = geometry.coordinates;
  return { lon, lat, area: found, repairs: [...repairs] };
}

function closedRing(ring: Position[], repairs: Set<string>): Position[] {
  const [first = [], last = []] = [ring[0], ring.at(-1)];
  if (ring.length >= 3 && (first[0] !== last[0] || first[1] !== last[1])) {
    repairs.add('a ring that was not closed');
    return closedRing([...ring, [...first]], repairs);
  }
  if (ring.length < 4) throw new RefusedError('a ring of fewer than four positions');
  return ring;
}

/**
 * The same area of rings that neither touch themselves nor cross. Where that takes another area than
 * the rings have, they cross or overlap, and what was meant is not known.
 */
function takenApart(polygons: Polygon[], repairs: Set<string>): MultiPolygon {
  const given = toMultiPolygon(polygons);
  const made = union(featureCollection([given, given]))?.geometry;
  const [before, after] = [area(given), made === undefined ? 0 : area(made)];
  if (made === undefined || !(before > 0) || Math.abs(after - before) > tolerance * before) {
    throw new RefusedError('its rings cross or overlap: what they mean is not certain');
  }
  const apart = made.type === 'Polygon' ? [made.coordinates] : made.coordinates;
  const ringsIn = (list: Polygon[]) => list.flat().length;
  if (apart.length === polygons.length && ringsIn(apart) === ringsIn(polygons))
    return given.geometry;
  repairs.add('rings that touch themselves, taken apart');
  return { type: 'MultiPolygon', coordinates: apart };
}
