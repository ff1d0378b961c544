/**
 * The one door to PostgreSQL with PostGIS. Two engines stand behind it (an embedded one and a
 * server) and answer the same SQL alike; `test/db/contract.test.ts` holds them to that.
 *
 * Values come back as: smallint, integer, bigint, real, double precision and numeric as `number`;
 * text, date and enum as `string`; json and jsonb parsed; bytea as `Uint8Array`; timestamptz as an
 * ISO 8601 string in UTC (`2025-08-05T02:45:00Z`, fraction only where there is one); text[] as
 * `string[]`; integer[] and double precision[] as `number[]`. Geometry is never selected bare:
 * ask for `ST_AsGeoJSON` or coordinates.
 */

/** A statement with `$n` placeholders and the values bound to them, as `sql-template-tag` makes. */
export interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
}

export interface QueryOptions {
  /** Aborting it stops the statement and rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

export interface Session {
  /** Runs one statement and resolves to its rows; `Row` states what the statement selects. */
  query<Row extends object = Record<string, unknown>>(
    statement: Statement,
    options?: QueryOptions,
  ): Promise<Row[]>;
}

/**
 * `read`: REPEATABLE READ, READ ONLY, as the reader role that may see the public views only.
 * `write`: READ COMMITTED, as the owner of the tables.
 */
export type TransactionMode = 'read' | 'write';

export interface Database extends Session {
  readonly engine: 'embedded' | 'server';
  /** One statement, read only, as the reader role. */
  query<Row extends object = Record<string, unknown>>(
    statement: Statement,
    options?: QueryOptions,
  ): Promise<Row[]>;
  /** Runs `work` in a transaction: committed when it resolves, rolled back when it rejects. */
  transaction<Result>(
    mode: TransactionMode,
    work: (session: Session) => Promise<Result>,
    options?: QueryOptions,
  ): Promise<Result>;
  close(): Promise<void>;
}
