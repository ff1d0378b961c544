import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { CsvSplitter, type SplitRow } from './csv-splitter.ts';
import {
  ForeignError,
  type ImportedIncident,
  type Parsed,
  type Position,
  RefusedError,
} from './format.ts';
import type { SourceFile } from './input.ts';
import { cleanText, isGarbled, isPlain } from './text.ts';

/** One row of a table with a heading; asking for a column gives its text, cleaned. */
export class Row {
  /** What was repaired in the columns that were asked for, and what looks wrong and was left. */
  readonly repairs: string[] = [];
  readonly doubts: string[] = [];
  /** Where each column stands. */
  readonly columns: ReadonlyMap<string, number>;
  /** As they stand in the file. */
  readonly cells: readonly string[];
  /** Texts that were asked for, by where they stand. */
  readonly #read: (string | undefined)[] = [];

  constructor(columns: ReadonlyMap<string, number>, cells: readonly string[]) {
    this.columns = columns;
    this.cells = cells;
  }

  /** The text of a column, empty where the table has none of that name. */
  text(column: string): string {
    const index = this.columns.get(column);
    if (index === undefined) return '';
    const known = this.#read[index];
    if (known !== undefined) return known;
    const text = this.#cleaned(column, this.cells[index] ?? '');
    this.#read[index] = text;
    return text;
  }

  #cleaned(column: string, given: string): string {
    const trimmed = given.trim();
    if (isPlain(trimmed)) return trimmed;
    const { text, repair } = cleanText(given);
    if (repair !== null) this.repairs.push(`${column}: ${repair}`);
    if (isGarbled(text)) this.doubts.push(`${column}: wrongly decoded, and left as it is`);
    return text;
  }

  /** @throws {RefusedError} where the column is empty. */
  required(column: string): string {
    const text = this.text(column);
    if (text === '') throw new RefusedError(`no ${column}`);
    return text;
  }

  /** @throws {RefusedError} where the column is no number. */
  number(column: string): number {
    return numberOf(this.required(column), column);
  }

  /** A coordinate in degrees, within the range of its kind. */
  coordinate(column: string, limit: 90 | 180): number {
    return degrees(this.required(column), column, limit);
  }
}

function numberOf(text: string, name: string): number {
  // A comma for the decimal point is certain only where it is alone.
  const value = Number(/^-?\d+,\d+$/.test(text) ? text.replace(',', '.') : text);
  if (Number.isFinite(value)) return value;
  throw new RefusedError(`${name} is '${text}', which is no number`);
}

/**
 * A coordinate, up to a number of degrees.
 * @throws {RefusedError}
 */
export function degrees(text: string, name: string, limit: 90 | 180): number {
  const value = numberOf(text, name);
  if (Math.abs(value) <= limit) return value;
  throw new RefusedError(`${name} is ${value}, beyond ${limit} degrees`);
}

/** How the rows of a table become records. */
export interface RowReading {
  /** Columns that the table must have. */
  readonly required: readonly string[];
  /** The record's id, empty where there is none. */
  readonly recordOf: (row: Row) => string;
  /** @throws {RefusedError} */
  readonly toIncident: (row: Row) => ImportedIncident;
}

/** Characters that separate columns, the likeliest first. */
const delimiters = [',', ';', '\t', '|'] as const;

/**
 * Turns the rows of CSV files into records. Line ends of every kind may be mixed, quoted cells may
 * hold them; a row with more or fewer cells than the heading is refused, for its cells may have
 * moved. Column names count without regard to case.
 */
export async function* csvRecords(
  files: readonly SourceFile[],
  reading: RowReading,
): AsyncGenerator<Parsed> {
  for (const file of files) {
    for await (const { line, row, fault } of csvRows(file, reading.required)) {
      const at: Position = { file: file.name, line };
      if (row === null || fault !== null) {
        yield { ...at, record: null, refused: fault ?? 'unreadable', kind: 'faulty' };
        continue;
      }
      yield attempt(at, row, reading);
    }
  }
}

/** A record out of a row, or the reason why there is none. */
export function attempt(
  at: Position,
  row: Row,
  { recordOf, toIncident }: Pick<RowReading, 'recordOf' | 'toIncident'>,
): Parsed {
  try {
    return { ...at, incident: toIncident(row), repairs: row.repairs, doubts: row.doubts };
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    const kind = error instanceof ForeignError ? 'foreign' : 'faulty';
    return { ...at, record: recordOf(row) || null, refused: error.message, kind };
  }
}

interface CsvRow {
  readonly line: number;
  readonly row: Row | null;
  readonly fault: string | null;
}

/** The rows of one file, with the line on which each begins. */
export async function* csvRows(
  file: SourceFile,
  required: readonly string[],
): AsyncGenerator<CsvRow> {
  let opened: Awaited<ReturnType<typeof withHead>>;
  try {
    opened = await withHead(await file.stream());
  } catch (error) {
    throw new TypeError(`${file.name}: ${error instanceof Error ? error.message : error}`);
  }
  const { head, stream } = opened;
  const delimiter = delimiters.toSorted((a, b) => head.split(b).length - head.split(a).length)[0];
  const splitter = new CsvSplitter(delimiter ?? ',');
  let columns: ReadonlyMap<string, number> | undefined;
  let width = 0;
  try {
    for await (const { line, cells } of splitRows(stream, splitter)) {
      if (columns === undefined) {
        columns = columnsOf(cells, file, required);
        width = cells.length;
        continue;
      }
      const fault =
        cells.length === width ? null : `${cells.length} cells under a heading of ${width}`;
      yield { line, row: new Row(columns, cells), fault };
    }
    if (columns === undefined) throw new TypeError(`${file.name} is empty`);
  } catch (error) {
    // An archive that is cut or damaged ends as a table does whose quote stays open.
    if (error instanceof TypeError || !(error instanceof Error)) throw error;
    yield {
      line: splitter.line,
      row: null,
      fault: `not readable from here to the end of the file: ${error.message}`,
    };
  }
}

/** @throws {TypeError} where a column that is needed is missing, or there twice. */
function columnsOf(
  heading: readonly string[],
  { name: file }: SourceFile,
  required: readonly string[],
): ReadonlyMap<string, number> {
  const names = heading.map((name) => cleanText(name).text.toLowerCase());
  const columns = new Map(names.map((name, index) => [name, index]));
  const twice = required.filter((name) => names.indexOf(name) !== names.lastIndexOf(name));
  if (twice.length > 0) throw new TypeError(`${file} has ${twice.join(', ')} twice`);
  const missing = required.filter((name) => !columns.has(name));
  if (missing.length > 0) {
    throw new TypeError(`${file} has no column ${missing.join(', ')}: is it of this format?`);
  }
  return columns;
}

async function* splitRows(stream: Readable, splitter: CsvSplitter): AsyncGenerator<SplitRow> {
  const decoder = new StringDecoder('utf8');
  const mark = '\ufeff';
  let isFirst = true;
  for await (const chunk of stream) {
    const text = decoder.write(chunk);
    yield* splitter.rows(isFirst && text.startsWith(mark) ? text.slice(1) : text, false);
    isFirst = false;
  }
  yield* splitter.rows(decoder.end(), true);
}

/** The first line, by which the delimiter is known, and the stream with it still in front. */
async function withHead(stream: Readable): Promise<{ head: string; stream: Readable }> {
  for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
    stream.unshift(chunk);
    return { head: String(chunk).split(/[\r\n]/, 1)[0] ?? '', stream };
  }
  return { head: '', stream };
}
