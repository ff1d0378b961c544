import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import sql from 'sql-template-tag';
import { build } from 'vite';
import { ukraine } from '../../client/map/camera.ts';
import { buildApp } from '../../server/app.ts';
import { frameOf } from '../../server/html/first-map/frame.ts';
import { atlasDatabase, root } from '../helpers/atlas.ts';
import { fetchTile } from '../helpers/tiles.ts';

/** What a level of the picture shows: single points and clusters, areas marked alone and together. */
interface Shown {
  readonly points: number;
  readonly clusters: readonly number[];
  readonly areas: number;
  readonly groups: readonly number[];
}

test('the picture of the first view', async (context: TestContext) => {
  const clientDir = await mkdtemp(path.join(tmpdir(), 'strike-atlas-client-'));
  context.after(() => rm(clientDir, { recursive: true, force: true }));
  await build({
    configFile: path.join(root, 'vite.config.ts'),
    logLevel: 'error',
    build: { outDir: clientDir, emptyOutDir: true },
  });
  const database = await atlasDatabase(context);
  const app = await buildApp({
    config: { publicUrl: undefined },
    database,
    clientDir,
    pictureMs: 60_000,
  });
  context.after(() => app.close());
  const get = (url: string, headers: Record<string, string> = {}) => app.inject({ url, headers });

  /** A page with its picture. */
  async function drawn(url: string, headers: Record<string, string> = {}): Promise<string> {
    const { statusCode, body } = await get(url, headers);
    assert.equal(statusCode, 200, url);
    assert.ok(body.includes('<div id="first"'), url);
    return body;
  }

  function shownIn(page: string): Map<number, Shown> {
    const [, ...parts] = page.split(/<g class="l(\d+)">/);
    const levels = new Map<number, Shown>();
    for (let index = 0; index < parts.length; index += 2) {
      const [z, part = ''] = [Number(parts[index]), parts[index + 1]];
      const numbers = (pattern: RegExp) =>
        [...part.matchAll(pattern)].map(([, count]) => Number(count)).sort((a, b) => a - b);
      levels.set(z, {
        points: part.split('data-of="point"').length - 1,
        clusters: numbers(/data-of="points" data-count="(\d+)"/g),
        areas: part.split('data-of="area"').length - 1,
        groups: numbers(/data-of="areas">(\d+)</g),
      });
    }
    return levels;
  }

  const sum = (numbers: readonly number[]) => numbers.reduce((all, each) => all + each, 0);
  async function matched(query: string): Promise<number> {
    const { body } = await get(`/api/collections/incidents/items?limit=1&f=geojson&${query}`);
    return JSON.parse(body).numberMatched;
  }

  const filters = [
    '',
    'type=drone_strike',
    'datetime=2025-08-01/2025-08-07',
    'attacker=UA&killed=1..',
    'bbox=30,46,38,52',
    'q=rail',
    'source=independent-0805',
  ];
  for (const filter of filters) {
    await context.test(`shows what the tiles have: ${filter}`, async () => {
      const levels = shownIn(await drawn(`/?${filter}`));
      assert.deepEqual([...levels.keys()], [3, 4, 5]);
      for (const { z, cover } of frameOf(ukraine)?.levels ?? []) {
        const side = 2 ** z;
        const count = { points: 0, clusters: [0], areas: 0, groups: [0] };
        for (let x = Math.floor(cover.left * side); x <= cover.right * side; x += 1) {
          for (let y = Math.floor(cover.top * side); y <= cover.bottom * side; y += 1) {
            const tile = await fetchTile(app, 'incidents', [z, y, x], filter);
            count.points += tile.incidents?.length ?? 0;
            for (const { properties } of tile.clusters ?? []) {
              count.clusters.push(Number(properties.count));
            }
            for (const { properties } of tile.markers ?? []) {
              if (properties.count === undefined) count.areas += 1;
              else count.groups.push(Number(properties.count));
            }
          }
        }
        const shown = levels.get(z);
        assert.deepEqual(shown, {
          ...count,
          clusters: count.clusters.slice(1).sort((a, b) => a - b),
          groups: count.groups.slice(1).sort((a, b) => a - b),
        });
      }
    });
  }

  for (const filter of ['country=UA', 'country=UA&type=combined_strike', 'region=UA-63,UA-12']) {
    await context.test(`adds up to the list: ${filter}`, async () => {
      const asPoints = await matched(`${filter}&geo_precision=site,settlement`);
      const asAreas = await matched(`${filter}&geo_precision=district,region,country`);
      assert.ok(asPoints > 0);
      for (const { points, clusters, areas, groups } of shownIn(
        await drawn(`/?${filter}`),
      ).values()) {
        assert.equal(points + sum(clusters), asPoints);
        assert.equal(areas + sum(groups), asAreas);
      }
    });
  }

  await context.test('what is known only as an area is no point', async () => {
    for (const [, shown] of shownIn(await drawn('/?geo_precision=district,region,country'))) {
      assert.equal(shown.points + shown.clusters.length, 0);
      assert.ok(shown.areas + shown.groups.length > 0);
    }
  });

  await context.test('draws no more than the address lets the map draw', async () => {
    const whole = await drawn('/');
    assert.match(whole, /class="first-name claim"/);
    assert.match(whole, /class="first-region"/);
    const less = await drawn('/?hide=claims,regions,labels');
    assert.doesNotMatch(less, /class="first-name|class="first-region"/);
    assert.match(less, /id="first-claims" d(?:="")?>/);
    assert.match(await drawn('/?lang=uk'), />Київ</);
    assert.match(await drawn('/', { 'accept-language': 'uk' }), /<html lang="uk"[\s\S]*>Київ</);
    const deaths = await drawn('/?size=killed');
    assert.match(deaths, /data-of="points" data-count="\d+">–</);
  });

  await context.test(
    'is there at all the pages that have the map, and of their own view',
    async () => {
      for (const url of [
        '/embed',
        '/incidents/2025-08-05-lozova',
        '/regions/UA-63',
        '/index.html',
      ]) {
        assert.deepEqual([...shownIn(await drawn(url)).keys()], [3, 4, 5], url);
      }
      const close = await drawn('/?map=7.4/48.9/36.3');
      assert.deepEqual([...shownIn(close).keys()], [7]);
      assert.match(close, /class="first-disc"/);
      assert.ok(shownIn(await drawn('/embed?datetime=2025-08-05&region=UA-63')).has(9));
    },
  );

  await context.test(
    'is left out where the map would move away from it, or cannot filter',
    async () => {
      for (const url of [
        // In Samara Oblast, out of sight on what the map opens on.
        '/incidents/2025-08-30-syzran-refinery',
        '/regions/UA-21',
        '/?type=submarine',
        '/embed?type=submarine',
        '/?map=1.6/48/31',
        '/?filter=type%20LIKE%203',
      ]) {
        const { statusCode, body } = await get(url);
        assert.equal(statusCode, 200, url);
        assert.ok(!body.includes('<div id="first"'), url);
        assert.match(body, /<main id="map"/, url);
      }
    },
  );

  await context.test('adds less than 25 kB to the page', async () => {
    const template = gzipSync(await get('/?type=submarine').then(({ body }) => body)).length;
    for (const url of ['/', '/?lang=uk', '/?map=9/48.5/37.5']) {
      const added = gzipSync(await drawn(url)).length - template;
      assert.ok(added < 25_000, `${url}: ${added}`);
    }
  });

  await context.test('is of the data that its tag names, and shows nothing withheld', async () => {
    const before = shownIn(await drawn('/?region=UA-63')).get(5);
    const { etag } = (await get('/?region=UA-63')).headers;
    assert.equal((await get('/?region=UA-63', { 'if-none-match': String(etag) })).statusCode, 304);
    await database.transaction('write', (session) =>
      session.query(sql`UPDATE atlas.incident SET status = 'draft' WHERE id = '2025-08-05-lozova'`),
    );
    const { statusCode } = await get('/?region=UA-63', { 'if-none-match': String(etag) });
    assert.equal(statusCode, 200);
    const after = shownIn(await drawn('/?region=UA-63')).get(5);
    const total = (shown: Shown | undefined) =>
      shown === undefined ? 0 : shown.points + sum(shown.clusters);
    assert.equal(total(after), total(before) - 1);
  });

  await context.test('a page does not wait for it for long, and has it the next time', async () => {
    const hasty = await buildApp({
      config: { publicUrl: undefined },
      database,
      clientDir,
      pictureMs: 0,
    });
    const first = await hasty.inject('/?type=missile_strike');
    assert.equal(first.statusCode, 200);
    assert.ok(!first.body.includes('<div id="first"'));
    const tag = String(first.headers.etag);
    for (let tries = 0; tries < 600; tries += 1) {
      const next = await hasty.inject({
        url: '/?type=missile_strike',
        headers: { 'if-none-match': tag },
      });
      assert.equal(next.statusCode, 200);
      if (next.body.includes('<div id="first"')) break;
      assert.ok(tries < 599, 'it is there at last');
      await pause(100);
    }
    await hasty.close();
  });

  await context.test('without it the page opens all the same', async () => {
    await database.close();
    const { statusCode, headers, body } = await get('/?type=airstrike');
    assert.equal(statusCode, 200);
    assert.equal(headers['cache-control'], 'public, no-cache');
    assert.ok(!body.includes('<div id="first"'));
    assert.match(body, /<script type="module"[^>]* src="\/assets\/index-/);
  });
});
