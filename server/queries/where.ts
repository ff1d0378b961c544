import sql, { join, type Sql } from 'sql-template-tag';
import { type Bbox, splitAtAntimeridian } from '../domain/bbox.ts';
import { type CollectionId, collections } from '../domain/collections.ts';
import type { Filter } from '../domain/filter.ts';
import { bounds, dayMs, type Interval } from '../domain/interval.ts';
import type { FilterName, FilterValues, NumberRange } from '../domain/parameters.ts';
import { mortonRange, tilesAround } from '../domain/tile.ts';
import { isNamed } from './closeness.ts';
import { cql2Predicate } from './cql2.ts';

type FiltersOf<Id extends CollectionId> = (typeof collections)[Id]['filters'][number];

/** One predicate for every filter parameter that a collection takes; the row is `t`. */
type Predicates = {
  readonly [Id in CollectionId]: {
    readonly [Name in FiltersOf<Id>]: (value: FilterValues[Name]) => Sql;
  };
};

const predicates: Predicates = {
  incidents: {
    bbox: (value) => liesInBbox(sql`t.geom`, value),
    datetime: happensIn,
    type: (value) => isOneOf(sql`t.type`, value),
    country: (value) => sql`t.country = ANY (${value}::text[])`,
    region: inRegion,
    attacker: (value) => sql`t.attacker = ANY (${value}::text[])`,
    target: (value) => sql`t.targets && ${value}::text[]`,
    geo_precision: (value) => sql`t.geo_precision = ANY (${value}::text[])`,
    killed: (value) => figureMeets('killed', value),
    injured: (value) => figureMeets('injured', value),
    source: (value) => sql`(
      EXISTS (SELECT FROM claim c WHERE c.incident = t.id AND c.source = ANY (${value}::text[]))
      OR EXISTS (SELECT FROM incident_source s
                  WHERE s.incident = t.id AND s.source = ANY (${value}::text[])))`,
    q: (value) => hasWords(sql`concat_ws(' ', t.title, t.place, t.summary)`, value),
    filter: (value) => cql2Predicate('incidents', value),
  },
  regions: {
    bbox: (value) => sql`(t.geom IS NULL OR ${meetsBbox(sql`t.geom`, value)})`,
    datetime: timeless,
    country: (value) => sql`t.country = ANY (${value}::text[])`,
    claimant: (value) => sql`EXISTS (
      SELECT FROM territorial_claim c
       WHERE c.region = t.code AND c.claimant = ANY (${value}::text[]))`,
    q: (value) => isNamed(sql`t.keys`, value),
    filter: (value) => cql2Predicate('regions', value),
  },
  claims: {
    bbox: (value) => meetsBbox(sql`i.geom`, value),
    datetime: (value) => meetsInterval(sql`t.reported_from`, sql`t.reported_until`, value),
    incident: (value) => sql`t.incident = ANY (${value}::text[])`,
    measure: (value) => sql`t.measure = ANY (${value}::text[])`,
    source: (value) => sql`t.source = ANY (${value}::text[])`,
    q: (value) => hasWords(sql`concat_ws(' ', t.text, t.attributed_to, t.remark)`, value),
    filter: (value) => cql2Predicate('claims', value),
  },
  sources: {
    bbox: placeless,
    datetime: (value) => meetsInterval(sql`t.published_from`, sql`t.published_until`, value),
    language: (value) => sql`t.language = ANY (${value}::text[])`,
    kind: (value) => sql`t.kind = ANY (${value}::text[])`,
    q: (value) => hasWords(sql`concat_ws(' ', t.title, t.publisher, t.url)`, value),
    filter: (value) => cql2Predicate('sources', value),
  },
  places: {
    bbox: (value) => meetsBbox(sql`t.geom`, value),
    datetime: timeless,
    country: (value) => sql`t.country = ANY (${value}::text[])`,
    region: inRegion,
    q: (value) => isNamed(sql`t.keys`, value),
    filter: (value) => cql2Predicate('places', value),
  },
};

/**
 * The predicate of a filter over a collection's rows (`t`, and `i` for a claim's incident): the
 * only place where a filter becomes SQL.
 */
export function where(collection: CollectionId, filter: Filter): Sql {
  return all(predicates[collection], collections[collection].filters, filter);
}

/** What a filter selects of incidents as they lie beside the record (`incident_kept`). */
export function whereKept(filter: Filter): Sql {
  return all(isOfSeason(filter) ? predicatesKept : predicatesPlaced, allKeptFilters, filter);
}

/**
 * Whether so little time is asked for that incidents are looked for by it whatever else is asked, which
 * needs no choice of PostgreSQL's.
 */
export function isOfSeason({ datetime }: Filter): boolean {
  if (datetime === undefined) return false;
  const { firstMs, lastMs } = bounds(datetime);
  return firstMs !== null && lastMs !== null && lastMs - firstMs <= seasonMs;
}

const seasonMs = 100 * dayMs;

/** What is found sooner in `incident_kept` than in the record. */
export const keptFilters = [
  'bbox',
  'datetime',
  'type',
  'country',
  'region',
  'attacker',
  'killed',
  'injured',
] as const;

/** All that `incident_kept` can be filtered by: the rest has no index, and pays where much of each row is read. */
export const allKeptFilters = [...keptFilters, 'geo_precision', 'target'] as const;

const predicatesKept = {
  ...predicates.incidents,
  bbox: (value: Bbox) => anyPart(value, liesInPart),
  killed: (value: NumberRange) => figureMeets('killed', value, sql`t.killed_highest`),
  injured: (value: NumberRange) => figureMeets('injured', value, sql`t.injured_highest`),
};

/** The same where the place may find incidents. */
const predicatesPlaced = {
  ...predicatesKept,
  bbox: (value: Bbox) =>
    anyPart(value, (part) => sql`(${liesInTilesAround(part)} AND ${liesInPart(part)})`),
};

function all<Name extends FilterName>(
  table: { readonly [Key in Name]?: (value: FilterValues[Key]) => Sql },
  names: readonly Name[],
  filter: Filter,
): Sql {
  const parts = names.flatMap((name) => predicate(table, name, filter));
  return parts.length === 0 ? sql`true` : join(parts, ' AND ');
}

function predicate<Name extends FilterName>(
  table: { readonly [Key in Name]?: (value: FilterValues[Key]) => Sql },
  name: Name,
  filter: Filter,
): Sql[] {
  const value = filter[name];
  const build = table[name];
  return value === undefined || build === undefined ? [] : [build(value)];
}

/** What has no time meets every interval; `datetime` is a parameter of every collection (17-069r4, 7.15.4). */
function timeless(): Sql {
  return sql`true`;
}

/** What has no geometry meets every box (17-069r4, /req/core/fc-bbox-response). */
function placeless(): Sql {
  return sql`true`;
}

function meetsBbox(geometry: Sql, box: Bbox): Sql {
  const parts = splitAtAntimeridian(box).map(
    ([west, south, east, north]) =>
      sql`ST_Intersects(${geometry}, ST_MakeEnvelope(${west}::float8, ${south}::float8, ${east}::float8, ${north}::float8, 4326))`,
  );
  return sql`(${join(parts, ' OR ')})`;
}

/** As `meetsBbox`, of points: the index finds them by boxes of less precision, the numbers decide. */
function liesInBbox(point: Sql, box: Bbox): Sql {
  const parts = splitAtAntimeridian(box).map(
    ([west, south, east, north]) =>
      sql`(${point} && ST_MakeEnvelope(${west}::float8, ${south}::float8, ${east}::float8, ${north}::float8, 4326)
        AND ST_X(${point}) BETWEEN ${west}::float8 AND ${east}::float8
        AND ST_Y(${point}) BETWEEN ${south}::float8 AND ${north}::float8)`,
  );
  return sql`(${join(parts, ' OR ')})`;
}

function anyPart(box: Bbox, lies: (part: Bbox) => Sql): Sql {
  return sql`(${join(splitAtAntimeridian(box).map(lies), ' OR ')})`;
}

/** As `liesInBbox`, of points whose coordinates are columns. */
function liesInPart([west, south, east, north]: Bbox): Sql {
  return sql`(t.longitude BETWEEN ${west}::float8 AND ${east}::float8
    AND t.latitude BETWEEN ${south}::float8 AND ${north}::float8)`;
}

/** What lies in a box lies in these tiles too, which an index finds. */
function liesInTilesAround(part: Bbox): Sql {
  const tiles = tilesAround(part).map((tile) => {
    const { first, end } = mortonRange(tile);
    return sql`(t.morton >= ${first.toString()}::bigint AND t.morton < ${end.toString()}::bigint)`;
  });
  return sql`(${join(tiles, ' OR ')})`;
}

/** The row's range is half-open, the interval closed; a row without a time meets every interval. */
function meetsInterval(from: Sql, until: Sql, interval: Interval): Sql {
  return sql`(${from} IS NULL OR (${overlaps(from, until, interval)}))`;
}

function overlaps(from: Sql, until: Sql, interval: Interval): Sql {
  const { firstMs, lastMs } = bounds(interval);
  const parts = [
    ...(lastMs === null ? [] : [sql`${from} <= to_timestamp(${lastMs}::float8 / 1000)`]),
    ...(firstMs === null ? [] : [sql`${until} > to_timestamp(${firstMs}::float8 / 1000)`]),
  ];
  return join([sql`true`, ...parts], ' AND ');
}

/**
 * As `meetsInterval`, of incidents, which all have a time. An index of starts need not be read to its
 * end: what began longer before than any incident lasts is over. A planner that is told how long that
 * is knows how little is left.
 */
function happensIn(interval: Interval): Sql {
  const { firstMs } = bounds(interval);
  const { longestMs } = interval;
  const meets = overlaps(sql`t.starts_at`, sql`t.ends_at`, interval);
  if (firstMs === null) return sql`(${meets})`;
  const earliest =
    longestMs === undefined
      ? sql`to_timestamp(${firstMs}::float8 / 1000) - (SELECT span FROM incident_longest)`
      : sql`to_timestamp(${firstMs - longestMs}::float8 / 1000)`;
  return sql`(${meets} AND t.starts_at > ${earliest})`;
}

/** A single value leaves an index in its order. */
function isOneOf(column: Sql, values: readonly string[]): Sql {
  const [value] = values;
  return values.length === 1 ? sql`${column} = ${value}` : sql`${column} = ANY (${values}::text[])`;
}

function inRegion(codes: readonly string[]): Sql {
  return codes.includes('unassigned')
    ? sql`(t.region IS NULL OR t.region = ANY (${codes}::text[]))`
    : isOneOf(sql`t.region`, codes);
}

const tolls = {
  killed: { lowest: sql`(t.toll).killed_lowest`, highest: sql`(t.toll).killed_highest` },
  injured: { lowest: sql`(t.toll).injured_lowest`, highest: sql`(t.toll).injured_highest` },
} as const;

/**
 * Whether a figure, from lowest to highest, meets a range; null where there is none. The highest may be a
 * column of its own, which an index has.
 */
export function figureMeets(
  measure: keyof typeof tolls,
  { from, to }: NumberRange,
  highest: Sql = tolls[measure].highest,
): Sql {
  const reaches = sql`${highest} >= ${from ?? 0}::float8`;
  return to === null ? reaches : sql`(${reaches} AND ${tolls[measure].lowest} <= ${to}::float8)`;
}

function hasWords(text: Sql, words: string): Sql {
  const parts = words.split(/\s+/).map((word) => {
    const pattern = `%${word.replace(/[\\%_]/g, '\\$&')}%`;
    return sql`${text} ILIKE ${pattern}`;
  });
  return sql`(${join(parts, ' AND ')})`;
}
