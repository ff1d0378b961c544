import sql, { empty, join, raw, type Sql } from 'sql-template-tag';
import type { QueryOptions, Session } from '../db/database.ts';
import type { Dimension, SummedMeasure } from '../domain/aggregate.ts';
import type { Filter } from '../domain/filter.ts';
import { keptFor, sumsHold } from './kept.ts';
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

/** What incidents (`t`) are grouped by, and the text of a group's key (`v` is the value). */
interface Column {
  readonly value: (day: Days) => Sql;
  readonly text: (value: Sql) => Sql;
}

/** First and last day that an incident's time means. */
interface Days {
  readonly first: Sql;
  readonly last: Sql;
}

const days: Readonly<Record<'incidents' | 'kept', Days>> = {
  incidents: {
    first: sql`(t.starts_at AT TIME ZONE 'UTC')::date`,
    last: sql`((t.ends_at AT TIME ZONE 'UTC') - interval '1 microsecond')::date`,
  },
  kept: { first: sql`t.first_day`, last: sql`t.last_day` },
};

/** The first day of the calendar unit that holds the whole time, a night being that of the day it ends on. */
function unitOf(start: (day: Sql) => Sql, format: string): Column {
  return {
    value: ({ first, last }) => sql`
      CASE WHEN t.time_precision = 'night' OR ${start(first)} = ${start(last)} THEN ${start(last)} END`,
    text: (value) => sql`to_char(${value}, ${format}::text)`,
  };
}
const startOf = (unit: Sql) => (day: Sql) => sql`date_trunc(${unit}, ${day}::timestamp)::date`;

function plain(value: Sql): Column {
  return { value: () => sql`${value} COLLATE "C"`, text: (text) => text };
}

/** The order of values is that of their texts. */
const columns: Readonly<Record<Dimension, Column>> = {
  day: unitOf((day) => day, 'YYYY-MM-DD'),
  days: {
    value: ({ first, last }) => sql`daterange(${first}, ${last}, '[]')`,
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

/**
 * Groups by columns, each as lines of text: ten thousand rows take longer on their way than what is in
 * them. Null where there is no group, and where a column is not asked for.
 */
interface Lines {
  /** An empty line where a group has no key. */
  readonly key1: string | null;
  readonly key2: string | null;
  readonly key3: string | null;
  readonly incidents: string | null;
  /** The sums of a group, with spaces between; `-` where nobody gave a number. */
  readonly killed: string | null;
  readonly injured: string | null;
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
  const names = [1, 2, 3].map((number) => ({ key: raw(`key${number}`), value: raw(`v${number}`) }));
  const list = (parts: readonly Sql[], none: Sql) =>
    parts.length === 0 ? none : join(parts, ', ');
  const grouped = (from: 'incidents' | 'kept', incidents: Sql, rows: Sql) => {
    const columnOf = (measure: SummedMeasure) =>
      measures.includes(measure) ? sumsOf[measure][from] : sql`NULL::float8[]`;
    const chosen = names.flatMap(({ value }, index) => {
      const dimension = dimensions[index];
      return dimension === undefined ? [] : [{ ...columns[dimension], name: value }];
    });
    const keys = names.map(({ key }, index) => {
      const column = chosen[index];
      return sql`${column === undefined ? sql`NULL` : column.text(column.name)}::text AS ${key}`;
    });
    const values = chosen.map(({ name, value }) => sql`${value(days[from])} AS ${name}`);
    const by = chosen.map(({ name }) => name);
    const order = by.map((name) => sql`${name} NULLS LAST`);
    // Grouped by values, which are short; what they are called is written once a group.
    return sql`
      SELECT ${join(keys, ', ')}, incidents, killed, injured
        FROM (SELECT ${list(values, sql`NULL`)},
                     ${incidents}::integer AS incidents,
                     ${columnOf('killed')} AS killed,
                     ${columnOf('injured')} AS injured
                FROM ${rows} AND ${where('incidents', filter)}
               GROUP BY ${list(by, sql`()`)}) AS groups
       WHERE incidents > 0
       ${order.length === 0 ? empty : sql`ORDER BY ${join(order, ', ')}`}`;
  };
  const linesOf = (text: Sql) => sql`string_agg(${text}, E'\\n')`;
  const keyLines = names.map(({ key }, index) => {
    const lines =
      dimensions[index] === undefined ? sql`NULL` : linesOf(sql`coalesce(g.${key}, '')`);
    return sql`${lines} AS ${key}`;
  });
  const sumLines = (measure: SummedMeasure) =>
    measures.includes(measure)
      ? linesOf(sql`array_to_string(g.${raw(measure)}, ' ', '-')`)
      : sql`NULL`;
  const asLines = (groups: Sql) => sql`
    SELECT ${join(keyLines, ', ')},
           ${linesOf(sql`g.incidents::text`)} AS incidents,
           ${sumLines('killed')} AS killed,
           ${sumLines('injured')} AS injured
      FROM (${groups}) AS g`;
  const counted = () =>
    grouped(
      'incidents',
      sql`count(*)`,
      sql`incident t
          ${dimensions.includes('target') ? sql`CROSS JOIN LATERAL unnest(t.targets) AS target(code)` : empty}
          ${measures.length === 0 ? empty : sql`CROSS JOIN LATERAL (SELECT t.toll AS toll OFFSET 0) k`}
         WHERE true`,
    );
  const lines = (await readKept()) ?? (await session.query<Lines>(asLines(counted()), options))[0];
  return lines === undefined ? [] : groupsIn(lines, dimensions.length);

  /** Out of the sums that the database keeps; undefined where there are none, or they do not hold. */
  async function readKept(): Promise<Lines | undefined> {
    const by = keptFor(
      filter,
      dimensions.filter((dimension) => !calendar.includes(dimension)),
    );
    if (by === undefined) return undefined;
    const groups = grouped('kept', sql`sum(t.incidents)`, sql`incident_count t WHERE t.by = ${by}`);
    const [row] = await session.query<Lines>(
      sql`SELECT g.* FROM (${asLines(groups)}) AS g WHERE ${sumsHold}`,
      options,
    );
    return row;
  }
}

function groupsIn(lines: Lines, dimensions: number): Group[] {
  const keys = [lines.key1, lines.key2, lines.key3].slice(0, dimensions).map(split);
  const [killed, injured] = [split(lines.killed), split(lines.injured)];
  return split(lines.incidents).map((count, index) => {
    const incidents = Number(count);
    return {
      keys: keys.map((column) => column[index] || null),
      incidents,
      sums: {
        ...sumsIn('killed', killed[index], incidents),
        ...sumsIn('injured', injured[index], incidents),
      },
    };
  });
}

const split = (text: string | null): readonly string[] => text?.split('\n') ?? [];

function sumsIn(measure: SummedMeasure, text: string | undefined, incidents: number) {
  if (text === undefined) return undefined;
  const values = text.split(' ').map((value) => (value === '-' ? null : Number(value)));
  return { [measure]: asSums(values, incidents) };
}

function asSums(values: readonly (number | null)[], incidents: number): MeasureSums {
  const [lowest = null, highest = null, latest = null, given] = values;
  return { lowest, highest, latest, given: given ?? 0, not_given: incidents - (given ?? 0) };
}
