import assert from 'node:assert/strict';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { describe, test } from 'node:test';
import { booleanPointInPolygon } from '@turf/turf';
import type { FeatureCollection, MultiLineString, MultiPolygon } from 'geojson';
import { root } from '../helpers/atlas.ts';

const fileOf = (name: string) => path.join(root, 'geodata', 'basemap', `${name}.geojson`);

async function read<Shape extends MultiPolygon | MultiLineString>(
  name: string,
): Promise<FeatureCollection<Shape>> {
  return JSON.parse(await readFile(fileOf(name), 'utf8'));
}

describe('the basemap', () => {
  const places: [string, [number, number], 'ukraine' | 'other' | 'sea'][] = [
    ['Simferopol', [34.1, 44.95], 'ukraine'],
    ['Sevastopol', [33.55, 44.58], 'ukraine'],
    ['Kerch', [36.42, 45.33], 'ukraine'],
    ['Donetsk', [37.8, 48.02], 'ukraine'],
    ['Kyiv', [30.52, 50.45], 'ukraine'],
    ['Moscow', [37.62, 55.75], 'other'],
    ['Taman', [36.9, 45.22], 'other'],
    ['the Far East beyond the antimeridian', [-172, 66.5], 'other'],
    ['the Black Sea', [34, 43.5], 'sea'],
    ['the Caspian Sea', [51, 42], 'sea'],
    ['the Atlantic', [-40, 45], 'sea'],
  ];
  for (const [name, point, expected] of places) {
    test(`${name} lies in: ${expected}`, async () => {
      const { features } = await read<MultiPolygon>('land');
      const found = features.filter((feature) => booleanPointInPolygon(point, feature));
      const kinds = found.map(({ properties }) => properties?.kind);
      assert.deepEqual(kinds, expected === 'sea' ? [] : [expected]);
    });
  }

  test('no border between states is drawn in or beside Crimea (A/RES/68/262)', async () => {
    const { features } = await read<MultiLineString>('lines');
    const borders = features.filter(({ properties }) => properties?.kind === 'country');
    const inCrimea = borders.flatMap(({ geometry }) =>
      geometry.coordinates
        .flat()
        .filter(([x = 0, y = 0]) => x > 32.4 && x < 36.6 && y > 44.3 && y < 46.25),
    );
    assert.deepEqual(inCrimea, []);
  });

  test('each file is small enough to be sent with the page', async () => {
    for (const name of ['land', 'lines', 'labels']) {
      assert.ok((await stat(fileOf(name))).size < 1_000_000, name);
    }
  });
});
