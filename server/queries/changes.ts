import sql, { join } from 'sql-template-tag';
import type { QueryOptions, Session } from '../db/database.ts';
import type { Cursor } from '../domain/paging.ts';
import { beyond, orderBy, type SortKey } from './order.ts';

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

const order: readonly SortKey[] = [
  { column: sql`at`, type: 'timestamptz', direction: 'ASC' },
  { column: sql`(collection COLLATE "C")`, type: 'text', direction: 'ASC' },
  { column: sql`(id COLLATE "C")`, type: 'text', direction: 'ASC' },
];

/**
 * What has changed for the public after an instant, the oldest change first, and how many changes
 * there are in all: what is there now and was not, what is there in another version, and what is
 * gone. A record whose embargo has lapsed since is added. A claim that comes or goes with its
 * incident or source is not listed apart. A load changes very many at one instant, so the page after
 * this one is found by more than the time.
 */
export async function changesSince(
  session: Session,
  since: string,
  { limit, cursor }: { readonly limit: number; readonly cursor: Cursor | undefined },
  options: QueryOptions,
): Promise<{ changes: Change[]; numberMatched: number; next: Cursor | undefined }> {
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
  const rows = await session.query<{ [Name in keyof Row]: Row[Name] | null } & Matched>(
    sql`WITH changes AS (${join([...present, ...gone], ' UNION ALL ')})
        SELECT page.*, matched
          FROM (SELECT count(*) AS matched FROM changes) AS counted
          LEFT JOIN (SELECT collection, id, change, at, at::text AS moment
                       FROM changes
                      WHERE ${cursor === undefined ? sql`true` : beyond(order, cursor)}
                      ORDER BY ${orderBy(order)}
                      LIMIT ${limit + 1}) AS page ON true
         ORDER BY ${orderBy(order)}`,
    options,
  );
  const changes = rows.flatMap(({ collection, id, change, at, moment }): Row[] =>
    collection === null || id === null || change === null || at === null || moment === null
      ? []
      : [{ collection, id, change, at, moment }],
  );
  const last = changes.length > limit ? changes[limit - 1] : undefined;
  return {
    changes: changes.slice(0, limit).map(({ moment: _, ...change }) => change),
    numberMatched: rows[0]?.matched ?? 0,
    next:
      last === undefined
        ? undefined
        : { side: 'after', key: [last.moment, last.collection, last.id] },
  };
}

type Row = Change & { readonly moment: string };
interface Matched {
  readonly matched: number;
}
