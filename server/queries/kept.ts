import sql, { type Sql } from 'sql-template-tag';
import { type Filter, filterNames } from '../domain/filter.ts';
import type { FilterName } from '../domain/parameters.ts';
import { where } from './where.ts';

/** Whether a filter names nothing but these parameters. */
export function isCovered(filter: Filter, names: readonly FilterName[]): boolean {
  return filterNames.every((name) => filter[name] === undefined || names.includes(name));
}

/** Whether the sums hold: nothing is half written, and no embargo has lapsed since they were made. */
export const sumsHold = sql`NOT EXISTS (SELECT FROM unsettled)`;

/** What the sums in `incident_count` are kept by. */
const keptBy = {
  kind: ['type', 'attacker'],
  place: ['country', 'region'],
} as const;

/** Which of the sums answer a filter and, of its groups, these columns; undefined where none do. */
export function keptFor(
  filter: Filter,
  columns: readonly string[],
): keyof typeof keptBy | undefined {
  const kinds: readonly (keyof typeof keptBy)[] = ['kind', 'place'];
  return kinds.find((by) => {
    const names: readonly FilterName[] = keptBy[by];
    return (
      isCovered(filter, ['datetime', ...names]) &&
      columns.every((column) => names.some((name) => name === column))
    );
  });
}

/** How many incidents a filter selects: from the sums where they answer it and hold, else by counting. */
export function incidentCount(filter: Filter): Sql {
  const selected = where('incidents', filter);
  const counted = sql`(SELECT count(*) FROM incident t WHERE ${selected})`;
  const by = keptFor(filter, []);
  if (by === undefined) return counted;
  return sql`coalesce(
    (SELECT coalesce(sum(t.incidents), 0)::bigint FROM incident_count t
      WHERE t.by = ${by} AND ${selected}
     HAVING ${sumsHold}),
    ${counted})`;
}
