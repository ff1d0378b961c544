import type { Readable } from 'node:stream';
import { ByteBuffer } from 'flatbuffers';
import { crs84 } from '../../server/domain/crs.ts';
import { featureRecord } from './features.ts';
import type { ImportFormat, Parsed } from './format.ts';
import type { SourceFile } from './input.ts';
import type { Mapping } from './mapping.ts';
import { systemOfCode, type Unproject } from './systems.ts';

/**
 * FlatGeobuf 3 by a mapping. Read here and not by the package `flatgeobuf`, which would bring
 * OpenLayers into the service and holds a file's whole index. Numbers of fields are those of
 * `header.fbs` and `feature.fbs`, as in `server/formats/fgb.ts`.
 */
export const fgb = (mapping: Mapping): ImportFormat => ({
  title: 'FlatGeobuf, by a mapping',
  dataset: mapping.dataset,
  async *read(files) {
    for (const file of files) yield* fgbRecords(file, mapping);
  },
});

/** A length beyond this is damage; bytes. */
const maxPart = 256_000_000;

async function* fgbRecords(file: SourceFile, mapping: Mapping): AsyncGenerator<Parsed> {
  const bytes = new Bytes(await file.stream());
  const header = await headerOf(bytes, file.name).catch((error: unknown) => {
    if (!(error instanceof RangeError)) throw error;
    throw new TypeError(`${file.name}: its header is damaged`);
  });
  for (let number = 1; ; number += 1) {
    const at = { file: file.name, line: number };
    const found = await sizedPart(bytes).catch((error: unknown) => error);
    if (found === null && (header.count === 0 || number > header.count)) return;
    if (!Buffer.isBuffer(found)) {
      const refused = 'not readable from here to the end of the file';
      yield { ...at, record: null, refused, kind: 'faulty' };
      return;
    }
    const read = readFeature(found, header);
    if ('fault' in read) yield { ...at, record: null, refused: read.fault, kind: 'faulty' };
    else yield featureRecord(at, read.value, { mapping, unproject: header.unproject });
  }
}

function readFeature(
  bytes: Uint8Array,
  header: Header,
): { readonly value: unknown } | { readonly fault: string } {
  try {
    return { value: featureOf(bytes, header) };
  } catch (error) {
    if (!(error instanceof RangeError || error instanceof SyntaxError)) throw error;
    return { fault: `damaged: ${error.message}` };
  }
}

/** A part with its length before it (32 bits); `null` at the end. */
async function sizedPart(bytes: Bytes): Promise<Buffer | null> {
  const size = await bytes.take(4);
  if (size === null) return null;
  const length = size.readUInt32LE();
  const part = length > maxPart ? null : await bytes.take(length);
  if (part === null) throw new RangeError('the file is damaged or cut off');
  return part;
}

/** Takes so many bytes at a time from a stream. */
class Bytes {
  readonly #chunks: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(stream: Readable) {
    this.#chunks = stream[Symbol.asyncIterator]();
  }

  /**
   * `null` where nothing is left.
   * @throws {RangeError} where it ends in between.
   */
  async take(count: number): Promise<Buffer | null> {
    const parts = [this.#rest];
    let length = this.#rest.length;
    while (length < count) {
      const { value, done } = await this.#chunks.next();
      if (done === true) {
        if (length === 0) return null;
        throw new RangeError('the file is cut off');
      }
      parts.push(value);
      length += value.length;
    }
    const all = parts.length === 1 ? this.#rest : Buffer.concat(parts);
    this.#rest = all.subarray(count);
    return all.subarray(0, count);
  }

  /** @throws {RangeError} where it ends before. */
  async skip(count: number): Promise<void> {
    for (let left = count; left > 0; ) {
      const taken = await this.take(Math.min(left, 1_000_000));
      if (taken === null) throw new RangeError('the file is cut off');
      left -= taken.length;
    }
  }
}

interface Header {
  readonly geometryType: number;
  readonly columns: readonly { readonly name: string; readonly type: number }[];
  /** 0: not known. */
  readonly count: number;
  readonly unproject: Unproject;
}

/** A table of a FlatBuffer: its fields by number. */
class Table {
  readonly buffer: ByteBuffer;
  readonly #at: number;

  constructor(buffer: ByteBuffer, at: number) {
    this.buffer = buffer;
    this.#at = at;
  }

  static root(bytes: Uint8Array): Table {
    const buffer = new ByteBuffer(bytes);
    return new Table(buffer, buffer.readInt32(0));
  }

  /** Where a field's value stands; `null` where it has its default. */
  field(number: number): number | null {
    const offset = this.buffer.__offset(this.#at, 4 + 2 * number);
    return offset === 0 ? null : this.#at + offset;
  }

  byte(number: number): number {
    const at = this.field(number);
    return at === null ? 0 : this.buffer.readUint8(at);
  }

  text(number: number): string {
    const at = this.field(number);
    return at === null ? '' : String(this.buffer.__string(at));
  }

  table(number: number): Table | null {
    const at = this.field(number);
    return at === null ? null : new Table(this.buffer, this.buffer.__indirect(at));
  }

  /** The elements of a vector, each of so many bytes, by where they stand. */
  elements(number: number, size: number): number[] {
    const at = this.field(number);
    if (at === null) return [];
    const start = this.buffer.__vector(at);
    const length = this.buffer.__vector_len(at);
    if (start + length * size > this.buffer.capacity()) throw new RangeError('a list without end');
    return Array.from({ length }, (_, index) => start + index * size);
  }

  tables(number: number): Table[] {
    return this.elements(number, 4).map((at) => new Table(this.buffer, this.buffer.__indirect(at)));
  }
}

/** Reads up to the first feature. */
async function headerOf(bytes: Bytes, name: string): Promise<Header> {
  const magic = await bytes.take(8);
  // The last byte is the patch level.
  if (magic?.subarray(0, 7).toString('latin1') !== 'fgb\u0003fgb') {
    throw new TypeError(`${name} is no FlatGeobuf 3`);
  }
  const part = await sizedPart(bytes);
  if (part === null) throw new RangeError('the file is cut off');
  const table = Table.root(part);
  const count = table.field(8);
  const nodeSize = table.field(9);
  const features = count === null ? 0 : Number(table.buffer.readUint64(count));
  await bytes.skip(indexSize(features, nodeSize === null ? 16 : table.buffer.readUint16(nodeSize)));
  return {
    geometryType: table.byte(2),
    columns: table.tables(7).map((column) => ({ name: column.text(0), type: column.byte(1) })),
    count: features,
    unproject: systemOfHeader(table.table(10), name),
  };
}

/** Bytes of the packed R-tree between header and features: 40 for each node, of all levels up to the root. */
function indexSize(features: number, nodeSize: number): number {
  if (nodeSize < 2 || features === 0) return 0;
  let nodes = features;
  for (let level = features; level > 1; ) {
    level = Math.ceil(level / nodeSize);
    nodes += level;
  }
  // One feature alone has a root of its own.
  return 40 * (features === 1 ? 2 : nodes);
}

/** Without a system the coordinates are taken for degrees, as in GeoJSON: others are off the globe. */
function systemOfHeader(crs: Table | null, name: string): Unproject {
  const at = crs?.field(1) ?? null;
  const code = crs === null || at === null ? 0 : crs.buffer.readInt32(at);
  if (crs === null || (code === 0 && crs.text(2) === '' && crs.text(4) === '')) {
    return crs84.unproject;
  }
  const organisation = crs.text(0).toUpperCase();
  const found = organisation === '' || organisation === 'EPSG' ? systemOfCode(code) : null;
  if (found !== null) return found;
  throw new TypeError(
    `${name}: its crs is ${organisation || 'EPSG'} ${code} ${crs.text(2)}, which we do not know with certainty`,
  );
}

function featureOf(bytes: Uint8Array, header: Header): unknown {
  const table = Table.root(bytes);
  const geometry = table.table(0);
  const own = table.tables(2).map((column) => ({ name: column.text(0), type: column.byte(1) }));
  const [start = 0] = table.elements(1, 1);
  const length = table.elements(1, 1).length;
  return {
    type: 'Feature',
    geometry: geometry === null ? null : geometryOf(geometry, header.geometryType),
    properties: propertiesOf(
      Buffer.from(bytes.buffer, bytes.byteOffset + start, length),
      own.length > 0 ? own : header.columns,
    ),
  };
}

/** Values of the enumeration `GeometryType`, by their names in GeoJSON. */
const geometryNames = [
  'Unknown',
  'Point',
  'LineString',
  'Polygon',
  'MultiPoint',
  'MultiLineString',
  'MultiPolygon',
];

function geometryOf(table: Table, headerType: number): unknown {
  const type = geometryNames[headerType === 0 ? table.byte(6) : headerType] ?? 'curve or surface';
  switch (type) {
    case 'Point':
      return { type, coordinates: positionsOf(table)[0] ?? [] };
    case 'MultiPoint':
      return { type, coordinates: positionsOf(table) };
    case 'Polygon':
      return { type, coordinates: ringsOf(table) };
    case 'MultiPolygon':
      return { type, coordinates: table.tables(7).map(ringsOf) };
    default:
      return { type, coordinates: [] };
  }
}

function positionsOf(table: Table): number[][] {
  const numbers = table.elements(1, 8).map((at) => table.buffer.readFloat64(at));
  return Array.from({ length: Math.floor(numbers.length / 2) }, (_, index) =>
    numbers.slice(2 * index, 2 * index + 2),
  );
}

function ringsOf(table: Table): number[][][] {
  const positions = positionsOf(table);
  const ends = table.elements(0, 4).map((at) => table.buffer.readUint32(at));
  if (ends.length === 0) return [positions];
  return ends.map((end, index) => positions.slice(ends[index - 1] ?? 0, end));
}

/** Columns by number (16 bits), each with its value behind it. */
function propertiesOf(bytes: Buffer, columns: Header['columns']): Record<string, unknown> {
  const properties: Record<string, unknown> = {};
  for (let at = 0; at < bytes.length; ) {
    const column = columns[bytes.readUInt16LE(at)];
    if (column === undefined) throw new RangeError('a column that the header does not have');
    const { value, size } = valueAt(bytes, at + 2, column.type);
    properties[column.name] = value;
    at += 2 + size;
  }
  return properties;
}

/** A value by its `ColumnType`, and how many bytes it takes. */
function valueAt(bytes: Buffer, at: number, type: number): { value: unknown; size: number } {
  switch (type) {
    case 0:
      return { value: bytes.readInt8(at), size: 1 };
    case 1:
      return { value: bytes.readUInt8(at), size: 1 };
    case 2:
      return { value: bytes.readUInt8(at) !== 0, size: 1 };
    case 3:
      return { value: bytes.readInt16LE(at), size: 2 };
    case 4:
      return { value: bytes.readUInt16LE(at), size: 2 };
    case 5:
      return { value: bytes.readInt32LE(at), size: 4 };
    case 6:
      return { value: bytes.readUInt32LE(at), size: 4 };
    case 7:
      return { value: bytes.readBigInt64LE(at), size: 8 };
    case 8:
      return { value: bytes.readBigUInt64LE(at), size: 8 };
    case 9:
      return { value: bytes.readFloatLE(at), size: 4 };
    case 10:
      return { value: bytes.readDoubleLE(at), size: 8 };
  }
  const length = bytes.readUInt32LE(at);
  if (at + 4 + length > bytes.length) throw new RangeError('a text without end');
  const text = bytes.toString('utf8', at + 4, at + 4 + length);
  if (type === 12) return { value: JSON.parse(text), size: 4 + length };
  // Bytes are nothing that a mapping could use.
  return { value: type === 14 ? null : text, size: 4 + length };
}
