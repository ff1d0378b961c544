import assert from 'node:assert/strict';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import sql, { raw } from 'sql-template-tag';
import { FaultyDataError, type LoadReport, loadFiles } from '../../geodata/load.ts';
import type { Database } from '../../server/db/database.ts';
import { DatabaseError } from '../../server/db/errors.ts';
import {
  geoPrecisions,
  incidentTypeCodes,
  incidentTypes,
  measureCodes,
  measures,
  targetTypes,
  timePrecisions,
} from '../../server/domain/vocabulary.ts';
import { reading } from '../../server/queries/point-in-time.ts';
import { atlasDatabase, root } from '../helpers/atlas.ts';
import { testDatabase } from '../helpers/database.ts';
import { untilLapsed } from '../helpers/incidents.ts';

const quiet = () => undefined;
const lozova = '2025-08-05-lozova';

/** A copy of the data files to change. */
async function dataCopy(context: TestContext): Promise<string> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'atlas-data-'));
  context.after(() => rm(folder, { recursive: true, force: true }));
  for (const part of ['incidents', 'sources.json', 'regions.geojson', 'territorial-claims.json']) {
    await cp(path.join(root, 'geodata', part), path.join(folder, part), { recursive: true });
  }
  return folder;
}

async function edit(folder: string, file: string, change: (text: string) => string): Promise<void> {
  const name = path.join(folder, file);
  const before = await readFile(name, 'utf8');
  const after = change(before);
  assert.notEqual(after, before, 'the test changes nothing');
  await writeFile(name, after);
}

const write = (database: Database, statement: ReturnType<typeof sql>) =>
  database.transaction('write', (session) => session.query(statement));

async function countOf(database: Database, from: string): Promise<number> {
  const [row] = await database.transaction('write', (session) =>
    session.query<{ count: number }>(sql`SELECT count(*) AS count FROM ${raw(from)}`),
  );
  return row?.count ?? -1;
}

const changesIn = (report: LoadReport) =>
  Object.fromEntries(
    Object.entries(report)
      .filter(([, { inserted, changed, removed }]) => inserted + changed + removed > 0)
      .map(([table, { inserted, changed, removed }]) => [table, { inserted, changed, removed }]),
  );

test('the closed lists in the database are those that the compiler knows', async (context) => {
  const database = await testDatabase(context);
  const codes = async (table: string) => {
    const rows = await database.query<{ code: string }>(
      sql`SELECT code FROM ${raw(table)} ORDER BY position`,
    );
    return rows.map(({ code }) => code);
  };
  assert.deepEqual(await codes('incident_type'), incidentTypeCodes);
  assert.deepEqual(await codes('target_type'), targetTypes);
  assert.deepEqual(await codes('measure'), measureCodes);
  assert.deepEqual(await codes('geo_precision'), geoPrecisions);
  assert.deepEqual(await codes('time_precision'), timePrecisions);
  const types = await database.query<{ code: string; acled: string | null }>(
    sql`SELECT code, acled_event_type || ': ' || acled_sub_event_type AS acled FROM incident_type`,
  );
  for (const code of incidentTypeCodes) {
    assert.equal(types.find((row) => row.code === code)?.acled, incidentTypes[code].acled);
  }
  const units = await database.query<{ code: string; unit: string | null }>(
    sql`SELECT code, unit FROM measure`,
  );
  for (const code of measureCodes) {
    assert.equal(units.find((row) => row.code === code)?.unit, measures[code].unit);
  }
});

test('loading', async (context: TestContext) => {
  const database = await atlasDatabase(context);
  const folder = await dataCopy(context);

  await context.test('the same files again change nothing and make no version', async () => {
    const versions = await countOf(database, 'atlas.incident_history');
    const [before] = await database.query(sql`SELECT revision FROM revision`);
    const report = await loadFiles(database, folder, quiet);
    assert.deepEqual(changesIn(report), {});
    const [after] = await database.query(sql`SELECT revision FROM revision`);
    assert.deepEqual(after, before);
    assert.equal(await countOf(database, 'atlas.incident_history'), versions);
  });

  await context.test(
    'a changed record makes one new version, and the old one is kept',
    async () => {
      const [{ at } = { at: '' }] = await database.query<{ at: string }>(
        sql`SELECT at FROM revision`,
      );
      await edit(folder, `incidents/${lozova}.geojson`, (text) =>
        text.replace('Drone attack on Lozova rail station and depot', 'Drone attack on Lozova'),
      );
      const report = await loadFiles(database, folder, quiet);
      assert.deepEqual(changesIn(report), { incident: { inserted: 0, changed: 1, removed: 0 } });
      assert.equal(await countOf(database, 'atlas.incident_history'), 1);
      const title = (asOf: string) =>
        reading(
          database,
          { asOf },
          (session) => session.query(sql`SELECT title FROM incident WHERE id = ${lozova}`),
          {},
        );
      assert.deepEqual(await title(at), [
        { title: 'Drone attack on Lozova rail station and depot' },
      ]);
      assert.deepEqual(await title(new Date().toISOString()), [
        { title: 'Drone attack on Lozova' },
      ]);
    },
  );

  await context.test('a claim that is gone moves to history and out of the figures', async () => {
    const highest = async () => {
      const rows = await database.query<{ highest: number }>(
        sql`SELECT highest FROM figure WHERE incident = ${lozova} AND measure = 'killed'`,
      );
      return rows[0]?.highest;
    };
    assert.equal(await highest(), 2);
    await edit(folder, `incidents/${lozova}.geojson`, (text) => {
      const file: {
        properties: { claims: { id: string; measure: string; value_max: number | null }[] };
      } = JSON.parse(text);
      const { claims } = file.properties;
      const removed = new Set(
        claims
          .filter((claim) => claim.measure === 'killed' && claim.value_max === 2)
          .map(({ id }) => id),
      );
      const kept = claims
        .filter(({ id }) => !removed.has(id))
        .map((claim) => {
          if (!('relations' in claim)) return claim;
          const { relations: _gone, ...rest } = claim;
          return rest;
        });
      return JSON.stringify({ ...file, properties: { ...file.properties, claims: kept } });
    });
    const report = await loadFiles(database, folder, quiet);
    assert.equal(report.claim?.removed, 4);
    assert.equal(await highest(), 1);
    assert.equal(
      await countOf(database, `atlas.claim_history WHERE incident = '${lozova}'`),
      report.claim?.removed + (report.claim?.changed ?? 0),
    );
  });

  await context.test('files with a fault load nothing and say what is wrong', async () => {
    const before = await countOf(database, 'atlas.incident');
    await edit(folder, 'sources.json', (text) =>
      text.replace('"language": "uk"', '"language": "Ukrainian"'),
    );
    await assert.rejects(loadFiles(database, folder, quiet), (error: unknown) => {
      assert.ok(error instanceof FaultyDataError);
      assert.match(error.message, /sources\.json: .+language/);
      return true;
    });
    assert.equal(await countOf(database, 'atlas.incident'), before);
  });
});

test('every place lies in a region, and every incident in one or in several named ones', async (context) => {
  const database = await atlasDatabase(context);
  assert.equal(await countOf(database, 'atlas.place WHERE region IS NULL'), 0);
  const unassigned = await database.query<{ id: string }>(
    sql`SELECT id FROM incident WHERE region IS NULL ORDER BY id`,
  );
  assert.deepEqual(
    unassigned.map(({ id }) => id),
    ['2025-05-25-countrywide', '2025-06-01-airbases', '2025-08-27-energy-six-regions'],
  );
});

test('what is not public', async (context: TestContext) => {
  const database = await atlasDatabase(context);
  const seen = async (table: string, where: string, asOf?: string) => {
    const at = asOf === undefined ? {} : { asOf };
    const rows = await reading(
      database,
      at,
      (session) => session.query(sql`SELECT FROM ${raw(`${table} WHERE ${where}`)}`),
      {},
    );
    return rows.length;
  };
  const set = (table: string, change: string, id: string) =>
    write(database, sql`UPDATE atlas.${raw(`${table} SET ${change}`)} WHERE id = ${id}`);
  const now = async () => {
    const [row] = await database.query<{ at: string }>(sql`SELECT at FROM revision`);
    return row?.at ?? '';
  };

  for (const change of [
    `status = 'draft'`,
    `status = 'retracted'`,
    `embargo_until = now() + interval '1 hour'`,
  ]) {
    await context.test(
      `an incident with ${change} is gone from every view, its claims with it`,
      async () => {
        const before = await now();
        await set('incident', change, lozova);
        for (const [table, column] of [
          ['incident', 'id'],
          ['claim', 'incident'],
          ['figure', 'incident'],
          ['incident_source', 'incident'],
          ['editor_note', 'incident'],
          ['incident_relation', 'other'],
        ]) {
          assert.equal(await seen(table ?? '', `${column} = '${lozova}'`), 0, table);
        }
        assert.equal(await seen('withdrawn', `kind = 'incident' AND id = '${lozova}'`), 1);
        // A retraction is part of the record; what is withheld now is withheld from the past as well.
        const past = change.includes('retracted') ? 1 : 0;
        assert.equal(await seen('incident', `id = '${lozova}'`, before), past);
        assert.equal(await seen('figure', `incident = '${lozova}'`, before), past * 5);
        await set('incident', `status = 'published', embargo_until = NULL`, lozova);
        assert.equal(await seen('incident', `id = '${lozova}'`), 1);
        assert.equal(await seen('withdrawn', `id = '${lozova}'`), 0);
      },
    );
  }

  await context.test(
    'an embargo that has passed hides nothing, and moves the revision',
    async () => {
      const look = async () => ({
        count: await seen('incident', `id = '${lozova}'`),
        revision: await database.query(sql`SELECT revision, lapsed FROM revision`),
      });
      const held = await untilLapsed(
        (until) => set('incident', `embargo_until = '${until}'`, lozova),
        look,
      );
      assert.equal(held.count, 0);
      const open = await look();
      assert.equal(open.count, 1);
      assert.notDeepEqual(open.revision, held.revision);
    },
  );

  await context.test(
    'a claim under embargo, or of a source that is, is in no list and no figure',
    async () => {
      const killed = `incident = '${lozova}' AND measure = 'killed' AND highest = 2`;
      assert.equal(await seen('figure', killed), 1);
      await write(
        database,
        sql`UPDATE atlas.claim SET embargo_until = now() + interval '1 hour'
           WHERE incident = ${lozova} AND measure = 'killed' AND value_max = 2`,
      );
      assert.equal(await seen('figure', killed), 0);
      await write(
        database,
        sql`UPDATE atlas.claim SET embargo_until = NULL WHERE incident = ${lozova}`,
      );
      assert.equal(await seen('figure', killed), 1);
      await set('source', `status = 'draft'`, 'independent-0805');
      assert.equal(await seen('claim', `source = 'independent-0805'`), 0);
      assert.equal(await seen('editor_note', `source = 'independent-0805'`), 0);
    },
  );

  await context.test('the reader sees the views and nothing else', async () => {
    for (const table of [
      'atlas.incident',
      'atlas.incident_history',
      'atlas.claim_then',
      'atlas.load',
    ]) {
      await assert.rejects(database.query(sql`SELECT 1 FROM ${raw(table)}`), (error: unknown) => {
        assert.ok(error instanceof DatabaseError);
        assert.equal(error.kind, 'refused');
        return true;
      });
    }
    await assert.rejects(database.query(sql`DELETE FROM incident`), DatabaseError);
  });
});

test('states that cannot be', async (context: TestContext) => {
  const database = await atlasDatabase(context);
  const claim = (columns: string) =>
    sql`UPDATE atlas.claim SET ${raw(columns)} WHERE id = ${`${lozova}.c01`}`;
  const incident = (columns: string) =>
    sql`UPDATE atlas.incident SET ${raw(columns)} WHERE id = ${lozova}`;
  const refused: readonly [what: string, statement: ReturnType<typeof sql>][] = [
    ['a range whose ends are crossed', claim(`value_min = 5, value_max = 3, qualifier = 'range'`)],
    ['an exact value with two ends', claim('value_min = 5, value_max = 7')],
    ['"at least" with an upper end', claim(`qualifier = 'at_least'`)],
    ['a negative number', claim('value_min = -1, value_max = -1')],
    ['an infinite number', claim(`value_min = 'infinity', value_max = 'infinity'`)],
    ['a number that is none', claim(`value_min = 'NaN', value_max = 'NaN'`)],
    ['a claim without a source', claim('source = NULL')],
    ['a claim of an unknown source', claim(`source = 'nobody'`)],
    ['a claim of an unknown measure', claim(`measure = 'losses'`)],
    ['a narrative with a value', claim(`measure = 'narrative', text = 'x'`)],
    ['a city without its name', claim(`scope = 'city', scope_name = NULL`)],
    ['a stance without a party', claim(`stance = 'denied_by'`)],
    ['an unknown type', incident(`type = 'strike'`)],
    ['an unknown target', incident(`targets = '{rail,house}'`)],
    ['an end before the start', incident('ends_at = starts_at')],
    ['a site known to four kilometres', incident(`geo_precision = 'site'`)],
    ['no uncertainty', incident('uncertainty_m = 0')],
    ['a latitude beyond the pole', incident('geom = ST_SetSRID(ST_MakePoint(30, 91), 4326)')],
    ['a region of another country', incident(`region = 'RU-KDA'`)],
    ['an unknown region', incident(`region = 'UA-99'`)],
    ['an unknown status', incident(`status = 'hidden'`)],
    [
      'an id that no address can hold',
      sql`UPDATE atlas.source SET id = 'a b' WHERE id = 'tribune-0806'`,
    ],
    [
      'a source that is no web address',
      sql`UPDATE atlas.source SET url = 'javascript:x' WHERE id = 'tribune-0806'`,
    ],
    ['an incident that claims hang on', sql`DELETE FROM atlas.incident WHERE id = ${lozova}`],
  ];
  for (const [what, statement] of refused) {
    await context.test(`${what} is refused`, async () => {
      await assert.rejects(write(database, statement), (error: unknown) => {
        assert.ok(error instanceof DatabaseError);
        assert.equal(error.kind, 'constraint', `${error.code}`);
        return true;
      });
    });
  }
});
