import sql, { join, raw, type Sql } from 'sql-template-tag';
import type { QueryOptions, Session } from '../db/database.ts';
import { type FacetName, maxFacetValues, tollRange, tollRanges } from '../domain/facets.ts';
import { type Filter, filterNames, formatFilter, without } from '../domain/filter.ts';
import { incidentCount, incidentsBeside, keptFor, sumsHold } from './kept.ts';
import { figureMeets, where } from './where.ts';

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

const codes = {
  type: sql`t.type`,
  attacker: sql`t.attacker`,
  country: sql`t.country`,
  region: sql`coalesce(t.region, 'unassigned')`,
  geo_precision: sql`t.geo_precision`,
} as const;

/**
 * Counts of every facet's values, each with the facet's own parameter left out of the filter; under
 * `without`, by parameter of the filter, what leaving it out would give; under `all`, the filter's. Each
 * reads no more of the incidents than it counts by.
 */
export async function facetCounts(
  session: Session,
  filter: Filter,
  options: QueryOptions,
): Promise<FacetCount[]> {
  const counts: readonly Sql[] = [
    sql`SELECT 'all' AS facet, '' AS value, ${incidentCount(filter)} AS incidents`,
    ...filterNames
      .filter((name) => filter[name] !== undefined)
      .map((name) => sql`SELECT 'without', ${name}::text, ${incidentCount(without(filter, name))}`),
    counted('type', filter),
    counted('attacker', filter),
    counted('country', filter),
    counted('region', filter),
    counted('geo_precision', filter),
    targets(without(filter, 'target')),
    sources(filter),
    ...(filter.killed === undefined && filter.injured === undefined
      ? [tolls(['killed', 'injured'], filter)]
      : [
          tolls(['killed'], without(filter, 'killed')),
          tolls(['injured'], without(filter, 'injured')),
        ]),
  ];
  return session.query<FacetCount>(
    sql`SELECT c.facet, c.value, c.incidents::integer, r.name_en, r.name_uk, s.publisher, s.title
          FROM (${join(counts, ' UNION ALL ')}) c
          LEFT JOIN region r ON c.facet = 'region' AND r.code = c.value
          LEFT JOIN source s ON c.facet = 'source' AND s.id = c.value
         ORDER BY c.facet, c.incidents DESC, c.value COLLATE "C"`,
    options,
  );
}

/** By a code that each incident has once: out of the sums where they answer it and hold. */
function counted(name: keyof typeof codes, given: Filter): Sql {
  const filter = without(given, name);
  const value = codes[name];
  const selected = where('incidents', filter);
  const by = keptFor(filter, [name]);
  const exact = (holds: Sql) => sql`
    SELECT ${name}::text, ${value}, count(*)
      FROM incident t
     WHERE ${selected} AND ${holds}
     GROUP BY ${value}`;
  if (by === undefined) return exact(sql`true`);
  return sql`
    SELECT ${name}::text, ${value}, sum(t.incidents)::bigint
      FROM incident_count t
     WHERE t.by = ${by} AND ${selected} AND ${sumsHold}
     GROUP BY ${value}
     UNION ALL ${exact(sql`NOT ${sumsHold}`)}`;
}

function targets(filter: Filter): Sql {
  return sql`SELECT 'target', target.code, count(*)
    FROM incident t
   CROSS JOIN LATERAL unnest(t.targets) AS target(code)
   WHERE ${where('incidents', filter)}
   GROUP BY target.code`;
}

function sources(given: Filter): Sql {
  const filter = without(given, 'source');
  // What hangs on incidents is public with them: where all are selected, they need not be looked up.
  const selected =
    formatFilter(filter).length === 0
      ? sql`true`
      : sql`x.incident IN (SELECT t.id FROM incident t WHERE ${where('incidents', filter)})`;
  return sql`SELECT * FROM (
    SELECT 'source', u.source, count(*) AS incidents
      FROM (SELECT x.source, x.incident FROM claim x WHERE ${selected}
            UNION
            SELECT x.source, x.incident FROM incident_source x WHERE ${selected}) u
     GROUP BY u.source
     ORDER BY u.source = ANY (${given.source ?? []}::text[]) DESC, incidents DESC, u.source
     LIMIT ${maxFacetValues}) AS most`;
}

type Toll = 'killed' | 'injured';

function tolls(measures: readonly Toll[], filter: Filter): Sql {
  const named = measures.map((measure) => {
    const counts = tollRanges.map(
      (range) => sql`count(*) FILTER (WHERE ${figureMeets(measure, tollRange(range))})`,
    );
    return { name: sql`${measure}::text`, column: raw(measure), counts: join(counts, ', ') };
  });
  const columns = named.map(({ column, counts }) => sql`ARRAY[${counts}] AS ${column}`);
  const rows = named.map(({ name, column }) => sql`(${name}, counted.${column})`);
  return sql`SELECT toll.measure, range.value, range.incidents
    FROM (SELECT ${join(columns, ', ')}
            FROM (${incidentsBeside(filter, sql`t.toll`)}) t) counted
   CROSS JOIN LATERAL (VALUES ${join(rows, ', ')}) AS toll(measure, counts)
   CROSS JOIN LATERAL unnest(${tollRanges}::text[], toll.counts) AS range(value, incidents)`;
}
