import sql, { join, raw, type Sql } from 'sql-template-tag';
import type { Session } from '../server/db/database.ts';
import { encode } from '../server/db/values.ts';

/** How a JSON value becomes a column. `point` and `multipolygon` are GeoJSON geometries, WGS 84. */
export type ColumnType =
  | 'text'
  | 'integer'
  | 'float8'
  | 'date'
  | 'timestamptz'
  | 'text[]'
  | 'point'
  | 'multipolygon';

/** The rows that a table of the schema `atlas` is to hold, and which of those it holds it owns. */
export interface TableLoad {
  readonly table: string;
  readonly key: readonly string[];
  readonly columns: Readonly<Record<string, ColumnType>>;
  /** Members that are no column are left out. */
  readonly rows: readonly object[];
  /** Which rows (`t`) go when no row of the load has their key; others are left alone. */
  readonly owned: Sql;
}

/** What a load did to a table. */
export interface TableReport {
  readonly inserted: number;
  readonly changed: number;
  readonly removed: number;
  readonly unchanged: number;
}

/** Names are put into SQL only from the tables of this project's own code. */
function identifier(name: string): Sql {
  if (!/^[a-z][a-z0-9_]*$/.test(name))
    throw new TypeError(`'${name}' is no column or table of ours`);
  return raw(`"${name}"`);
}

/** The type in which a column's values come as an array, and what makes the column of one of them. */
const passing: Readonly<Record<ColumnType, { as: string; column: (value: Sql) => Sql }>> = {
  text: { as: 'text', column: (value) => value },
  integer: { as: 'integer', column: (value) => value },
  float8: { as: 'float8', column: (value) => value },
  date: { as: 'date', column: (value) => value },
  timestamptz: { as: 'timestamptz', column: (value) => value },
  // An array of arrays would have to be a matrix.
  'text[]': { as: 'text', column: (value) => sql`${value}::text[]` },
  point: { as: 'text', column: (value) => sql`${value}::geometry` },
  multipolygon: {
    as: 'text',
    column: (value) => sql`ST_Multi(ST_SetSRID(ST_GeomFromGeoJSON(${value}), 4326))`,
  },
};

/** Well-known binary of a GeoJSON point, in hexadecimal: PostGIS reads it faster than anything else. */
function pointText(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  const coordinates: unknown = typeof value === 'object' && Reflect.get(value, 'coordinates');
  const [lon, lat]: unknown[] = Array.isArray(coordinates) ? coordinates : [];
  if (typeof lon !== 'number' || typeof lat !== 'number') throw new TypeError('no GeoJSON point');
  const bytes = Buffer.alloc(25);
  bytes.write('0101000020e6100000', 'hex');
  bytes.writeDoubleLE(lon, 9);
  bytes.writeDoubleLE(lat, 17);
  return bytes.toString('hex');
}

function textOf(row: object, name: string, type: ColumnType): string | null {
  const value: unknown = Reflect.get(row, name) ?? null;
  return type === 'point' ? pointText(value) : encode(value);
}

/**
 * The rows as a relation `r` with the columns of these names. Each column is one parameter: an array,
 * or where all rows have the same value, that value.
 */
function relation({ columns, rows }: TableLoad, names = Object.keys(columns)): Sql {
  const listed: Sql[] = [];
  const selected = names.map((name) => {
    const type = columns[name];
    if (type === undefined) throw new TypeError(`'${name}' is no column of this load`);
    const { as, column } = passing[type];
    const values = rows.map((row) => textOf(row, name, type));
    const [first = null] = values;
    const isSame = values.length > 1 && values.every((value) => value === first);
    if (isSame) return sql`${column(sql`${first}::${raw(as)}`)} AS ${identifier(name)}`;
    listed.push(sql`unnest(${encode(values)}::${raw(as)}[]) AS ${identifier(name)}`);
    return sql`${column(sql`u.${identifier(name)}`)} AS ${identifier(name)}`;
  });
  // Side by side in a list they are read in step; as tables, each would be written down first.
  return sql`(SELECT ${join(selected, ', ')} FROM (SELECT ${join(listed, ', ')}) AS u) AS r`;
}

/** The same row: `r` of the load, `t` of the table. */
function sameKey({ key }: TableLoad): Sql {
  return join(
    key.map((name) => sql`r.${identifier(name)} = t.${identifier(name)}`),
    ' AND ',
  );
}

/** Removes the owned rows that the load no longer has. Children go before their parents. */
export async function removeMissing(session: Session, load: TableLoad): Promise<number> {
  const rows = await session.query(
    sql`DELETE FROM atlas.${identifier(load.table)} t
         WHERE ${load.owned}
           AND NOT EXISTS (SELECT FROM ${relation(load, [...load.key])} WHERE ${sameKey(load)})
        RETURNING true AS removed`,
  );
  return rows.length;
}

/**
 * Brings every row of the load into the table; a row that is there already is left untouched. Not
 * INSERT … ON CONFLICT, whose triggers would begin a revision even where nothing changes.
 */
export async function upsert(
  session: Session,
  load: TableLoad,
): Promise<Pick<TableReport, 'inserted' | 'changed'>> {
  const table = identifier(load.table);
  const list = (part: (name: Sql) => Sql, names: readonly string[]) =>
    join(
      names.map((name) => part(identifier(name))),
      ', ',
    );
  const others = Object.keys(load.columns).filter((name) => !load.key.includes(name));
  const changed =
    others.length === 0
      ? []
      : await session.query(
          sql`UPDATE atlas.${table} t
                 SET ${list((name) => sql`${name} = r.${name}`, others)}
                FROM ${relation(load)}
               WHERE ${sameKey(load)}
                 AND (${list((name) => sql`t.${name}`, others)})
                     IS DISTINCT FROM (${list((name) => sql`r.${name}`, others)})
              RETURNING true AS changed`,
        );
  return { inserted: await insertMissing(session, load), changed: changed.length };
}

/** Inserts the rows of the load whose keys the table does not have, and leaves the others alone. */
export async function insertMissing(session: Session, load: TableLoad): Promise<number> {
  const names = Object.keys(load.columns).map(identifier);
  const inserted = await session.query(
    sql`INSERT INTO atlas.${identifier(load.table)} (${join(names, ', ')})
        SELECT r.* FROM ${relation(load)}
         WHERE NOT EXISTS (SELECT FROM atlas.${identifier(load.table)} t WHERE ${sameKey(load)})
        RETURNING true AS inserted`,
  );
  return inserted.length;
}

/** Inserts rows that the table is known not to have, at the instant at which they become the record. */
export async function insertNew(
  session: Session,
  load: TableLoad,
  recordedAt: string,
): Promise<void> {
  const names = Object.keys(load.columns).map(identifier);
  await session.query(
    sql`INSERT INTO atlas.${identifier(load.table)} (${join(names, ', ')}, recorded_at)
        SELECT r.*, ${recordedAt}::timestamptz FROM ${relation(load)}`,
  );
}
