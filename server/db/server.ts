import { type ClientBase, Pool, type PoolClient, type PoolConfig, type QueryConfig } from 'pg';
import type {
  Database,
  DatabaseLoad,
  QueryOptions,
  Session,
  Statement,
  TransactionMode,
  TransactionOptions,
} from './database.ts';
import { DatabaseError, databaseError, faultOf, noReaderRole } from './errors.ts';
import { RawClient } from './raw-rows.ts';
import { becomeReader as readerSettings } from './roles.ts';
import {
  type Answer,
  abandonable,
  type Connection,
  rowsOf,
  runTransaction,
} from './transaction.ts';
import { byteDecoders, decoders, encode } from './values.ts';

/** Every setting of the server engine, with its default. */
export const serverDefaults = {
  /** The server ends a statement that takes longer. Milliseconds. */
  statementMs: 30_000,
  /** Longest wait for a row or table lock. Milliseconds. */
  lockMs: 10_000,
  /** A transaction that pauses longer is rolled back. Milliseconds. */
  idleMs: 60_000,
  /** Longest wait for a connection. Milliseconds. */
  connectMs: 10_000,
  /** Beyond its limit, how long a server that no longer answers is waited for. Milliseconds. */
  silenceMs: 5_000,
  readers: 10,
  writers: 4,
  log: (_message: string): void => undefined,
};

export type ServerSettings = typeof serverDefaults;

const oldest = { postgresql: 150_000, postgis: [3, 3] } as const;

/**
 * Opens a PostgreSQL server with PostGIS. Two pools: readers are in the reader role and read only
 * from the moment they connect, so that a read is one round trip; writers own the tables.
 * @throws {DatabaseError} when it does not answer, is too old or has no PostGIS.
 */
export async function openServer(
  databaseUrl: string,
  settings: Partial<ServerSettings> = {},
): Promise<Database> {
  const database = new ServerDatabase(databaseUrl, { ...serverDefaults, ...settings });
  try {
    await database.check();
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}

class ServerDatabase implements Database {
  readonly engine = 'server';
  readonly #settings: ServerSettings;
  readonly #readers: Pool;
  readonly #writers: Pool;
  /** Connections that may still be busy, or gone: not to be used again. */
  readonly #broken = new WeakSet<PoolClient>();
  #closed: Promise<void> | undefined;

  constructor(databaseUrl: string, settings: ServerSettings) {
    this.#settings = settings;
    this.#readers = makePool(databaseUrl, settings, {
      max: settings.readers,
      onConnect: async (client) => {
        await client.query(sessionSettings(settings));
        await becomeReader(client);
      },
    });
    this.#writers = makePool(databaseUrl, settings, {
      max: settings.writers,
      onConnect: async (client) => {
        await client.query(sessionSettings(settings));
      },
    });
  }

  /** @throws {DatabaseError} when the server cannot be used. */
  async check(): Promise<void> {
    await this.#lend(this.#writers, undefined, async (client) => {
      const { rows } = await this.#run(
        client,
        {
          text: `SELECT current_setting('server_version_num')::integer AS postgresql,
                      (SELECT default_version FROM pg_available_extensions WHERE name = 'postgis')
                        AS postgis`,
          values: [],
        },
        { mode: 'read' },
      );
      const { postgresql, postgis } = rows[0] ?? {};
      const [major = 0, minor = 0] = String(postgis ?? '')
        .split('.')
        .map(Number);
      const isOld = major * 100 + minor < oldest.postgis[0] * 100 + oldest.postgis[1];
      if (Number(postgresql) < oldest.postgresql || isOld) {
        const message = `the server has PostgreSQL ${postgresql} and PostGIS ${postgis ?? 'none'}; 15 with 3.3 or newer is needed`;
        throw new DatabaseError('unavailable', { message });
      }
    });
  }

  load(): DatabaseLoad {
    const pools = [this.#readers, this.#writers];
    const sum = (count: (pool: Pool) => number) =>
      pools.reduce((total, pool) => total + count(pool), 0);
    return {
      connections: sum(({ totalCount }) => totalCount),
      busy: sum(({ totalCount, idleCount }) => totalCount - idleCount),
      waiting: sum(({ waitingCount }) => waitingCount),
      restarts: 0,
    };
  }

  async query<Row extends object = Record<string, unknown>>(
    statement: Statement,
    { signal }: QueryOptions = {},
  ): Promise<Row[]> {
    const answer = await this.#lend(this.#readers, signal, async (client) => {
      await this.#planFor(client, statement, signal);
      return this.#run(client, statement, { mode: 'read', signal });
    });
    return rowsOf<Row>(answer);
  }

  /**
   * A statement with a name has one plan for all values. Left to itself PostgreSQL compares the costs
   * that it expects, without what planning costs, and plans a tile anew each time, a third of its work.
   */
  async #planFor(
    client: PoolClient,
    { name }: Statement,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const planMode = name === undefined ? 'auto' : 'force_generic_plan';
    if (!(client instanceof RawClient) || client.planMode === planMode) return;
    const text = `SET plan_cache_mode = ${planMode}`;
    await this.#run(client, { text, values: [] }, { mode: 'read', signal });
    client.planMode = planMode;
  }

  async transaction<Result>(
    mode: TransactionMode,
    work: (session: Session) => Promise<Result>,
    { signal, statementMs }: TransactionOptions = {},
  ): Promise<Result> {
    const { idleMs } = this.#settings;
    return this.#lend(mode === 'read' ? this.#readers : this.#writers, signal, async (client) => {
      const connection: Connection = {
        run: (statement, stop) => this.#run(client, statement, { mode, signal: stop, statementMs }),
      };
      return runTransaction(
        connection,
        async (session) => {
          if (statementMs !== undefined) {
            const text = `SELECT set_config('statement_timeout', $1, true)`;
            await session.query({ text, values: [String(statementMs)] });
          }
          return work(session);
        },
        { mode, signal, idleMs },
      );
    });
  }

  async close(): Promise<void> {
    this.#closed ??= Promise.all([this.#readers.end(), this.#writers.end()]).then(() => undefined);
    await this.#closed;
  }

  /** Lends a connection until `work` has settled; the caller may leave before. */
  async #lend<Result>(
    pool: Pool,
    signal: AbortSignal | undefined,
    work: (client: PoolClient) => Promise<Result>,
  ): Promise<Result> {
    signal?.throwIfAborted();
    const result = (async () => {
      const client = await connect(pool);
      // Without a listener a connection that is lost while it is lent would end the process.
      const ignore = (): void => undefined;
      client.on('error', ignore);
      try {
        signal?.throwIfAborted();
        return await work(client);
      } finally {
        client.removeListener('error', ignore);
        client.release(this.#broken.has(client));
      }
    })();
    return abandonable(signal, result);
  }

  /** Settles when the statement has ended on the server; an abort cancels it there. */
  async #run(
    client: PoolClient,
    { text, values, name, asBytes = false }: Statement,
    options: RunOptions,
  ): Promise<Answer> {
    const { mode, signal, statementMs = this.#settings.statementMs } = options;
    const cancelling: Promise<void>[] = [];
    const cancel = (): void => {
      cancelling.push(this.#cancel(client));
    };
    const query: QueryConfig & { queryMode?: 'extended'; query_timeout: number } = {
      text,
      values: values.map(encode),
      ...(name === undefined ? {} : { name }),
      // pg stops waiting then, and the connection is dropped: the server has not kept its limit.
      query_timeout: statementMs + this.#settings.silenceMs,
      // Exactly one statement where a reader asks; a migration holds many.
      ...(mode === 'read' ? { queryMode: 'extended' } : {}),
      ...(asBytes ? { types: { getTypeParser: bytesOf } } : {}),
    };
    try {
      if (client instanceof RawClient) client.readsBytes = asBytes;
      if (signal?.aborted) cancel();
      signal?.addEventListener('abort', cancel, { once: true });
      const results = await client.query(query);
      const result = Array.isArray(results) ? results.at(-1) : results;
      return { rows: result.rows, command: result.command ?? '' };
    } catch (error) {
      const failure = databaseError(faultOf(error));
      if (failure.kind === 'unavailable') this.#broken.add(client);
      throw failure;
    } finally {
      if (client instanceof RawClient) client.readsBytes = false;
      signal?.removeEventListener('abort', cancel);
      // A cancel that arrives late must not hit the next statement of this connection.
      await Promise.all(cancelling);
    }
  }

  async #cancel(client: PoolClient): Promise<void> {
    const process = Reflect.get(client, 'processID');
    try {
      await this.#writers.query('SELECT pg_cancel_backend($1)', [process]);
    } catch (error) {
      this.#settings.log(`A statement could not be cancelled: ${String(error)}`);
    }
  }
}

interface RunOptions {
  readonly mode: TransactionMode;
  readonly signal?: AbortSignal | undefined;
  readonly statementMs?: number | undefined;
}

function makePool(
  databaseUrl: string,
  { connectMs, log }: ServerSettings,
  options: Pick<PoolConfig, 'max' | 'onConnect'>,
): Pool {
  const pool = new Pool({
    Client: RawClient,
    connectionString: databaseUrl,
    application_name: 'strike-atlas',
    connectionTimeoutMillis: connectMs,
    keepAlive: true,
    types: { getTypeParser: (oid: number) => decoders[oid] ?? asText },
    ...options,
  });
  // An idle connection was lost; the pool has dropped it and makes another when one is needed.
  pool.on('error', (error) => log(`A connection to the database was lost: ${error.message}`));
  return pool;
}

const asText = (text: string): string => text;

/** A field's bytes, or its text where pg has read it, as a value: text stays bytes. */
function bytesOf(oid: number) {
  const decode = decoders[oid] ?? asText;
  return byteDecoders[oid] ?? ((field: Buffer | string) => decode(field.toString()));
}

/** Reaches a server behind a pooler too, which may refuse settings in the connection's options. */
function sessionSettings({ statementMs, lockMs, idleMs, silenceMs }: ServerSettings): string {
  return [
    `SET statement_timeout = ${statementMs}`,
    `SET lock_timeout = ${lockMs}`,
    // Our own limit comes first; this one is for a process that hangs.
    `SET idle_in_transaction_session_timeout = ${idleMs + silenceMs}`,
    `SET TimeZone = 'UTC'`,
    `SET DateStyle = 'ISO, YMD'`,
    `SET bytea_output = 'hex'`,
    // Compiling takes longer than any statement here, and so does it to start workers for most of them.
    `SET jit = off`,
    `SET parallel_setup_cost = 50000`,
  ].join('; ');
}

async function becomeReader(client: ClientBase): Promise<void> {
  try {
    await client.query(readerSettings);
  } catch (error) {
    const fault = faultOf(error);
    throw databaseError(fault.code === '22023' ? { ...fault, code: noReaderRole } : fault);
  }
}

async function connect(pool: Pool): Promise<PoolClient> {
  try {
    return await pool.connect();
  } catch (error) {
    throw error instanceof DatabaseError ? error : databaseError(faultOf(error));
  }
}
