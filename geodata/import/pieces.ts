import type { Readable } from 'node:stream';

/** Part of a file; `line` is that on which its first byte stands, from 1. */
export interface Piece {
  readonly text: string;
  readonly line: number;
}

export const newLine = 0x0a;

/** The pieces of a stream between separator bytes; holds no more than one. */
export async function* piecesOf(stream: Readable, separator: number): AsyncGenerator<Piece> {
  let parts: Buffer[] = [];
  let line = 1;
  const flush = (last: Buffer): Piece => {
    const bytes = Buffer.concat([...parts, last]);
    parts = [];
    const begins = line;
    line += newLinesIn(bytes) + (separator === newLine ? 1 : 0);
    return { text: bytes.toString(), line: begins };
  };
  for await (const chunk of stream) {
    const bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk);
    let start = 0;
    for (let end = bytes.indexOf(separator); end >= 0; end = bytes.indexOf(separator, start)) {
      yield flush(bytes.subarray(start, end));
      start = end + 1;
    }
    if (start < bytes.length) parts.push(bytes.subarray(start));
  }
  if (parts.length > 0) yield flush(Buffer.alloc(0));
}

function newLinesIn(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(newLine); at >= 0; at = bytes.indexOf(newLine, at + 1)) count += 1;
  return count;
}
