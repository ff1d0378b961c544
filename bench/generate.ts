import sql from 'sql-template-tag';
import type { Database } from '../server/db/database.ts';

/** Incidents made by one statement. */
const batch = 10_000;

/**
 * Fills a loaded database up with made-up incidents: copies of those that it holds, moved by up to
 * half a degree and over four years, some of them known only to a week or a month, half of them with
 * a toll claimed. The same number makes the same incidents.
 */
export async function addIncidents(database: Database, count: number): Promise<void> {
  for (let from = 0; from < count; from += batch) {
    const until = Math.min(count, from + batch);
    await database.transaction('write', (session) => addBatch(session, from, until), {
      statementMs: 300_000,
    });
  }
  await database.transaction('write', (session) => session.query(sql`ANALYZE`));
}

async function addBatch(
  session: Parameters<Parameters<Database['transaction']>[1]>[0],
  from: number,
  until: number,
): Promise<void> {
  await session.query(sql`
    INSERT INTO atlas.incident
      (id, title, summary, type, attacker, targets, country, region, place, time, time_precision,
       starts_at, ends_at, geo_precision, uncertainty_m, coordinate_source, geom, area, morton,
       dataset, status, recorded_at)
    SELECT 'made-' || n, 'Made up: ' || i.title, i.summary, i.type, i.attacker, i.targets, i.country,
           i.region, i.place,
           CASE days WHEN 1 THEN day::text ELSE day || '/' || (day + days - 1) END,
           CASE days WHEN 1 THEN 'day' WHEN 7 THEN 'week' ELSE 'month' END,
           day::timestamp AT TIME ZONE 'UTC', (day + days)::timestamp AT TIME ZONE 'UTC',
           i.geo_precision, i.uncertainty_m, i.coordinate_source, moved.geom, around.area, 0, i.dataset,
           'published', now()
      FROM generate_series(${from}::integer, ${until - 1}::integer) AS n
      JOIN (SELECT *, row_number() OVER (ORDER BY id) - 1 AS place_in_list, count(*) OVER () AS many
              FROM atlas.incident
             WHERE id NOT LIKE 'made-%' AND geo_precision IN ('site', 'settlement')) i
        ON i.place_in_list = n % i.many
     CROSS JOIN LATERAL (
       SELECT date '2021-09-01' + (n::bigint * 7919 % 1460)::integer AS day,
              CASE WHEN n % 50 = 0 THEN 30 WHEN n % 20 = 0 THEN 7 ELSE 1 END AS days,
              ST_Translate(i.geom, (n::bigint * 613 % 1000) / 1000.0 - 0.5,
                                   (n::bigint * 419 % 1000) / 1000.0 - 0.5) AS geom) AS moved
     CROSS JOIN LATERAL (SELECT ST_Multi(ST_Expand(moved.geom, 0.05)) AS area) AS around`);
  await session.query(sql`
    INSERT INTO atlas.claim
      (id, incident, measure, value_min, value_max, qualifier, scope, attributed_to, source,
       reported_at, reported_day, reported_from, reported_until, report_position, recorded_at)
    SELECT 'made-' || n || '.' || measure, 'made-' || n, measure, value, value, 'exact', 'incident',
           'Nobody: made up', s.id, day::text, day, day::timestamp AT TIME ZONE 'UTC',
           (day + 1)::timestamp AT TIME ZONE 'UTC', position, now()
      FROM generate_series(${from}::integer, ${until - 1}::integer) AS n
     CROSS JOIN (VALUES ('killed', 1, 7), ('injured', 2, 40)) AS toll(measure, position, most)
     CROSS JOIN LATERAL (SELECT date '2021-09-01' + (n::bigint * 7919 % 1460)::integer AS day,
                                n % toll.most AS value) AS said
     CROSS JOIN (SELECT min(id) AS id FROM atlas.source) AS s
     WHERE n % 2 = 0`);
}
