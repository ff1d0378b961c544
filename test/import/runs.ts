import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { ImportFormat, Parsed } from '../../geodata/import/format.ts';
import { type SourceFile, sourceFiles } from '../../geodata/import/input.ts';
import { type ImportOptions, importFiles } from '../../geodata/import/load.ts';
import type { Finding } from '../../geodata/import/report.ts';
import type { Database } from '../../server/db/database.ts';

/** The path of a made-up file. */
export function fixture(name: string): string {
  return fileURLToPath(new URL(`fixtures/${name}`, import.meta.url));
}

/** A file that holds a text, or bytes. */
export function fileOf(content: string | Uint8Array, name = 'made-up.csv'): SourceFile {
  return { name, size: content.length, stream: async () => Readable.from([Buffer.from(content)]) };
}

/** Imports files, or the fixture of a name, and answers with the counts and what was found. */
export async function run(
  database: Database,
  format: ImportFormat,
  given: string | readonly SourceFile[],
  options: Partial<ImportOptions> = {},
) {
  const found: Finding[] = [];
  const files =
    typeof given === 'string' ? await sourceFiles([fixture(given)], { bytes: 0 }) : given;
  const counts = await importFiles(database, {
    format,
    files,
    status: format.dataset.privateBecause === null ? 'published' : 'draft',
    mode: 'load',
    missing: 'keep',
    find: async (finding) => {
      found.push(finding);
    },
    progress: () => undefined,
    ...options,
  });
  return { counts, found };
}

/** All findings of a format's reading, without a database. */
export async function parsedBy(format: ImportFormat, given: string | readonly SourceFile[]) {
  const files =
    typeof given === 'string' ? await sourceFiles([fixture(given)], { bytes: 0 }) : given;
  const all: Parsed[] = [];
  for await (const parsed of format.read(files)) all.push(parsed);
  return all;
}
