/**
 * Pure: which set of vector tiles is drawn, and which is on its way. All tiles of a set are of one
 * filter, and a set takes the other's place as a whole, so that what is drawn always adds up.
 */

export interface TileSet {
  /** Name of its source on the map; a set that is asked for anew has another. */
  readonly source: string;
  /** The filter as the query of the tiles' address. */
  readonly query: string;
}

export interface TileSets {
  readonly shown: TileSet;
  /** Being loaded, and not yet to be seen. */
  readonly coming: TileSet | null;
  /** What was last asked for, which waits its turn where it is that of neither set. */
  readonly wanted: string;
}

/** The tiles of the first filter: there is nothing else to be seen meanwhile. */
export function begin(query: string): TileSets {
  return { shown: { source: nameOf(1), query }, coming: null, wanted: query };
}

/**
 * Asks for another filter's tiles. `at once`: what is on its way for an older filter is given up.
 * `in turn`, for filters that follow each other quickly: it may arrive first.
 */
export function want(sets: TileSets, query: string, pace: 'at once' | 'in turn'): TileSets {
  if (query === sets.wanted && (pace === 'in turn' || isAsked(sets, query))) return sets;
  const next = { ...sets, wanted: query };
  if (sets.coming !== null && pace === 'in turn') return next;
  return query === sets.shown.query ? { ...next, coming: null } : again(next);
}

function isAsked({ shown, coming }: TileSets, query: string): boolean {
  return (coming ?? shown).query === query;
}

/** The set on its way is whole: it is shown from now on, and what waited is asked for. */
export function arrived({ shown, coming, wanted }: TileSets): TileSets {
  const next: TileSets = { shown: coming ?? shown, coming: null, wanted };
  return wanted === next.shown.query ? next : again(next);
}

/** Asks once more for what is wanted, after a failure. */
export function again(sets: TileSets): TileSets {
  const last = sets.coming ?? sets.shown;
  const coming = { source: nameOf(numberOf(last) + 1), query: sets.wanted };
  return { ...sets, coming };
}

const prefix = 'incidents-';
const nameOf = (number: number) => `${prefix}${number}`;
const numberOf = ({ source }: TileSet) => Number(source.slice(prefix.length));
