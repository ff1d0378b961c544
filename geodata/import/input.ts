import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { type Readable, Transform } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { open } from 'yauzl';

/** A file to read once, from its beginning, unpacked. */
export interface SourceFile {
  /** As people know it: the path as given, and the name within an archive after `!`. */
  readonly name: string;
  /** Bytes as they lie on the disk, where that is known; packed ones for what is packed. */
  readonly size: number | undefined;
  stream(): Promise<Readable>;
}

/** How many packed bytes have been read so far, over all files. */
export interface Meter {
  bytes: number;
}

function metered(stream: Readable, meter: Meter): Readable {
  const counter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      meter.bytes += chunk.length;
      done(null, chunk);
    },
  });
  stream.on('error', (error) => counter.destroy(error));
  return stream.pipe(counter);
}

/**
 * The files that arguments mean: `-` is standard input, `.gz` is unpacked, each file of a `.zip` is
 * a file of its own.
 * @throws {TypeError} where an archive cannot be opened.
 */
export async function sourceFiles(names: readonly string[], meter: Meter): Promise<SourceFile[]> {
  const files: SourceFile[] = [];
  for (const name of names) {
    if (name === '-') {
      files.push({
        name: 'standard input',
        size: undefined,
        stream: async () => metered(process.stdin, meter),
      });
    } else if (name.toLowerCase().endsWith('.zip')) {
      files.push(...(await filesOfArchive(name, meter)));
    } else {
      const { size } = await stat(name);
      files.push({
        name,
        size,
        stream: async () => unpacked(name, metered(createReadStream(name), meter)),
      });
    }
  }
  return files;
}

function unpacked(name: string, stream: Readable): Readable {
  if (!name.toLowerCase().endsWith('.gz')) return stream;
  const gunzip = createGunzip();
  stream.on('error', (error) => gunzip.destroy(error));
  return stream.pipe(gunzip);
}

interface ArchiveEntry {
  readonly fileName: string;
  readonly compressedSize: number;
}

/** Directories, and what macOS adds beside the files, are left out. */
const isContent = (name: string) =>
  !name.endsWith('/') && !name.startsWith('__MACOSX/') && !path.basename(name).startsWith('.');

const isData = /\.(?:csv|tsv|json|geojson|geojsonl?|geojsonseq|ndjson|jsonl|fgb)$/i;

async function filesOfArchive(archive: string, meter: Meter): Promise<SourceFile[]> {
  const entries: ArchiveEntry[] = [];
  await eachEntry(archive, (entry) => {
    if (isContent(entry.fileName)) entries.push(entry);
    return undefined;
  });
  // A codebook or a licence lies beside the data in many archives.
  const data = entries.filter(({ fileName }) => isData.test(fileName));
  return (data.length > 0 ? data : entries)
    .toSorted((a, b) => (a.fileName < b.fileName ? -1 : 1))
    .map(({ fileName, compressedSize }) => ({
      name: `${archive}!${fileName}`,
      size: compressedSize,
      stream: async () => {
        const stream = await eachEntry(archive, (entry) => entry.fileName === fileName);
        if (stream === undefined) throw new Error(`${archive} no longer holds ${fileName}`);
        stream.once('end', () => {
          meter.bytes += compressedSize;
        });
        return stream;
      },
    }));
}

/** Goes through an archive's entries until one is wanted, and opens that one. */
function eachEntry(
  archive: string,
  isWanted: (entry: ArchiveEntry) => boolean | undefined,
): Promise<Readable | undefined> {
  return new Promise((resolve, reject) => {
    open(archive, { lazyEntries: true }, (error, zip) => {
      if (error !== null) return reject(new TypeError(`${archive}: ${error.message}`));
      zip.on('error', reject);
      zip.on('end', () => resolve(undefined));
      zip.on('entry', (entry: ArchiveEntry & Parameters<typeof zip.openReadStream>[0]) => {
        if (isWanted(entry) !== true) return zip.readEntry();
        zip.openReadStream(entry, (fault, stream) => {
          if (fault !== null) return reject(fault);
          resolve(stream);
        });
      });
      zip.readEntry();
    });
  });
}
