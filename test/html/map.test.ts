import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { Position } from 'geojson';
import { areaPath, lineOf, linePath } from '../../server/html/map/paths.ts';
import { latitudeOf, mercator, viewOf } from '../../server/html/map/view.ts';

const size = { width: 400, height: 300, least: 100_000 };
const lozova: Position = [36.31, 48.89];

/** Every point that a path goes through; it must start anew and then take relative steps only. */
function pointsOf(path: string): [number, number][] {
  const points: [number, number][] = [];
  for (const [, start = '', steps = ''] of path.matchAll(/M([-\d ]+)l([-\d ]+)/g)) {
    const [x = Number.NaN, y = Number.NaN] = start.match(/-?\d+/g)?.map(Number) ?? [];
    const moves = steps.match(/-?\d+/g)?.map(Number) ?? [];
    assert.ok(moves.length > 0 && moves.length % 2 === 0, path);
    let at: [number, number] = [x, y];
    points.push(at);
    for (let index = 0; index < moves.length; index += 2) {
      at = [at[0] + (moves[index] ?? 0), at[1] + (moves[index + 1] ?? 0)];
      points.push(at);
    }
  }
  return points;
}

describe('the view of a picture', () => {
  test('has the spot in its middle and at least the width that is asked for', () => {
    const view = viewOf([{ position: lozova, radius: 4000 }], size);
    const [x, y] = view.place(lozova);
    assert.ok(Math.abs(x - 200) < 0.01 && Math.abs(y - 150) < 0.01);
    const metres = view.width / view.unitsPerMetre(lozova[1] ?? 0);
    assert.ok(Math.abs(metres - 100_000) < 1, `${metres}`);
  });

  test('holds every spot with its radius', () => {
    const longitude = fc.double({ min: -170, max: 170, noNaN: true });
    const latitude = fc.double({ min: -70, max: 75, noNaN: true });
    const radius = fc.integer({ min: 0, max: 400_000 });
    const spots = fc.array(fc.tuple(longitude, latitude, radius), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(spots, (given) => {
        const view = viewOf(
          given.map(([x, y, metres]) => ({ position: [x, y], radius: metres })),
          size,
        );
        for (const [longitude, latitude, metres] of given) {
          const [x, y] = view.place([longitude, latitude]);
          const reach = metres * view.unitsPerMetre(latitude);
          assert.ok(x - reach >= 0 && x + reach <= size.width);
          assert.ok(y - reach >= 0 && y + reach <= size.height);
        }
      }),
    );
  });

  test('latitudes come back from the square that they are put on', () => {
    for (const latitude of [-60, 0, 44.6, 50.45, 69]) {
      assert.ok(Math.abs(latitudeOf(mercator([0, latitude])[1]) - latitude) < 1e-9);
    }
  });
});

describe('paths', () => {
  const view = viewOf([{ position: lozova, radius: 4000 }], size);
  const near = fc
    .tuple(
      fc.double({ min: 30, max: 43, noNaN: true }),
      fc.double({ min: 45, max: 52, noNaN: true }),
    )
    .map((position): Position => position);

  test('areas never leave the picture by more than what hides their edge', () => {
    fc.assert(
      fc.property(fc.array(near, { minLength: 3, maxLength: 12 }), (ring) => {
        for (const [x, y] of pointsOf(areaPath(view, [lineOf([...ring, ring[0] ?? lozova])]))) {
          assert.ok(x >= -8 && x <= size.width + 8 && y >= -8 && y <= size.height + 8, `${x} ${y}`);
        }
      }),
    );
  });

  test('an area around the picture fills it, one beside it leaves nothing', () => {
    const box = (west: number, south: number, east: number, north: number) =>
      lineOf([
        [west, south],
        [east, south],
        [east, north],
        [west, north],
        [west, south],
      ]);
    const filled = pointsOf(areaPath(view, [box(30, 45, 43, 52)]));
    assert.deepEqual(
      [Math.min(...filled.map(([x]) => x)), Math.max(...filled.map(([, y]) => y))],
      [-6, 306],
    );
    assert.equal(areaPath(view, [box(10, 45, 12, 52)]), '');
  });

  test('a line whose first points fall together keeps its steps relative', () => {
    const path = linePath(view, [
      lineOf([lozova, [36.3100001, 48.89], [36.4, 48.95], [36.5, 48.9]]),
    ]);
    const [first, ...others] = pointsOf(path);
    assert.deepEqual(first, [200, 150]);
    assert.equal(others.length, 2);
    assert.ok(others.every(([x, y]) => x > 200 && y < 150));
  });
});
