import assert from 'node:assert/strict';
import { test } from 'node:test';
import { booleanPointInPolygon, point, pointToPolygonDistance, polygon } from '@turf/turf';
import fc from 'fast-check';
import { checkExpression, type Expression } from '../../server/domain/cql2/expression.ts';
import { parseCql2Json } from '../../server/domain/cql2/json.ts';
import { formatCql2Text, parseCql2Text } from '../../server/domain/cql2/text.ts';
import { coordinatesIn, crsList } from '../../server/domain/crs.ts';
import { queryables } from '../../server/domain/queryables.ts';

/** The same expression in both encodings (OGC 21-065r2), and the text that it is written back as. */
const encodings: readonly { text: string; json: unknown; written?: string }[] = [
  {
    text: "type = 'drone_strike'",
    json: { op: '=', args: [{ property: 'type' }, 'drone_strike'] },
  },
  {
    text: "\"type\"<>'it''s' AnD NOT killed_highest>=-1.5e1",
    json: {
      op: 'and',
      args: [
        { op: '<>', args: [{ property: 'type' }, "it's"] },
        { op: 'not', args: [{ op: '>=', args: [{ property: 'killed_highest' }, -15] }] },
      ],
    },
    written: "(type <> 'it''s' AND NOT (killed_highest >= -15))",
  },
  {
    text: "title LIKE '%a\\%' or place not like '_' or country is null",
    json: {
      op: 'or',
      args: [
        { op: 'like', args: [{ property: 'title' }, '%a\\%'] },
        { op: 'not', args: [{ op: 'like', args: [{ property: 'place' }, '_'] }] },
        { op: 'isNull', args: [{ property: 'country' }] },
      ],
    },
    written: "(title LIKE '%a\\\\%' OR NOT (place LIKE '_') OR country IS NULL)",
  },
  {
    // OGC 21-065r2, /req/cql2-text/escaping; any other backslash stands for itself.
    text: "title <> 'it\\'s \\a\\b\\t\\n\\v\\f\\r\\\\n \\%' AND time = '2025-08/2025-09'",
    json: {
      op: 'and',
      args: [
        {
          op: '<>',
          args: [{ property: 'title' }, "it's \u0007\b\t\n\v\f\r\\n \\%"],
        },
        { op: '=', args: [{ property: 'time' }, '2025-08/2025-09'] },
      ],
    },
    written: "(title <> 'it''s \u0007\b\t\n\v\f\r\\\\n \\\\%' AND time = '2025-08/2025-09')",
  },
  {
    text: "CASEI(ACCENTI(title)) LIKE casei('%ki%')",
    json: {
      op: 'like',
      args: [
        { op: 'casei', args: [{ op: 'accenti', args: [{ property: 'title' }] }] },
        { op: 'casei', args: ['%ki%'] },
      ],
    },
    written: "CASEI(ACCENTI(title)) LIKE CASEI('%ki%')",
  },
  {
    text: 'killed_lowest BETWEEN 1 AND 5 AND killed_highest NOT IN (2, 3)',
    json: {
      op: 'and',
      args: [
        { op: 'between', args: [{ property: 'killed_lowest' }, 1, 5] },
        { op: 'not', args: [{ op: 'in', args: [{ property: 'killed_highest' }, [2, 3]] }] },
      ],
    },
    written: '(killed_lowest BETWEEN 1 AND 5 AND NOT (killed_highest IN (2,3)))',
  },
  {
    text: "T_DURING(INTERVAL(starts_at, ends_at), INTERVAL('2025-08-01', '..'))",
    json: {
      op: 't_during',
      args: [
        { interval: [{ property: 'starts_at' }, { property: 'ends_at' }] },
        { interval: ['2025-08-01', '..'] },
      ],
    },
    written: "T_DURING(INTERVAL(starts_at,ends_at),INTERVAL('2025-08-01','..'))",
  },
  {
    text: "starts_at > TIMESTAMP('2025-08-05T02:45:00Z') AND ends_at <= DATE('2025-08-06')",
    json: {
      op: 'and',
      args: [
        { op: '>', args: [{ property: 'starts_at' }, { timestamp: '2025-08-05T02:45:00Z' }] },
        { op: '<=', args: [{ property: 'ends_at' }, { date: '2025-08-06' }] },
      ],
    },
    written: "(starts_at > TIMESTAMP('2025-08-05T02:45:00Z') AND ends_at <= DATE('2025-08-06'))",
  },
  {
    text: 'S_INTERSECTS(geometry, POLYGON((30 50, 31 50, 31 51, 30 50)))',
    json: {
      op: 's_intersects',
      args: [
        { property: 'geometry' },
        {
          type: 'Polygon',
          coordinates: [
            [
              [30, 50],
              [31, 50],
              [31, 51],
              [30, 50],
            ],
          ],
        },
      ],
    },
    written: 'S_INTERSECTS(geometry,POLYGON((30 50,31 50,31 51,30 50)))',
  },
  {
    text: 'S_WITHIN(geometry, BBOX(170, 40, -170, 50)) OR TRUE',
    json: {
      op: 'or',
      args: [
        { op: 's_within', args: [{ property: 'geometry' }, { bbox: [170, 40, -170, 50] }] },
        true,
      ],
    },
    written:
      '(S_WITHIN(geometry,MULTIPOLYGON(((170 40,180 40,180 50,170 50,170 40)),((-180 40,-170 40,-170 50,-180 50,-180 40)))) OR TRUE)',
  },
  {
    text: 'S_CROSSES(geometry, MULTILINESTRING((1 2, 3 4 9), (5 6, 7 8))) AND S_EQUALS(geometry, MULTIPOINT(1 2, (3 4)))',
    json: {
      op: 'and',
      args: [
        {
          op: 's_crosses',
          args: [
            { property: 'geometry' },
            {
              type: 'MultiLineString',
              coordinates: [
                [
                  [1, 2],
                  [3, 4, 9],
                ],
                [
                  [5, 6],
                  [7, 8],
                ],
              ],
            },
          ],
        },
        {
          op: 's_equals',
          args: [
            { property: 'geometry' },
            {
              type: 'MultiPoint',
              coordinates: [
                [1, 2],
                [3, 4],
              ],
            },
          ],
        },
      ],
    },
    written:
      '(S_CROSSES(geometry,MULTILINESTRING((1 2,3 4),(5 6,7 8))) AND S_EQUALS(geometry,MULTIPOINT(1 2,3 4)))',
  },
  {
    text: "A_CONTAINEDBY(targets, ('rail', 'port')) OR (area_only = FALSE)",
    json: {
      op: 'or',
      args: [
        { op: 'a_containedBy', args: [{ property: 'targets' }, ['rail', 'port']] },
        { op: '=', args: [{ property: 'area_only' }, false] },
      ],
    },
    written: "(A_CONTAINEDBY(targets,('rail','port')) OR area_only = FALSE)",
  },
];

/** An expression without the places where its parts stood, which differ with the encoding. */
function withoutPlaces(expression: Expression): unknown {
  return JSON.parse(JSON.stringify(expression, (key, value) => (key === 'at' ? undefined : value)));
}

for (const { text, json, written = text } of encodings) {
  test(`CQL2 ${text}`, () => {
    const expression = parseCql2Text(text);
    assert.equal(formatCql2Text(expression), written);
    assert.deepEqual(withoutPlaces(parseCql2Text(written)), withoutPlaces(expression));
    const asJson = withoutPlaces(parseCql2Json(JSON.stringify(json)));
    assert.deepEqual(asJson, withoutPlaces(expression));
  });
}

test('geometries are read in another coordinate reference system', () => {
  const crs4326 = crsList[1];
  assert.ok(crs4326);
  const text = 'S_INTERSECTS(geometry, POINT(50.45 30.52))';
  assert.equal(
    formatCql2Text(parseCql2Text(text, coordinatesIn(crs4326))),
    'S_INTERSECTS(geometry,POINT(30.52 50.45))',
  );
});

test('every box is written as a geometry that can be read again', () => {
  const longitude = fc.constantFrom(-180, -170, 0, 20, 170, 180);
  const latitude = fc.constantFrom(-90, 0, 69, 90);
  fc.assert(
    fc.property(longitude, latitude, longitude, latitude, (west, one, east, other) => {
      const box = [west, Math.min(one, other), east, Math.max(one, other)].join(',');
      const written = formatCql2Text(parseCql2Text(`S_INTERSECTS(geometry,BBOX(${box}))`));
      assert.equal(formatCql2Text(parseCql2Text(written)), written);
    }),
    { numRuns: 1000 },
  );
});

test('a box in another system is its own area there, and not the box of degrees around it', () => {
  const utm36 = crsList.find(({ uri }) => uri.endsWith('/25836'));
  assert.ok(utm36);
  const expression = parseCql2Text(
    'S_INTERSECTS(geometry, BBOX(300000, 5300000, 700000, 5700000))',
    coordinatesIn(utm36),
  );
  assert.ok(expression.kind === 'operation' && expression.args[1]?.kind === 'geometry');
  const { geometry } = expression.args[1];
  assert.ok(geometry.type === 'Polygon');
  for (const [x, y] of [
    [300_000, 5_300_000],
    [700_000, 5_500_000],
    [499_999, 5_700_000],
  ] as const) {
    const corner = point(utm36.unproject([x, y]));
    assert.ok(
      pointToPolygonDistance(corner, polygon(geometry.coordinates), { units: 'meters' }) < 5,
    );
  }
  // South of the box, though north of its southern corners.
  const below = point(utm36.unproject([500_000, 5_299_000]));
  assert.ok((below.geometry.coordinates[1] ?? 0) > (utm36.unproject([300_000, 5_300_000])[1] ?? 0));
  assert.equal(booleanPointInPolygon(below, geometry), false);
});

/** What is refused, and what the reason says: where it is wrong and what is expected. */
const refusedTexts: readonly (readonly [text: string, reason: RegExp])[] = [
  ['', /ends at character 1 where a property or a value/],
  ['   ', /ends at character 4/],
  ['type', /ends at character 5 where a comparison/],
  ["type = 'a", /quotation that does not end at character 8/],
  ["type = 'a\\'", /quotation that does not end at character 8/],
  ["type = 'a' AND", /ends at character 15/],
  ["type = 'a' type", /has 'type' at character 12 where the end/],
  ["(type = 'a'", /ends at character 12 where '\)'/],
  ["type == 'a'", /has '=' at character 7/],
  ["type = 'a' ; DROP TABLE x", /has ';' at character 12/],
  ['killed_lowest + 1 > 2', /'\+' at character 15; arithmetic is not supported/],
  ["foo('a')", /unknown function 'foo' at character 1/],
  ["DATE('2025-02-30') = starts_at", /no day or time of the calendar/],
  ["starts_at = TIMESTAMP('2025-08-05')", /character 23 where a timestamp is expected/],
  ['S_INTERSECTS(geometry, POINT(1))', /has '\)' at character 31 where a number/],
  ['S_INTERSECTS(geometry, POINT(200 1))', /outside the world, at character 24/],
  ['S_INTERSECTS(geometry, POLYGON((1 1, 2 2, 3 3)))', /not closed.*at character 24/],
  ['S_INTERSECTS(geometry, LINESTRING(1 1, 1 1))', /fewer than two different positions/],
  ['killed_lowest > 1e999', /number that can be held/],
  [`${'('.repeat(60)}TRUE${')'.repeat(60)}`, /nests deeper than 40 at character 42/],
  [`${'NOT '.repeat(60)}TRUE`, /nests deeper/],
  [`type IN (${"'a',".repeat(2400)}'a')`, /longer than 10000|more than 1000/],
];
for (const [text, reason] of refusedTexts) {
  test(`CQL2 refuses ${text.slice(0, 60)}`, () => {
    assert.throws(() => parseCql2Text(text), { name: 'RangeError', message: reason });
  });
}

const refusedJson: readonly (readonly [json: string, reason: RegExp])[] = [
  ['{', /is no JSON/],
  ['null', /has null at \/, which is no value/],
  ['{"op":"nonsense","args":[]}', /unknown operator 'nonsense' at \/;/],
  ['{"op":"and","args":[true,{"op":"+","args":[1,2]}]}', /unknown operator '\+' at \/args\/1/],
  ['{"op":"="}', /no args for = at \//],
  ['{"foo":1}', /is no operation, property, time or geometry/],
  ['{"op":"t_after","args":[{"date":"x"},{"property":"time"}]}', /has 'x' where a date/],
  [
    '{"op":"s_within","args":[{"property":"geometry"},{"bbox":[1,2,3]}]}',
    /four or six numbers, at \/args\/1/,
  ],
  ['{"op":"s_within","args":[{"property":"geometry"},{"bbox":[1,2,null,3]}]}', /not of numbers/],
  [
    '{"op":"s_within","args":[{"property":"geometry"},{"type":"Blob"}]}',
    /unknown geometry type 'Blob'/,
  ],
  [
    '{"op":"s_within","args":[{"property":"geometry"},{"type":"Point","coordinates":[1,"2"]}]}',
    /two or three numbers/,
  ],
  [`${'{"op":"not","args":['.repeat(60)}true${']}'.repeat(60)}`, /nests deeper than 40/],
];
for (const [json, reason] of refusedJson) {
  test(`CQL2 refuses ${json.slice(0, 60)}`, () => {
    assert.throws(() => parseCql2Json(json), { name: 'RangeError', message: reason });
  });
}

/** Well-formed, but not about incidents as they are. */
const refusedByIncidents: readonly (readonly [text: string, reason: RegExp])[] = [
  ["nothing = 'a'", /unknown property 'nothing' at character 1; known are id, /],
  ["toString = 'a'", /unknown property 'toString'/],
  ['type = 5', /compares text with number at character 8/],
  ["starts_at > '2025-08-01'", /compares instant with text.*a time is written DATE/],
  ["time = DATE('2025-08-01')", /compares text with instant at character 13.*by the T_ functions/],
  ["geometry = 'a'", /has geometry at character 1/],
  ["targets = 'rail'", /has list at character 1/],
  ['title LIKE place', /has a pattern at character 12 that is no text/],
  ["title LIKE 'a\\\\'", /pattern at character 12 that ends in an escape/],
  ["type IN ('a', 1)", /compares text with number at character 15/],
  ['type IN ()', /empty list at character 9/],
  ['area_only < 1', /compares boolean with number at character 13/],
  ["T_AFTER(title, DATE('2025-08-01'))", /has text at character 9; t_after takes/],
  ['S_WITHIN(geometry, GEOMETRYCOLLECTION(POINT(1 2)))', /GEOMETRYCOLLECTION at character 20/],
  ['A_CONTAINS(targets, (1))', /has number at character 22 in a list of text/],
  ['CASEI(killed_lowest) = 5', /has number at character 7; casei takes text/],
  ['S_WITHIN(geometry)', /has 1 for s_within at character 1, which takes 2/],
  ["TRUE = 'a'", /compares boolean with text/],
];
for (const [text, reason] of refusedByIncidents) {
  test(`incidents refuse ${text}`, () => {
    assert.throws(() => checkExpression(parseCql2Text(text), queryables.incidents), {
      name: 'RangeError',
      message: reason,
    });
  });
}
