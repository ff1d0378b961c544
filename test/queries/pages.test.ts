import assert from 'node:assert/strict';
import { test } from 'node:test';
import sql from 'sql-template-tag';
import type { Database, Session } from '../../server/db/database.ts';
import { parseInterval } from '../../server/domain/interval.ts';
import { countItems, featuresIn, itemsPage, readPage } from '../../server/queries/items.ts';
import { atlasDatabase } from '../helpers/atlas.ts';
import { addCopy, write } from '../helpers/incidents.ts';

const lozova = '2025-08-05-lozova';
const options = {};

/** As the API reads, but each statement is only explained: how many rows of a table it looked up. */
function lookups(database: Database, table: string): { session: Session; count: () => number } {
  let found = 0;
  const session: Session = {
    query: async ({ text, values }) => {
      const [row] = await database.query<{ 'QUERY PLAN': readonly [{ Plan: Plan }] }>({
        text: `EXPLAIN (ANALYZE, FORMAT JSON) ${text}`,
        values,
      });
      if (row !== undefined) found += rowsOf(row['QUERY PLAN'][0].Plan, table);
      return [];
    },
  };
  return { session, count: () => found };
}

interface Plan {
  readonly 'Relation Name'?: string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly Plans?: readonly Plan[];
}

function rowsOf(plan: Plan, table: string): number {
  const own = plan['Relation Name'] === table ? plan['Actual Rows'] * plan['Actual Loops'] : 0;
  return (plan.Plans ?? []).reduce((sum, part) => sum + rowsOf(part, table), own);
}

test('a page makes features of the incidents that it holds, and of no others', async (context) => {
  const database = await atlasDatabase(context);
  const { session, count } = lookups(database, 'incident_read');
  // Sorted by what no index holds, so that all that match are looked through.
  await readPage(
    session,
    'incidents',
    {
      filter: { bbox: [22, 44, 41, 53] },
      limit: 5,
      cursor: undefined,
      geometry: 'point',
      sort: [{ name: 'title', direction: 'ASC' }],
    },
    options,
  );
  assert.ok(count() > 0, 'texts are looked up');
  assert.ok(count() <= 6, `${count()} texts for a page of 5 and one that says whether more follow`);
});

test('counts hold whatever an incident lasts and whenever the interval begins', async (context) => {
  const database = await atlasDatabase(context);
  for (const [id, day, lasts] of [
    ['made-up-day', '2031-03-10', '1 day'],
    ['made-up-more', '2031-03-10', '1 day 1 microsecond'],
    ['made-up-hour', '2031-03-10', '1 hour'],
    ['made-up-month', '2031-03-01', '31 days'],
    ['made-up-year', '2031-01-01', '365 days'],
  ] as const) {
    await addCopy(database, lozova, id, day);
    await write(
      database,
      sql`UPDATE atlas.incident SET ends_at = starts_at + ${lasts}::interval WHERE id = ${id}`,
    );
  }
  const expected = {
    '2031-03-10/2031-03-10': 5,
    '2031-03-11/2031-03-11': 3,
    '2031-03-11T00:00:00Z/2031-03-11T00:00:00Z': 3,
    '2031-03-11T00:00:01Z/2031-03-12': 2,
    '2031-03-31/..': 2,
    '2031-04-01/..': 1,
    '2032-01-01/..': 0,
    '../2031-01-01': 70,
    '2031-02-01/2031-02-28': 1,
  };
  for (const [text, matched] of Object.entries(expected)) {
    const filter = { datetime: parseInterval(text), bbox: [-180, -90, 180, 90] } as const;
    assert.equal(await countItems(database, 'incidents', filter, options), matched, text);
    const all = { filter, cursor: undefined, geometry: 'point' } as const;
    for (const limit of [1, 1000]) {
      const page = await itemsPage(database, 'incidents', { ...all, limit }, options);
      assert.equal(page.numberMatched, matched, `${text}, pages of ${limit}`);
      assert.equal(featuresIn(page).length, Math.min(limit, matched), text);
    }
  }
});
