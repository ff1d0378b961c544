import assert from 'node:assert/strict';
import sql, { type Sql } from 'sql-template-tag';
import type { Database } from '../../server/db/database.ts';

/** What is kept and what the record makes of the same incidents; each row is a difference. */
const differences: Readonly<Record<string, Sql>> = {
  rows: sql`
    SELECT coalesce(r.incident, d.incident) AS incident
      FROM (SELECT * FROM atlas.incident_read WHERE properties IS NOT NULL) r
      FULL JOIN api.incident_derived d ON d.incident = r.incident
     WHERE r.properties IS DISTINCT FROM d.properties OR r.toll IS DISTINCT FROM d.toll`,
  sums: sql`
    WITH kept AS (
           SELECT by, starts_at, ends_at, time_precision, type, attacker, country, region, incidents,
                  killed_lowest, killed_highest, killed_given, killed_latest, killed_dated,
                  injured_lowest, injured_highest, injured_given, injured_latest, injured_dated
             FROM api.incident_count),
         made AS (
           SELECT by, i.starts_at, i.ends_at, i.time_precision,
                  CASE by WHEN 'kind' THEN i.type END, CASE by WHEN 'kind' THEN i.attacker END,
                  CASE by WHEN 'place' THEN i.country END, CASE by WHEN 'place' THEN i.region END,
                  count(*),
                  coalesce(sum((d.toll).killed_lowest), 0), coalesce(sum((d.toll).killed_highest), 0),
                  count((d.toll).killed_highest),
                  coalesce(sum((d.toll).killed_latest), 0), count((d.toll).killed_latest),
                  coalesce(sum((d.toll).injured_lowest), 0), coalesce(sum((d.toll).injured_highest), 0),
                  count((d.toll).injured_highest),
                  coalesce(sum((d.toll).injured_latest), 0), count((d.toll).injured_latest)
             FROM api.incident_derived d
             JOIN atlas.incident i ON i.id = d.incident
            CROSS JOIN (VALUES ('kind'), ('place')) AS kinds(by)
            GROUP BY 1, 2, 3, 4, 5, 6, 7, 8)
    (TABLE kept EXCEPT TABLE made) UNION ALL (TABLE made EXCEPT TABLE kept)`,
  cells: sql`
    WITH kept AS (
           SELECT level, shape, cell, type, incidents, reach_m, round((x_sum / incidents)::numeric, 9),
                  round((y_sum / incidents)::numeric, 9),
                  west, south, east, north, killed_highest, killed_given, injured_highest, injured_given
             FROM api.incident_cell),
         made AS (
           SELECT level::smallint, v.shape, i.morton >> (2 * (31 - level)), i.type, count(*), max(v.reach_m),
                  round(avg((ST_X(i.geom) + 180) / 360)::numeric, 9),
                  round(avg(atlas.mercator_y(ST_Y(i.geom)))::numeric, 9),
                  min(ST_X(i.geom)), min(ST_Y(i.geom)), max(ST_X(i.geom)), max(ST_Y(i.geom)),
                  coalesce(sum((d.toll).killed_highest), 0), count((d.toll).killed_highest),
                  coalesce(sum((d.toll).injured_highest), 0), count((d.toll).injured_highest)
             FROM api.incident_derived d
             JOIN atlas.incident i ON i.id = d.incident
             JOIN api.incident v ON v.id = i.id
            CROSS JOIN (VALUES (0), (10), (12), (14), (17)) AS levels(level)
            WHERE level > 0 OR v.shape > '-'
            GROUP BY 1, 2, 3, 4)
    (TABLE kept EXCEPT TABLE made) UNION ALL (TABLE made EXCEPT TABLE kept)`,
  dirty: sql`SELECT incident FROM atlas.incident_dirty`,
  unsettled: sql`SELECT * FROM api.unsettled`,
};

/** Fails where the rows or sums beside the record differ from what the record makes. */
export async function assertKept(database: Database, after: string): Promise<void> {
  for (const [what, statement] of Object.entries(differences)) {
    const rows = await database.transaction('write', (session) => session.query(statement));
    assert.deepEqual(rows, [], `${what} after: ${after}`);
  }
}
