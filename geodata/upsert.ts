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
  if (!/^[a-z][a-z0-9_]*$/.test(name)) throw new TypeError(`'${name}' is no column or table of ours`);
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

/** Removes the owned rows that the load no longer has. Children go before their parents. */
export async function removeMissing(session: Session, load: TableLoad): Promise<number> {
  const sameKey = load.key.map((name) => sql`r.${identifier(name)} = t.${identifier(name)}`);
  const rows = await session.query(
    sql`DELETE FROM atlas.${identifier(load.table)} t
         WHERE ${load.owned}
           AND NOT EXISTS (SELECT FROM ${relation(load)} WHERE ${join(sameKey, ' AND ')})
        RETURNING true AS removed`,
  );
  return rows.length;
}

/** Brings every row of the load into the table; a row that is there already is left untouched. */
export async function upsert(
  session: Session,
  load: TableLoad,
): Promise<Pick<TableReport, 'inserted' | 'changed'>> {
  const columns = Object.entries(load.columns);
  const table = identifier(load.table);
  const names = columns.map(([name]) => identifier(name));
  const others = columns.map(([name]) => name).filter((name) => !load.key.includes(name));
  const onConflict =
    others.length === 0
      ? sql`DO NOTHING`
      : sql`DO UPDATE SET ${join(
          others.map((name) => sql`${identifier(name)} = EXCLUDED.${identifier(name)}`),
          ', ',
        )}
        WHERE (${join(
          others.map((name) => sql`t.${identifier(name)}`),
          ', ',
        )}) IS DISTINCT FROM (${join(
          others.map((name) => sql`EXCLUDED.${identifier(name)}`),
          ', ',
        )})`;
  const written = await session.query<{ inserted: boolean }>(
    sql`INSERT INTO atlas.${table} AS t (${join(names, ', ')})
        SELECT ${join(
          columns.map(([name, type]) => selected(name, type)),
          ', ',
        )}
          FROM ${relation(load)}
        ON CONFLICT (${join(load.key.map(identifier), ', ')}) ${onConflict}
        RETURNING (xmax = 0) AS inserted`,
  );
  const inserted = written.filter((row) => row.inserted).length;
  return { inserted, changed: written.length - inserted };
}
