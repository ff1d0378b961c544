import { DatabaseError } from './errors.ts';

/** One at a time, in the order of asking. */
export class Turns {
  readonly #waiting: (() => void)[] = [];
  #taken = false;

  /** How many have their turn: one at most. */
  get busy(): number {
    return this.#taken ? 1 : 0;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  /**
   * Waits for a turn and resolves to the function that ends it. Whoever leaves before its turn,
   * or waits longer than `waitMs`, is taken out of the queue.
   * @throws the signal's reason, or {DatabaseError} `unavailable`.
   */
  async take(waitMs: number, signal?: AbortSignal): Promise<() => void> {
    signal?.throwIfAborted();
    if (this.#taken) await this.#wait(waitMs, signal);
    this.#taken = true;
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      const next = this.#waiting.shift();
      if (next === undefined) this.#taken = false;
      else next();
    };
  }

  #wait(waitMs: number, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', abort);
      };
      const start = (): void => {
        settle();
        resolve();
      };
      const leave = (reason: unknown): void => {
        settle();
        this.#waiting.splice(this.#waiting.indexOf(start), 1);
        reject(reason);
      };
      const abort = (): void => leave(signal?.reason);
      const timer = setTimeout(() => {
        const message = `no turn within ${waitMs} ms, ${this.#waiting.length} are waiting`;
        leave(new DatabaseError('unavailable', { message }));
      }, waitMs);
      signal?.addEventListener('abort', abort, { once: true });
      this.#waiting.push(start);
    });
  }
}
