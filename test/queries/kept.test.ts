import assert from 'node:assert/strict';
import { test } from 'node:test';
import sql, { type Sql } from 'sql-template-tag';
import type { Database, Session } from '../../server/db/database.ts';
import { parseFilter } from '../../server/domain/filter.ts';
import type { PointInTime } from '../../server/domain/point-in-time.ts';
import { aggregate } from '../../server/queries/aggregate.ts';
import { facetCounts } from '../../server/queries/facets.ts';
import { countItems, featuresIn, itemsPage } from '../../server/queries/items.ts';
import { reading } from '../../server/queries/point-in-time.ts';
import { atlasDatabase } from '../helpers/atlas.ts';
import { addCopy, retract, untilLapsed, write } from '../helpers/incidents.ts';
import { assertKept } from '../helpers/kept.ts';

const lozova = '2025-08-05-lozova';
const kryvyiRih = '2025-04-04-kryvyi-rih';

const edits: readonly (readonly [after: string, statement: Sql])[] = [
  ['another type', sql`UPDATE atlas.incident SET type = 'shelling' WHERE id = ${lozova}`],
  [
    'another place, out of the edge of its cell',
    sql`UPDATE atlas.incident SET geom = ST_Translate(geom, 0.0001, 0.0002) WHERE id = ${lozova}`,
  ],
  [
    'another day and region',
    sql`UPDATE atlas.incident SET starts_at = starts_at + interval '1 day', ends_at = ends_at + interval '1 day', region = NULL WHERE id = ${lozova}`,
  ],
  [
    'known as a region only',
    sql`UPDATE atlas.incident SET geo_precision = 'region' WHERE id = ${lozova}`,
  ],
  [
    'an area that is the region',
    sql`UPDATE atlas.incident SET area = NULL, region = 'UA-63' WHERE id = ${lozova}`,
  ],
  [
    'a higher toll',
    sql`UPDATE atlas.claim SET value_max = value_max + 5
         WHERE incident = ${lozova} AND measure = 'killed' AND qualifier <> 'exact'`,
  ],
  ['claims withdrawn', sql`UPDATE atlas.claim SET status = 'retracted' WHERE incident = ${lozova}`],
  [
    'a claim moved to another incident',
    sql`UPDATE atlas.claim SET incident = ${kryvyiRih}
         WHERE id = (SELECT min(id) FROM atlas.claim WHERE measure = 'killed' AND incident <> ${kryvyiRih})`,
  ],
  [
    'a source under another name',
    sql`UPDATE atlas.source SET publisher = 'Made up' WHERE publisher LIKE 'F%'`,
  ],
  [
    'sources withdrawn',
    sql`UPDATE atlas.source SET status = 'retracted' WHERE publisher LIKE 'R%'`,
  ],
  [
    'another source instead of one',
    sql`UPDATE atlas.incident_source SET source = (
          SELECT min(id) FROM atlas.source WHERE id NOT IN (SELECT source FROM atlas.incident_source))
         WHERE (incident, source) = (SELECT min(incident), min(source) FROM atlas.incident_source
                                      GROUP BY incident ORDER BY 1 LIMIT 1)`,
  ],
  [
    'no sources but those of claims',
    sql`DELETE FROM atlas.incident_source WHERE incident = ${lozova}`,
  ],
  [
    'a source that no claim has',
    sql`INSERT INTO atlas.incident_source (incident, source)
        SELECT ${lozova}, min(source) FROM atlas.claim WHERE incident <> ${lozova}`,
  ],
  [
    'drafts of sources',
    sql`UPDATE atlas.source SET status = 'draft' WHERE id IN (SELECT source FROM atlas.incident_source)`,
  ],
  [
    'other targets',
    sql`UPDATE atlas.incident SET targets = '{rail,other}' WHERE starts_at >= '2025-08-01'`,
  ],
  [
    'a region under another name',
    sql`UPDATE atlas.region SET name_en = 'Made up' WHERE code = 'UA-12'`,
  ],
  ['nothing', sql`UPDATE atlas.incident SET title = title`],
  [
    'a draft, and everything else of a month',
    sql`UPDATE atlas.incident SET status = 'draft', summary = summary || ' Made up.'
         WHERE starts_at >= '2025-08-01'`,
  ],
  ['public again', sql`UPDATE atlas.incident SET status = 'published' WHERE status = 'draft'`],
];

const filters: readonly Readonly<Record<string, string>>[] = [
  {},
  { datetime: '2025-06-01/2025-08-05' },
  { type: 'drone_strike' },
  { type: 'drone_strike,missile_strike', datetime: '2025-05-01/..' },
  { region: 'UA-63,unassigned', killed: '1..' },
  { bbox: '34,46,38,51', source: 'independent-0805' },
  { target: 'residential', geo_precision: 'settlement,site', attacker: 'RU' },
];

/** Facets out of what is kept are those of the past that is now, which are counted in the record. */
async function assertFacets(database: Database, after: string): Promise<void> {
  for (const text of filters) {
    const filter = parseFilter(text);
    const of = (at: PointInTime) =>
      reading(database, at, (session) => facetCounts(session, filter, {}), {});
    assert.deepEqual(
      await of({}),
      await of({ asOf: '2999-01-01T00:00:00Z' }),
      `${JSON.stringify(text)} after: ${after}`,
    );
  }
}

test('what is kept beside the record is what the record makes, after every kind of edit', async (context) => {
  const database = await atlasDatabase(context);
  await assertKept(database, 'loading');
  await assertFacets(database, 'loading');
  for (const [after, statement] of edits) {
    await write(database, statement);
    await assertKept(database, after);
    await assertFacets(database, after);
  }
  await addCopy(database, kryvyiRih, 'made-up-copy', '2025-04-06');
  await assertKept(database, 'an incident added');
  await retract(database, 'made-up-copy');
  await assertKept(database, 'an incident taken back');
});

test('a writer who is not done reads its own writes', async (context) => {
  const database = await atlasDatabase(context);
  await database.transaction('write', async (session) => {
    await session.query(sql`UPDATE atlas.incident SET type = 'sabotage' WHERE id = ${lozova}`);
    await session.query(sql`SET LOCAL search_path = api, public`);
    const [row] = await session.query(
      sql`SELECT properties::json->>'type' AS type FROM incident WHERE id = ${lozova}`,
    );
    assert.deepEqual(row, { type: 'sabotage' });
    const filter = { type: ['sabotage'] } as const;
    const count = await countItems(session, 'incidents', filter, {});
    const [exact] = await session.query<{ count: number }>(
      sql`SELECT count(*) AS count FROM incident WHERE type = 'sabotage'`,
    );
    assert.equal(count, exact?.count);
    const facets = await facetCounts(session, {}, {});
    const found = facets.find(({ facet, value }) => facet === 'type' && value === 'sabotage');
    assert.equal(found?.incidents, exact?.count);
    for (const measure of ['killed', 'injured']) {
      const counted = facets.filter(({ facet }) => facet === measure);
      assert.ok(
        counted.some(({ incidents }) => incidents > 0),
        measure,
      );
    }
  });
});

test('an embargo that lapses shows without a write, and sums step aside until the next', async (context) => {
  const database = await atlasDatabase(context);
  const shown = () =>
    database.transaction('read', async (session) => ({
      lozova: (
        await session.query<{ highest: number | null }>(
          sql`SELECT (toll).killed_highest AS highest FROM incident WHERE id = ${lozova}`,
        )
      )[0]?.highest,
      count: await countItems(session, 'incidents', {}, {}),
      sum: (await aggregate(session, [], ['killed'], {}, {}))[0]?.sums.killed?.highest,
      linked: (await facetCounts(session, {}, {})).find(({ value }) => value === 'made-up')
        ?.incidents,
    }));
  // A source that no claim has.
  await write(
    database,
    sql`INSERT INTO atlas.source (id, url, dataset)
        SELECT 'made-up', url, dataset FROM atlas.source LIMIT 1`,
  );
  await write(
    database,
    sql`INSERT INTO atlas.incident_source (incident, source) VALUES (${lozova}, 'made-up')`,
  );
  const before = await shown();
  const impose = async (until: string) => {
    await write(
      database,
      sql`UPDATE atlas.claim SET embargo_until = ${until}
           WHERE incident = ${lozova} AND measure = 'killed'`,
    );
    await write(
      database,
      sql`UPDATE atlas.incident SET embargo_until = ${until} WHERE id = ${kryvyiRih}`,
    );
    await write(
      database,
      sql`UPDATE atlas.source SET embargo_until = ${until} WHERE id = 'made-up'`,
    );
  };
  const during = await untilLapsed(impose, shown);
  assert.equal(during.lozova, null);
  assert.equal(during.count, before.count - 1);
  assert.deepEqual([before.linked, during.linked], [1, undefined]);
  assert.ok((during.sum ?? 0) < (before.sum ?? 0));
  assert.deepEqual(await shown(), before);
  await write(
    database,
    sql`UPDATE atlas.source SET title = 'Made up' WHERE id = (SELECT min(id) FROM atlas.source)`,
  );
  assert.deepEqual(await shown(), before);
  await assertKept(database, 'an embargo that lapsed, and a write');
});

test('rows that a writer leaves for later are made by the next one; nobody sees a wrong sum meanwhile', async (context) => {
  const database = await atlasDatabase(context);
  const counted = () =>
    database.transaction('read', async (session) => ({
      listed: await session.query<{ title: string }>(
        sql`SELECT properties::json->>'title' AS title FROM incident WHERE type = 'other'`,
      ),
      count: await countItems(session, 'incidents', { type: ['other'] }, {}),
      page: await pageOf(session),
      sums: (await aggregate(session, ['type'], [], {}, {})).find(
        ({ keys }) => keys[0] === 'other',
      ),
    }));
  const pageOf = async (session: Session) => {
    const request = { filter: { type: ['other'] }, limit: 9, cursor: undefined } as const;
    const page = await itemsPage(session, 'incidents', { ...request, geometry: 'point' }, {});
    const features = featuresIn(page).map((text) => JSON.parse(text));
    return {
      matched: page.numberMatched,
      titles: features.map(({ properties }) => properties.title),
    };
  };
  const before = await counted();
  await database.transaction('write', async (session) => {
    await session.query(sql`SELECT set_config('atlas.read_later', 'on', true)`);
    await session.query(sql`UPDATE atlas.incident SET type = 'other' WHERE id = ${lozova}`);
    await session.query(
      sql`INSERT INTO atlas.incident (id, title, summary, type, attacker, targets, country, region,
              place, time, time_precision, starts_at, ends_at, geo_precision, uncertainty_m,
              coordinate_source, geom, morton, dataset, status, recorded_at)
          SELECT 'made-up-later', 'Made up', '', 'other', attacker, targets, country, region, place,
                 time, time_precision, starts_at, ends_at, geo_precision, uncertainty_m,
                 coordinate_source, geom, 0, dataset, status, atlas.recording_at()
            FROM atlas.incident WHERE id = ${kryvyiRih}`,
    );
  });
  const during = await counted();
  assert.equal(during.listed.length, before.listed.length + 2);
  assert.equal(during.count, before.count + 2);
  assert.equal(during.page.matched, during.count);
  assert.deepEqual(
    during.page.titles.toSorted(),
    during.listed.map(({ title }) => title).toSorted(),
  );
  await write(database, sql`UPDATE atlas.source SET title = 'Made up' WHERE publisher LIKE 'F%'`);
  assert.deepEqual(await counted(), during);
  await assertKept(database, 'rows left for later, and another write');
});
