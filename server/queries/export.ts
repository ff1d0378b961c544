import sql, { raw, type Sql } from 'sql-template-tag';
import type { Database, QueryOptions, Session } from '../db/database.ts';
import { DatabaseError } from '../db/errors.ts';
import type { CollectionId } from '../domain/collections.ts';
import type { Filter } from '../domain/filter.ts';
import type { GeometryForm } from '../domain/paging.ts';
import type { PointInTime } from '../domain/point-in-time.ts';
import type { SortTerm } from '../domain/sorting.ts';
import { countItems, featuresIn, readPage, selectFeatures } from './items.ts';
import type { SortKey } from './order.ts';
import { reading } from './point-in-time.ts';

/** How exports use each engine. */
export const exportSettings = {
  server: {
    /** Features in a page. */
    pageSize: 1_000,
    /** Characters of features that are read ahead of whoever takes the pages. */
    readAhead: 4_000_000,
    /** How long a transaction may wait, in all, for its pages to be taken. Milliseconds. */
    patienceMs: 600_000,
    /** Transactions at a time; each holds a connection. Further exports wait. */
    transactions: 4,
    /** Longest wait for a transaction. Milliseconds. */
    turnMs: 10_000,
  },
  // Its one session serves everybody: an export is read as fast as it goes, into memory, and the
  // session waits for a reader only when that memory is full.
  embedded: {
    pageSize: 1_000,
    readAhead: 16_000_000,
    patienceMs: 5_000,
    transactions: 1,
    turnMs: 30_000,
  },
} as const;

/** Features at most in the first page: whoever asked waits for it. */
const firstPage = 100;

export type ExportSettings = Readonly<Record<keyof typeof exportSettings.server, number>>;

export interface ExportRequest {
  readonly filter: Filter;
  /** Properties to sort by; the collection's own order when undefined. */
  readonly sort?: readonly SortTerm[] | undefined;
  readonly geometry: GeometryForm;
  readonly at: PointInTime;
}

/** Everything that a filter selects, from one state of the record. */
export interface Export {
  readonly numberMatched: number;
  /**
   * GeoJSON Features as JSON text, in the collection's order; to be read once. It ends in an error
   * when the database fails or its patience is over; leaving it ends the transaction.
   */
  readonly pages: AsyncIterable<readonly string[]>;
}

/** Opens exports of one database and sees to it that they leave room for everybody else. */
export class Exports {
  readonly #database: Database;
  readonly #settings: ExportSettings;
  #running = 0;
  readonly #waiting = new Set<() => void>();

  constructor(database: Database, settings: Partial<ExportSettings> = {}) {
    this.#database = database;
    this.#settings = { ...exportSettings[database.engine], ...settings };
  }

  /**
   * Resolves when the first page has been read, so that what is wrong with a request shows before
   * anything is sent. All pages come from one read transaction, which `signal` ends too.
   */
  async open(
    collection: CollectionId,
    request: ExportRequest,
    { signal }: QueryOptions,
  ): Promise<Export> {
    const left = new AbortController();
    const stop = signal === undefined ? left.signal : AbortSignal.any([signal, left.signal]);
    await this.#enter(stop);
    const { pageSize } = this.#settings;
    return new Promise<Export>((resolve, reject) => {
      const queue = new PageQueue(this.#settings, stop, () => left.abort());
      reading(
        this.#database,
        request.at,
        async (session) => {
          const { filter } = request;
          const options = { signal: stop };
          const numberMatched = await countItems(session, collection, filter, options);
          await openCursor(session, collection, request, options);
          let hasMore = true;
          for (let size = Math.min(firstPage, pageSize); hasMore; size = pageSize) {
            const page = await fetchPage(session, size, options);
            hasMore = page.length === size;
            const room = queue.put(page);
            resolve({ numberMatched, pages: queue.pages });
            await room;
          }
        },
        { signal: stop },
      )
        .then(
          () => queue.end(),
          (error: unknown) => {
            queue.fail(error);
            reject(error);
          },
        )
        .finally(() => this.#leave());
    });
  }

  async #enter(signal: AbortSignal): Promise<void> {
    const { transactions, turnMs } = this.#settings;
    signal.throwIfAborted();
    if (this.#running < transactions) {
      this.#running += 1;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const end = AbortSignal.any([signal, AbortSignal.timeout(turnMs)]);
      const leave = (): void => {
        this.#waiting.delete(resolve);
        const message = `no turn for an export within ${turnMs} ms`;
        reject(signal.aborted ? signal.reason : new DatabaseError('unavailable', { message }));
      };
      end.addEventListener('abort', leave, { once: true });
      this.#waiting.add(resolve);
    });
  }

  /** Hands the place to whoever has waited longest. */
  #leave(): void {
    const [next] = this.#waiting;
    if (next === undefined) {
      this.#running -= 1;
    } else {
      this.#waiting.delete(next);
      next();
    }
  }
}

const cursorName = raw('features');

/**
 * Keyset pages would plan and, where no index has the order, sort everything anew for every page; a
 * cursor does it once for all.
 */
async function openCursor(
  session: Session,
  collection: CollectionId,
  request: ExportRequest,
  options: QueryOptions,
): Promise<void> {
  await session.query(
    sql`DECLARE ${cursorName} NO SCROLL CURSOR FOR ${selectFeatures(collection, request)}`,
    options,
  );
}

async function fetchPage(
  session: Session,
  pageSize: number,
  options: QueryOptions,
): Promise<string[]> {
  // FETCH takes no parameter for its count.
  const count = raw(String(pageSize));
  const rows = await session.query<{ feature: string }>(
    sql`FETCH FORWARD ${count} FROM ${cursorName}`,
    options,
  );
  return rows.map(({ feature }) => feature);
}

/** Pages between a transaction, which fills it, and whoever writes them out. */
class PageQueue {
  readonly pages: ReadableStream<readonly string[]>;
  readonly #stop: AbortSignal;
  #controller: ReadableStreamDefaultController<readonly string[]> | undefined;
  #patienceMs: number;
  /** The transaction, when it waits for room. */
  #waiting: { resolve(): void; reject(error: unknown): void } | undefined;

  constructor(
    { readAhead, patienceMs }: Pick<ExportSettings, 'readAhead' | 'patienceMs'>,
    stop: AbortSignal,
    onLeft: () => void,
  ) {
    this.#stop = stop;
    this.#patienceMs = patienceMs;
    this.pages = new ReadableStream<readonly string[]>(
      {
        start: (controller) => {
          this.#controller = controller;
        },
        pull: () => this.#waiting?.resolve(),
        cancel: onLeft,
      },
      { highWaterMark: readAhead, size: characters },
    );
    stop.addEventListener('abort', () => this.#waiting?.reject(stop.reason), { once: true });
  }

  /**
   * Takes a page; resolves when there is room for another.
   * @throws {DatabaseError} `timeout` when pages are not taken for too long in all.
   */
  async put(page: readonly string[]): Promise<void> {
    this.#stop.throwIfAborted();
    if (page.length > 0) this.#controller?.enqueue(page);
    if ((this.#controller?.desiredSize ?? 0) > 0) return;
    const since = performance.now();
    const timer = setTimeout(() => {
      const message = 'the pages of an export are not taken';
      this.#waiting?.reject(new DatabaseError('timeout', { message }));
    }, this.#patienceMs);
    try {
      await new Promise<void>((resolve, reject) => {
        this.#waiting = { resolve, reject };
      });
    } finally {
      clearTimeout(timer);
      this.#waiting = undefined;
      this.#patienceMs -= performance.now() - since;
    }
  }

  /** There are no more pages. */
  end(): void {
    if (this.#stop.aborted) this.fail(this.#stop.reason);
    else this.#controller?.close();
  }

  /** What has been read ahead is dropped. */
  fail(error: unknown): void {
    this.#controller?.error(error);
  }
}

function characters(page: readonly string[] | undefined): number {
  return (page ?? []).reduce((sum, feature) => sum + feature.length, 0);
}

const newestFirst = (column: Sql, type: SortKey['type']): SortKey => ({
  column,
  type,
  direction: 'DESC',
});
const recordedAt = newestFirst(sql`t.recorded_at`, 'timestamptz');
const id = newestFirst(sql`t.id`, 'text');

/** What was loaded in one go is ordered by the time that it is about. */
const newestOrder: Readonly<Partial<Record<CollectionId, readonly SortKey[]>>> = {
  incidents: [recordedAt, newestFirst(sql`t.starts_at`, 'timestamptz'), id],
  claims: [recordedAt, newestFirst(sql`coalesce(t.reported_from, '-infinity')`, 'timestamptz'), id],
  sources: [recordedAt, id],
};

export interface FeedRequest {
  readonly filter: Filter;
  /** Features at most; at least 1. */
  readonly limit: number;
}

/**
 * GeoJSON Features as JSON text, those last recorded or changed first; in the collection's own order
 * where records do not say when they were made.
 */
export async function newestItems(
  session: Session,
  collection: CollectionId,
  { filter, limit }: FeedRequest,
  options: QueryOptions,
): Promise<readonly string[]> {
  const order = newestOrder[collection];
  const page = await readPage(
    session,
    collection,
    {
      filter,
      limit,
      cursor: undefined,
      geometry: 'point',
      ...(order === undefined ? {} : { order }),
    },
    options,
  );
  return featuresIn(page);
}
