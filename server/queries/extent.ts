import sql, { type Sql } from 'sql-template-tag';
import type { QueryOptions, Session } from '../db/database.ts';
import { type Bbox, metresOfDegree } from '../domain/bbox.ts';
import type { CollectionId } from '../domain/collections.ts';
import type { Filter } from '../domain/filter.ts';
import { isCovered, sumsHold } from './kept.ts';
import { where } from './where.ts';

/** The box (CRS84) and the time (ISO 8601, UTC; end not included) that hold a whole collection. */
export interface Extent {
  readonly bbox: Bbox | null;
  readonly interval: readonly [start: string, end: string] | null;
}

const none = sql`NULL`;
const extents: Readonly<Record<CollectionId, { from: Sql; geom: Sql; start: Sql; end: Sql }>> = {
  incidents: { from: sql`incident`, geom: sql`geom`, start: sql`starts_at`, end: sql`ends_at` },
  regions: { from: sql`region`, geom: sql`geom`, start: none, end: none },
  claims: {
    from: sql`claim c JOIN incident i ON i.id = c.incident`,
    geom: sql`i.geom`,
    start: sql`c.reported_from`,
    end: sql`c.reported_until`,
  },
  sources: {
    from: sql`source`,
    geom: none,
    start: sql`published_from`,
    end: sql`published_until`,
  },
  places: { from: sql`place`, geom: sql`geom`, start: none, end: none },
};

/** The extent of what is public in a collection. */
export async function extentOf(
  session: Session,
  collection: CollectionId,
  options: QueryOptions,
): Promise<Extent> {
  const { from, geom, start, end } = extents[collection];
  const [row] = await session.query<{
    bbox: Bbox | null;
    start: string | null;
    end: string | null;
  }>(
    sql`SELECT CASE WHEN b IS NULL THEN NULL
                    ELSE ARRAY[ST_XMin(b), ST_YMin(b), ST_XMax(b), ST_YMax(b)] END AS bbox,
               first::timestamptz AS start,
               last::timestamptz AS end
          FROM (SELECT ST_Extent(${geom}::geometry) AS b, min(${start}) AS first, max(${end}) AS last
                  FROM ${from}) AS extent`,
    options,
  );
  if (row === undefined) return { bbox: null, interval: null };
  return {
    bbox: row.bbox,
    interval: row.start === null || row.end === null ? null : [row.start, row.end],
  };
}

/**
 * The box (CRS84) that holds the incidents of a filter, as far as each may lie from its point; null
 * where there are none. Of what lies on both sides of the antimeridian it goes around the world.
 */
export async function boxOf(
  session: Session,
  filter: Filter,
  options: QueryOptions,
): Promise<Bbox | null> {
  const selected = where('incidents', filter);
  const counted = boxAround(sql`
    SELECT ST_X(t.geom) AS west, ST_Y(t.geom) AS south, ST_X(t.geom) AS east, ST_Y(t.geom) AS north, t.reach_m
      FROM incident t
     WHERE ${selected}`);
  const kept = boxAround(sql`
    SELECT t.west, t.south, t.east, t.north, t.reach_m
      FROM incident_cell t
     WHERE t.level = 10 AND ${selected}`);
  const [row] = await session.query<{ box: Bbox | null }>(
    isCovered(filter, ['type'])
      ? sql`SELECT coalesce((${kept} HAVING ${sumsHold}), (${counted})) AS box`
      : sql`SELECT (${counted}) AS box`,
    options,
  );
  return row?.box ?? null;
}

/** The box around boxes that each reach further by so many metres; null around none. */
function boxAround(boxes: Sql): Sql {
  return sql`
    SELECT CASE WHEN count(*) > 0 THEN ARRAY[
             greatest(-180, min(b.west - r.degrees / r.narrowing)), greatest(-90, min(b.south - r.degrees)),
             least(180, max(b.east + r.degrees / r.narrowing)), least(90, max(b.north + r.degrees))] END
      FROM (${boxes}) b
     CROSS JOIN LATERAL (
       SELECT b.reach_m / ${metresOfDegree}::float8 AS degrees,
              greatest(0.01, cos(radians(greatest(abs(b.south), abs(b.north))))) AS narrowing) r`;
}
