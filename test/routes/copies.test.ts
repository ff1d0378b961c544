import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { FastifyInstance } from 'fastify';
import { buildApp } from '../../server/app.ts';
import { atlasDatabase } from '../helpers/atlas.ts';
import { addCopy, retract } from '../helpers/incidents.ts';
import { countedIn, decodeTile } from '../helpers/tiles.ts';

const incidents = '/api/collections/incidents';

/** How many incidents a page, an aggregate and a tile of a copy count. */
async function counts(app: FastifyInstance): Promise<readonly number[]> {
  const read = async (url: string) => {
    const response = await app.inject({ url, headers: { 'accept-encoding': 'identity' } });
    assert.equal(response.statusCode, 200, response.body);
    return response;
  };
  const page = await read(`${incidents}/items?limit=1&type=drone_strike`);
  const aggregate = await read(`${incidents}/aggregate?by=type&sums=none`);
  const tile = await read(`${incidents}/tiles/WebMercatorQuad/0/0/0?type=drone_strike`);
  const { groups } = aggregate.json<{ groups: { type: string; incidents: number }[] }>();
  return [
    page.json<{ numberMatched: number }>().numberMatched,
    groups.find(({ type }) => type === 'drone_strike')?.incidents ?? 0,
    countedIn(decodeTile(tile.rawPayload)),
  ];
}

test('a write is in the next answer of every copy of the service', async (context: TestContext) => {
  const database = await atlasDatabase(context);
  const copies = await Promise.all(
    [1, 2].map(() => buildApp({ config: { publicUrl: undefined }, database })),
  );
  for (const app of copies) context.after(() => app.close());
  const all = () => Promise.all(copies.map(counts));

  assert.deepEqual(await all(), [
    [40, 40, 40],
    [40, 40, 40],
  ]);
  await addCopy(database, '2025-08-05-lozova', 'made-for-copies', '2025-08-05');
  assert.deepEqual(await all(), [
    [41, 41, 41],
    [41, 41, 41],
  ]);
  await retract(database, 'made-for-copies');
  assert.deepEqual(await all(), [
    [40, 40, 40],
    [40, 40, 40],
  ]);
});
