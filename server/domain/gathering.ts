/** A place in a tile: x to the east, y to the south, from 0 up to the tile's extent. */
export interface TilePoint {
  readonly x: number;
  readonly y: number;
}

/** Incidents that go together so far, at their middle: one, of which `Said` is said, or what a cell gathers. */
export interface Cell<Said> extends TilePoint {
  readonly count: number;
  /** Its number, which finds its incident where it holds one. */
  readonly key: string;
  /** Finds that incident at once, where incidents were counted one by one. */
  readonly id?: string;
  /** The box of the points in it, degrees. */
  readonly west: number;
  readonly south: number;
  readonly east: number;
  readonly north: number;
  readonly killed_highest: number | null;
  readonly injured_highest: number | null;
  /** How many of them give a number. */
  readonly killed_given: number;
  readonly injured_given: number;
  /** In the order of the closed list. */
  readonly type_counts: readonly number[];
  /** Of a single one. */
  readonly incident?: Said | null;
}

/**
 * Joins cells until none is nearer to another than `within`, in tile units: neighbours on either side of a
 * cell's edge would be drawn over each other. The same for the same cells in any order.
 */
export function gather<Said>(cells: readonly Cell<Said>[], within: number): readonly Cell<Said>[] {
  const gathered = joinNeighbours(cells, within);
  return gathered.length === cells.length ? gathered : gather(gathered, within);
}

/** The fullest takes what is around it first. */
function joinNeighbours<Said>(cells: readonly Cell<Said>[], within: number): readonly Cell<Said>[] {
  const left = new Map<number, Set<Cell<Said>>>();
  const bucketOf = ({ x, y }: TilePoint, right = 0, down = 0) =>
    (Math.floor(y / within) + down) * bucketsInRow + Math.floor(x / within) + right;
  const sorted = cells.toSorted(
    (one, other) => other.count - one.count || (one.key < other.key ? -1 : 1),
  );
  for (const cell of sorted) {
    const bucket = left.get(bucketOf(cell));
    if (bucket === undefined) left.set(bucketOf(cell), new Set([cell]));
    else bucket.add(cell);
  }
  const gathered: Cell<Said>[] = [];
  for (const cell of sorted) {
    if (left.get(bucketOf(cell))?.delete(cell) !== true) continue;
    let sum = cell;
    for (const [right, down] of around) {
      const bucket = left.get(bucketOf(cell, right, down));
      for (const other of bucket ?? []) {
        if (Math.hypot(other.x - cell.x, other.y - cell.y) >= within) continue;
        bucket?.delete(other);
        sum = together(sum, other);
      }
    }
    gathered.push(sum);
  }
  return gathered;
}

/** More than a tile has, as its cells lie in it. */
const bucketsInRow = 10_000;

/** A square and those that touch it. */
const around = [-1, 0, 1].flatMap((right) => [-1, 0, 1].map((down) => [right, down] as const));

function together<Said>(one: Cell<Said>, other: Cell<Said>): Cell<Said> {
  const count = one.count + other.count;
  return {
    count,
    key: one.key,
    x: Math.floor((one.x * one.count + other.x * other.count) / count),
    y: Math.floor((one.y * one.count + other.y * other.count) / count),
    west: Math.min(one.west, other.west),
    south: Math.min(one.south, other.south),
    east: Math.max(one.east, other.east),
    north: Math.max(one.north, other.north),
    killed_highest: sumOf(one.killed_highest, other.killed_highest),
    injured_highest: sumOf(one.injured_highest, other.injured_highest),
    killed_given: one.killed_given + other.killed_given,
    injured_given: one.injured_given + other.injured_given,
    type_counts: one.type_counts.map((number, index) => number + (other.type_counts[index] ?? 0)),
  };
}

/** A figure that nobody gave is no zero. */
function sumOf(one: number | null, other: number | null): number | null {
  return one === null ? other : other === null ? one : one + other;
}
