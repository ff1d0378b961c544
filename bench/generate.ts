import sql from 'sql-template-tag';
import type { Database, Session } from '../server/db/database.ts';

/** Incidents made by one statement. */
const batch = 10_000;

/**
 * Fills a loaded database up with made-up incidents, spread as such records are: most in few of the
 * gazetteer's settlements, half of them on a settlement's one point and three in a hundred on that of
 * Kyiv, over four years, some known only to a week, a month, a district or a region, half of them with
 * a toll claimed. The same count makes the same incidents.
 */
export async function addIncidents(database: Database, count: number): Promise<void> {
  for (let from = 0; from < count; from += batch) {
    const until = Math.min(count, from + batch);
    await database.transaction('write', (session) => addBatch(session, from, until), {
      statementMs: 300_000,
    });
  }
  await database.transaction('write', (session) => session.query(sql`ANALYZE`), {
    statementMs: 300_000,
  });
}

async function addBatch(session: Session, from: number, until: number): Promise<void> {
  // Multiples of irrational numbers fall evenly between 0 and 1, and differently for each of them.
  await session.query(sql`
    INSERT INTO atlas.incident
      (id, title, summary, type, attacker, targets, country, region, place, time, time_precision,
       starts_at, ends_at, geo_precision, uncertainty_m, coordinate_source, geom, morton, dataset,
       status, recorded_at)
    SELECT 'made-' || n, 'Made up: a strike in ' || p.name,
           'Made up for a benchmark, in about as many words as an editor gives to an incident: what '
             || 'was struck, with what, who says so, and what it did.',
           (ARRAY['drone_strike', 'drone_strike', 'drone_strike', 'shelling', 'shelling',
                  'missile_strike', 'missile_strike', 'airstrike', 'combined_strike', 'sabotage']
           )[1 + floor(10 * u.kind)::integer],
           CASE WHEN u.side < 0.9 THEN 'RU' WHEN u.side < 0.97 THEN 'UA' ELSE 'unknown' END,
           ARRAY['residential'], left(p.region, 2), p.region, p.name,
           CASE days WHEN 1 THEN day::text ELSE day || '/' || (day + days - 1) END,
           CASE days WHEN 1 THEN 'day' WHEN 7 THEN 'week' ELSE 'month' END,
           day::timestamp AT TIME ZONE 'UTC', (day + days)::timestamp AT TIME ZONE 'UTC',
           CASE n % 50 WHEN 0 THEN 'district' WHEN 25 THEN 'region' ELSE 'settlement' END,
           CASE n % 50 WHEN 0 THEN 20000 WHEN 25 THEN 100000 ELSE 5000 END,
           'Made up',
           CASE WHEN n % 33 = 0 OR n % 2 = 0 THEN p.geom
                ELSE ST_Translate(p.geom, 0.08 * (u.east - 0.5), 0.05 * (u.north - 0.5)) END,
           0, p.dataset, 'published', now()
      FROM generate_series(${from}::integer, ${until - 1}::integer) AS n
     CROSS JOIN LATERAL (
       SELECT m * 0.618033988749895 % 1 AS place, m * 0.754877666246693 % 1 AS moment,
              m * 0.569840290998053 % 1 AS kind, m * 0.819172513396165 % 1 AS side,
              m * 0.671043606703789 % 1 AS east, m * 0.549700477901970 % 1 AS north
         FROM (SELECT n::numeric AS m) AS exact) AS u
     CROSS JOIN LATERAL (
       SELECT date '2021-09-01' + floor(1460 * u.moment)::integer AS day,
              CASE WHEN n % 60 = 7 THEN 30 WHEN n % 20 = 3 THEN 7 ELSE 1 END AS days) AS t
     CROSS JOIN (SELECT array_agg(id ORDER BY population DESC NULLS LAST, id) AS ids
                   FROM atlas.place WHERE country = 'UA' AND region LIKE 'UA-%') AS ranked
      JOIN atlas.place p
        ON p.id = ranked.ids[CASE WHEN n % 33 = 0 THEN 1
                                  ELSE 1 + floor(cardinality(ranked.ids) * u.place ^ 3)::integer END]`);
  await session.query(sql`
    INSERT INTO atlas.claim
      (id, incident, measure, value_min, value_max, qualifier, scope, attributed_to, source,
       reported_at, reported_day, reported_from, reported_until, report_position, recorded_at)
    SELECT i.id || '.' || measure, i.id, measure, value, value, 'exact', 'incident',
           'Nobody: made up', s.id, day::text, day, day::timestamp AT TIME ZONE 'UTC',
           (day + 1)::timestamp AT TIME ZONE 'UTC', position, now()
      FROM generate_series(${from}::integer, ${until - 1}::integer) AS n
      JOIN atlas.incident i ON i.id = 'made-' || n
     CROSS JOIN (VALUES ('killed', 1, 7), ('injured', 2, 40)) AS toll(measure, position, most)
     CROSS JOIN LATERAL (SELECT i.starts_at::date AS day, n % toll.most AS value) AS said
     CROSS JOIN (SELECT min(id) AS id FROM atlas.source) AS s
     WHERE n % 2 = 0`);
}
