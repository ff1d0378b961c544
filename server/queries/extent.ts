import sql, { type Sql } from 'sql-template-tag';
import type { QueryOptions, Session } from '../db/database.ts';
import type { Bbox } from '../domain/bbox.ts';
import type { CollectionId } from '../domain/collections.ts';

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
