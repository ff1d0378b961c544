import type { QueryOptions, Session, Statement, TransactionMode } from './database.ts';
import { DatabaseError } from './errors.ts';

/** Rows of a statement and the first word of its command tag, such as `SELECT` or `ROLLBACK`. */
export interface Answer {
  readonly rows: Record<string, unknown>[];
  readonly command: string;
}

/** One database session held by one caller. */
export interface Connection {
  /** Settles when the statement has ended; aborting `signal` makes that sooner where it can. */
  run(statement: Statement, signal?: AbortSignal): Promise<Answer>;
}

export interface TransactionSettings {
  readonly mode: TransactionMode;
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds that a transaction may hold its session without a statement. */
  readonly idleMs: number;
}

const begin: Readonly<Record<TransactionMode, string>> = {
  read: 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY',
  write: 'BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE',
};

const command = (text: string): Statement => ({ text, values: [] });

/**
 * A transaction from BEGIN to its end, alike on both engines: its statements run one after the
 * other, an abort or too long a pause rolls it back, and a commit that PostgreSQL turned into a
 * rollback (because a statement had failed) is an error. Settles when the session is free again.
 */
export async function runTransaction<Result>(
  connection: Connection,
  work: (session: Session) => Promise<Result>,
  settings: TransactionSettings,
): Promise<Result> {
  const end = new AbortController();
  const stop = (): void => end.abort(settings.signal?.reason);
  settings.signal?.addEventListener('abort', stop, { once: true });
  const session = new TransactionSession(connection, end, settings.idleMs);
  try {
    settings.signal?.throwIfAborted();
    await connection.run(command(begin[settings.mode]), end.signal);
    try {
      session.pause();
      const result = await abandonable(end.signal, work(session));
      await session.close();
      end.signal.throwIfAborted();
      const { command: tag } = await connection.run(command('COMMIT'));
      if (tag === 'ROLLBACK') throw session.failure;
      return result;
    } catch (error) {
      await session.close();
      // A lost session is rolled back by the database itself.
      await connection.run(command('ROLLBACK')).catch(() => undefined);
      throw error;
    }
  } finally {
    settings.signal?.removeEventListener('abort', stop);
  }
}

class TransactionSession implements Session {
  /** Why the first statement failed. */
  failure: unknown = new DatabaseError('conflict', { message: 'COMMIT was answered by ROLLBACK' });
  readonly #connection: Connection;
  readonly #end: AbortController;
  readonly #idleMs: number;
  #failed = false;
  #closed = false;
  /** The last statement that was asked for; the next one starts when it has ended. */
  #last: Promise<unknown> = Promise.resolve();
  #idle: NodeJS.Timeout | undefined;

  constructor(connection: Connection, end: AbortController, idleMs: number) {
    this.#connection = connection;
    this.#end = end;
    this.#idleMs = idleMs;
  }

  async query<Row extends object = Record<string, unknown>>(
    statement: Statement,
    { signal }: QueryOptions = {},
  ): Promise<Row[]> {
    if (this.#closed && !this.#end.signal.aborted) {
      throw new Error('The transaction is over: wait for its statements inside it');
    }
    const stop = (): void => this.#end.abort(signal?.reason);
    if (signal?.aborted) stop();
    signal?.addEventListener('abort', stop, { once: true });
    const answer = this.#last.then(() => this.#run(statement));
    this.#last = answer.catch(() => undefined);
    try {
      return rowsOf<Row>(await abandonable(this.#end.signal, answer));
    } finally {
      signal?.removeEventListener('abort', stop);
    }
  }

  /** Starts to count the time without a statement. */
  pause(): void {
    if (this.#closed) return;
    this.#idle = setTimeout(() => {
      const message = `transaction without a statement for ${this.#idleMs} ms`;
      this.#end.abort(new DatabaseError('timeout', { message }));
    }, this.#idleMs);
  }

  /** Takes no more statements and waits for those that were asked for. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#idle);
    await this.#last;
  }

  async #run(statement: Statement): Promise<Answer> {
    this.#end.signal.throwIfAborted();
    clearTimeout(this.#idle);
    try {
      return await this.#connection.run(statement, this.#end.signal);
    } catch (error) {
      if (!this.#failed) this.failure = error;
      this.#failed = true;
      throw error;
    } finally {
      this.pause();
    }
  }
}

/**
 * `Row` states what the statement selects: only the caller's SQL knows, and nothing here can check.
 */
export function rowsOf<Row extends object>(answer: Answer): Row[] {
  return answer.rows as Row[];
}

/** Rejects as soon as `signal` is aborted, with its reason; `promise` goes on by itself. */
export async function abandonable<Result>(
  signal: AbortSignal | undefined,
  promise: Promise<Result>,
): Promise<Result> {
  if (signal === undefined) return promise;
  promise.catch(() => undefined);
  signal.throwIfAborted();
  let stop: (() => void) | undefined;
  try {
    return await Promise.race([
      promise,
      new Promise<never>((_resolve, reject) => {
        stop = () => reject(signal.reason);
        signal.addEventListener('abort', stop, { once: true });
      }),
    ]);
  } finally {
    if (stop !== undefined) signal.removeEventListener('abort', stop);
  }
}
