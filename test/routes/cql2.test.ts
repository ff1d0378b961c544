import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { FastifyInstance } from 'fastify';
import { spatialOperators } from '../../server/domain/cql2/expression.ts';
import { queryables } from '../../server/domain/queryables.ts';
import { sortablesOf } from '../../server/domain/sorting.ts';
import { collectionIds } from '../../server/routes/collections.ts';
import { atlasApp } from '../helpers/atlas.ts';

interface Figure {
  readonly lowest: number;
  readonly highest: number;
}
interface Feature {
  readonly id: string;
  readonly geometry: { readonly coordinates: readonly [number, number] };
  readonly properties: {
    readonly title: string;
    readonly type: string;
    readonly region: string | null;
    readonly targets: readonly string[];
    readonly area_only: boolean;
    readonly uncertainty_m: number;
    readonly time: string;
    readonly starts_at: string;
    readonly ends_at: string;
    readonly figures: Readonly<Partial<Record<string, Figure>>>;
  };
}
interface Items {
  readonly numberMatched: number;
  readonly features: readonly Feature[];
  readonly links: readonly { readonly rel: string; readonly href: string }[];
}
interface Problem {
  readonly detail: string;
  readonly parameter: string;
}

async function json<Body>(app: FastifyInstance, url: string, status = 200): Promise<Body> {
  const response = await app.inject({ url });
  assert.equal(response.statusCode, status, `${url}: ${response.body.slice(0, 400)}`);
  return response.json<Body>();
}

const items = (collection: string, query: Readonly<Record<string, string>>) =>
  `/api/collections/${collection}/items?${new URLSearchParams(query)}`;

const killed = ({ properties }: Feature) => properties.figures.killed;
const day = (text: string) => Date.parse(`${text}T00:00:00Z`);
const start = ({ properties }: Feature) => Date.parse(properties.starts_at);
/** The last instant, to the microsecond that the millisecond stands for. */
const last = ({ properties }: Feature) => Date.parse(properties.ends_at) - 0.001;
const endOf = (text: string) => day(text) + 86_400_000 - 0.001;
const has =
  (...targets: readonly string[]) =>
  ({ properties }: Feature) =>
    targets.filter((target) => properties.targets.includes(target)).length;

const inWest = ({ geometry: { coordinates } }: Feature) =>
  coordinates[0] > 22 && coordinates[0] < 35 && coordinates[1] > 44 && coordinates[1] < 53;

/** Conditions, and what they mean of a feature as the API writes it. */
const meanings: readonly (readonly [text: string, means: (feature: Feature) => boolean])[] = [
  ["type = 'drone_strike'", ({ properties }) => properties.type === 'drone_strike'],
  [
    "type IN ('airstrike', 'shelling') OR NOT (type <> 'missile_strike')",
    ({ properties }) => ['airstrike', 'shelling', 'missile_strike'].includes(properties.type),
  ],
  ['killed_highest >= 10', (feature) => (killed(feature)?.highest ?? -1) >= 10],
  [
    'NOT (killed_highest >= 10)',
    (feature) => {
      const figure = killed(feature);
      return figure !== undefined && figure.highest < 10;
    },
  ],
  ['killed_highest IS NULL', (feature) => killed(feature) === undefined],
  [
    'killed_lowest <> killed_highest',
    (feature) => killed(feature)?.lowest !== killed(feature)?.highest,
  ],
  [
    'killed_lowest BETWEEN 2 AND 5',
    (feature) => {
      const lowest = killed(feature)?.lowest ?? -1;
      return lowest >= 2 && lowest <= 5;
    },
  ],
  ['region IS NULL', ({ properties }) => properties.region === null],
  ["title LIKE '%Kyiv%'", ({ properties }) => properties.title.includes('Kyiv')],
  ["title LIKE '%kyiv%'", ({ properties }) => properties.title.includes('kyiv')],
  ["CASEI(title) LIKE CASEI('%KYIV%')", ({ properties }) => /kyiv/i.test(properties.title)],
  ["title > 'M'", ({ properties }) => properties.title > 'M'],
  ['area_only = TRUE', ({ properties }) => properties.area_only],
  ['uncertainty_m < 5000', ({ properties }) => properties.uncertainty_m < 5000],
  ["A_CONTAINS(targets, ('rail'))", (feature) => has('rail')(feature) === 1],
  ["A_OVERLAPS(targets, ('rail', 'port'))", (feature) => has('rail', 'port')(feature) > 0],
  [
    "A_CONTAINEDBY(targets, ('residential', 'rail'))",
    (feature) => has('residential', 'rail')(feature) === feature.properties.targets.length,
  ],
  [
    "A_EQUALS(targets, ('residential'))",
    ({ properties }) => properties.targets.join() === 'residential',
  ],
  ["starts_at >= DATE('2025-08-05')", (feature) => start(feature) >= day('2025-08-05')],
  ["starts_at = DATE('2025-08-05')", (feature) => start(feature) === day('2025-08-05')],
  ["starts_at <> DATE('2025-08-05')", (feature) => start(feature) !== day('2025-08-05')],
  ["starts_at > DATE('2025-08-05')", (feature) => start(feature) > endOf('2025-08-05')],
  [
    "starts_at <= TIMESTAMP('2025-08-05T00:00:00Z')",
    (feature) => start(feature) <= day('2025-08-05'),
  ],
  ["T_AFTER(time, DATE('2025-08-05'))", (feature) => start(feature) > endOf('2025-08-05')],
  ["T_BEFORE(time, DATE('2025-08-05'))", (feature) => last(feature) < day('2025-08-05')],
  [
    "T_INTERSECTS(time, INTERVAL('2025-08-01', '2025-08-07'))",
    (feature) => start(feature) <= endOf('2025-08-07') && last(feature) >= day('2025-08-01'),
  ],
  [
    "T_DISJOINT(time, INTERVAL('2025-08-01', '2025-08-07'))",
    (feature) => start(feature) > endOf('2025-08-07') || last(feature) < day('2025-08-01'),
  ],
  [
    "T_DURING(time, INTERVAL('2025-08-01', '..'))",
    (feature) => start(feature) > endOf('2025-08-01'),
  ],
  [
    "T_EQUALS(time, DATE('2025-08-05'))",
    (feature) => start(feature) === day('2025-08-05') && last(feature) === endOf('2025-08-05'),
  ],
  [
    "T_STARTS(time, INTERVAL('2025-08-05', '2025-08-20'))",
    (feature) => start(feature) === day('2025-08-05') && last(feature) < day('2025-08-20'),
  ],
  [
    "T_CONTAINS(INTERVAL('2025-08-01', '2025-08-10'), INTERVAL(starts_at, ends_at))",
    (feature) =>
      start(feature) > endOf('2025-08-01') &&
      Date.parse(feature.properties.ends_at) < day('2025-08-10'),
  ],
  [
    'S_INTERSECTS(geometry, BBOX(30, 49, 32, 52))',
    ({ geometry: { coordinates } }) =>
      coordinates[0] >= 30 && coordinates[0] <= 32 && coordinates[1] >= 49 && coordinates[1] <= 52,
  ],
  ['S_WITHIN(geometry, POLYGON((22 44, 35 44, 35 53, 22 53, 22 44)))', inWest],
  [
    'S_DISJOINT(geometry, POLYGON((22 44, 35 44, 35 53, 22 53, 22 44)))',
    (feature) => !inWest(feature),
  ],
  ['TRUE', () => true],
  ['FALSE OR NOT TRUE', () => false],
];

/** Odd ones; those that PostGIS calls invalid are refused. No operator may stumble over the others. */
const oddGeometries = [
  'POLYGON((0 0, 9 0, 9 9, 0 9, 0 0), (20 20, 21 20, 21 21, 20 20))',
  'POLYGON((0 0, 9 0, 9 9, 0 9, 0 0), (0 0, 9 0, 9 9, 0 9, 0 0))',
  'POLYGON((0 0, 9 0, 0 0, 9 0, 0 0))',
  'POLYGON((0 0, 0 0, 0 0, 0 0))',
  'POLYGON((30 50, 31 50, 31 51, 31 50, 32 50, 30 50))',
  'MULTIPOLYGON(((20 40, 50 40, 50 60, 20 60, 20 40)), ((25 45, 55 45, 55 65, 25 65, 25 45)))',
  'MULTIPOLYGON(((20 40, 50 40, 50 60, 20 60, 20 40)), ((20 40, 50 40, 50 60, 20 60, 20 40)))',
  'LINESTRING(20 40, 50 60, 20 60, 50 40)',
  'MULTILINESTRING((20 40, 50 60), (20 40, 50 60))',
  'MULTIPOINT(30 50, 30 50)',
  'POLYGON((-180 -90, 180 -90, 180 90, -180 90, -180 -90))',
  'BBOX(-180, -90, 180, 90)',
  'BBOX(170, 40, -170, 60)',
  'BBOX(30, 50, 30, 50)',
  'POLYGON((1e-300 0, 1 1e-300, 1 1, 1e-300 0))',
];

test('CQL2 over HTTP', async (context: TestContext) => {
  const { app } = await atlasApp(context);
  const all = await json<Items>(app, items('incidents', { limit: '1000' }));
  const ids = (features: readonly Feature[]) => features.map(({ id }) => id);

  for (const [filter, means] of meanings) {
    await context.test(filter, async () => {
      const found = await json<Items>(app, items('incidents', { limit: '1000', filter }));
      assert.deepEqual(ids(found.features), ids(all.features.filter(means)));
      assert.equal(found.numberMatched, found.features.length);
    });
  }

  await context.test('the JSON encoding finds the same', async () => {
    const filter = JSON.stringify({
      op: 'and',
      args: [
        { op: '=', args: [{ property: 'type' }, 'drone_strike'] },
        { op: 's_intersects', args: [{ property: 'area' }, { bbox: [22, 44, 35, 53] }] },
      ],
    });
    const asJson = await json<Items>(
      app,
      items('incidents', { limit: '1000', filter, 'filter-lang': 'cql2-json' }),
    );
    const text = "type = 'drone_strike' AND S_INTERSECTS(area, BBOX(22, 44, 35, 53))";
    const asText = await json<Items>(app, items('incidents', { limit: '1000', filter: text }));
    assert.deepEqual(ids(asJson.features), ids(asText.features));
    assert.ok(asJson.numberMatched > 0 && asJson.numberMatched < all.numberMatched);
  });

  await context.test('filter-crs says in which system geometries are', async () => {
    const system = 'http://www.opengis.net/def/crs/EPSG/0/4326';
    const latitudeFirst = await json<Items>(
      app,
      items('incidents', {
        filter: 'S_INTERSECTS(geometry, BBOX(49, 30, 52, 32))',
        'filter-crs': system,
      }),
    );
    const longitudeFirst = await json<Items>(
      app,
      items('incidents', { filter: 'S_INTERSECTS(geometry, BBOX(30, 49, 32, 52))' }),
    );
    assert.ok(longitudeFirst.numberMatched > 0);
    assert.equal(latitudeFirst.numberMatched, longitudeFirst.numberMatched);
  });

  await context.test('accents and case are of all alphabets', async () => {
    const filter = "ACCENTI(CASEI(name_uk)) LIKE ACCENTI(CASEI('%КИЇВ%'))";
    const found = await json<Items>(app, items('regions', { filter }));
    assert.deepEqual(ids(found.features).sort(), ['UA-30', 'UA-32']);
  });

  await context.test(
    'it holds beside the other parameters, in tiles and aggregates too',
    async () => {
      const query = { type: 'drone_strike', filter: 'killed_highest >= 1' };
      const { numberMatched } = await json<Items>(app, items('incidents', query));
      const expected = all.features.filter(
        (feature) =>
          feature.properties.type === 'drone_strike' && (killed(feature)?.highest ?? 0) >= 1,
      );
      assert.equal(numberMatched, expected.length);
      const sums = await json<Items>(
        app,
        `/api/collections/incidents/aggregate?${new URLSearchParams(query)}`,
      );
      assert.equal(sums.numberMatched, numberMatched);
    },
  );

  for (const id of collectionIds) {
    await context.test(`every queryable of ${id} can be asked about`, async () => {
      for (const [name, { type }] of Object.entries(queryables[id])) {
        const property = `"${name}"`;
        const condition = {
          text: `${property} = 'x' OR CASEI(ACCENTI(${property})) LIKE '%x%'`,
          number: `${property} > 5`,
          boolean: `${property} = TRUE`,
          instant: `${property} > DATE('2025-08-01')`,
          interval: `T_INTERSECTS(${property}, DATE('2025-08-01'))`,
          geometry: `S_INTERSECTS(${property}, POINT(30 50))`,
          list: `A_CONTAINS(${property}, ('rail'))`,
        }[type];
        for (const filter of [condition, `${property} IS NULL`, `NOT (${condition})`]) {
          await json<Items>(app, items(id, { limit: '1', filter }));
        }
      }
    });
  }

  for (const id of collectionIds) {
    await context.test(`${id}: cql2/basic-cql2 and property-property, comparison`, async () => {
      const { properties } = await json<{ properties: Readonly<Record<string, Described>> }>(
        app,
        `/api/collections/${id}/queryables`,
      );
      const found = async (filter: string) =>
        new Set(ids((await json<Items>(app, items(id, { limit: '10000', filter }))).features));
      const disjoint = async (one: string, other: string) => {
        const [a, b] = [await found(one), await found(other)];
        for (const each of a) assert.ok(!b.has(each), `${each}: ${one}; ${other}`);
      };
      for (const [name, described] of Object.entries(properties)) {
        await disjoint(`${name} IS NULL`, `${name} is not null`);
        // As a checker reads the document: whatever says that it is text can be compared with text.
        const value = sampleOf(described);
        if (value === undefined) continue;
        for (const [one, other] of [
          ['=', '<>'],
          ['>', '<='],
          ['<', '>='],
        ] as const) {
          await disjoint(`${name} ${one} ${value}`, `${name} ${other} ${value}`);
          await disjoint(`${value} ${one} ${name}`, `${value} ${other} ${name}`);
          assert.equal((await found(`${name} ${one === '=' ? '<>' : one} ${name}`)).size, 0);
        }
        const itself = await found(`${name} = ${name}`);
        assert.deepEqual(await found(`${name} >= ${name}`), itself);
        assert.deepEqual(await found(`${name} <= ${name}`), itself);
      }
    });
  }

  await context.test('cql2/property-property, values alone', async () => {
    for (const value of ["'foo'", 'true', '3.14', "DATE('2022-04-14')"]) {
      for (const [operator, count] of [
        ['=', 69],
        ['>=', 69],
        ['<=', 69],
        ['<>', 0],
        ['<', 0],
        ['>', 0],
      ] as const) {
        const filter = `${value} ${operator} ${value}`;
        const page = await json<Items>(app, items('incidents', { limit: '1', filter }));
        assert.equal(page.numberMatched, count, filter);
      }
    }
  });

  await context.test('a span of time is compared as the text that features carry', async () => {
    for (const [filter, holds] of [
      ["time = '2025-08-05'", (time: string) => time === '2025-08-05'],
      ["time LIKE '2025-08%'", (time: string) => time.startsWith('2025-08')],
      [
        "time > '2025-08' AND time IN ('2025-08-05', '2025-05-25')",
        (time: string) => time === '2025-08-05',
      ],
    ] as const) {
      const page = await json<Items>(app, items('incidents', { limit: '100', filter }));
      const expected = all.features.filter(({ properties }) => holds(properties.time));
      assert.ok(expected.length > 0);
      assert.deepEqual(ids(page.features).sort(), ids(expected).sort(), filter);
    }
  });

  await context.test('a box across the antimeridian can be asked about in every way', async () => {
    for (const operator of spatialOperators) {
      for (const box of ['BBOX(170, -90, -170, 90)', 'BBOX(170, 40, -170, 40)']) {
        const filter = `${operator}(geometry, ${box}) OR ${operator}(${box}, geometry)`;
        await json<Items>(app, items('places', { limit: '1', filter }));
      }
    }
    const within = (box: string) =>
      json<Items>(app, items('places', { limit: '1', filter: `S_WITHIN(geometry, ${box})` }));
    const { numberMatched } = await within('BBOX(20, 40, -20, 80)');
    const all = await json<Items>(app, items('places', { limit: '1' }));
    const between = await within('BBOX(-20, 40, 20, 80)');
    assert.ok(numberMatched > 0);
    assert.equal(numberMatched + between.numberMatched, all.numberMatched);
  });

  await context.test('no geometry makes an operator stumble', async () => {
    for (const geometry of oddGeometries) {
      for (const op of spatialOperators) {
        for (const property of ['geometry', 'area']) {
          const filter = `${op}(${property}, ${geometry}) OR ${op}(${geometry}, ${property})`;
          const response = await app.inject({ url: items('incidents', { limit: '1', filter }) });
          assert.ok([200, 400].includes(response.statusCode), `${filter}: ${response.body}`);
        }
      }
    }
  });

  for (const [query, reason] of [
    [
      { filter: 'nothing = 5' },
      /Parameter filter has the unknown property 'nothing' at character 1/,
    ],
    [{ filter: "title = '" }, /at character 9/],
    [
      { filter: 'S_WITHIN(geometry, POLYGON((0 0, 2 2, 2 0, 0 2, 0 0)))' },
      /has a geometry at character 20 that is not valid: Self-intersection/,
    ],
    [{ filter: '{', 'filter-lang': 'cql2-json' }, /is no JSON/],
    [{ filter: 'TRUE', 'filter-lang': 'cql' }, /filter-lang must be cql2-text or cql2-json/],
    [{ filter: 'TRUE', 'filter-crs': 'EPSG:4326' }, /filter-crs must be one of/],
    [{ sortby: 'nothing' }, /sortby has 'nothing'; known are id, /],
    [{ sortby: 'geometry' }, /sortby has 'geometry'/],
    [{ sortby: 'title,-title' }, /sortby has a property twice/],
    [{ sortby: 'title', f: 'atom' }, /a feed is newest first/],
    [{ properties: 'title,nothing' }, /properties has 'nothing'/],
  ] as const) {
    await context.test(`refuses ${JSON.stringify(query)}`, async () => {
      const problem = await json<Problem>(app, items('incidents', query), 400);
      assert.match(problem.detail, reason);
      assert.ok(problem.parameter in query);
    });
  }
});

interface Described {
  readonly type?: string;
  readonly format?: string;
}

/** The value of the abstract tests for a queryable of the type that the document says. */
function sampleOf({ type, format }: Described): string | undefined {
  switch (type) {
    case 'string':
      return format === 'date-time' ? "TIMESTAMP('2022-04-14T14:48:46Z')" : "'foo'";
    case 'boolean':
      return 'true';
    case 'number':
      return '3.14';
    case 'integer':
      return '1';
    default:
      return undefined;
  }
}

/** The value that a feature is sorted by, as far as the feature shows it. */
function sortValue(feature: Feature, name: string): string | number | boolean | null | undefined {
  const [, measure, end] = /^(.*)_(lowest|highest)$/.exec(name) ?? [];
  if (measure !== undefined) {
    const figure = feature.properties.figures[measure];
    return figure === undefined ? null : end === 'lowest' ? figure.lowest : figure.highest;
  }
  const found = Object.entries({ id: feature.id, ...feature.properties }).find(
    ([key]) => key === name,
  )?.[1];
  const isScalar =
    typeof found === 'string' || typeof found === 'number' || typeof found === 'boolean';
  return isScalar || found === null ? found : undefined;
}

test('sorting and selecting properties', async (context: TestContext) => {
  const { app } = await atlasApp(context);

  async function walk(first: string, rel: string): Promise<string[]> {
    const found: string[] = [];
    let url: string | undefined = first;
    for (let pages = 0; url !== undefined && pages < 100; pages += 1) {
      const page: Items = await json<Items>(app, url);
      const here = page.features.map(({ id }) => id);
      if (rel === 'next') found.push(...here);
      else found.unshift(...here);
      url = page.links.find((link) => link.rel === rel)?.href.replace('https://atlas.example', '');
    }
    return found;
  }

  for (const name of Object.keys(sortablesOf('incidents'))) {
    await context.test(`by ${name}, both ways, in pages`, async () => {
      for (const sortby of [name, `-${name}`, `-${name},${name === 'title' ? 'id' : 'title'}`]) {
        const whole = await json<Items>(app, items('incidents', { limit: '1000', sortby }));
        const ids = whole.features.map(({ id }) => id);
        assert.equal(new Set(ids).size, whole.numberMatched);
        const values = whole.features.map((feature) => sortValue(feature, name));
        const given = values.filter((value) => value !== null && value !== undefined);
        const direction = sortby.startsWith('-') ? -1 : 1;
        for (const [index, value] of given.entries()) {
          const before = given[index - 1];
          if (before === undefined) continue;
          const order = value < before ? -1 : value > before ? 1 : 0;
          if (name !== 'time') assert.ok(order * direction >= 0, `${before} before ${value}`);
        }
        if (!values.includes(undefined)) {
          assert.ok(
            values.slice(given.length).every((value) => value === null),
            'nulls are last',
          );
        }
        const paged = await walk(items('incidents', { limit: '20', sortby }), 'next');
        assert.deepEqual(paged, ids);
      }
    });
  }

  await context.test('prev leads back the same way', async () => {
    const sortby = '-killed_highest,title';
    const first = items('incidents', { limit: '25', sortby });
    const ids = await walk(first, 'next');
    const second = (await json<Items>(app, first)).links.find(({ rel }) => rel === 'next')?.href;
    const third = (await json<Items>(app, (second ?? '').replace('https://atlas.example', '')))
      .links;
    const back = third.find(({ rel }) => rel === 'prev')?.href ?? '';
    assert.deepEqual(
      await walk(back.replace('https://atlas.example', ''), 'prev'),
      ids.slice(0, 25),
    );
  });

  await context.test('files are sorted too', async () => {
    const sortby = '-injured_highest';
    const whole = await json<Items>(app, items('incidents', { limit: '1000', sortby }));
    const file = await app.inject({ url: items('incidents', { f: 'geojsonseq', sortby }) });
    const ids = file.body
      .split('\u001e')
      .slice(1)
      .map((text) => {
        const { id }: { id: string } = JSON.parse(text);
        return id;
      });
    assert.deepEqual(
      ids,
      whole.features.map(({ id }) => id),
    );
  });

  await context.test('features and columns are of the properties asked for', async () => {
    const page = await json<Items>(app, items('incidents', { properties: 'figures,title' }));
    for (const { properties } of page.features) {
      assert.deepEqual(Object.keys(properties), ['title', 'figures']);
    }
    const sequence = await app.inject({
      url: items('incidents', { properties: 'type', f: 'geojsonseq' }),
    });
    assert.match(sequence.body, /"properties":\{"type":"[a-z_]+"\}\}\n/);
    const table = await app.inject({
      url: items('incidents', { properties: 'type,title', f: 'csv' }),
    });
    assert.equal(table.body.split('\r\n')[0], 'id,type,acled_event_type,latitude,longitude,title');
    const one = await json<Feature>(
      app,
      '/api/collections/incidents/items/2025-08-05-lozova?properties=claims',
    );
    assert.deepEqual(Object.keys(one.properties), ['claims']);
  });
});

test('queryables, sortables and schema', async (context: TestContext) => {
  const { app } = await atlasApp(context);
  for (const id of collectionIds) {
    const { links } = await json<Items>(app, `/api/collections/${id}`);
    for (const name of ['queryables', 'sortables', 'schema'] as const) {
      const link = links.find(({ rel }) => rel.endsWith(`/ogc/1.0/${name}`));
      const url = link?.href.replace('https://atlas.example', '') ?? '';
      const response = await app.inject({ url });
      assert.equal(response.statusCode, 200, url);
      assert.match(String(response.headers['content-type']), /^application\/schema\+json/);
      const schema = response.json<{
        readonly $id: string;
        readonly properties: Readonly<Record<string, { readonly description: string }>>;
      }>();
      assert.equal(schema.$id, link?.href);
      for (const [property, { description }] of Object.entries(schema.properties)) {
        assert.ok(description.length > 5, `${id} ${name} ${property}`);
      }
      const named = Object.keys(schema.properties);
      if (name === 'queryables') assert.deepEqual(named, Object.keys(queryables[id]));
      if (name === 'sortables') assert.deepEqual(named, Object.keys(sortablesOf(id)));
      if (name === 'schema') {
        const page = await json<{ features: { properties: object }[] }>(
          app,
          items(id, { limit: '1' }),
        );
        const written = Object.keys(page.features[0]?.properties ?? {});
        assert.deepEqual(named, ['id', 'geometry', ...written]);
      }
    }
  }
});
