import type { Geometry } from 'geojson';
import sql, { join, raw, type Sql } from 'sql-template-tag';
import type { QueryOptions, Session } from '../db/database.ts';
import type { CollectionId } from '../domain/collections.ts';
import { type Filter, filterNames } from '../domain/filter.ts';
import type { Cursor, GeometryForm } from '../domain/paging.ts';
import type { SortTerm } from '../domain/sorting.ts';
import { claims } from './claims.ts';
import type { FeatureSource } from './feature-source.ts';
import { incidentInFull, incidents, incidentsKept, incidentsSifted } from './incidents.ts';
import { incidentCount, isCovered, keptCount, sumsHold } from './kept.ts';
import { beyond, orderBy, orderBySort, reversed, type SortKey } from './order.ts';
import { places } from './places.ts';
import { asIs, planned } from './planned.ts';
import { regions } from './regions.ts';
import { type RevisionNumbers, revisionName } from './revision.ts';
import { sources } from './sources.ts';
import { isOfSeason, keptFilters } from './where.ts';

const featureSources: Readonly<Record<CollectionId, FeatureSource>> = {
  incidents,
  regions,
  claims,
  sources,
  places,
};

export interface PageRequest {
  readonly filter: Filter;
  /** Features at most; at least 1. */
  readonly limit: number;
  /** Where the page lies; the first one when undefined. */
  readonly cursor: Cursor | undefined;
  readonly geometry: GeometryForm;
  /** Properties to sort by; the collection's own order when undefined. */
  readonly sort?: readonly SortTerm[] | undefined;
  /** Order to read in where none is asked for; the collection's own when left out. */
  readonly order?: readonly SortKey[];
}

export interface Page {
  /** GeoJSON Features as JSON text in UTF-8, in the collection's order, with {@link between} between them. */
  readonly text: readonly Buffer[];
  readonly numberReturned: number;
  /** Features that the filter selects, on all pages. */
  readonly numberMatched: number;
  /** Where the next page lies; undefined on the last page. */
  readonly next: Cursor | undefined;
  /** Where the page before lies; undefined on the first page. */
  readonly prev: Cursor | undefined;
}

/** No JSON text that PostgreSQL builds has a line break, so a page can be cut into its features. */
export const between = ',\n';

const separator = Buffer.from(between);

/** Features as the text of a page. */
export function joined(features: readonly string[]): readonly Buffer[] {
  return [Buffer.from(features.join(between))];
}

/** The features of a page, each as JSON text. */
export function featuresIn({ text }: Pick<Page, 'text'>): readonly string[] {
  const features = Buffer.concat(text).toString();
  return features === '' ? [] : features.split(between);
}

/** A page of a collection and the count of all that match, by one statement. */
export async function itemsPage(
  session: Session,
  collection: CollectionId,
  request: PageRequest,
  options: QueryOptions,
): Promise<Page> {
  const { filter, limit, cursor } = request;
  const isFound = isFoundByIndex(collection, request);
  const kept = isKept(collection, request)
    ? await read(isFound ? incidentsKept : incidentsSifted, keptCount(filter), sumsHold, isFound)
    : [];
  // In the record it depends on the values whether a box is found by its own index.
  const hasOnePlan = isFound && filter.bbox === undefined;
  const rows =
    kept.length > 0
      ? kept
      : await read(featureSources[collection], countOf(collection, filter), sql`true`, hasOnePlan);
  const page = asPage(rows, request);
  const matched = rows.find((row) => row.matched !== null)?.matched;
  return { ...page, numberMatched: matched ?? page.numberReturned };

  async function read(source: FeatureSource, count: Sql, holds: Sql, isPlanned: boolean) {
    // The only page holds all that match.
    const matched =
      cursor === undefined ? sql`CASE WHEN part.until > ${limit} THEN ${count} END` : count;
    const parts = partsQuery(source, orderOf(collection, request), request);
    // One row even where nothing is found: no row at all says that what was asked does not hold.
    const statement = sql`
      SELECT part.*, ${matched} AS matched
        FROM (SELECT) AS asked LEFT JOIN (${parts}) AS part ON true
       WHERE ${holds}`;
    return session.query<PartRow & { matched: number | null }>(
      { ...(isPlanned ? planned : asIs)(statement), asBytes: true },
      options,
    );
  }
}

/** Whether a page can be read from beside the record, where what it filters and sorts by lies. */
function isKept(collection: CollectionId, { filter, geometry, sort, order }: PageRequest): boolean {
  return (
    collection === 'incidents' &&
    geometry === 'point' &&
    sort === undefined &&
    order === undefined &&
    isCovered(filter, keptFilters)
  );
}

/** A page of a collection without the count. */
export async function readPage(
  session: Session,
  collection: CollectionId,
  request: PageRequest,
  options: QueryOptions,
): Promise<Omit<Page, 'numberMatched'>> {
  const order = orderOf(collection, request);
  const statement = asIs(partsQuery(featureSources[collection], order, request));
  const rows = await session.query<PartRow>({ ...statement, asBytes: true }, options);
  return asPage(rows, request);
}

/**
 * Whether the conditions of one index find the incidents, in their order, so that one plan serves
 * whatever the values are.
 */
function isFoundByIndex(collection: CollectionId, { filter, sort }: PageRequest): boolean {
  const [name, ...others] = filterNames.filter(
    (each) => filter[each] !== undefined && each !== 'datetime',
  );
  if (collection !== 'incidents' || sort !== undefined || others.length > 0) return false;
  if (name === 'type') return filter.type?.length === 1;
  if (name === 'region') return filter.region?.length === 1 && filter.region[0] !== 'unassigned';
  return name === undefined || (name === 'bbox' && isOfSeason(filter));
}

/**
 * A part of a page, in any order. Rows of one feature cost more on their way than what is in them, one
 * row of a megabyte costs PostgreSQL as much again as to find what it holds: memory that is new each time.
 */
interface PartRow {
  /** Position of its first feature on the page, from 1; NULL, as all else, where nothing is found. */
  readonly from: number | null;
  /** Position of its last feature, which is one more than the page holds where another page follows. */
  readonly until: number | null;
  /** Its features, without the one too many; NULL where it holds no other. */
  readonly text: Uint8Array | null;
  /** Sort keys of the first and of the last feature of the page, where the part holds them. */
  readonly first: readonly string[] | null;
  readonly last: readonly string[] | null;
}

/** Features in a part of a page. */
const partSize = 32;

function partsQuery(source: FeatureSource, order: readonly SortKey[], request: PageRequest): Sql {
  const { limit } = request;
  // A page before a cursor is read from its end backwards.
  const walk = request.cursor?.side === 'before' ? reversed(order) : order;
  const keysAt = (position: number) => {
    const keys = walk.map(
      (_, index) => sql`min(f.${key(index)}::text) FILTER (WHERE f.position = ${position})`,
    );
    return sql`CASE WHEN ${position} BETWEEN min(f.position) AND max(f.position)
                     THEN ARRAY[${join(keys, ', ')}] END`;
  };
  return sql`
    SELECT min(f.position)::integer AS from,
           max(f.position)::integer AS until,
           string_agg(f.feature, ${between}) FILTER (WHERE f.position <= ${limit}) AS text,
           ${keysAt(1)} AS first,
           ${keysAt(limit)} AS last
      FROM (SELECT f.*, row_number() OVER () AS position
              FROM (${featuresQuery(source, request, walk)}) AS f) AS f
     GROUP BY (f.position - 1) / ${raw(String(partSize))}`;
}

const key = (index: number): Sql => raw(`k${index + 1}`);

/**
 * The features that a request selects, as `feature` beside their sort keys. Rows are found, sorted and
 * counted off by themselves; only what is left of them is made into features.
 */
function featuresQuery(
  { from, feature, joins, where }: FeatureSource,
  {
    filter,
    cursor,
    geometry,
    limit,
  }: Pick<PageRequest, 'filter' | 'geometry'> & Partial<Pick<PageRequest, 'cursor' | 'limit'>>,
  walk: readonly SortKey[],
): Sql {
  const keys = walk.map(({ column }, index) => sql`${column} AS ${key(index)}`);
  const kept = walk.map((term, index) => ({ ...term, column: sql`t.${key(index)}` }));
  return sql`
    SELECT ${feature(geometry)}::text AS feature, ${join(
      kept.map(({ column }) => column),
      ', ',
    )}
      FROM (SELECT t.*, ${join(keys, ', ')}
              FROM ${from}
             WHERE ${where(filter)}
               AND ${cursor === undefined ? sql`true` : beyond(walk, cursor)}
             ORDER BY ${orderBy(walk)}
             LIMIT ${limit === undefined ? sql`ALL` : sql`${limit + 1}`}) AS t
           ${joins}
     ORDER BY ${orderBy(kept)}`;
}

function asPage(
  rows: readonly PartRow[],
  { limit, cursor }: PageRequest,
): Omit<Page, 'numberMatched'> {
  const parts = rows.toSorted((one, other) => Number(one.from) - Number(other.from));
  const found = parts.at(-1)?.until ?? 0;
  const keys = (name: 'first' | 'last') =>
    parts.find((part) => part[name] !== null)?.[name] ?? null;
  const isBackwards = cursor?.side === 'before';
  const hasMore = found > limit;
  const text = parts.flatMap((part, index) => {
    if (part.text === null) return [];
    const { buffer, byteOffset, byteLength } = part.text;
    const bytes = Buffer.from(buffer, byteOffset, byteLength);
    return index === 0 ? [bytes] : [separator, bytes];
  });
  const [start, end] = isBackwards ? [keys('last'), keys('first')] : [keys('first'), keys('last')];
  const hasPrev = isBackwards ? hasMore : cursor !== undefined;
  const hasNext = isBackwards || hasMore;
  const cursorAt = (side: Cursor['side'], key: Cursor['key'] | null): Cursor | undefined =>
    key === null ? undefined : { side, key };
  return {
    text: isBackwards ? joined(featuresIn({ text }).toReversed()) : text,
    numberReturned: Math.min(found, limit),
    prev: hasPrev ? cursorAt('before', start) : undefined,
    next: hasNext ? cursorAt('after', end) : undefined,
  };
}

/** Selects everything of a collection that a filter selects, as `feature`: JSON text, in its order. */
export function selectFeatures(
  collection: CollectionId,
  request: Pick<PageRequest, 'filter' | 'geometry' | 'sort'>,
): Sql {
  return featuresQuery(featureSources[collection], request, orderOf(collection, request));
}

function orderOf(
  collection: CollectionId,
  { sort, order, filter }: Pick<PageRequest, 'sort' | 'order' | 'filter'>,
): readonly SortKey[] {
  const source = featureSources[collection];
  if (sort !== undefined) return orderBySort(collection, sort, source.id);
  if (order !== undefined) return order;
  const nearest = filter.q === undefined ? [] : (source.nearest?.(filter.q) ?? []);
  return [...nearest, ...source.order];
}

function countOf(collection: CollectionId, filter: Filter): Sql {
  if (collection === 'incidents') return incidentCount(filter);
  const { from, where } = featureSources[collection];
  return sql`(SELECT count(*) FROM ${from} WHERE ${where(filter)})`;
}

/** How many features of a collection the filter selects. */
export async function countItems(
  session: Session,
  collection: CollectionId,
  filter: Filter,
  options: QueryOptions,
): Promise<number> {
  const [row] = await session.query<{ count: number }>(
    sql`SELECT ${countOf(collection, filter)} AS count`,
    options,
  );
  return row?.count ?? 0;
}

/** A feature as JSON text, and the revision (`Revision.name`) of what it was read from. */
export interface Item {
  readonly text: string;
  readonly revision: string;
}

/**
 * Features by their ids, an incident with its claims, sources and all else that hangs on
 * it; without those that there are not, or that the public may not see.
 */
export async function itemsById(
  session: Session,
  collection: CollectionId,
  ids: readonly string[],
  geometry: GeometryForm,
  options: QueryOptions,
): Promise<ReadonlyMap<string, Item>> {
  const source = collection === 'incidents' ? incidentInFull : featureSources[collection];
  const found = new Map<string, Item>();
  // Always one or eight ids, the last repeated: an array of any length looks like ten rows to a plan
  // that is kept, so PostgreSQL would rather plan anew each time, which takes longer than the reading.
  const most = ids.length === 1 ? 1 : 8;
  for (let start = 0; start < ids.length; start += most) {
    const some = Array.from({ length: most }, (_, index) => ids[start + index] ?? ids.at(-1));
    const rows = await session.query<{ id: string; feature: string } & RevisionNumbers>(
      planned(sql`
        SELECT ${source.id}::text AS id, ${source.feature(geometry)}::text AS feature,
               now.revision, now.lapsed
          FROM (SELECT t.* FROM ${source.from}
                 WHERE ${source.id} = ANY (ARRAY[${join(some, ', ')}]::text[])) AS t
               ${source.joins}
         CROSS JOIN api.revision now`),
      options,
    );
    for (const { id, feature, ...revision } of rows) {
      found.set(id, { text: feature, revision: revisionName(revision) });
    }
  }
  return found;
}

/** One of {@link itemsById}. */
export async function itemById(
  session: Session,
  collection: CollectionId,
  id: string,
  geometry: GeometryForm,
  options: QueryOptions,
): Promise<string | undefined> {
  return (await itemsById(session, collection, [id], geometry, options)).get(id)?.text;
}

/** Whether text can be the id of anything: it is neither over-long nor has a control character. */
export function isFeatureId(text: string): boolean {
  return text.length <= 200 && !/\p{Cc}/u.test(text);
}

/** The geometry of a feature given as JSON text. */
export function geometryOf(text: string | undefined): Geometry | null {
  if (text === undefined) return null;
  const feature: { readonly geometry: Geometry | null } = JSON.parse(text);
  return feature.geometry;
}
