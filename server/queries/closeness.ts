import sql, { type Sql } from 'sql-template-tag';
import { nameKey } from '../domain/place-name.ts';

/** Similarity (pg_trgm) from which a name counts as meant: one letter missing, added or swapped. */
const nearEnough = 0.45;

/**
 * How near the nearest of a row's names is to the one asked for: 3 the same, 2 it begins so, 1.5 a
 * word in it does, 1 it contains it, below that the similarity of the two.
 */
export function closeness(keys: Sql, name: string): Sql {
  const key = nameKey(name);
  return sql`(
    SELECT coalesce(max(CASE WHEN k = ${key}::text THEN 3
                             WHEN starts_with(k, ${key}::text) THEN 2
                             WHEN position(' ' || ${key}::text IN k) > 0 THEN 1.5
                             WHEN position(${key}::text IN k) > 0 THEN 1
                             ELSE word_similarity(${key}::text, k)
                         END)::float8, 0)
      FROM unnest(${keys}) k)`;
}

/** Whether one of a row's names is the one asked for, or nearly so. */
export function isNamed(keys: Sql, name: string): Sql {
  return nameKey(name) === '' ? sql`false` : sql`${closeness(keys, name)} >= ${nearEnough}::float8`;
}
