import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { FastifyInstance } from 'fastify';
import sql from 'sql-template-tag';
import { apiRoot } from '../../server/openapi.ts';
import { collectionIds } from '../../server/routes/collections.ts';
import { atlasApp } from '../helpers/atlas.ts';
import { all, assertIsHarmless, type Element, parsePage, textOf } from '../helpers/html.ts';

const base = 'https://atlas.example';
/** As browsers send it. */
const accept = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';

async function get(app: FastifyInstance, url: string, headers: Record<string, string> = {}) {
  return app.inject({ url, headers: { accept, ...headers } });
}

/** A page that has passed what holds for all pages. */
async function page(
  app: FastifyInstance,
  url: string,
  headers: Record<string, string> = {},
): Promise<Element> {
  const response = await get(app, url, headers);
  assert.equal(response.statusCode, 200, `${url}: ${response.body.slice(0, 300)}`);
  assert.equal(response.headers['content-type'], 'text/html; charset=utf-8', url);
  const policy = String(response.headers['content-security-policy']);
  assert.match(policy, /default-src 'none'; style-src 'sha256-[\w+/]+=*';/, url);
  assert.doesNotMatch(policy, /script-src|unsafe/);
  const html = read(url, response.body);
  assertIsHarmless(html, url);
  assert.match(html.attributes.lang ?? '', /^(?:en|uk)$/);
  assert.ok(textOf(all(html, 'title')[0] ?? html).endsWith('Strike Atlas'), url);
  assert.equal(all(html, 'h1').length, 1, `${url} has one heading`);
  const [path] = all(html, 'nav');
  assert.ok(path !== undefined && all(path, 'a').length > 0, `${url} says where it is`);
  return html;
}

function read(url: string, body: string): Element {
  try {
    return parsePage(body);
  } catch (error) {
    throw new Error(`${url}: ${error instanceof Error ? error.message : error}`);
  }
}

const hrefs = (html: Element): string[] =>
  [...all(html, 'a'), ...all(html, 'link')].map(({ attributes }) => attributes.href ?? '');

/** A few of the addresses that differ in nothing but an id and values; of formats, each. */
function someOfEachKind(addresses: readonly string[]): string[] {
  const kinds = new Map<string, string[]>();
  for (const address of addresses) {
    const kind = address.replace(/items\/[^?]+/, 'items/{id}').replace(/(?<!\bf)=[^&]*/g, '');
    kinds.set(kind, [...(kinds.get(kind) ?? []), address]);
  }
  return [...kinds.values()].flatMap((alike) => alike.slice(0, 3));
}

/** Addresses of what the OpenAPI document names, but for tiles, with what their parameters need. */
async function documented(app: FastifyInstance): Promise<string[]> {
  const needed: Readonly<Record<string, string>> = { '/api/changes': '?since=2020-01-01&limit=20' };
  await app.ready();
  const paths = Object.keys(app.swagger().paths ?? {})
    .filter((path) => !path.includes('{tileMatrix}'))
    .map((path) => (path === '/' ? apiRoot : `${apiRoot}${path}`));
  return Promise.all(
    paths.map(async (path) => {
      if (!path.includes('{featureId}')) return `${path}${needed[path] ?? ''}`;
      const list = await app.inject(path.replace('/{featureId}', '?limit=1'));
      const { features } = list.json<{ features: { id: string }[] }>();
      return path.replace('{featureId}', encodeURIComponent(features[0]?.id ?? ''));
    }),
  );
}

test('pages for people', async (context: TestContext) => {
  const { app, database } = await atlasApp(context);
  const addresses = [
    ...(await documented(app)),
    '/api/collections/incidents/items/2025-08-05-lozova',
    '/api/collections/regions/items/UA-43',
    '/api/tileMatrixSets',
    '/api/tileMatrixSets/WebMercatorQuad',
    '/api/collections/incidents/items?geometry=area&known_by=2025-08-05&limit=3',
    '/api/collections/incidents/items?q=nothing%20has%20these%20words',
    '/api/collections/incidents/aggregate?by=week,region,target',
    '/api/collections/incidents/tiles/WebMercatorQuad?type=drone_strike',
  ];

  await context.test(
    'every documented address answers with a page, and its links lead',
    async () => {
      assert.ok(addresses.length > 25, `${addresses.length} addresses`);
      const found = new Set<string>();
      for (const address of addresses) {
        for (const href of hrefs(await page(app, address))) {
          if (href.startsWith(`${base}/`)) found.add(href.slice(base.length));
        }
      }
      // The map itself is not served without the built client.
      const own = [...found].filter((href) => href.startsWith('/api'));
      assert.ok(own.length > 400, `${own.length} links`);
      for (const href of someOfEachKind(own)) {
        const { statusCode, body } = await get(app, href);
        assert.equal(statusCode, 200, `${href}: ${body.slice(0, 300)}`);
      }
    },
  );

  await context.test('data stays the default; a page is an alternate, and declared', async () => {
    for (const url of ['/api', '/api/collections', '/api/collections/incidents/items']) {
      for (const headers of [{}, { accept: '*/*' }, { accept: 'application/json' }]) {
        const response = await app.inject({ url, headers });
        assert.match(String(response.headers['content-type']), /json/, url);
        const { links } = response.json<{ links: { rel: string; type: string; href: string }[] }>();
        const html = links.find(({ rel, type }) => rel === 'alternate' && type === 'text/html');
        assert.ok(html?.href.endsWith('f=html'), url);
      }
      assert.equal(
        textOf(all(await page(app, `${url}?f=html`, { accept: '*/*' }), 'h1')[0] ?? fail()).length >
          0,
        true,
      );
    }
    const { conformsTo } = (await app.inject('/api/conformance')).json<{ conformsTo: string[] }>();
    assert.ok(conformsTo.includes('http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/html'));
    const none = await app.inject({ url: '/api', headers: { accept: 'image/png' } });
    assert.equal(none.statusCode, 406);
  });

  await context.test('an incident: figures with who gave them, claims, sources', async () => {
    const html = await page(app, '/api/collections/incidents/items/2025-08-05-lozova');
    const text = textOf(html);
    for (const words of [
      'Somewhere in Lozova, within about 4 km',
      'Oleh Syniehubov',
      'revises 1 killed',
      'only for railway staff',
      '5 August 2025',
      'Editors’ notes',
    ]) {
      assert.ok(text.includes(words), words);
    }
    const figures = all(html, 'p').filter(({ attributes }) => attributes.class === 'range');
    assert.deepEqual(figures.slice(0, 2).map(textOf), ['1–2', '9–13']);
    const latest = all(html, 'p').filter(({ attributes }) => attributes.class === 'latest');
    for (const each of latest.slice(0, 2)) assert.match(textOf(each), /latest .+, .+ 2025 · /);
    const listed = await page(app, '/api/collections/incidents/items?q=lozova');
    assert.match(textOf(all(listed, 'tbody')[0] ?? fail()), /1–2latest 2, .+, 5 Aug 2025/);
  });

  await context.test(
    'what is known only as an area is drawn as one, never with a sign',
    async () => {
      const signs = (html: Element) =>
        all(html, 'path').filter(({ attributes }) => attributes.class?.startsWith('sign'));
      const area = await page(
        app,
        '/api/collections/incidents/items/2025-08-27-energy-six-regions',
      );
      assert.deepEqual(signs(area), []);
      assert.ok(all(area, 'path').some(({ attributes }) => attributes.class === 'area uncertain'));
      const list = await page(app, '/api/collections/incidents/items?geo_precision=region,country');
      assert.deepEqual(signs(list), []);
      const point = await page(app, '/api/collections/incidents/items/2025-08-05-lozova');
      assert.equal(signs(point).length, 1);
      // Where its own state says that a region is its own, nothing is hatched.
      const claimed = await page(app, '/api/collections/regions/items?country=UA&limit=100');
      const hatched = all(claimed, 'path').filter(({ attributes }) =>
        attributes.class?.startsWith('area claimed'),
      );
      assert.equal(hatched.length, 2 * 6, 'six regions, in the wide and the narrow picture');
    },
  );

  await context.test('pages turn both ways, and a form leaves empty fields out', async () => {
    const first = await page(app, '/api/collections/incidents/items?limit=20&country=UA');
    const next = all(first, 'a').find(({ attributes }) => attributes.rel === 'next');
    const second = await page(app, next?.attributes.href?.slice(base.length) ?? '');
    const back = all(second, 'a').find(({ attributes }) => attributes.rel === 'prev');
    const again = await page(app, back?.attributes.href?.slice(base.length) ?? '');
    const rows = (html: Element) => textOf(all(html, 'tbody')[0] ?? fail());
    assert.equal(rows(again), rows(first));
    assert.notEqual(rows(second), rows(first));
    const sent = await get(app, '/api/collections/incidents/items?type=&country=UA&q=');
    assert.equal(sent.statusCode, 303);
    assert.equal(sent.headers.location, `${base}/api/collections/incidents/items?country=UA`);
    const [form] = all(first, 'form');
    assert.ok(form !== undefined);
    const kept = all(form, 'input').filter(({ attributes }) => attributes.type === 'hidden');
    assert.deepEqual(
      kept.map(({ attributes }) => [attributes.name, attributes.value]),
      [
        ['limit', '20'],
        ['country', 'UA'],
      ],
    );
  });

  await context.test('the reader’s language, and tags that tell the languages apart', async () => {
    const url = '/api/collections/incidents/items?limit=2';
    const [english, ukrainian] = await Promise.all(
      ['en-GB,en;q=0.9', 'uk-UA,uk;q=0.9,en;q=0.8'].map((language) =>
        get(app, url, { 'accept-language': language }),
      ),
    );
    assert.ok(english !== undefined && ukrainian !== undefined);
    assert.equal(read(url, ukrainian.body).attributes.lang, 'uk');
    assert.ok(ukrainian.body.includes('Загинули'));
    assert.equal(ukrainian.headers['content-language'], 'uk');
    assert.match(String(ukrainian.headers.vary), /Accept-Language/);
    assert.notEqual(english.headers.etag, ukrainian.headers.etag);
    const known = await get(app, url, {
      'accept-language': 'en-GB,en;q=0.9',
      'if-none-match': String(english.headers.etag),
    });
    assert.equal(known.statusCode, 304);
    for (const address of addresses) await page(app, address, { 'accept-language': 'uk' });
  });

  await context.test('a refusal is a page too, for those who read pages', async () => {
    const url = '/api/collections/incidents/items?type=%3Cscript%3E';
    const refused = await get(app, url);
    assert.equal(refused.statusCode, 400);
    const html = read(url, refused.body);
    assertIsHarmless(html, url);
    assert.ok(textOf(html).includes('type=<script>'));
    const ukrainian = await get(app, url, { 'accept-language': 'uk' });
    assert.ok(textOf(read(url, ukrainian.body)).includes('Параметр неможливо врахувати'));
    assert.equal((await get(app, '/api/none')).statusCode, 404);
    const data = await app.inject(url);
    assert.match(String(data.headers['content-type']), /problem\+json/);
  });

  await context.test('hostile text stays text', async () => {
    const hostile = `"><script>alert('1')</script><a href="javascript:alert(2)">&amp;`;
    await database.transaction('write', async (session) => {
      await session.query(
        sql`UPDATE atlas.incident SET title = ${hostile}, summary = ${hostile}, place = ${hostile}
             WHERE id = '2025-08-05-lozova'`,
      );
      await session.query(
        sql`UPDATE atlas.claim SET attributed_to = ${hostile}
             WHERE incident = '2025-08-05-lozova'`,
      );
      await session.query(
        sql`UPDATE atlas.source SET publisher = ${hostile}, title = ${hostile}
             WHERE id = 'interfaxua-lozova-0805'`,
      );
    });
    for (const url of [
      '/api/collections/incidents/items/2025-08-05-lozova',
      '/api/collections/incidents/items?datetime=2025-08-05',
      '/api/collections/claims/items?incident=2025-08-05-lozova',
      '/api/collections/sources/items/interfaxua-lozova-0805',
    ]) {
      assert.ok(textOf(await page(app, url)).includes(hostile), url);
    }
  });

  await context.test('every collection has its table', async () => {
    for (const id of collectionIds) {
      const html = await page(app, `/api/collections/${id}/items?limit=7`);
      const [rows] = all(html, 'tbody');
      assert.equal(all(rows ?? fail(), 'tr').length, 7, id);
    }
  });
});

function fail(): never {
  throw new Error('the page lacks what is asked about');
}
