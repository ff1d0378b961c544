import sql, { join, type Sql } from 'sql-template-tag';
import type { QueryOptions, Session } from '../db/database.ts';
import type { CollectionId } from '../domain/collections.ts';
import type { Filter } from '../domain/filter.ts';
import { type Cursor, type GeometryForm, pageParameters } from '../domain/paging.ts';
import { ParameterError } from '../domain/parameter-error.ts';
import { claims } from './claims.ts';
import type { FeatureSource, SortKey } from './feature-source.ts';
import { incidentInFull, incidents } from './incidents.ts';
import { places } from './places.ts';
import { regions } from './regions.ts';
import { sources } from './sources.ts';
import { where } from './where.ts';

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
  /** The collection's own when left out. */
  readonly order?: FeatureSource['order'];
}

export interface Page {
  /** GeoJSON Features as JSON text, in the collection's order. */
  readonly features: readonly string[];
  /** Features that the filter selects, on all pages. */
  readonly numberMatched: number;
  /** Where the next page lies; undefined on the last page. */
  readonly next: Cursor | undefined;
  /** Where the page before lies; undefined on the first page. */
  readonly prev: Cursor | undefined;
}

/** A page of a collection and the count of all that match, from one state of the record. */
export async function itemsPage(
  session: Session,
  collection: CollectionId,
  request: PageRequest,
  options: QueryOptions,
): Promise<Page> {
  const page = await readPage(session, collection, request, options);
  const numberMatched = await countItems(session, collection, request.filter, options);
  return { ...page, numberMatched };
}

/** A page of a collection without the count. */
export async function readPage(
  session: Session,
  collection: CollectionId,
  request: PageRequest,
  options: QueryOptions,
): Promise<Omit<Page, 'numberMatched'>> {
  const { from, feature, joins } = featureSources[collection];
  const { filter, limit, cursor, geometry, order = featureSources[collection].order } = request;
  const columns = order.keys.map(({ column }) => column);
  // A page before a cursor is read from its end backwards.
  const isAscending = (order.direction === 'ASC') === (cursor?.side !== 'before');
  const beyond =
    cursor === undefined
      ? sql`true`
      : sql`(${join(columns, ', ')}) ${isAscending ? sql`>` : sql`<`} (${cursorValues(order, cursor)})`;
  // One row more than the page holds tells whether another page follows.
  const rows = await session.query<{ feature: string; key: string[] }>(
    sql`SELECT ${feature(geometry)}::text AS feature,
               ARRAY[${join(
                 columns.map((column) => sql`${column}::text`),
                 ', ',
               )}] AS key
          FROM ${from}
               ${joins}
         WHERE ${where(collection, filter)}
           AND ${beyond}
         ORDER BY ${orderBy(order.keys, isAscending ? 'ASC' : 'DESC')}
         LIMIT ${limit + 1}`,
    options,
  );
  const hasMore = rows.length > limit;
  const found = rows.slice(0, limit);
  const page = cursor?.side === 'before' ? found.toReversed() : found;
  const [first, last] = [page.at(0), page.at(-1)];
  const hasPrev = cursor?.side === 'before' ? hasMore : cursor !== undefined;
  const hasNext = cursor?.side === 'before' || hasMore;
  return {
    features: page.map((row) => row.feature),
    prev: hasPrev && first !== undefined ? { side: 'before', key: first.key } : undefined,
    next: hasNext && last !== undefined ? { side: 'after', key: last.key } : undefined,
  };
}

/** Selects everything of a collection that a filter selects, as `feature`: JSON text, in its order. */
export function selectFeatures(
  collection: CollectionId,
  { filter, geometry }: Pick<PageRequest, 'filter' | 'geometry'>,
): Sql {
  const { from, feature, joins, order } = featureSources[collection];
  return sql`SELECT ${feature(geometry)}::text AS feature
               FROM ${from}
                    ${joins}
              WHERE ${where(collection, filter)}
              ORDER BY ${orderBy(order.keys, order.direction)}`;
}

function orderBy(keys: readonly SortKey[], direction: 'ASC' | 'DESC'): Sql {
  return join(
    keys.map(({ column }) => sql`${column} ${direction === 'ASC' ? sql`ASC` : sql`DESC`}`),
    ', ',
  );
}

function cursorValues({ keys }: FeatureSource['order'], cursor: Cursor): Sql {
  if (cursor.key.length !== keys.length) throw brokenCursor(cursor);
  const values = keys.map(({ type }, index) => cursorValue(type, cursor, index));
  return join(values, ', ');
}

const timestampText = /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}(?:\.\d{1,6})?\+00$/;

/** Whether text is a time as PostgreSQL writes it in UTC, on a day that the calendar has. */
function isTimestamp(text: string): boolean {
  if (text === '-infinity') return true;
  const at = timestampText.test(text) ? Date.parse(text) : Number.NaN;
  return at > firstYear && new Date(at).toISOString().startsWith(text.slice(0, 10));
}

/** PostgreSQL has no year 0. */
const firstYear = Date.parse('0001-01-01T00:00:00Z');

function cursorValue(type: SortKey['type'], cursor: Cursor, index: number): Sql {
  const text = cursor.key[index];
  if (text === undefined || text.includes('\0')) throw brokenCursor(cursor);
  if (type === 'text') return sql`${text}::text`;
  if (!isTimestamp(text)) throw brokenCursor(cursor);
  return sql`${text}::timestamptz`;
}

function brokenCursor(cursor: Cursor): ParameterError {
  return new ParameterError(
    'cursor',
    pageParameters.cursor.format(cursor),
    'was not taken from a next or prev link',
  );
}

/** How many features of a collection the filter selects. */
export async function countItems(
  session: Session,
  collection: CollectionId,
  filter: Filter,
  options: QueryOptions,
): Promise<number> {
  const [row] = await session.query<{ count: number }>(
    sql`SELECT count(*) AS count
          FROM ${featureSources[collection].from}
         WHERE ${where(collection, filter)}`,
    options,
  );
  return row?.count ?? 0;
}

/**
 * One feature as JSON text, an incident with its claims, sources and all else that hangs on it;
 * undefined where there is none, or none that the public may see.
 */
export async function itemById(
  session: Session,
  collection: CollectionId,
  id: string,
  geometry: GeometryForm,
  options: QueryOptions,
): Promise<string | undefined> {
  const source = collection === 'incidents' ? incidentInFull : featureSources[collection];
  const [row] = await session.query<{ feature: string }>(
    sql`SELECT ${source.feature(geometry)}::text AS feature
          FROM ${source.from}
               ${source.joins}
         WHERE ${source.id} = ${id}`,
    options,
  );
  return row?.feature;
}
