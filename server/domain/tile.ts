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
  const sine = Math.sin((Math.min(85.05112878, Math.max(-85.05112878, latitude)) * Math.PI) / 180);
  const north = 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI);
  return {
    x: Math.floor((((longitude + 180) / 360) * side - x) * tileExtent),
    y: Math.floor((north * side - y) * tileExtent),
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
