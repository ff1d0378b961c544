/** The fences around the embedded engine: what goes wrong in it must not go further. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import sql from 'sql-template-tag';
import type { Database } from '../../server/db/database.ts';
import { type EmbeddedSettings, openEmbedded } from '../../server/db/embedded.ts';
import { EmbeddedEngine, engineLimits } from '../../server/db/embedded-engine.ts';
import { copyDirectory, engineFiles, makeOnce } from '../../server/db/engine-files.ts';
import { DatabaseError, type DatabaseErrorKind } from '../../server/db/errors.ts';
import { DirectoryInUseError } from '../../server/db/lock.ts';
import { migrate } from '../../server/db/migrate.ts';

const migrations = fileURLToPath(new URL('migrations', import.meta.url));
let folder: string;
let migrated: string;

before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'strike-atlas-embedded-'));
  migrated = path.join(folder, 'migrated');
  const database = await openEmbedded(migrated);
  await migrate(database, migrations, () => undefined);
  await database.close();
});
after(() => rm(folder, { recursive: true, force: true }));

interface Opened {
  readonly database: Database;
  readonly dataDir: string;
  /** What the engine said about itself. */
  readonly lines: string[];
}

/** A migrated database of its own with other limits. */
async function open(context: TestContext, settings: Partial<EmbeddedSettings>): Promise<Opened> {
  const dataDir = await mkdtemp(path.join(folder, 'data-'));
  await copyDirectory(migrated, dataDir);
  const lines: string[] = [];
  const log = (line: string): void => void lines.push(line);
  const database = await openEmbedded(dataDir, { log, ...settings });
  context.after(() => database.close());
  return { database, dataDir, lines };
}

function insert(database: Database, id: number): Promise<unknown> {
  return database.transaction('write', (session) =>
    session.query(sql`INSERT INTO atlas.item (id, label) VALUES (${id}, ${`item ${id}`})`),
  );
}

async function ids(database: Database): Promise<number[]> {
  const rows = await database.query<{ id: number }>(sql`SELECT id FROM api.item ORDER BY id`);
  return rows.map(({ id }) => id);
}

function isOfKind(kind: DatabaseErrorKind) {
  return (error: unknown): boolean => {
    assert.ok(error instanceof DatabaseError, String(error));
    assert.equal(error.kind, kind);
    return true;
  };
}

test('a second opening of the directory is refused, also from another process', async (context) => {
  const { database, dataDir } = await open(context, {});
  await assert.rejects(openEmbedded(dataDir), DirectoryInUseError);
  const { code, output } = await run('open.ts', dataDir);
  assert.equal(code, 1);
  assert.match(output, new RegExp(`in use by process ${process.pid} on `));
  await insert(database, 1);
  assert.deepEqual(await ids(database), [1]);
  await database.close();
  assert.deepEqual(
    (await readdir(dataDir)).filter((name) => name.startsWith('lock')),
    [],
  );
});

test('before the migrations a read is unavailable, and never has the owner’s rights', async (context) => {
  const dataDir = await mkdtemp(path.join(folder, 'data-'));
  const database = await openEmbedded(dataDir);
  context.after(() => database.close());
  await assert.rejects(database.query(sql`SELECT 1`), isOfKind('unavailable'));
  await assert.rejects(
    database.transaction('read', (session) => session.query(sql`SELECT 1`)),
    isOfKind('unavailable'),
  );
});

test('what a killed first start has left is removed by the next', async () => {
  const target = path.join(await mkdtemp(path.join(folder, 'once-')), 'made');
  const dead = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
  await once(dead, 'exit');
  await writeFile(`${target}.making-${dead.pid}-1`, '');
  await writeFile(`${target}.making-${process.pid}-1`, '');
  await makeOnce(target, (file) => writeFile(file, 'whole'));
  await assert.rejects(
    makeOnce(`${target}-2`, async (file) => {
      await writeFile(file, 'half');
      throw new Error('no more');
    }),
    /no more/,
  );
  assert.deepEqual((await readdir(path.dirname(target))).sort(), [
    'made',
    `made.making-${process.pid}-1`,
  ]);
});

test('a directory of another version is refused, and the lock let go', async () => {
  const dataDir = await mkdtemp(path.join(folder, 'data-'));
  await copyDirectory(migrated, dataDir);
  await writeFile(path.join(dataDir, 'postgres', 'PG_VERSION'), '17\n');
  await assert.rejects(openEmbedded(dataDir), /is of PostgreSQL 17; this version needs/);
  await rm(path.join(dataDir, 'postgres', 'PG_VERSION'));
  await assert.rejects(openEmbedded(dataDir), /is not a data directory/);
});

test('a sleeping and a busy statement are ended; the next ones run on intact data', async (context) => {
  const { database, lines } = await open(context, { statementMs: 3_000 });
  await insert(database, 1);
  const waiting: Promise<number[]>[] = [];
  for (const text of [
    'SELECT pg_sleep(60)',
    'SELECT count(ST_Buffer(ST_Point(n, n), 1, 1000)) FROM generate_series(1, 1000000) n',
  ]) {
    const slow = database.query({ text, values: [] });
    waiting.push(ids(database));
    await assert.rejects(slow, isOfKind('timeout'));
  }
  assert.deepEqual(await Promise.all(waiting), [[1], [1]]);
  await insert(database, 2);
  assert.deepEqual(await ids(database), [1, 2]);
  assert.equal(lines.filter((line) => line.startsWith('Restarting')).length, 2);
});

test('a C++ exception costs its statement and nothing else', async (context) => {
  const { database, lines } = await open(context, {});
  await insert(database, 1);
  await assert.rejects(
    database.query(sql`SELECT ST_AsText(ST_Buffer(ST_Point(1, 1), 'Infinity'::float8))`),
    isOfKind('unavailable'),
  );
  // The engine would commit the rows before the exception and report success.
  await assert.rejects(
    database.transaction('write', async (session) => {
      await session.query(
        sql`INSERT INTO atlas.item (id, label)
            SELECT n, ST_AsText(ST_Buffer(ST_Point(1, 1), CASE WHEN n = 50 THEN 'Infinity'::float8 ELSE n END, 1))
              FROM generate_series(2, 100) n`,
      );
    }),
    isOfKind('unavailable'),
  );
  assert.deepEqual(await ids(database), [1]);
  assert.equal(lines.filter((line) => line.startsWith('Restarting')).length, 2);
});

test('the engine is renewed after so many errors, between transactions, unnoticed', async (context) => {
  const { database, lines } = await open(context, { faultLimit: 10 });
  for (let n = 1; n <= 3; n += 1) {
    await Promise.all([
      ...Array.from({ length: 8 }, () =>
        assert.rejects(database.query(sql`SELECT 1 / 0`), isOfKind('value')),
      ),
      insert(database, n),
      database.transaction('read', async (session) => {
        await session.query(sql`SELECT pg_sleep(0.01)`);
        assert.deepEqual(await session.query(sql`SELECT 1 AS one`), [{ one: 1 }]);
      }),
    ]);
  }
  assert.deepEqual(await ids(database), [1, 2, 3]);
  const renewals = lines.filter((line) => line.startsWith('Renewing')).length;
  assert.ok(renewals === 1 || renewals === 2, lines.join('\n'));
});

test('an engine that does not answer a ping is lost; one that does goes on', async (context) => {
  const { database, dataDir, lines } = await open(context, { pingAfterMs: 0 });
  await insert(database, 1);
  assert.deepEqual(await ids(database), [1]);
  assert.deepEqual(lines, []);
  await database.close();

  const { postgisBundle } = await engineFiles(folder);
  const engine = await EmbeddedEngine.start(
    { dataDir: path.join(dataDir, 'postgres'), postgisBundle },
    { ...engineLimits, pingMs: 200 },
  );
  const statement = { text: 'SELECT pg_sleep(60)', values: [] };
  const sleeping = { role: 'owner', protocol: 'extended', statement } as const;
  const hung = assert.rejects(engine.run(sleeping, 60_000), isOfKind('timeout'));
  await assert.rejects(engine.ping(), isOfKind('timeout'));
  await hung;
  assert.equal(engine.isLost, true);
  await engine.ended;
});

test('who waits too long for a turn is told so; who leaves the queue is forgotten', async (context) => {
  const { database } = await open(context, { queueMs: 300 });
  const leaver = new AbortController();
  const slow = database.query(sql`SELECT pg_sleep(1)`);
  const impatient = database.query(sql`SELECT 1`);
  const left = database.query(sql`SELECT 2`, { signal: leaver.signal });
  leaver.abort(new Error('gone'));
  await assert.rejects(left, /gone/);
  await assert.rejects(impatient, isOfKind('unavailable'));
  await slow;
  assert.deepEqual(await database.query(sql`SELECT 3 AS n`), [{ n: 3 }]);
});

test('when the directory is taken over, nothing is written any more', async (context) => {
  const lock = { heartbeatMs: 50, staleMs: 500 };
  const { database, dataDir, lines } = await open(context, { lock });
  await writeFile(path.join(dataDir, 'lock'), '{}');
  await sleep(300);
  await assert.rejects(insert(database, 1), isOfKind('unavailable'));
  assert.match(lines.join('\n'), /taken over by another process/);
});

test('the write-ahead log does not grow without end', async (context) => {
  const { database, dataDir } = await open(context, { checkpointBytes: 4 * 1024 * 1024 });
  const segments = async (): Promise<number> =>
    (await readdir(path.join(dataDir, 'postgres', 'pg_wal'))).length;
  for (let round = 1; round <= 8; round += 1) {
    await database.transaction('write', (session) =>
      session.query(
        sql`INSERT INTO atlas.item (id, label)
            SELECT n, n || repeat(md5(n::text), 40)
              FROM generate_series(${round * 10_000}::integer, ${round * 10_000 + 4_000}::integer) n`,
      ),
    );
  }
  // Files of 1 MB: without checkpoints these writes leave far more than 60.
  assert.ok((await segments()) < 40, `${await segments()} files`);
});

test('nothing that was acknowledged is lost when the process is killed while writing', async () => {
  const dataDir = await mkdtemp(path.join(folder, 'data-'));
  await copyDirectory(migrated, dataDir);
  let next = 1;
  for (const wanted of [60, 25]) {
    const acknowledged = await writeUntilKilled(dataDir, next, wanted);
    assert.ok(acknowledged.length >= wanted);
    const database = await openEmbedded(dataDir);
    try {
      const found = await ids(database);
      const last = acknowledged.at(-1) ?? 0;
      assert.deepEqual(
        found.slice(0, last),
        Array.from({ length: last }, (_, index) => index + 1),
      );
      // The one that was being written may have come through as well.
      assert.ok(found.length <= last + 1, `${found.length} rows, ${last} acknowledged`);
      next = found.length + 1;
    } finally {
      await database.close();
    }
  }
});

/** Writes rows in a process of its own and kills it after `wanted`; resolves to those acknowledged. */
async function writeUntilKilled(dataDir: string, from: number, wanted: number): Promise<number[]> {
  const child = start('write.ts', dataDir, String(from));
  const acknowledged: number[] = [];
  for await (const line of createInterface(child.stdout)) {
    acknowledged.push(Number(line));
    if (acknowledged.length === wanted) child.kill('SIGKILL');
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  assert.equal(child.signalCode, 'SIGKILL');
  return acknowledged;
}

function start(script: string, ...args: string[]) {
  const file = fileURLToPath(new URL(`processes/${script}`, import.meta.url));
  return spawn(process.execPath, ['--import', 'tsx', file, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function run(script: string, ...args: string[]): Promise<{ code: unknown; output: string }> {
  const child = start(script, ...args);
  let output = '';
  child.stdout.on('data', (chunk) => (output += String(chunk)));
  child.stderr.on('data', (chunk) => (output += String(chunk)));
  const [code] = await once(child, 'close');
  return { code, output };
}
