import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import sql from 'sql-template-tag';
import type { Database, Session } from './database.ts';

/** The migrations and the database do not fit together; the message says which and why. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError';
}

interface Migration {
  /** File name, `NNN_what.sql`; they are applied in its order. */
  readonly name: string;
  readonly text: string;
  readonly sha256: string;
}

/** Any number, the same for every server of this kind: PostgreSQL lets one at a time hold it. */
const lockKey = 7_251_969;

/** Longest that one migration may take, in milliseconds. */
const statementMs = 30 * 60_000;

/**
 * Applies what is missing of a directory's migrations, each in a transaction of its own, and
 * resolves to their names. Several servers may do so at once: they take turns.
 * @throws {MigrationError} when an applied file was changed or is gone, or when one fails.
 */
export async function migrate(
  database: Database,
  directory: string,
  log: (message: string) => void,
): Promise<readonly string[]> {
  const migrations = await readMigrations(directory);
  const applied: string[] = [];
  for (;;) {
    const next = await database.transaction(
      'write',
      async (session) => {
        const migration = await missing(session, migrations);
        if (migration !== undefined) {
          log(`Applying migration ${migration.name}`);
          await apply(session, migration);
        }
        return migration;
      },
      { statementMs },
    );
    if (next === undefined) return applied;
    applied.push(next.name);
  }
}

async function readMigrations(directory: string): Promise<Migration[]> {
  const names = (await readdir(directory)).filter((name) => /^\d{3}_\w+\.sql$/.test(name)).sort();
  return Promise.all(
    names.map(async (name) => {
      // Line ends depend on how the file was checked out.
      const text = (await readFile(path.join(directory, name), 'utf8')).replaceAll('\r\n', '\n');
      return { name, text, sha256: createHash('sha256').update(text).digest('hex') };
    }),
  );
}

/** The first migration that has not been applied; what has been must be the first files, unchanged. */
async function missing(
  session: Session,
  migrations: readonly Migration[],
): Promise<Migration | undefined> {
  await session.query(sql`SET LOCAL lock_timeout = 0`);
  await session.query(sql`SELECT pg_advisory_xact_lock(${lockKey})`);
  await session.query(
    sql`CREATE TABLE IF NOT EXISTS public.schema_migration (
          name       text COLLATE "C" PRIMARY KEY,
          sha256     text NOT NULL,
          applied_at timestamptz NOT NULL DEFAULT now()
        )`,
  );
  const applied = await session.query<Pick<Migration, 'name' | 'sha256'>>(
    sql`SELECT name, sha256 FROM public.schema_migration ORDER BY name`,
  );
  for (const [index, { name, sha256 }] of applied.entries()) {
    const migration = migrations[index];
    if (migration?.name !== name) {
      throw new MigrationError(
        `The database has migration ${name} where the directory has ${migration?.name ?? 'none'}: was it made by another version?`,
      );
    }
    if (migration.sha256 !== sha256) {
      throw new MigrationError(
        `Migration ${name} was changed after it was applied: restore it and add a new one instead`,
      );
    }
  }
  return migrations[applied.length];
}

async function apply(session: Session, { name, text, sha256 }: Migration): Promise<void> {
  try {
    await session.query({ text, values: [] });
  } catch (error) {
    throw new MigrationError(`Migration ${name} failed`, { cause: error });
  }
  await session.query(
    sql`INSERT INTO public.schema_migration (name, sha256) VALUES (${name}, ${sha256})`,
  );
}
