import sql, { join, type Sql } from 'sql-template-tag';
import type { CollectionId } from '../domain/collections.ts';
import type { Cursor } from '../domain/paging.ts';
import { pageParameters } from '../domain/paging.ts';
import { ParameterError } from '../domain/parameter-error.ts';
import { type QueryableType, queryables } from '../domain/queryables.ts';
import type { SortTerm } from '../domain/sorting.ts';
import { columnOf } from './columns.ts';

export type SortKeyType = 'timestamptz' | 'text' | 'float8' | 'boolean';

/** One column of a sort key, never null: how SQL writes it, and the type its text is cast back to. */
export interface SortKey {
  readonly column: Sql;
  readonly type: SortKeyType;
  readonly direction: 'ASC' | 'DESC';
}

type SortableType = Exclude<QueryableType, 'geometry' | 'list'>;
const keyTypes: Readonly<Record<SortableType, { readonly type: SortKeyType; readonly none: Sql }>> =
  {
    text: { type: 'text', none: sql`''` },
    number: { type: 'float8', none: sql`0` },
    boolean: { type: 'boolean', none: sql`false` },
    instant: { type: 'timestamptz', none: sql`'-infinity'` },
    interval: { type: 'timestamptz', none: sql`'-infinity'` },
  };

/** Properties that every feature of their collection has. */
const never: Readonly<Record<CollectionId, readonly string[]>> = {
  incidents: ['id', 'title', 'type', 'attacker', 'country', 'starts_at', 'ends_at', 'recorded_at'],
  regions: ['code', 'country', 'kind', 'name_en'],
  claims: ['id', 'incident', 'measure', 'source', 'recorded_at'],
  sources: ['id', 'url', 'recorded_at'],
  places: ['id', 'name', 'country'],
};

/** The order that terms ask for; `id` makes it the same every time. */
export function orderBySort(
  collection: CollectionId,
  terms: readonly SortTerm[],
  id: Sql,
): readonly SortKey[] {
  const last = terms.at(-1)?.direction ?? 'ASC';
  return [
    ...terms.flatMap(({ name, direction }) => sortKeys(collection, name, direction)),
    { column: sql`${id}::text COLLATE "C"`, type: 'text', direction: last },
  ];
}

function sortKeys(
  collection: CollectionId,
  name: string,
  direction: SortKey['direction'],
): readonly SortKey[] {
  const type = queryables[collection][name]?.type;
  if (type === undefined || type === 'geometry' || type === 'list') {
    throw new TypeError(`${collection} cannot be sorted by ${name}`);
  }
  const found = columnOf(collection, name);
  const { type: keyType, none } = keyTypes[type];
  const value = typed('first' in found ? found.first : found, keyType);
  if (never[collection].includes(name)) return [{ column: value, type: keyType, direction }];
  return [
    { column: sql`(${value} IS NULL)`, type: 'boolean', direction: 'ASC' },
    { column: sql`coalesce(${value}, ${none})`, type: keyType, direction },
  ];
}

/** Text by code point on every server. */
function typed(column: Sql, type: SortKeyType): Sql {
  if (type === 'text') return sql`(${column}::text COLLATE "C")`;
  return type === 'float8' ? sql`${column}::float8` : column;
}

/** The same order from its end. */
export function reversed(order: readonly SortKey[]): readonly SortKey[] {
  return order.map((key) => ({ ...key, direction: key.direction === 'ASC' ? 'DESC' : 'ASC' }));
}

export function orderBy(order: readonly SortKey[]): Sql {
  return join(
    order.map(
      ({ column, direction }) => sql`${column} ${direction === 'ASC' ? sql`ASC` : sql`DESC`}`,
    ),
    ', ',
  );
}

/**
 * What comes behind the cursor in this order. Keys of one direction are compared as a row, which an
 * index can answer.
 * @throws {ParameterError} when the cursor was not made for this order.
 */
export function beyond(order: readonly SortKey[], cursor: Cursor): Sql {
  if (cursor.key.length !== order.length) throw brokenCursor(cursor);
  const values = order.map(({ type }, index) => cursorValue(type, cursor, index));
  const columns = order.map(({ column }) => column);
  const directions = new Set(order.map(({ direction }) => direction));
  if (directions.size === 1) {
    return sql`(${join(columns, ', ')}) ${isAfter(order[0])} (${join(values, ', ')})`;
  }
  const steps = order.map((key, index) => {
    const equal = columns.slice(0, index).map((column, at) => sql`${column} = ${values[at]}`);
    return sql`(${join([...equal, sql`${key.column} ${isAfter(key)} ${values[index]}`], ' AND ')})`;
  });
  return sql`(${join(steps, ' OR ')})`;
}

function isAfter(key: SortKey | undefined): Sql {
  return key?.direction === 'DESC' ? sql`<` : sql`>`;
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

const isOf: Readonly<Record<SortKeyType, (text: string) => boolean>> = {
  text: (text) => !text.includes('\0'),
  float8: (text) => /^-?\d+(?:\.\d+)?(?:e[+-]\d+)?$/.test(text) && Number.isFinite(Number(text)),
  boolean: (text) => text === 'true' || text === 'false',
  timestamptz: isTimestamp,
};

function cursorValue(type: SortKeyType, cursor: Cursor, index: number): Sql {
  const text = cursor.key[index];
  if (text === undefined || !isOf[type](text)) throw brokenCursor(cursor);
  switch (type) {
    case 'text':
      return sql`${text}::text`;
    case 'float8':
      return sql`${Number(text)}::float8`;
    case 'boolean':
      return sql`${text === 'true'}::boolean`;
    case 'timestamptz':
      return sql`${text}::timestamptz`;
  }
}

function brokenCursor(cursor: Cursor): ParameterError {
  return new ParameterError(
    'cursor',
    pageParameters.cursor.format(cursor),
    'was not taken from a next or prev link',
  );
}
