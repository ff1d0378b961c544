import sql, { join, raw, type Sql } from 'sql-template-tag';
import type { QueryOptions, Session } from '../db/database.ts';
import {
  type FacetName,
  facetNames,
  maxFacetValues,
  tollRange,
  tollRanges,
} from '../domain/facets.ts';
import { type Filter, filterNames, formatFilter, without } from '../domain/filter.ts';
import { geoPrecisions, targetTypes } from '../domain/vocabulary.ts';
import { incidents, incidentsKept } from './incidents.ts';
import { incidentCount, isCovered, keptFor, sumsHold } from './kept.ts';
import { allKeptFilters, figureMeets, where } from './where.ts';

/** A value that a filter parameter could have, and how many incidents choosing it would leave. */
export interface FacetCount {
  readonly facet: FacetName | 'without' | 'all';
  readonly value: string;
  readonly incidents: number;
  /** Of a region. */
  readonly name_en: string | null;
  readonly name_uk: string | null;
  /** Of a source. */
  readonly publisher: string | null;
  readonly title: string | null;
}

/** Facets of which each incident has one value: it, in sums (`c`). */
const codes = {
  type: sql`c.type`,
  attacker: sql`c.attacker`,
  country: sql`c.country`,
  region: sql`coalesce(c.region, 'unassigned')`,
} as const;

/** A value of a list, whether an incident (`t`) has it, and the column of sums that says how many have. */
interface Listed {
  readonly value: string;
  readonly has: Sql;
  readonly column: Sql;
}

/** Facets whose values are known beforehand: an incident may have one of them, several or none. */
const lists = {
  geo_precision: listOf('geo_precision', geoPrecisions, (code) => sql`t.geo_precision = ${code}`),
  target: listOf('target', targetTypes, (code) => sql`${code} = ANY (t.targets)`),
  killed: listOf('killed', tollRanges, (range) => figureMeets('killed', tollRange(range))),
  injured: listOf('injured', tollRanges, (range) => figureMeets('injured', tollRange(range))),
} as const;

function listOf(
  facet: FacetName,
  values: readonly string[],
  has: (value: string) => Sql,
): readonly Listed[] {
  return values.map((value) => ({
    value,
    has: has(value),
    column: raw(`${facet}_${value.replace('..', '')}`),
  }));
}

const isCoded = (facet: FacetName): facet is keyof typeof codes => facet in codes;
const isList = (facet: FacetName): facet is keyof typeof lists => facet in lists;

const toll = sql`t.toll`;

/** What is read of an incident (`t`) to count it. */
const asked = {
  type: sql`t.type`,
  attacker: sql`t.attacker`,
  country: sql`t.country`,
  region: sql`t.region`,
  geo_precision: sql`t.geo_precision`,
  target: sql`t.targets`,
  killed: toll,
  injured: toll,
} as const;
const sourcesOf = { kept: sql`t.sources`, record: sql`t.id` } as const;

/** Facets that are counted together: where each leaves its own parameter out, the same filter is left. */
interface Reading {
  readonly name: string;
  readonly filter: Filter;
  /** Sums of kinds, places or sources; or incidents one by one, beside the record or in it. */
  readonly from: 'kind' | 'place' | 'source' | 'kept' | 'record';
  readonly facets: readonly FacetName[];
}

/**
 * Counts of every facet's values, each with the facet's own parameter left out of the filter; under
 * `without`, by parameter of the filter, what leaving it out would give; under `all`, the filter's.
 * Two statements, which must be of one state.
 */
export async function facetCounts(
  session: Session,
  filter: Filter,
  options: QueryOptions,
): Promise<FacetCount[]> {
  const [settled] = await session.query<{ holds: boolean }>(
    sql`SELECT ${sumsHold} AS holds`,
    options,
  );
  const readings = readingsOf(filter, settled?.holds === true);
  const counts = [
    sql`SELECT 'all' AS facet, '' AS value, ${countOf(filter, readings)} AS incidents`,
    ...filterNames
      .filter((name) => filter[name] !== undefined)
      .map(
        (name) => sql`SELECT 'without', ${name}::text, ${countOf(without(filter, name), readings)}`,
      ),
    ...readings.flatMap((reading) =>
      reading.facets.map((facet) => countsOf(facet, reading, filter)),
    ),
  ];
  return session.query<FacetCount>(
    sql`WITH ${join(readings.flatMap(tables), ', ')}
        SELECT c.facet, c.value, c.incidents::integer, r.name_en, r.name_uk, s.publisher, s.title
          FROM (${join(counts, ' UNION ALL ')}) c
          LEFT JOIN region r ON c.facet = 'region' AND r.code = c.value
          LEFT JOIN source s ON c.facet = 'source' AND s.id = c.value
         ORDER BY c.facet, c.incidents DESC, c.value COLLATE "C"`,
    options,
  );
}

function readingsOf(given: Filter, holds: boolean): Reading[] {
  const readings = new Map<string, Reading>();
  for (const facet of facetNames) {
    const filter = without(given, facet);
    const from = holds ? originOf(facet, filter) : 'record';
    const key = `${from} ${textOf(filter)}`;
    const { name, facets } = readings.get(key) ?? { name: `read${readings.size}`, facets: [] };
    readings.set(key, { name, filter, from, facets: [...facets, facet] });
  }
  return [...readings.values()];
}

const textOf = (filter: Filter): string => JSON.stringify(formatFilter(filter));

/** Where nothing is unsettled. */
function originOf(facet: FacetName, filter: Filter): Reading['from'] {
  const beside = isCovered(filter, allKeptFilters) ? 'kept' : 'record';
  if (facet === 'source') return isCovered(filter, ['type']) ? 'source' : beside;
  // Sums of kinds alone say what there is of a list.
  return keptFor(filter, [isCoded(facet) ? facet : 'type']) ?? beside;
}

/** How many incidents a filter selects, without reading them again where that is known. */
function countOf(filter: Filter, readings: readonly Reading[]): Sql {
  const same = readings.find(
    (reading) => textOf(reading.filter) === textOf(filter) && isSummed(reading),
  );
  if (same === undefined) return incidentCount(filter);
  return sql`(SELECT coalesce(sum(c.incidents), 0)::bigint FROM ${raw(same.name)} c)`;
}

const isSummed = ({ facets }: Reading): boolean => facets.some((facet) => facet !== 'source');

/**
 * What a reading's facets are counted out of: under its name sums by those that are codes, with a column for each
 * value of those that are lists; and where incidents are read one by one, these.
 */
function tables(reading: Reading): Sql[] {
  const { name, filter, from, facets } = reading;
  const rows = raw(`${name}_rows`);
  if (from === 'source') return [];
  if (from === 'kind' || from === 'place') {
    const selected = sql`incident_count t WHERE t.by = ${from} AND ${where('incidents', filter)}`;
    return [
      summed(reading, selected, sql`sum(t.incidents)`, ({ column }) => sql`sum(t.${column})`),
    ];
  }
  const source = from === 'kept' ? incidentsKept : incidents;
  const wanted = new Set(
    facets.map((facet) => (facet === 'source' ? sourcesOf[from] : asked[facet])),
  );
  // Each row is read once and for all (`OFFSET 0`): a toll may have to be made of claims.
  const read = sql`${rows} AS (
    SELECT ${join([...wanted], ', ')} FROM ${source.from} WHERE ${source.where(filter)} OFFSET 0)`;
  if (!isSummed(reading)) return [read];
  const count = ({ has }: Listed) => sql`count(*) FILTER (WHERE ${has})`;
  return [read, summed(reading, sql`${rows} t`, sql`count(*)`, count)];
}

function summed(
  { name, facets }: Reading,
  from: Sql,
  incidents: Sql,
  sum: (value: Listed) => Sql,
): Sql {
  const groups = facets.filter(isCoded).map((facet) => raw(facet));
  const values = facets.filter(isList).flatMap((facet) => lists[facet]);
  const sums = values.map((value) => sql`${sum(value)} AS ${value.column}`);
  return sql`${raw(name)} AS (
    SELECT ${join([...groups, sql`${incidents} AS incidents`, ...sums], ', ')}
      FROM ${from}
     GROUP BY ${groups.length === 0 ? sql`()` : join(groups, ', ')})`;
}

/** A facet's values with their counts. */
function countsOf(facet: FacetName, reading: Reading, chosen: Filter): Sql {
  const from = raw(reading.name);
  if (isCoded(facet)) {
    return sql`SELECT ${facet}::text, ${codes[facet]}, sum(c.incidents)::bigint
      FROM ${from} c GROUP BY ${codes[facet]}`;
  }
  if (isList(facet)) {
    const values = lists[facet].map(({ value }) => value);
    const sums = lists[facet].map(({ column }) => sql`coalesce(sum(c.${column}), 0)`);
    const isToll = facet === 'killed' || facet === 'injured';
    return sql`SELECT ${facet}::text, v.value, v.incidents::bigint
      FROM (SELECT ARRAY[${join(sums, ', ')}] AS counts FROM ${from} c) AS s
     CROSS JOIN LATERAL unnest(${values}::text[], s.counts) AS v(value, incidents)
     WHERE ${isToll} OR v.incidents > 0`;
  }
  return sql`SELECT * FROM (
    SELECT 'source', u.source, sum(u.incidents)::bigint AS incidents
      FROM (${sourceCounts(reading)}) AS u
     GROUP BY u.source
     ORDER BY u.source = ANY (${chosen.source ?? []}::text[]) DESC, incidents DESC, u.source
     LIMIT ${maxFacetValues}) AS most`;
}

function sourceCounts({ from, name, filter }: Reading): Sql {
  const rows = raw(`${name}_rows`);
  switch (from) {
    case 'source':
      return sql`SELECT t.source, t.incidents FROM source_count t WHERE ${where('incidents', filter)}`;
    case 'kept':
      return sql`SELECT unnest(t.sources) AS source, 1 AS incidents FROM ${rows} t`;
    default: {
      // What hangs on incidents is public with them: where all are selected, they need not be looked up.
      const selected =
        formatFilter(filter).length === 0
          ? sql`true`
          : sql`x.incident IN (SELECT t.id FROM ${rows} t)`;
      return sql`
        SELECT d.source, 1 AS incidents
          FROM (SELECT x.source, x.incident FROM claim x WHERE ${selected}
                UNION
                SELECT x.source, x.incident FROM incident_source x WHERE ${selected}) AS d`;
    }
  }
}
