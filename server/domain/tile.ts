import type { Bbox } from './bbox.ts';

/**
 * A tile of WebMercatorQuad (OGC 17-083r4, annex D): `z` the zoom, `x` the column from the west, `y` the row
 * from the north.
 */
export interface TileId {
  readonly z: number;
  readonly x: number;
  readonly y: number;
}

/** Deepest zoom that tiles are served at; clients enlarge these beyond it. */
export const maxTileZoom = 22;

/** Side of a tile in its own integer coordinates. */
export const tileExtent = 4096;

/** Bits that a Morton key holds of each of x and y (`atlas.morton`). */
const keyBits = 31;

/**
 * Reads the three path segments of a tile.
 * @throws {RangeError} with a sentence that says what is wrong.
 */
export function parseTileId(z: string, y: string, x: string): TileId {
  const [zoom, row, column] = [z, y, x].map((text) =>
    /^\d{1,8}$/.test(text) ? Number(text) : Number.NaN,
  );
  if (zoom === undefined || !(zoom <= maxTileZoom)) {
    throw new RangeError(
      `zoom '${z.slice(0, 20)}' must be a whole number from 0 to ${maxTileZoom}`,
    );
  }
  const side = 2 ** zoom;
  if (row === undefined || !(row < side)) {
    throw new RangeError(`row '${y.slice(0, 20)}' must be a whole number from 0 to ${side - 1}`);
  }
  if (column === undefined || !(column < side)) {
    throw new RangeError(`column '${x.slice(0, 20)}' must be a whole number from 0 to ${side - 1}`);
  }
  return { z: zoom, x: column, y: row };
}

/** The Morton keys of all points in a tile: from `first` on, before `end`. */
export function mortonRange({ z, x, y }: TileId): { first: bigint; end: bigint } {
  const tile = interleave(x, z) | (interleave(y, z) << 1n);
  const shift = 2n * BigInt(keyBits - z);
  return { first: tile << shift, end: (tile + 1n) << shift };
}

/** The four tiles at most, as deep as they go, that hold a box that does not cross the antimeridian. */
export function tilesAround([west, south, east, north]: Bbox): readonly TileId[] {
  // Wider by more than the database's arithmetic may differ from ours.
  const [from, to] = [at(west - tiny, north + tiny), at(east + tiny, south - tiny)];
  const within = (part: number, z: number) =>
    Math.min(2 ** z - 1, Math.max(0, Math.floor(part * 2 ** z)));
  const columns = (z: number) => [within(from.x, z), within(to.x, z)] as const;
  const rows = (z: number) => [within(from.y, z), within(to.y, z)] as const;
  let z = 0;
  while (
    z < maxTileZoom &&
    [columns(z + 1), rows(z + 1)].every(([first, last]) => last <= first + 1)
  ) {
    z += 1;
  }
  const [left, right] = columns(z);
  const [top, bottom] = rows(z);
  const tiles = new Set([left, right]);
  return [...tiles].flatMap((x) => [...new Set([top, bottom])].map((y) => ({ z, x, y })));
}

/** Degrees: a centimetre. */
const tiny = 1e-7;

/** Bits by which a Morton key is shifted to number the cells of a tile cut into `2^bits` a side. */
export function cellShift({ z }: TileId, bits: number): number {
  return 2 * (keyBits - z - bits);
}

function interleave(value: number, bits: number): bigint {
  let spread = 0n;
  for (let bit = 0; bit < bits; bit += 1) {
    if ((value >> bit) & 1) spread |= 1n << BigInt(2 * bit);
  }
  return spread;
}

/** A place in a tile's own coordinates, x to the east, y to the south; beyond 0 to its extent outside. */
export function placeInTile(
  { z, x, y }: TileId,
  [longitude, latitude]: readonly [number, number],
): { readonly x: number; readonly y: number } {
  const side = 2 ** z;
  const place = at(longitude, latitude);
  return {
    x: Math.floor((place.x * side - x) * tileExtent),
    y: Math.floor((place.y * side - y) * tileExtent),
  };
}

/** A place in the Web Mercator square, in parts of its side: x to the east, y to the south. */
function at(longitude: number, latitude: number): { readonly x: number; readonly y: number } {
  const sine = Math.sin((Math.min(85.05112878, Math.max(-85.05112878, latitude)) * Math.PI) / 180);
  return {
    x: (longitude + 180) / 360,
    y: 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI),
  };
}

/** West, south, east, north of a tile in degrees, WGS 84. */
export function tileBounds({ z, x, y }: TileId): [number, number, number, number] {
  const side = 2 ** z;
  const longitude = (column: number) => (column / side) * 360 - 180;
  const latitude = (row: number) =>
    (Math.atan(Math.sinh(Math.PI * (1 - (2 * row) / side))) * 180) / Math.PI;
  return [longitude(x), latitude(y + 1), longitude(x + 1), latitude(y)];
}
