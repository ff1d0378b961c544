import { Builder } from 'flatbuffers';
import type { Position } from 'geojson';
import { type CollectionId, collections } from '../domain/collections.ts';
import { batchesOf, type ExportedFeature, type FeaturePages, type Shape } from './feature.ts';
import { type Field, type FieldType, type FieldValue, fieldsOf, fieldValue } from './fields.ts';
import type { About, Format } from './format.ts';

/**
 * FlatGeobuf 3 without a spatial index, which would have to stand before the features and so could
 * not be streamed. Numbers of fields below are those of `header.fbs` and `feature.fbs`.
 */
export const fgb: Format = {
  title: 'FlatGeobuf',
  mediaType: 'application/vnd.flatgeobuf',
  extension: 'fgb',
  isByteStable: true,
  write,
};

const magicBytes = Uint8Array.of(0x66, 0x67, 0x62, 0x03, 0x66, 0x67, 0x62, 0x01);

/** Values of the enumeration `GeometryType`. */
const geometryTypes = { Unknown: 0, Point: 1, Polygon: 3, MultiPolygon: 6 } as const;

/** Geometry type of each collection; a source has none. */
const collectionGeometry: Readonly<Record<CollectionId, keyof typeof geometryTypes>> = {
  incidents: 'Point',
  regions: 'MultiPolygon',
  claims: 'Point',
  sources: 'Unknown',
  places: 'Point',
};

/** Values of the enumeration `ColumnType`. */
const columnTypes: Readonly<Record<FieldType, number>> = {
  boolean: 2,
  integer: 7,
  number: 10,
  text: 11,
  json: 12,
  instant: 13,
};

async function* write(pages: FeaturePages, about: About): AsyncGenerator<Uint8Array> {
  const fields = fieldsOf(about);
  const encoder = new FeatureEncoder(fields);
  yield magicBytes;
  yield header(fields, about);
  for await (const features of batchesOf(pages)) {
    yield Buffer.concat(features.map((feature) => encoder.encode(feature)));
  }
}

function header(fields: readonly Field[], about: About): Uint8Array {
  const { title, description } = collections[about.collection];
  const builder = new Builder(16_384);
  const columns = offsets(
    builder,
    fields.map((field) => column(builder, field)),
  );
  const crs = wgs84(builder);
  const texts = [about.collection, title, description].map((text) => builder.createString(text));
  const [name = 0, titleText = 0, descriptionText = 0] = texts;
  const isArea = about.collection === 'incidents' && about.geometry === 'area';
  const type = isArea ? 'MultiPolygon' : collectionGeometry[about.collection];
  builder.startObject(14);
  builder.addFieldOffset(0, name, 0);
  builder.addFieldInt8(2, geometryTypes[type], 0);
  builder.addFieldOffset(7, columns, 0);
  builder.addFieldInt64(8, BigInt(about.numberReturned), 0n);
  builder.addFieldInt16(9, 0, 16); // no index
  builder.addFieldOffset(10, crs, 0);
  builder.addFieldOffset(11, titleText, 0);
  builder.addFieldOffset(12, descriptionText, 0);
  return finished(builder);
}

function column(builder: Builder, { name, type, description }: Field): number {
  const nameText = builder.createString(name);
  const descriptionText = builder.createString(description);
  builder.startObject(11);
  builder.addFieldOffset(0, nameText, 0);
  builder.addFieldInt8(1, columnTypes[type], 0);
  builder.addFieldOffset(3, descriptionText, 0);
  return builder.endObject();
}

/** Coordinates are x, y in FlatGeobuf, whatever the order of the system's axes. */
function wgs84(builder: Builder): number {
  const organisation = builder.createString('EPSG');
  builder.startObject(6);
  builder.addFieldOffset(0, organisation, 0);
  builder.addFieldInt32(1, 4326, 0);
  return builder.endObject();
}

/** Encodes one feature after the other in memory that it keeps. */
class FeatureEncoder {
  readonly #fields: readonly Field[];
  readonly #builder = new Builder(16_384);
  #properties = Buffer.alloc(16_384);

  constructor(fields: readonly Field[]) {
    this.#fields = fields;
  }

  encode(feature: ExportedFeature): Uint8Array {
    const builder = this.#builder;
    builder.clear();
    const properties = builder.createByteVector(this.#encodeProperties(feature));
    const shape = feature.geometry === null ? 0 : geometry(builder, feature.geometry);
    builder.startObject(3);
    builder.addFieldOffset(0, shape, 0);
    builder.addFieldOffset(1, properties, 0);
    // The builder's memory is used again.
    return finished(builder).slice();
  }

  /** Number of the column (16 bits), then its value; columns without a value are left out. */
  #encodeProperties(feature: ExportedFeature): Uint8Array {
    let end = 0;
    for (const [index, field] of this.#fields.entries()) {
      const value = fieldValue(field, feature);
      if (value === null) continue;
      this.#reserve(end, 2 + 8 + (typeof value === 'string' ? Buffer.byteLength(value) : 0));
      end = this.#properties.writeUInt16LE(index, end);
      end = this.#encodeValue(field, value, end);
    }
    return this.#properties.subarray(0, end);
  }

  #encodeValue({ type }: Field, value: NonNullable<FieldValue>, at: number): number {
    switch (type) {
      case 'boolean':
        return this.#properties.writeUInt8(value === true ? 1 : 0, at);
      case 'integer':
        return this.#properties.writeBigInt64LE(BigInt(value), at);
      case 'number':
        return this.#properties.writeDoubleLE(Number(value), at);
      case 'text':
      case 'json':
      case 'instant': {
        const length = this.#properties.write(String(value), at + 4);
        this.#properties.writeUInt32LE(length, at);
        return at + 4 + length;
      }
    }
  }

  #reserve(used: number, bytes: number): void {
    if (used + bytes <= this.#properties.length) return;
    const larger = Buffer.alloc(2 * (used + bytes));
    this.#properties.copy(larger, 0, 0, used);
    this.#properties = larger;
  }
}

function geometry(builder: Builder, shape: Shape): number {
  switch (shape.type) {
    case 'Point':
      return simple(builder, 'Point', [[shape.coordinates]]);
    case 'Polygon':
      return simple(builder, 'Polygon', shape.coordinates);
    case 'MultiPolygon': {
      const parts = offsets(
        builder,
        shape.coordinates.map((rings) => simple(builder, 'Polygon', rings)),
      );
      builder.startObject(8);
      builder.addFieldInt8(6, geometryTypes.MultiPolygon, 0);
      builder.addFieldOffset(7, parts, 0);
      return builder.endObject();
    }
  }
}

/** `rings` of a polygon; a point is one ring of one position. */
function simple(builder: Builder, type: 'Point' | 'Polygon', rings: Position[][]): number {
  const ends = rings.length > 1 ? ringEnds(builder, rings) : 0;
  const numbers = rings.flat().flatMap(([x = Number.NaN, y = Number.NaN]) => [x, y]);
  const xy = vector(builder, 8, numbers, (number) => builder.addFloat64(number));
  builder.startObject(8);
  builder.addFieldOffset(0, ends, 0);
  builder.addFieldOffset(1, xy, 0);
  builder.addFieldInt8(6, geometryTypes[type], 0);
  return builder.endObject();
}

/** Where each ring ends, in positions from the first ring's start. */
function ringEnds(builder: Builder, rings: Position[][]): number {
  let end = 0;
  const ends = rings.map((ring) => {
    end += ring.length;
    return end;
  });
  return vector(builder, 4, ends, (number) => builder.addInt32(number));
}

function offsets(builder: Builder, values: readonly number[]): number {
  return vector(builder, 4, values, (offset) => builder.addOffset(offset));
}

/** A vector; the builder works from the end to the start. */
function vector(
  builder: Builder,
  bytes: number,
  values: readonly number[],
  add: (value: number) => void,
): number {
  builder.startVector(bytes, values.length, bytes);
  for (const value of values.toReversed()) add(value);
  return builder.endVector();
}

/** Every part of a file is a multiple of 8 bytes, so that readers find numbers where they may be. */
function finished(builder: Builder): Uint8Array {
  const root = builder.endObject();
  builder.prep(8, 0);
  builder.finishSizePrefixed(root);
  return builder.asUint8Array();
}
