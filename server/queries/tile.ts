import { circle, distance } from '@turf/turf';
import type { MultiPolygon, Polygon } from 'geojson';
import sql, { join, type Sql } from 'sql-template-tag';
import type { QueryOptions, Session } from '../db/database.ts';
import { markerOf } from '../domain/area.ts';
import type { Filter } from '../domain/filter.ts';
import {
  cellShift,
  mortonRange,
  placeInTile,
  type TileId,
  tileBounds,
  tileExtent,
} from '../domain/tile.ts';
import { type GeoPrecision, type IncidentType, incidentTypeCodes } from '../domain/vocabulary.ts';
import { areSettled, isCovered } from './kept.ts';
import { where } from './where.ts';

/** A place in a tile: x to the east, y to the south, from 0 up to the tile's extent. */
interface TilePoint {
  readonly x: number;
  readonly y: number;
}

/** What a tile says of an incident: what style rules and a hint at the pointer need. */
export interface TileIncident {
  readonly id: string;
  readonly title: string;
  readonly type: IncidentType;
  readonly attacker: string;
  readonly place: string;
  /** First and last day that the time means, and how well it is known. */
  readonly day: string;
  readonly last_day: string;
  readonly time: string;
  readonly time_precision: string;
  readonly geo_precision: GeoPrecision;
  readonly uncertainty_m: number;
  readonly killed_lowest: number | null;
  readonly killed_highest: number | null;
  /** True where the highest is a lower bound, else null. */
  readonly killed_at_least: true | null;
  readonly injured_lowest: number | null;
  readonly injured_highest: number | null;
  readonly injured_at_least: true | null;
}

/** Several incidents too close to be told apart at this zoom, at their middle. */
export type TileCluster = TilePoint & {
  readonly count: number;
  /** West, south, east, north of the points in it, in degrees, as the parameter `bbox` takes it. */
  readonly bbox: string;
  readonly killed_highest: number | null;
  readonly injured_highest: number | null;
  /** How many of them give a number of killed, or of injured: the sums are of these alone. */
  readonly killed_given: number;
  readonly injured_given: number;
} & Readonly<Record<IncidentType, number>>;

export interface IncidentTile {
  readonly points: readonly (TilePoint & TileIncident)[];
  readonly clusters: readonly TileCluster[];
  /** Incidents known only as an area that reaches into the tile. */
  readonly areas: readonly TileArea[];
  /** Where those areas are marked, each in one tile of a zoom: an incident, or several with `count`. */
  readonly markers: readonly (TilePoint & (TileIncident | TileCluster))[];
}

/**
 * An area with the incident that is known only as it, or with how many are: those of one region, or,
 * where there are too many to be told apart, those whose discs it holds.
 */
export type TileArea = (TileIncident | { readonly count: number }) & {
  /** How many of them have their representative point in this tile. */
  readonly counted: number;
  readonly area: Polygon | MultiPolygon;
};

/** Incidents that go together so far: one, or what a cell gathers. */
interface Cell extends TilePoint {
  readonly count: number;
  /** Names it; of one incident, what finds it: the cell's number, or its id. */
  readonly key: string;
  readonly west: number;
  readonly south: number;
  readonly east: number;
  readonly north: number;
  readonly killed_highest: number | null;
  readonly injured_highest: number | null;
  readonly killed_given: number;
  readonly injured_given: number;
  /** In the order of the closed list. */
  readonly type_counts: readonly number[];
}

/** Up to this zoom whole neighbourhoods are gathered; beyond it only what nearly coincides. */
const gatheringZoom = 8;

/** Cells a side, as a power of two: 32 px and 16 px of a tile drawn at 512 px. */
const cellBits = (z: number) => (z <= gatheringZoom ? 4 : 5);

/** What is nearer than this in one tile is gathered, in tile units: 36 px and 24 px at 512 px. */
const reach = (z: number) => (z <= gatheringZoom ? 288 : 192);

/** Incidents (`t`) with their tolls (`k`), which are made once a row. */
const incidentRows = sql`incident t CROSS JOIN LATERAL (SELECT t.toll AS toll OFFSET 0) k`;

const incidentColumns = sql`
  t.id,
  t.title,
  t.type,
  t.attacker,
  t.place,
  to_char(t.starts_at, 'YYYY-MM-DD') AS day,
  to_char(t.ends_at - interval '1 microsecond', 'YYYY-MM-DD') AS last_day,
  t.time,
  t.time_precision,
  t.geo_precision,
  t.uncertainty_m,
  (k.toll).killed_lowest AS killed_lowest,
  (k.toll).killed_highest AS killed_highest,
  nullif((k.toll).killed_at_least, false) AS killed_at_least,
  (k.toll).injured_lowest AS injured_lowest,
  (k.toll).injured_highest AS injured_highest,
  nullif((k.toll).injured_at_least, false) AS injured_at_least`;

/** Spelled out, as the index of areas is made of these. */
const isArea = sql`t.geo_precision IN ('district', 'region', 'country')`;

/** What a cell holds of the incidents (`t`, tolls `k`) that are grouped. */
const cellColumns = sql`
  count(*)::integer AS count,
  min(ST_X(t.geom)) AS west,
  min(ST_Y(t.geom)) AS south,
  max(ST_X(t.geom)) AS east,
  max(ST_Y(t.geom)) AS north,
  sum((k.toll).killed_highest) AS killed_highest,
  sum((k.toll).injured_highest) AS injured_highest,
  count((k.toll).killed_highest)::integer AS killed_given,
  count((k.toll).injured_highest)::integer AS injured_given,
  ${countsByType(sql`count(*)`)} AS type_counts`;

function countsByType(count: Sql): Sql {
  const counts = incidentTypeCodes.map(
    (code) => sql`coalesce(${count} FILTER (WHERE t.type = ${code}), 0)`,
  );
  return sql`ARRAY[${join(counts, ', ')}]::integer[]`;
}

/**
 * What a filter selects in a tile. Every incident counts in one tile of a zoom: as a point, in a
 * cluster, or as an area where its representative point lies.
 */
export async function incidentTile(
  session: Session,
  tile: TileId,
  filter: Filter,
  options: QueryOptions,
): Promise<IncidentTile> {
  const query: TileQuery = { session, tile, filter, options };
  const cells = (await keptCells(query)) ?? (await countedCells(query));
  const gathered = gather(cells, reach(tile.z));
  const single = gathered.filter(({ count }) => count === 1);
  const found = await incidentsOfCells(
    query,
    single.map(({ key }) => key),
  );
  return {
    points: single.flatMap(({ x, y, key }) => {
      const incident = found.get(key);
      return incident === undefined ? [] : [{ x, y, ...incident }];
    }),
    clusters: gathered.filter(({ count }) => count > 1).map(asCluster),
    ...(await shapesOf(query, await shapesIn(query))),
  };
}

interface TileQuery {
  readonly session: Session;
  readonly tile: TileId;
  readonly filter: Filter;
  readonly options: QueryOptions;
}

/** Whether an incident's point (`t.morton`) lies in the tile. */
function isIn(tile: TileId): Sql {
  const { first, end } = mortonRange(tile);
  return sql`(t.morton >= ${first.toString()}::bigint AND t.morton < ${end.toString()}::bigint)`;
}

/** Parts of the side of the Web Mercator square, in the tile's own units. */
function inTileUnits({ z }: TileId, part: Sql, from: number): Sql {
  return sql`floor((${part} * ${2 ** z}::float8 - ${from}::float8) * ${tileExtent}::float8)::integer`;
}

/** The cells out of the incidents themselves. */
async function countedCells({ session, tile, filter, options }: TileQuery): Promise<Cell[]> {
  return session.query<Cell>(
    sql`SELECT (t.morton >> ${cellShift(tile, cellBits(tile.z))}::integer)::text AS key,
               ${inTileUnits(tile, sql`avg((ST_X(t.geom) + 180) / 360)`, tile.x)} AS x,
               ${inTileUnits(tile, sql`avg(0.5 - ln((1 + s.sine) / (1 - s.sine)) / (4 * pi()))`, tile.y)} AS y,
               ${cellColumns}
          FROM ${incidentRows}
         CROSS JOIN LATERAL (
           SELECT sin(radians(greatest(least(ST_Y(t.geom), 85.05112878), -85.05112878))) AS sine) s
         WHERE ${isIn(tile)}
           AND NOT ${isArea}
           AND ${where('incidents', filter)}
         GROUP BY 1`,
    options,
  );
}

/** Levels at which the database keeps sums of cells, for tiles down to these zooms. */
const keptLevels = [
  { level: 12, deepest: 8 },
  { level: 17, deepest: 12 },
] as const;

/**
 * The cells out of the sums that the database keeps; undefined where it keeps none for the zoom or
 * the filter, or they do not hold.
 */
async function keptCells({
  session,
  tile,
  filter,
  options,
}: TileQuery): Promise<readonly Cell[] | undefined> {
  const kept = keptLevels.find(({ deepest }) => tile.z <= deepest);
  if (kept === undefined || !isCovered(filter, ['type'])) return undefined;
  const shift = cellShift({ z: kept.level, x: 0, y: 0 }, 0);
  const { first, end } = mortonRange(tile);
  if (!(await areSettled(session, options))) return undefined;
  return session.query<Cell>(
    sql`SELECT (t.cell >> ${cellShift(tile, cellBits(tile.z)) - shift}::integer)::text AS key,
               ${inTileUnits(tile, sql`sum(t.x_sum) / sum(t.incidents)`, tile.x)} AS x,
               ${inTileUnits(tile, sql`sum(t.y_sum) / sum(t.incidents)`, tile.y)} AS y,
               sum(t.incidents)::integer AS count,
               min(t.west) AS west,
               min(t.south) AS south,
               max(t.east) AS east,
               max(t.north) AS north,
               sum(t.killed_highest) FILTER (WHERE t.killed_given > 0) AS killed_highest,
               sum(t.injured_highest) FILTER (WHERE t.injured_given > 0) AS injured_highest,
               sum(t.killed_given)::integer AS killed_given,
               sum(t.injured_given)::integer AS injured_given,
               ${countsByType(sql`sum(t.incidents)`)} AS type_counts
          FROM incident_cell t
         WHERE t.level = ${kept.level}
           AND t.cell >= ${(first >> BigInt(shift)).toString()}::bigint
           AND t.cell < ${(end >> BigInt(shift)).toString()}::bigint
           AND ${where('incidents', filter)}
         GROUP BY 1`,
    options,
  );
}

/** The one incident of each of these cells, by the cell's number. */
async function incidentsOfCells(
  { session, tile, filter, options }: TileQuery,
  keys: readonly string[],
): Promise<ReadonlyMap<string, TileIncident>> {
  if (keys.length === 0) return new Map();
  const shift = cellShift(tile, cellBits(tile.z));
  const rows = await session.query<TileIncident & { key: string }>(
    sql`SELECT cells.key, ${incidentColumns}
          FROM unnest(${keys}::text[]) AS cells(key)
          JOIN ${incidentRows}
            ON t.morton >= cells.key::bigint << ${shift}::integer
           AND t.morton < (cells.key::bigint + 1) << ${shift}::integer
         WHERE NOT ${isArea}
           AND ${where('incidents', filter)}`,
    options,
  );
  return new Map(rows.map(({ key, ...incident }) => [key, incident]));
}

/** An area with what is known only as it. */
interface Shape extends Omit<Cell, 'x' | 'y'> {
  /** How many of them have their point in the tile. */
  readonly counted: number;
  readonly uncertainty_m: number;
  /** Whether it is a region or a country, and so the area of them all. */
  readonly is_shared: boolean;
  /** Null for discs that are too many to be sent one by one. */
  readonly area: Polygon | MultiPolygon | null;
}

/** Discs in a tile that are still told apart. */
const mostDiscs = 60;

/** Metres of a degree of latitude. */
const metresOfDegree = 111_195;

/** The areas that reach into the tile, and whose incidents they are; one incident's has its id as key. */
async function shapesIn({ session, tile, filter, options }: TileQuery): Promise<Shape[]> {
  const [west, south, east, north] = tileBounds(tile);
  const box = sql`ST_MakeEnvelope(${west}::float8, ${south}::float8, ${east}::float8, ${north}::float8, 4326)`;
  const away = (value: Sql, from: number, to: number) =>
    sql`greatest(${from}::float8 - ${value}, ${value} - ${to}::float8) * ${metresOfDegree}::float8`;
  // What shares a region's boundary is met where that is; a disc that is far away is not even drawn.
  const reaches = sql`CASE
    WHEN t.area_of IS NOT NULL THEN t.area_of = ANY (ARRAY(
      SELECT unnest(ARRAY[r.code, r.country]) FROM region r WHERE r.geom && ${box}))
    WHEN t.geo_precision = 'district'
     AND (${away(sql`ST_Y(t.geom)`, south, north)} > t.uncertainty_m * 1.1
          OR ${away(sql`ST_X(t.geom)`, west, east)} * greatest(cos(radians(ST_Y(t.geom))), 0.01)
               > t.uncertainty_m * 1.1)
    THEN false
    ELSE t.area && ${box} END`;
  return session.query<Shape>(
    sql`WITH hit AS MATERIALIZED (
          SELECT t.id, t.type, t.geom, t.uncertainty_m, t.area_of, k.toll, ${isIn(tile)} AS counted,
                 t.morton >> ${cellShift(tile, cellBits(tile.z))}::integer AS cell
            FROM ${incidentRows}
           WHERE ${isArea}
             AND (${isIn(tile)} OR ${reaches})
             AND ${where('incidents', filter)}),
        crowd AS (SELECT count(*) > ${mostDiscs} AS is_large FROM hit WHERE area_of IS NULL),
        shape AS (
          SELECT min(t.id) AS id,
                 t.area_of,
                 max(t.uncertainty_m) AS uncertainty_m,
                 count(*) FILTER (WHERE t.counted)::integer AS counted,
                 ${cellColumns}
            FROM (SELECT hit.*,
                         CASE WHEN hit.area_of IS NOT NULL THEN hit.area_of
                              WHEN crowd.is_large THEN hit.cell::text ELSE hit.id END AS key
                    FROM hit CROSS JOIN crowd) t
           CROSS JOIN LATERAL (SELECT t.toll) k
           GROUP BY t.key, t.area_of)
        SELECT s.*,
               s.id AS key,
               s.area_of IS NOT NULL AS is_shared,
               CASE WHEN s.area_of IS NOT NULL OR s.count = 1
                    THEN (SELECT ST_AsGeoJSON(i.area, 5)::json FROM incident i WHERE i.id = s.id) END AS area
          FROM shape s
         ORDER BY s.id`,
    options,
  );
}

/** The areas as they are drawn, and where they are marked. */
async function shapesOf(
  { session, tile, options }: TileQuery,
  shapes: readonly Shape[],
): Promise<Pick<IncidentTile, 'areas' | 'markers'>> {
  const single = shapes.filter(({ count }) => count === 1).map(({ key }) => key);
  const found = new Map(
    single.length === 0
      ? []
      : (
          await session.query<TileIncident>(
            sql`SELECT ${incidentColumns} FROM ${incidentRows} WHERE t.id = ANY (${single}::text[])`,
            options,
          )
        ).map((incident) => [incident.id, incident]),
  );
  const drawn = shapes.map((shape) => {
    const area = shape.area ?? discAround(shape);
    const marker = markerOf(
      area,
      found.get(shape.key)?.geo_precision ?? (shape.is_shared ? 'region' : 'district'),
    );
    return { shape, area, cell: { ...shape, ...placeInTile(tile, marker) } };
  });
  return {
    areas: drawn.map(({ shape: { key, count, counted }, area }) => ({
      ...(found.get(key) ?? { count }),
      counted,
      area,
    })),
    markers: gather(drawn.map(({ cell }) => cell).filter(isWithin), reach(tile.z)).map((cell) => {
      const incident = cell.count === 1 ? found.get(cell.key) : undefined;
      return incident === undefined ? asCluster(cell) : { x: cell.x, y: cell.y, ...incident };
    }),
  };
}

/** A disc that holds the discs of all the points within an extent. */
function discAround({ west, south, east, north, uncertainty_m }: Shape): Polygon {
  const centre = [(west + east) / 2, (south + north) / 2];
  const reach = distance([west, south], [east, north], { units: 'meters' }) / 2 + uncertainty_m;
  return circle(centre, reach, { units: 'meters', steps: 32 }).geometry;
}

function isWithin({ x, y }: TilePoint): boolean {
  return x >= 0 && y >= 0 && x < tileExtent && y < tileExtent;
}

/**
 * Joins cells until none is nearer to another than `within`: neighbours on either side of a cell's
 * edge would be drawn over each other.
 */
function gather(cells: readonly Cell[], within: number): readonly Cell[] {
  const gathered = joinNeighbours(cells, within);
  return gathered.length === cells.length ? gathered : gather(gathered, within);
}

/** The fullest takes what is around it first. */
function joinNeighbours(cells: readonly Cell[], within: number): readonly Cell[] {
  const left = new Map<string, Set<Cell>>();
  const bucketOf = ({ x, y }: TilePoint, right = 0, down = 0) =>
    `${Math.floor(x / within) + right} ${Math.floor(y / within) + down}`;
  const sorted = cells.toSorted(
    (one, other) => other.count - one.count || (one.key < other.key ? -1 : 1),
  );
  for (const cell of sorted) {
    const bucket = left.get(bucketOf(cell));
    if (bucket === undefined) left.set(bucketOf(cell), new Set([cell]));
    else bucket.add(cell);
  }
  const gathered: Cell[] = [];
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

/** A square and those that touch it. */
const around = [-1, 0, 1].flatMap((right) => [-1, 0, 1].map((down) => [right, down] as const));

function together(one: Cell, other: Cell): Cell {
  const count = one.count + other.count;
  const mean = (a: number, b: number) => Math.floor((a * one.count + b * other.count) / count);
  return {
    count,
    key: one.key,
    x: mean(one.x, other.x),
    y: mean(one.y, other.y),
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

function asCluster(cell: Cell): TileCluster {
  const { x, y, count, killed_highest, injured_highest, killed_given, injured_given } = cell;
  const of = (code: IncidentType) => cell.type_counts[incidentTypeCodes.indexOf(code)] ?? 0;
  return {
    x,
    y,
    count,
    bbox: boxAround(cell),
    killed_highest,
    injured_highest,
    killed_given,
    injured_given,
    drone_strike: of('drone_strike'),
    missile_strike: of('missile_strike'),
    airstrike: of('airstrike'),
    combined_strike: of('combined_strike'),
    shelling: of('shelling'),
    sabotage: of('sabotage'),
    other: of('other'),
  };
}

/** Parts of a degree that boxes are rounded to: a metre or so. */
const parts = 1e5;

/** Rounded outwards, so that every point lies within and no box is without an area. */
function boxAround({ west, south, east, north }: Cell): string {
  const down = (degrees: number) => (Math.floor(degrees * parts) - 1) / parts;
  const up = (degrees: number) => (Math.ceil(degrees * parts) + 1) / parts;
  return [down(west), down(south), up(east), up(north)].join(',');
}

/** A region as a tile shows it. */
export interface TileRegion {
  readonly code: string;
  readonly name_en: string;
  readonly name_uk: string | null;
  readonly country: string;
  /** States other than the recognised one that claim the region, comma-separated. */
  readonly claimed_by: string | null;
  readonly boundary: MultiPolygon;
}

/** The regions that reach into a tile. */
export async function regionTile(
  session: Session,
  tile: TileId,
  filter: Filter,
  options: QueryOptions,
): Promise<TileRegion[]> {
  const [west, south, east, north] = tileBounds(tile);
  return session.query<TileRegion>(
    sql`SELECT t.code, t.name_en, t.name_uk, t.country,
               (SELECT string_agg(c.claimant, ',' ORDER BY c.claimant)
                  FROM territorial_claim c
                 WHERE c.region = t.code AND c.claimant <> t.country) AS claimed_by,
               ST_AsGeoJSON(t.geom, 5)::json AS boundary
          FROM region t
         WHERE t.geom && ST_MakeEnvelope(
                 ${west}::float8, ${south}::float8, ${east}::float8, ${north}::float8, 4326)
           AND ${where('regions', filter)}
         ORDER BY t.code`,
    options,
  );
}
