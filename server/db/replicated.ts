import { setTimeout as sleep } from 'node:timers/promises';
import sql from 'sql-template-tag';
import type {
  Database,
  DatabaseLoad,
  QueryOptions,
  Session,
  Statement,
  TransactionMode,
  TransactionOptions,
} from './database.ts';
import { DatabaseError } from './errors.ts';
import { openServer, type ServerSettings } from './server.ts';

export interface ReplicatedSettings extends Partial<ServerSettings> {
  /** How often every server is asked for its revision. Milliseconds. */
  readonly lookMs?: number;
  /** How long a replica may be behind the primary before it is passed over. Milliseconds. */
  readonly behindMs?: number;
}

/** A server as it was when it was last looked at. */
interface Node {
  readonly url: string;
  readonly kind: 'primary' | 'replica';
  database: Database | undefined;
  isUp: boolean;
  revision: number;
  /** When it was first seen behind the primary, as `performance.now()` has it. */
  behindSince: number | undefined;
}

/** Longest wait for a server to say its revision. Milliseconds. */
const answerMs = 2_000;

/**
 * A primary that is written to, and streaming replicas that are read from. All reads of this process
 * go to one server at a time, so that what is read never goes back; it is left when it is gone or
 * stays behind, for one that is at least as far. Without any replica that will do, the primary reads.
 * @throws {DatabaseError} when the primary does not answer; a replica may come later.
 */
export async function openReplicated(
  primaryUrl: string,
  replicaUrls: readonly string[],
  settings: ReplicatedSettings = {},
): Promise<Database> {
  const primary = await openServer(primaryUrl, settings);
  return new ReplicatedDatabase(primary, primaryUrl, replicaUrls, settings);
}

class ReplicatedDatabase implements Database {
  readonly engine = 'server';
  readonly #settings: ReplicatedSettings;
  readonly #behindMs: number;
  readonly #primary: Node;
  readonly #replicas: readonly Node[];
  readonly #closing = new AbortController();
  readonly #looking: Promise<void>;
  #current: Node;
  /** The newest revision that a reader may have seen from here. */
  #floor = 0;

  constructor(
    primary: Database,
    primaryUrl: string,
    replicaUrls: readonly string[],
    settings: ReplicatedSettings,
  ) {
    const unseen = { isUp: false, revision: 0, behindSince: undefined };
    this.#settings = settings;
    this.#behindMs = settings.behindMs ?? 500;
    this.#primary = { ...unseen, url: primaryUrl, kind: 'primary', database: primary, isUp: true };
    this.#replicas = replicaUrls.map((url) => ({
      ...unseen,
      url,
      kind: 'replica',
      database: undefined,
    }));
    this.#current = this.#primary;
    this.#looking = this.#look(settings.lookMs ?? 250);
  }

  query<Row extends object = Record<string, unknown>>(
    statement: Statement,
    options: QueryOptions = {},
  ): Promise<Row[]> {
    return this.#reading(options.notBefore, (database) => database.query<Row>(statement, options));
  }

  async transaction<Result>(
    mode: TransactionMode,
    work: (session: Session) => Promise<Result>,
    options: TransactionOptions = {},
  ): Promise<Result> {
    if (mode === 'write') return databaseOf(this.#primary).transaction(mode, work, options);
    let hasBegun = false;
    const watched = (session: Session) => {
      hasBegun = true;
      return work(session);
    };
    return this.#reading(
      options.notBefore,
      (database) => database.transaction(mode, watched, options),
      () => !hasBegun,
    );
  }

  load(): DatabaseLoad {
    const loads = this.#nodes().flatMap(({ database }) => database?.load() ?? []);
    const sum = (name: keyof DatabaseLoad) => loads.reduce((total, load) => total + load[name], 0);
    return {
      connections: sum('connections'),
      busy: sum('busy'),
      waiting: sum('waiting'),
      restarts: 0,
    };
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#looking;
    await Promise.all(this.#nodes().map(({ database }) => database?.close()));
  }

  #nodes(): Node[] {
    return [this.#primary, ...this.#replicas];
  }

  /** Reads once more from another server when the one that was chosen is gone. */
  async #reading<Result>(
    notBefore: number | undefined,
    read: (database: Database) => Promise<Result>,
    mayRepeat = () => true,
  ): Promise<Result> {
    const node = await this.#nodeFor(notBefore);
    try {
      return await read(databaseOf(node));
    } catch (error) {
      const isGone = error instanceof DatabaseError && error.kind === 'unavailable';
      if (!isGone || !mayRepeat()) throw error;
      node.isUp = false;
      this.#choose();
      const other = await this.#nodeFor(notBefore);
      if (other === node) throw error;
      return read(databaseOf(other));
    }
  }

  /**
   * Where to read for someone who has seen a revision, perhaps from another copy of the service.
   * @throws {DatabaseError} `unavailable` when no server that answers is as far.
   */
  async #nodeFor(notBefore = 0): Promise<Node> {
    if (this.#current.revision >= notBefore) return this.#current;
    await this.#ask(this.#current);
    if (this.#current.revision >= notBefore) return this.#current;
    await this.#ask(this.#primary);
    // A revision that the primary does not know is nobody's.
    if (this.#primary.isUp && this.#primary.revision < notBefore) return this.#current;
    this.#floor = Math.max(this.#floor, notBefore);
    this.#choose();
    if (this.#current.revision < notBefore) {
      const message = `no server that answers has revision ${notBefore}`;
      throw new DatabaseError('unavailable', { message });
    }
    return this.#current;
  }

  async #look(lookMs: number): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      await Promise.all(this.#nodes().map((node) => this.#ask(node)));
      this.#choose();
      await sleep(lookMs, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  /** Learns how far a server is, and opens it when it was not there before. */
  async #ask(node: Node): Promise<void> {
    try {
      node.database ??= await openServer(node.url, { ...this.#settings, connectMs: answerMs });
      const [row] = await node.database.query<{ revision: number }>(
        sql`SELECT revision FROM api.revision`,
        { signal: AbortSignal.any([this.#closing.signal, AbortSignal.timeout(answerMs)]) },
      );
      node.revision = Math.max(node.revision, row?.revision ?? 0);
      node.isUp = true;
    } catch {
      node.isUp = false;
    }
    const isBehind = this.#primary.isUp && node.revision < this.#primary.revision;
    node.behindSince = isBehind ? (node.behindSince ?? performance.now()) : undefined;
  }

  /** Keeps to the server that is read from while it will do. */
  #choose(): void {
    const current = this.#current;
    this.#floor = Math.max(this.#floor, current.revision);
    const now = performance.now();
    const willDo = ({ isUp, revision, behindSince }: Node) =>
      isUp &&
      revision >= this.#floor &&
      (behindSince === undefined || now - behindSince < this.#behindMs);
    if (current.kind === 'replica' && willDo(current)) return;
    const fit = this.#replicas.filter(willDo);
    // Each copy of the service takes one by lot, so that all have their share of readers.
    const taken = fit[Math.floor(Math.random() * fit.length)];
    const [far] = this.#replicas.filter(({ isUp, revision }) => isUp && revision >= this.#floor);
    this.#current = taken ?? (this.#primary.isUp ? this.#primary : (far ?? this.#primary));
    if (this.#current !== current) {
      this.#settings.log?.(`Reads go to the ${nameOf(this.#current)}`);
    }
  }
}

function databaseOf({ database }: Node): Database {
  if (database === undefined) {
    throw new DatabaseError('unavailable', { message: 'the server has not answered yet' });
  }
  return database;
}

/** Without its password. */
function nameOf({ kind, url }: Node): string {
  return `${kind} at ${new URL(url).host}`;
}
