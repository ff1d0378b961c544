import sql, { join, raw, type Sql } from 'sql-template-tag';
import type { Session } from '../server/db/database.ts';

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

const isGeometry = (type: ColumnType) => type === 'point' || type === 'multipolygon';

/** The rows as a relation `r`, out of one JSON parameter. */
function relation({ columns, rows }: TableLoad): Sql {
  const definitions = Object.entries(columns).map(
    ([name, type]) => sql`${identifier(name)} ${raw(isGeometry(type) ? 'jsonb' : type)}`,
  );
  const members = rows.map((row) =>
    Object.fromEntries(Object.entries(row).filter(([name]) => Object.hasOwn(columns, name))),
  );
  return sql`jsonb_to_recordset(${JSON.stringify(members)}::jsonb) AS r(${join(definitions, ', ')})`;
}

function selected(name: string, type: ColumnType): Sql {
  const column = sql`r.${identifier(name)}`;
  // A JSON null reaches PostGIS as SQL NULL.
  const geometry = sql`ST_SetSRID(ST_GeomFromGeoJSON(nullif(${column}, 'null'::jsonb)::text), 4326)`;
  if (type === 'point') return geometry;
  return type === 'multipolygon' ? sql`ST_Multi(${geometry})` : column;
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
           AND NOT EXISTS (SELECT FROM ${relation(load)} WHERE ${sameKey(load)})
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
  const columns = Object.entries(load.columns);
  const table = identifier(load.table);
  const list = (part: (name: Sql) => Sql, names: readonly string[]) =>
    join(
      names.map((name) => part(identifier(name))),
      ', ',
    );
  const values = join(
    columns.map(([name, type]) => sql`${selected(name, type)} AS ${identifier(name)}`),
    ', ',
  );
  const others = columns.map(([name]) => name).filter((name) => !load.key.includes(name));
  const changed =
    others.length === 0
      ? []
      : await session.query(
          sql`UPDATE atlas.${table} t
                 SET ${list((name) => sql`${name} = r.${name}`, others)}
                FROM (SELECT ${values} FROM ${relation(load)}) AS r
               WHERE ${sameKey(load)}
                 AND (${list((name) => sql`t.${name}`, others)})
                     IS DISTINCT FROM (${list((name) => sql`r.${name}`, others)})
              RETURNING true AS changed`,
        );
  return { inserted: await insertMissing(session, load), changed: changed.length };
}

/** Inserts the rows of the load whose keys the table does not have, and leaves the others alone. */
export async function insertMissing(session: Session, load: TableLoad): Promise<number> {
  const columns = Object.entries(load.columns);
  const names = columns.map(([name]) => identifier(name));
  const values = columns.map(([name, type]) => sql`${selected(name, type)} AS ${identifier(name)}`);
  const inserted = await session.query(
    sql`INSERT INTO atlas.${identifier(load.table)} (${join(names, ', ')})
        SELECT ${join(values, ', ')}
          FROM ${relation(load)}
         WHERE NOT EXISTS (SELECT FROM atlas.${identifier(load.table)} t WHERE ${sameKey(load)})
        RETURNING true AS inserted`,
  );
  return inserted.length;
}
