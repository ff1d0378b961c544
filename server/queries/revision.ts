import type { QueryOptions, Session } from '../db/database.ts';

/**
 * Names the state of the public data: it changes with every write that is committed and with every
 * embargo that lapses, and with nothing else.
 */
export async function readRevision(session: Session, options: QueryOptions): Promise<string> {
  const [row] = await session.query<{ revision: number; lapsed: number }>(
    { name: 'revision', text: 'SELECT revision, lapsed FROM revision', values: [] },
    options,
  );
  return `${row?.revision ?? 0}.${row?.lapsed ?? 0}`;
}
