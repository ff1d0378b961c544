import { circle, distance } from '@turf/turf';
import type { MultiPolygon, Polygon } from 'geojson';
import sql, { empty, join, raw, type Sql } from 'sql-template-tag';
import type { QueryOptions, Session, Statement } from '../db/database.ts';
import { markerOf } from '../domain/area.ts';
import { metresOfDegree } from '../domain/bbox.ts';
import type { Filter } from '../domain/filter.ts';
import { type Cell, gather, type TilePoint } from '../domain/gathering.ts';
import {
  cellShift,
  mortonRange,
  placeInTile,
  type TileId,
  tileBounds,
  tileExtent,
} from '../domain/tile.ts';
import { type GeoPrecision, type IncidentType, incidentTypeCodes } from '../domain/vocabulary.ts';
import { isCovered, sumsHold } from './kept.ts';
import { asIs, planned } from './planned.ts';
import { type RevisionNumbers, revisionName } from './revision.ts';
import { keptFilters, where, whereKept } from './where.ts';

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

/** Cells of a tile, those of one incident with what is said of it. */
type TileCell = Cell<TileIncident>;

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
export type TileArea = (
  | TileIncident
  | (Pick<TileIncident, 'geo_precision' | 'uncertainty_m'> & { readonly count: number })
) & {
  /** How many of them have their representative point in this tile. */
  readonly counted: number;
  readonly area: Polygon | MultiPolygon;
};

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

/** Incidents drawn as points; spelled out, as the index of the others is made of these. */
const isPoint = sql`t.geo_precision IN ('site', 'settlement')`;
const isArea = sql`t.geo_precision IN ('district', 'region', 'country')`;

/** Where incidents (`t`) are counted, one by one. */
interface Rows {
  readonly from: Sql;
  readonly longitude: Sql;
  readonly latitude: Sql;
  readonly killed: Sql;
  readonly injured: Sql;
  readonly isPoint: Sql;
  readonly isArea: Sql;
  readonly where: (filter: Filter) => Sql;
}

/** In the record: of the past too, and for every filter. */
const recorded: Rows = {
  from: incidentRows,
  longitude: sql`ST_X(t.geom)`,
  latitude: sql`ST_Y(t.geom)`,
  killed: sql`(k.toll).killed_highest`,
  injured: sql`(k.toll).injured_highest`,
  isPoint,
  isArea,
  where: (filter) => where('incidents', filter),
};

/** Beside it, where an index has all that a tile of a time asks for. */
const beside: Rows = {
  from: sql`incident_kept t`,
  longitude: sql`t.longitude`,
  latitude: sql`t.latitude`,
  killed: sql`t.killed_highest`,
  injured: sql`t.injured_highest`,
  isPoint: sql`t.shape = ''`,
  isArea: sql`t.shape > ''`,
  where: whereKept,
};

/** What a cell holds of the incidents that are grouped. */
const cellColumns = ({ longitude, latitude, killed, injured }: Rows) => sql`
  count(*)::integer AS count,
  min(${longitude}) AS west,
  min(${latitude}) AS south,
  max(${longitude}) AS east,
  max(${latitude}) AS north,
  sum(${killed}) AS killed_highest,
  sum(${injured}) AS injured_highest,
  count(${killed})::integer AS killed_given,
  count(${injured})::integer AS injured_given,
  ${countsByType(sql`count(*)`)} AS type_counts`;

function countsByType(count: Sql): Sql {
  const counts = incidentTypeCodes.map(
    (code) => sql`coalesce(${count} FILTER (WHERE t.type = ${code}), 0)`,
  );
  return sql`ARRAY[${join(counts, ', ')}]::integer[]`;
}

/**
 * What a filter selects in a tile. Every incident counts in one tile of a zoom: as
 * a point, in a cluster, or as an area where its representative point lies.
 */
export async function incidentTile(
  session: Session,
  tile: TileId,
  filter: Filter,
  options: QueryOptions,
): Promise<IncidentTile> {
  const query: TileQuery = { session, tile, filter, options };
  const { cells, shapes } = (await readSettled(query)) ?? (await readRecorded(query));
  return {
    points: cells.flatMap(({ x, y, incident }) =>
      incident === undefined || incident === null ? [] : [{ x, y, ...incident }],
    ),
    clusters: cells.filter(({ count }) => count > 1).map(asCluster),
    ...areasOf(tile, shapes),
  };
}

interface TileQuery {
  readonly session: Session;
  readonly tile: TileId;
  readonly filter: Filter;
  readonly options: QueryOptions;
}

/** What there is in a tile: cells gathered, those of one incident with what is said of it. */
interface TileRows {
  readonly cells: readonly TileCell[];
  readonly shapes: readonly Shape[];
}

/** Out of what is kept beside the record, sums if there are any; undefined where that does not hold. */
async function readSettled(query: TileQuery): Promise<TileRows | undefined> {
  const { tile, filter } = query;
  const kept = keptFor(tile, filter);
  if (kept !== undefined) return readRows(query, keptContent(query, kept), sumsHold, planned);
  if (!isCovered(filter, keptFilters)) return undefined;
  // Which index finds incidents depends on how much there is of the time and of the place.
  return readRows(query, countedContent(query, beside), sumsHold, asIs);
}

/** Out of the record itself. */
async function readRecorded(query: TileQuery): Promise<TileRows> {
  const rows = await readRows(query, countedContent(query, recorded), sql`true`, asIs);
  return rows ?? { cells: [], shapes: [] };
}

/** What is counted in a tile; where there is nothing, null. */
interface CountedRow extends RevisionNumbers {
  readonly cells: readonly TileCell[] | null;
  readonly shapes: readonly Shape[] | null;
}

/** What is said of the incident that a key finds. */
interface SaidRow extends RevisionNumbers {
  readonly key: string;
  readonly incident: TileIncident | null;
}

/** Writes that may come between two statements before what was read is taken as it is. */
const mostWrites = 5;

/**
 * Of hundreds of cells that hold one incident few are left when neighbours are gathered: what is said of
 * an incident is read only then, and all is read anew where a write came between.
 */
async function readRows(
  { session, tile, filter, options }: TileQuery,
  { cells, shapes, isOf }: Content,
  holds: Sql,
  asStatement: (statement: Sql) => Statement,
): Promise<TileRows | undefined> {
  const counted = asStatement(sql`
    SELECT (SELECT json_agg(c) FROM (${cells}) c) AS cells,
           (SELECT json_agg(s) FROM (${shapes}) s) AS shapes,
           now.revision, now.lapsed
      FROM api.revision now
     WHERE ${holds}`);
  const saidOf = (keys: readonly string[]) =>
    asStatement(sql`
      SELECT c.key, one.incident, now.revision, now.lapsed
        FROM unnest(${keys}::text[]) AS c(key)
        LEFT JOIN LATERAL (${oneOf(filter, isOf)}) AS one ON true
       CROSS JOIN api.revision now`);
  for (let writes = 0; ; writes += 1) {
    const [row] = await session.query<CountedRow>(counted, options);
    if (row === undefined) return undefined;
    const gathered = gather(row.cells ?? [], reach(tile.z));
    const rows = { cells: gathered, shapes: row.shapes ?? [] };
    const keys = gathered.filter(({ count }) => count === 1).map(keyOf);
    if (keys.length === 0) return rows;
    const said = await session.query<SaidRow>(saidOf(keys), options);
    if (revisionName(said[0]) !== revisionName(row) && writes < mostWrites) continue;
    const byKey = new Map(said.map(({ key, incident }) => [key, incident]));
    const withIncident = (cell: TileCell) => ({
      ...cell,
      incident: byKey.get(keyOf(cell)) ?? null,
    });
    return { ...rows, cells: gathered.map(withIncident) };
  }
}

/** What finds the incident of a cell that holds one. */
const keyOf = ({ key, id = key }: TileCell): string => id;

/** Whether what the filter selects changes with the incidents alone, and not with what hangs on them. */
export function isOfIncidents(filter: Filter): boolean {
  return filter.source === undefined && filter.filter === undefined;
}

/** Zoom of the cells by which the database keeps what was changed when. */
const touchedZoom = 8;

/**
 * The state of the public data that a tile of incidents is of: that of the last write which changed
 * an incident that may be in it. Undefined where that is not known, as a write is not finished.
 */
export async function tileRevision(
  session: Session,
  { z, x, y }: TileId,
  options: QueryOptions,
): Promise<string | undefined> {
  const deeper = Math.max(0, z - touchedZoom);
  const { first, end } = mortonRange({ z: z - deeper, x: x >> deeper, y: y >> deeper });
  const shift = BigInt(cellShift({ z: touchedZoom, x: 0, y: 0 }, 0));
  const [row] = await session.query<{ name: string }>(
    planned(sql`
      SELECT coalesce(
               (SELECT max(t.revision) FROM incident_touched t
                 WHERE t.cell = -1
                    OR t.cell BETWEEN ${Number(first >> shift)}::integer
                                  AND ${Number((end - 1n) >> shift)}::integer),
               0) || '.' || r.lapsed AS name
        FROM revision r
       WHERE ${sumsHold}`),
    options,
  );
  return row?.name;
}

/** Cells, and the shapes that reach into the tile, as SQL, and which incident (`t`) is that of a cell (`c.key`). */
interface Content {
  readonly cells: Sql;
  readonly shapes: Sql;
  readonly isOf: Sql;
}

const countedContent = (query: TileQuery, rows: Rows): Content => ({
  cells: countedCells(query, rows),
  shapes: shapesIn(query, countedShapes(query, rows), sql`t.id = s.id`),
  isOf: sql`t.id = c.key`,
});

const keptContent = (query: TileQuery, kept: Kept): Content => ({
  cells: keptCells(query, kept),
  shapes: shapesIn(
    query,
    keptShapes(query, kept),
    sql`t.morton >= s.from_key AND t.morton < s.past_key AND ${isArea} AND t.shape = s.shape`,
  ),
  isOf: sql`${isOfCell(query.tile, sql`c.key`)} AND ${isPoint}`,
});

/** An incident (`t`) of which this is true. */
function oneOf(filter: Filter, isIt: Sql, columns: Sql = empty): Sql {
  // Of each one row is wanted: said so, it is looked up.
  return sql`
    SELECT (SELECT row_to_json(i) FROM (SELECT ${incidentColumns}) i) AS incident${columns}
      FROM ${incidentRows}
     WHERE ${isIt} AND ${where('incidents', filter)}
     LIMIT 1`;
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
function countedCells({ tile, filter }: TileQuery, rows: Rows): Sql {
  const { from, longitude, latitude } = rows;
  return sql`
    SELECT (t.morton >> ${cellShift(tile, cellBits(tile.z))}::integer)::text AS key,
               min(t.id) AS id,
               ${inTileUnits(tile, sql`avg((${longitude} + 180) / 360)`, tile.x)} AS x,
               ${inTileUnits(tile, sql`avg(0.5 - ln((1 + s.sine) / (1 - s.sine)) / (4 * pi()))`, tile.y)} AS y,
               ${cellColumns(rows)}
          FROM ${from}
         CROSS JOIN LATERAL (
           SELECT sin(radians(greatest(least(${latitude}, 85.05112878), -85.05112878))) AS sine) s
         WHERE ${isIn(tile)}
           AND ${rows.isPoint}
           AND ${rows.where(filter)}
         GROUP BY 1`;
}

/** Levels at which the database keeps sums of cells, for tiles down to these zooms. */
const keptLevels = [
  { level: 10, deepest: 6 },
  { level: 12, deepest: 8 },
  { level: 14, deepest: 9 },
  { level: 17, deepest: 12 },
] as const;

/** Sums that the database keeps of cells, which are smaller than the tile's by so many bits. */
interface Kept {
  readonly level: number;
  readonly bits: number;
}

/** Undefined where the database keeps no sums for the zoom or the filter. */
function keptFor(tile: TileId, filter: Filter): Kept | undefined {
  const found = keptLevels.find(({ deepest }) => tile.z <= deepest);
  if (found === undefined || !isCovered(filter, ['type'])) return undefined;
  const { level } = found;
  return { level, bits: 2 * (level - tile.z - cellBits(tile.z)) };
}

/** By how many bits a Morton key is longer than the number of a kept cell. */
const keptShift = ({ level }: Kept): number => cellShift({ z: level, x: 0, y: 0 }, 0);

/** Whether a kept cell (`t.cell`) lies in the tile. */
function isCellIn(tile: TileId, kept: Kept): Sql {
  const shift = BigInt(keptShift(kept));
  const { first, end } = mortonRange(tile);
  return sql`(t.cell >= ${(first >> shift).toString()}::bigint AND t.cell < ${(end >> shift).toString()}::bigint)`;
}

/** What kept cells (`t`) hold together. */
const keptColumns = sql`
  sum(t.incidents)::integer AS count,
  min(t.west) AS west,
  min(t.south) AS south,
  max(t.east) AS east,
  max(t.north) AS north,
  sum(t.killed_highest) FILTER (WHERE t.killed_given > 0) AS killed_highest,
  sum(t.injured_highest) FILTER (WHERE t.injured_given > 0) AS injured_highest,
  sum(t.killed_given)::integer AS killed_given,
  sum(t.injured_given)::integer AS injured_given,
  ${countsByType(sql`sum(t.incidents)`)} AS type_counts`;

/** The cells out of the sums that the database keeps. */
function keptCells({ tile, filter }: TileQuery, kept: Kept): Sql {
  return sql`
    SELECT (t.cell >> ${kept.bits}::integer)::text AS key,
           ${inTileUnits(tile, sql`sum(t.x_sum) / sum(t.incidents)`, tile.x)} AS x,
           ${inTileUnits(tile, sql`sum(t.y_sum) / sum(t.incidents)`, tile.y)} AS y,
           ${keptColumns}
      FROM incident_cell t
     WHERE t.level = ${kept.level}
       AND t.shape = ''
       AND ${isCellIn(tile, kept)}
       AND ${where('incidents', filter)}
     GROUP BY 1`;
}

/** Whether an incident (`t`) lies in the cell of the tile's zoom that has this number. */
function isOfCell(tile: TileId, key: Sql): Sql {
  const shift = cellShift(tile, cellBits(tile.z));
  return sql`t.morton >= ${key}::bigint << ${shift}::integer
         AND t.morton < (${key}::bigint + 1) << ${shift}::integer`;
}

/** What is known only as an area: what shares a region's, or what has its own and lies in one cell. */
interface Shape extends Omit<TileCell, 'x' | 'y'> {
  /** Code of the region or country, or `-`. */
  readonly shape: string;
  /** How many of them have their point in the tile. */
  readonly counted: number;
  /** Metres around the points within which their areas lie. */
  readonly reach_m: number;
  /** Null where it is made of several areas. */
  readonly area: MultiPolygon | null;
}

/** What has its own area is gathered by cells of the tile's size, a region's or a country's is one. */
const shapeKey = (cell: Sql): Sql =>
  sql`CASE t.shape WHEN '-' THEN (${cell})::text ELSE t.shape END`;

function countedShapes({ tile, filter }: TileQuery, rows: Rows): Sql {
  return sql`
    SELECT t.shape,
           ${shapeKey(sql`t.morton >> ${cellShift(tile, cellBits(tile.z))}::integer`)} AS key,
           (count(*) FILTER (WHERE ${isIn(tile)}))::integer AS counted,
           max(t.reach_m) AS reach_m,
           min(t.id) AS id,
           ${cellColumns(rows)}
      FROM ${rows.from}
     WHERE ${rows.isArea} AND ${rows.where(filter)}
     GROUP BY 1, 2`;
}

function keptShapes({ tile, filter }: TileQuery, kept: Kept): Sql {
  const { level, bits } = kept;
  const selected = where('incidents', filter);
  const [west, south, east, north] = boxAroundTile(tile);
  // A number in the text and not a value: each level has its own index of extents.
  const levelHasIndex = raw(String(level));
  // Cells of the tile's size in which any area may reach the tile, each as a whole: it is the same
  // shape in every tile.
  const own = sql`
    SELECT '-' AS shape, k.key::text, g.*
      FROM (SELECT DISTINCT t.cell >> ${bits}::integer AS key
              FROM incident_cell t
             WHERE t.level = ${levelHasIndex}
               AND t.shape = '-'
               AND t.extent && box(point(${west}::float8, ${south}::float8), point(${east}::float8, ${north}::float8))
               AND ${selected}) k
     CROSS JOIN LATERAL (
       SELECT coalesce(sum(t.incidents) FILTER (WHERE ${isCellIn(tile, kept)}), 0)::integer AS counted,
              max(t.reach_m) AS reach_m,
              min(t.cell) AS first,
              ${keptColumns}
         FROM incident_cell t
        WHERE t.level = ${level}
          AND t.shape = '-'
          AND t.cell >= k.key << ${bits}::integer
          AND t.cell < (k.key + 1) << ${bits}::integer
          AND ${selected}) g`;
  const shared = sql`
    SELECT g.shape, g.shape, coalesce(p.counted, 0)::integer, g.reach_m, f.first,
           g.count, g.west, g.south, g.east, g.north, g.killed_highest, g.injured_highest,
           g.killed_given, g.injured_given, g.type_counts
      FROM (SELECT t.shape, max(t.reach_m) AS reach_m, ${keptColumns}
              FROM incident_cell t
             WHERE t.level = 0 AND t.shape > '-' AND ${selected}
             GROUP BY t.shape) g
     CROSS JOIN LATERAL (
       SELECT sum(t.incidents) AS counted
         FROM incident_cell t
        WHERE t.level = ${level} AND t.shape = g.shape AND ${isCellIn(tile, kept)} AND ${selected}) p
     CROSS JOIN LATERAL (
       SELECT min(t.cell) AS first
         FROM incident_cell t
        WHERE t.level = ${level} AND t.shape = g.shape AND ${selected}) f`;
  return sql`
    SELECT s.*, s.first << ${keptShift(kept)}::integer AS from_key,
           (s.first + 1) << ${keptShift(kept)}::integer AS past_key
      FROM (${own} UNION ALL ${shared}) s`;
}

/** Degrees around a tile: what is gathered with something in it may lie two cells outside. */
function boxAroundTile(tile: TileId): readonly [number, number, number, number] {
  const [west, south, east, north] = tileBounds(tile);
  const part = 2 / 2 ** cellBits(tile.z);
  const [wide, high] = [part * (east - west), part * (north - south)];
  return [west - wide, south - high, east + wide, north + high];
}

/**
 * The shapes that reach into the tile, each with its area. A shape is whole in every tile that it
 * reaches into: one that shares a region's area where that is, wherever the points are; others within
 * their reach of the box of their points, and its size.
 */
function shapesIn(query: TileQuery, shapes: Sql, isOfShape: Sql): Sql {
  const [west, south, east, north] = tileBounds(query.tile);
  // Degrees of longitude, a quarter of a pixel: what the tile cannot show is most of a region's boundary.
  const unit = (2 * (east - west)) / tileExtent;
  const one = oneOf(
    query.filter,
    sql`(s.shape <> '-' OR s.count = 1) AND ${isOfShape}`,
    sql`, ST_AsGeoJSON(ST_Simplify(t.area, ${unit}::float8, true), 5)::json AS area`,
  );
  return sql`
    SELECT s.*, one.area, CASE s.count WHEN 1 THEN one.incident END AS incident
      FROM (${shapes}) s
     CROSS JOIN LATERAL (
       SELECT greatest(cos(radians(s.north)), 0.01) AS shrink) c
     CROSS JOIN LATERAL (
       SELECT 1.05 * s.reach_m + ${metresOfDegree}::float8
                * (s.north - s.south + (s.east - s.west) * c.shrink) AS metres) away
      LEFT JOIN LATERAL (${one}) one ON true
     WHERE s.counted > 0
        OR CASE s.shape
           WHEN '-' THEN
             greatest(${south}::float8 - s.north, s.south - ${north}::float8)
               * ${metresOfDegree}::float8 <= away.metres
             AND greatest(${west}::float8 - s.east, s.west - ${east}::float8)
               * c.shrink * ${metresOfDegree}::float8 <= away.metres
           ELSE s.shape = ANY (ARRAY(
             SELECT unnest(ARRAY[r.code, r.country]) FROM region r
              WHERE r.geom && ST_MakeEnvelope(
                ${west}::float8, ${south}::float8, ${east}::float8, ${north}::float8, 4326)))
           END`;
}

/** The areas as they are drawn, and where they are marked. */
function areasOf(tile: TileId, shapes: readonly Shape[]): Pick<IncidentTile, 'areas' | 'markers'> {
  const drawn = shapes.map((shape) => {
    const area = shape.area ?? discAround(shape);
    const geo_precision = shape.incident?.geo_precision ?? precisionOf(shape);
    return { ...shape, ...placeInTile(tile, markerOf(area, geo_precision)), area, geo_precision };
  });
  return {
    areas: drawn.map(({ count, counted, reach_m, incident, geo_precision, area }) => ({
      ...(incident ?? { count, geo_precision, uncertainty_m: Math.round(reach_m) }),
      counted,
      area,
    })),
    markers: gather(drawn.filter(isWithin), reach(tile.z)).map((cell) => {
      const { x, y, incident } = cell;
      return incident === undefined || incident === null ? asCluster(cell) : { x, y, ...incident };
    }),
  };
}

/** How well the place is known of several incidents that share a shape. */
function precisionOf({ shape }: Shape): GeoPrecision {
  if (shape === '-') return 'district';
  return shape.includes('-') ? 'region' : 'country';
}

/** A disc that holds the areas of all the points within an extent. */
function discAround({ west, south, east, north, reach_m }: Shape): Polygon {
  const centre = [(west + east) / 2, (south + north) / 2];
  const radius = distance([west, south], [east, north], { units: 'meters' }) / 2 + reach_m;
  return circle(centre, radius, { units: 'meters', steps: 32 }).geometry;
}

function isWithin({ x, y }: TilePoint): boolean {
  return x >= 0 && y >= 0 && x < tileExtent && y < tileExtent;
}

function asCluster(cell: TileCell): TileCluster {
  const { x, y, count, killed_highest, injured_highest, killed_given, injured_given } = cell;
  return {
    x,
    y,
    count,
    bbox: boxAround(cell),
    killed_highest,
    injured_highest,
    killed_given,
    injured_given,
    drone_strike: countOf(cell, 'drone_strike'),
    missile_strike: countOf(cell, 'missile_strike'),
    airstrike: countOf(cell, 'airstrike'),
    combined_strike: countOf(cell, 'combined_strike'),
    shelling: countOf(cell, 'shelling'),
    sabotage: countOf(cell, 'sabotage'),
    other: countOf(cell, 'other'),
  };
}

function countOf({ type_counts }: TileCell, code: IncidentType): number {
  return type_counts[incidentTypeCodes.indexOf(code)] ?? 0;
}

/** Parts of a degree that boxes are rounded to: a metre or so. */
const parts = 1e5;

/** Rounded outwards, so that every point lies within and no box is without an area. */
function boxAround({ west, south, east, north }: TileCell): string {
  return [down(west), down(south), up(east), up(north)].join(',');
}
const down = (degrees: number): number => (Math.floor(degrees * parts) - 1) / parts;
const up = (degrees: number): number => (Math.ceil(degrees * parts) + 1) / parts;

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
