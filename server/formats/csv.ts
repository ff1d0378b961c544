import type { CollectionId } from '../domain/collections.ts';
import type { GeometryForm } from '../domain/paging.ts';
import { batchesOf, type FeaturePages } from './feature.ts';
import { type Field, type FieldValue, fieldsWithCoordinates, fieldValue } from './fields.ts';
import type { About, Format } from './format.ts';

/**
 * CSV (RFC 4180): UTF-8 without a byte order mark, a header line, CR LF line ends, an empty cell
 * for what is not known. Points stand in `latitude` and `longitude`; other geometry is left out.
 *
 * No cell is a formula to a spreadsheet: one of text columns that begins with `=`, `+`, `-`, `@`, a
 * tab, a line break or an apostrophe gets an apostrophe before it. A program undoes that by taking
 * one leading apostrophe from every cell that has one; it then has the text exactly.
 */
export const csv: Format = {
  title: 'CSV',
  mediaType: 'text/csv; charset=utf-8; header=present',
  extension: 'csv',
  isByteStable: true,
  refusal,
  write,
};

function refusal(collection: CollectionId, geometry: GeometryForm): string | undefined {
  if (collection !== 'incidents' || geometry === 'point') return undefined;
  return 'CSV holds points only; areas are in geojson, geojsonseq, fgb, parquet and kml.';
}

async function* write(pages: FeaturePages, about: About): AsyncGenerator<string> {
  const fields = fieldsWithCoordinates(about);
  yield line(fields.map(({ name }) => name));
  for await (const features of batchesOf(pages)) {
    yield features
      .map((feature) => line(fields.map((field) => cell(field, fieldValue(field, feature)))))
      .join('');
  }
}

/** A line of cells as they are (RFC 4180). */
export function line(cells: readonly string[]): string {
  return `${cells.join(',')}\r\n`;
}

function cell({ type }: Field, value: FieldValue): string {
  if (value === null) return '';
  const text = String(value);
  return quoted(type === 'text' || type === 'json' ? harmless(text) : text);
}

const formulaStart = /^[=+\-@\t\r\n']/;

function harmless(text: string): string {
  return formulaStart.test(text) ? `'${text}` : text;
}

/** Empty text is quoted, so that it is not taken for a value that is not known. */
function quoted(text: string): string {
  return text === '' || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
