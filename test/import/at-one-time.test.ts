/** Batches of a first load that are on their way at one time; the embedded engine has one session. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import sql from 'sql-template-tag';
import { mapped, mappedFormats } from '../../geodata/import/formats.ts';
import { checkedMapping } from '../../geodata/import/mapping.ts';
import type { Database } from '../../server/db/database.ts';
import { DatabaseError } from '../../server/db/errors.ts';
import { atlasDatabase } from '../helpers/atlas.ts';
import { assertKept } from '../helpers/kept.ts';
import { fileOf, run } from './runs.ts';

const server = process.env.TEST_DATABASE_URL;
const skip = server === undefined ? 'needs a server, which has several sessions' : false;

const mapping = checkedMapping(
  {
    dataset: {
      id: 'made-up',
      title: 'Made up',
      licence: 'CC0',
      licence_url: null,
      attribution: 'Made up',
      url: 'https://example.org/made-up',
      publisher: 'Made up',
      privateBecause: null,
    },
    fields: {
      record: 'id',
      title: { value: 'Made up' },
      date: 'date',
      date_end: 'end',
      country: { value: 'Ukraine' },
      place: { value: 'Kyiv' },
      longitude: { value: '30.5' },
      latitude: { value: '50.4' },
      geo_precision: { value: 'settlement' },
      uncertainty_m: 'metres',
      sources: 'source',
    },
  },
  'made-up.json',
);
const make = mappedFormats.csv;
assert.ok(make);
const format = mapped(make, mapping);

/** Records that share publications with those before and after them. */
function table(count: number, change: Readonly<Record<number, string>> = {}) {
  const rows = Array.from(
    { length: count },
    (_, n) =>
      change[n] ??
      `${n},2025-01-0${1 + (n % 7)},2025-02-${10 + (n % 19)},3000,https://example.org/${n >> 5}|https://example.org/all`,
  );
  return [fileOf(`${['id,date,end,metres,source', ...rows].join('\n')}\n`)];
}

const owner = <Row extends object>(database: Database, statement: ReturnType<typeof sql>) =>
  database.transaction('write', (session) => session.query<Row>(statement));

async function written(database: Database): Promise<unknown[]> {
  const rows = await owner(
    database,
    sql`SELECT to_jsonb(i) - 'recorded_at' AS row FROM atlas.incident i WHERE dataset = 'made-up'
        UNION ALL SELECT to_jsonb(s) - 'recorded_at' FROM atlas.source s WHERE dataset = 'made-up'
        UNION ALL SELECT to_jsonb(x) - 'recorded_at' FROM atlas.incident_source x WHERE incident LIKE 'made-up.%'
        UNION ALL SELECT to_jsonb(r) - 'import' FROM atlas.import_record r
        ORDER BY 1`,
  );
  return rows;
}

/** How many writes have become the record, and how many instants the import has written down. */
async function writes(database: Database) {
  const [row] = await owner<{ revision: number; batches: number; late: number }>(
    database,
    sql`SELECT revision, (SELECT count(*) FROM atlas.import_batch) AS batches,
               (SELECT count(*) FROM atlas.incident i WHERE i.recorded_at > at) AS late
          FROM atlas.revision`,
  );
  assert.ok(row);
  return row;
}

test('batches that share publications come out as one would, each with a revision of its own', async (context) => {
  const [parts, whole] = [await atlasDatabase(context), await atlasDatabase(context)];
  const before = await writes(parts);
  const { counts } = await run(parts, format, table(640), { batchSize: 40 });
  assert.deepEqual([counts.inserted, counts.refused], [640, 0]);
  await run(whole, format, table(640));
  assert.deepEqual(await written(parts), await written(whole));
  const after = await writes(parts);
  // One revision is that of the dataset itself.
  assert.deepEqual(after, { revision: before.revision + 1 + 16, batches: 16, late: 0 });
  await assertKept(parts, 'batches that share publications');
});

test('others who write meanwhile keep their turn, and nothing is lost', {
  skip,
}, async (context) => {
  const [shared, alone] = [await atlasDatabase(context), await atlasDatabase(context)];
  const before = await writes(shared);
  const editing: Promise<unknown>[] = [];
  const edit = () =>
    owner(
      shared,
      sql`UPDATE atlas.incident SET summary = summary || ' So it was.' WHERE id = '2025-08-05-lozova'`,
    );
  await run(shared, format, table(640), {
    batchSize: 40,
    progress: () => void editing.push(edit()),
  });
  await Promise.all(editing);
  await run(alone, format, table(640));
  assert.deepEqual(await written(shared), await written(alone));
  const after = await writes(shared);
  assert.deepEqual(after, {
    revision: before.revision + 1 + 16 + editing.length,
    batches: 16,
    late: 0,
  });
  const [versions] = await owner(
    shared,
    sql`SELECT count(*) AS count FROM atlas.incident_history WHERE id = '2025-08-05-lozova'`,
  );
  assert.deepEqual(versions, { count: editing.length });
  await assertKept(shared, 'an import with edits between its batches');
});

test('a write in between costs the batches that were on their way, and none later', {
  skip,
}, async (context) => {
  const database = await atlasDatabase(context);
  let begun = 0;
  let given = 0;
  const counted: Database = {
    engine: database.engine,
    query: (...asked) => database.query(...asked),
    load: () => database.load(),
    close: () => database.close(),
    transaction: async (mode, work, options) => {
      begun += 1;
      const result = await database.transaction(mode, work, options);
      given += 1;
      return result;
    },
  };
  const editing: Promise<unknown>[] = [];
  await run(counted, format, table(1_200), {
    batchSize: 40,
    progress: ({ loaded }) => {
      if (loaded !== 200) return;
      editing.push(
        owner(
          database,
          sql`UPDATE atlas.incident SET summary = summary || '!' WHERE id = '2025-08-05-lozova'`,
        ),
      );
    },
  });
  await Promise.all(editing);
  assert.equal(editing.length, 1);
  assert.ok(begun - given <= 2, `${begun - given} of ${begun} transactions were in vain`);
});

test('a record that the database refuses, or that comes again, is alone in that', async (context) => {
  const database = await atlasDatabase(context);
  const change = {
    // More metres than an integer holds.
    100: '100,2025-01-01,2025-01-02,3000000000,https://example.org/all',
    // Once in the batch after the refused one, once later.
    130: '100,2025-01-01,2025-01-02,3000,https://example.org/again',
    170: '169,2025-01-01,2025-01-02,3000,https://example.org/all',
    250: '210,2025-01-01,2025-01-02,3000,https://example.org/all',
  };
  const { counts, found } = await run(database, format, table(400, change), { batchSize: 40 });
  assert.deepEqual([counts.read, counts.inserted, counts.refused], [400, 397, 3]);
  assert.deepEqual(
    found.filter(({ kind }) => kind === 'refused').map(({ record }) => record),
    ['100', '169', '210'],
  );
  await assertKept(database, 'an import with refused records');
});

test('what is written before its turn becomes the record at its instant, or not at all', {
  skip,
}, async (context) => {
  const database = await atlasDatabase(context);
  const source = (id: string, at: string) =>
    sql`INSERT INTO atlas.source (id, url, dataset, recorded_at)
        SELECT ${id}, 'https://example.org/', id, ${at}::timestamptz FROM atlas.dataset LIMIT 1`;
  const ahead = (id: string, meanwhile: () => Promise<unknown>) =>
    database.transaction('write', async (session) => {
      const [row] = await session.query<{ at: string }>(sql`SELECT atlas.recording_ahead() AS at`);
      assert.ok(row);
      await session.query(source(id, row.at));
      await meanwhile();
      return row.at;
    });
  const known = () =>
    owner<{ id: string }>(database, sql`SELECT id FROM atlas.source WHERE id LIKE 'test-%'`);

  const before = await writes(database);
  const at = await ahead('test-alone', async () => {
    assert.equal((await writes(database)).revision, before.revision, 'it has no turn yet');
  });
  const [now] = await owner(database, sql`SELECT revision, at FROM atlas.revision`);
  assert.deepEqual(now, { revision: before.revision + 1, at });

  const other = () =>
    owner(database, sql`UPDATE atlas.source SET title = 'Other' WHERE id = 'test-alone'`);
  await assert.rejects(
    ahead('test-outrun', other),
    (error) => error instanceof DatabaseError && error.kind === 'conflict',
  );
  assert.deepEqual(await known(), [{ id: 'test-alone' }]);
  assert.equal((await writes(database)).revision, before.revision + 2);
});
