import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { checkDataset } from '../../geodata/check.ts';
import type { Extent } from '../../geodata/checks/region.ts';
import { parseDataset, readDataset } from '../../geodata/files.ts';
import schema from '../../geodata/schema/common.schema.json' with { type: 'json' };
import sourcesSchema from '../../geodata/schema/sources.schema.json' with { type: 'json' };
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
} from '../../server/domain/vocabulary.ts';

const data = join(import.meta.dirname, '../../geodata');
const fixture = join(import.meta.dirname, '../fixtures/geodata');
/** The fixture's Ukraine is two cities. */
const extent: Extent = { country: 'UA', regions: 2, area: 2_384 };

test('the data has no fault, and all of its records', async () => {
  const reading = await readDataset(data);
  assert.deepEqual(checkDataset(reading), []);
  const { incidents, sources, regions, territorialClaims } = reading.dataset;
  assert.equal(incidents.length, 69);
  assert.equal(incidents.flatMap(({ properties }) => properties.claims).length, 621);
  assert.equal(incidents.flatMap(({ properties }) => properties.notes).length, 7);
  assert.equal(sources.length, 346);
  assert.equal(new Set(incidents.flatMap(({ properties }) => properties.sources)).size, 316);
  assert.equal(regions.filter((region) => region.geometry !== null).length, 27);
  assert.deepEqual(
    territorialClaims.territorial_claims
      .filter(({ claimant }) => claimant === 'RU')
      .map(({ region, since }) => `${region} ${since}`),
    [
      'UA-14 2022-09-30',
      'UA-09 2022-09-30',
      'UA-23 2022-09-30',
      'UA-65 2022-09-30',
      'UA-43 2014-03-18',
      'UA-40 2014-03-18',
    ],
  );
});

test('the schemas have the closed lists of the vocabulary', () => {
  const { $defs } = schema;
  assert.deepEqual($defs.type.enum, incidentTypeCodes);
  assert.deepEqual($defs.target.enum, targetTypes);
  assert.deepEqual($defs.measure.enum, measureCodes);
  assert.deepEqual($defs.geoPrecision.enum, geoPrecisions);
  assert.deepEqual($defs.timePrecision.enum, timePrecisions);
  assert.deepEqual($defs.attacker.enum, attackers);
  assert.deepEqual($defs.scopeKind.enum, claimScopes);
  assert.deepEqual($defs.qualifier.enum, qualifiers);
  const source = sourcesSchema.properties.sources.items.properties;
  assert.deepEqual(source.kind.enum, [...sourceKinds, null]);
});

test('every property of the schemas is described', () => {
  const directory = join(data, 'schema');
  for (const name of readdirSync(directory)) {
    const bare = undescribed(JSON.parse(readFileSync(join(directory, name), 'utf8')), '');
    assert.deepEqual(bare, [], name);
  }
});

/** Paths of the properties of a schema, and of the schemas in it, that have no description. */
function undescribed(schema: unknown, path: string): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  return Object.entries(schema).flatMap(([keyword, value]) => {
    const here = `${path}/${keyword}`;
    if (keyword !== 'properties' && keyword !== '$defs') {
      return keyword === 'const' || keyword === 'enum' ? [] : undescribed(value, here);
    }
    return Object.entries(object(value)).flatMap(([name, property]) => [
      ...('description' in property || '$ref' in property ? [] : [`${here}/${name}`]),
      ...undescribed(property, `${here}/${name}`),
    ]);
  });
}

const kyiv = 'incidents/2025-01-01-kyiv.geojson';
const kursk = 'incidents/2025-01-03-kursk.geojson';
const sources = 'sources.json';
const regions = 'regions.geojson';
const territory = 'territorial-claims.json';

/** One change to a file of the fixture, at a JSON Pointer (no value: removed), and its one fault. */
type Case = readonly [file: string, at: string, value: unknown, record: string, reason: string];

const cases: readonly Case[] = [
  // The schema
  [
    kyiv,
    '/properties/type',
    'drones',
    '2025-01-01-kyiv',
    'properties.type is "drones", and must be one of drone_strike, missile_strike, airstrike, combined_strike, shelling, sabotage, other',
  ],
  [
    kyiv,
    '/properties/claims/1/measure',
    'wounded',
    '2025-01-01-kyiv c02',
    'properties.claims.1.measure is "wounded", and must be one of killed, injured, children_killed, children_injured, drones_launched, drones_intercepted, missiles_launched, missiles_intercepted, buildings_damaged, households_without_power, customers_without_gas, power_loss_percent, narrative',
  ],
  [kyiv, '/properties/title', undefined, '2025-01-01-kyiv', 'properties lacks title'],
  [
    kyiv,
    '/properties/titel',
    'x',
    '2025-01-01-kyiv',
    'properties has a property that the format does not know: titel',
  ],
  [
    kyiv,
    '/properties/title',
    ' ',
    '2025-01-01-kyiv',
    'properties.title must match pattern "\\S", and is " "',
  ],
  [
    kyiv,
    '/properties/time',
    '2025-02-30',
    '2025-01-01-kyiv',
    'properties.time is "2025-02-30", which is no edtf',
  ],
  [
    kyiv,
    '/properties/time',
    '2025-01-02/2025-01-01',
    '2025-01-01-kyiv',
    'properties.time is "2025-01-02/2025-01-01", which is no edtf',
  ],
  [
    kyiv,
    '/properties/claims/0/reported_at',
    'yesterday',
    '2025-01-01-kyiv c01',
    'properties.claims.0.reported_at is "yesterday", which is no edtf',
  ],
  [
    kyiv,
    '/properties/claims/0/value_min',
    -1,
    '2025-01-01-kyiv c01',
    'properties.claims.0.value_min must be >= 0, and is -1',
  ],
  [
    kyiv,
    '/geometry/coordinates/1',
    91,
    '2025-01-01-kyiv',
    'geometry.coordinates.1 must be <= 90, and is 91',
  ],
  [
    kyiv,
    '/geometry/coordinates/2',
    100,
    '2025-01-01-kyiv',
    'geometry.coordinates must NOT have more than 2 items, and is [30.5238,50.45466,100]',
  ],
  [kyiv, '/id', '2025-01-01-kiev', '2025-01-01-kiev', 'the id is not the name of the file'],
  [
    sources,
    '/sources/1/url',
    'ftp://example.org',
    'paper-a',
    'sources.1.url must match pattern "^https?://", and is "ftp://example.org"',
  ],
  [
    territory,
    '/territorial_claims/0/since',
    '18 March',
    'UA-40.RU',
    'territorial_claims.0.since is "18 March", which is no date',
  ],
  [territory, '/region_notes/0/text', 5, 'UA-40', 'region_notes.0.text must be string, and is 5'],
  // GeoJSON
  [
    kyiv,
    '/geometry/type',
    'Spot',
    '2025-01-01-kyiv',
    'no GeoJSON: type must be one of: "Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon" or "GeometryCollection"',
  ],
  [
    regions,
    '/features/0/geometry/coordinates/0/0',
    [30, 50],
    'UA-30',
    'no GeoJSON: at 0: The first and last positions must be equivalent',
  ],
  // Places
  [kyiv, '/geometry/coordinates', [32, 50.45466], '2025-01-01-kyiv', 'lies 82552 m outside UA-30'],
  [
    kyiv,
    '/properties/locations/0/geometry/coordinates',
    [34.1, 44.95],
    '2025-01-01-kyiv l1',
    'lies 37871 m outside UA-40',
  ],
  [
    kursk,
    '/geometry/coordinates',
    [30.5238, 50.45466],
    '2025-01-03-kursk',
    'is in RU, but lies in UA-30',
  ],
  [kursk, '/geometry/coordinates', [0, 0], '2025-01-03-kursk', 'lies at 0, 0'],
  [kursk, '/properties/region', 'RU-XXX', '2025-01-03-kursk', 'no region RU-XXX'],
  [kursk, '/properties/country', 'BY', '2025-01-03-kursk', 'region RU-KRS is not in country BY'],
  [
    kursk,
    '/properties/region',
    null,
    '2025-01-03-kursk',
    'has neither a region nor area_regions nor area_country',
  ],
  [
    kursk,
    '/properties/area_regions',
    ['RU-KRS'],
    '2025-01-03-kursk',
    'has a region, and area_regions or area_country as well',
  ],
  [
    kursk,
    '/properties/geo_precision',
    'country',
    '2025-01-03-kursk',
    'has area_country without geo_precision country, or the other way about',
  ],
  [
    kursk,
    '/properties/geo_precision',
    'site',
    '2025-01-03-kursk',
    'is a site, but uncertain by 12000 m, more than 1000 m',
  ],
  [
    kyiv,
    '/properties/locations/1/uncertainty_m',
    5,
    '2025-01-01-kyiv l2',
    'must have geometry, uncertainty_m and coordinate_source, or none of them',
  ],
  [
    kyiv,
    '/properties/locations/1/region',
    null,
    '2025-01-01-kyiv l2',
    'has neither a point nor a region',
  ],
  // Time
  [
    kyiv,
    '/properties/time',
    '2025-01',
    '2025-01-01-kyiv',
    'time 2025-01 is 31 days, which night is not',
  ],
  [
    kyiv,
    '/properties/time_precision',
    'range',
    '2025-01-01-kyiv',
    'time 2025-01-01 is 1 days, which range is not',
  ],
  [
    kursk,
    '/properties/claims/0/reported_at',
    '2024-12-30',
    '2025-01-03-kursk c01',
    'was reported 2024-12-30, before it happened',
  ],
  [
    kyiv,
    '/properties/claims/0/reported_at',
    '2025-01-05',
    '2025-01-01-kyiv c02',
    'stands after a claim reported later',
  ],
  // Claims
  [
    kyiv,
    '/properties/claims/3/value_min',
    70,
    '2025-01-01-kyiv c04',
    'has a lowest value, 70, above its highest, 60',
  ],
  [
    kyiv,
    '/properties/claims/3/value_max',
    120,
    '2025-01-01-kyiv c04',
    'has power_loss_percent 120',
  ],
  [
    kyiv,
    '/properties/claims/3/qualifier',
    'exact',
    '2025-01-01-kyiv c04',
    'has qualifier exact, which does not agree with 40 to 60',
  ],
  [kyiv, '/properties/claims/1/value_min', 2.5, '2025-01-01-kyiv c02', 'has killed 2.5'],
  [
    kyiv,
    '/properties/claims/1/value_max',
    3,
    '2025-01-01-kyiv c02',
    'has qualifier at_least, which does not agree with 2 to 3',
  ],
  [
    kyiv,
    '/properties/claims/2/qualifier',
    null,
    '2025-01-01-kyiv c03',
    'has qualifier null, which does not agree with null to 9',
  ],
  [
    kyiv,
    '/properties/claims/2/scope/name',
    undefined,
    '2025-01-01-kyiv c03',
    'has scope group, but does not name it',
  ],
  [kyiv, '/properties/claims/4/text', null, '2025-01-01-kyiv c05', 'is a narrative without text'],
  [
    kyiv,
    '/properties/claims/4/value_min',
    1,
    '2025-01-01-kyiv c05',
    'is a narrative, but has a value or a qualifier',
  ],
  [kyiv, '/properties/claims/4/id', 'c04', '2025-01-01-kyiv c04', 'the id is given twice'],
  [
    kyiv,
    '/properties/claims/1/relations/0/claim',
    'c09',
    '2025-01-01-kyiv c02',
    'revises c09, which is not there',
  ],
  [kyiv, '/properties/claims/1/relations/0/claim', 'c02', '2025-01-01-kyiv c02', 'revises itself'],
  [
    kursk,
    '/properties/claims/0/source',
    'paper-b',
    '2025-01-03-kursk c01',
    "the incident's sources do not list paper-b",
  ],
  // Between records
  [kursk, '/properties/sources/1', 'paper-c', '2025-01-03-kursk', 'no source paper-c'],
  [
    kursk,
    '/properties/relations/1',
    { relation: 'not_same_as', incident: '2025-01-04-kursk' },
    '2025-01-03-kursk',
    'not_same_as 2025-01-04-kursk: no such incident',
  ],
  [
    kursk,
    '/properties/relations/1',
    { relation: 'part_of_wave', incident: '2025-01-01-kyiv' },
    '2025-01-03-kursk',
    'part_of_wave 2025-01-01-kyiv, which does not say so too',
  ],
  [
    kyiv,
    '/properties/relations/1',
    { relation: 'repeat_strike', incident: '2025-01-03-kursk' },
    '2025-01-01-kyiv',
    'repeat_strike 2025-01-03-kursk, which is the later one',
  ],
  [
    kyiv,
    '/properties/relations/1',
    { relation: 'not_same_as', incident: '2025-01-03-kursk' },
    '2025-01-01-kyiv',
    'the relation is given twice: not_same_as 2025-01-03-kursk',
  ],
  [
    sources,
    '/sources/3/url',
    'https://example.org/codes',
    'codes, treaty',
    'one page more than once: https://example.org/codes',
  ],
  [sources, '/sources/1/carries', 'An agency', 'paper-a', 'carries a text, but is not syndicated'],
  [
    sources,
    '/sources/4',
    {
      id: 'unread',
      url: 'https://example.org/unread',
      publisher: null,
      title: null,
      published_at: null,
      language: null,
      kind: null,
      reliability: null,
    },
    'unread',
    'nothing cites it',
  ],
  [
    sources,
    '/sources/4',
    {
      id: 'codes',
      url: 'https://example.org/more',
      publisher: null,
      title: null,
      published_at: null,
      language: null,
      kind: null,
      reliability: null,
    },
    'codes',
    'the id is given twice',
  ],
  // Regions
  [regions, '/features/1/properties/code', 'UA-43', 'UA-40', 'the id is not the code, UA-43'],
  [
    regions,
    '/features/1/properties/boundary_set',
    null,
    'UA-40',
    'must have a boundary and its boundary_set, or neither',
  ],
  [
    regions,
    '/features/1/properties/kind',
    'oblast',
    'UA-40',
    'is 748 km², which no oblast is (7500 to 35000)',
  ],
  [
    regions,
    '/features/2/properties/geonames_admin1',
    'UA.20',
    'UA.20',
    'the GeoNames code is given twice',
  ],
  // Territory
  [
    territory,
    '/territorial_claims/0/id',
    'UA-43.RU',
    'UA-43.RU',
    'the id is not the region, a dot and the claimant',
  ],
  [territory, '/international_responses/0/regions/1', 'UA-99', 'answer', 'no region UA-99'],
  [
    territory,
    '/control_reports/0/share_max',
    90,
    'UA-40.c01',
    'has a lowest value, 100, above its highest, 90',
  ],
  [territory, '/control_reports/0/country', 'RU', 'UA-40.c01', 'region UA-40 is not in country RU'],
  [
    territory,
    '/region_notes/1',
    { region: 'UA-40', text: 'More.', sources: ['codes'] },
    'UA-40',
    'the region has more than one note',
  ],
];

const files = new Map(
  [kyiv, kursk, sources, regions, territory].map((name) => [
    name,
    readFileSync(join(fixture, name), 'utf8'),
  ]),
);

test('the fixture has no fault', () => {
  assert.deepEqual(checkDataset(parseDataset(files), extent), []);
});

for (const [file, at, value, record, reason] of cases) {
  test(`${file} ${at} = ${JSON.stringify(value)}: ${reason}`, () => {
    const changed = new Map(files).set(file, change(files.get(file) ?? '', at, value));
    assert.deepEqual(checkDataset(parseDataset(changed), extent), [{ file, record, reason }]);
  });
}

const sevastopol = '/features/1/geometry/coordinates/0';

test('a ring must run the right way', () => {
  const ring = ringOf(sevastopol).toReversed();
  assert.deepEqual(reasonsOf(regions, sevastopol, ring), ['UA-40: ring 0 runs clockwise']);
});

test('a ring must not cross itself', () => {
  const ring = ringOf(sevastopol);
  const swapped = [...ring.slice(0, 20), ring[21], ring[20], ...ring.slice(22)];
  assert.deepEqual(reasonsOf(regions, sevastopol, swapped), [
    'UA-40: crosses itself at 33.55387, 44.84186',
  ]);
});

test('a boundary must not lie on another', () => {
  const kyivBoundary = ringOf('/features/0/geometry/coordinates/0');
  const faults = reasonsOf(regions, sevastopol, kyivBoundary);
  assert.ok(faults.includes('UA-40: lies on UA-30'), faults.join('\n'));
});

test('the boundaries must be all there and come to the area of the country', () => {
  const reading = parseDataset(files);
  assert.deepEqual(
    checkDataset(reading, { ...extent, regions: 3 }).map(({ reason }) => reason),
    ['2 boundaries, not 3'],
  );
  assert.deepEqual(
    checkDataset(reading, { ...extent, area: 3_000 }).map(({ reason }) => reason),
    ['comes to 2384 km², not about 3000'],
  );
});

test('a file that is missing or no JSON is one fault, and nothing that refers to it is another', () => {
  const missing = new Map(files);
  missing.delete(sources);
  assert.deepEqual(checkDataset(parseDataset(missing), extent), [
    { file: sources, record: '-', reason: 'the file is missing' },
  ]);
  const broken = new Map(files).set(kyiv, '{');
  const [fault, ...more] = checkDataset(parseDataset(broken), extent);
  assert.deepEqual(more, []);
  assert.equal(fault?.file, kyiv);
  assert.match(fault?.reason ?? '', /^no JSON: /);
});

test('npm run check:data prints a line for each fault and exits with 1', () => {
  const directory = mkdtempSync(join(tmpdir(), 'strike-atlas-'));
  try {
    cpSync(fixture, directory, { recursive: true });
    const file = join(directory, kursk);
    writeFileSync(file, change(readFileSync(file, 'utf8'), '/properties/attacker', 'XX'));
    const run = spawnSync(
      process.execPath,
      ['--import', 'tsx', join(data, 'check.ts'), directory],
      { encoding: 'utf8' },
    );
    assert.equal(
      run.stderr,
      `${kursk}: 2025-01-03-kursk: properties.attacker is "XX", and must be one of RU, UA, unknown\n`,
    );
    assert.match(
      run.stdout,
      /^1 incidents, 5 claims, 1 editors' notes, 4 sources, 3 regions: 1 fault/,
    );
    assert.equal(run.status, 1);
  } finally {
    rmSync(directory, { recursive: true });
  }
});

function reasonsOf(file: string, at: string, value: unknown): string[] {
  const changed = new Map(files).set(file, change(files.get(file) ?? '', at, value));
  return checkDataset(parseDataset(changed), extent).map(
    ({ record, reason }) => `${record}: ${reason}`,
  );
}

function ringOf(pointer: string): unknown[] {
  let node: unknown = JSON.parse(files.get(regions) ?? '');
  for (const key of pointer.split('/').slice(1)) node = Reflect.get(object(node), key);
  assert.ok(Array.isArray(node));
  return node;
}

/** The JSON text with the value at a JSON Pointer replaced, added or, where undefined, removed. */
function change(text: string, pointer: string, value: unknown): string {
  const path = pointer.split('/').slice(1);
  const last = path.pop() ?? '';
  const root: unknown = JSON.parse(text);
  let node = root;
  for (const key of path) node = Reflect.get(object(node), key);
  if (value === undefined) Reflect.deleteProperty(object(node), last);
  else Reflect.set(object(node), last, value);
  return JSON.stringify(root);
}

function object(value: unknown): object {
  assert.ok(typeof value === 'object' && value !== null);
  return value;
}
