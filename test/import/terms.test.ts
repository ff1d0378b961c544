import assert from 'node:assert/strict';
import test from 'node:test';
import { parquetReadObjects } from 'hyparquet';
import sql from 'sql-template-tag';
import { ucdpGed } from '../../geodata/import/ucdp.ts';
import { atlasApp } from '../helpers/atlas.ts';
import { write } from '../helpers/incidents.ts';
import { run } from './runs.ts';

const items = '/api/collections/incidents/items';

test("terms and the scheme's own codes travel with each imported record", async (context) => {
  const { app, database } = await atlasApp(context);
  await run(database, ucdpGed, 'ucdp.csv');
  const ask = async (address: string) => {
    const response = await app.inject({ url: address });
    assert.equal(response.statusCode, 200, response.body.slice(0, 500));
    return response;
  };
  const { licence, licence_url, attribution } = ucdpGed.dataset;
  const terms = { licence, licence_url, attribution };
  const said = {
    ...terms,
    dataset: 'ucdp-ged',
    geo_precision_source: 'ucdp:where_prec:4',
    time_precision_source: 'ucdp:date_prec:3',
  };
  const of = (properties: Readonly<Record<string, unknown>>) =>
    Object.fromEntries(Object.keys(said).map((name) => [name, properties[name]]));

  await context.test('in features, in lists and by themselves', async () => {
    const one = await ask(`${items}/ucdp-ged.900002`);
    assert.deepEqual(of(one.json().properties), said);
    const filter = encodeURIComponent("geo_precision_source = 'ucdp:where_prec:4'");
    const { features } = (await ask(`${items}?filter=${filter}`)).json();
    assert.ok(features.length > 0);
    for (const { properties } of features) {
      assert.equal(properties.geo_precision_source, 'ucdp:where_prec:4');
      assert.equal(properties.licence, licence);
    }
  });

  await context.test('in every kind of file', async () => {
    const filter = encodeURIComponent("id = 'ucdp-ged.900002'");
    const file = async (format: string) =>
      (await ask(`${items}?f=${format}&filter=${filter}`)).rawPayload;
    const words = [...Object.values(terms), said.geo_precision_source, said.time_precision_source];
    for (const format of ['geojsonseq', 'csv', 'kml', 'fgb']) {
      const content = (await file(format)).toString();
      for (const word of words) assert.ok(content.includes(String(word)), `${format}: ${word}`);
    }
    const [row = {}] = await parquetReadObjects({
      file: new Uint8Array(await file('parquet')).buffer,
    });
    assert.deepEqual(of(row), said);
  });

  await context.test('on the page of the record', async () => {
    const { body } = await ask(`${items}/ucdp-ged.900002?f=html`);
    assert.ok(body.includes(attribution));
    assert.ok(body.includes(String(licence_url)));
  });

  await context.test('and follow when the dataset changes them', async () => {
    await write(database, sql`UPDATE atlas.dataset SET licence = 'CC0 1.0' WHERE id = 'ucdp-ged'`);
    const filter = encodeURIComponent("dataset = 'ucdp-ged'");
    const { features } = (await ask(`${items}?filter=${filter}`)).json();
    assert.ok(features.length > 1);
    for (const { properties } of features) assert.equal(properties.licence, 'CC0 1.0');
    assert.deepEqual(await database.query(sql`SELECT * FROM api.unsettled`), []);
  });
});
