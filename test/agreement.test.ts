import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import type { FastifyInstance } from 'fastify';
import { formatFilter } from '../server/domain/filter.ts';
import { atlasApp } from './helpers/atlas.ts';
import { idsIn } from './helpers/files.ts';
import { incidentFilters } from './helpers/filters.ts';
import { countedIn, type DecodedTile, fetchTile } from './helpers/tiles.ts';

/**
 * One filter, the same strikes everywhere: under any filter, and at any point in time, the list, its
 * pages, the files, the aggregates and the tiles are of the same incidents.
 */

const runs = Number(process.env.AGREEMENT_RUNS ?? 25);

interface Items {
  readonly numberMatched: number;
  readonly features: readonly { readonly id: string }[];
  readonly links: readonly { readonly rel: string; readonly href: string }[];
}
interface Aggregate {
  readonly numberMatched: number;
  readonly groups: readonly { readonly incidents: number }[];
}

async function json<Body>(app: FastifyInstance, url: string): Promise<Body> {
  const response = await app.inject({ url });
  assert.equal(response.statusCode, 200, `${url}: ${response.body.slice(0, 300)}`);
  return response.json<Body>();
}

async function walk(app: FastifyInstance, first: string): Promise<string[]> {
  const ids: string[] = [];
  let url: string | undefined = first;
  for (let pages = 0; url !== undefined; pages += 1) {
    assert.ok(pages < 50, 'paging does not end');
    const page: Items = await json<Items>(app, url);
    ids.push(...page.features.map(({ id }) => id));
    url = page.links.find(({ rel }) => rel === 'next')?.href.replace('https://atlas.example', '');
  }
  return ids;
}

const allTiles = (z: number) => {
  const side = 2 ** z;
  return Array.from({ length: side * side }, (_, index): [number, number, number] => [
    z,
    Math.floor(index / side),
    index % side,
  ]);
};

const moments = fc.constantFrom(
  '',
  'known_by=2025-06-15',
  'known_by=2025-08-05T09:00:00%2B03:00',
  `as_of=${new Date(Date.now() - 1000).toISOString()}`,
  'as_of=2020-01-01',
);

test('agreement', async (context: TestContext) => {
  const { app } = await atlasApp(context);
  const root = '/api/collections/incidents';

  await context.test('count, pages, aggregates and tiles', { timeout: 1_200_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(incidentFilters, moments, async (filter, moment) => {
        const parameters = new URLSearchParams(formatFilter(filter)).toString();
        const search = [parameters, moment].filter((part) => part !== '').join('&');
        const all = await json<Items>(app, `${root}/items?limit=10000&${search}`);
        const { numberMatched } = all;
        const ids = all.features.map(({ id }) => id);
        assert.equal(ids.length, numberMatched);
        assert.equal(new Set(ids).size, numberMatched);
        assert.deepEqual(await walk(app, `${root}/items?limit=9&${search}`), ids);
        for (const [format, read] of Object.entries(idsIn)) {
          const file = await app.inject({ url: `${root}/items?f=${format}&${search}` });
          assert.equal(file.statusCode, 200, file.body.slice(0, 300));
          assert.deepEqual(await read(file.rawPayload), ids, format);
        }
        for (const by of ['', 'by=day&', 'by=month,type&', 'by=region,attacker,country&']) {
          const { groups, ...aggregate } = await json<Aggregate>(
            app,
            `${root}/aggregate?${by}${search}`,
          );
          assert.equal(aggregate.numberMatched, numberMatched);
          assert.equal(
            groups.reduce((sum, { incidents }) => sum + incidents, 0),
            numberMatched,
            by,
          );
        }
        assert.equal(
          countedIn(await fetchTile(app, 'incidents', [0, 0, 0], search)),
          numberMatched,
        );
        const tiles = await Promise.all(
          allTiles(2).map((tile) => fetchTile(app, 'incidents', tile, search)),
        );
        assert.equal(
          tiles.reduce((sum, tile) => sum + countedIn(tile), 0),
          numberMatched,
        );
      }),
      { numRuns: runs },
    );
  });

  await context.test('every tile of a deep zoom', { timeout: 1_200_000 }, async () => {
    const wanted = allTiles(5);
    const tiles: DecodedTile[] = [];
    // Rows of a screen's width: more at once would wait in line for longer than a request may.
    while (wanted.length > 0) {
      const row = wanted.splice(0, 32);
      tiles.push(
        ...(await Promise.all(row.map((tile) => fetchTile(app, 'incidents', tile, 'country=UA')))),
      );
    }
    const points = tiles
      .flatMap((tile) => tile.incidents ?? [])
      .map(({ properties }) => properties.id);
    assert.equal(new Set(points).size, points.length);
    const { numberMatched } = await json<Items>(app, `${root}/items?country=UA`);
    assert.equal(
      tiles.reduce((sum, tile) => sum + countedIn(tile), 0),
      numberMatched,
    );
  });
});
