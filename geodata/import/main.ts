import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { ConfigError, readConfig } from '../../server/config.ts';
import { migrate } from '../../server/db/migrate.ts';
import { openDatabase } from '../../server/db/open.ts';
import type { ImportFormat } from './format.ts';
import { formats, mapped, mappedFormats } from './formats.ts';
import { type Meter, sourceFiles } from './input.ts';
import { importFiles, UnpreparedError } from './load.ts';
import { MappingError, readMapping } from './mapping.ts';
import { Progress } from './progress.ts';
import { ReportFile } from './report.ts';

const usage = `npm run import -- <file…> --format <name> [options]

Files may end in .gz or .zip; - is standard input.
  --format <name>        ${Object.keys(formats).join(', ')};
                         by a mapping: ${Object.keys(mappedFormats).join(', ')}
  --mapping <file>       which column means what (docs/import.md)
  --dry-run              read and compare everything, write nothing
  --complete             the files are the whole dataset: withdraw records that they lack
  --public               show the records to everyone, where the dataset's terms keep them private
  --report <file>        refusals, repairs and doubts, a JSON object a line (import-report.ndjson)
  --database-url <url>   PostGIS server, as DATABASE_URL; without it the embedded engine`;

/** The command line cannot be followed. */
class UsageError extends Error {
  override readonly name = 'UsageError';
}

function argumentsOf(given: readonly string[]) {
  try {
    return parseArgs({
      args: [...given],
      allowPositionals: true,
      options: {
        format: { type: 'string' },
        mapping: { type: 'string' },
        'dry-run': { type: 'boolean', default: false },
        complete: { type: 'boolean', default: false },
        public: { type: 'boolean', default: false },
        report: { type: 'string', default: 'import-report.ndjson' },
        'database-url': { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

async function formatOf(
  name: string | undefined,
  mapping: string | undefined,
): Promise<ImportFormat> {
  if (name === undefined) throw new UsageError('--format is missing');
  const format = Object.hasOwn(formats, name) ? formats[name] : undefined;
  const byMapping = Object.hasOwn(mappedFormats, name) ? mappedFormats[name] : undefined;
  if (format !== undefined) {
    if (mapping !== undefined) throw new UsageError(`--format ${name} takes no --mapping`);
    return format;
  }
  if (byMapping === undefined) {
    const names = [...Object.keys(formats), ...Object.keys(mappedFormats)];
    throw new UsageError(`--format is '${name}' and must be one of ${names.join(', ')}`);
  }
  if (mapping === undefined) throw new UsageError(`--format ${name} needs --mapping <file>`);
  return mapped(byMapping, await readMapping(mapping));
}

/** `npm run import`. Refused records are no failure: the summary and the report tell of them. */
async function main(): Promise<void> {
  const { values, positionals } = argumentsOf(process.argv.slice(2));
  if (values.help || positionals.length === 0) {
    process.stdout.write(`${usage}\n`);
    return;
  }
  const format = await formatOf(values.format, values.mapping);
  const url = values['database-url'];
  const config = readConfig(
    url === undefined ? process.env : { ...process.env, DATABASE_URL: url },
  );
  const say = (message: string) => process.stderr.write(`${message}\n`);
  const { privateBecause, title, licence } = format.dataset;
  const status = privateBecause === null || values.public ? 'published' : 'draft';
  say(`${title}. Licence: ${licence}.`);
  if (privateBecause !== null) {
    say(`${status === 'draft' ? 'Kept private' : 'Shown to everyone'}: ${privateBecause}.`);
  }

  const meter: Meter = { bytes: 0 };
  const files = await sourceFiles(positionals, meter);
  const total = files.reduce<number | undefined>(
    (sum, { size }) => (sum === undefined || size === undefined ? undefined : sum + size),
    0,
  );
  const root = path.dirname(path.dirname(path.dirname(fileURLToPath(import.meta.url))));
  const database = await openDatabase({
    ...(config.databaseUrl === undefined ? {} : { databaseUrl: config.databaseUrl }),
    dataDir: config.dataDir,
    log: say,
  });
  const progress = new Progress(process.stderr);
  const report = new ReportFile(values.report);
  let findings = 0;
  try {
    await migrate(database, path.join(root, 'migrations'), say);
    const counts = await importFiles(database, {
      format,
      files,
      status,
      mode: values['dry-run'] ? 'try' : 'load',
      missing: values.complete ? 'withdraw' : 'keep',
      find: async (finding) => {
        findings += 1;
        await report.add(finding);
      },
      progress: ({ read }) => progress.draw({ read, bytes: meter.bytes, total }),
    });
    progress.end();
    await report.add({ summary: counts });
    process.stdout.write(`${summaryOf(counts, values['dry-run'] ? 'would be' : 'were')}\n`);
    if (findings > 0) {
      process.stdout.write(`Reasons, line by line: ${values.report}\n`);
    }
  } finally {
    progress.end();
    await report.close();
    await database.close();
  }
}

function summaryOf(counts: Awaited<ReturnType<typeof importFiles>>, verb: string): string {
  const { read, loaded, inserted, changed, unchanged, refused } = counts;
  return [
    `${read} records read: ${loaded} ${verb} loaded (${inserted} new, ${changed} changed), ${unchanged} unchanged, ${refused} refused.`,
    `${counts.repairs} repairs; ${counts.doubts} doubtful texts; ${counts.unassigned} records in no region; ${counts.withdrawn} withdrawn.`,
  ].join('\n');
}

main().catch((error: unknown) => {
  const isExpected =
    error instanceof UsageError ||
    error instanceof ConfigError ||
    error instanceof UnpreparedError ||
    error instanceof MappingError ||
    error instanceof TypeError;
  process.stderr.write(`${isExpected ? error.message : String(error)}\n`);
  if (error instanceof UsageError) process.stderr.write(`\n${usage}\n`);
  process.exitCode = 1;
});
