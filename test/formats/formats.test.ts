import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { type TestContext, test } from 'node:test';
import type { Feature } from 'flatgeobuf/lib/mjs/flat-geobuf/feature.js';
import { deserialize, parseProperties } from 'flatgeobuf/lib/mjs/generic.js';
import { deserialize as deserializeGeojson } from 'flatgeobuf/lib/mjs/geojson.js';
import type { HeaderMeta } from 'flatgeobuf/lib/mjs/header-meta.js';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import type { CollectionId } from '../../server/domain/collections.ts';
import type { ExportedFeature } from '../../server/formats/feature.ts';
import { type Field, fieldsOf, fieldsWithCoordinates, rowOf } from '../../server/formats/fields.ts';
import type { About } from '../../server/formats/format.ts';
import { type FormatId, formatIds, formats, refusalOf } from '../../server/formats/formats.ts';
import { ownFeatures } from './features.ts';
import { readByGdal, withoutGdal } from './gdal.ts';
import { aboutOf, fileOf, hostileIncidents, pagesOf } from './samples.ts';

interface Sample {
  readonly name: string;
  readonly collection: CollectionId;
  readonly geometry: About['geometry'];
  readonly features: readonly ExportedFeature[];
}

async function samplesOf(context: TestContext): Promise<Sample[]> {
  const { areas, ...own } = await ownFeatures(context);
  const sample = (collection: CollectionId, features: readonly ExportedFeature[]): Sample => ({
    name: collection,
    collection,
    geometry: 'point',
    features,
  });
  return [
    sample('incidents', own.incidents),
    { ...sample('incidents', areas), name: 'areas', geometry: 'area' },
    sample('regions', own.regions),
    sample('claims', own.claims),
    sample('sources', own.sources),
    // More than a page.
    sample('places', own.places.slice(0, 1500)),
    { ...sample('incidents', hostileIncidents), name: 'hostile texts' },
    { ...sample('incidents', []), name: 'nothing' },
  ];
}

function written(format: FormatId, { collection, geometry, features }: Sample): Promise<Buffer> {
  const about = { ...aboutOf(collection, features.length), geometry };
  return fileOf(formats[format], pagesOf(features, 1000), about);
}

function isRefused(format: FormatId, { collection, geometry }: Sample): boolean {
  return refusalOf(format, collection, geometry) !== undefined;
}

/** XML 1.0 has no form for control characters but three, nor for U+FFFE and U+FFFF. */
function asInXml(text: string): string {
  const isSpeakable = (character: string) =>
    '\t\n\r'.includes(character) || (character >= ' ' && character < '\ufffe');
  return text.replace(/[\p{Cc}\ufffe\uffff]/gu, (character) =>
    isSpeakable(character) ? character : '\ufffd',
  );
}

/** What `csv.ts` tells a program to do with a cell. */
function withoutApostrophe(cell: string): string {
  return cell.startsWith("'") ? cell.slice(1) : cell;
}

/** A value as a reader that knows only some types gives it. */
function comparable({ type }: Field, value: unknown): unknown {
  if (value === null || value === undefined || value === '') return null;
  if (type === 'instant')
    return new Date(String(value).replace(/^(\d{4})\/(\d\d)\//, '$1-$2-')).getTime();
  if (type === 'boolean') return value === true || value === 1 || value === 'true';
  if (type === 'integer' || type === 'number') return Number(Number(value).toPrecision(12));
  return type === 'json' && typeof value === 'object' ? JSON.stringify(value) : value;
}

function assertSameRows(
  found: readonly Readonly<Record<string, unknown>>[],
  { features }: Sample,
  fields: readonly Field[],
  asRead: (text: string) => string = (text) => text,
  instantsWithin = 0,
): void {
  assert.equal(found.length, features.length);
  for (const [index, feature] of features.entries()) {
    const row = rowOf(fields, feature);
    for (const field of fields) {
      const [actual, expected] = [found[index]?.[field.name], row[field.name]].map((value) =>
        comparable(field, typeof value === 'string' ? asRead(value) : value),
      );
      if (field.type === 'instant' && typeof actual === 'number' && typeof expected === 'number') {
        const apart = Math.abs(actual - expected);
        assert.ok(apart <= instantsWithin, `${field.name} of ${feature.id}: ${apart} ms apart`);
        continue;
      }
      assert.deepEqual(actual, expected, `${field.name} of ${feature.id}`);
    }
  }
}

function assertSameGeometry(
  found: readonly { readonly geometry: unknown }[],
  { features }: Sample,
): void {
  for (const [index, { id, geometry }] of features.entries()) {
    assert.deepEqual(rounded(found[index]?.geometry ?? null), rounded(geometry), `of ${id}`);
  }
}

/** GDAL writes 15 significant digits. */
function rounded(geometry: unknown): unknown {
  return JSON.parse(
    JSON.stringify(geometry, (_key, value) =>
      typeof value === 'number' ? Number(value.toFixed(9)) : value,
    ),
  );
}

test('files read back as what was written', async (context) => {
  const samples = await samplesOf(context);
  for (const sample of samples) {
    const fields = fieldsOf(sample);

    await context.test(`geojson, ${sample.name}`, async () => {
      const file: unknown = JSON.parse((await written('geojson', sample)).toString());
      const { links, timeStamp } = aboutOf(sample.collection, 0);
      const count = sample.features.length;
      assert.deepEqual(file, {
        type: 'FeatureCollection',
        numberMatched: count,
        numberReturned: count,
        timeStamp,
        links,
        features: sample.features,
      });
    });

    await context.test(`geojsonseq, ${sample.name}`, async () => {
      const text = (await written('geojsonseq', sample)).toString();
      const [before, ...records] = text.split('\u001e');
      assert.equal(before, '');
      for (const record of records) assert.equal(record.indexOf('\n'), record.length - 1);
      assert.deepEqual(
        records.map((record) => JSON.parse(record)),
        sample.features,
      );
    });

    await context.test(`csv, ${sample.name}`, async () => {
      if (isRefused('csv', sample)) return;
      const [names = [], ...rows] = readCsv((await written('csv', sample)).toString());
      const columns = fieldsWithCoordinates(sample);
      assert.deepEqual(
        names,
        columns.map(({ name }) => name),
      );
      const found = rows.map((row) =>
        Object.fromEntries(row.map((cell, index) => [names[index], withoutApostrophe(cell)])),
      );
      assertSameRows(found, sample, columns);
      assert.deepEqual(
        rows.flat().filter((cell) => /^[=+@\t\r\n]/.test(cell)),
        [],
      );
      assert.deepEqual(
        rows.flat().filter((cell) => /^-(?![\d.]+$)/.test(cell)),
        [],
      );
    });

    await context.test(`fgb, ${sample.name}`, async () => {
      const file = new Uint8Array(await written('fgb', sample));
      let header: HeaderMeta | undefined;
      const rows: Record<string, unknown>[] = [];
      const reading = deserialize(file, {
        headerMetaFn: (meta: HeaderMeta) => {
          header = meta;
        },
        fromFeature: (_id: number, feature: Feature) => {
          rows.push(parseProperties(feature, header?.columns));
          return {};
        },
      });
      for await (const _feature of reading);
      assert.equal(header?.featuresCount, sample.features.length);
      assertSameRows(rows, sample, fields);
      if (sample.features.some(({ geometry }) => geometry === null)) return;
      const features: { geometry: unknown }[] = [];
      for await (const feature of deserializeGeojson(file)) features.push(feature);
      assertSameGeometry(features, sample);
    });

    await context.test(`parquet, ${sample.name}`, async () => {
      const file = new Uint8Array(await written('parquet', sample)).buffer;
      const metadata = parquetMetadata(file);
      assert.equal(Number(metadata.num_rows), sample.features.length);
      const rows = await parquetReadObjects({ file, metadata });
      assertSameRows(
        rows.map((row) =>
          Object.fromEntries(
            Object.entries(row).map(([name, value]) => [
              name,
              value instanceof Date ? value.toISOString() : value,
            ]),
          ),
        ),
        sample,
        fields,
      );
      assertSameGeometry(
        rows.map((row) => ({ geometry: row.geometry })),
        sample,
      );
      assertGeoParquet(metadata, rows, sample);
    });

    for (const id of ['kml', 'atom'] as const) {
      await context.test(`${id}, ${sample.name}, is well-formed`, async (part) => {
        if (isRefused(id, sample)) return;
        const { status, stderr } = spawnSync('xmllint', ['--noout', '-'], {
          input: await written(id, sample),
          encoding: 'utf8',
        });
        if (status === null) return part.skip('xmllint is not installed (Debian: libxml2-utils)');
        assert.equal(stderr, '');
      });
    }

    for (const id of formatIds) {
      const driver = id === 'parquet' ? 'Parquet' : '';
      await context.test(
        `${id}, ${sample.name}, by GDAL`,
        { skip: withoutGdal(driver) },
        async () => {
          if (isRefused(id, sample)) return;
          // Without a record GDAL cannot tell what an empty text is.
          if (id === 'geojsonseq' && sample.features.length === 0) return;
          const found = readByGdal(await written(id, sample), formats[id].extension);
          assert.equal(found.length, sample.features.length);
          const rows = found.map(({ properties }) => properties);
          switch (id) {
            case 'geojson':
            case 'geojsonseq':
              assert.deepEqual(
                found.map((feature) => feature.id ?? feature.properties.id),
                sample.features.map((feature) => feature.id),
              );
              assertSameRows(rows, sample, plainTexts(fields));
              break;
            case 'csv':
              // GDAL gives any line break within a cell as a line feed.
              assertSameRows(
                rows.map((row) => withoutApostrophes(row)),
                sample,
                fieldsWithCoordinates(sample),
                (text) => text.replace(/\r\n?/g, '\n'),
              );
              break;
            case 'fgb':
              // GDAL rounds microseconds to a millisecond, where Date cuts them off.
              assertSameRows(rows, sample, fields, undefined, 1);
              break;
            case 'parquet':
              assertSameRows(rows, sample, fields);
              break;
            case 'kml':
              // GDAL drops line breaks at the ends, and takes a column `name` for the Placemark's.
              assertSameRows(
                rows.map(({ Name, ...row }) => ({ name: Name, ...row })),
                sample,
                fields,
                (text) => asInXml(text).trim(),
              );
              break;
            case 'atom':
              assert.deepEqual(
                rows.map(({ id: address }) => String(address).split('/').at(-1)),
                sample.features.map((feature) => feature.id),
              );
              return;
          }
          if (id !== 'csv') assertSameGeometry(found, sample);
        },
      );
    }
  }
});

/** Columns that are properties of the feature as they stand; GDAL makes dates of texts like them. */
function plainTexts(fields: readonly Field[]): Field[] {
  return fields.filter(
    ({ name, type, path, derive }) =>
      type === 'text' &&
      path.join() === `properties,${name}` &&
      derive === undefined &&
      name !== 'targets' &&
      !name.endsWith('_at'),
  );
}

function withoutApostrophes(row: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      typeof value === 'string' ? withoutApostrophe(value) : value,
    ]),
  );
}

/** The metadata that GeoParquet 1.1.0 asks for, and that it is true of the rows. */
function assertGeoParquet(
  metadata: ReturnType<typeof parquetMetadata>,
  rows: readonly Record<string, unknown>[],
  { features }: Sample,
): void {
  const text = metadata.key_value_metadata?.find(({ key }) => key === 'geo')?.value;
  const geo: {
    version: string;
    primary_column: string;
    columns: Record<string, { bbox?: number[]; [member: string]: unknown }>;
  } = JSON.parse(text ?? 'null');
  assert.equal(geo.version, '1.1.0');
  assert.equal(geo.primary_column, 'geometry');
  assert.deepEqual(Object.keys(geo.columns), ['geometry']);
  const { bbox, ...column } = geo.columns.geometry ?? {};
  const shapes = features.flatMap(({ geometry }) => (geometry === null ? [] : [geometry]));
  assert.deepEqual(column, {
    encoding: 'WKB',
    geometry_types: [...new Set(shapes.map(({ type }) => type))].sort(),
    covering: {
      bbox: {
        xmin: ['bbox', 'xmin'],
        ymin: ['bbox', 'ymin'],
        xmax: ['bbox', 'xmax'],
        ymax: ['bbox', 'ymax'],
      },
    },
  });
  const elements = new Map(metadata.schema.map((element) => [element.name, element]));
  const geometry = elements.get('geometry');
  assert.equal(geometry?.type, 'BYTE_ARRAY');
  assert.equal(elements.get('bbox')?.repetition_type, geometry?.repetition_type);
  for (const corner of ['xmin', 'ymin', 'xmax', 'ymax']) {
    assert.equal(elements.get(corner)?.type, 'DOUBLE');
    assert.equal(elements.get(corner)?.repetition_type, 'REQUIRED');
  }
  const boxes = features.map(({ geometry: shape }) => {
    if (shape === null) return null;
    const numbers = [shape.coordinates].flat(4);
    const xs = numbers.filter((_, index) => index % 2 === 0);
    const ys = numbers.filter((_, index) => index % 2 === 1);
    const least = (list: number[]) => list.reduce((a, b) => Math.min(a, b));
    const most = (list: number[]) => list.reduce((a, b) => Math.max(a, b));
    return { xmin: least(xs), ymin: least(ys), xmax: most(xs), ymax: most(ys) };
  });
  assert.deepEqual(
    rows.map((row) => row.bbox ?? null),
    boxes,
  );
  const known = boxes.flatMap((box) => (box === null ? [] : [box]));
  const expected =
    known.length === 0
      ? undefined
      : [
          Math.min(...known.map(({ xmin }) => xmin)),
          Math.min(...known.map(({ ymin }) => ymin)),
          Math.max(...known.map(({ xmax }) => xmax)),
          Math.max(...known.map(({ ymax }) => ymax)),
        ];
  assert.deepEqual(bbox, expected);
}

/** RFC 4180, read by the book. */
function readCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let position = 0;
  while (position < text.length) {
    let cell = '';
    if (text[position] === '"') {
      for (position += 1; text[position] !== '"' || text[position + 1] === '"'; position += 1) {
        if (text[position] === '"') position += 1;
        cell += text[position];
      }
      position += 1;
    } else {
      while (!/[,\r\n"]/.test(text[position] ?? '\n')) {
        cell += text[position];
        position += 1;
      }
    }
    row.push(cell);
    if (text[position] === ',') {
      position += 1;
      continue;
    }
    assert.equal(text.slice(position, position + 2), '\r\n');
    position += 2;
    rows.push(row);
    row = [];
  }
  return rows;
}
