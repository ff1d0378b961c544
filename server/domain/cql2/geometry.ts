import type { Geometry, Position } from 'geojson';
import { type Bbox, parseBbox, splitAtAntimeridian } from '../bbox.ts';

/** Positions that the geometries of an expression may have in all. */
export const maxPositions = 1000;

/** How the coordinates of an expression's geometries become CRS84 (longitude, latitude in degrees). */
export interface Coordinates {
  readonly position: (position: Position) => Position;
  /** The area of a box of four numbers, its corners in the order of the system's axes. */
  readonly box: (corners: readonly number[]) => Geometry;
}

/** Coordinates that are CRS84 already. */
export const degrees: Coordinates = {
  position: (position) => position,
  box: (corners) => boxArea(parseBbox(corners.join(','))),
};

/** A geometry type with coordinates of its own. */
export type SimpleType = Exclude<Geometry['type'], 'GeometryCollection'>;

/** How deep the coordinates of a geometry type are nested: 0 is one position. */
export const nesting: Readonly<Record<SimpleType, 0 | 1 | 2 | 3>> = {
  Point: 0,
  MultiPoint: 1,
  LineString: 1,
  MultiLineString: 2,
  Polygon: 2,
  MultiPolygon: 3,
};

export type Nested = Position | readonly Nested[];

/**
 * Makes a geometry in CRS84 of coordinates in another system (two or three, a height is not used).
 * @throws {RangeError} with a sentence that says what is wrong with it.
 */
export function makeGeometry(
  type: SimpleType,
  coordinates: unknown,
  system: Coordinates,
): Geometry {
  const position = (value: unknown): Position => toPosition(value, system);
  const line = (value: unknown): Position[] => {
    const positions = toList(value).map(position);
    const [first] = positions;
    if (first === undefined || positions.every((each) => same(each, first))) {
      throw new RangeError('has a line of fewer than two different positions');
    }
    return positions;
  };
  const polygon = (value: unknown): Position[][] =>
    toRings(toList(value).map((ring) => toList(ring).map(position)));
  switch (type) {
    case 'Point':
      return { type, coordinates: position(coordinates) };
    case 'MultiPoint':
      return { type, coordinates: some(toList(coordinates)).map(position) };
    case 'LineString':
      return { type, coordinates: line(coordinates) };
    case 'MultiLineString':
      return { type, coordinates: some(toList(coordinates)).map(line) };
    case 'Polygon':
      return { type, coordinates: polygon(coordinates) };
    case 'MultiPolygon':
      return { type, coordinates: some(toList(coordinates)).map(polygon) };
  }
}

/**
 * The area of a box of four or six numbers, its corners in the order of the system's axes.
 * @throws {RangeError} with a sentence that says what is wrong with it.
 */
export function boxGeometry(numbers: readonly number[], system: Coordinates): Geometry {
  if (numbers.length !== 4 && numbers.length !== 6) {
    throw new RangeError('has a box that is not of four or six numbers');
  }
  return system.box(cornersOf(numbers));
}

/** Without the heights of a box of six numbers. */
export function cornersOf(numbers: readonly number[]): readonly number[] {
  return numbers.length === 4 ? numbers : [0, 1, 3, 4].map((index) => numbers[index] ?? 0);
}

/** The area of a box; a box without width or height is a line or a point. */
export function boxArea(box: Bbox): Geometry {
  const halves = splitAtAntimeridian(box);
  const parts = halves.filter(([w, s, e, n]) => w !== e || s !== n);
  const [[west, south] = [0, 0]] = halves;
  // The half of a line that only touches the antimeridian is a point, and is in the other half.
  if (parts.length === 0) return { type: 'Point', coordinates: [west, south] };
  // One that crosses the antimeridian lies on both of its sides.
  const isLine = parts.every(([w, s, e, n]) => w === e || s === n);
  if (isLine) {
    const lines = parts.map(([w, s, e, n]): Position[] => [
      [w, s],
      [e, n],
    ]);
    const [line = []] = lines;
    return lines.length === 1
      ? { type: 'LineString', coordinates: line }
      : { type: 'MultiLineString', coordinates: lines };
  }
  const areas = parts
    .filter(([w, , e]) => w !== e)
    .map(([w, s, e, n]): Position[][] => [
      [
        [w, s],
        [e, s],
        [e, n],
        [w, n],
        [w, s],
      ],
    ]);
  const [area = []] = areas;
  return areas.length === 1
    ? { type: 'Polygon', coordinates: area }
    : { type: 'MultiPolygon', coordinates: areas };
}

/** Well-known text (OGC 06-103r4), longitude first. */
export function formatWkt(geometry: Geometry): string {
  if (geometry.type === 'GeometryCollection') {
    return `GEOMETRYCOLLECTION(${geometry.geometries.map(formatWkt).join(',')})`;
  }
  const text = (value: Nested): string =>
    isPosition(value) ? value.join(' ') : `(${value.map(text).join(',')})`;
  const inner = text(geometry.coordinates);
  return `${geometry.type.toUpperCase()}${geometry.type === 'Point' ? `(${inner})` : inner}`;
}

/** How many positions a geometry has. */
export function countPositions(geometry: Geometry): number {
  if (geometry.type === 'GeometryCollection') {
    return geometry.geometries.reduce((sum, part) => sum + countPositions(part), 0);
  }
  const count = (value: Nested): number =>
    isPosition(value) ? 1 : value.reduce<number>((sum, part) => sum + count(part), 0);
  return count(geometry.coordinates);
}

function isPosition(value: Nested): value is Position {
  return typeof value[0] === 'number';
}

function toList(value: unknown): readonly unknown[] {
  if (!Array.isArray(value))
    throw new RangeError('has coordinates that are not nested as its type asks');
  return value;
}

function some(list: readonly unknown[]): readonly unknown[] {
  if (list.length === 0) throw new RangeError('has no part');
  return list;
}

function toPosition(value: unknown, system: Coordinates): Position {
  const numbers = toList(value);
  const isNumber = (part: unknown): part is number =>
    typeof part === 'number' && Number.isFinite(part);
  if (!numbers.every(isNumber) || numbers.length < 2 || numbers.length > 3) {
    throw new RangeError('has a position that is not two or three numbers');
  }
  const [longitude = Number.NaN, latitude = Number.NaN] = system.position(numbers.slice(0, 2));
  if (!(Math.abs(longitude) <= 180 && Math.abs(latitude) <= 90)) {
    throw new RangeError(`has the position ${numbers.join(' ')}, which lies outside the world`);
  }
  return [longitude, latitude];
}

const same = ([x, y]: Position, [x2, y2]: Position) => x === x2 && y === y2;

/** Whether they cross is for the database to tell (queries/validity.ts). */
function toRings(rings: Position[][]): Position[][] {
  if (rings.length === 0) throw new RangeError('has no ring');
  for (const ring of rings) {
    const [first, last] = [ring.at(0), ring.at(-1)];
    if (ring.length < 4 || first === undefined || last === undefined || !same(first, last)) {
      throw new RangeError('has a ring that is not closed or has fewer than four positions');
    }
  }
  return rings;
}
