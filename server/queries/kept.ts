import sql, { type Sql } from 'sql-template-tag';
import { type Filter, filterNames } from '../domain/filter.ts';
import { dayMs } from '../domain/interval.ts';
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
  const by = keptFor(filter, []);
  if (by === undefined) return counted(filter);
  return sql`coalesce(
    (SELECT coalesce(sum(t.incidents), 0)::bigint FROM incident_count t
      WHERE t.by = ${by} AND ${where('incidents', filter)}
     HAVING ${sumsHold}),
    ${counted(filter)})`;
}

const lasts = sql`t.ends_at - t.starts_at`;

/**
 * Incidents counted one by one. Of those that last a day at most only one day before the interval need
 * be looked through; those that last longer are few and have an index of their own.
 */
function counted(filter: Filter): Sql {
  const all = (selected: Sql) => sql`(SELECT count(*) FROM incident t WHERE ${selected})`;
  const { datetime } = filter;
  if (datetime === undefined || datetime.start === null) return all(where('incidents', filter));
  const short = { ...filter, datetime: { ...datetime, longestMs: dayMs } };
  return sql`(
    ${all(sql`${where('incidents', short)} AND ${lasts} <= interval '1 day'`)}
    + ${all(sql`${where('incidents', filter)} AND ${lasts} > interval '1 day'`)})`;
}

/** What `incident_kept` can be filtered by. */
export const keptFilters = [
  'datetime',
  'type',
  'country',
  'region',
  'attacker',
  'killed',
  'injured',
] as const;

/** Columns of the incidents (`t`) that a filter selects, from beside the record where that holds. */
export function incidentsBeside(filter: Filter, columns: Sql): Sql {
  const rows = (from: Sql, holds: Sql) =>
    sql`SELECT ${columns} FROM ${from} t WHERE ${where('incidents', filter)} AND ${holds}`;
  if (!isCovered(filter, keptFilters)) return rows(sql`incident`, sql`true`);
  return sql`${rows(sql`incident_kept`, sumsHold)} UNION ALL ${rows(sql`incident`, sql`NOT ${sumsHold}`)}`;
}
