import type { Sql } from 'sql-template-tag';
import type { GeometryForm } from '../domain/paging.ts';

/** One column of a sort key, never null: how SQL writes it and the type its text is cast back to. */
export interface SortKey {
  readonly column: Sql;
  readonly type: 'timestamptz' | 'text';
}

/** How the rows of a collection are found, ordered and written as GeoJSON Features. */
export interface FeatureSource {
  /** The row is `t`; a claim's incident is `i`. */
  readonly from: Sql;
  readonly id: Sql;
  /** A Feature as a json expression over `from` and `joins`; geometry in CRS84. */
  readonly feature: (geometry: GeometryForm) => Sql;
  /** Joins that the feature needs and the filter does not. */
  readonly joins: Sql;
  /** All keys run in one direction, so that a row comparison pages through them; the last is unique. */
  readonly order: { readonly keys: readonly SortKey[]; readonly direction: 'ASC' | 'DESC' };
}
