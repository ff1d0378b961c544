import assert from 'node:assert/strict';
import { inflateSync } from 'node:zlib';

/** A picture as its pixels: red, green and blue of each, as `#rrggbb`. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly at: (x: number, y: number) => string;
}

/** Reads an 8-bit RGB or RGBA picture that is not interlaced (PNG, third edition). */
export function readPng(file: Buffer): Pixels {
  assert.equal(file.subarray(0, 8).toString('hex'), '89504e470d0a1a0a', 'signature');
  const parts: Buffer[] = [];
  let header: Buffer | undefined;
  for (let at = 8; at < file.length; ) {
    const length = file.readUInt32BE(at);
    const name = file.toString('latin1', at + 4, at + 8);
    const data = file.subarray(at + 8, at + 8 + length);
    if (name === 'IHDR') header = data;
    if (name === 'IDAT') parts.push(data);
    at += length + 12;
  }
  assert.ok(header !== undefined);
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  const channels = { 2: 3, 6: 4 }[header.readUInt8(9)];
  assert.ok(channels !== undefined && header.readUInt8(8) === 8 && header.readUInt8(12) === 0);
  const rows = unfiltered(inflateSync(Buffer.concat(parts)), width * channels, channels);
  return {
    width,
    height,
    at: (x, y) => {
      const start = y * width * channels + x * channels;
      return `#${rows.subarray(start, start + 3).toString('hex')}`;
    },
  };
}

function unfiltered(filtered: Buffer, rowLength: number, step: number): Buffer {
  const height = filtered.length / (rowLength + 1);
  const rows = Buffer.alloc(rowLength * height);
  for (let y = 0; y < height; y++) {
    const filter = filtered[y * (rowLength + 1)];
    for (let x = 0; x < rowLength; x++) {
      const raw = filtered[y * (rowLength + 1) + 1 + x] ?? 0;
      const left = x < step ? 0 : (rows[y * rowLength + x - step] ?? 0);
      const up = y === 0 ? 0 : (rows[(y - 1) * rowLength + x] ?? 0);
      const corner = x < step || y === 0 ? 0 : (rows[(y - 1) * rowLength + x - step] ?? 0);
      const guess = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter ?? 0] ?? 0;
      rows[y * rowLength + x] = raw + guess;
    }
  }
  return rows;
}

function paeth(left: number, up: number, corner: number): number {
  const guess = left + up - corner;
  const [a, b, c] = [left, up, corner].map((value) => Math.abs(guess - value));
  if (a === undefined || b === undefined || c === undefined) return 0;
  if (a <= b && a <= c) return left;
  return b <= c ? up : corner;
}
