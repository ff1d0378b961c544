/** What the server's pages say in English, beside what `client/text/en.ts` has already. */

import { type ProblemCode, problems } from '../../errors.ts';

const number = new Intl.NumberFormat('en-GB');
const plural = new Intl.PluralRules('en');

function count(n: number, one: string, other: string): string {
  return `${number.format(n)} ${plural.select(n) === 'one' ? one : other}`;
}

export const en = {
  skip: 'Skip to the content',
  path: 'Path',
  home: 'API',
  map: 'The map',
  otherFormats: 'The same as',
  formats: {
    json: 'JSON',
    geojson: 'GeoJSON',
    geojsonseq: 'GeoJSON sequence',
    csv: 'CSV',
    fgb: 'FlatGeobuf',
    parquet: 'GeoParquet',
    kml: 'KML',
    atom: 'Atom feed',
    tilejson: 'TileJSON',
  },
  sourcesOfMap: 'Maps: land and borders: Natural Earth. Towns: GeoNames (CC BY 4.0).',
  noMap: 'Nothing on this page has a place on the map.',
  withoutScript: 'The map cannot be moved without JavaScript.',
  incidentsInWords: 'The same incidents in words',
  yes: 'yes',
  no: 'no',
  none: 'none',
  notGiven: 'not given',

  titles: {
    incidents: 'Incidents',
    regions: 'Regions',
    claims: 'Claims',
    sources: 'Sources',
    places: 'Places',
  },
  about: {
    incidents:
      'Strikes, each with the range of what was claimed and who said so last. A place that is known only roughly is drawn as an area, not as a point.',
    regions:
      'First-level regions: their codes, who claims them by which act, what international bodies answered, and dated reports on control. A territorial claim is not control.',
    claims:
      'Statements about incidents: a value or an account, who made it, when it was reported and which source carried it.',
    sources: 'Publications that carried the claims.',
    places: 'Gazetteer of settlements, with the region each lies in.',
  },
  links: 'Also',

  landing: {
    lead: 'Strikes of the Russia–Ukraine war and the regions that Russia claims: every figure with who gave it and when, every place with how well it is known.',
    collections: 'Collections',
    more: 'More',
    definition: 'Definition of the API (OpenAPI 3.0)',
    conformance: 'Conformance classes',
    collectionList: 'All collections as one document',
    matrixSets: 'Tile matrix sets',
    aggregate: 'Incidents by month and type',
    use: 'Use it',
    useHint:
      'Every address of this API answers with a page in a browser and with data to programs. QGIS and GDAL connect to the address of this page as an OGC API.',
  },

  conformance: {
    title: 'Conformance classes',
    hint: 'Parts of the OGC API standards that this service keeps.',
  },

  collections: {
    title: 'Collections',
    description: 'In the API’s words',
    browse: 'Browse',
    extent: 'Extent',
    space: 'In space',
    time: 'In time',
    timeSpan: (first: string, last: string) => `${first} to ${last}`,
    licence: 'Licence',
    systems: 'Coordinate reference systems',
    itemsAs: 'Everything as',
    tiles: 'Vector tiles',
    aggregate: 'Counts and sums',
  },

  items: {
    nothing: 'Nothing matches.',
    shown: (returned: number, matched: number) =>
      returned === matched
        ? `${number.format(matched)} in all`
        : `${number.format(returned)} of ${number.format(matched)} on this page`,
    next: 'Next page',
    previous: 'Page before',
    pages: 'Pages',
    results: 'Results',
    filter: 'Filter',
    apply: 'Show',
    reset: 'Clear the filter',
    any: 'Any',
    without: (what: string) => `without ${what}`,
    active: 'Filtered by',
    hints: {
      datetime: '2025-08-01/2025-08-07',
      count: '10.. or 1..5',
    },
    fields: {
      bbox: 'Box',
      datetime: 'Dates',
      type: 'Type',
      country: 'Country',
      region: 'Region',
      attacker: 'Attacker',
      target: 'Target',
      geo_precision: 'Place known to',
      killed: 'Killed',
      injured: 'Injured',
      source: 'Source',
      q: 'Words',
      incident: 'Incident',
      measure: 'Measure',
      claimant: 'Claimed by',
      language: 'Language',
      kind: 'Kind',
      filter: 'CQL2 filter',
      as_of: 'As the record stood at',
      known_by: 'As reported by',
      geometry: 'Geometry',
      crs: 'Coordinates in',
      limit: 'On a page',
      sortby: 'Sorted by',
    },
    columns: {
      incident: 'Incident',
      when: 'When',
      region: 'Region',
      codes: 'Codes',
      claimed: 'Claimed by',
      claim: 'Claim',
      who: 'Said by',
      about: 'About',
      source: 'Source',
      publisher: 'Publisher',
      published: 'Published',
      language: 'Language',
      place: 'Place',
      population: 'Population',
    },
    mapOf: {
      incidents: 'Map of the incidents in the table below',
      regions: 'Map of the regions in the table below',
      claims: 'Map of the places that the claims in the table below are about',
      sources: 'Map',
      places: 'Map of the places in the table below',
    },
    latest: (value: string) => `latest ${value}`,
    since: (claimant: string, when: string) => `${claimant}, since ${when}`,
  },

  incident: {
    mapOf: (title: string) => `Map: ${title}`,
    claims: 'Claims',
    claimsHint: (claims: number, sources: number) =>
      `${count(claims, 'claim', 'claims')} from ${count(sources, 'source', 'sources')}, by what they give and in order of report. Nothing is averaged; what was revised later stays, dimmed.`,
    more: (n: number) => count(n, 'claim', 'claims'),
    type: 'Type',
    region: 'Region',
    dataset: 'Data set',
    noPoint: 'place not known to a point',
    openOnMap: 'Open on the map',
    asRecord: 'Its record in the API',
    area: 'Its area as GeoJSON',
    placeKnown: (place: string, precision: string) => `${place} (known to ${precision})`,
    within: (distance: string) => `within about ${distance}`,
  },

  region: {
    recognised: 'Recognised as',
    kind: 'Kind',
    incidents: 'Incidents in this region',
    places: 'Places in this region',
    boundary: 'Boundary',
    noBoundary: 'no boundary in this collection',
    codeSources: 'Sources of the codes',
    claimedBy: (who: string) => `claimed by ${who}`,
  },

  claim: {
    value: 'Value',
    measure: 'Measure',
    scope: 'About',
    incident: 'Incident',
    account: 'Account',
    status: 'Status',
    remark: 'Remark',
    responsibility: 'Responsibility',
    cause: 'Cause',
    reported: 'Reported',
    wholeIncident: 'the whole incident',
  },

  source: {
    address: 'Address',
    kind: 'Kind',
    kinds: { original: 'original', syndicated: 'copy of an agency text', aggregator: 'aggregator' },
    carries: 'Carries the text of',
    reliability: 'Reliability (Admiralty letter)',
    claims: 'Claims that it carried',
    incidents: 'Incidents that it reports on',
  },

  place: {
    geonames: 'GeoNames id',
    coordinates: 'Longitude, latitude',
    around: 'Incidents of its region',
  },

  changes: {
    title: 'Changes',
    hint: (since: string) => `What was added, changed and withdrawn since ${since}.`,
    columns: { at: 'When', change: 'Change', record: 'Record' },
    kinds: { added: 'added', changed: 'changed', withdrawn: 'withdrawn' },
  },

  aggregate: {
    title: 'Counts and sums of incidents',
    hint: (matched: number) =>
      `${count(matched, 'incident', 'incidents')} in all. Sums are of the incidents that give a figure; a figure that was not given is not zero.`,
    by: 'By',
    byNothing: 'nothing: one sum',
    dimensions: {
      day: 'Day',
      days: 'Days',
      week: 'Week',
      month: 'Month',
      year: 'Year',
      type: 'Type',
      country: 'Country',
      region: 'Region',
      attacker: 'Attacker',
      target: 'Target',
    },
    incidents: 'Incidents',
    total: 'All',
    notOne: 'spans several',
    sum: 'lowest to highest',
    latest: 'latest',
    given: 'give it',
    measure: { killed: 'Killed', injured: 'Injured' },
  },

  schemas: {
    queryables: 'What can be filtered by',
    sortables: 'What can be sorted by',
    schema: 'What features come with',
    property: 'Property',
    description: 'What it is',
    values: 'Values',
  },

  facets: 'What each filter would leave',

  tiles: {
    title: 'Tilesets',
    tileset: 'Tileset',
    matrixSets: 'Tile matrix sets',
  },

  preview: {
    area: 'Dotted: known only to lie somewhere in here',
    disc: 'Circle: the place lies somewhere within it',
    foot: 'Map: Natural Earth · towns: GeoNames, CC BY 4.0',
  },

  problem: {
    title: (code: ProblemCode): string => problems[code].title,
    back: 'To the start of the API',
    unknown: {
      incident: 'There is no such incident, or it is no longer public.',
      region: 'There is no such region.',
    },
  },
};

/** The texts of the pages in one language. */
export type PageTexts = typeof en;
