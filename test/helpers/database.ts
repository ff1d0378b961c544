/**
 * Throw-away databases for tests, as migrated as the real one: on the embedded engine, or on the
 * PostGIS server that TEST_DATABASE_URL names. What takes long (migrations, loaded data) is done
 * once per content, kept as a template and copied; test files and test processes share it.
 *
 * On a server, roles belong to all its databases: a migration that makes one must allow for that.
 */
import { createHash, randomUUID } from 'node:crypto';
import { mkdtemp, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Client } from 'pg';
import type { Database } from '../../server/db/database.ts';
import { type EmbeddedSettings, openEmbedded } from '../../server/db/embedded.ts';
import { copyDirectory, engineFiles, makeOnce } from '../../server/db/engine-files.ts';
import { migrate } from '../../server/db/migrate.ts';
import { openServer, type ServerSettings } from '../../server/db/server.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const serverUrl = process.env.TEST_DATABASE_URL;

export interface TestDatabaseOptions {
  /** Directory of migrations; the project's own when left out. */
  readonly migrations?: string;
  /** Settings of either engine that differ from its defaults. */
  readonly settings?: Partial<EmbeddedSettings & ServerSettings>;
}

export interface LoadedDatabaseOptions extends TestDatabaseOptions {
  /** Names the content, in lower-case letters. */
  readonly name: string;
  /** Files and directories, relative to the project, on which the content depends. */
  readonly inputs: readonly string[];
  /** Fills the migrated database. */
  readonly prepare: (database: Database) => Promise<unknown>;
}

/** A migrated database of its own for one test, removed at its end. */
export async function testDatabase(
  context: TestContext,
  options: TestDatabaseOptions = {},
): Promise<Database> {
  const database = await openTestDatabase(options);
  context.after(() => database.close());
  return database;
}

/** A migrated database of its own; closing it removes it. */
export function openTestDatabase(options: TestDatabaseOptions = {}): Promise<Database> {
  return openLoadedTestDatabase({
    ...options,
    name: 'empty',
    inputs: [],
    prepare: async () => undefined,
  });
}

/** A migrated and filled database of its own; the filling is done once and shared by copying. */
export async function openLoadedTestDatabase(options: LoadedDatabaseOptions): Promise<Database> {
  const { name, inputs, prepare, settings = {} } = options;
  const migrations = options.migrations ?? path.join(root, 'migrations');
  const hash = createHash('sha256').update(prepare.toString());
  for (const input of [migrations, ...inputs.map((part) => path.join(root, part))]) {
    await hashContent(hash, input);
  }
  const recipe: Recipe = {
    name,
    key: hash.digest('hex').slice(0, 16),
    settings,
    fill: async (database) => {
      await migrate(database, migrations, () => undefined);
      await prepare(database);
    },
  };
  return serverUrl === undefined ? openEmbeddedCopy(recipe) : openServerCopy(recipe, serverUrl);
}

interface Recipe {
  readonly name: string;
  readonly key: string;
  readonly settings: Partial<EmbeddedSettings & ServerSettings>;
  readonly fill: (database: Database) => Promise<void>;
}

async function hashContent(hash: ReturnType<typeof createHash>, file: string): Promise<void> {
  if ((await stat(file)).isDirectory()) {
    for (const entry of (await readdir(file)).sort())
      await hashContent(hash, path.join(file, entry));
  } else {
    hash.update(file).update(await readFile(file));
  }
}

/** Closing `database` also does `remove`. */
function removedAtClose(database: Database, remove: () => Promise<void>): Database {
  return {
    engine: database.engine,
    load: () => database.load(),
    query: (statement, options) => database.query(statement, options),
    transaction: (mode, work, options) => database.transaction(mode, work, options),
    close: async () => {
      await database.close();
      await remove();
    },
  };
}

// ---------------------------------------------------------------------------------------------
// Embedded engine: a template is a data directory in the cache

async function openEmbeddedCopy({ name, key, fill, settings }: Recipe): Promise<Database> {
  const files = await engineFiles(path.join(tmpdir(), 'strike-atlas-cache'));
  const family = path.join(files.directory, `test-${name}-`);
  const template = `${family}${files.version}-${key}`;
  await makeOnce(template, async (made) => {
    await removeUnused(family);
    await withDirectory(async (dataDir) => {
      const database = await openEmbedded(dataDir);
      await fill(database).finally(() => database.close());
      await moveDirectory(path.join(dataDir, 'postgres'), made);
    });
  });
  await utimes(template, new Date(), new Date());
  const dataDir = await mkdtemp(path.join(tmpdir(), 'strike-atlas-test-'));
  const remove = (): Promise<void> => rm(dataDir, { recursive: true, force: true });
  try {
    await copyDirectory(template, path.join(dataDir, 'postgres'));
    return removedAtClose(await openEmbedded(dataDir, settings), remove);
  } catch (error) {
    await remove();
    throw error;
  }
}

async function withDirectory(work: (directory: string) => Promise<void>): Promise<void> {
  const directory = await mkdtemp(path.join(tmpdir(), 'strike-atlas-template-'));
  await work(directory).finally(() => rm(directory, { recursive: true, force: true }));
}

/** `rename`, also where the two are on different file systems. */
async function moveDirectory(from: string, to: string): Promise<void> {
  await rename(from, to).catch(() => copyDirectory(from, to));
}

/** Templates of the same name that no test has used for a day: their content has changed since. */
async function removeUnused(family: string): Promise<void> {
  const day = 24 * 60 * 60 * 1000;
  for (const entry of await readdir(path.dirname(family))) {
    const file = path.join(path.dirname(family), entry);
    if (!file.startsWith(family)) continue;
    const found = await stat(file).catch(() => undefined);
    if (found !== undefined && Date.now() - found.mtimeMs > day) {
      await rm(file, { recursive: true, force: true });
    }
  }
}

// ---------------------------------------------------------------------------------------------
// Server: a template is a database that nobody may connect to

async function openServerCopy(recipe: Recipe, url: string): Promise<Database> {
  const template = `strike_atlas_template_${recipe.name}_${recipe.key}`;
  const name = `strike_atlas_test_${randomUUID().replaceAll('-', '')}`;
  await withClient(url, async (client) => {
    // One process at a time makes templates; the others wait and then find it.
    await client.query(`SELECT pg_advisory_lock(hashtext('strike_atlas_template'))`);
    const found = await client.query('SELECT FROM pg_database WHERE datname = $1', [template]);
    if (found.rowCount === 0) await makeTemplate(client, url, template, recipe);
    await client.query(`CREATE DATABASE ${name} TEMPLATE ${template}`);
  });
  const remove = (): Promise<void> =>
    withClient(url, async (client) => {
      await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    });
  try {
    return removedAtClose(await openServer(urlOf(url, name), recipe.settings), remove);
  } catch (error) {
    await remove();
    throw error;
  }
}

async function makeTemplate(
  client: Client,
  url: string,
  template: string,
  { fill }: Recipe,
): Promise<void> {
  const making = `${template}_making`;
  await client.query(`DROP DATABASE IF EXISTS ${making} WITH (FORCE)`);
  await client.query(`CREATE DATABASE ${making} TEMPLATE template0 ENCODING 'UTF8'`);
  const database = await openServer(urlOf(url, making));
  await fill(database).finally(() => database.close());
  await client.query(`ALTER DATABASE ${making} RENAME TO ${template}`);
  await client.query(`ALTER DATABASE ${template} ALLOW_CONNECTIONS false`);
}

async function withClient(url: string, work: (client: Client) => Promise<void>): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await work(client).finally(() => client.end());
}

function urlOf(url: string, database: string): string {
  const address = new URL(url);
  address.pathname = `/${database}`;
  return address.href;
}
