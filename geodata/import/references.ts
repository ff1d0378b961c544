import sql, { raw } from 'sql-template-tag';
import type { Session } from '../../server/db/database.ts';
import { DatabaseError } from '../../server/db/errors.ts';
import type { TableLoad } from '../upsert.ts';

/** A foreign key of one column, as the database has it. */
interface Reference {
  readonly constraint: string;
  readonly table: string;
  readonly column: string;
  readonly parent: string;
  readonly key: string;
}

/** @throws {DatabaseError} as PostgreSQL would. */
export type ReferenceCheck = (session: Session) => Promise<void>;

/**
 * Foreign keys of new rows, checked once a batch: PostgreSQL runs a query for each row and key, a quarter
 * of what a load costs the server. Which they are is read from the database.
 */
export class References {
  readonly #references: readonly Reference[];

  private constructor(references: readonly Reference[]) {
    this.#references = references;
  }

  /** `null` where PostgreSQL has to check them: where we may not let its triggers sleep, or others would too. */
  static async of(session: Session): Promise<References | null> {
    const [able] = await session.query<{ is_able: boolean }>(
      sql`SELECT has_parameter_privilege('session_replication_role', 'SET')
                 AND NOT EXISTS (
                   SELECT FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
                    WHERE c.relnamespace = 'atlas'::regnamespace
                      AND NOT t.tgisinternal AND t.tgenabled <> 'A')
                 AND NOT EXISTS (
                   SELECT FROM pg_constraint
                    WHERE connamespace = 'atlas'::regnamespace AND contype = 'f' AND cardinality(conkey) > 1)
                 AS is_able`,
    );
    if (able?.is_able !== true) return null;
    return new References(
      await session.query<Reference>(
        sql`SELECT f.conname::text AS constraint, t.relname::text AS table, a.attname::text AS column,
                   p.relname::text AS parent, k.attname::text AS key
              FROM pg_constraint f
              JOIN pg_class t ON t.oid = f.conrelid
              JOIN pg_class p ON p.oid = f.confrelid
              JOIN pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = f.conkey[1]
              JOIN pg_attribute k ON k.attrelid = f.confrelid AND k.attnum = f.confkey[1]
             WHERE f.connamespace = 'atlas'::regnamespace AND f.contype = 'f'`,
      ),
    );
  }

  /** Inserts rows without a look at their references: `checkOf` them must be run before the transaction ends. */
  async unchecked<Result>(session: Session, insert: () => Promise<Result>): Promise<Result> {
    const role = (name: 'replica' | 'origin') =>
      session.query(sql`SELECT set_config('session_replication_role', ${name}, true)`);
    await role('replica');
    const result = await insert();
    await role('origin');
    return result;
  }

  /**
   * What looks for all that these rows refer to, and holds it against whoever would remove it until the
   * transaction ends. Incidents among the rows are there: they are inserted with the others.
   */
  checkOf(loads: readonly TableLoad[]): ReferenceCheck {
    const inserted = valuesOf(loads, 'incident', 'id');
    const all = this.#references.map((reference) => {
      const values = valuesOf(loads, reference.table, reference.column);
      if (reference.parent === 'incident') for (const id of inserted) values.delete(id);
      return { reference, values: [...values] };
    });
    const wanted = all.filter(({ values }) => values.length > 0);
    return async (session) => {
      for (const { reference, values } of wanted) await find(session, reference, values);
    };
  }
}

function valuesOf(loads: readonly TableLoad[], table: string, column: string): Set<string> {
  const values = new Set<string>();
  for (const load of loads) {
    if (load.table !== table || !Object.hasOwn(load.columns, column)) continue;
    for (const row of load.rows) {
      const value: unknown = Reflect.get(row, column);
      if (value !== null && value !== undefined) values.add(String(value));
    }
  }
  return values;
}

/** Names come from the database's own catalogue. */
const named = (name: string) => raw(`"${name.replaceAll('"', '""')}"`);

async function find(
  session: Session,
  { constraint, table, column, parent, key }: Reference,
  values: readonly string[],
): Promise<void> {
  const found = await session.query<{ key: string }>(
    sql`SELECT ${named(key)}::text AS key FROM atlas.${named(parent)}
         WHERE ${named(key)} = ANY (${values}::text[]) ORDER BY 1 FOR KEY SHARE`,
  );
  const keys = new Set(found.map((row) => row.key));
  const missing = values.find((value) => !keys.has(value));
  if (missing === undefined) return;
  throw new DatabaseError('constraint', {
    code: '23503',
    constraint,
    message: `${table}.${column} is '${missing}', which is not in ${parent}`,
  });
}
