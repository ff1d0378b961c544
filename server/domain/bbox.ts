/**
 * West, south, east, north in degrees (CRS84, longitude first). `west > east` crosses the
 * antimeridian (RFC 7946, 5.2).
 */
export type Bbox = readonly [west: number, south: number, east: number, north: number];

/** Metres of a degree of latitude, on the mean sphere of the Earth. */
export const metresOfDegree = 111_195;

const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?$/;

/**
 * Reads four numbers, or six of which the two heights are checked and not used (the data has no
 * height). Source: OGC API Features Part 1, `/req/core/fc-bbox-definition`.
 * @throws {RangeError} with a sentence that says what is wrong.
 */
export function parseBbox(text: string): Bbox {
  const parts = text.split(',').map((part) => part.trim());
  if (parts.length !== 4 && parts.length !== 6) {
    throw new RangeError(
      'must be four numbers (west,south,east,north) or six (west,south,lowest,east,north,highest)',
    );
  }
  const numbers = parts.map((part) => (decimal.test(part) ? Number(part) : Number.NaN));
  const wrong = numbers.findIndex((number) => !Number.isFinite(number));
  if (wrong >= 0) throw new RangeError(`has '${parts[wrong]}' where a number is expected`);
  if (numbers.length === 6) {
    const [west = 0, south = 0, lowest = 0, east = 0, north = 0, highest = 0] = numbers;
    if (lowest > highest) throw new RangeError('has its lowest height above its highest');
    return bbox(west, south, east, north);
  }
  const [west = 0, south = 0, east = 0, north = 0] = numbers;
  return bbox(west, south, east, north);
}

function bbox(west: number, south: number, east: number, north: number): Bbox {
  if (Math.abs(west) > 180 || Math.abs(east) > 180) {
    throw new RangeError('has a longitude outside -180 to 180');
  }
  if (Math.abs(south) > 90 || Math.abs(north) > 90) {
    throw new RangeError('has a latitude outside -90 to 90');
  }
  if (south > north) throw new RangeError('has its south above its north');
  return [west, south, east, north];
}

/** The text that {@link parseBbox} reads back to the same box. */
export function formatBbox(box: Bbox): string {
  return box.join(',');
}

/** One box, or the two on either side of the antimeridian; each with west at most east. */
export function splitAtAntimeridian([west, south, east, north]: Bbox): Bbox[] {
  if (west <= east) return [[west, south, east, north]];
  return [
    [west, south, 180, north],
    [-180, south, east, north],
  ];
}
