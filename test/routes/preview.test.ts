import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import sql from 'sql-template-tag';
import { themes } from '../../client/map/theme.ts';
import { atlasApp } from '../helpers/atlas.ts';
import { type Pixels, readPng } from '../helpers/png.ts';

const { panel, types } = themes.light;

/** Pixels of a colour between two columns. */
function count({ at, height }: Pixels, colour: string, from: number, to: number): number {
  let found = 0;
  for (let y = 0; y < height; y++) {
    for (let x = from; x < to; x++) if (at(x, y) === colour) found++;
  }
  return found;
}

test('the picture that is shown of an incident', async (context: TestContext) => {
  const { app, database } = await atlasApp(context);
  const get = async (id: string, query = '', headers: Record<string, string> = {}) =>
    app.inject({ url: `/incidents/${id}/preview.png${query}`, headers });
  const picture = async (id: string, query = '') => {
    const response = await get(id, query);
    assert.equal(response.statusCode, 200, response.body.slice(0, 200));
    assert.equal(response.headers['content-type'], 'image/png');
    return readPng(response.rawPayload);
  };

  await context.test('has the size that networks ask for, words and a map', async () => {
    const pixels = await picture('2025-08-05-lozova');
    assert.deepEqual([pixels.width, pixels.height], [1200, 630]);
    assert.ok(count(pixels, panel.ink, 0, 600) > 5000, 'the title and the figures are drawn');
    assert.ok(count(pixels, types.drone_strike, 620, 1200) > 50, 'the sign of the type is drawn');
    assert.ok(count(pixels, themes.light.map.ukraine, 620, 1200) > 100_000, 'land is drawn');
  });

  await context.test('no sign where only an area is known', async () => {
    const pixels = await picture('2025-08-27-energy-six-regions');
    assert.equal(count(pixels, types.drone_strike, 0, 1200), 0);
    assert.ok(count(pixels, themes.light.map.area, 620, 1200) > 500, 'the area is dotted');
  });

  await context.test('in Ukrainian by address, in fonts that have its letters', async () => {
    const [english, ukrainian] = await Promise.all([
      get('2025-08-05-lozova', '?lang=en'),
      get('2025-08-05-lozova', '?lang=uk'),
    ]);
    assert.notDeepEqual(english.rawPayload, ukrainian.rawPayload);
    assert.notEqual(english.headers.etag, ukrainian.headers.etag);
    assert.ok(count(readPng(ukrainian.rawPayload), panel.ink, 0, 600) > 5000);
  });

  await context.test('a strong tag that holds until the data changes', async () => {
    const first = await get('2025-08-05-lozova');
    const etag = String(first.headers.etag);
    assert.match(etag, /^"/);
    const held = await get('2025-08-05-lozova', '', { 'if-none-match': etag });
    assert.equal(held.statusCode, 304);
    const again = await get('2025-08-05-lozova');
    assert.deepEqual(again.rawPayload, first.rawPayload);
    await database.transaction('write', (session) =>
      session.query(
        sql`UPDATE atlas.incident SET title = 'A title with <b> & "quotes" that is a good deal longer than four lines of a preview can hold, so that it has to end somewhere'
             WHERE id = '2025-08-05-lozova'`,
      ),
    );
    const edited = await get('2025-08-05-lozova', '', { 'if-none-match': etag });
    assert.equal(edited.statusCode, 200);
    assert.notDeepEqual(edited.rawPayload, first.rawPayload);
  });

  await context.test('every incident has one; what is not public has none', async () => {
    const ids = await database.query<{ id: string }>(sql`SELECT id FROM incident ORDER BY id`);
    assert.equal(ids.length, 69);
    for (const { id } of ids) assert.equal((await get(id, '?lang=uk')).statusCode, 200, id);
    await database.transaction('write', (session) =>
      session.query(
        sql`UPDATE atlas.incident SET status = 'draft' WHERE id = '2025-08-18-kharkiv'`,
      ),
    );
    assert.equal((await get('2025-08-18-kharkiv', '?lang=uk')).statusCode, 404);
    assert.equal((await get('none')).statusCode, 404);
  });
});
