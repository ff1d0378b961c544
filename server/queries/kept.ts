import sql, { type Sql } from 'sql-template-tag';
import { type Filter, filterNames } from '../domain/filter.ts';
import { dayMs } from '../domain/interval.ts';
import type { FilterName } from '../domain/parameters.ts';
import type { FeatureSource } from './feature-source.ts';
import { incidents, incidentsKept } from './incidents.ts';
import { keptFilters, where } from './where.ts';

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

/** How many incidents a filter selects: from beside the record where that answers it and holds. */
export function incidentCount(filter: Filter): Sql {
  const counted = countedOf(incidents, filter);
  if (!isCovered(filter, keptFilters)) return counted;
  return sql`CASE WHEN ${sumsHold} THEN ${keptCount(filter)} ELSE ${counted} END`;
}

/** The same where nothing is unsettled: from the sums, if there are any of the filter, else by counting. */
export function keptCount(filter: Filter): Sql {
  const by = keptFor(filter, []);
  if (by === undefined) return countedOf(incidentsKept, filter);
  return sql`(SELECT coalesce(sum(t.incidents), 0)::bigint FROM incident_count t
               WHERE t.by = ${by} AND ${where('incidents', filter)})`;
}

const lasts = sql`t.ends_at - t.starts_at`;

/**
 * Incidents counted one by one, wherever they are read. Of those that last a day at most only one day before the interval need
 * be looked through; those that last longer are few and have an index of their own.
 */
function countedOf({ from, where }: Pick<FeatureSource, 'from' | 'where'>, filter: Filter): Sql {
  const all = (selected: Sql) => sql`(SELECT count(*) FROM ${from} WHERE ${selected})`;
  const { datetime } = filter;
  if (datetime === undefined || datetime.start === null) return all(where(filter));
  const short = { ...filter, datetime: { ...datetime, longestMs: dayMs } };
  return sql`(
    ${all(sql`${where(short)} AND ${lasts} <= interval '1 day'`)}
    + ${all(sql`${where(filter)} AND ${lasts} > interval '1 day'`)})`;
}
