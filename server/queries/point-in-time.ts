import sql from 'sql-template-tag';
import type { Database, QueryOptions, Session } from '../db/database.ts';
import type { PointInTime } from '../domain/point-in-time.ts';

/**
 * Runs `work` in a read transaction over the record as it stands, or, where `at` says so, as it
 * stood: the same queries then find the views of the same names in `api_then`.
 */
export async function reading<Result>(
  database: Database,
  at: PointInTime,
  work: (session: Session) => Promise<Result>,
  options: QueryOptions,
): Promise<Result> {
  return database.transaction(
    'read',
    async (session) => {
      if (!isNow(at)) {
        await session.query(
          sql`SELECT set_config('search_path', 'api_then, public', true),
                     set_config('atlas.as_of', ${at.asOf ?? ''}, true),
                     set_config('atlas.known_by', ${at.knownBy ?? ''}, true)`,
          options,
        );
      }
      return work(session);
    },
    options,
  );
}

/** As {@link reading}, for work of one statement: that is of one state without a transaction. */
export async function readingOnce<Result>(
  database: Database,
  at: PointInTime,
  work: (session: Session) => Promise<Result>,
  options: QueryOptions,
): Promise<Result> {
  return isNow(at) ? work(database) : reading(database, at, work, options);
}

/** Whether the record is read as it stands. */
export function isNow({ asOf, knownBy }: PointInTime): boolean {
  return asOf === undefined && knownBy === undefined;
}
