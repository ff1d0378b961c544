import { createHash } from 'node:crypto';
import type { Sql } from 'sql-template-tag';
import type { Statement } from '../db/database.ts';

/** The statement under a name of its own, by which its plan is kept: for what one plan serves well. */
export function planned({ text, values }: Sql): Statement {
  return { text, values, name: createHash('sha256').update(text).digest('base64url').slice(0, 22) };
}

/** The statement without a name: it is planned for its values each time. */
export const asIs = ({ text, values }: Sql): Statement => ({ text, values });
