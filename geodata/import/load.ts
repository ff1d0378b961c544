import { setImmediate } from 'node:timers/promises';
import sql from 'sql-template-tag';
import type { Database, Session } from '../../server/db/database.ts';
import { DatabaseError } from '../../server/db/errors.ts';
import { insertMissing, insertNew, removeMissing, type TableLoad, upsert } from '../upsert.ts';
import type { ImportFormat, Parsed, Position } from './format.ts';
import type { SourceFile } from './input.ts';
import { RecordSet } from './record-set.ts';
import { type ReferenceCheck, References } from './references.ts';
import { RegionFinder } from './region-finder.ts';
import type { Finding } from './report.ts';
import {
  batchRows,
  datasetRows,
  type ReadyIncident,
  ready,
  type Status,
  sourcesOf,
} from './rows.ts';

/** What a run did, in records. `read` is the sum of `loaded`, `unchanged` and `refused`. */
export interface ImportCounts {
  read: number;
  /** `inserted` and `changed` together. */
  loaded: number;
  inserted: number;
  changed: number;
  unchanged: number;
  refused: number;
  /** Repairs that were made; several may be one record's. */
  repairs: number;
  /** Texts that look wrong and were left as they are. */
  doubts: number;
  /** Loaded or unchanged records that lie in no region that we have. */
  unassigned: number;
  /** Records of earlier runs that the files no longer have. */
  withdrawn: number;
}

export interface ImportOptions {
  readonly format: ImportFormat;
  readonly files: readonly SourceFile[];
  readonly status: Status;
  /** `try` reads and compares all, and writes nothing. */
  readonly mode: 'load' | 'try';
  /** What happens to records of earlier runs that the files do not have. */
  readonly missing: 'keep' | 'withdraw';
  /** Records loaded in one transaction. */
  readonly batchSize?: number;
  /** Is told of every refusal, repair and doubt; awaited, so that it may write. */
  readonly find: (finding: Finding) => Promise<void>;
  readonly progress: (counts: Readonly<ImportCounts>) => void;
}

/** The atlas lacks what every import needs. */
export class UnpreparedError extends Error {
  override readonly name = 'UnpreparedError';
}

const defaultBatchSize = 5_000;

/** Sessions that write a dataset's first load on a server, each a batch of its own. */
const writers = 2;

/** Batches whose rows beside the record may still be to be made while the next one is loaded. */
const mostUnsettled = 3;

/** Stands for the digest of a record that was withdrawn, so that its return is a change. */
const withdrawnDigest = 'withdrawn';

/** A batch is tables joined by triggers and foreign keys: more than a request may take. */
const statementMs = 10 * 60_000;

type Placed = ReadyIncident & Position;

/** A batch on its way into the database, which the batches that are begun meanwhile do not see there. */
interface Loading {
  readonly records: ReadonlySet<string>;
  readonly sources: ReadonlySet<string>;
  /** Settles when its instant is taken, or none will be: those that begin later take a later one. */
  readonly placed: Promise<void>;
  /** False where it had to be begun anew, as then must those that were begun before that. */
  readonly done: Promise<boolean>;
}

/** What a batch that is written before its turn has to know of the others. */
interface Ahead {
  readonly others: readonly Loading[];
  /** Says that its instant is taken. */
  readonly place: () => void;
}

/** A batch that was written before its turn cannot become the record so. */
class OutrunError extends Error {
  override readonly name = 'OutrunError';
}

/**
 * Brings the records of the files into the atlas, batch by batch, each in a transaction of its own:
 * a run that is killed leaves whole batches, and the next run finds them unchanged and goes on.
 * @throws {UnpreparedError} where the regions are not loaded.
 */
export async function importFiles(
  database: Database,
  options: ImportOptions,
): Promise<ImportCounts & { readonly run: number | null }> {
  return new Run(database, options).done();
}

class Run {
  readonly #database: Database;
  readonly #options: ImportOptions;
  #run: number | null = null;
  /** Records met while trying, which leaves no trace in the database. */
  readonly #tried = new RecordSet();
  /** Records that were refused while trying. */
  readonly #triedInVain = new RecordSet();
  #hasUnknownFaults = false;
  #references: References | null = null;
  /** Whether another session makes the rows beside the record: where the dataset is loaded first. */
  #settlesLater = false;
  /** The batches on their way, in the order in which they become the record. */
  #loading: readonly Loading[] = [];
  /** Whether one of them was outrun and is begun anew. */
  #isOutrun = false;
  #unsettled = 0;
  #settling: Promise<void> = Promise.resolve();
  /** Records that were refused, and so are not gone: some, before they are written down. */
  #kept: string[] = [];
  readonly #counts: ImportCounts = {
    read: 0,
    loaded: 0,
    inserted: 0,
    changed: 0,
    unchanged: 0,
    refused: 0,
    repairs: 0,
    doubts: 0,
    unassigned: 0,
    withdrawn: 0,
  };

  constructor(database: Database, options: ImportOptions) {
    this.#database = database;
    this.#options = options;
  }

  async done(): Promise<ImportCounts & { readonly run: number | null }> {
    const finder = await this.#write((session) => RegionFinder.of(session));
    if (finder.isEmpty)
      throw new UnpreparedError('no regions are loaded: run `npm run load` first');
    if (this.#options.mode === 'load') this.#run = await this.#begin();
    const { batchSize = defaultBatchSize } = this.#options;
    let batch: Placed[] = [];
    try {
      for await (const parsed of this.#options.format.read(this.#options.files)) {
        const placed = await this.#placed(parsed, finder);
        if (placed === null) continue;
        batch.push(placed);
        if (batch.length < batchSize) continue;
        // The next batch is read while this one is loaded.
        const full = batch;
        batch = [];
        await this.#start(full);
      }
      await this.#start(batch);
      await this.#loaded(0);
    } finally {
      // Where one fails, none is left behind that still writes.
      await Promise.allSettled(this.#loading.map(({ done }) => done));
    }
    await this.#settled(0);
    if (this.#options.mode === 'load') await this.#end();
    else if (this.#isComplete) this.#counts.withdrawn = await this.#goneInTrying();
    this.#options.progress(this.#counts);
    return { ...this.#counts, run: this.#run };
  }

  #write<Result>(work: (session: Session) => Promise<Result>): Promise<Result> {
    return this.#database.transaction('write', work, { statementMs });
  }

  async #begin(): Promise<number> {
    const { format, files, status } = this.#options;
    return this.#write(async (session) => {
      for (const load of datasetRows(format.dataset, status)) await upsert(session, load);
      const [run] = await session.query<{ id: number }>(
        sql`INSERT INTO atlas.import (dataset, format, files)
            VALUES (${format.dataset.id}, ${format.title}, ${files.map(({ name }) => name)}::text[])
            RETURNING id`,
      );
      if (run === undefined) throw new Error('the run has no id');
      const [loaded] = await session.query(
        sql`SELECT FROM atlas.import WHERE dataset = ${format.dataset.id} AND finished_at IS NOT NULL LIMIT 1`,
      );
      this.#settlesLater = loaded === undefined;
      this.#references = await References.of(session);
      return run.id;
    });
  }

  async #refuse(at: Position & { readonly record: string | null }, reason: string): Promise<void> {
    this.#counts.refused += 1;
    await this.#options.find({ ...at, kind: 'refused', reason });
  }

  /** Remembers, in the database, that a record is not gone although it was refused. */
  async #keep(record: string): Promise<void> {
    if (this.#options.missing === 'keep') return;
    if (this.#run === null) return this.#triedInVain.add(record);
    this.#kept.push(record);
    if (this.#kept.length >= 1_000) await this.#writeKept();
  }

  async #writeKept(): Promise<void> {
    const records = this.#kept;
    this.#kept = [];
    await this.#write((session) =>
      session.query(
        sql`INSERT INTO atlas.import_kept (import, record)
            SELECT ${this.#run}::bigint, unnest(${records}::text[]) ON CONFLICT DO NOTHING`,
      ),
    );
  }

  async #placed(parsed: Parsed, finder: RegionFinder): Promise<Placed | null> {
    const { file, line } = parsed;
    this.#counts.read += 1;
    if ('refused' in parsed) {
      const { record, refused, kind } = parsed;
      if (kind === 'faulty' && record === null) this.#hasUnknownFaults = true;
      if (kind === 'faulty' && record !== null) await this.#keep(record);
      await this.#refuse({ file, line, record }, refused);
      return null;
    }
    const { incident, repairs, doubts } = parsed;
    const at = { file, line, record: incident.record };
    const { country, region, reason } = finder.locate(incident);
    if (country === null) {
      await this.#keep(incident.record);
      await this.#refuse(at, 'no country is known, neither by name nor by region');
      return null;
    }
    for (const repair of repairs) {
      this.#counts.repairs += 1;
      await this.#options.find({ ...at, kind: 'repaired', reason: repair });
    }
    for (const doubt of doubts) {
      this.#counts.doubts += 1;
      await this.#options.find({ ...at, kind: 'doubtful', reason: doubt });
    }
    if (reason !== null) {
      this.#counts.unassigned += 1;
      await this.#options.find({ ...at, kind: 'unassigned', reason });
    }
    const { dataset } = this.#options.format;
    const { status } = this.#options;
    return { file, line, ...ready(incident, { country, region }, { dataset, status }) };
  }

  /** Begins to load a batch, when few enough of those before it are on their way. */
  async #start(batch: readonly Placed[]): Promise<void> {
    if (batch.length === 0) return;
    const isAhead = this.#settlesLater && this.#database.engine === 'server';
    await this.#loaded(isAhead ? writers - 1 : 0);
    if (this.#isOutrun) {
      // What is begun before all of them are done would be outrun by them.
      await this.#loaded(0);
      this.#isOutrun = false;
    }
    const others = this.#loading;
    let place = () => undefined;
    const placed = new Promise<void>((resolve) => {
      place = () => void resolve();
    });
    const done = isAhead
      ? this.#ahead(batch, { others, place }).finally(place)
      : this.#load(batch).then(() => true);
    // Its failure is met where it is awaited.
    done.catch(() => undefined);
    const records = new Set(batch.map(({ incident }) => incident.record));
    const sources = sourcesOf(batch, this.#scheme);
    this.#loading = [...others, { records, sources, placed, done }];
  }

  /** Waits until at most so many batches are on their way. */
  async #loaded(most: number): Promise<void> {
    while (this.#loading.length > most) {
      const [first, ...others] = this.#loading;
      await first?.done;
      this.#loading = others;
    }
  }

  /**
   * Loads a batch while others are on their way: it is written at once, becomes the record after them,
   * and is loaded anew by itself where that does not come out so.
   */
  async #ahead(batch: readonly Placed[], ahead: Ahead): Promise<boolean> {
    const before = ahead.others.at(-1)?.done;
    try {
      await this.#settled(mostUnsettled);
      const outcome = await this.#write(async (session) => {
        const compared = await this.#compared(session, batch, ahead);
        if ((await before) === false) throw new OutrunError();
        await compared.check(session);
        return compared;
      });
      await this.#count(outcome);
      return true;
    } catch (error) {
      ahead.place();
      await before;
      if (!(error instanceof OutrunError || error instanceof DatabaseError)) throw error;
      this.#isOutrun = true;
      await this.#load(batch);
      return false;
    }
  }

  /** Loads a batch; where the database refuses it, its halves, down to the record at fault. */
  async #load(batch: readonly Placed[]): Promise<void> {
    const [first] = batch;
    if (first === undefined) return;
    try {
      await this.#settled(mostUnsettled);
      const outcome = await this.#write(async (session) => {
        const compared = await this.#compared(session, batch);
        await compared.check(session);
        return compared;
      });
      await this.#count(outcome);
    } catch (error) {
      if (!(error instanceof DatabaseError) || !isAboutContent(error)) throw error;
      if (batch.length === 1) {
        const { file, line, incident } = first;
        await this.#keep(incident.record);
        await this.#refuse({ file, line, record: incident.record }, reasonOf(error));
        return;
      }
      const middle = Math.ceil(batch.length / 2);
      await this.#load(batch.slice(0, middle));
      await this.#load(batch.slice(middle));
    }
  }

  async #count({ inserted, changed, unchanged, repeated }: Outcome): Promise<void> {
    if (this.#settlesLater && inserted + changed > 0) this.#settle();
    this.#counts.inserted += inserted;
    this.#counts.changed += changed;
    this.#counts.loaded += inserted + changed;
    this.#counts.unchanged += unchanged;
    for (const { file, line, incident } of repeated) {
      const at = { file, line, record: incident.record };
      await this.#refuse(at, `the id ${incident.record} came before in these files`);
    }
    this.#options.progress(this.#counts);
  }

  /**
   * Makes the rows beside the record in a session of its own, while the next batch is loaded. Readers
   * see no wrong sum meanwhile, and where this run is killed the next writer makes them.
   */
  #settle(): void {
    this.#unsettled += 1;
    this.#settling = this.#settling.then(async () => {
      await this.#write((session) => session.query(sql`SELECT atlas.refresh_read()`));
      this.#unsettled -= 1;
    });
    // Its failure is met where it is awaited.
    this.#settling.catch(() => undefined);
  }

  /** Waits until at most so many batches are unsettled. */
  async #settled(most: number): Promise<void> {
    while (this.#unsettled > most) await this.#settling;
  }

  /** Compares a batch with the database and writes what is new, `ahead` of its turn or in it. */
  async #compared(session: Session, batch: readonly Placed[], ahead?: Ahead): Promise<Outcome> {
    const { dataset } = this.#options.format;
    const known = new Map(
      (
        await session.query<KnownRecord>(
          // Of each one row is wanted: said so, it is looked up, whatever the planner knows of the table.
          sql`SELECT r.record, r.digest, r.import AS run
                FROM unnest(${batch.map(({ incident }) => incident.record)}::text[]) AS given(record)
               CROSS JOIN LATERAL (
                 SELECT * FROM atlas.import_record r
                  WHERE r.dataset = ${dataset.id} AND r.record = given.record COLLATE "C"
                  LIMIT 1) r`,
        )
      ).map((row) => [row.record, row]),
    );
    const isOnItsWay = (record: string) => ahead?.others.some(({ records }) => records.has(record));
    const seen = new Set<string>();
    const repeated: Placed[] = [];
    const fresh: Placed[] = [];
    const changed: Placed[] = [];
    const same: Placed[] = [];
    for (const entry of batch) {
      const { record } = entry.incident;
      const before = known.get(record);
      const isMet = seen.has(record) || this.#tried.has(record) || isOnItsWay(record);
      if (isMet || (before && before.run === this.#run)) {
        repeated.push(entry);
        continue;
      }
      seen.add(record);
      if (before === undefined) fresh.push(entry);
      else if (before.digest === entry.digest) same.push(entry);
      else changed.push(entry);
    }
    const outcome = {
      inserted: fresh.length,
      changed: changed.length,
      unchanged: same.length,
      repeated,
    };
    if (this.#run === null) {
      for (const record of seen) this.#tried.add(record);
      return { ...outcome, check: async () => undefined };
    }
    // What changes rows could wait for another batch, and that one waits for this.
    if (ahead !== undefined && changed.length > 0) throw new OutrunError();
    const check = await this.#store(session, { fresh, changed, ahead });
    await this.#remember(session, [...fresh, ...changed, ...same]);
    return { ...outcome, check };
  }

  /** What is left to check before the transaction ends. */
  async #store(
    session: Session,
    {
      fresh,
      changed,
      ahead,
    }: {
      readonly fresh: readonly Placed[];
      readonly changed: readonly Placed[];
      readonly ahead: Ahead | undefined;
    },
  ): Promise<ReferenceCheck> {
    if (fresh.length + changed.length === 0) return async () => undefined;
    await ahead?.others.at(-1)?.placed;
    const instant = ahead === undefined ? sql`atlas.recording_at()` : sql`atlas.recording_ahead()`;
    const [batch] = await session.query<{ at: string }>(
      sql`INSERT INTO atlas.import_batch (import, recorded_at)
          VALUES (${this.#run}, ${instant}) RETURNING recorded_at AS at`,
    );
    ahead?.place();
    if (batch === undefined) throw new Error('the batch has no instant');
    if (this.#settlesLater) {
      await session.query(sql`SELECT set_config('atlas.read_later', 'on', true)`);
    }
    if (changed.length > 0) {
      const again = [...batchRows(changed, this.#scheme)];
      for (const load of again.toReversed()) await removeMissing(session, load);
      for (const load of again) await upsert(session, load);
    }
    if (fresh.length === 0) return async () => undefined;
    const references = this.#references;
    if (references === null) {
      await this.#insert(session, fresh, batch.at, ahead?.others);
      return async () => undefined;
    }
    const loads = await references.unchecked(session, () =>
      this.#insert(session, fresh, batch.at, ahead?.others),
    );
    return references.checkOf(loads);
  }

  /** Inserts what the database is known not to have; answers with what was inserted. */
  async #insert(
    session: Session,
    fresh: readonly Placed[],
    at: string,
    others: readonly Loading[] = [],
  ): Promise<TableLoad[]> {
    // In the order of their ids the indexes are filled page by page.
    const ordered = fresh.toSorted((a, b) => (a.id < b.id ? -1 : 1));
    const inserting: Promise<unknown>[] = [];
    const loads: TableLoad[] = [];
    const elsewhere = others.map(({ sources }) => sources);
    for (const load of batchRows(ordered, this.#scheme, elsewhere)) {
      if (load.rows.length === 0) continue;
      // Records share their publications.
      const inserted =
        load.table === 'source' ? insertMissing(session, load) : insertNew(session, load, at);
      // Its failure is met where it is awaited.
      inserted.catch(() => undefined);
      inserting.push(inserted);
      loads.push(load);
      // While the database inserts these, the next ones are written out.
      await setImmediate();
    }
    await Promise.all(inserting);
    return loads;
  }

  get #scheme() {
    return { dataset: this.#options.format.dataset, status: this.#options.status };
  }

  async #remember(session: Session, batch: readonly Placed[]): Promise<void> {
    await session.query(
      sql`INSERT INTO atlas.import_record (dataset, record, incident, digest, import)
          SELECT ${this.#options.format.dataset.id}, r.record, r.incident, r.digest, ${this.#run}::bigint
            FROM unnest(${batch.map(({ incident }) => incident.record)}::text[],
                        ${batch.map(({ id }) => id)}::text[],
                        ${batch.map(({ digest }) => digest)}::text[]) AS r(record, incident, digest)
          ON CONFLICT (dataset, record)
          DO UPDATE SET digest = excluded.digest, import = excluded.import`,
    );
  }

  /** Whether what the files lack is gone. */
  get #isComplete(): boolean {
    const { read } = this.#counts;
    return this.#options.missing === 'withdraw' && !this.#hasUnknownFaults && read > 0;
  }

  /** Withdraws what is gone, and writes down what was done. */
  async #end(): Promise<void> {
    const { dataset } = this.#options.format;
    const counts = this.#counts;
    if (this.#isComplete) await this.#writeKept();
    if (this.#options.missing === 'withdraw' && !this.#isComplete) {
      await this.#options.find({
        file: '',
        line: 0,
        record: null,
        kind: 'refused',
        reason: this.#hasUnknownFaults
          ? 'nothing was withdrawn: rows without a readable id could be any record'
          : 'nothing was withdrawn: the files hold no record',
      });
    }
    await this.#write(async (session) => {
      if (this.#isComplete) counts.withdrawn = await this.#withdraw(session);
      await session.query(
        sql`DELETE FROM atlas.import_kept
             WHERE import IN (SELECT id FROM atlas.import WHERE dataset = ${dataset.id})`,
      );
      await session.query(
        sql`UPDATE atlas.import
               SET finished_at = clock_timestamp(), report = ${JSON.stringify(counts)}::jsonb
             WHERE id = ${this.#run}`,
      );
      if (counts.loaded + counts.withdrawn === 0) return;
      await session.query(
        sql`INSERT INTO atlas.load (dataset, report)
            VALUES (${dataset.id}, ${JSON.stringify(counts)}::jsonb)`,
      );
    });
    // The planner has not seen these rows yet.
    if (counts.loaded > 0) await this.#write((session) => session.query(sql`ANALYZE`));
  }

  /** How many records a load would have withdrawn. */
  async #goneInTrying(): Promise<number> {
    let gone = 0;
    let last = '';
    for (;;) {
      const page = await this.#write((session) =>
        session.query<{ record: string; digest: string }>(
          sql`SELECT record, digest FROM atlas.import_record
               WHERE dataset = ${this.#options.format.dataset.id} AND record > ${last}
               ORDER BY record LIMIT 10000`,
        ),
      );
      for (const { record, digest } of page) {
        const isMet = this.#tried.has(record) || this.#triedInVain.has(record);
        if (digest !== withdrawnDigest && !isMet) gone += 1;
      }
      const end = page.at(-1);
      if (end === undefined) return gone;
      last = end.record;
    }
  }

  async #withdraw(session: Session): Promise<number> {
    const [gone] = await session.query<{ count: number }>(
      sql`WITH gone AS (
            UPDATE atlas.import_record r
               SET digest = ${withdrawnDigest}
             WHERE dataset = ${this.#options.format.dataset.id}
               AND import <> ${this.#run}
               AND digest <> ${withdrawnDigest}
               AND NOT EXISTS (SELECT FROM atlas.import_kept k
                                WHERE k.import = ${this.#run} AND k.record = r.record)
            RETURNING incident),
          retracted AS (
            UPDATE atlas.incident i SET status = 'retracted'
              FROM gone WHERE i.id = gone.incident)
          SELECT count(*) FROM gone`,
    );
    if (gone === undefined || gone.count === 0) return 0;
    await session.query(
      sql`INSERT INTO atlas.import_batch (import, recorded_at)
          VALUES (${this.#run}, atlas.recording_at())`,
    );
    return gone.count;
  }
}

/** Whether the records are to blame, and not the database or its network. */
function isAboutContent({ kind }: DatabaseError): boolean {
  return kind === 'constraint' || kind === 'value' || kind === 'statement';
}

function reasonOf({ message, constraint, cause }: DatabaseError): string {
  const detail = cause instanceof Error ? `: ${cause.message}` : '';
  return `${message}${constraint === undefined ? '' : ` (${constraint})`}${detail}`;
}

interface KnownRecord {
  readonly record: string;
  readonly digest: string;
  readonly run: number;
}

interface Outcome {
  readonly inserted: number;
  readonly changed: number;
  readonly unchanged: number;
  readonly repeated: readonly Placed[];
  /** What is left to do before the transaction ends. */
  readonly check: ReferenceCheck;
}
