import path from 'node:path';
import { fileURLToPath } from 'node:url';
import sql from 'sql-template-tag';
import { ConfigError, readConfig } from '../server/config.ts';
import type { Database } from '../server/db/database.ts';
import { migrate } from '../server/db/migrate.ts';
import { openDatabase } from '../server/db/open.ts';
import { checkDataset } from './check.ts';
import { type Fault, readDataset } from './files.ts';
import { readPlaces } from './places.ts';
import { compilation, rowsOf } from './rows.ts';
import { removeMissing, type TableReport, upsert } from './upsert.ts';

/** What a load did, by table, in the order of loading. */
export type LoadReport = Readonly<Record<string, TableReport>>;

/** The files have faults, so nothing was loaded. */
export class FaultyDataError extends Error {
  override readonly name = 'FaultyDataError';
  readonly faults: readonly Fault[];

  constructor(faults: readonly Fault[]) {
    super(
      `nothing was loaded, the files have ${faults.length} fault${faults.length === 1 ? '' : 's'}:\n` +
        faults.map(({ file, record, reason }) => `${file}: ${record}: ${reason}`).join('\n'),
    );
    this.faults = faults;
  }
}

/**
 * Brings the files of a directory (geodata/, or one laid out like it) and the gazetteer into the
 * database, in one transaction: what is new is inserted, what differs makes one new version, what
 * is gone is removed to history, and what is the same is left untouched.
 * @throws {FaultyDataError} and loads nothing where `npm run check:data` would complain.
 */
export async function loadFiles(
  database: Database,
  directory: string,
  say: (message: string) => void,
): Promise<LoadReport> {
  say(`Reading ${directory}`);
  const reading = await readDataset(directory);
  const faults = checkDataset(reading);
  if (faults.length > 0) throw new FaultyDataError(faults);
  const tables = rowsOf(reading.dataset, readPlaces());

  const report = await database.transaction('write', async (session) => {
    const removed = new Map<string, number>();
    for (const load of tables.toReversed()) {
      removed.set(load.table, await removeMissing(session, load));
    }
    const done: Record<string, TableReport> = {};
    for (const [index, load] of tables.entries()) {
      say(`Loading ${index + 1}/${tables.length} ${load.table}: ${load.rows.length} rows`);
      const { inserted, changed } = await upsert(session, load);
      done[load.table] = {
        inserted,
        changed,
        removed: removed.get(load.table) ?? 0,
        unchanged: load.rows.length - inserted - changed,
      };
    }
    if (hasChanges(done)) {
      await session.query(
        sql`INSERT INTO atlas.load (dataset, report)
            VALUES (${compilation}, ${JSON.stringify(done)}::jsonb)`,
      );
    }
    return done;
  });
  // The planner has not seen these rows yet.
  await database.transaction('write', (session) => session.query(sql`ANALYZE`));
  return report;
}

function hasChanges(report: LoadReport): boolean {
  return Object.values(report).some(
    ({ inserted, changed, removed }) => inserted + changed + removed > 0,
  );
}

/** The report as a table for people. */
export function reportText(report: LoadReport): string {
  const heading = ['table', 'inserted', 'changed', 'removed', 'unchanged'];
  const rows = Object.entries(report).map(([table, { inserted, changed, removed, unchanged }]) => [
    table,
    ...[inserted, changed, removed, unchanged].map(String),
  ]);
  const widths = heading.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  return [heading, ...rows]
    .map((row) =>
      row
        .map((cell, column) =>
          column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
        )
        .join('  '),
    )
    .join('\n');
}

/** `npm run load [directory]`. */
async function main(): Promise<void> {
  const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
  const directory = path.resolve(process.argv[2] ?? path.join(root, 'geodata'));
  const { databaseUrl, dataDir } = readConfig(process.env);
  const isTerminal = process.stderr.isTTY;
  const say = (message: string) =>
    process.stderr.write(isTerminal ? `\r\u001b[K${message}` : `${message}\n`);
  const database = await openDatabase({
    ...(databaseUrl === undefined ? {} : { databaseUrl }),
    dataDir,
    log: say,
  });
  try {
    await migrate(database, path.join(root, 'migrations'), say);
    const report = await loadFiles(database, directory, say);
    if (isTerminal) process.stderr.write('\r\u001b[K');
    process.stdout.write(`${reportText(report)}\n`);
    if (!hasChanges(report)) process.stdout.write('Nothing has changed.\n');
  } finally {
    await database.close();
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  main().catch((error: unknown) => {
    const isExpected = error instanceof FaultyDataError || error instanceof ConfigError;
    process.stderr.write(`${isExpected ? error.message : String(error)}\n`);
    process.exit(1);
  });
}
