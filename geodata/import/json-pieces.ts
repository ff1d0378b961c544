import type { Readable } from 'node:stream';
import type { Piece } from './pieces.ts';

/** A feature's text; or another member of the collection, such as `"crs": {…}`. */
export type JsonPiece = Piece & {
  readonly kind: 'feature' | 'member';
  /** Why there is no whole piece; then `text` is empty. */
  readonly fault: string | null;
};

/** A piece longer than this is no feature; bytes. */
const maxPiece = 32_000_000;

const [quote, backslash, comma, newLine] = [0x22, 0x5c, 0x2c, 0x0a];
const [openBrace, closeBrace, openBracket, closeBracket] = [0x7b, 0x7d, 0x5b, 0x5d];
const isSpace = (byte: number) => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;

/**
 * Cuts a GeoJSON file into its features and the members beside them, holding no more than one. It
 * looks at brackets and quotes only: what is wrong within a feature is that feature's fault alone.
 * `name` is the file's, for what is wrong with all of it.
 */
export async function* jsonPiecesOf(stream: Readable, name: string): AsyncGenerator<JsonPiece> {
  const cutter = new Cutter(name);
  for await (const chunk of stream) {
    yield* cutter.cut(Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk));
  }
  yield* cutter.end();
}

class Cutter {
  readonly #name: string;
  #line = 1;
  #depth = 0;
  #isText = false;
  #isEscaped = false;
  #isList = false;
  #parts: Buffer[] = [];
  #length = 0;
  /** Line of the piece's first byte; 0 while there is none. */
  #begins = 0;

  constructor(name: string) {
    this.#name = name;
  }

  *cut(chunk: Buffer): Generator<JsonPiece> {
    let start = 0;
    for (let at = 0; at < chunk.length; at += 1) {
      const byte = chunk[at] ?? 0;
      if (byte === newLine) this.#line += 1;
      if (this.#isText) {
        if (this.#isEscaped) this.#isEscaped = false;
        else if (byte === backslash) this.#isEscaped = true;
        else if (byte === quote) this.#isText = false;
        continue;
      }
      if (isSpace(byte)) continue;
      const isEnd = byte === closeBrace || byte === closeBracket;
      // The depth at which commas part what is cut: 2 within the list of features.
      const level = this.#isList ? 2 : 1;
      if (this.#depth === level && (byte === comma || isEnd)) {
        this.#take(chunk.subarray(start, at));
        yield* this.#flush();
        start = at + 1;
        if (byte === comma) continue;
        this.#depth -= 1;
        this.#isList = false;
        continue;
      }
      if (this.#depth === 0) {
        start = at + 1;
        if (byte === openBrace) this.#depth = 1;
        else if (byte === openBracket) {
          throw new TypeError(`${this.#name} is a list, and no FeatureCollection`);
        }
        continue;
      }
      if (this.#begins === 0) this.#begins = this.#line;
      if (byte === quote) this.#isText = true;
      else if (byte === openBrace || byte === openBracket) {
        this.#depth += 1;
        if (this.#depth === 2 && byte === openBracket && this.#isBeforeFeatures(chunk, start, at)) {
          this.#isList = true;
          this.#clear();
          start = at + 1;
        }
      } else if (isEnd) this.#depth -= 1;
    }
    if (this.#begins > 0) this.#take(chunk.subarray(start));
  }

  *end(): Generator<JsonPiece> {
    if (this.#depth === 0) return;
    const line = this.#begins || this.#line;
    const kind = this.#isList ? 'feature' : 'member';
    yield { kind, line, text: '', fault: 'the file ends in the middle' };
  }

  #isBeforeFeatures(chunk: Buffer, start: number, end: number): boolean {
    const before = Buffer.concat([...this.#parts, chunk.subarray(start, end)]).toString();
    return /^\s*"features"\s*:\s*$/.test(before);
  }

  #take(bytes: Buffer): void {
    this.#length += bytes.length;
    if (this.#length <= maxPiece) this.#parts.push(bytes);
  }

  *#flush(): Generator<JsonPiece> {
    if (this.#begins > 0) {
      const isWhole = this.#length <= maxPiece;
      yield {
        kind: this.#isList ? 'feature' : 'member',
        line: this.#begins,
        text: isWhole ? Buffer.concat(this.#parts).toString() : '',
        fault: isWhole ? null : `longer than ${maxPiece} bytes`,
      };
    }
    this.#clear();
  }

  #clear(): void {
    this.#parts = [];
    this.#length = 0;
    this.#begins = 0;
  }
}
