import { by, dimensions, sums } from '../domain/aggregate.ts';
import { type CollectionId, collections } from '../domain/collections.ts';
import { crsParameters } from '../domain/crs.ts';
import { facetNames, maxFacetValues } from '../domain/facets.ts';
import { pageParameters, propertiesParameter } from '../domain/paging.ts';
import {
  type FilterName,
  filterLanguage,
  filterParameters,
  type Parameter,
  type ParameterSchema,
} from '../domain/parameters.ts';
import { pointInTimeParameters } from '../domain/point-in-time.ts';
import { sortParameter } from '../domain/sorting.ts';
import {
  attackers,
  claimScopes,
  geoPrecisions,
  incidentTypeCodes,
  measureCodes,
  qualifiers,
  sourceKinds,
  targetTypes,
  timePrecisions,
} from '../domain/vocabulary.ts';

/** JSON Schema as OpenAPI 3.0 has it. */
export interface Schema {
  readonly type?: string;
  readonly nullable?: boolean;
  readonly description?: string;
  readonly format?: string;
  readonly enum?: readonly (string | null)[];
  readonly items?: Schema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly oneOf?: readonly Schema[];
  readonly example?: unknown;
}

const string = (description: string): Schema => ({ type: 'string', description });
const maybe = (schema: Schema): Schema => ({
  ...schema,
  nullable: true,
  ...(schema.enum === undefined ? {} : { enum: [...schema.enum, null] }),
});
const number = (description: string): Schema => ({ type: 'number', description });
const integer = (description: string): Schema => ({ type: 'integer', description });
const boolean = (description: string): Schema => ({ type: 'boolean', description });
const instant = (description: string): Schema => ({ ...string(description), format: 'date-time' });
const oneOf = (codes: readonly string[], description: string): Schema => ({
  type: 'string',
  enum: codes,
  description,
});
const listOf = (items: Schema, description: string): Schema => ({
  type: 'array',
  items,
  description,
});
/** An object all of whose properties are always there, and no others. */
const record = (properties: Readonly<Record<string, Schema>>, description = ''): Schema => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
  ...(description === '' ? {} : { description }),
});

export const linkSchema: Schema = {
  type: 'object',
  required: ['href', 'rel'],
  additionalProperties: false,
  properties: {
    href: string('Address that the link leads to.'),
    rel: string('Relation of the link to this document (RFC 8288).'),
    type: string('Media type found there.'),
    title: string('What the link leads to, in words.'),
    templated: boolean('Whether href is a URI template.'),
  },
};

export const problemSchema: Schema = {
  type: 'object',
  required: ['type', 'title', 'status', 'detail', 'instance'],
  additionalProperties: false,
  description: 'Problem document (RFC 9457).',
  properties: {
    type: string('Kind of problem, as a URI.'),
    title: string('Kind of problem, in words.'),
    status: integer('HTTP status.'),
    detail: string('What is wrong with this request.'),
    instance: string('Path that was asked for.'),
    parameter: string('Parameter that was refused.'),
    value: string('Value that it was refused for.'),
  },
};

const problemResponse = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: problemSchema } },
});

/** The responses of a path: what it answers with, and the problems that any path may answer with. */
export function responses(schema: Schema) {
  return {
    200: schema,
    400: problemResponse('A parameter is unknown or cannot be honoured; the document names it.'),
    404: problemResponse('There is nothing at this address.'),
    405: problemResponse('The address can only be read.'),
    503: problemResponse('The database cannot answer now; try again in a few seconds.'),
  };
}

const sourceProperties = {
  url: string('Address of the publication.'),
  publisher: maybe(string('Publisher; null where it is not certain.')),
  title: maybe(string('Title as published; null where it is not certain.')),
  published_at: maybe(string('Date or time of publication, as published (EDTF or RFC 3339).')),
  language: maybe(string('Language (ISO 639).')),
  kind: maybe(oneOf(sourceKinds, 'How the source came to its text; null where it is not certain.')),
  carries: maybe(string('Whose text a syndicated or aggregated source carries.')),
  reliability: maybe(string('Admiralty reliability letter, A to F; null where not graded.')),
};
const sourceSchema = record(
  { id: string('Id in the sources collection.'), ...sourceProperties },
  'Publication that carried it.',
);

const pointSchema = (description: string): Schema => ({
  type: 'object',
  description,
  required: ['type', 'coordinates'],
  properties: {
    type: oneOf(['Point'], 'GeoJSON geometry type.'),
    coordinates: {
      type: 'array',
      items: { type: 'number' },
      minItems: 2,
      maxItems: 2,
      description: 'Longitude, latitude (WGS 84).',
    },
  },
});
const geometrySchema: Schema = {
  type: 'object',
  nullable: true,
  description: 'GeoJSON geometry (RFC 7946), longitude first, WGS 84; null where there is none.',
  required: ['type', 'coordinates'],
  properties: {
    type: oneOf(['Point', 'Polygon', 'MultiPolygon'], 'GeoJSON geometry type.'),
    coordinates: { type: 'array', items: {}, description: 'Coordinates, nested as the type asks.' },
  },
};

const valueMin = maybe(number('Lower end of the value; null for "at most".'));
const valueMax = maybe(number('Upper end of the value; null for "at least".'));
const qualifier = maybe(oneOf(qualifiers, 'How the value is meant; null for an account in words.'));
const attributedTo = string('Who said it, as the source has it.');
const reportedAt = maybe(
  string('Date or time of report as the source gives it (EDTF or RFC 3339).'),
);

const figureSchema = record(
  {
    lowest: number('Lowest value that any claim gives.'),
    highest: number('Highest value that any claim gives.'),
    at_least: boolean('Whether the highest is a lower bound: "at least".'),
    claims: integer('Number of claims that the figure is derived from.'),
    latest: maybe(
      record(
        {
          value_min: valueMin,
          value_max: valueMax,
          qualifier,
          attributed_to: attributedTo,
          reported_at: reportedAt,
          claim: string('Id of the claim.'),
          source: string('Id of its source.'),
          source_publisher: maybe(string('Publisher of its source.')),
          source_url: string('Address of its source.'),
        },
        'The last claim to be reported; null where no claim has a date.',
      ),
    ),
  },
  'Derived from the claims about the incident itself; never entered by hand.',
);

const regionNameSchema = maybe(
  record({ en: string('In English.'), uk: maybe(string('In Ukrainian.')) }, 'Name of the region.'),
);
const country = string('Recognised state of the place (ISO 3166-1 alpha-2).');
const region = maybe(string('First-level region (ISO 3166-2); null where there is no single one.'));
const geoPrecision = oneOf(geoPrecisions, 'How well the place is known.');
const uncertainty = integer('Radius in metres within which the place is.');
const areaOnly = boolean(
  'True where only an area is known: never show the point as a place of impact.',
);
const coordinateSource = string('Where the coordinates come from.');
const targets = listOf(oneOf(targetTypes, 'Target type.'), 'What was struck or damaged.');
const recordedAt = instant('When this version became the record (UTC).');

const incidentProperties: Readonly<Record<string, Schema>> = {
  title: string('What happened, in a line.'),
  summary: string('What is known, in a few sentences.'),
  type: oneOf(incidentTypeCodes, 'Type of strike.'),
  attacker: oneOf(attackers, 'Side to which the sources attribute the strike.'),
  targets,
  country,
  region,
  region_name: regionNameSchema,
  place: string('Place as the sources name it.'),
  time: string('Local calendar days that the sources give, as EDTF (ISO 8601-2).'),
  time_precision: oneOf(timePrecisions, 'How well the time is known.'),
  time_local: maybe(string('Local time of day as the sources give it, in words.')),
  starts_at: instant('Start of the range that the time means (included).'),
  ends_at: instant('End of the range that the time means (not included).'),
  geo_precision: geoPrecision,
  uncertainty_m: uncertainty,
  area_only: areaOnly,
  coordinate_source: coordinateSource,
  figures: {
    type: 'object',
    description: 'Figures by measure; a measure that no claim about the incident gives is absent.',
    properties: Object.fromEntries(measureCodes.map((code) => [code, figureSchema])),
    additionalProperties: false,
  },
  dataset: string('Dataset that the record belongs to.'),
  recorded_at: recordedAt,
};

const claimSchema = record({
  id: string('Id in the claims collection.'),
  measure: oneOf(measureCodes, 'What the claim gives a value of.'),
  value_min: valueMin,
  value_max: valueMax,
  qualifier,
  text: maybe(string('Account or statement, in our words.')),
  scope: record(
    {
      kind: oneOf(claimScopes, 'What kind of thing the claim is about.'),
      name: maybe(string('Which one.')),
    },
    'What the claim is about; only claims about the incident enter its figures.',
  ),
  attributed_to: attributedTo,
  remark: maybe(string('What the source adds to the value.')),
  source: string('Id of the source that carried it.'),
  reported_at: reportedAt,
  status: maybe(
    oneOf(['preliminary', 'final'], 'Whether the claim was called preliminary or final.'),
  ),
  responsibility: maybe(
    record(
      {
        stance: oneOf(
          ['attributed_to', 'claimed_by', 'denied_by'],
          'Whether responsibility is attributed, claimed or denied.',
        ),
        party: string('To or by whom.'),
      },
      'What the claim says of who did it.',
    ),
  ),
  cause: maybe(string('Cause that the claim names, such as direct_hit or debris.')),
  relations: listOf(
    record({
      relation: oneOf(['revises', 'contradicts'], 'How the claim stands to the other.'),
      claim: string('Id of the other claim.'),
    }),
    'How the claim stands to other claims of the incident.',
  ),
});

const incidentDetail: Readonly<Record<string, Schema>> = {
  claims: listOf(claimSchema, 'Claims in order of report, undated ones last.'),
  sources: listOf(sourceSchema, 'Sources of the incident.'),
  notes: listOf(
    record({
      id: string('Id of the note.'),
      text: string('Remark of the editors.'),
      source: maybe(string('Source that it remarks on.')),
    }),
    "Editors' notes: no statement of any party.",
  ),
  locations: listOf(
    record({
      id: string('Id of the location.'),
      place: string('Place as the sources name it.'),
      country,
      region,
      geometry: maybe(pointSchema('Representative point; null where no source gives one.')),
      geo_precision: geoPrecision,
      uncertainty_m: maybe(uncertainty),
      coordinate_source: maybe(coordinateSource),
      targets,
    }),
    'Further locations; the incident counts once, at its own.',
  ),
  relations: listOf(
    record({
      relation: oneOf(
        ['part_of_wave', 'repeat_strike', 'not_same_as'],
        'How the incident stands to the other.',
      ),
      incident: string('Id of the other incident.'),
      title: string('Title of the other incident.'),
      note: maybe(string('What the relation rests on.')),
    }),
    'How the incident stands to others.',
  ),
  identifiers: listOf(
    record({
      scheme: string('Scheme, such as acled or ucdp.'),
      identifier: string('Identifier in it.'),
      url: maybe(string('Address there.')),
    }),
    'The same incident in other schemes: links, not copies.',
  ),
};

const featureProperties: Readonly<Record<CollectionId, Readonly<Record<string, Schema>>>> = {
  incidents: incidentProperties,
  regions: {
    code: string('ISO 3166-2 code.'),
    country,
    pcode: maybe(string('OCHA P-code; its digits differ from the ISO code for some regions.')),
    kind: string('Kind of region, such as oblast.'),
    name_en: string('Name in English.'),
    name_uk: maybe(string('Name in Ukrainian.')),
    boundary_set: maybe(string('Where the boundary comes from; null where there is none.')),
    code_sources: listOf(sourceSchema, 'Publications that give the codes.'),
    territorial_claims: listOf(
      record({
        id: string('Id of the territorial claim.'),
        claimant: string('State that claims the region (ISO 3166-1 alpha-2).'),
        since: maybe({ ...string('Since when.'), format: 'date' }),
        act: string('By which act.'),
        sources: listOf(sourceSchema, 'Sources.'),
      }),
      'States that claim the region.',
    ),
    international_responses: listOf(
      record({
        id: string('Id of the response.'),
        body: string('International body.'),
        instrument: string('Resolution or statement.'),
        date: { ...string('Date.'), format: 'date' },
        votes: maybe(
          record(
            {
              in_favour: integer('Votes in favour.'),
              against: integer('Votes against.'),
              abstained: integer('Abstentions.'),
              did_not_vote: maybe(integer('Members that did not vote.')),
            },
            'The vote; null where there was none or it is not known.',
          ),
        ),
        summary: string('What it said.'),
        sources: listOf(sourceSchema, 'Sources.'),
      }),
      'What international bodies answered.',
    ),
    control_reports: listOf(
      record({
        id: string('Id of the report.'),
        controller: string('State said to hold the share (ISO 3166-1 alpha-2).'),
        share_min: maybe(number('Per cent of the region, at least.')),
        share_max: maybe(number('Per cent of the region, at most.')),
        qualifier: string('How the share is meant.'),
        attributed_to: attributedTo,
        reported_at: reportedAt,
        note: maybe(string('Remark.')),
        source: sourceSchema,
      }),
      'Dated statements about control: not measurements.',
    ),
    note: maybe(
      record(
        { text: string('Remark of the editors.'), sources: listOf(sourceSchema, 'Sources.') },
        "Editors' note on the region.",
      ),
    ),
  },
  claims: {
    incident: string('Id of the incident.'),
    measure: oneOf(measureCodes, 'What the claim gives a value of.'),
    value_min: valueMin,
    value_max: valueMax,
    qualifier,
    text: maybe(string('Account or statement, in our words.')),
    scope: oneOf(claimScopes, 'What kind of thing the claim is about.'),
    scope_name: maybe(string('Which one.')),
    attributed_to: attributedTo,
    remark: maybe(string('What the source adds to the value.')),
    reported_at: reportedAt,
    status: maybe(oneOf(['preliminary', 'final'], 'Whether it was called preliminary or final.')),
    stance: maybe(
      oneOf(['attributed_to', 'claimed_by', 'denied_by'], 'What the claim says of responsibility.'),
    ),
    party: maybe(string('To or by whom.')),
    cause: maybe(string('Cause that the claim names.')),
    source: string('Id of the source that carried it.'),
    source_publisher: maybe(string('Its publisher.')),
    source_url: string('Its address.'),
    geo_precision: geoPrecision,
    uncertainty_m: uncertainty,
    area_only: areaOnly,
    recorded_at: recordedAt,
  },
  sources: { ...sourceProperties, recorded_at: recordedAt },
  places: {
    name: string('Name (GeoNames).'),
    country,
    region,
    region_name: regionNameSchema,
    population: maybe(integer('Population (GeoNames); null where it gives none.')),
    geonames_id: maybe(integer('GeoNames id; null where it is not certain.')),
  },
};

function featureSchemaOf(properties: Readonly<Record<string, Schema>>): Schema {
  return {
    type: 'object',
    description: 'GeoJSON Feature (RFC 7946).',
    required: ['type', 'id', 'geometry', 'properties'],
    additionalProperties: false,
    properties: {
      type: oneOf(['Feature'], 'GeoJSON type.'),
      id: string('Id in the collection.'),
      geometry: geometrySchema,
      properties: record(properties),
      links: listOf(linkSchema, 'Links.'),
    },
  };
}

/** A feature as it stands in a list. */
export function listedFeatureSchema(collection: CollectionId): Schema {
  return featureSchemaOf(featureProperties[collection]);
}

/** A feature at its own address; an incident carries its claims there. */
export function featureSchema(collection: CollectionId): Schema {
  return featureSchemaOf(
    collection === 'incidents'
      ? { ...incidentProperties, ...incidentDetail }
      : featureProperties[collection],
  );
}

export function featureCollectionSchema(collection: CollectionId): Schema {
  return {
    type: 'object',
    description: 'GeoJSON FeatureCollection: a page of what the filter selects.',
    required: ['type', 'features', 'links', 'numberMatched', 'numberReturned', 'timeStamp'],
    additionalProperties: false,
    properties: {
      type: oneOf(['FeatureCollection'], 'GeoJSON type.'),
      numberMatched: integer('Features that the filter selects, on all pages; exact.'),
      numberReturned: integer('Features on this page.'),
      timeStamp: instant('When the response was made (UTC).'),
      links: listOf(linkSchema, 'This page, the next one, the collection.'),
      features: listOf(listedFeatureSchema(collection), 'Features in the order of the collection.'),
    },
  };
}

export const collectionSchema: Schema = {
  type: 'object',
  required: ['id', 'title', 'description', 'itemType', 'crs', 'storageCrs', 'extent', 'links'],
  additionalProperties: false,
  properties: {
    id: oneOf(Object.keys(collections), 'Id of the collection.'),
    title: string('Title.'),
    description: string('What it holds and how to read it.'),
    itemType: oneOf(['feature'], 'Kind of item.'),
    crs: listOf(string('Coordinate reference system.'), 'Systems that items can be had in.'),
    storageCrs: string('System that items are stored in.'),
    extent: {
      type: 'object',
      description: 'Box and time that hold all items; each is absent where items have none.',
      additionalProperties: false,
      properties: {
        spatial: record({
          bbox: listOf(listOf(number('Degrees.'), 'West, south, east, north.'), 'Boxes.'),
          crs: string('System of the boxes.'),
        }),
        temporal: record({
          interval: listOf(
            listOf(maybe(instant('Start or end.')), 'Start and end; null is open.'),
            'Intervals.',
          ),
          trs: string('Calendar.'),
        }),
      },
    },
    links: listOf(linkSchema, 'Links.'),
  },
};

export const collectionsSchema: Schema = record({
  links: listOf(linkSchema, 'Links.'),
  collections: listOf(collectionSchema, 'Collections.'),
});

export const landingSchema: Schema = record({
  title: string('Name of the service.'),
  description: string('What it serves.'),
  attribution: string('Data sources and their licences.'),
  links: listOf(linkSchema, 'Where to go from here.'),
});

export const conformanceSchema: Schema = record({
  conformsTo: listOf(string('URI of a conformance class.'), 'Classes that the API conforms to.'),
});

/** Its `$schema` and `$id` cannot be listed: the maker of the OpenAPI document takes them for its own. */
export const schemaDocumentSchema: Schema = {
  type: 'object',
  description:
    'JSON Schema (draft 2020-12, with `$schema` and `$id`) and the annotations of OGC API Features Part 5.',
  required: ['type', 'title', 'properties', 'additionalProperties'],
  properties: {
    type: oneOf(['object'], 'Kind of value described.'),
    title: string('What is described.'),
    properties: {
      type: 'object',
      description: 'Schema of each property by its name.',
      additionalProperties: { type: 'object', description: 'Schema of one property.' },
    },
    additionalProperties: boolean('Whether there are others: never.'),
  },
};

/** OGC 20-057 metadata, or TileJSON where that is asked for. */
export const tilesetSchema: Schema = {
  type: 'object',
  description: 'Tileset metadata (OGC 20-057), or TileJSON 3.0.0 with f=tilejson.',
};
export const tilesetListSchema: Schema = record({
  links: listOf(linkSchema, 'Links.'),
  tilesets: listOf(tilesetSchema, 'Tilesets.'),
});

/** A query parameter as JSON Schema, with its words and example. */
type QuerySchema = ParameterSchema & { readonly description: string; readonly example: string };

/** Schema of a query string that holds these parameters and no others. */
export interface QueryStringSchema {
  readonly type: 'object';
  readonly additionalProperties: false;
  readonly properties: Readonly<Record<string, QuerySchema>>;
}

function queryStringSchema(
  parameters: Readonly<Record<string, Omit<Parameter<never>, 'parse' | 'format'>>>,
): QueryStringSchema {
  return {
    type: 'object',
    additionalProperties: false,
    properties: Object.fromEntries(
      Object.entries(parameters).map(([name, { schema, description, example }]) => [
        name,
        { ...schema, description, example },
      ]),
    ),
  };
}

/** The formats that a resource can be had in, as its `f` parameter. */
export function formatParameter<Format extends string>(
  formats: readonly [Format, ...Format[]],
): Parameter<Format> {
  return {
    description: 'Format of the response.',
    example: formats[0],
    schema: { type: 'string', enum: formats, default: formats[0] },
    parse: (text) => {
      const format = formats.find((candidate) => candidate === text);
      if (format === undefined) throw new RangeError(`must be ${formats.join(' or ')}`);
      return format;
    },
    format: String,
  };
}

export const documentFormat = formatParameter(['json', 'html']);
export const featureFormat = formatParameter(['geojson', 'json', 'html']);

/** Formats of a collection's features, in the order in which links list them. */
export const itemsFormats = [
  'geojson',
  'json',
  'geojsonseq',
  'csv',
  'fgb',
  'parquet',
  'kml',
  'atom',
  'html',
] as const;
export type ItemsFormat = (typeof itemsFormats)[number];
export const itemsFormat: Parameter<ItemsFormat> = {
  ...formatParameter(itemsFormats),
  description:
    'Format of the response. All but geojson, json and html are files: without limit they hold everything that the filter selects; atom is a feed of what is newest. A page in html holds at most 1000 features, and leaves out parameters that are empty.',
};

export const documentQuery = queryStringSchema({ f: documentFormat });

const byCollection = <Value>(make: (id: CollectionId) => Value) => ({
  incidents: make('incidents'),
  regions: make('regions'),
  claims: make('claims'),
  sources: make('sources'),
  places: make('places'),
});

/** `sortby` of each collection. */
export const sortParameters = byCollection(sortParameter);
/** `properties` of each collection's items, and of one feature, which may have more. */
export const propertiesParameters = byCollection((id) =>
  propertiesParameter(Object.keys(featureProperties[id])),
);
export const featurePropertiesParameters = byCollection((id) =>
  propertiesParameter(
    Object.keys(
      id === 'incidents' ? { ...incidentProperties, ...incidentDetail } : featureProperties[id],
    ),
  ),
);

/** Only incidents have an area beside their point. */
const shapeParameters = (collection: CollectionId) =>
  collection === 'incidents' ? { geometry: pageParameters.geometry } : {};

export function featureQuery(collection: CollectionId): QueryStringSchema {
  return queryStringSchema({
    ...shapeParameters(collection),
    properties: featurePropertiesParameters[collection],
    ...pointInTimeParameters,
    crs: crsParameters.crs,
    f: featureFormat,
  });
}

export function itemsQuery(collection: CollectionId): QueryStringSchema {
  return queryStringSchema({
    ...filterParametersOf(collection),
    limit: pageParameters.limit,
    cursor: pageParameters.cursor,
    sortby: sortParameters[collection],
    properties: propertiesParameters[collection],
    ...shapeParameters(collection),
    ...pointInTimeParameters,
    crs: crsParameters.crs,
    f: itemsFormat,
  });
}

function filterParametersOf(collection: CollectionId) {
  const names: readonly FilterName[] = collections[collection].filters;
  return {
    ...Object.fromEntries(names.map((name) => [name, filterParameters[name]])),
    'filter-lang': filterLanguage,
    'filter-crs': crsParameters['filter-crs'],
    'bbox-crs': crsParameters['bbox-crs'],
  };
}

export function tileQuery(collection: CollectionId): QueryStringSchema {
  return queryStringSchema({
    ...filterParametersOf(collection),
    ...pointInTimeParameters,
    f: formatParameter(['mvt']),
  });
}

export function tilesetQuery(collection: CollectionId): QueryStringSchema {
  return queryStringSchema({
    ...filterParametersOf(collection),
    ...pointInTimeParameters,
    f: formatParameter(['json', 'tilejson', 'html']),
  });
}

export const aggregateFormat = formatParameter(['json', 'csv', 'html']);

export const aggregateQuery = queryStringSchema({
  by,
  sums,
  ...filterParametersOf('incidents'),
  ...pointInTimeParameters,
  f: aggregateFormat,
});

const sumsSchema = (what: string) =>
  record(
    {
      lowest: maybe(number('Sum of the lowest values; null where no incident gives one.')),
      highest: maybe(number('Sum of the highest values.')),
      latest: maybe(
        number('Sum of the latest values: the upper one, or the lower where there is no upper.'),
      ),
      given: integer('Incidents that give a value: the sums are of these alone.'),
      not_given: integer('Incidents that give none, which is not zero.'),
    },
    `Sums of ${what}.`,
  );

export const aggregateSchema: Schema = record({
  by: listOf(oneOf(dimensions, 'Dimension.'), 'What the groups are by.'),
  numberMatched: integer('Incidents that the filter selects, each counted once.'),
  timeStamp: instant('When the response was made (UTC).'),
  links: listOf(linkSchema, 'Links.'),
  groups: listOf(
    {
      type: 'object',
      description: 'A group, in the order of its keys.',
      required: ['incidents'],
      additionalProperties: false,
      properties: {
        ...Object.fromEntries(
          dimensions.map((name) => [
            name,
            maybe(string(`Key of the group, where it is by ${name}.`)),
          ]),
        ),
        incidents: integer('Incidents in the group.'),
        killed: sumsSchema('persons killed'),
        injured: sumsSchema('persons injured'),
      },
    },
    'Groups that have incidents.',
  ),
});

export const facetsQuery = queryStringSchema({
  ...filterParametersOf('incidents'),
  ...pointInTimeParameters,
  f: documentFormat,
});

const facetValueSchema = (name: string): Schema => ({
  type: 'object',
  required: ['value', 'incidents'],
  additionalProperties: false,
  properties: {
    value: string(`Value that the parameter ${name} could have.`),
    incidents: integer('Incidents that it would leave.'),
    ...(name === 'region'
      ? { name: { ...regionNameSchema, description: 'Name; null for `unassigned`.' } }
      : {}),
    ...(name === 'source'
      ? {
          publisher: maybe(string('Publisher; null where it is not certain.')),
          title: maybe(string('Title as published; null where it is not certain.')),
        }
      : {}),
  },
});

export const facetsSchema: Schema = record({
  numberMatched: integer('Incidents that the whole filter selects.'),
  timeStamp: instant('When the response was made (UTC).'),
  links: listOf(linkSchema, 'Links.'),
  without: {
    type: 'object',
    description: 'Incidents that the filter would select with one of its parameters left out.',
    additionalProperties: integer('Incidents.'),
  },
  facets: record(
    Object.fromEntries(
      facetNames.map((name) => [
        name,
        listOf(facetValueSchema(name), `Values of ${name}, those that leave most first.`),
      ]),
    ),
    `Counts by parameter and value, as the filter would select with that parameter set to that value alone and its others kept; values that leave none are not listed, nor more than ${maxFacetValues} of one parameter.`,
  ),
});

export const changesQuery = queryStringSchema({
  since: {
    ...pointInTimeParameters.as_of,
    description:
      'Needed. Changes after this instant: a date and time with offset (RFC 3339), or a date for the end of that day (UTC).',
    example: '2026-11-01T00:00:00Z',
  },
  limit: {
    ...pageParameters.limit,
    description: 'Changes at most, the oldest first; ask again since the last one for the rest.',
    example: '1000',
  },
  f: documentFormat,
});

export const changesSchema: Schema = record({
  since: instant('The instant asked for.'),
  timeStamp: instant('When the response was made (UTC).'),
  numberMatched: integer('Changes since then.'),
  numberReturned: integer('Changes in this response.'),
  links: listOf(linkSchema, 'Links.'),
  changes: listOf(
    record({
      collection: oneOf(Object.keys(collections), 'Collection; regions for a territorial claim.'),
      id: string('Id of the record.'),
      change: oneOf(
        ['added', 'changed', 'withdrawn'],
        'What happened; of a withdrawn record nothing else is told.',
      ),
      at: instant('When its present state became the record (UTC).'),
    }),
    'Changes, the oldest first. A claim that comes or goes with its incident or source is not listed apart.',
  ),
});
