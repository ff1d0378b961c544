import type { QueryOptions, Session } from '../db/database.ts';

export interface Revision {
  /** Changes with every write that is committed and every embargo that lapses, and with nothing else. */
  readonly name: string;
  /** No incident's time was ever longer. Milliseconds. */
  readonly longestMs: number;
}

/** What the name of a revision is made of, as rows have it that say which one they are of. */
export interface RevisionNumbers {
  readonly revision: number;
  readonly lapsed: number;
}

interface RevisionRow extends RevisionNumbers {
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
export function revisionName(row: RevisionNumbers | undefined): string {
  return `${row?.revision ?? 0}.${row?.lapsed ?? 0}`;
}
