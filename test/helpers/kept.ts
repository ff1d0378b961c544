import assert from 'node:assert/strict';
import sql, { join, raw, type Sql } from 'sql-template-tag';
import type { Database } from '../../server/db/database.ts';
import { tollRange, tollRanges } from '../../server/domain/facets.ts';
import { geoPrecisions, targetTypes } from '../../server/domain/vocabulary.ts';

/** Columns of the sums, and which incidents (`i`, with their toll in `d`) they count. */
const listed: readonly (readonly [column: string, has: Sql])[] = [
  ...geoPrecisions.map(
    (code) => [`geo_precision_${code}`, sql`i.geo_precision = ${code}`] as const,
  ),
  ...targetTypes.map((code) => [`target_${code}`, sql`i.targets @> ARRAY[${code}]`] as const),
  ...(['killed', 'injured'] as const).flatMap((measure) =>
    tollRanges.map((range) => {
      const { from, to } = tollRange(range);
      const name = raw(measure);
      return [
        `${measure}_${range.replace('..', '')}`,
        sql`(d.toll).${name}_highest >= ${from}::float8 AND (d.toll).${name}_lowest <= coalesce(${to}::float8, 'infinity')`,
      ] as const;
    }),
  ),
];

/** What the public views say are the sources of an incident (`id`). */
const sources = (id: Sql) => sql`
  ARRAY(SELECT c.source FROM api.claim c WHERE c.incident = ${id}
        UNION SELECT x.source FROM api.incident_source x WHERE x.incident = ${id} ORDER BY 1)::text[]`;

/** What is kept and what the record makes of the same incidents; each row is a difference. */
const differences: Readonly<Record<string, Sql>> = {
  rows: sql`
    SELECT coalesce(r.incident, d.incident) AS incident
      FROM (SELECT * FROM atlas.incident_read WHERE properties IS NOT NULL) r
      FULL JOIN api.incident_derived d ON d.incident = r.incident
      LEFT JOIN atlas.incident i ON i.id = d.incident
     WHERE r.properties IS DISTINCT FROM d.properties OR r.toll IS DISTINCT FROM d.toll
        OR (r.geo_precision, r.targets) IS DISTINCT FROM (i.geo_precision, i.targets)
        OR ARRAY(SELECT unnest(r.sources) ORDER BY 1) IS DISTINCT FROM ${sources(sql`d.incident`)}`,
  sums: sql`
    WITH kept AS (
           SELECT by, starts_at, ends_at, time_precision, type, attacker, country, region, incidents,
                  killed_lowest, killed_highest, killed_given, killed_latest, killed_dated,
                  injured_lowest, injured_highest, injured_given, injured_latest, injured_dated,
                  ${join(listed.map(([column]) => raw(column)))}
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
                  coalesce(sum((d.toll).injured_latest), 0), count((d.toll).injured_latest),
                  ${join(listed.map(([, has]) => sql`CASE by WHEN 'kind' THEN count(*) FILTER (WHERE ${has}) END`))}
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
  sources: sql`
    WITH kept AS (SELECT source, type, incidents FROM api.source_count),
         made AS (SELECT source, i.type, count(*)
                    FROM api.incident i CROSS JOIN LATERAL unnest(${sources(sql`i.id`)}) AS source
                   GROUP BY 1, 2)
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
