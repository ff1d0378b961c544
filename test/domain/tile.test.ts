import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Bbox } from '../../server/domain/bbox.ts';
import { placeInTile, tileExtent, tilesAround } from '../../server/domain/tile.ts';

const boxes: readonly (readonly [name: string, box: Bbox, tiles: number, zoom: number])[] = [
  ['a point', [36.3, 48.9, 36.3, 48.9], 1, 22],
  ['a town', [36.2, 48.8, 36.4, 49], 4, 10],
  ['on both sides of a great tile edge', [-0.01, -0.01, 0.01, 0.01], 4, 15],
  ['a country', [22, 44, 41, 53], 2, 4],
  ['the world', [-180, -90, 180, 90], 4, 1],
  ['beyond what the map shows', [10, 86, 20, 90], 2, 5],
  ['up to the antimeridian', [179.9, -17, 180, -16], 2, 9],
];

for (const [name, box, count, zoom] of boxes) {
  test(`tiles around ${name}`, () => {
    const tiles = tilesAround(box);
    const [west, south, east, north] = box;
    assert.ok(tiles.length <= 4);
    assert.deepEqual([tiles.length, tiles[0]?.z], [count, zoom]);
    for (const part of [0, 0.001, 0.31, 0.5, 0.77, 0.999, 1]) {
      for (const other of [0, 0.2, 0.5, 1]) {
        const point = [west + part * (east - west), south + other * (north - south)] as const;
        const holds = tiles.some((tile) => {
          const { x, y } = placeInTile(tile, point);
          const isEdge = point[0] === 180 || Math.abs(point[1]) > 85;
          const within = (at: number) =>
            isEdge ? at >= -1 && at <= tileExtent : at >= 0 && at < tileExtent;
          return within(x) && within(y);
        });
        assert.ok(holds, `${point} is in none of ${JSON.stringify(tiles)}`);
      }
    }
  });
}
