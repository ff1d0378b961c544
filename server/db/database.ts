/**
 * The one door to PostgreSQL with PostGIS. Two engines stand behind it (an embedded one and a
 * server) and answer the same SQL alike; `test/db/contract.test.ts` holds them to that.
 *
 * Values come back as: smallint, integer, bigint, real, double precision and numeric as `number`;
 * text, date and enum as `string`; json and jsonb parsed; bytea as `Uint8Array`; timestamptz as an
 * ISO 8601 string in UTC (`2025-08-05T02:45:00Z`, fraction only where there is one); text[] as
 * `string[]`; integer[] and double precision[] as `number[]`. Geometry is never selected bare:
 * ask for `ST_AsGeoJSON` or coordinates. Other types come as PostgreSQL's text; an integer beyond
 * 2^53 is refused. How parameters are bound stands in values.ts.
 */

/** A statement with `$n` placeholders and the values bound to them, as `sql-template-tag` makes. */
export interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
  /**
   * Names a statement that is always the same but for its values, which fit one plan: a server parses
   * and plans it once a connection.
   */
  readonly name?: string;
  /**
   * Text comes as its UTF-8 bytes (`Uint8Array`), for what is only passed on: to make a string of
   * megabytes and bytes of it again takes as long as to find them.
   */
  readonly asBytes?: boolean;
}

export interface QueryOptions {
  /** Aborting it stops the statement and rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** A revision that whoever asks has seen: an older state must not answer. */
  readonly notBefore?: number;
}

export interface TransactionOptions extends QueryOptions {
  /** Milliseconds that each of its statements may take; the engine's own limit when left out. */
  readonly statementMs?: number;
}

export interface Session {
  /**
   * Runs one statement and resolves to its rows; `Row` states what the statement selects.
   * @throws {DatabaseError} when it fails (errors.ts tells the kinds).
   */
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

/** How busy a database is at the moment, for whoever watches the service. */
export interface DatabaseLoad {
  /** Connections that are open, and how many of them work. */
  readonly connections: number;
  readonly busy: number;
  /** Requests that wait for one. */
  readonly waiting: number;
  /** How often the embedded engine was replaced since the start; 0 on a server. */
  readonly restarts: number;
}

export interface Database extends Session {
  readonly engine: 'embedded' | 'server';
  /** One statement, in a transaction of its own, read only, as the reader role. */
  query<Row extends object = Record<string, unknown>>(
    statement: Statement,
    options?: QueryOptions,
  ): Promise<Row[]>;
  /**
   * Runs `work` in a transaction: committed when it resolves, rolled back when it rejects. In a
   * `write` transaction a statement without values may hold several, separated by semicolons; the
   * rows are those of the last. Do not wait for a query outside the transaction from inside it.
   */
  transaction<Result>(
    mode: TransactionMode,
    work: (session: Session) => Promise<Result>,
    options?: TransactionOptions,
  ): Promise<Result>;
  load(): DatabaseLoad;
  /** Waits for what is running, refuses what comes later. */
  close(): Promise<void>;
}
