import { Worker } from 'node:worker_threads';
import type { Statement } from './database.ts';
import type { EngineRole, EngineSetup, Protocol, Reply, Request } from './embedded-worker.ts';
import { DatabaseError, databaseError } from './errors.ts';
import type { Answer } from './transaction.ts';
import { encode } from './values.ts';

/** One statement for the engine. */
export interface Task {
  readonly role: EngineRole;
  readonly protocol: Protocol;
  readonly statement: Statement;
}

/** How long things may take, in milliseconds, before the thread counts as hung. */
export interface EngineLimits {
  readonly startMs: number;
  readonly pingMs: number;
  readonly closeMs: number;
  /** What a running statement may still take when its caller has left. */
  readonly abandonedMs: number;
}

export const engineLimits: EngineLimits = {
  startMs: 120_000,
  pingMs: 5_000,
  closeMs: 15_000,
  abandonedMs: 3_000,
};

/** `--import tsx` does not reach worker threads (privatenumber/tsx issue 354). */
const workerSource = `import(${JSON.stringify(import.meta.resolve('tsx/esm/api'))})
  .then(({ register }) => register())
  .then(() => import(${JSON.stringify(new URL('./embedded-worker.ts', import.meta.url).href)}))`;

interface Pending {
  readonly resolve: (reply: Reply) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * One life of the embedded engine: a worker thread from start to end. Its requests run in order.
 * When the thread does not answer in time, or ends by itself, the engine is lost: what was running
 * is rejected, nothing uncommitted is kept, and another engine may be started once `ended` resolves.
 */
export class EmbeddedEngine {
  /** SQL errors so far; each leaks WebAssembly stack. */
  faults = 0;
  /** When the last request was answered, by `performance.now()`. */
  lastAnswer = performance.now();
  readonly ended: Promise<void>;
  readonly #worker: Worker;
  readonly #limits: EngineLimits;
  /** Requests without a reply, in the order of asking, which is that of the replies. */
  readonly #pending: Pending[] = [];
  #lost: DatabaseError | undefined;

  /** @throws {DatabaseError} `unavailable` when it does not start. */
  static async start(setup: EngineSetup, limits = engineLimits): Promise<EmbeddedEngine> {
    const engine = new EmbeddedEngine(setup, limits);
    await engine.#exchange(undefined, limits.startMs);
    return engine;
  }

  private constructor(setup: EngineSetup, limits: EngineLimits) {
    this.#limits = limits;
    this.#worker = new Worker(workerSource, {
      eval: true,
      workerData: setup,
      // PostgreSQL recurses deeper than Node's default of 4 MB.
      resourceLimits: { stackSizeMb: 16 },
    });
    this.#worker.on('message', (reply: Reply) => this.#settle(reply));
    this.#worker.on('error', (error) => this.#lose(unavailable(String(error))));
    this.ended = new Promise((resolve) => {
      this.#worker.on('exit', (code) => {
        this.#lose(unavailable(`the engine's thread ended with code ${code}`));
        resolve();
      });
    });
  }

  get isLost(): boolean {
    return this.#lost !== undefined;
  }

  /** Why it was lost, for the log. */
  get why(): string {
    return this.#lost?.cause instanceof Error ? this.#lost.cause.message : '';
  }

  /**
   * Runs a statement, `limitMs` at most.
   * @throws {DatabaseError} of kind `timeout` or `unavailable` when the engine is lost by it.
   */
  async run(
    { role, protocol, statement }: Task,
    limitMs: number,
    signal?: AbortSignal,
  ): Promise<Answer> {
    const request: Request = {
      kind: 'statement',
      role,
      protocol,
      text: statement.text,
      values: statement.values.map(encode),
      asBytes: statement.asBytes ?? false,
    };
    const reply = await this.#exchange(request, limitMs, signal);
    if (reply.kind === 'fault') {
      this.faults += 1;
      throw databaseError(reply.fault);
    }
    if (reply.kind !== 'rows') throw new Error(`unexpected reply ${reply.kind}`);
    const { fields, rows, command } = reply;
    return {
      rows: rows.map((row) => Object.fromEntries(fields.map((field, i) => [field, row[i]]))),
      command,
    };
  }

  /** Makes sure that the thread answers; the engine is lost when it does not. */
  async ping(): Promise<void> {
    await this.#exchange({ kind: 'ping' }, this.#limits.pingMs);
  }

  /** Shuts PostgreSQL down, if it still can, and ends the thread. */
  async close(): Promise<void> {
    // After a trap the engine's memory is not to be trusted: it must not write any more.
    if (!this.isLost) {
      await this.#exchange({ kind: 'close' }, this.#limits.closeMs).catch(() => undefined);
    }
    this.kill('closed');
    await this.ended;
  }

  /** Ends the thread where it stands. */
  kill(reason: string): void {
    this.#lose(unavailable(reason));
  }

  #exchange(request: Request | undefined, limitMs: number, signal?: AbortSignal): Promise<Reply> {
    if (this.#lost !== undefined) return Promise.reject(this.#lost);
    return new Promise<Reply>((resolve, reject) => {
      const expire = (message: string): void =>
        this.#lose(new DatabaseError('timeout', { message }));
      const timers = [setTimeout(() => expire(`no answer within ${limitMs} ms`), limitMs)];
      const hurry = (): void => {
        const { abandonedMs } = this.#limits;
        timers.push(setTimeout(() => expire('abandoned by its caller'), abandonedMs));
      };
      const done = (): void => {
        for (const timer of timers) clearTimeout(timer);
        signal?.removeEventListener('abort', hurry);
        this.lastAnswer = performance.now();
      };
      if (signal?.aborted) hurry();
      signal?.addEventListener('abort', hurry, { once: true });
      this.#pending.push({
        resolve: (reply) => {
          done();
          resolve(reply);
        },
        reject: (error) => {
          done();
          reject(error);
        },
      });
      if (request !== undefined) this.#worker.postMessage(request);
    });
  }

  #settle(reply: Reply): void {
    this.#pending.shift()?.resolve(reply);
  }

  #lose(error: DatabaseError): void {
    if (this.#lost !== undefined) return;
    this.#lost = error;
    for (const { reject } of this.#pending.splice(0)) reject(error);
    void this.#worker.terminate();
  }
}

function unavailable(message: string): DatabaseError {
  return new DatabaseError('unavailable', { message });
}
