import type { Geometry, Position } from 'geojson';
import proj4 from 'proj4';
import { type Bbox, parseBbox } from './bbox.ts';
import { boxArea, type Coordinates, degrees } from './cql2/geometry.ts';
import type { Parameter } from './parameters.ts';

/** A coordinate reference system that features can be had in. */
export interface Crs {
  readonly uri: string;
  /** From longitude and latitude in degrees (WGS 84) to its coordinates, in the order of its axes. */
  readonly project: (position: Position) => Position;
  /** The way back. */
  readonly unproject: (position: Position) => Position;
  /** Whether its grid is that of longitudes and latitudes, so that a box in it is a box of degrees. */
  readonly isAligned: boolean;
  /** To what features are rounded in it; a box is read as wide as that, so that it holds what it was drawn around. */
  readonly rounding: number;
  /** How far its first axis goes either way. */
  readonly reach: number;
}

const epsg = (code: number) => `http://www.opengis.net/def/crs/EPSG/0/${code}`;
const same = ([x = 0, y = 0]: Position): Position => [x, y];
const swapped = ([x = 0, y = 0]: Position): Position => [y, x];

/** Metres of Web Mercator from the prime meridian to the antimeridian. */
const halfWorld = Math.PI * 6_378_137;

function projected(code: number, definition: string, isAligned = false): Crs {
  const { forward, inverse } = proj4(definition);
  return {
    uri: epsg(code),
    project: ([longitude = 0, latitude = 0]) => forward([longitude, latitude]).map(centimetres),
    unproject: ([x = 0, y = 0]) => {
      const [longitude, latitude] = inverse([x, y]);
      // The antimeridian itself comes out a little beyond.
      const isEdge = Math.abs(longitude) < 180 + 1e-9;
      return [isEdge ? Math.min(180, Math.max(-180, longitude)) : longitude, latitude];
    },
    isAligned,
    rounding: 0.005,
    reach: isAligned ? halfWorld : Number.POSITIVE_INFINITY,
  };
}

/** Metres to the centimetre: finer than any coordinate here is known. */
const centimetres = (metres: number) => Math.round(metres * 100) / 100;

/** ETRS89 / UTM; east first. The shift from WGS 84 is under a metre and is not made. */
const utm = (zone: number) =>
  projected(25_800 + zone, `+proj=utm +zone=${zone} +ellps=GRS80 +units=m +no_defs`);

/** Longitude, latitude: what GeoJSON has (RFC 7946) and what everything is stored in. */
export const crs84: Crs = {
  uri: 'http://www.opengis.net/def/crs/OGC/1.3/CRS84',
  project: same,
  unproject: same,
  isAligned: true,
  rounding: 0,
  reach: 180,
};

/**
 * The systems that features can be had in, the default first. EPSG:4326 has latitude first
 * (OGC 18-058r1); the four UTM zones cover Ukraine from west to east.
 */
export const crsList: readonly Crs[] = [
  crs84,
  { ...crs84, uri: epsg(4326), project: swapped, unproject: swapped, reach: 90 },
  projected(3857, '+proj=merc +a=6378137 +b=6378137 +units=m +no_defs', true),
  utm(34),
  utm(35),
  utm(36),
  utm(37),
];

function crsParameter(what: string): Parameter<Crs> {
  return {
    description: `${what}, by the URI of the system.`,
    example: epsg(4326),
    schema: { type: 'string', enum: crsList.map(({ uri }) => uri), default: crs84.uri },
    parse: (text) => {
      const crs = crsList.find(({ uri }) => uri === text);
      if (crs === undefined) {
        throw new RangeError(`must be one of ${crsList.map(({ uri }) => uri).join(', ')}`);
      }
      return crs;
    },
    format: ({ uri }) => uri,
  };
}

export const crsParameters = {
  crs: crsParameter('Coordinate reference system of the response'),
  'bbox-crs': crsParameter('Coordinate reference system of bbox'),
  'filter-crs': crsParameter('Coordinate reference system of the geometries in filter'),
};

/** Parts that the edges of a box are cut into, since a straight edge may be curved in degrees. */
const steps = 64;

/** The corners of a box, widened by what features are rounded to. */
function widened({ rounding, reach }: Crs, corners: readonly number[]): [Position, Position] {
  const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = corners;
  const isWithin = (x: number) => Math.abs(x) <= reach + rounding;
  if (!isWithin(x1) || !isWithin(x2)) throw outside();
  return [
    [Math.max(x1 - rounding, -reach), y1 - rounding],
    [Math.min(x2 + rounding, reach), y2 + rounding],
  ];
}

/** The edges of a box of a system that is not aligned, in degrees. */
function outline(crs: Crs, corners: readonly number[]): Position[] {
  const [[x1 = 0, y1 = 0], [x2 = 0, y2 = 0]] = widened(crs, corners);
  if (x1 > x2 || y1 > y2) throw new RangeError('has its first corner beyond its second');
  const edge = (from: Position, to: Position) =>
    Array.from({ length: steps }, (_, step) =>
      crs.unproject(from.map((start, axis) => start + (((to[axis] ?? 0) - start) * step) / steps)),
    );
  const ring = [
    ...edge([x1, y1], [x2, y1]),
    ...edge([x2, y1], [x2, y2]),
    ...edge([x2, y2], [x1, y2]),
    ...edge([x1, y2], [x1, y1]),
  ];
  for (const [longitude = Number.NaN, latitude = Number.NaN] of ring) {
    if (!(Math.abs(longitude) <= 180 && Math.abs(latitude) <= 90)) throw outside();
  }
  return [...ring, ...ring.slice(0, 1)];
}

const outside = () =>
  new RangeError('lies where its coordinate reference system has no coordinates');

/**
 * The smallest CRS84 box that holds a box of another system, its corners in the order of that
 * system's axes.
 * @throws {RangeError} where the box lies where the system has no coordinates.
 */
export function toCrs84(crs: Crs, corners: readonly number[]): Bbox {
  if (crs.isAligned) {
    const box = widened(crs, corners).flatMap((corner) => crs.unproject(corner));
    if (!box.every(Number.isFinite)) throw outside();
    return parseBbox(box.join(','));
  }
  const ring = outline(crs, corners);
  const longitudes = ring.map(([longitude = 0]) => longitude);
  const latitudes = ring.map(([, latitude = 0]) => latitude);
  return [
    Math.min(...longitudes),
    Math.min(...latitudes),
    Math.max(...longitudes),
    Math.max(...latitudes),
  ];
}

/**
 * The area in CRS84 of a box of another system, its corners in the order of that system's axes.
 * @throws {RangeError} where the box lies where the system has no coordinates.
 */
export function boxIn(crs: Crs, corners: readonly number[]): Geometry {
  return crs.isAligned
    ? boxArea(toCrs84(crs, corners))
    : { type: 'Polygon', coordinates: [outline(crs, corners)] };
}

/** How coordinates of a system in a filter become CRS84. */
export function coordinatesIn(crs: Crs): Coordinates {
  if (crs === crs84) return degrees;
  return { position: crs.unproject, box: (corners) => boxIn(crs, corners) };
}

/** A GeoJSON geometry with its positions in another system. */
export function projectGeometry(crs: Crs, geometry: Geometry): Geometry {
  const ring = (positions: Position[]) => positions.map(crs.project);
  const rings = (parts: Position[][]) => parts.map(ring);
  switch (geometry.type) {
    case 'Point':
      return { ...geometry, coordinates: crs.project(geometry.coordinates) };
    case 'MultiPoint':
    case 'LineString':
      return { ...geometry, coordinates: ring(geometry.coordinates) };
    case 'MultiLineString':
    case 'Polygon':
      return { ...geometry, coordinates: rings(geometry.coordinates) };
    case 'MultiPolygon':
      return { ...geometry, coordinates: geometry.coordinates.map(rings) };
    case 'GeometryCollection':
      return {
        ...geometry,
        geometries: geometry.geometries.map((part) => projectGeometry(crs, part)),
      };
  }
}
