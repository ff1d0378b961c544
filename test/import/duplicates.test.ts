import assert from 'node:assert/strict';
import test from 'node:test';
import sql from 'sql-template-tag';
import { type DuplicateSearch, duplicateCandidates } from '../../geodata/duplicates.ts';
import { acled } from '../../geodata/import/acled.ts';
import { ucdpGed } from '../../geodata/import/ucdp.ts';
import type { Database } from '../../server/db/database.ts';
import { atlasDatabase } from '../helpers/atlas.ts';
import { fileOf, run } from './runs.ts';

const acledRows = [
  'event_id_cnty,event_date,time_precision,event_type,sub_event_type,country,location,latitude,longitude,geo_precision,source,notes,fatalities',
  'A1,2031-03-05,1,Explosions/Remote violence,Air/drone strike,Ukraine,Exampleville,49.9,36.2,1,Invented,Made up.,2',
  'A2,2031-03-07,1,Explosions/Remote violence,Air/drone strike,Ukraine,Exampleville,49.9,36.2,1,Invented,Made up.,0',
  'A3,2031-03-05,1,Explosions/Remote violence,Air/drone strike,Ukraine,Faraway,49.2,36.2,1,Invented,Made up.,2',
].join('\n');

const search: DuplicateSearch = { from: null, until: null, leastScore: 0.3, limit: 100 };

const candidates = (database: Database, options: Partial<DuplicateSearch> = {}) =>
  database.transaction('write', (session) =>
    duplicateCandidates(session, { ...search, ...options }),
  );

/** UCDP's made-up 900001: 2031-03-05, the same point, two to five deaths. */
async function twoDatasets(database: Database): Promise<void> {
  await run(database, acled, [fileOf(acledRows)]);
  await run(database, ucdpGed, 'ucdp.csv');
}

test('a pair close in time and place is listed with its reasons; others are not', async (context) => {
  const database = await atlasDatabase(context);
  await twoDatasets(database);
  const found = await candidates(database);
  const pair = found.find(({ other }) => other === 'ucdp-ged.900001');
  assert.equal(pair?.one, 'acled.A1');
  assert.ok(pair.score > 0.8 && pair.score < 1, `score ${pair.score}`);
  assert.deepEqual(pair.reasons.slice(0, 2), ['their days overlap', 'the same point']);
  assert.ok(pair.reasons.includes('deaths agree'));
  assert.ok(found.every(({ one }) => one !== 'acled.A3'));
  assert.ok(
    !found.some(({ one, other }) => one === 'acled.A2' && other === 'ucdp-ged.900001'),
    'two days apart',
  );
  assert.deepEqual(
    found.map(({ score }) => score),
    found.map(({ score }) => score).toSorted((a, b) => b - a),
  );
  assert.deepEqual(
    await candidates(database, { until: '2031-01-01T00:00:00Z', from: '2030-01-01T00:00:00Z' }),
    [],
  );
});

test('an identifier that one carries of the other makes it certain; an editor may deny it', async (context) => {
  const database = await atlasDatabase(context);
  await twoDatasets(database);
  await database.transaction('write', (session) =>
    session.query(
      sql`INSERT INTO atlas.incident_identifier (incident, scheme, identifier)
          VALUES ('ucdp-ged.900001', 'acled', 'A1')`,
    ),
  );
  const [first] = await candidates(database);
  assert.deepEqual(
    [first?.one, first?.other, first?.score, first?.reasons[0]],
    ['acled.A1', 'ucdp-ged.900001', 1, "one carries the other's identifier"],
  );
  const count = () =>
    database.transaction('write', (session) =>
      session.query(sql`SELECT count(*)::int AS n FROM atlas.incident`),
    );
  const before = await count();
  await database.transaction('write', (session) =>
    session.query(
      sql`INSERT INTO atlas.incident_relation (incident, relation, other)
          VALUES ('ucdp-ged.900001', 'not_same_as', 'acled.A1')`,
    ),
  );
  assert.ok(
    (await candidates(database)).every(
      ({ one, other }) => one !== 'acled.A1' || other !== 'ucdp-ged.900001',
    ),
  );
  assert.deepEqual(await count(), before);
});
