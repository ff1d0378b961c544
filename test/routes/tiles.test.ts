import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { parseBbox } from '../../server/domain/bbox.ts';
import { tileExtent } from '../../server/domain/tile.ts';
import { atlasApp } from '../helpers/atlas.ts';
import { type DecodedTile, fetchTile } from '../helpers/tiles.ts';

type Address = readonly [z: number, y: number, x: number];

const within = (z: number, rows: readonly [number, number], columns: readonly [number, number]) =>
  Array.from({ length: rows[1] - rows[0] + 1 }, (_, row) =>
    Array.from(
      { length: columns[1] - columns[0] + 1 },
      (_, column): Address => [z, rows[0] + row, columns[0] + column],
    ),
  ).flat();

/** Tiles of a zoom that all incidents lie in. */
const everywhere: readonly (readonly Address[])[] = [
  [[0, 0, 0]],
  within(3, [1, 3], [4, 7]),
  within(5, [6, 12], [17, 30]),
];

interface Items {
  readonly numberMatched: number;
  readonly features: readonly { readonly id: string }[];
}

test('what vector tiles hold', async (context: TestContext) => {
  const { app } = await atlasApp(context);
  const tile = (address: Address, search = '') => fetchTile(app, 'incidents', address, search);
  const matched = async (search: string): Promise<Items> => {
    const url = `/api/collections/incidents/items?limit=1000&${search}`;
    const response = await app.inject({ url });
    assert.equal(response.statusCode, 200, response.body);
    return response.json<Items>();
  };

  await context.test('what is drawn as one symbol is apart from every other', async () => {
    for (const address of [...everywhere.flat(), ...within(9, [171, 174], [298, 302])]) {
      const { incidents = [], clusters = [] } = await tile(address);
      const middles = [...incidents, ...clusters].flatMap(({ points }) => points);
      for (const [index, one] of middles.entries()) {
        for (const other of middles.slice(index + 1)) {
          assert.ok(Math.hypot(one.x - other.x, one.y - other.y) >= 192, address.join('/'));
        }
      }
    }
  });

  await context.test(
    "a cluster's box holds its incidents, and its numbers are theirs",
    async () => {
      const { clusters = [] } = await tile([4, 5, 9], 'type=drone_strike');
      assert.ok(clusters.length > 0);
      for (const { properties } of clusters) {
        assert.doesNotThrow(() => parseBbox(String(properties.bbox)));
        const { numberMatched } = await matched(
          `type=drone_strike&geo_precision=site,settlement&bbox=${properties.bbox}`,
        );
        assert.ok(numberMatched >= Number(properties.count));
        assert.equal(properties.drone_strike, properties.count);
        assert.equal(properties.airstrike, 0);
        assert.ok(Number(properties.killed_given) <= Number(properties.count));
        assert.equal('killed_highest' in properties, properties.killed_given !== 0);
      }
    },
  );

  await context.test('incidents at one point stay together at every zoom', async () => {
    const kyiv = { longitude: 30.5238, latitude: 50.45466 };
    const z = 14;
    const x = Math.floor(((kyiv.longitude + 180) / 360) * 2 ** z);
    const sine = Math.sin((kyiv.latitude * Math.PI) / 180);
    const y = Math.floor((0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)) * 2 ** z);
    const { clusters = [] } = await tile([z, y, x]);
    assert.equal(clusters.length, 1);
    const { properties } = clusters[0] ?? assert.fail();
    const { numberMatched } = await matched(
      `geo_precision=site,settlement&bbox=${properties.bbox}`,
    );
    assert.equal(properties.count, numberMatched);
  });

  await context.test(
    'what is known only as an area is marked once, and never at its point',
    async () => {
      const areas = 'geo_precision=district,region,country';
      const { numberMatched, features } = await matched(areas);
      for (const tiles of everywhere) {
        const drawn: DecodedTile[] = await Promise.all(tiles.map((each) => tile(each)));
        const markers = drawn.flatMap(({ markers = [] }) => markers);
        const total = markers.reduce(
          (sum, { properties }) => sum + Number(properties.count ?? 1),
          0,
        );
        assert.equal(total, numberMatched);
        for (const { points } of markers) {
          for (const { x, y } of points) {
            assert.ok(x >= 0 && x < tileExtent && y >= 0 && y < tileExtent);
          }
        }
      }
      const pins = (await tile([0, 0, 0])).incidents ?? [];
      const known = new Set(features.map(({ id }) => id));
      assert.ok(pins.every(({ properties }) => !known.has(String(properties.id))));
    },
  );

  await context.test('a figure that nobody gave is absent, and no zero', async () => {
    const tiles = await Promise.all(within(5, [9, 11], [18, 20]).map((each) => tile(each)));
    const points = tiles.flatMap(({ incidents = [] }) => incidents);
    const { features } = await matched('filter=killed_highest IS NULL');
    const without = new Set(features.map(({ id }) => id));
    const shown = points.filter(({ properties }) => without.has(String(properties.id)));
    assert.ok(shown.length > 0);
    for (const { properties } of points) {
      assert.equal('killed_highest' in properties, !without.has(String(properties.id)));
    }
  });

  await context.test('every property of a tile is documented in its TileJSON', async () => {
    const response = await app.inject({
      url: '/api/collections/incidents/tiles/WebMercatorQuad?f=tilejson',
    });
    const document = response.json<{
      readonly vector_layers: readonly { readonly id: string; readonly fields: object }[];
    }>();
    const decoded = await tile([4, 5, 9]);
    for (const [name, features] of Object.entries(decoded)) {
      const fields = document.vector_layers.find(({ id }) => id === name)?.fields;
      assert.ok(fields !== undefined, name);
      for (const { properties } of features) {
        for (const property of Object.keys(properties)) {
          assert.ok(property in fields, `${name}.${property}`);
        }
      }
    }
  });
});
