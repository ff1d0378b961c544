/** A record longer than this is an open quote that swallows the file; characters. */
const maxRecordSize = 4_000_000;

const quote = 0x22;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/** One row as it stands in the table, and the line on which it begins, from 1. */
export interface SplitRow {
  readonly line: number;
  readonly cells: readonly string[];
}

/**
 * Takes the text of a table apart as it comes: RFC 4180, with line ends of every kind and without empty
 * lines. A quote counts only where it begins a cell and its fellow ends it; elsewhere it is text.
 */
export class CsvSplitter {
  readonly #delimiter: number;
  /** The beginning of a row whose end has not come yet. */
  #rest = '';
  #line = 1;
  /** Line ends within the quotes of the row that is read. */
  #within = 0;

  constructor(delimiter: string) {
    this.#delimiter = delimiter.charCodeAt(0);
  }

  /** The line on which the next row begins. */
  get line(): number {
    return this.#line;
  }

  /**
   * The rows that are complete with this text.
   * @throws {RangeError} where a quote does not close.
   */
  *rows(more: string, isLast: boolean): Generator<SplitRow> {
    const text = this.#rest + more;
    let start = 0;
    while (start < text.length) {
      const cells: string[] = [];
      const end = this.#endOfRow(text, start, cells, isLast);
      if (end === null) break;
      const line = this.#line;
      const next = text.startsWith('\r\n', end) ? end + 2 : end + 1;
      this.#line += 1 + this.#within;
      if (end > start) yield { line, cells };
      start = next;
    }
    this.#rest = text.slice(start);
    if (this.#rest.length > maxRecordSize) {
      throw new RangeError(`the row has more than ${maxRecordSize} characters: is a quote open?`);
    }
  }

  /** Puts a row's cells into the list; where it ends, or `null` where that has not come yet. */
  #endOfRow(text: string, start: number, cells: string[], isLast: boolean): number | null {
    let from = start;
    this.#within = 0;
    for (;;) {
      let end: number;
      if (text.charCodeAt(from) === quote) {
        const closing = closingQuote(text, from);
        if (closing === text.length && isLast) {
          throw new RangeError('a quote that is opened there is not closed');
        }
        end = this.#endOfPlain(text, closing + 1);
        const within = text.slice(from + 1, closing).replaceAll('""', '"');
        this.#within += lineEndsIn(within);
        cells.push(end === closing + 1 ? within : `"${within}${text.slice(closing, end)}`);
      } else {
        end = this.#endOfPlain(text, from);
        cells.push(text.slice(from, end));
      }
      const ending = text.charCodeAt(end);
      // The text ends: the cell may go on, and so may the line end.
      const isOpen = end >= text.length || (ending === carriageReturn && end + 1 === text.length);
      if (isOpen && !isLast) return null;
      if (ending !== this.#delimiter) return end;
      from = end + 1;
    }
  }

  #endOfPlain(text: string, from: number): number {
    let at = from;
    for (; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      if (code === this.#delimiter || code === lineFeed || code === carriageReturn) break;
    }
    return Math.min(at, text.length);
  }
}

/** Where the quote that opens at a place is closed; the text's length where it is not, or could go on. */
function closingQuote(text: string, opening: number): number {
  for (let at = text.indexOf('"', opening + 1); at >= 0; at = text.indexOf('"', at + 2)) {
    if (text.charCodeAt(at + 1) !== quote) return at;
  }
  return text.length;
}

function lineEndsIn(text: string): number {
  return text.includes('\n') || text.includes('\r') ? text.split(/\r\n|\r|\n/).length - 1 : 0;
}
