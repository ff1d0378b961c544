import assert from 'node:assert/strict';
import path from 'node:path';
import test from 'node:test';
import sql from 'sql-template-tag';
import { formats, mapped, mappedFormats } from '../../geodata/import/formats.ts';
import { checkedMapping, MappingError, readMapping } from '../../geodata/import/mapping.ts';
import { measureCodes } from '../../server/domain/vocabulary.ts';
import { atlasApp, root } from '../helpers/atlas.ts';
import { fileOf, parsedBy, run } from './runs.ts';

const documented = (name: string) => readMapping(path.join(root, 'docs/mappings', `${name}.json`));

async function formatBy(name: string, mapping: string) {
  const make = mappedFormats[name];
  assert.ok(make);
  return mapped(make, await documented(mapping));
}

test('our own exports are imported by the documented mappings, all as the same records', async (context) => {
  const { app, database } = await atlasApp(context);
  const exported = async (parameter: string) => {
    const items = '/api/collections/incidents/items';
    const response = await app.inject(`${items}?f=${parameter}&limit=1000`);
    assert.equal(response.statusCode, 200);
    return [fileOf(response.rawPayload)];
  };
  const format = await formatBy('geojson', 'strike-atlas-features');
  const { counts, found } = await run(database, format, await exported('geojson'));
  assert.deepEqual(
    found.filter(({ kind }) => kind !== 'unassigned'),
    [],
  );
  assert.equal(counts.loaded, 69);
  const of = (dataset: string) =>
    database.query(
      sql`SELECT title, summary, type, attacker, targets, country, place, time, time_precision,
                 starts_at, ends_at, geo_precision, uncertainty_m, coordinate_source, geom
            FROM api.incident WHERE dataset = ${dataset} ORDER BY title, time, summary`,
    );
  assert.deepEqual(await of('another-atlas'), await of('strike-atlas'));
  const figures = (dataset: string) =>
    database.query(
      sql`SELECT i.summary, g.lowest, g.highest FROM api.incident i JOIN api.figure g ON g.incident = i.id
           WHERE i.dataset = ${dataset} AND g.measure = 'killed' AND NOT g.at_least
           ORDER BY i.summary`,
    );
  const kept = await figures('strike-atlas');
  const copies = await figures('another-atlas');
  const summaries = new Set(kept.map(({ summary }) => summary));
  assert.ok(kept.length > 10);
  assert.deepEqual(
    copies.filter(({ summary }) => summaries.has(summary)),
    kept,
  );
  assert.deepEqual(
    await database.query(
      sql`SELECT licence, attribution FROM api.dataset WHERE id = 'another-atlas'`,
    ),
    [{ licence: format.dataset.licence, attribution: format.dataset.attribution }],
  );
  for (const [parameter, name, mapping] of [
    ['geojsonseq', 'geojsonseq', 'strike-atlas-features'],
    ['fgb', 'fgb', 'strike-atlas-table'],
    ['csv', 'csv', 'strike-atlas-table'],
  ] as const) {
    const files = await exported(
      `${parameter}&filter=${encodeURIComponent("dataset = 'strike-atlas'")}`,
    );
    const again = await run(database, await formatBy(name, mapping), files);
    assert.equal(again.counts.unchanged, 69, parameter);
    assert.equal(again.counts.read, 69, parameter);
  }
});

test('our own areas come back as the areas that they were', async (context) => {
  const { app, database } = await atlasApp(context);
  const response = await app.inject(
    '/api/collections/incidents/items?geometry=area&limit=1000&f=fgb',
  );
  const format = await formatBy('fgb', 'strike-atlas-table');
  const { counts } = await run(database, format, [fileOf(response.rawPayload)]);
  assert.equal(counts.read, counts.loaded);
  const [sum] = await database.query(
    sql`SELECT count(*)::int AS n, max(ST_Area(ST_SymDifference(o.area, c.area)) / ST_Area(o.area)) AS difference
          FROM api.incident o JOIN api.incident c ON c.summary = o.summary
         WHERE o.dataset = 'strike-atlas' AND c.dataset = 'another-atlas'`,
  );
  assert.equal(sum?.n, 69);
  assert.ok(Number(sum?.difference) < 1e-4, String(sum?.difference));
});

test("a table like GeoConfirmed's is read by the documented mapping, and kept private", async (context) => {
  const { database } = await atlasApp(context);
  const format = await formatBy('csv', 'geoconfirmed');
  const { counts, found } = await run(database, format, 'geoconfirmed-like.csv');
  assert.deepEqual(
    found.map(({ line, record, reason }) => [line, record, reason]),
    [[4, 'made-up-3', 'no latitude']],
  );
  assert.equal(counts.loaded, 2);
  const incidents = await database.transaction('write', (session) =>
    session.query(
      sql`SELECT i.title, i.place, i.time, i.region, i.status,
                 array(SELECT s.url FROM atlas.incident_source x JOIN atlas.source s ON s.id = x.source
                        WHERE x.incident = i.id AND s.url LIKE '%made-up%' ORDER BY 1) AS sources
            FROM atlas.incident i WHERE dataset = 'geoconfirmed' ORDER BY i.id`,
    ),
  );
  assert.deepEqual(incidents, [
    {
      title: 'Made up for a test; with a semicolon.',
      place: 'XXXX+XX Exampleville',
      time: '2031-03-05',
      region: 'UA-63',
      status: 'draft',
      sources: ['https://example.org/made-up/1', 'https://example.org/made-up/2'],
    },
    {
      title: 'Made up for a test.',
      place: 'XXXX+XX Exampleville',
      time: '2031-03-06',
      region: 'UA-63',
      status: 'draft',
      sources: [],
    },
  ]);
});

test('codes of a mapping are kept with their scheme; others are refused', async () => {
  const mapping = checkedMapping(
    {
      ...(await documented('geoconfirmed')),
      fields: {
        ...(await documented('geoconfirmed')).fields,
        type: { column: 'Kind', scheme: 'made-up:kind', codes: { '7': 'drone_strike' } },
        attacker: { column: 'Side', codes: { R: 'RU' } },
      },
    },
    'made-up.json',
  );
  const make = mappedFormats.csv;
  assert.ok(make);
  const rows = [
    'Id,Date,Description,PlusCode,Longitude,Latitude,Source,Kind,Side',
    '1,2031-03-05,Made up,Exampleville,36.2,49.9,,7,R',
    '2,2031-03-05,Made up,Exampleville,36.2,49.9,,8,R',
    '3,2031-03-05,Made up,Exampleville,36.2,49.9,,7,Q',
    '4,2031-03-05,Made up,Exampleville,36.2,49.9,ftp://example.org,7,R',
  ].join('\n');
  const [first, ...others] = await parsedBy(make(mapping), [fileOf(rows)]);
  assert.ok(first && 'incident' in first);
  assert.equal(first.incident.type, 'drone_strike');
  assert.equal(first.incident.type_source, 'made-up:kind:7');
  assert.deepEqual(
    others.map((parsed) => 'refused' in parsed && parsed.refused),
    [
      "Kind is '8', which the mapping does not know",
      "Side is 'Q', which the mapping does not know",
      "source 'ftp://example.org' is no web address",
    ],
  );
});

test('a mapping that cannot be followed is refused, each fault by name', async () => {
  const good = await documented('geoconfirmed');
  const { date: _, ...undated } = good.fields;
  for (const [given, reason] of [
    [{}, /must have required property 'dataset'/],
    [{ ...good, fields: undated }, /must have required property 'date'/],
    [{ ...good, fields: { ...good.fields, datum: 'Date' } }, /additional properties/],
    [{ ...good, claims: [{ measure: 'deaths', field: 'a', attributed_to: 'b' }] }, /\/claims\/0/],
  ] as const) {
    assert.throws(
      () => checkedMapping(given, 'made-up.json'),
      (error) => error instanceof MappingError && reason.test(error.message),
    );
  }
  for (const measure of measureCodes) {
    checkedMapping({ ...good, claims: [{ measure, field: 'a', attributed_to: 'b' }] }, 'x');
  }
  const make = mappedFormats.csv;
  assert.ok(make);
  for (const id of ['strike-atlas', ...Object.values(formats).map(({ dataset }) => dataset.id)]) {
    const taken = { ...good, dataset: { ...good.dataset, id } };
    assert.throws(() => mapped(make, taken), MappingError);
  }
});
