import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import { filterNames } from '../../server/domain/filter.ts';
import { filterParameters } from '../../server/domain/parameters.ts';
import { atlasApp } from '../helpers/atlas.ts';
import { assertIsHarmless, parsePage } from '../helpers/html.ts';

/** Whatever is asked, the answer is 2xx or a 4xx that tells nothing of the database. */

const runs = Number(process.env.FUZZ_RUNS ?? 1500);

const names = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom<string>(...filterNames) },
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      'limit',
      'cursor',
      'geometry',
      'f',
      'crs',
      'bbox-crs',
      'as_of',
      'known_by',
      'by',
      'since',
      'filter',
      'filter-lang',
      'filter-crs',
      'sortby',
      'properties',
    ),
  },
  { weight: 3, arbitrary: fc.constant('filter') },
  { weight: 1, arbitrary: fc.string({ maxLength: 12 }) },
);

const hostile = fc.constantFrom(
  "' OR 1=1 --",
  "'); DROP TABLE atlas.incident; --",
  '%',
  '\\',
  '\0',
  '\ud800',
  '{{7*7}}',
  '../../etc/passwd',
  '<script>alert(1)</script>',
  '-infinity',
  'NaN',
  '1e400',
  '-0',
  '0x1F',
  '99999999999999999999',
  '2025-02-30',
  '0000-00-00T00:00:00Z/..',
  '9999-12-31T23:59:59Z/..',
  '9999-12-31',
  '9999-12-31T23:59:59-23:59',
  '0001-01-01T00:00:00+23:59',
  '-1..-2',
  '..',
  'null',
  'WyJhZnRlciIsIi1pbmZpbml0eSIsIiJd',
  'x'.repeat(3000),
  'a,'.repeat(500),
  '\u202e\u200b',
  '📍',
);

/** A real value, now and then with something wrong in it. */
const examples = fc
  .tuple(
    fc.constantFrom(...filterNames.map((name) => filterParameters[name].example)),
    fc.oneof(
      { weight: 4, arbitrary: fc.constant('') },
      { weight: 1, arbitrary: fc.string({ maxLength: 3 }) },
    ),
    fc.nat(20),
  )
  .map(([example, insert, at]) => example.slice(0, at) + insert + example.slice(at));

/** CQL2, whole or cut and stitched anywhere. */
const expressions = fc
  .tuple(
    fc.constantFrom(
      "CASEI(title) LIKE CASEI('%Kyiv%') AND NOT (killed_highest BETWEEN 1 AND 5)",
      "S_INTERSECTS(geometry, POLYGON((30 50, 31 50, 31 51, 30 50))) OR region IN ('UA-30', 'UA-63')",
      "T_INTERSECTS(INTERVAL(starts_at, '..'), INTERVAL('2025-08-01', '2025-08-07T12:00:00Z'))",
      "A_CONTAINS(targets, ('rail')) AND starts_at >= DATE('2025-08-01') OR area IS NOT NULL",
      '{"op":"and","args":[{"op":"=","args":[{"property":"type"},"other"]},{"op":"s_within","args":[{"property":"geometry"},{"bbox":[1,2,3,4]}]}]}',
      '{"op":"t_during","args":[{"property":"time"},{"interval":["2025-08-01",".."]}]}',
    ),
    fc.nat(120),
    fc.nat(12),
    fc.oneof(
      fc.constant(''),
      fc.string({ maxLength: 4 }),
      fc.constantFrom('(', ')', "'", '1e9', 'NOT '),
    ),
  )
  .map(([text, at, cut, insert]) => text.slice(0, at) + insert + text.slice(at + cut));

const values = fc.oneof(
  { weight: 3, arbitrary: expressions },
  { weight: 5, arbitrary: examples },
  { weight: 3, arbitrary: hostile },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
  { weight: 1, arbitrary: fc.webQueryParameters() },
);

const paths = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom(
      '/api/collections/incidents/items',
      '/api/collections/regions/items',
      '/api/collections/claims/items',
      '/api/collections/sources/items',
      '/api/collections/places/items',
      '/api/collections/incidents/aggregate',
      '/api/collections/incidents/tiles/WebMercatorQuad/3/2/4',
      '/api/collections/regions/tiles/WebMercatorQuad/3/2/4',
      '/api/collections/incidents/items/2025-08-05-lozova',
      '/api/changes',
      '/api',
      '/api/collections',
    ),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(
        fc.constantFrom('/api/collections/', '/api/collections/incidents/items/', '/api/', '/'),
        fc.string({ unit: 'binary', maxLength: 20 }),
      )
      .map(([start, rest]) => start + encodeURIComponent(rest.toWellFormed())),
  },
);

const encodings = fc.constantFrom(
  (text: string) => encodeURIComponent(text.toWellFormed()),
  (text: string) => encodeURIComponent(text.toWellFormed()).replaceAll('%20', '+'),
  // Raw but for what would end the request line.
  (text: string) => text.toWellFormed().replace(/[\s#\p{Cc}]|[^\x20-\x7e]/gu, ''),
);

test('fuzz', { timeout: 900_000 }, async (context: TestContext) => {
  const { app, database } = await atlasApp(context);
  const statuses = new Map<number, number>();
  await fc.assert(
    fc.asyncProperty(
      paths,
      fc.array(fc.tuple(names, values), { maxLength: 4 }),
      encodings,
      fc.constantFrom('*/*', 'text/html'),
      async (path, query, encode, accept) => {
        const search = query.map(([name, value]) => `${encode(name)}=${encode(value)}`).join('&');
        const url = `${path}${search === '' ? '' : `?${search}`}`;
        const { statusCode, body, headers } = await app.inject({ url, headers: { accept } });
        statuses.set(statusCode, (statuses.get(statusCode) ?? 0) + 1);
        assert.ok(statusCode < 500, `${statusCode} ${body.slice(0, 300)}`);
        const type = String(headers['content-type']);
        if (type.startsWith('text/html')) assertIsHarmless(parsePage(body), url);
        if (statusCode < 400) return;
        assert.match(type, /^(?:application\/problem\+json|text\/html)/);
        assert.doesNotMatch(body, /relation "|syntax error|invalid input|pg_|node_modules|\.ts:/i);
      },
    ),
    { numRuns: runs },
  );
  assert.ok((statuses.get(200) ?? 0) > runs / 50, `too few were honoured: ${[...statuses]}`);
  assert.ok((statuses.get(400) ?? 0) > runs / 10, `too few were refused: ${[...statuses]}`);
  const [row] = await database.query<{ count: number }>({
    text: 'SELECT count(*) AS count FROM incident',
    values: [],
  });
  assert.equal(row?.count, 69);
});
