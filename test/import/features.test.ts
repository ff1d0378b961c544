import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import test from 'node:test';
import { serialize } from 'flatgeobuf/lib/mjs/geojson.js';
import type { Feature, Geometry } from 'geojson';
import proj4 from 'proj4';
import { fgb } from '../../geodata/import/fgb.ts';
import { geojson, geojsonseq } from '../../geodata/import/geojson.ts';
import { readMapping } from '../../geodata/import/mapping.ts';
import { root } from '../helpers/atlas.ts';
import { fileOf, parsedBy } from './runs.ts';

const mapping = {
  dataset: {
    ...(await readMapping(path.join(root, 'docs/mappings/geoconfirmed.json'))).dataset,
    id: 'made-up',
  },
  fields: {
    record: 'id',
    title: { value: 'Made up' },
    place: { value: 'Exampleville' },
    geo_precision: { value: 'district' },
    uncertainty_m: { value: '5000' },
    date: { value: '2031-03-05' },
    summary: 'detail.words',
  },
};

const feature = (geometry: unknown, more: object = {}) => ({
  type: 'Feature',
  id: 'made-up-1',
  properties: {},
  geometry,
  ...more,
});
const collection = (features: readonly unknown[], more: object = {}) =>
  JSON.stringify({ type: 'FeatureCollection', ...more, features });
const polygon = (...rings: number[][][]) => ({ type: 'Polygon', coordinates: rings });
const square = [
  [36, 49],
  [38, 49],
  [38, 51],
  [36, 51],
  [36, 49],
];
const hole = [
  [36.5, 49.5],
  [36.5, 50],
  [37, 50],
  [37, 49.5],
  [36.5, 49.5],
];
const point = { type: 'Point', coordinates: [36.2, 49.9] };

async function only(text: string) {
  const [parsed, ...others] = await parsedBy(geojson(mapping), [fileOf(text, 'made-up.geojson')]);
  assert.ok(parsed);
  assert.deepEqual(others, []);
  return parsed;
}

for (const [name, geometry, expected] of [
  ['a point', point, []],
  ['a point with a height', { type: 'Point', coordinates: [36.2, 49.9, 120] }, []],
  [
    'one point of many',
    { type: 'MultiPoint', coordinates: [[36.2, 49.9]] },
    ['MultiPoint of one point'],
  ],
  ['an area', polygon(square), []],
  ['an area with a hole', polygon(square, hole), []],
  ['a ring wound the wrong way', polygon(square.toReversed()), ['rings wound the wrong way']],
  ['a hole wound the wrong way', polygon(square, hole.toReversed()), ['rings wound the wrong way']],
  ['an open ring', polygon(square.slice(0, -1)), ['a ring that was not closed']],
  [
    'a ring that touches itself',
    polygon([
      [36, 49],
      [38, 49],
      [37, 50],
      [38, 51],
      [36, 51],
      [37, 50],
      [36, 49],
    ]),
    ['rings that touch themselves, taken apart'],
  ],
  [
    'a hole that touches its ring, drawn in one',
    polygon([
      [36, 49],
      [40, 49],
      [40, 53],
      [38, 53],
      [39, 51],
      [37, 51],
      [38, 53],
      [36, 53],
      [36, 49],
    ]),
    ['rings that touch themselves, taken apart'],
  ],
] as const) {
  test(`a geometry is taken: ${name}`, async () => {
    const parsed = await only(collection([feature(geometry)]));
    assert.ok('incident' in parsed, JSON.stringify(parsed));
    assert.deepEqual(parsed.repairs, expected);
    const { area, lon, lat } = parsed.incident;
    assert.equal(area === undefined, geometry.type !== 'Polygon');
    assert.ok(lon >= 36 && lon <= 40 && lat >= 49 && lat <= 53);
  });
}

for (const [name, geometry, reason] of [
  ['none', null, 'no longitude'],
  [
    'a line',
    { type: 'LineString', coordinates: square },
    'its geometry is a LineString: an incident is a point or an area',
  ],
  [
    'points',
    { type: 'MultiPoint', coordinates: square },
    'its geometry is a MultiPoint: an incident is a point or an area',
  ],
  [
    'texts for numbers',
    { type: 'Point', coordinates: ['36', '49'] },
    'no geometry of GeoJSON: Position must only contain numbers. Item 36 at index 0 is invalid.',
  ],
  [
    'no numbers',
    { type: 'Point', coordinates: [] },
    'no geometry of GeoJSON: Position must be at least two elements',
  ],
  ['an empty ring', polygon([]), 'no geometry of GeoJSON: empty'],
  ['no geometry', 'x', 'no geometry of GeoJSON: must be a JSON Object'],
  [
    'metres',
    { type: 'Point', coordinates: [4_029_000, 6_400_000] },
    'position 4029000, 6400000 is not on the globe: longitude and latitude, or a system that the file does not name?',
  ],
  [
    'a ring of two places',
    polygon([
      [36, 49],
      [37, 49],
    ]),
    'a ring of fewer than four positions',
  ],
  [
    'a bow tie',
    polygon([
      [36, 49],
      [38, 51],
      [38, 49],
      [36, 51],
      [36, 49],
    ]),
    'its rings cross or overlap: what they mean is not certain',
  ],
  [
    'a hole beside its ring',
    polygon(
      square,
      hole.map(([x = 0, y = 0]) => [x + 5, y]),
    ),
    'its rings cross or overlap: what they mean is not certain',
  ],
  [
    'no area',
    polygon([
      [36, 49],
      [38, 49],
      [36, 49],
      [36, 49],
    ]),
    'its rings cross or overlap: what they mean is not certain',
  ],
] as const) {
  test(`a geometry is refused: ${name}`, async () => {
    const parsed = await only(collection([feature(geometry)]));
    assert.ok('refused' in parsed, JSON.stringify(parsed));
    assert.deepEqual([parsed.line, parsed.record, parsed.refused], [1, 'made-up-1', reason]);
  });
}

const utm37 = '+proj=utm +zone=37 +datum=WGS84 +units=m';
const named = (name: string) => ({ crs: { type: 'name', properties: { name } } });

for (const [name, coordinates] of [
  ['urn:ogc:def:crs:OGC:1.3:CRS84', [36.2, 49.9]],
  ['urn:ogc:def:crs:EPSG::4326', [36.2, 49.9]],
  ['EPSG:4326', [36.2, 49.9]],
  ['urn:ogc:def:crs:EPSG::3857', proj4('EPSG:3857', [36.2, 49.9])],
  ['http://www.opengis.net/def/crs/EPSG/0/32637', proj4(utm37, [36.2, 49.9])],
] as const) {
  test(`old GeoJSON in ${name} is taken`, async () => {
    const parsed = await only(collection([feature({ type: 'Point', coordinates })], named(name)));
    assert.ok('incident' in parsed);
    assert.ok(Math.abs(parsed.incident.lon - 36.2) < 1e-6);
    assert.ok(Math.abs(parsed.incident.lat - 49.9) < 1e-6);
  });
}

test('a system that is not certain refuses the file, by name', async () => {
  for (const [crs, reason] of [
    [named('EPSG:28406').crs, /made-up.geojson: crs is "EPSG:28406"/],
    [{ type: 'link', properties: { href: 'https://example.org' } }, /which we do not know/],
    [null, /crs is null/],
  ] as const) {
    await assert.rejects(only(collection([feature(point)], { crs })), reason);
  }
  const after = { type: 'FeatureCollection', features: [feature(point)], ...named('EPSG:3857') };
  await assert.rejects(only(JSON.stringify(after)), /crs must stand before its features/);
  const parsed = await only(collection([feature(point, named('EPSG:28406'))]));
  assert.ok('refused' in parsed && /EPSG:28406/.test(parsed.refused));
});

test('properties are columns: within others, in lists, missing', async () => {
  const properties = { detail: { words: ['one', 'two'] } };
  const parsed = await only(collection([feature(point, { properties })]));
  assert.ok('incident' in parsed);
  assert.equal(parsed.incident.summary, 'one|two');
  for (const empty of [{}, null, undefined]) {
    const bare = await only(collection([feature(point, { properties: empty })]));
    assert.ok('incident' in bare);
  }
  const nameless = await only(collection([feature(point, { id: undefined })]));
  assert.ok('refused' in nameless && nameless.refused === 'no record');
});

test('what is wrong in one feature is refused with its line, and the others are read', async () => {
  const text = [
    '\ufeff{"type": "FeatureCollection", "note": "{[,\\"]",',
    '"features": [',
    `${JSON.stringify(feature(point, { id: 'a' }))},`,
    '{"type": "Feature", "id": "b", "geometry": nonsense},',
    '{"type": "Point", "coordinates": [1, 2]},',
    `${JSON.stringify(feature(point, { id: 'c "]}, {' }))}`,
    '], "numberMatched": 4}',
  ].join('\r\n');
  // However the bytes arrive.
  for (const size of [1, 7, 100_000]) {
    const bytes = Buffer.from(text);
    const file = {
      name: 'made-up.geojson',
      size: bytes.length,
      stream: async () => {
        const { Readable } = await import('node:stream');
        return Readable.from(
          Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
            bytes.subarray(index * size, (index + 1) * size),
          ),
        );
      },
    };
    const all = await parsedBy(geojson(mapping), [file]);
    assert.deepEqual(
      all.map((parsed) => [
        parsed.line,
        'incident' in parsed ? parsed.incident.record : parsed.refused.slice(0, 18),
      ]),
      [
        [3, 'a'],
        [4, 'no JSON: Unexpecte'],
        [5, 'no GeoJSON Feature'],
        [6, 'c "]}, {'],
      ],
    );
  }
});

test('a file that ends in the middle says so, after what was whole', async () => {
  const whole = collection([feature(point, { id: 'a' }), feature(point, { id: 'b' })]);
  const all = await parsedBy(geojson(mapping), [fileOf(whole.slice(0, -30))]);
  assert.deepEqual(
    all.map((parsed) => ('incident' in parsed ? parsed.incident.record : parsed.refused)),
    ['a', 'the file ends in the middle'],
  );
});

test('a Feature alone is read; a list and a table are not', async () => {
  const parsed = await only(JSON.stringify(feature(point)));
  assert.ok('incident' in parsed);
  await assert.rejects(only(`[${JSON.stringify(feature(point))}]`), /is a list/);
  await assert.rejects(only('id,latitude\n1,2\n'), /is no FeatureCollection/);
});

for (const [name, text] of [
  [
    'RFC 8142',
    [
      '\u001e{"type":"Feature","id":"a",\n"geometry":null}\n',
      '\u001e{"type":"Fea',
      '\u001e',
      '\u001eX\n',
    ],
  ],
  [
    'a feature on each line',
    ['{"type":"Feature","id":"a","geometry":null}\r\n', '\n{"type":"Fea\n', '\n\u2028\n', 'X'],
  ],
] as const) {
  test(`a text sequence is read record by record: ${name}`, async () => {
    const lines = text.join('') + (name === 'RFC 8142' ? '\u001e' : '\n');
    const last = JSON.stringify(feature(point, { id: 'last' }));
    const all = await parsedBy(geojsonseq(mapping), [fileOf(lines + last)]);
    assert.deepEqual(
      all.map((parsed) =>
        'incident' in parsed ? parsed.incident.record : parsed.refused.slice(0, 12),
      ),
      ['no longitude', 'no JSON: Unt', 'no JSON: Une', 'last'],
    );
    assert.deepEqual(
      all.map(({ line }) => line),
      name === 'RFC 8142' ? [1, 3, 3, 4] : [1, 3, 6, 7],
    );
  });
}

test('FlatGeobuf of another writer is read, damage is reported', async () => {
  const made = (id: string, geometry: Geometry): Feature => ({
    type: 'Feature',
    geometry,
    properties: { id, n: 1.5, b: true },
  });
  const features = [
    made('a', { type: 'Point', coordinates: [36.2, 49.9] }),
    made('b', { type: 'Polygon', coordinates: [square, hole] }),
  ];
  const bytes = Buffer.from(serialize({ type: 'FeatureCollection', features }));
  const read = async (content: Buffer) =>
    (await parsedBy(fgb(mapping), [fileOf(content, 'made-up.fgb')])).map((parsed) => [
      parsed.line,
      'incident' in parsed ? parsed.incident.record : parsed.refused,
    ]);
  assert.deepEqual(await read(bytes), [
    [1, 'a'],
    [2, 'b'],
  ]);
  const broken = 'not readable from here to the end of the file';
  assert.deepEqual(await read(bytes.subarray(0, -20)), [
    [1, 'a'],
    [2, broken],
  ]);
  await assert.rejects(read(Buffer.from('PK')), /its header is damaged/);
  await assert.rejects(read(Buffer.from('id,latitude,longitude')), /is no FlatGeobuf 3/);
  // Any byte may be wrong: it is refused or read otherwise, and always comes to an end.
  for (let at = 8; at < bytes.length; at += 1) {
    const damaged = Buffer.from(bytes);
    damaged[at] = 0xff;
    await read(damaged).catch((error: unknown) =>
      assert.ok(error instanceof TypeError, String(error)),
    );
  }
});

test('a file larger than the memory is read', () => {
  const script = `
    import { Readable } from 'node:stream';
    import { geojson } from ${JSON.stringify(path.join(root, 'geodata/import/geojson.ts'))};
    const feature = (id) => JSON.stringify({ ...${JSON.stringify(feature(point))}, id, properties: { detail: { words: 'x'.repeat(4000) } } });
    function* text() {
      yield '{"type":"FeatureCollection","features":[';
      for (let id = 0; id < 40000; id += 1) yield (id === 0 ? '' : ',\\n') + feature(id);
      yield ']}';
    }
    let count = 0;
    const file = { name: 'made-up', size: undefined, stream: async () => Readable.from(text()) };
    for await (const parsed of geojson(${JSON.stringify(mapping)}).read([file])) if ('incident' in parsed) count += 1;
    console.log(count);`;
  // 170 MB in a heap of 64.
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ['--max-old-space-size=64', '--import', 'tsx', '--input-type=module', '-e', script],
    { encoding: 'utf8', cwd: root },
  );
  assert.equal(stdout.trim(), '40000', stderr);
});
