import type { QueryOptions, Session } from '../db/database.ts';
import type { Filter } from '../domain/filter.ts';
import { type TileId, tileExtent } from '../domain/tile.ts';
import { type IncidentTile, incidentTile, type TileArea } from './tile.ts';

/** A part of the Web Mercator square of side 1. */
interface Part {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** What a filter selects in the tiles of a zoom, places on the square of side 1. */
export type IncidentsDrawn = Pick<IncidentTile, 'points' | 'clusters' | 'markers' | 'areas'>;

/** The same points, clusters and areas as the tiles of zoom `z` over a part of the square have. */
export async function incidentsOver(
  session: Session,
  z: number,
  part: Part,
  filter: Filter,
  options: QueryOptions,
): Promise<IncidentsDrawn> {
  const side = 2 ** z;
  const numbers = (from: number, to: number) => {
    const [first, last] = [from, to].map((at) => Math.min(side - 1, Math.floor(at * side)));
    return Array.from({ length: (last ?? 0) - (first ?? 0) + 1 }, (_, at) => (first ?? 0) + at);
  };
  const ids = numbers(part.left, part.right).flatMap((x) =>
    numbers(part.top, part.bottom).map((y): TileId => ({ z, x, y })),
  );
  const tiles = await Promise.all(
    ids.map(async (id) => ({ id, tile: await incidentTile(session, id, filter, options) })),
  );
  return {
    points: tiles.flatMap(({ id, tile }) => tile.points.map((each) => placed(id, each))),
    clusters: tiles.flatMap(({ id, tile }) => tile.clusters.map((each) => placed(id, each))),
    markers: tiles.flatMap(({ id, tile }) => tile.markers.map((each) => placed(id, each))),
    // An area is in each tile that it reaches into.
    areas: [
      ...new Map(
        tiles.flatMap(({ tile }) => tile.areas.map((area) => [areaName(area), area])),
      ).values(),
    ],
  };
}

function placed<Point extends { readonly x: number; readonly y: number }>(
  { z, x, y }: TileId,
  point: Point,
): Point {
  const side = 2 ** z;
  return { ...point, x: (x + point.x / tileExtent) / side, y: (y + point.y / tileExtent) / side };
}

/** The same for the same area in different tiles. */
export function areaName(area: TileArea): string {
  return 'id' in area ? area.id : JSON.stringify(area.area.coordinates);
}
