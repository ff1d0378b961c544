import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type {
  Database,
  DatabaseLoad,
  QueryOptions,
  Session,
  Statement,
  TransactionMode,
  TransactionOptions,
} from './database.ts';
import { EmbeddedEngine, type EngineLimits, engineLimits } from './embedded-engine.ts';
import type { EngineSetup } from './embedded-worker.ts';
import { engineFiles, makeDataDirectory } from './engine-files.ts';
import { DatabaseError } from './errors.ts';
import { type Lock, takeLock } from './lock.ts';
import { abandonable, type Connection, rowsOf, runTransaction } from './transaction.ts';
import { Turns } from './turns.ts';

/** Every setting of the embedded engine, with its default. */
export const embeddedDefaults = {
  /** A statement that takes longer is ended, by replacing the engine. Milliseconds. */
  statementMs: 30_000,
  /** A transaction that pauses longer is rolled back. Milliseconds. */
  idleMs: 60_000,
  /** Longest wait for one's turn. Milliseconds. */
  queueMs: 30_000,
  /**
   * SQL errors after which the engine is replaced: each leaks WebAssembly stack, and after about
   * 1,900 of them every statement fails (SQLSTATE 54001).
   */
  faultLimit: 500,
  /** An engine that was idle longer is asked for a sign of life first. Milliseconds. */
  pingAfterMs: 60_000,
  /** Bytes of write-ahead log after which a checkpoint is made. */
  checkpointBytes: 32 * 1024 * 1024,
  engine: engineLimits,
  lock: { heartbeatMs: 2_000, staleMs: 15_000 },
  log: (_message: string): void => undefined,
};

export type EmbeddedSettings = typeof embeddedDefaults & { readonly engine: EngineLimits };

/**
 * Opens the embedded engine on `dataDir`, which is made when missing.
 * @throws {DirectoryInUseError} when another process has it open.
 */
export async function openEmbedded(
  dataDir: string,
  settings: Partial<EmbeddedSettings> = {},
): Promise<Database> {
  const complete = { ...embeddedDefaults, ...settings };
  await mkdir(dataDir, { recursive: true });
  let database: EmbeddedDatabase | undefined;
  const lock = await takeLock(dataDir, {
    ...complete.lock,
    log: complete.log,
    onLost: () => void database?.abandon(),
  });
  try {
    const files = await engineFiles(path.join(dataDir, 'cache'));
    const cluster = path.join(dataDir, 'postgres');
    await makeDataDirectory(files, cluster, complete.log);
    const setup = { dataDir: cluster, postgisBundle: files.postgisBundle };
    const engine = await EmbeddedEngine.start(setup, complete.engine);
    database = new EmbeddedDatabase(setup, engine, lock, complete);
    return database;
  } catch (error) {
    lock.release();
    throw error;
  }
}

class EmbeddedDatabase implements Database {
  readonly engine = 'embedded';
  readonly #setup: EngineSetup;
  readonly #settings: EmbeddedSettings;
  readonly #lock: Lock;
  readonly #turns = new Turns();
  #engine: EmbeddedEngine;
  /** A replacement on its way; the next turn waits for it. */
  #replacement: Promise<void> | undefined;
  #closed = false;
  #restarts = 0;

  constructor(setup: EngineSetup, engine: EmbeddedEngine, lock: Lock, settings: EmbeddedSettings) {
    this.#setup = setup;
    this.#engine = engine;
    this.#lock = lock;
    this.#settings = settings;
  }

  async query<Row extends object = Record<string, unknown>>(
    statement: Statement,
    { signal }: QueryOptions = {},
  ): Promise<Row[]> {
    const answer = await this.#turn(signal, (engine) =>
      engine.run(
        { role: 'reader', protocol: 'extended', statement },
        this.#settings.statementMs,
        signal,
      ),
    );
    return rowsOf<Row>(answer);
  }

  async transaction<Result>(
    mode: TransactionMode,
    work: (session: Session) => Promise<Result>,
    { signal, statementMs = this.#settings.statementMs }: TransactionOptions = {},
  ): Promise<Result> {
    return this.#turn(signal, async (engine) => {
      const connection: Connection = {
        run: (statement, stop) =>
          engine.run(
            {
              role: mode === 'read' ? 'reader' : 'owner',
              protocol: mode === 'write' && statement.values.length === 0 ? 'simple' : 'extended',
              statement,
            },
            statementMs,
            stop,
          ),
      };
      const { idleMs } = this.#settings;
      const result = await runTransaction(connection, work, { mode, signal, idleMs });
      if (mode === 'write') await this.#checkpoint(engine);
      return result;
    });
  }

  load(): DatabaseLoad {
    const { busy, waiting } = this.#turns;
    return { connections: 1, busy, waiting, restarts: this.#restarts };
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    const { closeMs } = this.#settings.engine;
    const end = await this.#turns.take(closeMs).catch(() => undefined);
    await this.#replacement?.catch(() => undefined);
    await this.#engine.close();
    this.#lock.release();
    end?.();
  }

  /** Stops at once: the directory belongs to someone else. */
  async abandon(): Promise<void> {
    this.#closed = true;
    this.#settings.log('The data directory has been taken over by another process');
    this.#engine.kill('the data directory was taken over');
  }

  /** Runs `job` when it is its turn; the caller may leave before it has ended. */
  async #turn<Result>(
    signal: AbortSignal | undefined,
    job: (engine: EmbeddedEngine) => Promise<Result>,
  ): Promise<Result> {
    this.#refuseWhenClosed();
    const end = await this.#turns.take(this.#settings.queueMs, signal);
    const result = (async () => {
      try {
        const engine = await this.#ready();
        signal?.throwIfAborted();
        return await job(engine);
      } finally {
        this.#recycle();
        end();
      }
    })();
    return abandonable(signal, result);
  }

  #refuseWhenClosed(): void {
    if (this.#closed) throw new DatabaseError('unavailable', { message: 'the database is closed' });
  }

  async #ready(): Promise<EmbeddedEngine> {
    await this.#replacement;
    if (performance.now() - this.#engine.lastAnswer > this.#settings.pingAfterMs) {
      await this.#engine.ping().catch(() => undefined);
      this.#recycle();
      await this.#replacement;
    }
    return this.#engine;
  }

  /** Replaces the engine when it is lost or worn out. Never in the middle of a transaction. */
  #recycle(): void {
    const { log, faultLimit } = this.#settings;
    const worn = this.#engine;
    if (this.#closed || this.#replacement !== undefined) return;
    if (!worn.isLost && worn.faults < faultLimit) return;
    log(
      worn.isLost ? `Restarting the embedded engine: ${worn.why}` : 'Renewing the embedded engine',
    );
    this.#restarts += 1;
    const replacement = (async () => {
      await worn.close();
      this.#engine = await EmbeddedEngine.start(this.#setup, this.#settings.engine);
    })().finally(() => {
      this.#replacement = undefined;
    });
    // The next turn reports a failure to start, and its end tries again.
    replacement.catch(() => undefined);
    this.#replacement = replacement;
  }

  /** PostgreSQL in single-user mode makes checkpoints only when told; the log would grow forever. */
  async #checkpoint(engine: EmbeddedEngine): Promise<void> {
    const { statementMs, checkpointBytes, log } = this.#settings;
    const owner = (text: string) =>
      ({ role: 'owner', protocol: 'simple', statement: { text, values: [] } }) as const;
    try {
      const { rows } = await engine.run(
        owner(`SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), redo_lsn) AS bytes
                 FROM pg_control_checkpoint()`),
        statementMs,
      );
      if (Number(rows[0]?.bytes) < checkpointBytes) return;
      await engine.run(owner('CHECKPOINT'), statementMs);
    } catch (error) {
      // What was written is committed; the next write tries again.
      log(`The embedded engine could not make a checkpoint: ${String(error)}`);
    }
  }
}
