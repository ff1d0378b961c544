import sql, { join, type Sql } from 'sql-template-tag';
import type { QueryOptions, Session } from '../db/database.ts';
import type { CollectionId } from '../domain/collections.ts';
import type { Filter } from '../domain/filter.ts';
import type { Cursor, GeometryForm } from '../domain/paging.ts';
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
  /** Where the page before this one ended. */
  readonly after: Cursor | undefined;
  readonly geometry: GeometryForm;
  /** The collection's own when left out. */
  readonly order?: FeatureSource['order'];
}

export interface Page {
  /** GeoJSON Features as JSON text, in the collection's order. */
  readonly features: readonly string[];
  /** Features that the filter selects, on all pages. */
  readonly numberMatched: number;
  /** Where the next page starts; undefined on the last page. */
  readonly next: Cursor | undefined;
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
): Promise<Pick<Page, 'features' | 'next'>> {
  const { from, feature, joins } = featureSources[collection];
  const { filter, limit, after, geometry, order = featureSources[collection].order } = request;
  const columns = order.keys.map(({ column }) => column);
  const direction = order.direction === 'ASC' ? sql`ASC` : sql`DESC`;
  const orderBy = join(
    columns.map((column) => sql`${column} ${direction}`),
    ', ',
  );
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
           AND ${isAfter(order, after)}
         ORDER BY ${orderBy}
         LIMIT ${limit + 1}`,
    options,
  );
  const page = rows.slice(0, limit);
  return {
    features: page.map((row) => row.feature),
    next: rows.length > limit ? page.at(-1)?.key : undefined,
  };
}

function isAfter({ keys, direction }: FeatureSource['order'], after: Cursor | undefined): Sql {
  if (after === undefined) return sql`true`;
  const values = keys.map((key, index) => cursorValue(key, after, index));
  if (after.length !== keys.length) throw brokenCursor(after);
  const columns = join(
    keys.map(({ column }) => column),
    ', ',
  );
  const comparison = direction === 'ASC' ? sql`>` : sql`<`;
  return sql`(${columns}) ${comparison} (${join(values, ', ')})`;
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

function cursorValue({ type }: SortKey, after: Cursor, index: number): Sql {
  const text = after[index];
  if (text === undefined || text.includes('\0')) throw brokenCursor(after);
  if (type === 'text') return sql`${text}::text`;
  if (!isTimestamp(text)) throw brokenCursor(after);
  return sql`${text}::timestamptz`;
}

function brokenCursor(after: Cursor): ParameterError {
  return new ParameterError('cursor', JSON.stringify(after), 'was not taken from a next link');
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
