import { readFile } from 'node:fs/promises';
import { Ajv2020 } from 'ajv/dist/2020.js';
import {
  attackers,
  geoPrecisions,
  incidentTypeCodes,
  type Measure,
  type Qualifier,
  targetTypes,
  timePrecisions,
} from '../../server/domain/vocabulary.ts';
import schema from '../schema/import-mapping.schema.json' with { type: 'json' };
import { countryOf } from './countries.ts';
import type { Row } from './csv.ts';
import { dayOf, spanOf } from './dates.ts';
import {
  type DatasetRecord,
  type ImportedClaim,
  type ImportedIncident,
  RefusedError,
} from './format.ts';

/** Where a value comes from: a column, a column whose codes mean ours, or the mapping itself. */
type Field =
  | string
  | {
      readonly column: string;
      readonly scheme?: string;
      readonly codes: Readonly<Record<string, string>>;
    }
  | { readonly value: string };

type FieldName =
  | 'record'
  | 'url'
  | 'title'
  | 'summary'
  | 'type'
  | 'attacker'
  | 'targets'
  | 'country'
  | 'region'
  | 'geonames_id'
  | 'place'
  | 'longitude'
  | 'latitude'
  | 'geo_precision'
  | 'uncertainty_m'
  | 'date'
  | 'date_end'
  | 'time_precision'
  | 'time_local'
  | 'sources';

/** A mapping file: `geodata/schema/import-mapping.schema.json` says what it may hold. */
export interface Mapping {
  readonly dataset: DatasetRecord;
  readonly fields: Readonly<Partial<Record<FieldName, Field>>>;
  readonly separator?: string;
  readonly claims?: readonly {
    readonly measure: Measure;
    readonly qualifier?: Exclude<Qualifier, 'range'>;
    readonly field: Field;
    readonly attributed_to: Field;
    readonly remark?: string;
  }[];
}

/** A mapping file cannot be followed; the message has a line for each fault. */
export class MappingError extends Error {
  override readonly name = 'MappingError';
}

const ajv = new Ajv2020({ allErrors: true, allowUnionTypes: true });
const isMapping = ajv.compile<Mapping>(schema);

/** @throws {MappingError} */
export async function readMapping(file: string): Promise<Mapping> {
  const given: unknown = JSON.parse(await readFile(file, 'utf8'));
  return checkedMapping(given, file);
}

/** @throws {MappingError} where it is no mapping. */
export function checkedMapping(given: unknown, name: string): Mapping {
  if (isMapping(given)) return given;
  const faults = (isMapping.errors ?? []).map(
    ({ instancePath, message }) => `${name}${instancePath}: ${message}`,
  );
  throw new MappingError(faults.join('\n'));
}

/** Columns that a table must have for a mapping. */
export function columnsFor({ fields, claims = [] }: Mapping): string[] {
  const used = [
    ...Object.values(fields),
    ...claims.flatMap((claim) => [claim.field, claim.attributed_to]),
  ];
  return [...new Set(used.flatMap((field) => columnOf(field) ?? []))];
}

function columnOf(field: Field): string | null {
  if (typeof field === 'string') return field.toLowerCase();
  return 'column' in field ? field.column.toLowerCase() : null;
}

interface Read {
  readonly text: string;
  /** The code that it was mapped from, with its scheme. */
  readonly source: string | null;
}

function read(row: Row, field: Field | undefined, dataset: DatasetRecord): Read {
  if (field === undefined) return { text: '', source: null };
  if (typeof field === 'string') return { text: row.text(field.toLowerCase()), source: null };
  if ('value' in field) return { text: field.value, source: null };
  const given = row.text(field.column.toLowerCase());
  const text = Object.hasOwn(field.codes, given) ? field.codes[given] : undefined;
  if (text === undefined) {
    if (given === '') return { text: '', source: null };
    throw new RefusedError(`${field.column} is '${given}', which the mapping does not know`);
  }
  return { text, source: `${field.scheme ?? `${dataset.id}:${field.column}`}:${given}` };
}

function oneOf<Code extends string>(codes: readonly Code[], text: string, name: string): Code {
  const code = codes.find((candidate) => candidate === text);
  if (code === undefined)
    throw new RefusedError(
      text === '' ? `no ${name}` : `${name} is '${text}', which is not in our list`,
    );
  return code;
}

/** The record's id by a mapping, empty where it has none. */
export function recordBy({ fields, dataset }: Mapping, row: Row): string {
  return read(row, fields.record, dataset).text;
}

/** Where a record's point comes from when no columns hold it. */
export interface Point {
  readonly lon: number;
  readonly lat: number;
}

/**
 * A record by a mapping. Without columns of coordinates the point is the feature's.
 * @throws {RefusedError}
 */
export function incidentBy(mapping: Mapping, row: Row, point: Point | null): ImportedIncident {
  const { fields, dataset, separator = '|' } = mapping;
  const of = (name: FieldName) => read(row, fields[name], dataset);
  const required = (name: FieldName) => {
    const { text } = of(name);
    if (text === '') throw new RefusedError(`no ${name}`);
    return text;
  };
  const list = (name: FieldName) =>
    of(name)
      .text.split(separator)
      .map((item) => item.trim())
      .filter((item) => item !== '');
  const type = of('type');
  const geo = of('geo_precision');
  const when = of('time_precision');
  const first = dayOf(required('date'));
  const last = of('date_end').text;
  const time = last === '' ? first : spanOf(first, dayOf(last));
  const country = of('country').text;
  const known = country === '' ? null : countryOf(country);
  if (country !== '' && known === null) throw new RefusedError(`country '${country}' is unknown`);
  const uncertainty = Number(required('uncertainty_m'));
  if (!Number.isInteger(uncertainty) || uncertainty <= 0) {
    throw new RefusedError('uncertainty_m is no positive whole number of metres');
  }
  const url = of('url').text;
  return {
    record: required('record'),
    url: /^https?:\/\/\S+$/.test(url) ? url : null,
    title: required('title'),
    summary: of('summary').text,
    type: type.text === '' ? 'other' : oneOf(incidentTypeCodes, type.text, 'type'),
    type_source: type.source,
    attacker: oneOf(attackers, of('attacker').text || 'unknown', 'attacker'),
    targets: list('targets').map((target) => oneOf(targetTypes, target, 'target')),
    country: known,
    region: of('region').text || null,
    geonames_id: Number(of('geonames_id').text) || null,
    place: required('place'),
    lon: point?.lon ?? coordinate(required('longitude'), 'longitude', 180),
    lat: point?.lat ?? coordinate(required('latitude'), 'latitude', 90),
    geo: { code: oneOf(geoPrecisions, geo.text, 'geo_precision'), source: geo.source },
    uncertainty_m: uncertainty,
    coordinate_source: dataset.publisher,
    time,
    time_local: of('time_local').text || null,
    when: {
      code: oneOf(
        timePrecisions,
        when.text || (time === first ? 'day' : 'range'),
        'time_precision',
      ),
      source: when.source,
    },
    claims: claimsBy(mapping, row),
    sources: list('sources').map((address) => {
      if (!/^https?:\/\/\S+$/.test(address))
        throw new RefusedError(`source '${address}' is no web address`);
      return { url: address, publisher: null, title: null, language: null, published_at: null };
    }),
  };
}

function coordinate(text: string, name: string, limit: 90 | 180): number {
  const value = Number(/^-?\d+,\d+$/.test(text) ? text.replace(',', '.') : text);
  if (!Number.isFinite(value) || Math.abs(value) > limit) {
    throw new RefusedError(`${name} is '${text}', which is no number of degrees up to ${limit}`);
  }
  return value;
}

/** A value that is no number stays in words, as an account. */
function claimsBy({ claims = [], dataset }: Mapping, row: Row): ImportedClaim[] {
  return claims.flatMap((claim) => {
    const { measure, qualifier = 'exact', field, attributed_to, remark = null } = claim;
    const { text } = read(row, field, dataset);
    if (text === '') return [];
    const value = Number(text);
    const isFigure = measure !== 'narrative' && Number.isFinite(value) && value >= 0;
    const made: ImportedClaim = {
      measure: isFigure ? measure : 'narrative',
      value_min: isFigure && qualifier !== 'at_most' ? value : null,
      value_max: isFigure && qualifier !== 'at_least' ? value : null,
      qualifier: isFigure ? qualifier : null,
      text: isFigure ? null : measure === 'narrative' ? text : `${measure}: ${text}`,
      attributed_to: read(row, attributed_to, dataset).text || dataset.publisher,
      remark,
      source: null,
      reported_at: null,
    };
    return [made];
  });
}
