import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream, createWriteStream, type WriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { csvRows, Row } from './csv.ts';
import type { Position } from './format.ts';
import type { SourceFile } from './input.ts';
import { newLine, piecesOf } from './pieces.ts';

/** A row with where it stands; `fault` where its cells may have moved. */
export interface PartRow extends Position {
  readonly row: Row | null;
  readonly fault: string | null;
}

/** Tables to join by a column of both. */
export interface Join {
  readonly main: readonly SourceFile[];
  readonly beside: readonly SourceFile[];
  readonly key: string;
}

/** A row of `main` with the rows of `beside` of its key; `null`: these belong to none. */
export interface Joined {
  readonly row: PartRow | null;
  readonly others: readonly PartRow[];
}

/** So many parts that one of a million rows' fits easily into memory. */
const partCount = 64;

/**
 * Joins tables of any size in bounded memory: both are dealt out by a hash of the key into files of
 * a temporary directory, and each part is joined by itself. The order is that of the parts.
 */
export async function* withPartitions({ main, beside, key }: Join): AsyncGenerator<Joined> {
  const directory = await mkdtemp(path.join(tmpdir(), 'strike-atlas-join-'));
  try {
    const mainColumns = await dealOut(main, key, path.join(directory, 'main'));
    const besideColumns = await dealOut(beside, key, path.join(directory, 'beside'));
    for (let part = 0; part < partCount; part += 1) {
      const others = new Map<string, PartRow[]>();
      for await (const { id, row } of rowsOf(`${directory}/beside-${part}`, besideColumns)) {
        const known = others.get(id);
        if (known === undefined) others.set(id, [row]);
        else known.push(row);
      }
      const matched = new Set<string>();
      for await (const { id, row } of rowsOf(`${directory}/main-${part}`, mainColumns)) {
        const found = id === '' ? [] : (others.get(id) ?? []);
        yield { row, others: found };
        if (found.length > 0) matched.add(id);
      }
      for (const id of matched) others.delete(id);
      for (const rest of others.values()) yield { row: null, others: rest };
    }
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Columns of each file, by its name. */
type Headings = Map<string, ReadonlyMap<string, number>>;

async function dealOut(files: readonly SourceFile[], key: string, base: string): Promise<Headings> {
  const headings: Headings = new Map();
  const parts = Array.from({ length: partCount }, (_, part) =>
    createWriteStream(`${base}-${part}`),
  );
  for (const file of files) {
    for await (const { line, row, fault } of csvRows(file, [key])) {
      if (row !== null) headings.set(file.name, row.columns);
      const id = row === null || fault !== null ? '' : row.text(key);
      const part = createHash('sha256').update(id).digest().readUInt8(0) % partCount;
      const stream = parts[part];
      const entry = [id, file.name, line, fault, row?.cells ?? null];
      if (stream?.write(`${JSON.stringify(entry)}\n`) === false) await once(stream, 'drain');
    }
  }
  await Promise.all(parts.map(ended));
  return headings;
}

async function ended(stream: WriteStream): Promise<void> {
  stream.end();
  await once(stream, 'close');
}

async function* rowsOf(
  file: string,
  headings: Headings,
): AsyncGenerator<{ readonly id: string; readonly row: PartRow }> {
  for await (const { text } of piecesOf(createReadStream(file), newLine)) {
    // What dealOut wrote. Not readline, which breaks lines at U+2028 too.
    const [id, name, line, fault, cells]: [string, string, number, string | null, string[] | null] =
      JSON.parse(text);
    const columns = headings.get(name) ?? new Map();
    yield { id, row: { file: name, line, fault, row: cells && new Row(columns, cells) } };
  }
}
