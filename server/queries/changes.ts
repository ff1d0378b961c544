import sql, { join } from 'sql-template-tag';
import type { QueryOptions, Session } from '../db/database.ts';

/** One record that is not as it was: nothing but its name where it is withdrawn. */
export interface Change {
  readonly collection: string;
  readonly id: string;
  readonly change: 'added' | 'changed' | 'withdrawn';
  /** When its present state became the record (ISO 8601, UTC). */
  readonly at: string;
}

/**
 * The tables that have a visibility of their own, the collections that they make up, and when a
 * record (`n`) that was not seen had only itself to thank for it.
 */
const kinds = [
  ['incident', 'incidents', sql`incident`, sql`true`],
  [
    'claim',
    'claims',
    sql`claim`,
    sql`EXISTS (SELECT FROM api_then.incident i WHERE i.id = n.incident)
        AND EXISTS (SELECT FROM api_then.source s WHERE s.id = n.source)`,
  ],
  ['source', 'sources', sql`source`, sql`true`],
  ['territorial_claim', 'regions', sql`territorial_claim`, sql`true`],
] as const;

/**
 * What has changed for the public after an instant, the oldest change first, and how many changes
 * there are in all: what is there now and was not, what is there in another version, and what is
 * gone. A record whose embargo has lapsed since is added. A claim that comes or goes with its
 * incident or source is not listed apart.
 */
export async function changesSince(
  session: Session,
  since: string,
  limit: number,
  options: QueryOptions,
): Promise<{ changes: Change[]; numberMatched: number }> {
  await session.query(sql`SELECT set_config('atlas.as_of', ${since}, true)`, options);
  const present = kinds.map(
    ([, collection, table, wasHidden]) => sql`
      SELECT ${collection}::text AS collection, n.id::text AS id,
             CASE WHEN o.id IS NULL THEN 'added' ELSE 'changed' END AS change, n.recorded_at AS at
        FROM api.${table} n
        LEFT JOIN api_then.${table} o ON o.id = n.id
       WHERE n.recorded_at > ${since}::timestamptz OR (o.id IS NULL AND ${wasHidden})`,
  );
  const gone = kinds.map(
    ([kind, collection]) => sql`
      SELECT ${collection}::text, w.id, 'withdrawn', w.withdrawn_at
        FROM api.withdrawn w
       WHERE w.kind = ${kind} AND w.withdrawn_at > ${since}::timestamptz`,
  );
  const rows = await session.query<Change & { matched: number }>(
    sql`SELECT collection, id, change, at, count(*) OVER () AS matched
          FROM (${join([...present, ...gone], ' UNION ALL ')}) AS changes
         ORDER BY at, collection, id
         LIMIT ${limit}`,
    options,
  );
  return {
    changes: rows.map(({ matched: _, ...change }) => change),
    numberMatched: rows[0]?.matched ?? 0,
  };
}
