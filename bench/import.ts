/**
 * What an import costs: `npm run bench:import`. Files like other people's are made and brought into
 * databases of their own on one PostGIS server (BENCH_DATABASE_URL), at 10,000, 100,000 and 1,000,000
 * records, or those that SIZES names, each by a process of its own (import-run.ts) from an atlas that
 * holds only the project's own data; then the last file once more.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { loadFiles } from '../geodata/load.ts';
import { migrate } from '../server/db/migrate.ts';
import { openServer } from '../server/db/server.ts';
import { root } from '../test/helpers/atlas.ts';
import { datasetMakers, writeDataset } from './datasets.ts';
import type { Measured } from './import-run.ts';

const server = process.env.BENCH_DATABASE_URL ?? process.env.TEST_DATABASE_URL;
if (server === undefined) throw new Error('BENCH_DATABASE_URL names no PostGIS server');
const serverUrl = server;
const sizes = (process.env.SIZES ?? '10000,100000,1000000').split(',').map(Number);
const formatNames = (process.env.FORMATS ?? 'ucdp-ged,acled').split(',');
const template = 'bench_import_empty';

const number = (value: number, digits = 0): string =>
  value.toLocaleString('en', { maximumFractionDigits: digits, minimumFractionDigits: digits });

function urlOf(name: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
}

async function administer(...statements: readonly string[]): Promise<void> {
  const admin = new pg.Client({ connectionString: serverUrl });
  await admin.connect();
  for (const statement of statements) await admin.query(statement);
  await admin.end();
}

async function makeTemplate(): Promise<void> {
  await administer(`DROP DATABASE IF EXISTS ${template}`, `CREATE DATABASE ${template}`);
  const database = await openServer(urlOf(template));
  await migrate(database, path.join(root, 'migrations'), () => undefined);
  await loadFiles(database, path.join(root, 'geodata'), () => undefined);
  await database.close();
}

async function measured(name: string, format: string, file: string): Promise<Measured> {
  const child = fork(path.join(root, 'bench/import-run.ts'), [format, file], {
    env: { ...process.env, DATABASE_URL: urlOf(name) },
    execArgv: ['--import', 'tsx'],
  });
  const [result]: [Measured] = await once(child, 'message').then(([message]) => [message]);
  await once(child, 'exit');
  return result;
}

function line(
  what: string,
  count: number,
  { counts, ms, cpuMs, serverCpuMs, besideCpuMs, memory, phases }: Measured,
): string {
  const each = phases.map(([phase, time]) => `${phase} ${number(time / 1000, 1)}`).join(', ');
  const done = `${number(counts.loaded)} loaded, ${number(counts.unchanged)} unchanged, ${number(counts.refused)} refused`;
  const server =
    serverCpuMs === undefined
      ? ''
      : `${number(serverCpuMs / 1000, 1)} s, ${number(besideCpuMs / 1000, 1)} of them beside the record`;
  return `| ${what} | ${number(count)} | ${done} | ${number(ms / 1000, 1)} s | **${number((counts.read / ms) * 1000)}** | ${number(cpuMs / 1000, 1)} s | ${server} | ${number(memory / 1e6)} MB | ${each} |`;
}

const directory = await mkdtemp(path.join(tmpdir(), 'strike-atlas-bench-'));
try {
  await makeTemplate();
  console.log(`# Measured ${new Date().toISOString().slice(0, 10)}

Node ${process.version} and PostgreSQL on ${cpus().length} cores of ${cpus()[0]?.model ?? 'unknown'}. \`npm run bench:import\` makes this.
Phases are seconds of waiting for the database, and overlap: while one batch is written the next is
read, and another session makes the rows beside the record. UCDP's records have three claims each and
are public; ACLED's have one or two and are private.

| | records | | time | records/s | CPU of the importer | CPU of the server | peak memory of the importer | phases |
|---|---|---|---|---|---|---|---|---|`);
  for (const format of formatNames) {
    const maker = datasetMakers[format];
    if (maker === undefined) throw new Error(`no files are made for ${format}`);
    for (const size of sizes) {
      const file = path.join(directory, `${format}-${size}.csv`);
      await writeDataset(file, maker, size);
      const name = 'bench_import';
      await administer(
        `DROP DATABASE IF EXISTS ${name}`,
        `CREATE DATABASE ${name} TEMPLATE ${template}`,
      );
      const megabytes = (await stat(file)).size / 1e6;
      console.log(
        line(`${format}, ${number(megabytes)} MB`, size, await measured(name, format, file)),
      );
      if (size === sizes.at(-1)) {
        console.log(line('the same again', size, await measured(name, format, file)));
      }
      await administer(`DROP DATABASE ${name}`);
      await rm(file);
    }
  }
  await administer(`DROP DATABASE ${template}`);
} finally {
  await rm(directory, { recursive: true, force: true });
}
