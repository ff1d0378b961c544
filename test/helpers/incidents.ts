import { setTimeout as sleep } from 'node:timers/promises';
import sql, { type Sql } from 'sql-template-tag';
import type { Database } from '../../server/db/database.ts';

/** Adds a copy of an incident under another id, moved to another day. Its id says that it is made up. */
export async function addCopy(
  database: Database,
  original: string,
  id: string,
  day: string,
): Promise<void> {
  await write(
    database,
    sql`INSERT INTO atlas.incident
          (id, title, summary, type, attacker, targets, country, region, place, time, time_precision,
           starts_at, ends_at, geo_precision, uncertainty_m, coordinate_source, geom, area, morton,
           dataset, status, recorded_at)
        SELECT ${id}, 'Made up: ' || title, summary, type, attacker, targets, country, region, place,
               ${day}, 'day', ${day}::date::timestamp AT TIME ZONE 'UTC',
               (${day}::date + 1)::timestamp AT TIME ZONE 'UTC', geo_precision, uncertainty_m,
               coordinate_source, geom, area, 0, dataset, status, now()
          FROM atlas.incident
         WHERE id = ${original}`,
  );
}

/** Takes an incident back, as an editor does: it is no longer public, and its versions are kept. */
export async function retract(database: Database, id: string): Promise<void> {
  await write(database, sql`UPDATE atlas.incident SET status = 'retracted' WHERE id = ${id}`);
}

/** Runs one statement in a transaction that writes. */
export async function write(database: Database, statement: Sql): Promise<void> {
  await database.transaction('write', (session) => session.query(statement));
}

/**
 * Imposes an embargo, looks while it holds, and resolves to what was seen once it has lapsed. Where the
 * machine was too busy to look in time, a longer one is imposed.
 */
export async function untilLapsed<Seen>(
  impose: (until: string) => Promise<unknown>,
  look: () => Promise<Seen>,
): Promise<Seen> {
  for (const seconds of [1, 5, 20, 60]) {
    const until = Date.now() + seconds * 1000;
    await impose(new Date(until).toISOString());
    const seen = await look();
    const left = until - Date.now();
    if (left <= 0) continue;
    await sleep(left + 100);
    return seen;
  }
  throw new Error('no embargo lasted until it was looked at');
}
