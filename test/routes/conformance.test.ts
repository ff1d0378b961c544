/**
 * The abstract test suites of OGC 17-069r4 and OGC 18-058r1 (annex A of each), run as a checker
 * does: from the landing page on, by links and by the definition alone.
 */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { bbox as bboxOf } from '@turf/turf';
import type { FastifyInstance } from 'fastify';
import type { Feature, FeatureCollection } from 'geojson';
import sql from 'sql-template-tag';
import type { Database } from '../../server/db/database.ts';
import { atlasApp } from '../helpers/atlas.ts';

interface Link {
  readonly rel: string;
  readonly href: string;
  readonly type?: string;
  readonly templated?: boolean;
}
interface Linked {
  readonly links: readonly Link[];
}
type Box = readonly [west: number, south: number, east: number, north: number];
interface Collection extends Linked {
  readonly id: string;
  readonly itemType: string;
  readonly crs: readonly string[];
  readonly storageCrs: string;
  readonly extent: {
    readonly spatial?: { readonly bbox: readonly [Box]; readonly crs: string };
    readonly temporal?: {
      readonly interval: readonly [readonly [string | null, string | null]];
      readonly trs: string;
    };
  };
}
interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly style?: string;
  readonly explode?: boolean;
  readonly schema: {
    readonly type?: string;
    readonly minimum?: number;
    readonly maximum?: number;
    readonly default?: number;
    readonly minItems?: number;
    readonly maxItems?: number;
    readonly items?: { readonly type?: string };
    readonly enum?: readonly string[];
  };
}
interface Definition {
  readonly openapi: string;
  readonly servers: readonly { readonly url: string }[];
  readonly paths: Readonly<
    Record<
      string,
      { readonly get: { readonly parameters?: readonly Parameter[]; readonly responses: object } }
    >
  >;
}
type Items = FeatureCollection &
  Linked & {
    readonly numberMatched: number;
    readonly numberReturned: number;
    readonly timeStamp: string;
  };

const base = 'https://atlas.example';
const landing = `${base}/api`;
const crs84 = 'http://www.opengis.net/def/crs/OGC/1.3/CRS84';

async function get(app: FastifyInstance, href: string, accept = '*/*') {
  assert.ok(href.startsWith(base), href);
  return app.inject({ url: href.slice(base.length), headers: { accept } });
}

async function json<Body>(app: FastifyInstance, href: string, accept?: string): Promise<Body> {
  const response = await get(app, href, accept);
  assert.equal(response.statusCode, 200, `${href}: ${response.body.slice(0, 300)}`);
  return response.json<Body>();
}

function linkOf({ links }: Linked, rel: string, type?: string): Link {
  const found = links.find(
    (link) => link.rel === rel && (type === undefined || link.type === type),
  );
  assert.ok(found, `no link ${rel} ${type ?? ''}`);
  return found;
}

/** /conf/core/fc-links and its like: `self`, an `alternate` in every other format, each typed. */
async function checkForms(app: FastifyInstance, href: string, types: readonly string[]) {
  const document = await json<Linked>(app, href);
  const forms = document.links.filter(({ rel }) => rel === 'self' || rel === 'alternate');
  assert.deepEqual(
    types.filter((type) => !forms.some((form) => form.type === type)),
    [],
    href,
  );
  for (const { rel, href: target, type } of forms) {
    assert.ok(type, `${rel} of ${href} has no type`);
    const response = await get(app, target);
    assert.equal(response.statusCode, 200, target);
    if (rel === 'alternate') assert.equal(mediaType(response.headers), mediaTypeOf(type), target);
  }
  for (const { rel, type, href: target } of document.links) {
    assert.ok(rel && target, href);
    if (['next', 'prev', 'collection', 'root'].includes(rel)) assert.ok(type, `${rel} of ${href}`);
  }
}

const mediaTypeOf = (text: string) => text.split(';')[0]?.trim();
const mediaType = (headers: Readonly<Record<string, unknown>>) =>
  mediaTypeOf(String(headers['content-type']));

/** Every page of a walk by `next`. */
async function walk(app: FastifyInstance, href: string): Promise<Items[]> {
  const pages: Items[] = [];
  for (let next: string | undefined = href; next !== undefined; ) {
    assert.ok(pages.length < 2000, `${href} does not end`);
    const page: Items = await json<Items>(app, next);
    pages.push(page);
    next = page.links.find(({ rel }) => rel === 'next')?.href;
  }
  return pages;
}

const idsOf = (pages: readonly Items[]) =>
  pages.flatMap(({ features }) => features.map(({ id }) => String(id)));

function withQuery(href: string, query: Readonly<Record<string, string>>): string {
  const url = new URL(href);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return url.href;
}

const meets = (feature: Feature, [west, south, east, north]: Box): boolean => {
  const [w, s, e, n] = bboxOf(feature);
  const isWithin = west <= east ? w <= east && e >= west : w <= east || e >= west;
  return isWithin && s <= north && n >= south;
};

test('OGC API Features, parts 1 and 2', async (context: TestContext) => {
  const { app, database } = await atlasApp(context);
  const root = await json<Linked>(app, landing);
  const definition = await json<Definition>(app, linkOf(root, 'service-desc').href);
  const { collections } = await json<{ collections: readonly Collection[] }>(
    app,
    linkOf(root, 'data').href,
  );
  const itemsOf = (collection: Collection) =>
    linkOf(collection, 'items', 'application/geo+json').href;

  await context.test('core/root-success: the landing page leads everywhere', async () => {
    await checkForms(app, landing, ['application/json', 'text/html']);
    for (const rel of ['self', 'service-desc', 'service-doc', 'conformance', 'data']) {
      linkOf(root, rel);
    }
    // As OGC 19-072 and OGC 20-024 name them.
    for (const name of ['conformance', 'data']) {
      const { href } = linkOf(root, `http://www.opengis.net/def/rel/ogc/1.0/${name}`);
      assert.equal(href, linkOf(root, name).href);
    }
    for (const { href, type, rel } of root.links) {
      // The client is built apart from the API.
      if (rel === 'related') continue;
      const response = await get(app, href);
      assert.equal(response.statusCode, 200, href);
      if (rel !== 'self') assert.equal(mediaType(response.headers), mediaTypeOf(type ?? ''), href);
    }
    const slash = await get(app, `${landing}/`);
    assert.equal(slash.statusCode, 200);
  });

  await context.test('core/api-definition: its paths are resources under its server', async () => {
    assert.match(definition.openapi, /^3\.0\.\d$/);
    assert.deepEqual(definition.servers, [{ url: landing }]);
    for (const path of ['/', '/conformance', '/collections']) {
      assert.ok(definition.paths[path], path);
      assert.equal((await get(app, `${landing}${path}`)).statusCode, 200);
    }
    for (const { id } of collections) {
      for (const rest of ['', '/items', '/items/{featureId}']) {
        assert.ok(definition.paths[`/collections/${id}${rest}`], `${id}${rest}`);
      }
    }
  });

  await context.test('core/conformance: classes are declared once each', async () => {
    const href = linkOf(root, 'conformance').href;
    const { conformsTo } = await json<{ conformsTo: readonly string[] }>(app, href);
    assert.equal(new Set(conformsTo).size, conformsTo.length);
    for (const part of [
      'ogcapi-features-1/1.0/conf/core',
      'ogcapi-features-1/1.0/conf/geojson',
      'ogcapi-features-1/1.0/conf/html',
      'ogcapi-features-1/1.0/conf/oas30',
      'ogcapi-features-2/1.0/conf/crs',
      'ogcapi-features-3/1.0/conf/filter',
      'ogcapi-common-1/1.0/conf/json',
      'ogcapi-common-1/1.0/conf/landing-page',
      'ogcapi-tiles-1/1.0/conf/oas30',
    ]) {
      assert.ok(conformsTo.includes(`http://www.opengis.net/spec/${part}`), part);
    }
    await checkForms(app, landing, ['application/json', 'text/html']);
  });

  await context.test('core/fc-md: collections, alike in the list and by themselves', async () => {
    await checkForms(app, linkOf(root, 'data').href, ['application/json', 'text/html']);
    assert.ok(collections.length >= 5);
    for (const collection of collections) {
      const self = linkOf(collection, 'self').href;
      const alone = await json<Collection>(app, self);
      const { links: _, ...inList } = collection;
      const { links: __, ...byItself } = alone;
      assert.deepEqual(byItself, inList);
      assert.equal(alone.itemType, 'feature');
      linkOf(alone, 'items', 'application/geo+json');
      linkOf(alone, 'items', 'text/html');
      linkOf(alone, 'root');
      const { spatial, temporal } = alone.extent;
      if (spatial !== undefined) {
        const [[west, south, east, north]] = spatial.bbox;
        assert.ok(west >= -180 && east <= 180 && south >= -90 && north <= 90 && south <= north);
        assert.equal(spatial.crs, crs84);
      }
      for (const end of temporal?.interval[0] ?? []) {
        assert.ok(end === null || !Number.isNaN(Date.parse(end)), String(end));
      }
      assert.equal(alone.crs[0], crs84);
      assert.ok(alone.crs.includes(alone.storageCrs));
    }
  });

  for (const collection of collections) {
    const { id } = collection;
    const items = itemsOf(collection);
    const parameters = definition.paths[`/collections/${id}/items`]?.get.parameters ?? [];
    const parameter = (name: string): Parameter => {
      const found = parameters.find((each) => each.name === name);
      assert.ok(found, `${id} has no parameter ${name}`);
      return found;
    };

    await context.test(`${id}: core/fc-*-definition`, () => {
      for (const name of ['bbox', 'datetime', 'limit']) {
        const { in: where, required, style, explode } = parameter(name);
        assert.deepEqual([where, required, style, explode], ['query', false, 'form', false], name);
      }
      const { bbox, limit, datetime } = {
        bbox: parameter('bbox').schema,
        limit: parameter('limit').schema,
        datetime: parameter('datetime').schema,
      };
      assert.deepEqual(
        [bbox.type, bbox.minItems, bbox.maxItems, bbox.items?.type],
        ['array', 4, 6, 'number'],
      );
      assert.equal(datetime.type, 'string');
      assert.equal(limit.type, 'integer');
      assert.equal(limit.minimum, 1);
      assert.ok((limit.maximum ?? 0) >= (limit.default ?? Number.POSITIVE_INFINITY));
    });

    await context.test(`${id}: core/fc-response, links and numbers`, async () => {
      await checkForms(app, withQuery(items, { limit: '3' }), [
        'application/geo+json',
        'text/html',
      ]);
      const before = Date.now();
      const page = await json<Items>(app, withQuery(items, { limit: '3' }));
      assert.equal(page.type, 'FeatureCollection');
      assert.equal(page.numberReturned, page.features.length);
      assert.match(page.timeStamp, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/);
      assert.ok(Date.parse(page.timeStamp) >= before - 1000);
      linkOf(page, 'collection');
      linkOf(page, 'root');
      const pages = await walk(app, withQuery(items, { limit: id === 'places' ? '1000' : '40' }));
      const ids = idsOf(pages);
      assert.equal(new Set(ids).size, ids.length);
      for (const { numberMatched } of pages) assert.equal(numberMatched, ids.length);
    });

    await context.test(`${id}: core/fc-limit-response`, async () => {
      const { maximum = 0 } = parameter('limit').schema;
      for (const limit of [1, 7, maximum, maximum + 1, '9'.repeat(40)]) {
        const page = await json<Items>(app, withQuery(items, { limit: String(limit) }));
        assert.equal(page.numberReturned, Math.min(Number(limit), maximum, page.numberMatched));
      }
      for (const { type, href } of (await json<Linked>(app, items)).links) {
        if (!type?.includes('xml')) continue;
        const many = await get(app, withQuery(href, { limit: String(maximum + 1) }));
        assert.equal(many.statusCode, 200, href);
      }
      for (const limit of ['0', '-1', '1.5', 'many', '1e3', '']) {
        assert.equal((await get(app, withQuery(items, { limit }))).statusCode, 400, limit);
      }
    });

    await context.test(`${id}: core/fc-bbox-response`, async () => {
      const all = (await walk(app, withQuery(items, { limit: '10000' }))).flatMap(
        ({ features }) => features,
      );
      const boxes: Box[] = [
        [-1.5, 50, 1.5, 53],
        [-80, -5, -70, 5],
        [177, 65, -177, 70],
        [-180, 85, 180, 90],
        [-180, -90, 180, -85],
        [30, 49, 37, 51],
        [40, 44, 30, 52],
      ];
      for (const box of boxes) {
        const found = idsOf(
          await walk(app, withQuery(items, { bbox: box.join(), limit: '10000' })),
        );
        const wanted = all.filter(({ geometry }) => geometry !== null);
        const points = wanted.filter(({ geometry }) => geometry.type === 'Point');
        for (const feature of wanted) {
          if (found.includes(String(feature.id))) assert.ok(meets(feature, box), `${feature.id}`);
        }
        // What has no geometry is in every box.
        for (const { id: without, geometry } of all) {
          if (geometry === null) assert.ok(found.includes(String(without)), `${without}`);
        }
        for (const feature of points) {
          assert.equal(found.includes(String(feature.id)), meets(feature, box), `${feature.id}`);
        }
        const [west, south, east, north] = box;
        const high = withQuery(items, { bbox: [west, south, -100, east, north, 9000].join() });
        assert.equal((await json<Items>(app, high)).numberMatched, found.length);
        if (west > east) {
          const halves = await Promise.all(
            [
              [west, south, 180, north],
              [-180, south, east, north],
            ].map((half) => walk(app, withQuery(items, { bbox: half.join(), limit: '10000' }))),
          );
          assert.deepEqual(new Set(halves.flatMap(idsOf)), new Set(found));
        }
      }
      for (const bbox of ['1,2,3', '1,2,3,4,5', 'a,b,c,d', '0,10,1,5', '-200,0,1,1', '']) {
        assert.equal((await get(app, withQuery(items, { bbox }))).statusCode, 400, bbox);
      }
    });

    await context.test(`${id}: core/fc-time-response`, async () => {
      const [start, end] = collection.extent.temporal?.interval[0] ?? [null, null];
      const day = (text: string | null) => text?.slice(0, 10) ?? '2025-08-05';
      for (const datetime of [
        start ?? '2025-08-05T00:00:00Z',
        `${day(start)}/${day(end)}`,
        `${day(start)}/P2D`,
        `${day(start)}/..`,
        `../${day(end)}`,
        `${day(start)}T00:00:00Z/${day(end)}T23:59:59.5+03:00`,
      ]) {
        const page = await json<Items>(app, withQuery(items, { datetime, limit: '10000' }));
        if (id !== 'incidents' || !datetime.endsWith('/P2D')) continue;
        const from = Date.parse(`${day(start)}T00:00:00Z`);
        assert.ok(page.numberMatched > 0);
        for (const { properties } of page.features) {
          assert.ok(Date.parse(properties?.starts_at) < from + 2 * 86_400_000);
          assert.ok(Date.parse(properties?.ends_at) > from);
        }
      }
      for (const datetime of [
        '2025-13-01',
        '2025-08-05 10:00',
        'today',
        '',
        '2025-08-02/2025-08-01',
      ]) {
        assert.equal((await get(app, withQuery(items, { datetime }))).statusCode, 400, datetime);
      }
    });

    await context.test(`${id}: core/query-param-unknown and -invalid`, async () => {
      for (const query of [{ unknownQueryParameter: '1' }, { f: 'weird' }, { crs: 'weird' }]) {
        assert.equal((await get(app, withQuery(items, query))).statusCode, 400, query.toString());
      }
      for (const malformed of ['q=%', 'q=%ff', 'q=%zz', 'q=%ED%A0%80', '%=1']) {
        const response = await get(app, `${items}?${malformed}`);
        assert.equal(response.statusCode, 400, malformed);
        assert.match(response.json<{ detail: string }>().detail, /percent-encoded/);
      }
    });

    await context.test(`${id}: media types, as clients write them`, async () => {
      for (const [accept, type] of [
        ['application/geo+json; charset=utf-8', 'application/geo+json'],
        ['application/json;charset="UTF-8", */*;q=0.1', 'application/json'],
        ['text/html;q=0.1, application/geo+json', 'application/geo+json'],
        ['application/geo+json;q=0, */*', 'application/json'],
      ] as const) {
        const response = await get(app, withQuery(items, { limit: '1' }), accept);
        assert.equal(response.statusCode, 200, accept);
        assert.equal(mediaType(response.headers), type, accept);
      }
    });

    await context.test(`${id}: core/f-success, a feature by itself`, async () => {
      const page = await json<Items>(app, withQuery(items, { limit: '5' }));
      for (const feature of page.features) {
        const href = `${linkOf(collection, 'self').href}/items/${encodeURIComponent(String(feature.id))}`;
        await checkForms(app, href, ['application/geo+json', 'text/html']);
        const alone = await json<Feature & Linked>(app, href);
        assert.deepEqual([alone.type, alone.id], ['Feature', feature.id]);
        assert.deepEqual(alone.geometry, feature.geometry);
        assert.equal(linkOf(alone, 'collection').href, linkOf(collection, 'self').href);
      }
      const nothing = `${linkOf(collection, 'self').href}/items/does-not-exist`;
      assert.equal((await get(app, nothing)).statusCode, 404);
    });

    await context.test(`${id}: crs, every system that the collection lists`, async () => {
      const plain = await json<Items>(app, withQuery(items, { limit: '20' }));
      const place = plain.features.find(({ geometry }) => geometry !== null);
      for (const crs of collection.crs) {
        const href = withQuery(items, { limit: '20', crs });
        const response = await get(app, href);
        assert.equal(response.statusCode, 200, crs);
        assert.equal(response.headers['content-crs'], `<${crs}>`);
        const other = response.json<Items>();
        assert.deepEqual(idsOf([other]), idsOf([plain]));
        if (place?.geometry?.type === 'Point') {
          const [longitude = 0, latitude = 0] = place.geometry.coordinates;
          const same = other.features.find((feature) => feature.id === place.id);
          assert.equal(same?.geometry.type, 'Point');
          if (same?.geometry.type !== 'Point') continue;
          const expected = await transformed(database, crs, longitude, latitude);
          for (const [axis, value] of same.geometry.coordinates.entries()) {
            // Degrees have seven decimals here, metres two.
            const tolerance = /4326|CRS84/.test(crs) ? 1e-7 : 0.02;
            assert.ok(
              Math.abs(value - (expected[axis] ?? 0)) <= tolerance,
              `${crs}: ${value} ${expected}`,
            );
          }
          const single = `${linkOf(collection, 'self').href}/items/${encodeURIComponent(String(place.id))}`;
          const one = await get(app, withQuery(single, { crs }));
          assert.equal(one.headers['content-crs'], `<${crs}>`);
          assert.deepEqual(one.json<Feature>().geometry, same.geometry);
        }
      }
      assert.equal((await get(app, items)).headers['content-crs'], `<${crs84}>`);
      const unlisted = 'http://www.opengis.net/def/crs/EPSG/0/27700';
      assert.equal((await get(app, withQuery(items, { crs: unlisted }))).statusCode, 400);
      const bbox = '20,40,41,53';
      assert.equal(
        (await get(app, withQuery(items, { bbox, 'bbox-crs': unlisted }))).statusCode,
        400,
      );
      const whole = collection.extent.spatial?.bbox[0];
      const all = await json<Items>(app, withQuery(items, { limit: '1' }));
      // The gazetteer reaches around the world, where the zones of UTM have no coordinates.
      for (const crs of whole === undefined || id === 'places' ? [] : collection.crs) {
        const box = (await boxAround(database, crs, whole ?? [0, 0, 0, 0])).join();
        const same = await json<Items>(app, withQuery(items, { bbox: box, 'bbox-crs': crs }));
        assert.equal(same.numberMatched, all.numberMatched, `${crs} ${box}`);
      }
      const found = await json<Items>(app, withQuery(items, { bbox }));
      for (const [crs, box] of [
        [crs84, bbox],
        ['http://www.opengis.net/def/crs/EPSG/0/4326', '40,20,53,41'],
        [
          'http://www.opengis.net/def/crs/EPSG/0/3857',
          [
            await transformed(database, 'EPSG/0/3857', 20, 40),
            await transformed(database, 'EPSG/0/3857', 41, 53),
          ].join(),
        ],
      ] as const) {
        const same = await json<Items>(app, withQuery(items, { bbox: box, 'bbox-crs': crs }));
        assert.equal(same.numberMatched, found.numberMatched, crs);
      }
    });
  }

  await context.test('crs/bbox-crs-action: a box is one of its own system', async () => {
    const collection = collections.find(({ id }) => id === 'places');
    assert.ok(collection);
    const matched = async (bbox: string, crs: string) =>
      (
        await json<Items>(
          app,
          withQuery(itemsOf(collection), { bbox, 'bbox-crs': crs, limit: '1' }),
        )
      ).numberMatched;
    const epsg = (code: number) => `http://www.opengis.net/def/crs/EPSG/0/${code}`;
    for (const [code, box] of [
      [25836, [142_053, 4_983_053, 631_880, 5_365_986]],
      [25834, [1_126_154, 4_961_287, 1_642_985, 5_428_940]],
      [3857, [2_466_122, 5_982_344, 2_837_892, 6_255_873]],
    ] as const) {
      const [row] = await database.transaction('write', (session) =>
        session.query<{ n: number }>(
          sql`SELECT count(*)::integer AS n
                FROM (SELECT ST_Transform(geom, ${code}::integer) AS p
                        FROM api.place WHERE ST_X(geom) BETWEEN 0 AND 60) places
               WHERE ST_X(p) BETWEEN ${box[0]}::float8 AND ${box[2]}::float8
                 AND ST_Y(p) BETWEEN ${box[1]}::float8 AND ${box[3]}::float8`,
        ),
      );
      assert.ok((row?.n ?? 0) > 40);
      assert.equal(await matched(box.join(), epsg(code)), row?.n, `${code}`);
    }
    // Across the antimeridian, latitude first; and the whole world.
    const across = await json<Items>(
      app,
      withQuery(itemsOf(collection), { bbox: '177,65,-177,70' }),
    );
    assert.ok(across.numberMatched > 0);
    assert.equal(await matched('65,177,70,-177', epsg(4326)), across.numberMatched);
    const world = Math.PI * 6_378_137;
    const all = await json<Items>(app, withQuery(itemsOf(collection), { limit: '1' }));
    const everywhere = [-world, -world, world, world].join();
    assert.equal(await matched(everywhere, epsg(3857)), all.numberMatched);
    for (const box of ['0,5,0,1', '-30000000,0,0,1', '0,0,0,Infinity']) {
      const href = withQuery(itemsOf(collection), { bbox: box, 'bbox-crs': epsg(3857) });
      assert.equal((await get(app, href)).statusCode, 400, box);
    }
  });

  await context.test(
    'tiles/oas30: operations by their ids, parameters by their names',
    async () => {
      const ids = Object.entries(definition.paths).flatMap(([path, { get: operation }]) => {
        assert.ok('operationId' in operation);
        return [
          { path, id: String(operation.operationId), parameters: operation.parameters ?? [] },
        ];
      });
      for (const suffix of ['getTileSetsList', 'getTileSet', 'getTile']) {
        const found = ids.filter(({ id }) => id.endsWith(`.collection.vector.${suffix}`));
        assert.deepEqual(
          found.map(({ path }) => path.split('/')[2]),
          ['incidents', 'regions'],
          suffix,
        );
        if (suffix !== 'getTile') continue;
        for (const { path, parameters } of found) {
          assert.match(path, /\/tiles\/WebMercatorQuad\/\{tileMatrix\}\/\{tileRow\}\/\{tileCol\}$/);
          for (const name of ['tileMatrix', 'tileRow', 'tileCol']) {
            const given = parameters.find((each) => each.name === name);
            assert.deepEqual([given?.in, given?.required], ['path', true], name);
          }
        }
      }
      for (const path of ['/tileMatrixSets', '/tileMatrixSets/WebMercatorQuad']) {
        assert.ok(definition.paths[path], path);
      }
    },
  );

  await context.test('tiles: from a collection to a tile (OGC 20-057)', async () => {
    const relation = (name: string) => `http://www.opengis.net/def/rel/ogc/1.0/${name}`;
    const schemes = await json<{ tileMatrixSets: readonly Linked[] }>(
      app,
      linkOf(root, relation('tiling-schemes')).href,
    );
    const tiled = collections.filter(({ links }) =>
      links.some(({ rel }) => rel === relation('tilesets-vector')),
    );
    assert.deepEqual(
      tiled.map(({ id }) => id),
      ['incidents', 'regions'],
    );
    for (const collection of tiled) {
      const list = await json<{ tilesets: readonly (Linked & { dataType: string })[] }>(
        app,
        linkOf(collection, relation('tilesets-vector')).href,
      );
      for (const tileset of list.tilesets) {
        assert.equal(tileset.dataType, 'vector');
        const whole = await json<Linked & { tileMatrixSetURI: string }>(
          app,
          linkOf(tileset, 'self').href,
        );
        const { href, templated, type } = linkOf(whole, 'item');
        assert.deepEqual([templated, type], [true, 'application/vnd.mapbox-vector-tile']);
        const scheme = await json<{ uri: string; tileMatrices: readonly unknown[] }>(
          app,
          linkOf(whole, relation('tiling-scheme')).href,
        );
        assert.equal(scheme.uri, whole.tileMatrixSetURI);
        assert.equal(scheme.tileMatrices.length, 23);
        const tile = await get(app, href.replace(/\{\w+\}/g, '0'));
        assert.equal(tile.statusCode, 200);
        assert.equal(mediaType(tile.headers), type);
      }
    }
    assert.equal(schemes.tileMatrixSets.length, 1);
    for (const { links } of schemes.tileMatrixSets) {
      for (const rel of ['self', 'item']) linkOf({ links }, rel, 'application/json');
    }
  });

  await context.test('HTTP: HEAD is GET without its body, in every coding', async () => {
    const items = '/api/collections/incidents/items';
    for (const url of [
      '/api/conformance',
      '/api/openapi.json',
      '/api/docs/static/swagger-ui.css',
      `${items}?f=html`,
      `${items}?f=csv`,
      '/api/collections/incidents/tiles/WebMercatorQuad/5/10/18',
      '/api/collections/nothing',
    ]) {
      for (const [coding, expected] of [
        ['br', 'br'],
        ['gzip', 'gzip'],
        ['identity', 'identity'],
        ['gzip, deflate, br', 'br'],
        ['gzip;q=1, br;q=0.5', 'gzip'],
        ['*;q=0.5', 'br'],
        ['br;q=0, *', 'gzip'],
        ['zstd', 'identity'],
      ] as const) {
        const headers = { 'accept-encoding': coding };
        const answer = await app.inject({ url, headers });
        const head = await app.inject({ method: 'HEAD', url, headers });
        const used = answer.headers['content-encoding'];
        // A problem is too short to gain anything.
        if (answer.statusCode === 200)
          assert.equal(used ?? 'identity', expected, `${url} ${coding}`);
        for (const name of ['etag', 'vary', 'content-type', 'content-encoding', 'cache-control']) {
          assert.equal(head.headers[name], answer.headers[name], `${url} ${coding} ${name}`);
        }
        const length = head.headers['content-length'];
        assert.ok(length === undefined || Number(length) === answer.rawPayload.length, url);
        const kept = await app.inject({ url, headers: { ...headers, 'if-none-match': '*' } });
        const isTagged = answer.headers.etag !== undefined;
        assert.equal(kept.statusCode, isTagged ? 304 : answer.statusCode, url);
        if (!isTagged) continue;
        assert.deepEqual([kept.body, kept.headers.etag], ['', answer.headers.etag]);
        assert.equal(kept.headers['content-type'], undefined);
      }
    }
  });

  await context.test('HTTP: HEAD, OPTIONS and what is not possible, on every path', async () => {
    const examples: Readonly<Record<string, string>> = {
      featureId: '2025-08-05-lozova',
      tileMatrix: '5',
      tileRow: '10',
      tileCol: '18',
    };
    for (const path of Object.keys(definition.paths)) {
      const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => examples[name] ?? name);
      const url = `/api${filled === '/' ? '' : filled}${path === '/changes' ? '?since=2020-01-01T00:00:00Z' : ''}`;
      const answer = await app.inject({ url });
      const head = await app.inject({ method: 'HEAD', url });
      assert.equal(head.statusCode, answer.statusCode, url);
      assert.equal(head.body, '', url);
      assert.equal(head.headers['content-type'], answer.headers['content-type'], url);
      assert.equal(head.headers.etag, answer.headers.etag, url);
      const options = await app.inject({
        method: 'OPTIONS',
        url,
        headers: { origin: 'https://other.example', 'access-control-request-method': 'GET' },
      });
      assert.equal(options.statusCode, 204, url);
      assert.equal(options.headers['access-control-allow-origin'], '*', url);
      assert.match(String(options.headers['access-control-allow-methods']), /GET, HEAD/, url);
      const asked = await app.inject({ method: 'OPTIONS', url });
      assert.ok([200, 204].includes(asked.statusCode), url);
      assert.equal(asked.headers.allow, 'GET, HEAD, OPTIONS', url);
      for (const method of ['POST', 'PUT', 'PATCH', 'DELETE'] as const) {
        const refused = await app.inject({ method, url, payload: {} });
        assert.equal(refused.statusCode, 405, `${method} ${url}`);
        assert.equal(refused.headers.allow, 'GET, HEAD, OPTIONS', `${method} ${url}`);
      }
      const picture = await app.inject({ url, headers: { accept: 'image/webp' } });
      assert.equal(picture.statusCode, 406, url);
    }
  });
});

/** The box in a system, in the order of its axes, that holds a box of degrees; by PostGIS. */
async function boxAround(
  database: Database,
  crs: string,
  [west, south, east, north]: Box,
): Promise<readonly number[]> {
  const code = Number(/EPSG\/0\/(\d+)$/.exec(crs)?.[1] ?? 4326);
  if (code === 4326) {
    return crs.endsWith('4326') ? [south, west, north, east] : [west, south, east, north];
  }
  const [row] = await database.transaction('write', (session) =>
    session.query<{ w: number; s: number; e: number; n: number }>(
      sql`SELECT ST_XMin(p.geom) AS w, ST_YMin(p.geom) AS s, ST_XMax(p.geom) AS e, ST_YMax(p.geom) AS n
            FROM ST_Transform(ST_Segmentize(ST_MakeEnvelope(
                   ${west}::float8, ${south}::float8, ${east}::float8, ${north}::float8, 4326), 0.5),
                 ${code}::integer) AS p(geom)`,
    ),
  );
  assert.ok(row);
  return [row.w, row.s, row.e, row.n];
}

/** By PostGIS, in the order of the system's axes. */
async function transformed(
  database: Database,
  crs: string,
  longitude: number,
  latitude: number,
): Promise<readonly [number, number]> {
  const code = Number(/EPSG\/0\/(\d+)$/.exec(crs)?.[1] ?? 4326);
  const [row] = await database.transaction('write', (session) =>
    session.query<{ x: number; y: number }>(
      sql`SELECT ST_X(p.geom) AS x, ST_Y(p.geom) AS y
            FROM ST_Transform(ST_SetSRID(ST_MakePoint(${longitude}::float8, ${latitude}::float8), 4326),
                              ${code}::integer) AS p(geom)`,
    ),
  );
  assert.ok(row);
  return crs.endsWith('EPSG/0/4326') ? [row.y, row.x] : [row.x, row.y];
}
