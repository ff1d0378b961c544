import type { QueryOptions, Session } from '../db/database.ts';

export interface Revision {
  /** Changes with every write that is committed and every embargo that lapses, and with nothing else. */
  readonly name: string;
  /** No incident's time was ever longer. Milliseconds. */
  readonly longestMs: number;
}

/** The state of the public data. */
export async function readRevision(session: Session, options: QueryOptions): Promise<Revision> {
  const [row] = await session.query<{ revision: number; lapsed: number; longest_ms: number }>(
    { name: 'revision', text: 'SELECT revision, lapsed, longest_ms FROM revision', values: [] },
    options,
  );
  return { name: `${row?.revision ?? 0}.${row?.lapsed ?? 0}`, longestMs: row?.longest_ms ?? 0 };
}
