import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import sql from 'sql-template-tag';
import { acled } from '../../geodata/import/acled.ts';
import { countryOf } from '../../geodata/import/countries.ts';
import { ucdpGed } from '../../geodata/import/ucdp.ts';
import { atlasDatabase } from '../helpers/atlas.ts';
import { fileOf, fixture, run } from './runs.ts';

test('ACLED is loaded with its codes, privately, and again changes nothing', async (context) => {
  const database = await atlasDatabase(context);
  const { counts, found } = await run(database, acled, 'acled-new.csv');
  assert.equal(counts.read, 5);
  assert.equal(counts.loaded, 3);
  assert.equal(counts.refused, 2);
  assert.equal(counts.read, counts.loaded + counts.unchanged + counts.refused);
  assert.deepEqual(
    found.map(({ line, record, kind, reason }) => [line, record, kind, reason]),
    [
      [6, 'MADEUP4', 'refused', 'not a strike: Protests / Peaceful protest'],
      [7, 'MADEUP5', 'refused', 'no latitude'],
    ],
  );
  const incidents = await database.transaction('write', (session) =>
    session.query(
      sql`SELECT id, region, time, time_precision, geo_precision, geo_precision_source,
                 time_precision_source, type_source, status
            FROM atlas.incident WHERE dataset = 'acled' ORDER BY id`,
    ),
  );
  assert.deepEqual(incidents[1], {
    id: 'acled.MADEUP2',
    region: 'UA-63',
    time: '2031-03-03/2031-03-09',
    time_precision: 'week',
    geo_precision: 'district',
    geo_precision_source: 'acled:geo_precision:2',
    time_precision_source: 'acled:time_precision:2',
    type_source: 'acled:sub_event_type:Air/drone strike',
    status: 'draft',
  });
  const claims = await database.transaction('write', (session) =>
    session.query(
      sql`SELECT incident, measure, value_min, qualifier, text, remark
            FROM atlas.claim WHERE incident LIKE 'acled.%' AND measure = 'killed' ORDER BY incident`,
    ),
  );
  assert.deepEqual(claims, [
    {
      incident: 'acled.MADEUP2',
      measure: 'killed',
      value_min: 12,
      qualifier: 'about',
      text: 'dozens',
      remark: 'The account says "dozens", for which ACLED writes 12',
    },
    {
      incident: 'acled.MADEUP3',
      measure: 'killed',
      value_min: 4,
      qualifier: 'at_least',
      text: null,
      remark: 'Lowest figure of the reports',
    },
  ]);
  assert.deepEqual(
    await database.query(sql`SELECT id FROM api.incident WHERE dataset = 'acled'`),
    [],
  );

  const revision = () => database.query(sql`SELECT revision FROM api.revision`);
  const before = await revision();
  const again = await run(database, acled, 'acled-new.csv');
  assert.equal(again.counts.unchanged, 3);
  assert.equal(again.counts.loaded, 0);
  assert.deepEqual(await revision(), before);
});

test("ACLED's old columns mean the same, and zero is none reported", async (context) => {
  const database = await atlasDatabase(context);
  const { counts } = await run(database, acled, 'acled-old.csv', { status: 'published' });
  assert.equal(counts.loaded, 1);
  assert.deepEqual(
    await database.query(
      sql`SELECT id, measure, remark FROM api.claim WHERE incident = 'acled.MADEUP1'`,
    ),
    [
      {
        id: 'acled.MADEUP1.c1',
        measure: 'narrative',
        remark: 'Deaths: none reported (fatalities 0)',
      },
    ],
  );
});

test('UCDP gives three claims, and areas as its codes mean them', async (context) => {
  const database = await atlasDatabase(context);
  const { counts, found } = await run(database, ucdpGed, 'ucdp.csv');
  assert.equal(counts.loaded, 3);
  assert.deepEqual(
    found.map(({ record, reason }) => [record, reason]),
    [['900004', "where_prec '9' is not in the codebook"]],
  );
  assert.deepEqual(
    await database.query(
      sql`SELECT value_min, value_max, remark, attributed_to
            FROM api.claim WHERE incident = 'ucdp-ged.900001' ORDER BY id`,
    ),
    [
      [1, 'Low estimate'],
      [2, 'Best estimate'],
      [5, 'High estimate'],
    ].map(([value, remark]) => ({
      value_min: value,
      value_max: value,
      remark,
      attributed_to: 'UCDP, from Invented police',
    })),
  );
  const places = await database.query(
    sql`SELECT i.id, i.geo_precision_source, i.time, i.region,
               ST_IsValid(i.area) AS valid, round(ST_Area(i.area::geography) / 1e6) AS km2,
               i.area = r.geom AS is_region
          FROM api.incident i LEFT JOIN api.region r ON r.code = i.region
         WHERE i.dataset = 'ucdp-ged' ORDER BY i.id`,
  );
  assert.deepEqual(
    places
      .slice(0, 2)
      .map(({ km2, ...place }) => ({ ...place, isDisc: Math.abs(Number(km2) - 78) < 2 })),
    [
      {
        id: 'ucdp-ged.900001',
        geo_precision_source: 'ucdp:where_prec:1',
        time: '2031-03-05',
        region: 'UA-63',
        valid: true,
        is_region: false,
        isDisc: true,
      },
      {
        id: 'ucdp-ged.900002',
        geo_precision_source: 'ucdp:where_prec:4',
        time: '2031-03-03/2031-03-09',
        region: 'UA-63',
        valid: true,
        is_region: true,
        isDisc: false,
      },
    ],
  );
  assert.equal(places[2]?.region, null);
});

test('a try writes nothing and counts the same', async (context) => {
  const database = await atlasDatabase(context);
  const revision = () => database.query(sql`SELECT revision FROM api.revision`);
  const before = await revision();
  const tried = await run(database, ucdpGed, 'ucdp.csv', { mode: 'try' });
  assert.deepEqual(await revision(), before);
  const done = await run(database, ucdpGed, 'ucdp.csv');
  assert.deepEqual({ ...tried.counts, run: done.counts.run }, done.counts);
});

test('a country that nobody knows is said, with what was taken instead', async (context) => {
  const database = await atlasDatabase(context);
  const heading = readFileSync(fixture('ucdp.csv'), 'utf8').split('\n', 2)[0] ?? '';
  const text = (country: string, place: string, code = 1) =>
    `${place},MADE-UP-1,2031,1,Clear,1,Made-up conflict,Side A - Side B,Side A,Side B,1,,,,Made up for a test,,${code},Exampleville,,,,49.9,36.2,${country},369,Europe,1,1,2031-03-05,2031-03-05,0,0,2,0,2,5,1`;
  const rows = [
    text('Ukraine', '900011'),
    text('Made-up-land', '900012'),
    text('', '900013'),
    text('Made-up-land', '900014', 6),
    text('SU', '900015'),
  ];
  const { counts, found } = await run(database, ucdpGed, [
    fileOf(`${heading}\n${rows.join('\n')}\n`),
  ]);
  assert.deepEqual(
    found.map(({ line, record, kind, reason }) => [line, record, kind, reason]),
    [
      [
        3,
        '900012',
        'doubtful',
        "country: 'Made-up-land' is no country that we know; taken from the region that the point lies in",
      ],
      [5, '900014', 'refused', 'no country is known, neither by name nor by region'],
      [
        6,
        '900015',
        'doubtful',
        "country: 'SU' is no country that we know; taken from the region that the point lies in",
      ],
    ],
  );
  assert.deepEqual([counts.loaded, counts.doubts, counts.refused], [4, 2, 1]);
  assert.deepEqual(
    await database.query(
      sql`SELECT DISTINCT country, region FROM api.incident WHERE dataset = 'ucdp-ged'`,
    ),
    [{ country: 'UA', region: 'UA-63' }],
  );

  const acledText = readFileSync(fixture('acled-new.csv'), 'utf8');
  const renamed = acledText.replaceAll('Europe,Ukraine', 'Europe,Made-up-land');
  const other = await run(database, acled, [fileOf(renamed)]);
  assert.deepEqual(
    other.found.filter(({ kind }) => kind === 'doubtful').map(({ reason }) => reason),
    Array(3).fill("country: 'Made-up-land' is no country that we know; taken from iso"),
  );
});

test('a country in use has its code, whatever others had the name before', () => {
  assert.deepEqual(
    ['Russia', 'Germany', 'Serbia', 'Vietnam', 'Russia (Soviet Union)', 'UA', '804', 'ZZ'].map(
      countryOf,
    ),
    ['RU', 'DE', 'RS', 'VN', 'RU', 'UA', 'UA', null],
  );
});
