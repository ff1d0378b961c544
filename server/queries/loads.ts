import sql from 'sql-template-tag';
import type { Session } from '../db/database.ts';

/** Whether any files have ever been loaded into this database. */
export async function hasLoaded(session: Session): Promise<boolean> {
  const rows = await session.query(sql`SELECT FROM load LIMIT 1`);
  return rows.length > 0;
}
