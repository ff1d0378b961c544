import type { Geometry, Position } from 'geojson';
import proj4 from 'proj4';
import { type Bbox, parseBbox } from './bbox.ts';
import { type Coordinates, degrees } from './cql2/geometry.ts';
import type { Parameter } from './parameters.ts';

/** A coordinate reference system that features can be had in. */
export interface Crs {
  readonly uri: string;
  /** From longitude and latitude in degrees (WGS 84) to its coordinates, in the order of its axes. */
  readonly project: (position: Position) => Position;
  /** The way back. */
  readonly unproject: (position: Position) => Position;
}

const epsg = (code: number) => `http://www.opengis.net/def/crs/EPSG/0/${code}`;
const same = ([x = 0, y = 0]: Position): Position => [x, y];
const swapped = ([x = 0, y = 0]: Position): Position => [y, x];

function projected(code: number, definition: string): Crs {
  const { forward, inverse } = proj4(definition);
  return {
    uri: epsg(code),
    project: ([longitude = 0, latitude = 0]) => forward([longitude, latitude]).map(centimetres),
    unproject: ([x = 0, y = 0]) => inverse([x, y]),
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
};

/**
 * The systems that features can be had in, the default first. EPSG:4326 has latitude first
 * (OGC 18-058r1); the four UTM zones cover Ukraine from west to east.
 */
export const crsList: readonly Crs[] = [
  crs84,
  { uri: epsg(4326), project: swapped, unproject: swapped },
  projected(3857, '+proj=merc +a=6378137 +b=6378137 +units=m +no_defs'),
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

/** Points of a box's edges that are looked at, since a straight edge may be curved in the other system. */
const steps = 16;

/**
 * The smallest CRS84 box that holds a box of another system, its corners in the order of that
 * system's axes.
 * @throws {RangeError} where the box lies where the system has no coordinates.
 */
export function toCrs84(crs: Crs, [first, second, third, fourth]: readonly number[]): Bbox {
  const corners = [first, second, third, fourth].map((value) => value ?? Number.NaN);
  const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = corners;
  const positions = Array.from({ length: steps + 1 }, (_, step) => {
    const x = x1 + ((x2 - x1) * step) / steps;
    const y = y1 + ((y2 - y1) * step) / steps;
    return [
      [x, y1],
      [x, y2],
      [x1, y],
      [x2, y],
    ];
  }).flat();
  const degrees = positions.map((position) => crs.unproject(position));
  const longitudes = degrees.map(([longitude = Number.NaN]) => longitude);
  const latitudes = degrees.map(([, latitude = Number.NaN]) => latitude);
  const box = [
    Math.min(...longitudes),
    Math.min(...latitudes),
    Math.max(...longitudes),
    Math.max(...latitudes),
  ];
  const [west = 0, south = 0, east = 0, north = 0] = box;
  if (!box.every(Number.isFinite) || west < -180 || east > 180 || south < -90 || north > 90) {
    throw new RangeError('lies where its coordinate reference system has no coordinates');
  }
  return [west, south, east, north];
}

/** How coordinates of a system in a filter become CRS84. */
export function coordinatesIn(crs: Crs): Coordinates {
  if (crs === crs84) return degrees;
  return {
    position: crs.unproject,
    box: (corners) => parseBbox(toCrs84(crs, corners).join(',')),
  };
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
