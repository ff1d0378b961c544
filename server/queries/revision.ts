import type { QueryOptions, Session } from '../db/database.ts';

export interface Revision {
  /** Changes with every write that is committed and every embargo that lapses, and with nothing else. */
  readonly name: string;
  /** No incident's time was ever longer. Milliseconds. */
  readonly longestMs: number;
}

interface RevisionRow {
  readonly revision: number;
  readonly lapsed: number;
  readonly longest_ms: number;
}

/** The state of the public data. */
export async function readRevision(session: Session, options: QueryOptions): Promise<Revision> {
  const [row] = await session.query<RevisionRow>(
    { name: 'revision', text: 'SELECT revision, lapsed, longest_ms FROM revision', values: [] },
    options,
  );
  return { name: revisionName(row), longestMs: row?.longest_ms ?? 0 };
}

/** Of a row of `revision`. */
export function revisionName(row: Pick<RevisionRow, 'revision' | 'lapsed'> | undefined): string {
  return `${row?.revision ?? 0}.${row?.lapsed ?? 0}`;
}
