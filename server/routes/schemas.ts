import { by, type Dimension, dimensions, sums } from '../domain/aggregate.ts';
import { type CollectionId, collections } from '../domain/collections.ts';
import { crsParameters } from '../domain/crs.ts';
import { type FacetName, facetNames, maxFacetValues } from '../domain/facets.ts';
import { maxLimit, pageParameters, propertiesParameter } from '../domain/paging.ts';
import {
  type FilterName,
  filterLanguage,
  filterParameters,
  type Parameter,
  type ParameterSchema,
} from '../domain/parameters.ts';
import { pointInTimeParameters, sinceParameter } from '../domain/point-in-time.ts';
import { sortParameter } from '../domain/sorting.ts';
import {
  attackers,
  claimScopes,
  codesOf,
  geoPrecisions,
  incidentTypeCodes,
  measureCodes,
  qualifiers,
  sourceKinds,
  targetTypes,
  timePrecisions,
} from '../domain/vocabulary.ts';
import { problemDocument, problems } from '../errors.ts';
import { mediaTypes } from './links.ts';

/** JSON Schema as OpenAPI 3.0 has it; under its title it becomes a component of the definition. */
export interface Schema {
  readonly title?: string;
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

const string = (description: string, example: string): Schema => ({
  type: 'string',
  description,
  example,
});
const maybe = (schema: Schema): Schema => ({
  ...schema,
  nullable: true,
  ...(schema.enum === undefined ? {} : { enum: [...schema.enum, null] }),
});
const number = (description: string, example: number): Schema => ({
  type: 'number',
  description,
  example,
});
const integer = (description: string, example: number): Schema => ({
  type: 'integer',
  description,
  example,
});
const boolean = (description: string): Schema => ({ type: 'boolean', description, example: false });
const instant = (description: string): Schema => ({
  ...string(description, '2025-08-05T00:00:00+00:00'),
  format: 'date-time',
});
const oneOf = (codes: readonly string[], description: string): Schema => ({
  type: 'string',
  enum: codes,
  description,
  ...(codes[0] === undefined ? {} : { example: codes[0] }),
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
  title: 'Link',
  type: 'object',
  required: ['href', 'rel'],
  additionalProperties: false,
  properties: {
    href: string(
      'Address that the link leads to.',
      'https://atlas.example/api/collections/incidents',
    ),
    rel: string('Relation of the link to this document (RFC 8288).', 'collection'),
    type: string('Media type found there.', 'application/json'),
    title: string('What the link leads to, in words.', 'The collection'),
    templated: boolean('Whether href is a URI template.'),
  },
};

export const problemSchema: Schema = {
  title: 'Problem',
  type: 'object',
  required: ['type', 'title', 'status', 'detail', 'instance'],
  additionalProperties: false,
  description: 'Problem document (RFC 9457).',
  properties: {
    type: string('Kind of problem, as a URI.', 'urn:strike-atlas:problem:invalid-parameter'),
    title: string('Kind of problem, in words.', 'A parameter cannot be honoured'),
    status: integer('HTTP status.', 400),
    detail: string(
      'What is wrong with this request.',
      'Parameter limit must be a whole number of at least 1.',
    ),
    instance: string('Path that was asked for.', '/api/collections/incidents/items'),
    parameter: string('Parameter that was refused.', 'limit'),
    value: string('Value that it was refused for.', '0'),
  },
};

const problemCodes = codesOf(problems);

/** By status: the problems that any path may answer with, each with an example. */
const problemResponses = Object.fromEntries(
  [...new Set(problemCodes.map((code) => problems[code].status))].map((status) => {
    const codes = problemCodes.filter((code) => problems[code].status === status);
    return [
      status,
      {
        description: codes.map((code) => `${problems[code].title}.`).join(' Or: '),
        content: {
          'application/problem+json': {
            schema: problemSchema,
            examples: Object.fromEntries(
              codes.map((code) => [
                code,
                {
                  summary: problems[code].title,
                  value: problemDocument(
                    code,
                    problems[code].example,
                    '/api/collections/incidents/items',
                    code === 'invalid-parameter' ? { name: 'limit', value: '0' } : undefined,
                  ),
                },
              ]),
            ),
          },
        },
      },
    ];
  }),
);

/** Content that a schema of JSON cannot describe. */
const file: Schema = { type: 'string', format: 'binary', description: 'File.', example: '' };

/**
 * The responses of a path: what it answers with, as JSON of a schema under some media types and as
 * files under others, and the problems that any path may answer with.
 */
export function responses(
  schema: Schema,
  types: readonly string[] = [mediaTypes.json],
  files: readonly string[] = [mediaTypes.html],
) {
  const content = [
    ...types.map((type) => [type, { schema }] as const),
    ...files.map((type) => [type, { schema: file }] as const),
  ];
  return {
    200: { description: schema.description ?? 'Found.', content: Object.fromEntries(content) },
    ...problemResponses,
  };
}

const sourceProperties = {
  url: string('Address of the publication.', 'https://tass.com/politics/1516715'),
  publisher: maybe(string('Publisher; null where it is not certain.', 'TASS')),
  title: maybe(
    string(
      'Title as published; null where it is not certain.',
      'Putin introduces accession treaties to State Duma for ratification',
    ),
  ),
  published_at: maybe(
    string('Date or time of publication, as published (EDTF or RFC 3339).', '2022-10-02'),
  ),
  language: maybe(string('Language (ISO 639).', 'en')),
  kind: maybe(oneOf(sourceKinds, 'How the source came to its text; null where it is not certain.')),
  carries: maybe(string('Whose text a syndicated or aggregated source carries.', 'Reuters')),
  reliability: maybe(string('Admiralty reliability letter, A to F; null where not graded.', 'B')),
};
const sourceSchema: Schema = {
  ...record(
    { id: string('Id in the sources collection.', 'tass-treaties'), ...sourceProperties },
    'Publication that carried it.',
  ),
  title: 'Source',
};

const pointSchema = (description: string): Schema => ({
  type: 'object',
  description,
  required: ['type', 'coordinates'],
  properties: {
    type: oneOf(['Point'], 'GeoJSON geometry type.'),
    coordinates: {
      type: 'array',
      items: number('Degrees.', 30.52),
      minItems: 2,
      maxItems: 2,
      description: 'Longitude, latitude (WGS 84).',
    },
  },
});
const geometrySchema: Schema = {
  title: 'Geometry',
  type: 'object',
  nullable: true,
  description: 'GeoJSON geometry (RFC 7946), longitude first, WGS 84; null where there is none.',
  required: ['type', 'coordinates'],
  properties: {
    type: oneOf(['Point', 'Polygon', 'MultiPolygon'], 'GeoJSON geometry type.'),
    coordinates: { type: 'array', items: {}, description: 'Coordinates, nested as the type asks.' },
  },
};

const valueMin = maybe(number('Lower end of the value; null for "at most".', 13));
const valueMax = maybe(number('Upper end of the value; null for "at least".', 13));
const qualifier = maybe(oneOf(qualifiers, 'How the value is meant; null for an account in words.'));
const attributedTo = string('Who said it, as the source has it.', 'MG Objectiv, local outlet');
const reportedAt = maybe(
  string('Date or time of report as the source gives it (EDTF or RFC 3339).', '2025-08-08'),
);

const figureSchema: Schema = {
  ...record(
    {
      lowest: number('Lowest value that any claim gives.', 9),
      highest: number('Highest value that any claim gives.', 13),
      at_least: boolean('Whether the highest is a lower bound: "at least".'),
      claims: integer('Number of claims that the figure is derived from.', 8),
      latest: maybe(
        record(
          {
            value_min: valueMin,
            value_max: valueMax,
            qualifier,
            attributed_to: attributedTo,
            reported_at: reportedAt,
            claim: string('Id of the claim.', '2025-08-05-lozova.c26'),
            source: string('Id of its source.', 'objectiv-lozova-0808'),
            source_publisher: maybe(string('Publisher of its source.', 'MG Objectiv')),
            source_url: string(
              'Address of its source.',
              'https://www.objectiv.tv/uk/objectively/2025/08/08/shho-vidbuvayetsya-na-vokzali-v-lozovij-pislya-ataki-rf-pokazav-zelenskij/',
            ),
          },
          'The last claim to be reported; null where no claim has a date.',
        ),
      ),
    },
    'Derived from the claims about the incident itself; never entered by hand.',
  ),
  title: 'Figure',
};

const regionNameSchema = maybe(
  record(
    {
      en: string('In English.', 'Kharkiv Oblast'),
      uk: maybe(string('In Ukrainian.', 'Харківська область')),
    },
    'Name of the region.',
  ),
);
const country = string('Recognised state of the place (ISO 3166-1 alpha-2).', 'UA');
const region = maybe(
  string('First-level region (ISO 3166-2); null where there is no single one.', 'UA-63'),
);
const geoPrecision = oneOf(geoPrecisions, 'How well the place is known.');
const uncertainty = integer('Radius in metres within which the place is.', 4000);
const areaOnly = boolean(
  'True where only an area is known: never show the point as a place of impact.',
);
const coordinateSource = string(
  'Where the coordinates come from.',
  'GeoNames gazetteer, populated-place point (settlement level)',
);
const targets = listOf(oneOf(targetTypes, 'Target type.'), 'What was struck or damaged.');
const recordedAt = instant('When this version became the record (UTC).');

const ownCode = (says: string, example: string): Schema =>
  maybe(
    string(
      `How an imported dataset ${says}, as the scheme's own code with the scheme's name; null where it is none.`,
      example,
    ),
  );

const incidentProperties: Readonly<Record<string, Schema>> = {
  title: string('What happened, in a line.', 'Drone attack on Lozova rail station and depot'),
  summary: string(
    'What is known, in a few sentences.',
    'More than thirty long-range drones struck Lozova, a rail junction in Kharkiv Oblast, before dawn on 5 August 2025.',
  ),
  type: oneOf(incidentTypeCodes, 'Type of strike.'),
  type_source: ownCode('calls it', 'acled:sub_event_type:Air/drone strike'),
  attacker: oneOf(attackers, 'Side to which the sources attribute the strike.'),
  targets,
  country,
  region,
  region_name: regionNameSchema,
  place: string('Place as the sources name it.', 'Lozova'),
  time: string('Local calendar days that the sources give, as EDTF (ISO 8601-2).', '2025-08-05'),
  time_precision: oneOf(timePrecisions, 'How well the time is known.'),
  time_precision_source: ownCode('says how well the time is known', 'ucdp:date_prec:2'),
  time_local: maybe(string('Local time of day as the sources give it, in words.', '02:45–04:40')),
  starts_at: instant('Start of the range that the time means (included).'),
  ends_at: instant('End of the range that the time means (not included).'),
  geo_precision: geoPrecision,
  geo_precision_source: ownCode('says how well the place is known', 'ucdp:where_prec:4'),
  uncertainty_m: uncertainty,
  area_only: areaOnly,
  coordinate_source: coordinateSource,
  figures: {
    type: 'object',
    description: 'Figures by measure; a measure that no claim about the incident gives is absent.',
    properties: Object.fromEntries(measureCodes.map((code) => [code, figureSchema])),
    additionalProperties: false,
  },
  dataset: string('Dataset that the record belongs to.', 'strike-atlas'),
  licence: string('Terms of the dataset, under which the record may be used.', 'CC BY 4.0'),
  licence_url: maybe(
    string('Where the terms stand.', 'https://creativecommons.org/licenses/by/4.0/'),
  ),
  attribution: string(
    'How the dataset asks to be named.',
    'UCDP Georeferenced Event Dataset, Uppsala Conflict Data Program (CC BY 4.0)',
  ),
  recorded_at: recordedAt,
};

const claimSchema: Schema = {
  title: 'Claim',
  ...record({
    id: string('Id in the claims collection.', '2025-08-05-lozova.c01'),
    measure: oneOf(measureCodes, 'What the claim gives a value of.'),
    value_min: valueMin,
    value_max: valueMax,
    qualifier,
    text: maybe(string('Account or statement, in our words.', 'Trains were sent by other lines.')),
    scope: record(
      {
        kind: oneOf(claimScopes, 'What kind of thing the claim is about.'),
        name: maybe(string('Which one.', 'railway staff')),
      },
      'What the claim is about; only claims about the incident enter its figures.',
    ),
    attributed_to: attributedTo,
    remark: maybe(string('What the source adds to the value.', 'in hospital')),
    source: string('Id of the source that carried it.', 'objectiv-lozova-0808'),
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
          party: string('To or by whom.', 'RU'),
        },
        'What the claim says of who did it.',
      ),
    ),
    cause: maybe(string('Cause that the claim names, such as direct_hit or debris.', 'debris')),
    relations: listOf(
      record({
        relation: oneOf(['revises', 'contradicts'], 'How the claim stands to the other.'),
        claim: string('Id of the other claim.', '2025-08-05-lozova.c02'),
      }),
      'How the claim stands to other claims of the incident.',
    ),
  }),
};

const incidentDetail: Readonly<Record<string, Schema>> = {
  claims: listOf(claimSchema, 'Claims in order of report, undated ones last.'),
  sources: listOf(sourceSchema, 'Sources of the incident.'),
  notes: listOf(
    record({
      id: string('Id of the note.', '2025-04-24-kyiv.n1'),
      text: string('Remark of the editors.', 'The two figures are of different days.'),
      source: maybe(string('Source that it remarks on.', 'objectiv-lozova-0808')),
    }),
    "Editors' notes: no statement of any party.",
  ),
  locations: listOf(
    record({
      id: string('Id of the location.', '2025-05-25-countrywide.l1'),
      place: string('Place as the sources name it.', 'Lozova'),
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
      incident: string('Id of the other incident.', '2025-08-06-orlivka-gas'),
      title: string(
        'Title of the other incident.',
        'Drone attack on gas station near Orlivka and Novosilske',
      ),
      note: maybe(string('What the relation rests on.', 'Both sources name the same night.')),
    }),
    'How the incident stands to others.',
  ),
  identifiers: listOf(
    record({
      scheme: string('Scheme, such as acled or ucdp.', 'acled'),
      identifier: string('Identifier in it.', 'EVENT-1'),
      url: maybe(string('Address there.', 'https://example.org/EVENT-1')),
    }),
    'The same incident in other schemes: links, not copies.',
  ),
};

const featureProperties: Readonly<Record<CollectionId, Readonly<Record<string, Schema>>>> = {
  incidents: incidentProperties,
  regions: {
    code: string('ISO 3166-2 code.', 'UA-14'),
    country,
    pcode: maybe(
      string('OCHA P-code; its digits differ from the ISO code for some regions.', 'UA14'),
    ),
    kind: string('Kind of region, such as oblast.', 'oblast'),
    name_en: string('Name in English.', 'Donetsk Oblast'),
    name_uk: maybe(string('Name in Ukrainian.', 'Донецька область')),
    boundary_set: maybe(
      string(
        'Where the boundary comes from; null where there is none.',
        'Natural Earth 1:10m Admin 1 v5 (public domain)',
      ),
    ),
    code_sources: listOf(sourceSchema, 'Publications that give the codes.'),
    territorial_claims: listOf(
      record({
        id: string('Id of the territorial claim.', 'UA-14.RU'),
        claimant: string('State that claims the region (ISO 3166-1 alpha-2).', 'RU'),
        since: maybe({ ...string('Since when.', '2022-09-30'), format: 'date' }),
        act: string('By which act.', 'Treaty of accession, signed in Moscow on 30 September 2022'),
        sources: listOf(sourceSchema, 'Sources.'),
      }),
      'States that claim the region.',
    ),
    international_responses: listOf(
      record({
        id: string('Id of the response.', 'coe-2022-09-30'),
        body: string('International body.', 'Council of Europe'),
        instrument: string('Resolution or statement.', 'joint statement'),
        date: { ...string('Date.', '2022-09-30'), format: 'date' },
        votes: maybe(
          record(
            {
              in_favour: integer('Votes in favour.', 143),
              against: integer('Votes against.', 5),
              abstained: integer('Abstentions.', 35),
              did_not_vote: maybe(integer('Members that did not vote.', 10)),
            },
            'The vote; null where there was none or it is not known.',
          ),
        ),
        summary: string('What it said.', 'Condemned the decision to annex occupied territory.'),
        sources: listOf(sourceSchema, 'Sources.'),
      }),
      'What international bodies answered.',
    ),
    control_reports: listOf(
      record({
        id: string('Id of the report.', 'UA-14.c02'),
        controller: string('State said to hold the share (ISO 3166-1 alpha-2).', 'RU'),
        share_min: maybe(number('Per cent of the region, at least.', 79)),
        share_max: maybe(number('Per cent of the region, at most.', 79)),
        qualifier: string('How the share is meant.', 'exact'),
        attributed_to: attributedTo,
        reported_at: reportedAt,
        note: maybe(string('Remark.', 'Said on the day of the talks.')),
        source: sourceSchema,
      }),
      'Dated statements about control: not measurements.',
    ),
    note: maybe(
      record(
        {
          text: string('Remark of the editors.', 'The two figures are of different days.'),
          sources: listOf(sourceSchema, 'Sources.'),
        },
        "Editors' note on the region.",
      ),
    ),
  },
  claims: {
    incident: string('Id of the incident.', '2025-08-05-lozova'),
    measure: oneOf(measureCodes, 'What the claim gives a value of.'),
    value_min: valueMin,
    value_max: valueMax,
    qualifier,
    text: maybe(string('Account or statement, in our words.', 'Trains were sent by other lines.')),
    scope: oneOf(claimScopes, 'What kind of thing the claim is about.'),
    scope_name: maybe(string('Which one.', 'railway staff')),
    attributed_to: attributedTo,
    remark: maybe(string('What the source adds to the value.', 'in hospital')),
    reported_at: reportedAt,
    status: maybe(oneOf(['preliminary', 'final'], 'Whether it was called preliminary or final.')),
    stance: maybe(
      oneOf(['attributed_to', 'claimed_by', 'denied_by'], 'What the claim says of responsibility.'),
    ),
    party: maybe(string('To or by whom.', 'RU')),
    cause: maybe(string('Cause that the claim names.', 'debris')),
    source: string('Id of the source that carried it.', 'objectiv-lozova-0808'),
    source_publisher: maybe(string('Its publisher.', 'MG Objectiv')),
    source_url: string('Its address.', 'https://www.objectiv.tv/'),
    geo_precision: geoPrecision,
    uncertainty_m: uncertainty,
    area_only: areaOnly,
    recorded_at: recordedAt,
  },
  sources: { ...sourceProperties, recorded_at: recordedAt },
  places: {
    name: string('Name in English: that of Ukrainian atlases, else of GeoNames.', 'Lozova'),
    name_uk: maybe(string('Name in Ukrainian; null where it is not known.', 'Лозова')),
    country,
    region,
    region_name: regionNameSchema,
    population: maybe(integer('Population (GeoNames); null where it gives none.', 62311)),
    geonames_id: maybe(integer('GeoNames id; null where it is not certain.', 702760)),
  },
};

function featureSchemaOf(title: string, properties: Readonly<Record<string, Schema>>): Schema {
  return {
    title,
    type: 'object',
    description: 'GeoJSON Feature (RFC 7946).',
    required: ['type', 'id', 'geometry', 'properties'],
    additionalProperties: false,
    properties: {
      type: oneOf(['Feature'], 'GeoJSON type.'),
      id: string('Id in the collection.', '2025-08-05-lozova'),
      geometry: geometrySchema,
      properties: record(properties, 'What is known of it.'),
      links: listOf(linkSchema, 'Links.'),
    },
  };
}

/** A feature as it stands in a list. */
export function listedFeatureSchema(collection: CollectionId): Schema {
  const title = collection === 'incidents' ? 'incidents.listed' : collection;
  return featureSchemaOf(title, featureProperties[collection]);
}

/** A feature at its own address; an incident carries its claims there. */
export function featureSchema(collection: CollectionId): Schema {
  return collection === 'incidents'
    ? featureSchemaOf(collection, { ...incidentProperties, ...incidentDetail })
    : listedFeatureSchema(collection);
}

export function featureCollectionSchema(collection: CollectionId): Schema {
  return {
    type: 'object',
    description: 'GeoJSON FeatureCollection: a page of what the filter selects.',
    required: ['type', 'features', 'links', 'numberMatched', 'numberReturned', 'timeStamp'],
    additionalProperties: false,
    properties: {
      type: oneOf(['FeatureCollection'], 'GeoJSON type.'),
      numberMatched: integer('Features that the filter selects, on all pages; exact.', 69),
      numberReturned: integer('Features on this page.', 69),
      timeStamp: instant('When the response was made (UTC).'),
      links: listOf(linkSchema, 'This page, the next one, the collection.'),
      features: listOf(listedFeatureSchema(collection), 'Features in the order of the collection.'),
    },
  };
}

export const collectionSchema: Schema = {
  title: 'Collection',
  type: 'object',
  required: ['id', 'title', 'description', 'itemType', 'crs', 'storageCrs', 'extent', 'links'],
  additionalProperties: false,
  properties: {
    id: oneOf(Object.keys(collections), 'Id of the collection.'),
    title: string('Title.', 'Incidents'),
    description: string(
      'What it holds and how to read it.',
      'Strikes, each with the figures that its claims give.',
    ),
    itemType: oneOf(['feature'], 'Kind of item.'),
    crs: listOf(
      string('Coordinate reference system.', 'http://www.opengis.net/def/crs/OGC/1.3/CRS84'),
      'Systems that items can be had in.',
    ),
    storageCrs: string(
      'System that items are stored in.',
      'http://www.opengis.net/def/crs/OGC/1.3/CRS84',
    ),
    extent: {
      type: 'object',
      description: 'Box and time that hold all items; each is absent where items have none.',
      additionalProperties: false,
      properties: {
        spatial: record(
          {
            bbox: listOf(listOf(number('Degrees.', 30.52), 'West, south, east, north.'), 'Boxes.'),
            crs: string('System of the boxes.', 'http://www.opengis.net/def/crs/OGC/1.3/CRS84'),
          },
          'Where.',
        ),
        temporal: record(
          {
            interval: listOf(
              listOf(maybe(instant('Start or end.')), 'Start and end; null is open.'),
              'Intervals.',
            ),
            trs: string('Calendar.', 'http://www.opengis.net/def/uom/ISO-8601/0/Gregorian'),
          },
          'When.',
        ),
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
  title: string('Name of the service.', 'Strike Atlas'),
  description: string('What it serves.', 'Strikes and the regions that Russia claims.'),
  attribution: string(
    'Data sources and their licences.',
    'Boundaries: Natural Earth (public domain).',
  ),
  links: listOf(linkSchema, 'Where to go from here.'),
});

export const conformanceSchema: Schema = record({
  conformsTo: listOf(
    string(
      'URI of a conformance class.',
      'http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core',
    ),
    'Classes that the API conforms to.',
  ),
});

/** Its `$schema` and `$id` cannot be listed: the maker of the OpenAPI document takes them for its own. */
export const schemaDocumentSchema: Schema = {
  type: 'object',
  description:
    'JSON Schema (draft 2020-12, with `$schema` and `$id`) and the annotations of OGC API Features Part 5.',
  required: ['type', 'title', 'properties', 'additionalProperties'],
  properties: {
    type: oneOf(['object'], 'Kind of value described.'),
    title: string('What is described.', 'Incidents: what can be filtered by'),
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

export const matrixSetListSchema: Schema = record({
  tileMatrixSets: listOf(
    record({
      id: string('Id of the tile matrix set.', 'WebMercatorQuad'),
      title: string('Title.', 'Google Maps Compatible for the World'),
      uri: string(
        'URI in the OGC registry.',
        'http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad',
      ),
      links: listOf(linkSchema, 'Links to its definition.'),
    }),
    'Tile matrix sets.',
  ),
});

export const matrixSetSchema: Schema = {
  type: 'object',
  description: 'Tile matrix set (OGC 17-083r4).',
  required: ['id', 'uri', 'crs', 'tileMatrices'],
  properties: {
    id: string('Id of the tile matrix set.', 'WebMercatorQuad'),
    uri: string(
      'URI in the OGC registry.',
      'http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad',
    ),
    crs: string('Coordinate reference system.', 'http://www.opengis.net/def/crs/EPSG/0/3857'),
    tileMatrices: listOf(
      { type: 'object', description: 'Scale, origin and size of one zoom.' },
      'Tile matrices, one for each zoom.',
    ),
  },
};

/** A query parameter as JSON Schema, with its words and example. */
type QuerySchema = ParameterSchema & { readonly description: string; readonly example: unknown };

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
        { ...schema, description, example: exampleOf(schema, example) },
      ]),
    ),
  };
}

/** The value that an example's text stands for, which is what the definition of the API gives. */
function exampleOf({ type, items }: ParameterSchema, text: string): unknown {
  if (type === 'array') {
    return text.split(',').map((part) => (items?.type === 'number' ? Number(part) : part));
  }
  return type === 'integer' ? Number(text) : text;
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
    'Format of the response. All but geojson, json and html are files: without limit they hold everything that the filter selects; atom is a feed of what is newest, at most 500. A page in html holds at most 1000 features, and leaves out parameters that are empty.',
};

export const documentQuery = queryStringSchema({ f: documentFormat });

/** Tiles of the basemap are the same whatever is filtered. */
export const basemapQuery = queryStringSchema({ f: formatParameter(['mvt']) });

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

/** Examples of CQL2 conditions. */
const conditions: Readonly<Record<CollectionId, string>> = {
  incidents: "killed_highest >= 5 AND T_DURING(time, INTERVAL('2025-06-01','2025-08-31'))",
  regions: "CASEI(name_uk) LIKE CASEI('%київ%')",
  claims: "measure = 'killed' AND value_min >= 10",
  sources: "language IN ('en','uk')",
  places: 'population > 1000000',
};

function filterParametersOf(collection: CollectionId) {
  const names: readonly FilterName[] = collections[collection].filters;
  return {
    ...Object.fromEntries(names.map((name) => [name, filterParameters[name]])),
    filter: { ...filterParameters.filter, example: conditions[collection] },
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
      lowest: maybe(number('Sum of the lowest values; null where no incident gives one.', 12)),
      highest: maybe(number('Sum of the highest values.', 15)),
      latest: maybe(
        number(
          'Sum of the latest values: the upper one, or the lower where there is no upper.',
          14,
        ),
      ),
      given: integer('Incidents that give a value: the sums are of these alone.', 4),
      not_given: integer('Incidents that give none, which is not zero.', 3),
    },
    `Sums of ${what}.`,
  );

/** What the key of a group looks like, by dimension. */
const groupKeys: Readonly<Record<Dimension, string>> = {
  day: '2025-08-05',
  days: '2025-08-05/2025-08-06',
  week: '2025-W32',
  month: '2025-08',
  year: '2025',
  type: 'drone_strike',
  country: 'UA',
  region: 'UA-63',
  attacker: 'RU',
  target: 'rail',
};

export const aggregateSchema: Schema = record({
  by: listOf(oneOf(dimensions, 'Dimension.'), 'What the groups are by.'),
  numberMatched: integer('Incidents that the filter selects, each counted once.', 69),
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
            maybe(string(`Key of the group, where it is by ${name}.`, groupKeys[name])),
          ]),
        ),
        incidents: integer('Incidents in the group.', 7),
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

const facetValueSchema = (name: FacetName): Schema => ({
  type: 'object',
  required: ['value', 'incidents'],
  additionalProperties: false,
  properties: {
    value: string(`Value that the parameter ${name} could have.`, filterParameters[name].example),
    incidents: integer('Incidents that it would leave.', 7),
    ...(name === 'region'
      ? { name: { ...regionNameSchema, description: 'Name; null for `unassigned`.' } }
      : {}),
    ...(name === 'source'
      ? {
          publisher: maybe(string('Publisher; null where it is not certain.', 'TASS')),
          title: maybe(
            string(
              'Title as published; null where it is not certain.',
              'Putin introduces accession treaties to State Duma for ratification',
            ),
          ),
        }
      : {}),
  },
});

export const facetsSchema: Schema = record({
  numberMatched: integer('Incidents that the whole filter selects.', 69),
  timeStamp: instant('When the response was made (UTC).'),
  links: listOf(linkSchema, 'Links.'),
  without: {
    type: 'object',
    description: 'Incidents that the filter would select with one of its parameters left out.',
    additionalProperties: integer('Incidents.', 69),
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

/** Changes on a page where no limit is given. */
export const defaultChanges = 1000;

export const changesQuery = queryStringSchema({
  since: sinceParameter,
  limit: {
    ...pageParameters.limit,
    description: `Changes on a page, the oldest first; follow the next link for the rest. More than ${maxLimit} gives ${maxLimit}.`,
    schema: { ...pageParameters.limit.schema, default: defaultChanges },
    example: '1000',
  },
  cursor: {
    ...pageParameters.cursor,
    description: 'Where the page lies; taken from a `next` link, never made by hand.',
    example: pageParameters.cursor.format({
      side: 'after',
      key: ['2026-11-01 00:00:00+00', 'incidents', '2025-08-05-lozova'],
    }),
  },
  f: documentFormat,
});

export const changesSchema: Schema = record({
  since: instant('The instant asked for.'),
  timeStamp: instant('When the response was made (UTC).'),
  numberMatched: integer('Changes since then.', 3),
  numberReturned: integer('Changes in this response.', 3),
  links: listOf(linkSchema, 'Links.'),
  changes: listOf(
    record({
      collection: oneOf(Object.keys(collections), 'Collection; regions for a territorial claim.'),
      id: string('Id of the record.', '2025-08-05-lozova'),
      change: oneOf(
        ['added', 'changed', 'withdrawn'],
        'What happened; of a withdrawn record nothing else is told.',
      ),
      at: instant('When its present state became the record (UTC).'),
    }),
    'Changes, the oldest first. A claim that comes or goes with its incident or source is not listed apart.',
  ),
});
