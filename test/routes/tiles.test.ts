import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import sql from 'sql-template-tag';
import { buildApp } from '../../server/app.ts';
import type { Database, Statement } from '../../server/db/database.ts';
import { parseBbox } from '../../server/domain/bbox.ts';
import { tileExtent, tilesAround } from '../../server/domain/tile.ts';
import { atlasApp, atlasDatabase } from '../helpers/atlas.ts';
import { addCopy, retract, write } from '../helpers/incidents.ts';
import { countedIn, type DecodedTile, decodeTile, fetchTile } from '../helpers/tiles.ts';

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
  const { app, database } = await atlasApp(context);
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

  await context.test('every zoom counts each incident once', async () => {
    const { numberMatched } = await matched('type=missile_strike,combined_strike');
    // From one zoom to the next only tiles that count something can have children that do.
    let addresses: readonly Address[] = [[0, 0, 0]];
    for (let zoom = 0; zoom <= 12; zoom += 1) {
      let sum = 0;
      const counting: Address[] = [];
      for (const address of addresses) {
        const counted = countedIn(await tile(address, 'type=missile_strike,combined_strike'));
        sum += counted;
        if (counted > 0) counting.push(address);
      }
      assert.equal(sum, numberMatched, `zoom ${zoom}`);
      addresses = counting.flatMap(([z, y, x]) =>
        within(z + 1, [2 * y, 2 * y + 1], [2 * x, 2 * x + 1]),
      );
    }
  });

  await context.test('an incident alone: what its tile says of it', async () => {
    const search = `filter=${encodeURIComponent("id = '2025-08-05-lozova'")}`;
    const { incidents, clusters, areas, markers } = await tile([5, 11, 19], search);
    assert.deepEqual([clusters, areas, markers], [undefined, undefined, undefined]);
    const [alone] = incidents ?? [];
    const [point] = alone?.points ?? [];
    assert.ok(alone && point && incidents?.length === 1);
    assert.equal(alone.type, 1);
    assert.match(String(alone.properties.title), /Lozova/);
    assert.deepEqual(
      { ...alone.properties, title: '' },
      {
        id: '2025-08-05-lozova',
        title: '',
        type: 'drone_strike',
        attacker: 'RU',
        place: 'Lozova',
        day: '2025-08-05',
        last_day: '2025-08-05',
        time: '2025-08-05',
        time_precision: 'exact',
        geo_precision: 'settlement',
        uncertainty_m: 4000,
        killed_lowest: 1,
        killed_highest: 2,
        injured_lowest: 9,
        injured_highest: 13,
      },
    );
    // Lozova is at 48.9 north, 36.3 east: 7/32 of the world's width from 0, so column 19.
    const longitude = ((19 + point.x / tileExtent) / 32) * 360 - 180;
    assert.ok(Math.abs(longitude - 36.3) < 0.1, String(longitude));
  });

  await context.test('an edit is in the next tile, under another tag', async () => {
    const url = '/api/collections/incidents/tiles/WebMercatorQuad/0/0/0';
    const read = async (headers: Record<string, string> = {}) => {
      const response = await app.inject({
        url,
        headers: { 'accept-encoding': 'identity', ...headers },
      });
      return { response, tag: String(response.headers.etag) };
    };
    const before = await read();
    assert.equal((await read({ 'if-none-match': before.tag })).response.statusCode, 304);
    await addCopy(database, '2025-08-05-lozova', 'made-for-tiles', '2025-08-05');
    const after = await read({ 'if-none-match': before.tag });
    assert.equal(after.response.statusCode, 200);
    assert.notEqual(after.tag, before.tag);
    assert.equal(
      countedIn(decodeTile(after.response.rawPayload)),
      countedIn(decodeTile(before.response.rawPayload)) + 1,
    );
    await retract(database, 'made-for-tiles');
    const last = await read();
    assert.equal(
      countedIn(decodeTile(last.response.rawPayload)),
      countedIn(decodeTile(before.response.rawPayload)),
    );
  });
});

/** A database that says which statements it is asked before they run. */
function watched(database: Database, asked: (statement: Statement) => unknown): Database {
  return {
    engine: database.engine,
    load: () => database.load(),
    close: () => database.close(),
    query: async (statement, options) => {
      await asked(statement);
      return database.query(statement, options);
    },
    transaction: (mode, work, options) => database.transaction(mode, work, options),
  };
}

test('identical requests at the same time share one query', async (context: TestContext) => {
  const database = await atlasDatabase(context);
  const read = { states: 0, cells: 0, incidents: 0 };
  const counting = watched(database, ({ text, name }) => {
    if (text.includes('incident_touched')) read.states += 1;
    else if (text.includes('AS cells')) read.cells += 1;
    else if (name !== 'revision') read.incidents += 1;
  });
  const app = await buildApp({ config: { publicUrl: undefined }, database: counting });
  context.after(() => app.close());
  const url = '/api/collections/incidents/tiles/WebMercatorQuad/4/5/9';
  const answers = await Promise.all(
    Array.from({ length: 30 }, () => app.inject({ url: `${url}?type=drone_strike` })),
  );
  for (const { statusCode } of answers) assert.equal(statusCode, 200);
  assert.deepEqual(read, { states: 1, cells: 1, incidents: 1 });
  await app.inject({ url: `${url}?type=drone_strike` });
  assert.deepEqual(read, { states: 1, cells: 1, incidents: 1 }, 'a tile that was made is kept');
  await app.inject({ url: `${url}?type=shelling` });
  assert.equal(read.cells, 2);
});

test('a write between what is counted and what is said of single incidents makes no mixed tile', async (context: TestContext) => {
  const database = await atlasDatabase(context);
  let writes = 0;
  const wrote = watched(database, async ({ text }) => {
    // The incident that was counted alone has company before it is looked up.
    if (!text.includes('unnest(') || writes > 0) return;
    writes += 1;
    await addCopy(database, '2025-08-05-lozova', 'made-meanwhile', '2025-08-05');
  });
  const app = await buildApp({ config: { publicUrl: undefined }, database: wrote });
  context.after(() => app.close());
  const response = await app.inject('/api/collections/incidents/items/2025-08-05-lozova');
  const [longitude, latitude] = response.json().geometry.coordinates;
  const [deepest] = tilesAround([longitude, latitude, longitude, latitude]);
  assert.ok(deepest !== undefined);
  const up = deepest.z - 12;
  const address = [12, deepest.y >> up, deepest.x >> up] as const;
  const { incidents = [], clusters = [] } = await fetchTile(app, 'incidents', address, '');
  assert.equal(writes, 1);
  assert.deepEqual(incidents, [], 'nothing is drawn as one that has company');
  assert.deepEqual(
    clusters.map(({ properties }) => properties.count),
    [2],
  );
});

test('a pile of incidents makes no large tile, and the kept sums say what the incidents say', async (context) => {
  const { app, database } = await atlasApp(context);
  // Two thousand at one point, and as many known only to a district or to the region.
  await write(
    database,
    sql`INSERT INTO atlas.incident
          (id, title, summary, type, attacker, targets, country, region, place, time, time_precision,
           starts_at, ends_at, geo_precision, uncertainty_m, coordinate_source, geom, area, morton,
           dataset, status, recorded_at)
        SELECT 'pile-' || n, 'Made up: ' || title, summary, type, attacker, targets, country, region,
               place, time, time_precision, starts_at, ends_at,
               (ARRAY['settlement', 'district', 'region'])[1 + n % 3], uncertainty_m, coordinate_source,
               CASE n % 3 WHEN 0 THEN geom ELSE ST_Translate(geom, n % 40 / 50.0, n % 37 / 50.0) END,
               NULL, 0, dataset, status, now()
          FROM atlas.incident CROSS JOIN generate_series(1, 6000) AS n
         WHERE id = '2025-08-05-lozova'`,
  );
  const deepest: readonly Address[] = [
    [5, 11, 19],
    [8, 88, 153],
    [9, 177, 307],
    [12, 1418, 2460],
  ];
  // Sums know no attacker: with one in the filter every incident is counted, beside the record; with what
  // is not kept there, in the record.
  const everyone = 'attacker=RU,UA,unknown';
  const anyhow = 'geo_precision=site,settlement,district,region,country';
  for (const [z, y, x] of deepest) {
    const url = `/api/collections/incidents/tiles/WebMercatorQuad/${z}/${y}/${x}`;
    const response = await app.inject({ url, headers: { 'accept-encoding': 'identity' } });
    assert.ok(response.rawPayload.length < 300_000, `${z}: ${response.rawPayload.length} bytes`);
    const kept = decodeTile(response.rawPayload);
    const counted = await fetchTile(app, 'incidents', [z, y, x], everyone);
    const recorded = await fetchTile(app, 'incidents', [z, y, x], anyhow);
    assert.equal(countedIn(kept), countedIn(counted));
    for (const { properties } of kept.areas ?? []) {
      assert.equal(typeof properties.uncertainty_m, 'number');
      assert.equal(typeof properties.geo_precision, 'string');
    }
    const inOrder = (tile: DecodedTile) =>
      Object.fromEntries(
        Object.entries(tile).map(([name, features]) => [
          name,
          features.map(({ properties }) => JSON.stringify(properties)).toSorted(),
        ]),
      );
    assert.deepEqual(inOrder(kept), inOrder(counted), `zoom ${z}`);
    assert.deepEqual(inOrder(counted), inOrder(recorded), `zoom ${z}`);
  }
});
