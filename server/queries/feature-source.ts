import type { Sql } from 'sql-template-tag';
import type { Filter } from '../domain/filter.ts';
import type { GeometryForm } from '../domain/paging.ts';
import type { SortKey } from './order.ts';

/** How the rows of a collection are found, ordered and written as GeoJSON Features. */
export interface FeatureSource {
  /** What a filter is about: the row is `t`; a claim's incident is `i`. */
  readonly from: Sql;
  /** What a filter selects of these rows. */
  readonly where: (filter: Filter) => Sql;
  readonly id: Sql;
  /** A Feature as a json expression over the row `t` and `joins`; geometry in CRS84. */
  readonly feature: (geometry: GeometryForm) => Sql;
  /** What the feature needs beside the row `t`. */
  readonly joins: Sql;
  /** The last key is unique. */
  readonly order: readonly SortKey[];
  /** What comes before that order where features are asked for by name: the nearest name first. */
  readonly nearest?: (name: string) => readonly SortKey[];
}
