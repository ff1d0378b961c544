import { type FilterName, filterParameters, type NumberRange } from './parameters.ts';

/** Filter parameters of incidents whose values are counted, in the order of the answer. */
export const facetNames = [
  'type',
  'target',
  'attacker',
  'country',
  'region',
  'geo_precision',
  'killed',
  'injured',
  'source',
] as const satisfies readonly FilterName[];
export type FacetName = (typeof facetNames)[number];

/** Ranges of a toll that are counted, as the filter writes them; sums are kept of each (`013_facets.sql`). */
export const tollRanges: readonly string[] = ['0', '1..', '5..', '10..', '20..', '50..', '100..'];

/** What {@link tollRanges} mean. */
export function tollRange(text: string): NumberRange {
  return filterParameters.killed.parse(text);
}

/** Values of one facet at most: those that the filter names, then those that leave most. */
export const maxFacetValues = 200;
