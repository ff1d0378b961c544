import type { BBox, Position } from 'geojson';
import { ByteWriter, geojsonToWkb, ParquetWriter, type SchemaElement } from 'hyparquet-writer';
import { batchesOf, type ExportedFeature, type FeaturePages, type Shape } from './feature.ts';
import { type Field, type FieldType, fieldsOf, fieldValue } from './fields.ts';
import type { About, Format } from './format.ts';

/**
 * GeoParquet 1.1: geometry as WKB in CRS84, and a column `bbox` that covers it. The description of
 * the geometries stands at the end of the file, so everything before it is written as it comes.
 */
export const parquet: Format = {
  title: 'GeoParquet',
  mediaType: 'application/vnd.apache.parquet',
  extension: 'parquet',
  isByteStable: true,
  isCompressed: true,
  write,
};

/** Features in a row group, at least: what is held in memory, and encoded in one go. */
const rowGroupSize = 5_000;

async function* write(pages: FeaturePages, about: About): AsyncGenerator<Uint8Array> {
  const file = new GeoParquetFile(fieldsOf(about));
  for await (const features of batchesOf(pages)) {
    for (const feature of features) file.add(feature);
    if (file.pending >= rowGroupSize) yield file.writeRowGroup();
  }
  if (file.pending > 0) yield file.writeRowGroup();
  yield file.end();
}

/** Rows on their way into a file, a row group at a time. */
class GeoParquetFile {
  readonly #fields: readonly Field[];
  readonly #bytes = new ByteWriter(1_000_000);
  readonly #writer: ParquetWriter;
  /** Values of the row group so far: one list for each field. */
  #columns: (string | number | bigint | boolean | null)[][] = [];
  #geometries: (Uint8Array | null)[] = [];
  #boxes: (Box | null)[] = [];
  /** Of all geometries in the file. */
  readonly #types = new Set<Shape['type']>();
  #extent: Box | null = null;

  constructor(fields: readonly Field[]) {
    this.#fields = fields;
    this.#writer = new ParquetWriter({
      writer: this.#bytes,
      schema: schemaOf(fields),
      createdBy: 'strike-atlas',
    });
    this.#clear();
  }

  /** Rows that are not in a row group yet. */
  get pending(): number {
    return this.#geometries.length;
  }

  add(feature: ExportedFeature): void {
    for (const [index, field] of this.#fields.entries()) {
      this.#columns[index]?.push(physical(field, feature));
    }
    const { geometry } = feature;
    const box = geometry === null ? null : boxOf(geometry);
    this.#geometries.push(geometry === null ? null : geojsonToWkb(geometry));
    this.#boxes.push(box);
    if (geometry !== null) this.#types.add(geometry.type);
    if (box !== null) this.#extent = around(this.#extent, box);
  }

  writeRowGroup(): Uint8Array {
    this.#writer.write({
      columnData: [
        ...this.#fields.map(({ name }, index) => ({ name, data: this.#columns[index] ?? [] })),
        // Text of WKB compares to nothing useful; the box beside it does.
        { name: 'geometry', data: this.#geometries, statistics: false },
        { name: 'bbox', data: this.#boxes },
      ],
      rowGroupSize: this.pending,
    });
    this.#clear();
    return this.#taken();
  }

  end(): Uint8Array {
    this.#writer.kvMetadata = [{ key: 'geo', value: JSON.stringify(this.#geo()) }];
    this.#writer.finish();
    return this.#taken();
  }

  /** File metadata of GeoParquet 1.1.0; without `crs` coordinates are in CRS84. */
  #geo() {
    const extent = this.#extent;
    const corner = (name: keyof Box) => ['bbox', name];
    return {
      version: '1.1.0',
      primary_column: 'geometry',
      columns: {
        geometry: {
          encoding: 'WKB',
          geometry_types: [...this.#types].sort(),
          ...(extent === null ? {} : { bbox: asArray(extent) }),
          covering: {
            bbox: {
              xmin: corner('xmin'),
              ymin: corner('ymin'),
              xmax: corner('xmax'),
              ymax: corner('ymax'),
            },
          },
        },
      },
    };
  }

  #clear(): void {
    this.#columns = this.#fields.map(() => []);
    this.#geometries = [];
    this.#boxes = [];
  }

  /** What has been written since the last time; the writer goes on counting from the file's start. */
  #taken(): Uint8Array {
    const bytes = this.#bytes.getBytes().slice();
    this.#bytes.index = 0;
    return bytes;
  }
}

type Physical = Pick<SchemaElement, 'type' | 'converted_type' | 'logical_type'>;

const physicalTypes: Readonly<Record<FieldType, Physical>> = {
  text: { type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } },
  json: { type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } },
  integer: { type: 'INT64' },
  number: { type: 'DOUBLE' },
  boolean: { type: 'BOOLEAN' },
  instant: {
    type: 'INT64',
    converted_type: 'TIMESTAMP_MICROS',
    logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MICROS' },
  },
};

function schemaOf(fields: readonly Field[]): SchemaElement[] {
  const corner = (name: keyof Box): SchemaElement => ({
    name,
    type: 'DOUBLE',
    repetition_type: 'REQUIRED',
  });
  return [
    { name: 'root', num_children: fields.length + 2 },
    ...fields.map(
      ({ name, type }): SchemaElement => ({
        name,
        repetition_type: name === 'id' ? 'REQUIRED' : 'OPTIONAL',
        ...physicalTypes[type],
      }),
    ),
    { name: 'geometry', type: 'BYTE_ARRAY', repetition_type: 'OPTIONAL' },
    { name: 'bbox', num_children: 4, repetition_type: 'OPTIONAL' },
    ...(['xmin', 'ymin', 'xmax', 'ymax'] as const).map(corner),
  ];
}

function physical(field: Field, feature: ExportedFeature) {
  const value = fieldValue(field, feature);
  if (value === null) return null;
  if (field.type === 'integer') return BigInt(value);
  if (field.type === 'instant') return microseconds(String(value));
  return value;
}

/** Microseconds since the Unix epoch of an instant with up to six decimals of a second. */
function microseconds(instant: string): bigint {
  const [, decimals = ''] = /\.(\d{1,6})/.exec(instant) ?? [];
  const beyondMilliseconds = decimals.padEnd(6, '0').slice(3);
  return BigInt(Date.parse(instant)) * 1_000n + BigInt(beyondMilliseconds);
}

interface Box {
  readonly xmin: number;
  readonly ymin: number;
  readonly xmax: number;
  readonly ymax: number;
}

function boxOf(geometry: Shape): Box | null {
  let box: Box | null = null;
  for (const [x = Number.NaN, y = Number.NaN] of positionsOf(geometry)) {
    box = around(box, { xmin: x, ymin: y, xmax: x, ymax: y });
  }
  return box;
}

function positionsOf(geometry: Shape): Position[] {
  switch (geometry.type) {
    case 'Point':
      return [geometry.coordinates];
    case 'Polygon':
      return geometry.coordinates.flat();
    case 'MultiPolygon':
      return geometry.coordinates.flat(2);
  }
}

function around(one: Box | null, other: Box): Box {
  if (one === null) return other;
  return {
    xmin: Math.min(one.xmin, other.xmin),
    ymin: Math.min(one.ymin, other.ymin),
    xmax: Math.max(one.xmax, other.xmax),
    ymax: Math.max(one.ymax, other.ymax),
  };
}

function asArray({ xmin, ymin, xmax, ymax }: Box): BBox {
  return [xmin, ymin, xmax, ymax];
}
