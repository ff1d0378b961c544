import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import sql from 'sql-template-tag';
import { formatIds } from '../../server/formats/formats.ts';
import { atlasApp } from '../helpers/atlas.ts';
import { addCopy, retract, write } from '../helpers/incidents.ts';

const lozova = '2025-08-05-lozova';
const incidents = '/api/collections/incidents';

test('as_of and known_by', async (context: TestContext) => {
  const { app, database } = await atlasApp(context);
  const body = async (url: string) => {
    const response = await app.inject({ url, headers: { 'accept-encoding': 'identity' } });
    assert.equal(response.statusCode, 200, `${url}: ${response.body.slice(0, 300)}`);
    return response.rawPayload
      .toString('latin1')
      .replace(/"timeStamp":"[^"]*"/, '')
      .replace(/<updated>[^<]*<\/updated>/, '');
  };

  // The database's clock after all that was loaded.
  const [row] = await database.query<{ now: string }>(sql`SELECT clock_timestamp() AS now`);
  const at = `as_of=${encodeURIComponent(row?.now ?? '')}`;

  await context.test('what was read as of an instant stays as it was, byte by byte', async () => {
    const urls = [
      ...['geojson', ...formatIds].map((format) => `${incidents}/items?f=${format}&${at}`),
      `${incidents}/items?limit=20&type=drone_strike&sortby=-killed_highest&${at}`,
      `${incidents}/items/${lozova}?${at}`,
      `/api/collections/claims/items?incident=${lozova}&limit=100&${at}`,
      `/api/collections/sources/items?limit=500&${at}`,
      `${incidents}/aggregate?by=month,type&${at}`,
      `${incidents}/aggregate?by=region&f=csv&${at}`,
      `${incidents}/facets?${at}`,
      `${incidents}/tiles/WebMercatorQuad/5/11/19?${at}`,
      `${incidents}/tiles/WebMercatorQuad/0/0/0?${at}`,
    ];
    const before = await Promise.all(urls.map(body));
    const now = await Promise.all(urls.map((url) => body(url.replace(/as_of=[^&]+/, ''))));
    await write(
      database,
      sql`UPDATE atlas.incident SET title = 'Edited', type = 'other',
                 geom = ST_Translate(geom, 0.01, 0)
           WHERE id = ${lozova}`,
    );
    await write(
      database,
      sql`UPDATE atlas.claim SET value_min = 7, value_max = 7
           WHERE incident = ${lozova} AND measure = 'killed'`,
    );
    await write(
      database,
      sql`UPDATE atlas.source SET publisher = 'Edited' WHERE id = 'objectiv-lozova-0808'`,
    );
    await retract(database, '2025-09-04-luhansk-oil-depot');
    await addCopy(database, lozova, 'made-later', '2025-08-05');
    for (const [index, url] of urls.entries()) {
      assert.equal(await body(url), before[index], url);
      const changed = await body(url.replace(/as_of=[^&]+/, ''));
      assert.notEqual(changed, now[index], `${url} without as_of`);
    }
  });

  await context.test('Lozova as it was known: one killed in the morning, two later', async () => {
    interface Known {
      readonly properties: {
        readonly figures: Readonly<
          Record<string, { readonly lowest: number; readonly highest: number } | undefined>
        >;
        readonly claims: readonly { readonly reported_at: string | null }[];
      };
    }
    const known = async (by: string) => {
      const url = `${incidents}/items/${lozova}?known_by=${encodeURIComponent(by)}&${at}`;
      const response = await app.inject({ url });
      assert.equal(response.statusCode, 200, response.body);
      return response.json<Known>().properties;
    };
    const morning = await known('2025-08-05T12:00:00+03:00');
    assert.deepEqual([morning.figures.killed?.lowest, morning.figures.killed?.highest], [1, 1]);
    assert.deepEqual(
      new Set(morning.claims.map(({ reported_at }) => reported_at)),
      new Set(['2025-08-05T08:52:00+03:00']),
    );
    const evening = await known('2025-08-05');
    assert.deepEqual([evening.figures.killed?.lowest, evening.figures.killed?.highest], [1, 2]);
    assert.equal(evening.figures.injured?.highest, 10);
    const later = await known('2025-08-08');
    assert.equal(later.figures.injured?.highest, 13);
    // The night before, nobody had said anything yet.
    const night = await known('2025-08-04');
    assert.deepEqual([night.figures, night.claims], [{}, []]);
  });

  await context.test(
    'the ends of the calendar, and offsets that PostgreSQL does not know',
    async () => {
      const matched = async (query: Readonly<Record<string, string>>) => {
        const response = await app.inject({
          url: `${incidents}/items?${new URLSearchParams(query)}`,
        });
        assert.equal(response.statusCode, 200, response.body);
        return response.json<{ numberMatched: number }>().numberMatched;
      };
      assert.equal(await matched({ known_by: '9999-12-31' }), 69);
      assert.equal(await matched({ known_by: '2026-01-01T00:00:00-23:59' }), 69);
      assert.equal(await matched({ as_of: '2001-01-01T00:00:00+23:59' }), 0);
      const filter = "recorded_at > TIMESTAMP('2001-01-01T00:00:00-23:59')";
      assert.equal(await matched({ filter }), 69);
    },
  );
});
