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
import { rangeOf } from '../times.ts';
import { countryOf } from './countries.ts';
import { degrees, type Row } from './csv.ts';
import { dayOf, spanOf } from './dates.ts';
import {
  type DatasetRecord,
  type ImportedClaim,
  type ImportedIncident,
  RefusedError,
} from './format.ts';
import type { Place } from './geometry.ts';

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
  | 'coordinate_source'
  | 'time'
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
  const text = await readFile(file, 'utf8');
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch (error) {
    throw new MappingError(`${file}: no JSON: ${error instanceof Error ? error.message : error}`);
  }
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

/** Titles are cut at a word near this length; where a mapping makes them of an account they are long. */
const longestTitle = 160;

function shortTitle(text: string): string {
  if (text.length <= longestTitle) return text;
  return `${text.slice(0, longestTitle).replace(/\s+\S*$/, '')}…`;
}

/**
 * A record by a mapping. `place` is that of the file's own geometry; without it columns give it.
 * @throws {RefusedError}
 */
export function incidentBy(mapping: Mapping, row: Row, place: Place | null): ImportedIncident {
  const { fields, dataset } = mapping;
  const of = (name: FieldName) => read(row, fields[name], dataset);
  const required = (name: FieldName) => {
    const { text } = of(name);
    if (text === '') throw new RefusedError(`no ${name}`);
    return text;
  };
  const list = (name: FieldName) => itemsOf(of(name).text, mapping);
  const type = of('type');
  const geo = of('geo_precision');
  const when = of('time_precision');
  const time =
    of('time').text === '' ? daysBy(required('date'), of('date_end').text) : edtf(of('time').text);
  const url = of('url').text;
  return {
    record: required('record'),
    url: isAddress(url) ? url : null,
    title: shortTitle(required('title')),
    summary: of('summary').text,
    type: oneOf(incidentTypeCodes, type.text || 'other', 'type'),
    type_source: type.source,
    attacker: oneOf(attackers, of('attacker').text || 'unknown', 'attacker'),
    targets: list('targets').map((target) => oneOf(targetTypes, target, 'target')),
    country: countryBy(of('country').text),
    region: of('region').text || null,
    geonames_id: Number(of('geonames_id').text) || null,
    place: required('place'),
    lon: place?.lon ?? degrees(required('longitude'), 'longitude', 180),
    lat: place?.lat ?? degrees(required('latitude'), 'latitude', 90),
    ...(place === null || place.area === null ? {} : { area: place.area }),
    geo: { code: oneOf(geoPrecisions, geo.text, 'geo_precision'), source: geo.source },
    uncertainty_m: metres(required('uncertainty_m')),
    coordinate_source: of('coordinate_source').text || dataset.publisher,
    time,
    time_local: of('time_local').text || null,
    when: {
      code: oneOf(
        timePrecisions,
        when.text || (isDay.test(time) ? 'day' : 'range'),
        'time_precision',
      ),
      source: when.source,
    },
    claims: claimsBy(mapping, row),
    sources: list('sources').map((address) => {
      if (!isAddress(address)) throw new RefusedError(`source '${address}' is no web address`);
      return { url: address, publisher: null, title: null, language: null, published_at: null };
    }),
  };
}

const isDay = /^\d{4}-\d\d-\d\d$/;

function daysBy(first: string, last: string): string {
  return last === '' ? dayOf(first) : spanOf(dayOf(first), dayOf(last));
}

/** Days as EDTF says them (ISO 8601-2), as our own exports have them. */
function edtf(text: string): string {
  try {
    rangeOf(text);
    return text;
  } catch (error) {
    throw new RefusedError(`time '${text}': ${error instanceof Error ? error.message : error}`);
  }
}

const isAddress = (text: string) => /^https?:\/\/\S+$/.test(text);

function itemsOf(text: string, { separator = '|' }: Mapping): string[] {
  const items = text.split(separator).map((item) => item.trim());
  return [...new Set(items.filter((item) => item !== ''))];
}

function countryBy(text: string): string | null {
  const country = text === '' ? null : countryOf(text);
  if (text !== '' && country === null) throw new RefusedError(`country '${text}' is unknown`);
  return country;
}

function metres(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new RefusedError(`uncertainty_m is '${text}', which is no positive whole number of metres`);
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
