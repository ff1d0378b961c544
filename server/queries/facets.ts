import sql, { join, type Sql } from 'sql-template-tag';
import type { QueryOptions, Session } from '../db/database.ts';
import { type FacetName, maxFacetValues, tollRange, tollRanges } from '../domain/facets.ts';
import { type Filter, filterNames, without } from '../domain/filter.ts';
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

const columns = sql`t.id, t.type, t.targets, t.attacker, t.country, t.region, t.geo_precision, t.toll`;

const codes: readonly (readonly [name: FacetName, column: Sql])[] = [
  ['type', sql`t.type`],
  ['attacker', sql`t.attacker`],
  ['country', sql`t.country`],
  ['region', sql`coalesce(t.region, 'unassigned')`],
  ['geo_precision', sql`t.geo_precision`],
];

/**
 * Counts of every facet's values, each with the facet's own parameter left out of the filter; under
 * `without`, by parameter of the filter, what leaving it out would give; under `all`, the filter's.
 */
export async function facetCounts(
  session: Session,
  filter: Filter,
  options: QueryOptions,
): Promise<FacetCount[]> {
  const counts: readonly Sql[] = [
    sql`SELECT 'all' AS facet, '' AS value, count(*) AS incidents FROM selected t`,
    ...filterNames
      .filter((name) => filter[name] !== undefined)
      .map(
        (name) => sql`SELECT 'without', ${name}::text, count(*)
          FROM incident t
         WHERE ${where('incidents', without(filter, name))}`,
      ),
    ...codes.map(
      ([name, column]) => sql`SELECT ${name}::text, ${column}, count(*)
          FROM ${rows(filter, name)} t
         GROUP BY ${column}`,
    ),
    targets(filter),
    sources(filter),
    tolls(filter, 'killed'),
    tolls(filter, 'injured'),
  ];
  return session.query<FacetCount>(
    sql`WITH selected AS (SELECT ${columns} FROM incident t WHERE ${where('incidents', filter)})
        SELECT c.facet, c.value, c.incidents::integer, r.name_en, r.name_uk, s.publisher, s.title
          FROM (${join(counts, ' UNION ALL ')}) c
          LEFT JOIN region r ON c.facet = 'region' AND r.code = c.value
          LEFT JOIN source s ON c.facet = 'source' AND s.id = c.value
         ORDER BY c.facet, c.incidents DESC, c.value COLLATE "C"`,
    options,
  );
}

/** What the filter selects with the facet's own parameter left out. */
function rows(filter: Filter, name: FacetName): Sql {
  return filter[name] === undefined
    ? sql`selected`
    : sql`(SELECT ${columns} FROM incident t WHERE ${where('incidents', without(filter, name))})`;
}

function targets(filter: Filter): Sql {
  return sql`SELECT 'target', target.code, count(*)
    FROM ${rows(filter, 'target')} t
   CROSS JOIN LATERAL unnest(t.targets) AS target(code)
   GROUP BY target.code`;
}

function sources(filter: Filter): Sql {
  return sql`SELECT * FROM (
    SELECT 'source', u.source, count(*) AS incidents
      FROM (SELECT c.source, t.id FROM ${rows(filter, 'source')} t JOIN claim c ON c.incident = t.id
            UNION
            SELECT x.source, t.id FROM ${rows(filter, 'source')} t JOIN incident_source x ON x.incident = t.id) u
     GROUP BY u.source
     ORDER BY u.source = ANY (${filter.source ?? []}::text[]) DESC, incidents DESC, u.source
     LIMIT ${maxFacetValues}) AS most`;
}

function tolls(filter: Filter, measure: 'killed' | 'injured'): Sql {
  const counted = tollRanges.map(
    (range) => sql`count(*) FILTER (WHERE ${figureMeets(measure, tollRange(range))})`,
  );
  return sql`SELECT ${measure}::text, range.value, range.incidents
    FROM (SELECT ARRAY[${join(counted, ', ')}] AS incidents
            FROM ${rows(filter, measure)} t) counted
   CROSS JOIN LATERAL unnest(${tollRanges}::text[], counted.incidents) AS range(value, incidents)`;
}
