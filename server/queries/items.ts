import type { Geometry } from 'geojson';
import sql, { join, raw, type Sql } from 'sql-template-tag';
import type { QueryOptions, Session, Statement } from '../db/database.ts';
import type { CollectionId } from '../domain/collections.ts';
import type { Filter } from '../domain/filter.ts';
import type { Cursor, GeometryForm } from '../domain/paging.ts';
import type { SortTerm } from '../domain/sorting.ts';
import { claims } from './claims.ts';
import type { FeatureSource } from './feature-source.ts';
import { incidentInFull, incidents, incidentsKept } from './incidents.ts';
import { incidentCount, isCovered, keptCount, sumsHold } from './kept.ts';
import { beyond, orderBy, orderBySort, reversed, type SortKey } from './order.ts';
import { places } from './places.ts';
import { planned } from './planned.ts';
import { regions } from './regions.ts';
import { revisionName } from './revision.ts';
import { sources } from './sources.ts';
import { keptFilters } from './where.ts';

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
  readonly text: Buffer;
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

const nothing = Buffer.alloc(0);

/** Features as the text of a page. */
export function joined(features: readonly string[]): Buffer {
  return Buffer.from(features.join(between));
}

/** The features of a page, each as JSON text. */
export function featuresIn({ text }: Pick<Page, 'text'>): readonly string[] {
  return text.length === 0 ? [] : text.toString().split(between);
}

const asIs = ({ text, values }: Sql): Statement => ({ text, values });

/** A page of a collection and the count of all that match, by one statement. */
export async function itemsPage(
  session: Session,
  collection: CollectionId,
  request: PageRequest,
  options: QueryOptions,
): Promise<Page> {
  const { filter } = request;
  const kept = isKept(collection, request)
    ? await read(incidentsKept, keptCount(filter), sumsHold)
    : undefined;
  const row =
    kept ?? (await read(featureSources[collection], countOf(collection, filter), sql`true`));
  return { ...asPage(row, request), numberMatched: row?.matched ?? 0 };

  async function read(source: FeatureSource, count: Sql, holds: Sql) {
    const { limit, cursor } = request;
    // The only page holds all that match.
    const matched =
      cursor === undefined
        ? sql`CASE WHEN page.found <= ${limit} THEN page.found ELSE ${count} END`
        : count;
    const statement = sql`
      SELECT page.*, ${matched} AS matched
        FROM (${pageQuery(source, orderOf(collection, request), request)}) AS page
       WHERE ${holds}`;
    const isPlanned = collection === 'incidents' && hasOnePlan(request);
    const [row] = await session.query<PageRow & { matched: number }>(
      { ...(isPlanned ? planned : asIs)(statement), asBytes: true },
      options,
    );
    return row;
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
  const statement = asIs(pageQuery(featureSources[collection], order, request));
  const [row] = await session.query<PageRow>({ ...statement, asBytes: true }, options);
  return asPage(row, request);
}

/**
 * Whether one plan serves whatever the values are: an index that has the order of the dates. A box
 * may be better found by its own index, which depends on how much there is in it.
 */
function hasOnePlan({ filter, sort }: PageRequest): boolean {
  const single = [filter.type, filter.region].every(
    (values) => values === undefined || values.length === 1,
  );
  return sort === undefined && single && isCovered(filter, ['datetime', 'type', 'region']);
}

/** A page and what may follow it, in one row: rows cost more on their way than what is in them. */
interface PageRow {
  readonly text: Uint8Array | null;
  /** Features in the text: one more than the page holds where another page follows. */
  readonly found: number;
  /** Sort keys of the first and of the last that the page holds, in the order that was read. */
  readonly first: readonly string[];
  readonly last: readonly string[];
}

function pageQuery(source: FeatureSource, order: readonly SortKey[], request: PageRequest): Sql {
  const { limit } = request;
  // A page before a cursor is read from its end backwards.
  const walk = request.cursor?.side === 'before' ? reversed(order) : order;
  const keysAt = (position: Sql) =>
    join(
      walk.map((_, index) => sql`(array_agg(f.${key(index)}))[${position}]::text`),
      ', ',
    );
  return sql`
    SELECT string_agg(f.feature, ${between}) AS text,
           count(*)::integer AS found,
           ARRAY[${keysAt(sql`1`)}] AS first,
           ARRAY[${keysAt(sql`least(count(*), ${limit}::bigint)`)}] AS last
      FROM (${featuresQuery(source, request, walk)}) AS f`;
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
  row: PageRow | undefined,
  { limit, cursor }: PageRequest,
): Omit<Page, 'numberMatched'> {
  const { text, found, first, last } = row ?? { text: null, found: 0, first: [], last: [] };
  const isBackwards = cursor?.side === 'before';
  const hasMore = found > limit;
  const read = text === null ? nothing : Buffer.from(text.buffer, text.byteOffset, text.byteLength);
  const held = hasMore ? read.subarray(0, read.lastIndexOf(between)) : read;
  const [start, end] = isBackwards ? [last, first] : [first, last];
  const hasPrev = isBackwards ? hasMore : cursor !== undefined;
  const hasNext = isBackwards || hasMore;
  const turn = (is: boolean, side: Cursor['side'], key: readonly string[]): Cursor | undefined =>
    is && found > 0 ? { side, key } : undefined;
  return {
    text: isBackwards ? joined(featuresIn({ text: held }).toReversed()) : held,
    numberReturned: Math.min(found, limit),
    prev: turn(hasPrev, 'before', start),
    next: turn(hasNext, 'after', end),
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
    const rows = await session.query<{
      id: string;
      feature: string;
      revision: number;
      lapsed: number;
    }>(
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
