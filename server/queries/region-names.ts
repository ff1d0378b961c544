import sql from 'sql-template-tag';
import type { QueryOptions, Session } from '../db/database.ts';

/** A region as a form names it. */
export interface RegionName {
  readonly code: string;
  /** Recognised state (ISO 3166-1 alpha-2). */
  readonly country: string;
  readonly en: string;
  readonly uk: string | null;
}

/** The names of all regions, by country and name. */
export function regionNames(session: Session, options: QueryOptions): Promise<RegionName[]> {
  return session.query<RegionName>(
    sql`SELECT code, country, name_en AS en, name_uk AS uk
          FROM region
         ORDER BY country DESC, name_en, code`,
    options,
  );
}
