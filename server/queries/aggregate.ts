import sql, { empty, join, raw, type Sql } from 'sql-template-tag';
import type { QueryOptions, Session } from '../db/database.ts';
import { type Dimension, type SummedMeasure, summedMeasures } from '../domain/aggregate.ts';
import type { Filter } from '../domain/filter.ts';
import { areSettled, keptFor } from './kept.ts';
import { where } from './where.ts';

/** Sums of a measure over a group; of `given` incidents, the others having no claim of it. */
export interface MeasureSums {
  readonly lowest: number | null;
  readonly highest: number | null;
  /** Of the latest claims: the upper value, or the lower where a claim has no upper. */
  readonly latest: number | null;
  readonly given: number;
  readonly not_given: number;
}

/** A group: its keys in the order asked for, how many incidents, and the sums of their figures. */
export interface Group {
  readonly keys: readonly (string | null)[];
  readonly incidents: number;
  /** Of the measures that are asked for. */
  readonly sums: Readonly<Partial<Record<SummedMeasure, MeasureSums>>>;
}

/** What incidents are grouped by, and the text of a group's key (`v` is the value). */
interface Column {
  readonly value: Sql;
  readonly text: (value: Sql) => Sql;
}

const firstDay = sql`(t.starts_at AT TIME ZONE 'UTC')::date`;
const lastDay = sql`((t.ends_at - interval '1 microsecond') AT TIME ZONE 'UTC')::date`;

/** The first day of the calendar unit that holds the whole time, a night being that of the day it ends on. */
function unitOf(first: (day: Sql) => Sql, format: string): Column {
  return {
    value: sql`CASE WHEN t.time_precision = 'night' OR ${first(firstDay)} = ${first(lastDay)}
                    THEN ${first(lastDay)} END`,
    text: (value) => sql`to_char(${value}, ${format}::text)`,
  };
}
const startOf = (unit: Sql) => (day: Sql) => sql`date_trunc(${unit}, ${day}::timestamp)::date`;

function plain(value: Sql): Column {
  return { value, text: (text) => text };
}

const columns: Readonly<Record<Dimension, Column>> = {
  day: unitOf((day) => day, 'YYYY-MM-DD'),
  days: {
    value: sql`daterange(${firstDay}, ${lastDay}, '[]')`,
    text: (value) => sql`CASE WHEN upper(${value}) - lower(${value}) = 1 THEN lower(${value})::text
      ELSE lower(${value}) || '/' || (upper(${value}) - 1) END`,
  },
  week: unitOf(startOf(sql`'week'`), 'IYYY-"W"IW'),
  month: unitOf(startOf(sql`'month'`), 'YYYY-MM'),
  year: unitOf(startOf(sql`'year'`), 'YYYY'),
  type: plain(sql`t.type`),
  country: plain(sql`t.country`),
  region: plain(sql`coalesce(t.region, 'unassigned')`),
  attacker: plain(sql`t.attacker`),
  target: plain(sql`target.code`),
};

interface Row {
  readonly keys: readonly (string | null)[];
  readonly incidents: number;
  readonly killed: readonly (number | null)[] | null;
  readonly injured: readonly (number | null)[] | null;
}

/** The sums of a measure, from incidents with their tolls (`k`) or from sums that are kept (`t`). */
const sumsOf: Readonly<Record<SummedMeasure, { readonly incidents: Sql; readonly kept: Sql }>> = {
  killed: {
    incidents: sql`ARRAY[
      sum((k.toll).killed_lowest), sum((k.toll).killed_highest), sum((k.toll).killed_latest),
      count((k.toll).killed_highest)]::float8[]`,
    kept: sql`ARRAY[
      sum(t.killed_lowest) FILTER (WHERE t.killed_given > 0),
      sum(t.killed_highest) FILTER (WHERE t.killed_given > 0),
      sum(t.killed_latest) FILTER (WHERE t.killed_dated > 0), sum(t.killed_given)]::float8[]`,
  },
  injured: {
    incidents: sql`ARRAY[
      sum((k.toll).injured_lowest), sum((k.toll).injured_highest), sum((k.toll).injured_latest),
      count((k.toll).injured_highest)]::float8[]`,
    kept: sql`ARRAY[
      sum(t.injured_lowest) FILTER (WHERE t.injured_given > 0),
      sum(t.injured_highest) FILTER (WHERE t.injured_given > 0),
      sum(t.injured_latest) FILTER (WHERE t.injured_dated > 0), sum(t.injured_given)]::float8[]`,
  },
};

const calendar: readonly Dimension[] = ['day', 'days', 'week', 'month', 'year'];

/** Counts and sums of what a filter selects, by up to three dimensions, in the order of their keys. */
export async function aggregate(
  session: Session,
  dimensions: readonly Dimension[],
  measures: readonly SummedMeasure[],
  filter: Filter,
  options: QueryOptions,
): Promise<Group[]> {
  const keys = dimensions.map((dimension, index) => ({
    ...columns[dimension],
    name: raw(`k${index + 1}`),
  }));
  const list = (parts: readonly Sql[], none: Sql) =>
    parts.length === 0 ? none : join(parts, ', ');
  const grouped = (from: 'incidents' | 'kept', incidents: Sql, rows: Sql) => {
    const columnOf = (measure: SummedMeasure) =>
      measures.includes(measure) ? sumsOf[measure][from] : sql`NULL::float8[]`;
    // Grouped by values, which are short; what they are called is written once a group.
    return sql`
      SELECT keys, incidents, killed, injured
        FROM (SELECT ARRAY[${list(
          keys.map(({ name, text }) => text(name)),
          sql`NULL`,
        )}]::text[] AS keys, incidents, killed, injured
                FROM (SELECT ${list(
                  keys.map(({ name, value }) => sql`${value} AS ${name}`),
                  sql`NULL`,
                )},
                             ${incidents}::integer AS incidents,
                             ${columnOf('killed')} AS killed,
                             ${columnOf('injured')} AS injured
                        FROM ${rows} AND ${where('incidents', filter)}
                       GROUP BY ${list(
                         keys.map(({ name }) => name),
                         sql`()`,
                       )}) AS groups
               WHERE incidents > 0) AS named
       ${
         keys.length === 0
           ? empty
           : sql`ORDER BY ${join(
               keys.map((_, index) => sql`keys[${index + 1}::integer] COLLATE "C" NULLS LAST`),
               ', ',
             )}`
       }`;
  };
  const counted = () =>
    grouped(
      'incidents',
      sql`count(*)`,
      sql`incident t
          ${dimensions.includes('target') ? sql`CROSS JOIN LATERAL unnest(t.targets) AS target(code)` : empty}
          ${measures.length === 0 ? empty : sql`CROSS JOIN LATERAL (SELECT t.toll AS toll OFFSET 0) k`}
         WHERE true`,
    );
  const by = keptFor(
    filter,
    dimensions.filter((dimension) => !calendar.includes(dimension)),
  );
  const kept =
    by !== undefined && (await areSettled(session, options))
      ? grouped('kept', sql`sum(t.incidents)`, sql`incident_count t WHERE t.by = ${by}`)
      : counted();
  const rows = await session.query<Row>(kept, options);
  return rows.map(({ keys: group, incidents, ...figures }) => ({
    keys: group.slice(0, dimensions.length),
    incidents,
    sums: Object.fromEntries(
      summedMeasures.flatMap((measure) => {
        const values = figures[measure];
        return values === null ? [] : [[measure, asSums(values, incidents)]];
      }),
    ),
  }));
}

function asSums(values: readonly (number | null)[], incidents: number): MeasureSums {
  const [lowest = null, highest = null, latest = null, given] = values;
  return { lowest, highest, latest, given: given ?? 0, not_given: incidents - (given ?? 0) };
}
