import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { FastifyInstance } from 'fastify';
import sql, { type Sql } from 'sql-template-tag';
import { buildApp } from '../../server/app.ts';
import { atlasDatabase } from '../helpers/atlas.ts';
import { addCopy, untilLapsed, write } from '../helpers/incidents.ts';

const lozova = '2025-08-05-lozova';
const kryvyiRih = '2025-04-04-kryvyi-rih';

/** Tiles over Ukraine at wide and near zooms, those of Kryvyi Rih and of Lozova among them. */
const addresses = [
  '0/0/0',
  ...[21, 22].flatMap((row) => [36, 37, 38].map((column) => `6/${row}/${column}`)),
  ...[88, 89].flatMap((row) => [151, 153].map((column) => `8/${row}/${column}`)),
  '10/356/606',
  '10/352/615',
];
const searches = [
  '',
  '?type=drone_strike,missile_strike',
  '?datetime=2025-01-01/2025-12-31&killed=1..',
];

interface Tile {
  readonly tag: string;
  readonly body: string;
}

async function tilesOf(app: FastifyInstance): Promise<ReadonlyMap<string, Tile>> {
  const found = new Map<string, Tile>();
  for (const address of addresses) {
    for (const search of searches) {
      const url = `/api/collections/incidents/tiles/WebMercatorQuad/${address}${search}`;
      const response = await app.inject({ url });
      assert.ok(response.statusCode === 200 || response.statusCode === 204, response.body);
      const body = response.rawPayload.toString('base64');
      found.set(`${address}${search}`, { tag: String(response.headers.etag), body });
    }
  }
  return found;
}

test('a write leaves the tiles that it does not change', async (context: TestContext) => {
  const database = await atlasDatabase(context);
  const config = { publicUrl: undefined };
  const app = await buildApp({ config, database });
  // Keeps nothing, so it sends what is true now.
  const true_ = await buildApp({ config, database, cacheBytes: 1 });
  context.after(() => Promise.all([app.close(), true_.close()]));

  let before = await tilesOf(app);
  /** Addresses whose tag is another since they were last looked at; each of the others must be what it was. */
  const changed = async (after: string): Promise<readonly string[]> => {
    const [now, truth] = [await tilesOf(app), await tilesOf(true_)];
    const others: string[] = [];
    for (const [address, tile] of now) {
      assert.deepEqual(tile, truth.get(address), `${address} after ${after}`);
      if (tile.tag !== before.get(address)?.tag) others.push(address);
      else assert.equal(tile.body, before.get(address)?.body, `${address} after ${after}`);
    }
    before = now;
    return others;
  };
  const all = addresses.length * searches.length;
  assert.equal(before.size, all);

  const edits: readonly (readonly [after: string, statement: Sql, leaves: boolean])[] = [
    ['a title', sql`UPDATE atlas.incident SET title = title || '.' WHERE id = ${kryvyiRih}`, true],
    [
      'another place',
      sql`UPDATE atlas.incident SET geom = ST_Translate(geom, 1.5, 0.1) WHERE id = ${kryvyiRih}`,
      true,
    ],
    [
      'a higher toll',
      sql`UPDATE atlas.claim SET value_min = value_min + 5, value_max = value_max + 5
           WHERE incident = ${kryvyiRih} AND measure = 'killed'`,
      true,
    ],
    [
      'known as an area only',
      sql`UPDATE atlas.incident SET geo_precision = 'district' WHERE id = ${kryvyiRih}`,
      false,
    ],
    [
      'known as a point again',
      sql`UPDATE atlas.incident SET geo_precision = 'settlement' WHERE id = ${kryvyiRih}`,
      false,
    ],
    [
      'a boundary',
      sql`UPDATE atlas.region SET geom = ST_Multi(ST_Buffer(geom, 0.1)) WHERE code = 'UA-63'`,
      false,
    ],
    [
      'a source withdrawn',
      sql`UPDATE atlas.source SET status = 'retracted'
           WHERE id = (SELECT min(source) FROM atlas.claim WHERE incident = ${kryvyiRih} AND measure = 'killed')`,
      true,
    ],
    ['a draft', sql`UPDATE atlas.incident SET status = 'draft' WHERE id = ${kryvyiRih}`, true],
    ['nothing', sql`UPDATE atlas.incident SET title = title WHERE id = ${lozova}`, true],
  ];
  for (const [after, statement, leaves] of edits) {
    await write(database, statement);
    const others = await changed(after);
    if (after !== 'nothing') assert.ok(others.length > 0, `${after} changes a tile`);
    if (leaves) assert.ok(others.length < all / 2, `${after} changes ${others.length} of ${all}`);
    else assert.equal(others.length, all, after);
  }
  await addCopy(database, kryvyiRih, 'made-up', '2031-01-01');
  await write(database, sql`UPDATE atlas.incident SET status = 'published' WHERE id = 'made-up'`);
  assert.ok((await changed('an incident added')).length < all / 2);

  before = await untilLapsed(
    (until) =>
      write(
        database,
        sql`UPDATE atlas.incident SET status = 'published', embargo_until = ${until} WHERE id = ${kryvyiRih}`,
      ),
    () => tilesOf(app),
  );
  assert.equal((await changed('an embargo that lapsed')).length, all);

  // What else a filter may look at is changed by any write.
  const url = `/api/collections/incidents/tiles/WebMercatorQuad/8/88/153?source=independent-0805`;
  const tag = async () => (await app.inject({ url })).headers.etag;
  const first = await tag();
  await write(database, sql`UPDATE atlas.incident SET title = title || '.' WHERE id = 'made-up'`);
  assert.notEqual(await tag(), first);
});

test('a tile that a write left is answered 304 to whoever holds it', async (context: TestContext) => {
  const database = await atlasDatabase(context);
  const app = await buildApp({ config: { publicUrl: undefined }, database });
  context.after(() => app.close());
  const url = '/api/collections/incidents/tiles/WebMercatorQuad/8/88/153';
  const { headers } = await app.inject({ url });
  await write(database, sql`UPDATE atlas.incident SET title = 'Another' WHERE id = ${kryvyiRih}`);
  const again = await app.inject({ url, headers: { 'if-none-match': String(headers.etag) } });
  assert.equal(again.statusCode, 304);
  const other = await app.inject({ url });
  assert.equal(other.headers['cache-status'], 'tiles; hit');
});
