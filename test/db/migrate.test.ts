import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import sql from 'sql-template-tag';
import type { Database } from '../../server/db/database.ts';
import { MigrationError, migrate } from '../../server/db/migrate.ts';
import { openServer } from '../../server/db/server.ts';
import { openTestDatabase } from '../helpers/database.ts';

let database: Database;
let folder: string;

before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'strike-atlas-migrations-'));
  await mkdir(path.join(folder, 'none'));
  database = await openTestDatabase({ migrations: path.join(folder, 'none') });
});
after(async () => {
  await database.close();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  await owner('DROP TABLE IF EXISTS public.schema_migration, public.a, public.b');
});

function owner(text: string): Promise<Record<string, unknown>[]> {
  return database.transaction('write', (session) => session.query({ text, values: [] }));
}

async function directory(files: Readonly<Record<string, string>>): Promise<string> {
  const made = await mkdtemp(path.join(folder, 'case-'));
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(made, name), text);
  return made;
}

const silent = (): void => undefined;
const first = {
  '001_a.sql': 'CREATE TABLE public.a (n integer);\nINSERT INTO public.a VALUES (1);\n',
};
const second = { '002_b.sql': "CREATE TABLE public.b (t text DEFAULT ';'); -- done;\n" };

test('applies what is missing, in order, once', async () => {
  const lines: string[] = [];
  const log = (line: string): void => void lines.push(line);
  const notes = { 'README.md': 'SELEC', '010_draft.sql.txt': 'SELEC' };
  const files = await directory({ ...second, ...first, ...notes });
  assert.deepEqual(await migrate(database, await directory(first), log), ['001_a.sql']);
  assert.deepEqual(await migrate(database, files, log), ['002_b.sql']);
  assert.deepEqual(await migrate(database, files, log), []);
  assert.deepEqual(lines, ['Applying migration 001_a.sql', 'Applying migration 002_b.sql']);
  assert.deepEqual(await owner('SELECT n FROM public.a'), [{ n: 1 }]);
  const [row] = await owner(
    `SELECT count(*) AS n, bool_and(sha256 ~ '^[0-9a-f]{64}$') AS hashed FROM public.schema_migration`,
  );
  assert.deepEqual(row, { n: 2, hashed: true });
});

test('refuses when an applied file was changed, but line ends do not count', async () => {
  await migrate(database, await directory(first), silent);
  const text = first['001_a.sql'];
  const windows = await directory({ '001_a.sql': text.replaceAll('\n', '\r\n') });
  assert.deepEqual(await migrate(database, windows, silent), []);
  const changed = await directory({ '001_a.sql': `${text} `, ...second });
  await assert.rejects(migrate(database, changed, silent), (error) => {
    assert.ok(error instanceof MigrationError);
    assert.match(error.message, /001_a\.sql was changed after it was applied/);
    return true;
  });
  assert.deepEqual(await owner(`SELECT to_regclass('public.b')::text AS b`), [{ b: null }]);
});

test('refuses when an applied file is gone, or a new one comes before it', async () => {
  await migrate(database, await directory({ ...first, ...second }), silent);
  await assert.rejects(
    migrate(database, await directory(first), silent),
    /002_b\.sql where .* none/,
  );
  const between = await directory({ ...first, '001_b.sql': 'SELECT 1', ...second });
  await assert.rejects(migrate(database, between, silent), /002_b\.sql where .* 001_b\.sql/);
});

test('a migration that fails leaves nothing of itself, and what came before it stays', async () => {
  const faulty = { '002_b.sql': 'CREATE TABLE public.b (n integer); SELECT 1 / 0;' };
  await assert.rejects(
    migrate(database, await directory({ ...first, ...faulty }), silent),
    (error) => {
      assert.ok(error instanceof MigrationError);
      assert.match(error.message, /002_b\.sql failed/);
      return true;
    },
  );
  assert.deepEqual(await owner(`SELECT to_regclass('public.b')::text AS b`), [{ b: null }]);
  assert.deepEqual(await owner('SELECT name FROM public.schema_migration'), [
    { name: '001_a.sql' },
  ]);
  assert.deepEqual(await migrate(database, await directory({ ...first, ...second }), silent), [
    '002_b.sql',
  ]);
});

test('servers that start at once apply each migration once', async () => {
  const slow = { '001_a.sql': `${first['001_a.sql']} SELECT pg_sleep(0.3);` };
  const files = await directory({ ...slow, ...second });
  const [row] = await database.transaction('write', (session) =>
    session.query<{ name: string }>(sql`SELECT current_database()::text AS name`),
  );
  const others: Database[] = [];
  if (process.env.TEST_DATABASE_URL !== undefined) {
    const url = new URL(process.env.TEST_DATABASE_URL);
    url.pathname = `/${row?.name}`;
    others.push(await openServer(url.href), await openServer(url.href));
  }
  try {
    const applied = await Promise.all(
      [database, database, ...others].map((each) => migrate(each, files, silent)),
    );
    assert.deepEqual(applied.flat().sort(), ['001_a.sql', '002_b.sql']);
    assert.deepEqual(await owner('SELECT n FROM public.a'), [{ n: 1 }]);
  } finally {
    for (const other of others) await other.close();
  }
});

test('the project’s own migrations apply to an empty database', async (context) => {
  const own = fileURLToPath(new URL('../../migrations', import.meta.url));
  const empty = await openTestDatabase({ migrations: path.join(folder, 'none') });
  context.after(() => empty.close());
  const names = await migrate(empty, own, silent);
  assert.ok(names.length > 0);
  assert.deepEqual(await migrate(empty, own, silent), []);
});
