/**
 * What the embedded engine needs on disk before it can start: the PostGIS files and a data
 * directory. Both are made once and kept in a cache, because making them takes seconds.
 */
import { constants } from 'node:fs';
import {
  access,
  cp,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { EmbeddedEngine } from './embedded-engine.ts';
import { isAlive } from './lock.ts';

/** Raise it when the recipes in this file, or the engine's start parameters, change. */
const recipe = 1;

const require = createRequire(import.meta.url);
const projectCache = fileURLToPath(
  new URL('../../node_modules/.cache/strike-atlas', import.meta.url),
);

export interface EngineFiles {
  readonly directory: string;
  /** URL of the PostGIS files that the engine loads at every start. */
  readonly postgisBundle: string;
  /** Names the versions that the cached things depend on. */
  readonly version: string;
}

/**
 * Finds or makes the engine's files: in the project's cache, where `npm ci` has put them, or in
 * `other` when they are missing there and it is read-only.
 */
export async function engineFiles(other: string): Promise<EngineFiles> {
  const version = [
    await packageVersion('@electric-sql/pglite'),
    await packageVersion('@electric-sql/pglite-postgis'),
    recipe,
  ].join('-');
  const bundleName = `postgis-${version}.tar.gz`;
  const isPrepared = await exists(path.join(projectCache, bundleName));
  const directory = isPrepared || (await isWritable(projectCache)) ? projectCache : other;
  await mkdir(directory, { recursive: true });
  const bundle = path.join(directory, bundleName);
  await makeOnce(bundle, async (file) => writeFile(file, await slimBundle()));
  return { directory, postgisBundle: pathToFileURL(bundle).href, version };
}

/**
 * Makes a data directory with an empty database and PostGIS, unless `target` is there already.
 * @throws {Error} when what is there cannot be used.
 */
export async function makeDataDirectory(
  files: EngineFiles,
  target: string,
  log: (message: string) => void,
): Promise<void> {
  await makeOnce(target, async (made) => copyDirectory(await emptyDatabase(files, log), made));
  await checkVersion(target);
}

/** Finds or makes the data directory that every new one is a copy of. */
export async function emptyDatabase(
  files: EngineFiles,
  log: (message: string) => void,
): Promise<string> {
  const template = path.join(files.directory, `database-${files.version}`);
  await makeOnce(template, async (dataDir) => {
    log('Preparing the embedded PostGIS, once: about 10 seconds');
    const engine = await EmbeddedEngine.start({ dataDir, postgisBundle: files.postgisBundle });
    for (const text of emptyDatabaseSteps) {
      const statement = { text, values: [] };
      await engine.run({ role: 'owner', protocol: 'simple', statement }, 120_000);
    }
    await engine.close();
  });
  return template;
}

const emptyDatabaseSteps = [
  'CREATE EXTENSION postgis',
  // Two thirds of the files, and of no use without CREATE DATABASE.
  'UPDATE pg_database SET datistemplate = false',
  'DROP DATABASE template0',
  'DROP DATABASE template1',
  // The second one lets go of the write-ahead log that the first had still to keep.
  'CHECKPOINT',
  'CHECKPOINT',
];

/** The one major version of PostgreSQL that this engine is, and can read. */
const postgresVersion = '18';

/**
 * @throws {Error} when another version made the data directory, or when it is damaged: the engine
 * would put an empty database in its place.
 */
async function checkVersion(directory: string): Promise<void> {
  const version = await readFile(path.join(directory, 'PG_VERSION'), 'utf8').catch(() => '');
  if (version.trim() === postgresVersion) return;
  const found = version === '' ? 'is not a data directory' : `is of PostgreSQL ${version.trim()}`;
  throw new Error(`${directory} ${found}; this version needs one of PostgreSQL ${postgresVersion}`);
}

/** Copies a data directory that no engine has open. */
export async function copyDirectory(from: string, to: string): Promise<void> {
  await cp(from, to, { recursive: true, mode: constants.COPYFILE_FICLONE });
}

/**
 * Makes a file or a directory under a temporary name and moves it into place when it is complete.
 * When two processes make the same, the first to finish wins.
 */
export async function makeOnce(
  target: string,
  make: (temporary: string) => Promise<void>,
): Promise<void> {
  if (await exists(target)) return;
  await removeUnfinished(target);
  const temporary = `${target}.making-${process.pid}-${Date.now()}`;
  try {
    await make(temporary);
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    if (!(await exists(target))) throw error;
  }
}

/** What processes that were ended in the middle have left. */
async function removeUnfinished(target: string): Promise<void> {
  const beginning = `${path.basename(target)}.making-`;
  for (const name of await readdir(path.dirname(target))) {
    if (!name.startsWith(beginning)) continue;
    const maker = Number.parseInt(name.slice(beginning.length), 10);
    if (isAlive(maker)) continue;
    await rm(path.join(path.dirname(target), name), { recursive: true, force: true });
  }
}

/**
 * The PostGIS package without what is never used here: raster, topology, the geocoder and upgrade
 * scripts are three quarters of it, and every start would unpack and compile them. Not compressed,
 * because unpacking costs more than reading.
 */
async function slimBundle(): Promise<Buffer> {
  const package_ = path.dirname(require.resolve('@electric-sql/pglite-postgis'));
  const archive = await promisify(gunzip)(await readFile(path.join(package_, 'postgis.tar.gz')));
  const kept: Buffer[] = [];
  for (const entry of tarEntries(archive)) {
    if (
      entry.name === 'lib/postgresql/postgis-3.so' ||
      entry.name === 'share/postgresql/extension/postgis.control' ||
      /^share\/postgresql\/extension\/postgis--\d+(\.\d+)+\.sql$/.test(entry.name) ||
      entry.name === 'share/proj/proj.db'
    ) {
      kept.push(entry.bytes);
    }
  }
  if (kept.length !== 4) throw new Error('the PostGIS package is not laid out as expected');
  const endOfArchive = Buffer.alloc(1024);
  return promisify(gzip)(Buffer.concat([...kept, endOfArchive]), { level: 0 });
}

/** Entries of a tar archive (POSIX ustar: a header of 512 bytes, content padded to 512). */
function* tarEntries(archive: Buffer): Generator<{ name: string; bytes: Buffer }> {
  let start = 0;
  while (archive[start] !== 0 && start < archive.length) {
    const field = (from: number, to: number): string =>
      archive.toString('latin1', start + from, start + to).replace(/\0.*$/s, '');
    const size = Number.parseInt(field(124, 136), 8);
    const end = start + 512 + Math.ceil(size / 512) * 512;
    yield { name: field(0, 100), bytes: archive.subarray(start, end) };
    start = end;
  }
}

async function packageVersion(name: string): Promise<string> {
  const file = path.join(path.dirname(require.resolve(name)), '..', 'package.json');
  const content: unknown = JSON.parse(await readFile(file, 'utf8'));
  if (typeof content === 'object' && content !== null && 'version' in content) {
    return String(content.version);
  }
  throw new Error(`${file} has no version`);
}

async function isWritable(directory: string): Promise<boolean> {
  try {
    await mkdir(directory, { recursive: true });
    await access(directory, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}
