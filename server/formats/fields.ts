import type { CollectionId } from '../domain/collections.ts';
import { incidentTypeCodes, incidentTypes, measureCodes, measures } from '../domain/vocabulary.ts';
import type { ExportedFeature } from './feature.ts';
import type { About } from './format.ts';

/** `instant` is ISO 8601 in UTC; `json` is JSON text, for what has no place in a table. */
export type FieldType = 'text' | 'integer' | 'number' | 'boolean' | 'instant' | 'json';

/** Text for `text`, `instant` and `json`. */
export type FieldValue = string | number | boolean | null;

/** One column of a table: CSV, FlatGeobuf, Parquet and KML have the same. */
export interface Field {
  readonly name: string;
  readonly type: FieldType;
  readonly description: string;
  /** Column of an ACLED export that it corresponds to. */
  readonly acled?: string;
  /** Members that lead to it in the GeoJSON Feature. A list of texts is joined by `|`. */
  readonly path: readonly string[];
  /** Makes the value from what the path leads to; without it that is the value. */
  readonly derive?: (found: unknown) => FieldValue;
}

type Options = Partial<Pick<Field, 'path' | 'acled' | 'derive'>>;

/** A field that is a property of the same name, unless the options say otherwise. */
function field(name: string, type: FieldType, description: string, options: Options = {}): Field {
  return { name, type, description, path: ['properties', name], ...options };
}

const id = (description: string, options: Options = {}): Field =>
  field('id', 'text', description, { path: ['id'], ...options });

const regionFields: readonly Field[] = [
  field('country', 'text', 'Recognised state of the place (ISO 3166-1 alpha-2).', {
    acled: 'country',
  }),
  field('region', 'text', 'First-level region (ISO 3166-2); empty where there is no single one.'),
  field('region_name_en', 'text', 'Name of the region in English.', {
    path: ['properties', 'region_name', 'en'],
    acled: 'admin1',
  }),
  field('region_name_uk', 'text', 'Name of the region in Ukrainian.', {
    path: ['properties', 'region_name', 'uk'],
  }),
];

/** The point, for formats that have no geometry of their own. */
const coordinateFields: readonly Field[] = [
  field('latitude', 'number', 'Latitude of the point, degrees, WGS 84.', {
    path: ['geometry', 'coordinates', '1'],
    acled: 'latitude',
  }),
  field('longitude', 'number', 'Longitude of the point, degrees, WGS 84.', {
    path: ['geometry', 'coordinates', '0'],
    acled: 'longitude',
  }),
];

const precisionFields: readonly Field[] = [
  field('geo_precision', 'text', 'How well the place is known.', { acled: 'geo_precision' }),
  field('uncertainty_m', 'number', 'Radius in metres within which the place is.'),
  field(
    'area_only',
    'boolean',
    'True where only an area is known: never show the point as a place of impact.',
  ),
];

/** Every column that a figure gives, for each measure that has values. */
const figureFields: readonly Field[] = measureCodes
  .filter((code) => measures[code].unit !== null)
  .flatMap((code) => {
    const what = `${code} (${measures[code].unit})`;
    const figure = ['properties', 'figures', code];
    const latest = [...figure, 'latest'];
    const part = (name: string, type: FieldType, description: string, path: readonly string[]) =>
      field(`${code}_${name}`, type, description, { path });
    return [
      field(`${code}_lowest`, 'number', `Lowest value of ${what} that any claim gives.`, {
        path: [...figure, 'lowest'],
        ...(code === 'killed' ? { acled: 'fatalities' } : {}),
      }),
      part('highest', 'number', `Highest value of ${what} that any claim gives.`, [
        ...figure,
        'highest',
      ]),
      part('at_least', 'boolean', 'True where the highest is a lower bound: "at least".', [
        ...figure,
        'at_least',
      ]),
      part('claims', 'integer', 'Number of claims that the figure is derived from.', [
        ...figure,
        'claims',
      ]),
      part('latest_min', 'number', 'Lower end of the last claim reported; empty for "at most".', [
        ...latest,
        'value_min',
      ]),
      part('latest_max', 'number', 'Upper end of the last claim reported; empty for "at least".', [
        ...latest,
        'value_max',
      ]),
      part('latest_qualifier', 'text', 'How the value of the last claim reported is meant.', [
        ...latest,
        'qualifier',
      ]),
      part('latest_attributed_to', 'text', 'Who made the last claim reported.', [
        ...latest,
        'attributed_to',
      ]),
      part('latest_reported_at', 'text', 'When it was reported (EDTF or RFC 3339).', [
        ...latest,
        'reported_at',
      ]),
      part('latest_source_url', 'text', 'Address of the source that carried it.', [
        ...latest,
        'source_url',
      ]),
    ];
  });

const recordedAt = field('recorded_at', 'instant', 'When this version became the record (UTC).', {
  acled: 'timestamp',
});

/** In the order of an ACLED export where it has the same: id, time, kind, who, where, what, how many. */
const incidentFields: readonly Field[] = [
  id('Id of the incident.', { acled: 'event_id_cnty' }),
  field('day', 'text', 'First day that the time means (ISO 8601 date).', {
    path: ['properties', 'starts_at'],
    derive: firstDay,
    acled: 'event_date',
  }),
  field('last_day', 'text', 'Last day that the time means (ISO 8601 date).', {
    path: ['properties', 'ends_at'],
    derive: lastDay,
  }),
  field('time', 'text', 'Local calendar days that the sources give, as EDTF (ISO 8601-2).'),
  field('time_precision', 'text', 'How well the time is known.', { acled: 'time_precision' }),
  field(
    'time_precision_source',
    'text',
    "The same in an imported dataset's own scheme, with its name.",
  ),
  field('time_local', 'text', 'Local time of day as the sources give it, in words.'),
  field('starts_at', 'instant', 'Start of the range that the time means (included).'),
  field('ends_at', 'instant', 'End of the range that the time means (not included).'),
  field('type', 'text', 'Type of strike.'),
  field('acled_event_type', 'text', 'ACLED event and sub-event type that the type maps to.', {
    path: ['properties', 'type'],
    derive: acledEventType,
    acled: 'event_type, sub_event_type',
  }),
  field(
    'type_source',
    'text',
    "Code of the type in an imported dataset's own scheme, with its name.",
  ),
  field('attacker', 'text', 'Side to which the sources attribute the strike.', { acled: 'actor1' }),
  field('targets', 'text', 'What was struck or damaged, joined by "|".'),
  ...regionFields,
  field('place', 'text', 'Place as the sources name it.', { acled: 'location' }),
  ...coordinateFields,
  ...precisionFields,
  field(
    'geo_precision_source',
    'text',
    "Code of the precision in an imported dataset's own scheme.",
  ),
  field('coordinate_source', 'text', 'Where the coordinates come from.'),
  field('title', 'text', 'What happened, in a line.'),
  field('summary', 'text', 'What is known, in a few sentences.', { acled: 'notes' }),
  ...figureFields,
  field('dataset', 'text', 'Dataset that the record belongs to.'),
  field('licence', 'text', 'Terms of the dataset, under which the record may be used.'),
  field('licence_url', 'text', 'Where the terms stand.'),
  field('attribution', 'text', 'How the dataset asks to be named.'),
  recordedAt,
];

const claimFields: readonly Field[] = [
  id('Id of the claim.'),
  field('incident', 'text', 'Id of the incident.', { acled: 'event_id_cnty' }),
  field('measure', 'text', 'What the claim gives a value of.'),
  field('value_min', 'number', 'Lower end of the value; empty for "at most".'),
  field('value_max', 'number', 'Upper end of the value; empty for "at least".'),
  field('qualifier', 'text', 'How the value is meant; empty for an account in words.'),
  field('text', 'text', 'Account or statement, in our words.', { acled: 'notes' }),
  field('scope', 'text', 'What kind of thing the claim is about.'),
  field('scope_name', 'text', 'Which one.'),
  field('attributed_to', 'text', 'Who said it, as the source has it.'),
  field('remark', 'text', 'What the source adds to the value.'),
  field('reported_at', 'text', 'When it was reported (EDTF or RFC 3339).'),
  field('status', 'text', 'Whether it was called preliminary or final.'),
  field('stance', 'text', 'What the claim says of responsibility.'),
  field('party', 'text', 'To or by whom.'),
  field('cause', 'text', 'Cause that the claim names.'),
  field('source', 'text', 'Id of the source that carried it.'),
  field('source_publisher', 'text', 'Publisher of the source.', { acled: 'source' }),
  field('source_url', 'text', 'Address of the source.'),
  ...coordinateFields,
  ...precisionFields,
  recordedAt,
];

const sourceFields: readonly Field[] = [
  id('Id of the source.'),
  field('url', 'text', 'Address of the publication.'),
  field('publisher', 'text', 'Publisher; empty where it is not certain.', { acled: 'source' }),
  field('title', 'text', 'Title as published; empty where it is not certain.'),
  field('published_at', 'text', 'Date or time of publication, as published (EDTF or RFC 3339).'),
  field('language', 'text', 'Language (ISO 639).'),
  field('kind', 'text', 'How the source came to its text.'),
  field('carries', 'text', 'Whose text a syndicated or aggregated source carries.'),
  field('reliability', 'text', 'Admiralty reliability letter, A to F; empty where not graded.'),
  recordedAt,
];

const placeFields: readonly Field[] = [
  id('Id of the place.'),
  field('name', 'text', 'Name in English: that of Ukrainian atlases, else of GeoNames.', {
    acled: 'location',
  }),
  field('name_uk', 'text', 'Name in Ukrainian; empty where it is not known.'),
  ...regionFields,
  ...coordinateFields,
  field('population', 'integer', 'Population (GeoNames); empty where it gives none.'),
  field('geonames_id', 'integer', 'GeoNames id; empty where it is not certain.'),
];

const regionsFields: readonly Field[] = [
  id('ISO 3166-2 code.'),
  field('country', 'text', 'Recognised state (ISO 3166-1 alpha-2).', { acled: 'country' }),
  field('pcode', 'text', 'OCHA P-code; its digits differ from the ISO code for some regions.'),
  field('kind', 'text', 'Kind of region, such as oblast.'),
  field('name_en', 'text', 'Name in English.', { acled: 'admin1' }),
  field('name_uk', 'text', 'Name in Ukrainian.'),
  field('boundary_set', 'text', 'Where the boundary comes from; empty where there is none.'),
  field('claimants', 'text', 'States that claim the region (ISO 3166-1 alpha-2), joined by "|".', {
    path: ['properties', 'territorial_claims'],
    derive: claimants,
  }),
  field('territorial_claims', 'json', 'Who claims the region since when by which act, as JSON.'),
  field('international_responses', 'json', 'What international bodies answered, as JSON.'),
  field('control_reports', 'json', 'Dated statements about control, as JSON: not measurements.'),
  field('note', 'text', "Editors' note on the region.", { path: ['properties', 'note', 'text'] }),
  field('note_sources', 'json', 'Sources of the note, as JSON.', {
    path: ['properties', 'note', 'sources'],
  }),
  field('code_sources', 'json', 'Publications that give the codes, as JSON.'),
];

const allFields: Readonly<Record<CollectionId, readonly Field[]>> = {
  incidents: incidentFields,
  regions: regionsFields,
  claims: claimFields,
  sources: sourceFields,
  places: placeFields,
};

/** What decides about columns. */
type Selection = Pick<About, 'collection' | 'properties'>;

/** The columns of a collection's CSV: with the point's coordinates, and of the properties asked for. */
export function fieldsWithCoordinates({ collection, properties }: Selection): readonly Field[] {
  if (properties === undefined) return allFields[collection];
  return allFields[collection].filter(
    ({ path: [member, name = ''] }) => member !== 'properties' || properties.includes(name),
  );
}

/** The columns for a format that holds the geometry itself. */
export function fieldsOf(selection: Selection): readonly Field[] {
  return fieldsWithCoordinates(selection).filter((each) => !coordinateFields.includes(each));
}

/**
 * The value of a field, null where the feature has none.
 * @throws {TypeError} when what stands there is of another type than the field.
 */
export function fieldValue(
  { name, type, path, derive }: Field,
  feature: ExportedFeature,
): FieldValue {
  let found: unknown = feature;
  for (const key of path) found = member(found, key);
  if (derive !== undefined) return derive(found);
  if (found === null || found === undefined) return null;
  switch (type) {
    case 'json':
      return JSON.stringify(found);
    case 'text':
      if (Array.isArray(found)) return found.join('|');
      if (typeof found === 'string') return found;
      break;
    case 'instant':
      if (typeof found === 'string') return found;
      break;
    case 'boolean':
      if (typeof found === 'boolean') return found;
      break;
    case 'integer':
    case 'number':
      if (typeof found === 'number') return found;
      break;
  }
  throw new TypeError(`field ${name} of ${feature.id} is ${typeof found}, not ${type}`);
}

/** The values of a feature by the names of its columns; those it has none for are left out. */
export type Row = Readonly<Record<string, NonNullable<FieldValue>>>;

/** A feature as a row of its collection's columns. */
export function rowOf(fields: readonly Field[], feature: ExportedFeature): Row {
  const row: Record<string, NonNullable<FieldValue>> = {};
  for (const field of fields) {
    const value = fieldValue(field, feature);
    if (value !== null) row[field.name] = value;
  }
  return row;
}

function member(value: unknown, key: string): unknown {
  return isRecord(value) ? value[key] : undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function firstDay(startsAt: unknown): FieldValue {
  return typeof startsAt === 'string' ? startsAt.slice(0, 10) : null;
}

/** `endsAt` is not part of the range any more. */
function lastDay(endsAt: unknown): FieldValue {
  if (typeof endsAt !== 'string') return null;
  return new Date(Date.parse(endsAt) - 1).toISOString().slice(0, 10);
}

function acledEventType(type: unknown): FieldValue {
  const code = incidentTypeCodes.find((candidate) => candidate === type);
  return code === undefined ? null : incidentTypes[code].acled;
}

function claimants(claims: unknown): FieldValue {
  if (!Array.isArray(claims)) return null;
  return [...new Set(claims.map((claim) => member(claim, 'claimant')))].join('|');
}
