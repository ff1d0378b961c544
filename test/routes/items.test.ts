import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import type { FastifyInstance } from 'fastify';
import type { CollectionId } from '../../server/domain/collections.ts';
import { collectionIds } from '../../server/routes/collections.ts';
import {
  collectionsSchema,
  conformanceSchema,
  featureCollectionSchema,
  featureSchema,
  landingSchema,
  problemSchema,
} from '../../server/routes/schemas.ts';
import { atlasApp } from '../helpers/atlas.ts';

const ajv = new Ajv({ strict: false, allErrors: true });
formats.default(ajv);

function assertIs(schema: object, value: unknown): void {
  const isValid = ajv.validate(schema, value);
  assert.ok(isValid, JSON.stringify(ajv.errors?.slice(0, 5)));
}

interface Figure {
  readonly lowest: number;
  readonly highest: number;
  readonly claims: number;
  readonly latest: { readonly attributed_to: string; readonly reported_at: string } | null;
}
interface Claim {
  readonly id: string;
  readonly measure: string;
  readonly value_max: number | null;
  readonly scope: { readonly kind: string; readonly name: string | null };
  readonly source: string;
  readonly reported_at: string | null;
}
interface Item {
  readonly id: string;
  readonly geometry: { readonly type: string; readonly coordinates: number[] } | null;
  readonly properties: {
    readonly area_only?: boolean;
    readonly geo_precision?: string;
    readonly figures?: Readonly<Record<string, Figure>>;
    readonly claims?: readonly Claim[];
    readonly sources?: readonly { readonly id: string; readonly url: string }[];
    readonly territorial_claims?: readonly { readonly claimant: string; readonly since: string }[];
    readonly international_responses?: readonly {
      readonly instrument: string;
      readonly votes: { readonly in_favour: number } | null;
    }[];
  };
}
interface Items {
  readonly features: readonly Item[];
  readonly links: readonly { readonly rel: string; readonly href: string }[];
  readonly numberMatched: number;
  readonly numberReturned: number;
}

async function get<Body>(app: FastifyInstance, url: string): Promise<Body> {
  const response = await app.inject({ url });
  assert.equal(response.statusCode, 200, `${url}: ${response.body.slice(0, 300)}`);
  return response.json<Body>();
}

const items = (collection: CollectionId, query = '') =>
  `/api/collections/${collection}/items${query === '' ? '' : `?${query}`}`;

test('the service over the data', async (context: TestContext) => {
  const { app } = await atlasApp(context);

  await context.test(
    'drone strikes of the first week of August 2025: Lozova and the gas station with their figures',
    async () => {
      const page = await get<Items>(
        app,
        items('incidents', 'type=drone_strike&datetime=2025-08-01/2025-08-07&f=geojson'),
      );
      const figures = new Map(
        page.features.map((item) => [item.id, item.properties.figures ?? {}]),
      );
      const lozova = figures.get('2025-08-05-lozova');
      assert.equal(lozova?.drones_launched?.highest, 34);
      assert.deepEqual(
        [lozova?.killed?.lowest, lozova?.killed?.highest, lozova?.killed?.latest?.reported_at],
        [1, 2, '2025-08-05'],
      );
      assert.deepEqual([lozova?.injured?.lowest, lozova?.injured?.highest], [9, 13]);
      assert.equal(lozova?.injured?.latest?.attributed_to, 'MG Objectiv, local outlet');
      const station = figures.get('2025-08-06-orlivka-gas');
      assert.equal(station?.customers_without_gas?.highest, 2500);
      assert.match(station?.customers_without_gas?.latest?.attributed_to ?? '', /Kiper/);
    },
  );

  await context.test('one incident: claims in order of report, each with its source', async () => {
    const item = await get<Item>(app, `${items('incidents')}/2025-08-05-lozova`);
    assertIs(featureSchema('incidents'), item);
    const { claims = [], sources = [] } = item.properties;
    assert.equal(claims.length, 32);
    const days = claims.map(({ reported_at }) => reported_at?.slice(0, 10) ?? '9999');
    assert.deepEqual(days, days.toSorted());
    const known = new Set(sources.map(({ id }) => id));
    for (const claim of claims) assert.ok(known.has(claim.source), claim.source);
    const railway = claims.filter(({ scope }) => scope.kind === 'group');
    assert.ok(railway.length >= 2, 'the claims about railway staff only have a scope of their own');
    assert.deepEqual(
      [
        ...new Set(
          claims
            .filter(({ measure, scope }) => measure === 'injured' && scope.kind === 'incident')
            .map(({ value_max }) => value_max),
        ),
      ],
      [10, 9, null, 13],
    );
  });

  await context.test(
    'an incident known only to regions or the country is marked and has its area',
    async () => {
      for (const id of ['2025-05-25-countrywide', '2025-08-27-energy-six-regions']) {
        const point = await get<Item>(app, `${items('incidents')}/${id}`);
        assert.equal(point.properties.area_only, true);
        const area = await get<Item>(app, `${items('incidents')}/${id}?geometry=area`);
        assert.match(area.geometry?.type ?? '', /Polygon/);
      }
      const all = await get<Items>(app, items('incidents', 'limit=1000'));
      for (const { properties } of all.features) {
        const isCoarse = ['district', 'region', 'country'].includes(properties.geo_precision ?? '');
        assert.equal(properties.area_only, isCoarse);
      }
    },
  );

  await context.test(
    'the six regions that Russia claims, with the answers of the United Nations',
    async () => {
      const page = await get<Items>(app, items('regions', 'claimant=RU'));
      assert.deepEqual(
        page.features.map(({ id }) => id),
        ['UA-09', 'UA-14', 'UA-23', 'UA-40', 'UA-43', 'UA-65'],
      );
      for (const { id, properties } of page.features) {
        const since = properties.territorial_claims?.find(
          ({ claimant }) => claimant === 'RU',
        )?.since;
        const isCrimea = id === 'UA-40' || id === 'UA-43';
        assert.equal(since, isCrimea ? '2014-03-18' : '2022-09-30');
        const instrument = isCrimea ? 'A/RES/68/262' : 'A/RES/ES-11/4';
        const answer = properties.international_responses?.find(
          (one) => one.instrument === instrument,
        );
        assert.ok(answer, `${id} ${instrument}`);
        if (!isCrimea) assert.equal(answer.votes?.in_favour, 143);
      }
    },
  );

  for (const id of collectionIds) {
    await context.test(
      `${id}: paging walks everything once, and every page is as documented`,
      async () => {
        const seen: string[] = [];
        let url: string | undefined = items(id, id === 'places' ? 'limit=1000' : 'limit=37');
        let matched = -1;
        for (let pages = 0; url !== undefined && pages < 100; pages += 1) {
          const page: Items = await get<Items>(app, url);
          if (pages < 2) assertIs(featureCollectionSchema(id), page);
          assert.equal(page.numberReturned, page.features.length);
          if (matched >= 0) assert.equal(page.numberMatched, matched);
          matched = page.numberMatched;
          seen.push(...page.features.map((feature) => feature.id));
          const next: string | undefined = page.links.find(({ rel }) => rel === 'next')?.href;
          url = next?.replace('https://atlas.example', '');
        }
        assert.equal(seen.length, matched);
        assert.equal(new Set(seen).size, matched);
        assert.equal(
          matched,
          { incidents: 69, regions: 154, claims: 621, sources: 346, places: 9169 }[id],
        );
        const one = await get<Item>(app, `${items(id)}/${encodeURIComponent(seen[0] ?? '')}`);
        assertIs(featureSchema(id), one);
      },
    );
  }

  await context.test('filters select what they say', async () => {
    const counts: readonly [collection: CollectionId, query: string, count: number][] = [
      ['incidents', 'country=RU', 26],
      ['incidents', 'country=UA,RU', 69],
      ['incidents', 'type=airstrike', 3],
      ['incidents', 'type=airstrike,sabotage', 5],
      ['incidents', 'attacker=unknown', 1],
      ['incidents', 'region=UA-30', 11],
      ['incidents', 'geo_precision=district', 10],
      ['incidents', 'target=rail', 12],
      ['incidents', 'datetime=2025-08-05', 3],
      ['incidents', 'datetime=2025-09-01/..', 1],
      ['incidents', 'datetime=../2025-04-04', 1],
      ['incidents', 'datetime=2024-01-01/2024-12-31', 0],
      ['incidents', 'bbox=30.4,50.3,30.6,50.6', 12],
      ['incidents', 'bbox=170,-90,-170,90', 0],
      ['incidents', 'killed=30..', 2],
      ['incidents', 'q=lozova depot', 1],
      ['incidents', 'q=100%25', 0],
      ['incidents', 'source=tribune-0806', 1],
      ['claims', 'incident=2025-08-05-lozova', 32],
      ['claims', 'measure=narrative', 163],
      ['sources', 'language=uk', 11],
      // What has no geometry is in every box.
      ['sources', 'bbox=-180,-90,180,90', 346],
      ['regions', 'bbox=0,0,1,1', 127],
      ['regions', 'country=UA', 27],
      ['regions', 'claimant=UA', 6],
      ['places', 'region=UA-63&q=lozova', 3],
    ];
    for (const [collection, query, count] of counts) {
      const page = await get<Items>(app, items(collection, query));
      assert.equal(page.numberMatched, count, `${collection} ${query}`);
    }
  });

  await context.test('a place is found however it is spelled, the nearest name first', async () => {
    interface Named {
      readonly features: readonly { readonly properties: { readonly name: string } }[];
    }
    const spellings: [spelling: string, name: string][] = [
      ['Київ', 'Kyiv'],
      ['Kiev', 'Kyiv'],
      ['khar', 'Kharkiv'],
      ['Kharkvi', 'Kharkiv'],
      ['Львов', 'Lviv'],
      ['Лозовая', 'Lozova'],
      ['Lozvoa', 'Lozova'],
      ['Запоріжя', 'Zaporizhzhia'],
      ['Николаев', 'Mykolaiv'],
      ['Kramatrosk', 'Kramatorsk'],
      ['rih kryvyi', 'Kryvyi Rih'],
      ['Москва', 'Moscow'],
    ];
    for (const [spelling, name] of spellings) {
      const query = `limit=1&country=UA,RU&q=${encodeURIComponent(spelling)}`;
      const { features } = await get<Named>(app, items('places', query));
      assert.equal(features[0]?.properties.name, name, spelling);
    }
    const none = await get<Items>(app, items('places', `q=${encodeURIComponent('基辅')}`));
    assert.equal(none.numberMatched, 0);
    for (const spelling of ['Харківська', 'kharkov oblast', 'Kharkiv', 'UA-63']) {
      const query = `limit=1&q=${encodeURIComponent(spelling)}`;
      const { features } = await get<Items>(app, items('regions', query));
      assert.equal(features[0]?.id, 'UA-63', spelling);
    }
  });

  await context.test('pages of a search by name hold each place once, in one order', async () => {
    const query = `q=${encodeURIComponent('Іванівка')}`;
    const { features } = await get<Items>(app, items('places', `limit=1000&${query}`));
    assert.ok(features.length > 20);
    const paged: string[] = [];
    let url: string | undefined = items('places', `limit=7&${query}`);
    while (url !== undefined) {
      const page: Items = await get<Items>(app, url);
      paged.push(...page.features.map(({ id }) => id));
      const next = page.links.find(({ rel }) => rel === 'next')?.href;
      url = next?.replace('https://atlas.example', '');
    }
    assert.deepEqual(
      paged,
      features.map(({ id }) => id),
    );
  });

  await context.test('a limit above the maximum gives the maximum', async () => {
    const page = await get<Items>(app, items('places', 'limit=100000'));
    assert.equal(page.numberReturned, 9169);
  });

  await context.test('landing page, conformance, collections, health', async () => {
    assertIs(landingSchema, await get(app, '/api'));
    assertIs(conformanceSchema, await get(app, '/api/conformance'));
    const list = await get<{ collections: { id: string; extent: { spatial?: unknown } }[] }>(
      app,
      '/api/collections',
    );
    assertIs(collectionsSchema, list);
    assert.deepEqual(
      list.collections.map(({ id }) => id),
      collectionIds,
    );
    for (const id of collectionIds) await get(app, `/api/collections/${id}`);
    assert.deepEqual(await get(app, '/healthz'), { status: 'ok' });
    const ready = await get<{ status: string; revision: number }>(app, '/readyz');
    assert.equal(ready.status, 'ready');
  });

  await context.test('the OpenAPI document has every path with its parameters', async () => {
    const document = await get<{
      openapi: string;
      paths: Record<string, { get: { parameters?: { name: string; explode?: boolean }[] } }>;
    }>(app, '/api/openapi.json');
    assert.match(document.openapi, /^3\.0\./);
    for (const id of collectionIds) {
      const operation = document.paths[`/collections/${id}/items`]?.get;
      assert.ok(operation, id);
      const bbox = operation.parameters?.find(({ name }) => name === 'bbox');
      assert.equal(bbox?.explode, false);
      assert.ok(document.paths[`/collections/${id}/items/{featureId}`]);
    }
  });

  await context.test(
    'bad requests get a problem document that names the parameter and the value',
    async () => {
      const long = 'x'.repeat(5000);
      const requests: readonly [url: string, status: number, parameter?: string, value?: string][] =
        [
          [items('incidents', 'colour=red'), 400, 'colour', 'red'],
          [items('incidents', 'type=drone'), 400, 'type', 'drone'],
          [
            items('incidents', 'type=drone_strike&type=shelling'),
            400,
            'type',
            'drone_strike and shelling',
          ],
          [items('incidents', 'limit=0'), 400, 'limit', '0'],
          [items('incidents', 'limit=-1'), 400, 'limit', '-1'],
          [items('incidents', 'limit=1.5'), 400, 'limit', '1.5'],
          [items('incidents', 'limit='), 400, 'limit', ''],
          [items('incidents', 'bbox=1,2,3'), 400, 'bbox', '1,2,3'],
          [items('incidents', 'bbox=NaN,1,2,3'), 400, 'bbox', 'NaN,1,2,3'],
          [items('incidents', 'datetime=2025-02-30'), 400, 'datetime', '2025-02-30'],
          [items('incidents', 'datetime=2025-08-07/2025-08-01'), 400, 'datetime'],
          [items('incidents', `q=${long}`), 400, 'q'],
          [items('incidents', 'q=%00'), 400, 'q'],
          [items('incidents', 'region=UA-63%27%20OR%201=1'), 400, 'region'],
          [items('incidents', 'f=pdf'), 400, 'f', 'pdf'],
          [items('incidents', 'cursor=abc'), 400, 'cursor'],
          [
            items(
              'incidents',
              `cursor=${Buffer.from('["after","2025-02-31 00:00:00+00","x"]').toString('base64url')}`,
            ),
            400,
            'cursor',
          ],
          [
            items('incidents', `cursor=${Buffer.from('["after","x"]').toString('base64url')}`),
            400,
            'cursor',
          ],
          [items('incidents', `cursor=${Buffer.from('[1]').toString('base64url')}`), 400, 'cursor'],
          [items('incidents', 'as_of=2999-01-01'), 400, 'as_of', '2999-01-01'],
          [items('incidents', 'known_by=today'), 400, 'known_by', 'today'],
          [items('incidents', '__proto__=1'), 400, '__proto__', '1'],
          [items('incidents', 'constructor=1'), 400, 'constructor', '1'],
          [items('regions', 'type=drone_strike'), 400, 'type', 'drone_strike'],
          ['/api?x=1', 400, 'x', '1'],
          ['/api/collections/incidents/aggregate?by=colour', 400, 'by', 'colour'],
          ['/api/collections/incidents/tiles/WebMercatorQuad/0/0/0?limit=5', 400, 'limit', '5'],
          ['/healthz?x=1', 400, 'x', '1'],
          ['/api/collections/nothing', 404],
          ['/api/collections/nothing/items', 404],
          ['/api/collections/constructor/items', 404],
          [`${items('incidents')}/nothing`, 404],
          [`${items('incidents')}/${'a'.repeat(900)}`, 404],
          [`${items('incidents')}/${'a'.repeat(1001)}`, 414],
          [`${items('incidents')}/%00`, 404],
          [`${items('incidents')}/a%27%3BDROP%20TABLE%20incident`, 404],
          [`${items('incidents')}/..%2f..%2fetc%2fpasswd`, 404],
          [`${items('incidents')}/%zz`, 400],
          ['/api/collections/incidents/tiles/WebMercatorQuad/23/0/0', 404],
          ['/api/collections/incidents/tiles/WebMercatorQuad/1/2/0', 404],
          ['/api/collections/incidents/tiles/WebMercatorQuad/-1/0/0', 404],
          ['/api/nothing', 404],
          ['/nothing', 404],
        ];
      for (const [url, status, parameter, value] of requests) {
        const response = await app.inject({ url });
        assert.equal(
          response.statusCode,
          status,
          `${url.slice(0, 120)}: ${response.body.slice(0, 200)}`,
        );
        assert.match(
          response.headers['content-type']?.toString() ?? '',
          /^application\/problem\+json/,
        );
        const problem = response.json<{
          status: number;
          parameter?: string;
          value?: string;
          detail: string;
        }>();
        assertIs(problemSchema, problem);
        assert.equal(problem.status, status);
        assert.equal(problem.parameter, parameter, url.slice(0, 120));
        if (value !== undefined) assert.equal(problem.value, value);
        assert.doesNotMatch(response.body, /syntax|relation|SELECT|postgres|pglite|at .*\.ts/i);
      }
    },
  );

  await context.test('only reading is possible', async () => {
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE'] as const) {
      for (const url of ['/api', items('incidents'), '/nothing']) {
        const response = await app.inject({
          method,
          url,
          payload: '{"a":',
          headers: { 'content-type': 'application/json' },
        });
        assert.equal(response.statusCode, 405, `${method} ${url}`);
        assert.equal(response.headers.allow, 'GET, HEAD, OPTIONS');
        assertIs(problemSchema, response.json());
      }
    }
    const head = await app.inject({ method: 'HEAD', url: items('incidents') });
    assert.equal(head.statusCode, 200);
    assert.equal(head.body, '');
    const options = await app.inject({
      method: 'OPTIONS',
      url: items('incidents'),
      headers: { origin: 'https://other.example', 'access-control-request-method': 'GET' },
    });
    assert.equal(options.statusCode, 204);
    assert.equal(options.headers['access-control-allow-origin'], '*');
  });
});
