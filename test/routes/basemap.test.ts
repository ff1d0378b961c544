import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { tileExtent } from '../../server/domain/tile.ts';
import { atlasApp } from '../helpers/atlas.ts';
import { decodeTile } from '../helpers/tiles.ts';

test('tiles of the basemap', async (context: TestContext) => {
  const { app } = await atlasApp(context);
  const fetched = (address: string, coding = 'identity') =>
    app.inject({ url: `/api/basemap/${address}`, headers: { 'accept-encoding': coding } });
  const tile = async (address: string) => decodeTile((await fetched(address)).rawPayload);

  await context.test('hold land, borders and names, with their properties', async () => {
    const { land, lines, labels } = await tile('0/0/0');
    const kinds = new Set(land?.map(({ properties }) => properties.kind));
    assert.deepEqual(kinds, new Set(['ukraine', 'other']));
    assert.ok(lines?.some(({ properties }) => properties.kind === 'country'));
    const ukraine = labels?.find(({ properties }) => properties.code === 'UA');
    assert.equal(ukraine?.properties.uk, 'Україна');
  });

  await context.test('a name stands in one tile, where it belongs', async () => {
    const found: string[] = [];
    for (const address of ['6/22/37', '6/22/38', '6/23/37', '6/23/38']) {
      const { labels = [] } = await tile(address);
      const here = labels.filter(({ points: [point] }) => {
        const inside = (value = -1) => value >= 0 && value < tileExtent;
        return inside(point?.x) && inside(point?.y);
      });
      if (here.some(({ properties }) => properties.en === 'Simferopol')) found.push(address);
    }
    assert.deepEqual(found, ['6/23/38']);
  });

  await context.test('Crimea is Ukraine at every zoom (A/RES/68/262)', async () => {
    // Tiles of Simferopol that are all land.
    for (const address of ['9/184/304', '12/1475/2435']) {
      const { land = [] } = await tile(address);
      assert.deepEqual(
        land.map(({ properties }) => properties.kind),
        ['ukraine'],
        address,
      );
    }
  });

  await context.test('are kept by whoever asks, and compressed', async () => {
    const plain = await fetched('5/10/18');
    const packed = await fetched('5/10/18', 'br');
    assert.equal(plain.headers['cache-control'], 'public, max-age=86400');
    assert.equal(packed.headers['content-encoding'], 'br');
    assert.match(String(packed.headers.vary), /accept-encoding/i);
    assert.ok(packed.rawPayload.length < plain.rawPayload.length / 1.5);
  });

  await context.test('there are none beyond the map or its zooms', async () => {
    for (const address of ['13/0/0', '3/8/0', 'x/0/0']) {
      assert.equal((await fetched(address)).statusCode, 404, address);
    }
  });
});
