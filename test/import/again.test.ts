import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import sql from 'sql-template-tag';
import { ucdpGed } from '../../geodata/import/ucdp.ts';
import type { Database } from '../../server/db/database.ts';
import { atlasDatabase, root } from '../helpers/atlas.ts';
import { assertKept } from '../helpers/kept.ts';
import { fileOf, fixture, run } from './runs.ts';

const server = process.env.TEST_DATABASE_URL;
const [head = '', first = ''] = readFileSync(fixture('ucdp.csv'), 'utf8').split('\n');

/** A file of so many records, each like the fixture's first, with so many deaths as the high estimate. */
function edition(ids: readonly number[], high = 5) {
  const rows = ids.map((id) =>
    first
      .trimEnd()
      .replace(/^900001,/, `${id},`)
      .replace(/,2,5,1$/, `,2,${high},1`),
  );
  return [fileOf(`${[head, ...rows].join('\n')}\n`, 'ged.csv')];
}

const numbers = (from: number, count: number) => Array.from({ length: count }, (_, n) => from + n);

/** All that an import writes, without when it was written and by which run. */
async function written(database: Database): Promise<unknown[]> {
  const parts = [
    sql`SELECT to_jsonb(i) - 'recorded_at' AS row FROM atlas.incident i WHERE dataset = 'ucdp-ged'`,
    sql`SELECT to_jsonb(c) - 'recorded_at' AS row FROM atlas.claim c WHERE incident LIKE 'ucdp-ged.%'`,
    sql`SELECT to_jsonb(s) - 'recorded_at' AS row FROM atlas.source s WHERE dataset = 'ucdp-ged'`,
    sql`SELECT to_jsonb(x) - 'recorded_at' AS row FROM atlas.incident_source x WHERE incident LIKE 'ucdp-ged.%'`,
    sql`SELECT to_jsonb(x) - 'recorded_at' AS row FROM atlas.incident_identifier x WHERE incident LIKE 'ucdp-ged.%'`,
    sql`SELECT to_jsonb(r) - 'import' AS row FROM atlas.import_record r`,
    sql`SELECT to_jsonb(r) - 'stale_at' - 'properties' AS row FROM atlas.incident_read r WHERE incident LIKE 'ucdp-ged.%'`,
  ];
  return database.transaction('write', async (session) => {
    const found: unknown[] = [];
    for (const part of parts) {
      const rows = await session.query<{ row: unknown }>(sql`${part} ORDER BY 1`);
      found.push(...rows.map(({ row }) => JSON.stringify(row)));
    }
    return found;
  });
}

test('a run that ends in the middle leaves whole batches, and the next one the same state', async (context) => {
  const [cut, whole] = [await atlasDatabase(context), await atlasDatabase(context)];
  const files = () => edition(numbers(910_000, 4_500));
  class Killed extends Error {}
  await assert.rejects(
    run(cut, ucdpGed, files(), {
      batchSize: 2_000,
      progress: ({ loaded }) => {
        if (loaded >= 2_000) throw new Killed();
      },
    }),
    Killed,
  );
  const rest = await run(cut, ucdpGed, files(), { batchSize: 2_000 });
  const { read, loaded, unchanged } = rest.counts;
  assert.deepEqual([read, loaded + unchanged], [4_500, 4_500]);
  assert.ok(unchanged >= 2_000 && loaded > 0);
  await run(whole, ucdpGed, files());
  assert.deepEqual(await written(cut), await written(whole));
  await assertKept(cut, 'a run that ended in the middle, and the next one');
});

test('a process that is killed leaves whole batches, and the next one ends in the same state', {
  skip: server === undefined ? 'needs a server, which outlives the process' : false,
}, async (context) => {
  const [cut, whole] = [await atlasDatabase(context), await atlasDatabase(context)];
  const folder = await mkdtemp(path.join(tmpdir(), 'strike-atlas-import-'));
  context.after(() => rm(folder, { recursive: true, force: true }));
  const [file] = edition(numbers(920_000, 20_000));
  assert.ok(file);
  const name = path.join(folder, 'ged.csv');
  await writeFile(name, await file.stream());
  const importer = async (database: Database) => {
    const [row] = await database.query<{ name: string }>(sql`SELECT current_database() AS name`);
    const url = new URL(server ?? '');
    url.pathname = `/${row?.name}`;
    const main = ['--import', 'tsx', 'geodata/import/main.ts', name, '--format', 'ucdp-ged'];
    const places = ['--database-url', url.href, '--report', path.join(folder, 'report.ndjson')];
    return spawn(process.execPath, [...main, ...places], { cwd: root, stdio: 'ignore' });
  };
  const kept = async (database: Database) => {
    const [row] = await database.transaction('write', (session) =>
      session.query<{ count: number }>(sql`SELECT count(*) AS count FROM atlas.import_record`),
    );
    return row?.count ?? 0;
  };

  const killed = await importer(cut);
  const gone = once(killed, 'exit');
  while ((await kept(cut)) === 0 && killed.exitCode === null) await sleep(20);
  killed.kill('SIGKILL');
  assert.deepEqual(await gone, [null, 'SIGKILL'], 'it was done before it could be killed');
  const left = await kept(cut);
  assert.ok(left > 0 && left < 20_000, `${left} records`);
  for (const database of [cut, whole]) {
    assert.deepEqual(await once(await importer(database), 'exit'), [0, null]);
  }
  assert.deepEqual(await written(cut), await written(whole));
  await assertKept(cut, 'a run that was killed, and the next one');
  assert.deepEqual(await cut.query(sql`SELECT * FROM api.unsettled`), []);
});

test('a newer edition changes what changed, and withdraws what is gone only when it is complete', async (context) => {
  const database = await atlasDatabase(context);
  await run(database, ucdpGed, edition([910_001, 910_002, 910_003]));
  const shown = () =>
    database.query<{ id: string; high: number }>(
      sql`SELECT i.id, (i.toll).killed_highest AS high FROM incident i WHERE i.dataset = 'ucdp-ged' ORDER BY i.id`,
    );
  const before = await shown();
  assert.equal(before.length, 3);

  const partly = await run(database, ucdpGed, edition([910_001]));
  assert.deepEqual([partly.counts.unchanged, partly.counts.withdrawn], [1, 0]);
  assert.deepEqual(await shown(), before);

  const newer = await run(database, ucdpGed, edition([910_001], 9));
  assert.deepEqual([newer.counts.unchanged, newer.counts.changed], [0, 1]);
  assert.deepEqual((await shown()).map(({ high }) => high).toSorted(), [5, 5, 9].toSorted());
  await run(database, ucdpGed, edition([910_001]));

  const complete = await run(database, ucdpGed, edition([910_001, 910_002]), {
    missing: 'withdraw',
  });
  assert.deepEqual([complete.counts.unchanged, complete.counts.withdrawn], [2, 1]);
  assert.deepEqual(
    (await shown()).map(({ id }) => id),
    ['ucdp-ged.910001', 'ucdp-ged.910002'],
  );
  const [kept] = await database.transaction('write', (session) =>
    session.query(
      sql`SELECT count(*) AS versions FROM atlas.incident_history WHERE id = 'ucdp-ged.910003'`,
    ),
  );
  assert.deepEqual(kept, { versions: 1 });

  const back = await run(database, ucdpGed, edition([910_001, 910_002, 910_003]), {
    missing: 'withdraw',
  });
  assert.deepEqual([back.counts.unchanged, back.counts.changed], [2, 1]);
  assert.deepEqual(await shown(), before);
});

test('a complete edition does not withdraw what it has and cannot be read; a try counts the same', async (context) => {
  const database = await atlasDatabase(context);
  await run(database, ucdpGed, edition([910_001, 910_002, 910_003]));
  const faulty = () => {
    const rows = [910_001, 910_002].map((id) => first.trimEnd().replace(/^900001,/, `${id},`));
    return [fileOf([head, rows[0], rows[1]?.replace(',49.9,', ',949.9,')].join('\n'))];
  };
  const tried = await run(database, ucdpGed, faulty(), { missing: 'withdraw', mode: 'try' });
  const done = await run(database, ucdpGed, faulty(), { missing: 'withdraw' });
  const { unchanged, refused, withdrawn } = done.counts;
  assert.deepEqual([unchanged, refused, withdrawn], [1, 1, 1]);
  assert.deepEqual({ ...tried.counts, run: done.counts.run }, done.counts);
  const left = await database.transaction('write', (session) =>
    session.query(
      sql`SELECT id, status FROM atlas.incident WHERE dataset = 'ucdp-ged' ORDER BY id`,
    ),
  );
  assert.deepEqual(
    left.map(({ status }) => status),
    ['published', 'published', 'retracted'],
  );
});

test('an id that comes twice is refused the second time, in a try too', async (context) => {
  const database = await atlasDatabase(context);
  const twice = () => edition([910_001, 910_002, 910_001]);
  for (const mode of ['try', 'load'] as const) {
    const { counts, found } = await run(database, ucdpGed, twice(), { mode, batchSize: 1 });
    assert.deepEqual([counts.read, counts.inserted, counts.refused], [3, 2, 1]);
    assert.match(found[0]?.reason ?? '', /910001 came before/);
  }
});
