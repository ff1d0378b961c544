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
  /** Incidents known only as an area that reaches into the tile; `counted` where its point lies. */
  readonly areas: readonly (TileIncident & {
    readonly counted: boolean;
    readonly area: Polygon | MultiPolygon;
  })[];
  /** Where those areas are marked, each in one tile of a zoom: an incident, or several with `count`. */
  readonly markers: readonly (TilePoint & (TileIncident | TileCluster))[];
}

/** Incidents that go together so far: one, or what a cell gathers. */
interface Cell extends TilePoint {
  readonly count: number;
  /** One of them, which is it where the count is one. */
  readonly incident: TileIncident;
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
  killed.lowest AS killed_lowest,
  killed.highest AS killed_highest,
  nullif(killed.at_least, false) AS killed_at_least,
  injured.lowest AS injured_lowest,
  injured.highest AS injured_highest,
  nullif(injured.at_least, false) AS injured_at_least`;

const incidentRows = sql`
  incident t
  JOIN geo_precision p ON p.code = t.geo_precision
  LEFT JOIN figure killed ON killed.incident = t.id AND killed.measure = 'killed'
  LEFT JOIN figure injured ON injured.incident = t.id AND injured.measure = 'injured'`;

const typeCounts: Sql = join(
  incidentTypeCodes.map((code) => sql`count(*) FILTER (WHERE type = ${code})`),
  ', ',
);

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
  const { first, end } = mortonRange(tile);
  const side = 2 ** tile.z;
  const selected = where('incidents', filter);
  const inTile = sql`t.morton >= ${first.toString()}::bigint AND t.morton < ${end.toString()}::bigint`;
  const rows = await session.query<TileIncident & Omit<Cell, 'incident'>>(
    sql`WITH hit AS (
          SELECT ${incidentColumns},
                 ST_X(t.geom) AS longitude,
                 ST_Y(t.geom) AS latitude,
                 t.morton >> ${cellShift(tile, cellBits(tile.z))}::integer AS cell,
                 ((ST_X(t.geom) + 180) / 360 * ${side}::float8 - ${tile.x}::float8)
                   * ${tileExtent}::float8 AS x,
                 ((0.5 - ln((1 + s.sine) / (1 - s.sine)) / (4 * pi())) * ${side}::float8
                   - ${tile.y}::float8) * ${tileExtent}::float8 AS y
            FROM ${incidentRows}
           CROSS JOIN LATERAL (
             SELECT sin(radians(greatest(least(ST_Y(t.geom), 85.05112878), -85.05112878))) AS sine) s
           WHERE ${inTile}
             AND NOT p.area_only
             AND ${selected})
        SELECT count(*)::integer AS count,
               floor(avg(x))::integer AS x,
               floor(avg(y))::integer AS y,
               min(longitude) AS west,
               min(latitude) AS south,
               max(longitude) AS east,
               max(latitude) AS north,
               min(id) AS id,
               min(title) AS title,
               min(type) AS type,
               min(attacker) AS attacker,
               min(place) AS place,
               min(day) AS day,
               max(last_day) AS last_day,
               min(time) AS time,
               min(time_precision) AS time_precision,
               min(geo_precision) AS geo_precision,
               max(uncertainty_m) AS uncertainty_m,
               sum(killed_lowest) AS killed_lowest,
               sum(killed_highest) AS killed_highest,
               bool_or(killed_at_least) AS killed_at_least,
               sum(injured_lowest) AS injured_lowest,
               sum(injured_highest) AS injured_highest,
               bool_or(injured_at_least) AS injured_at_least,
               count(killed_highest)::integer AS killed_given,
               count(injured_highest)::integer AS injured_given,
               ARRAY[${typeCounts}]::integer[] AS type_counts
          FROM hit
         GROUP BY cell
         ORDER BY min(id)`,
    options,
  );
  const [west, south, east, north] = tileBounds(tile);
  const areas = await session.query<
    TileIncident & {
      counted: boolean;
      longitude: number;
      latitude: number;
      area: Polygon | MultiPolygon;
    }
  >(
    sql`SELECT ${incidentColumns},
               (${inTile}) AS counted,
               ST_X(t.geom) AS longitude,
               ST_Y(t.geom) AS latitude,
               ST_AsGeoJSON(t.area, 5)::json AS area
          FROM ${incidentRows}
         WHERE p.area_only
           AND (${inTile} OR t.area && ST_MakeEnvelope(
             ${west}::float8, ${south}::float8, ${east}::float8, ${north}::float8, 4326))
           AND ${selected}
         ORDER BY t.id`,
    options,
  );
  const gathered = gather(rows.map(asCell), reach(tile.z));
  const marked = areas.flatMap(({ area, counted: _counted, longitude, latitude, ...incident }) => {
    const place = placeInTile(tile, markerOf(area, incident.geo_precision));
    return isWithin(place) ? [alone(incident, place, [longitude, latitude])] : [];
  });
  return {
    points: gathered.filter(({ count }) => count === 1).map(asPoint),
    clusters: gathered.filter(({ count }) => count > 1).map(asCluster),
    areas: areas.map(({ longitude: _lon, latitude: _lat, ...area }) => area),
    markers: gather(marked, reach(tile.z)).map((cell) =>
      cell.count === 1 ? asPoint(cell) : asCluster(cell),
    ),
  };
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
  const left = new Set(
    [...cells].sort(
      (one, other) => other.count - one.count || (one.incident.id < other.incident.id ? -1 : 1),
    ),
  );
  const gathered: Cell[] = [];
  for (const cell of left) {
    left.delete(cell);
    let sum = cell;
    for (const other of left) {
      if (Math.hypot(other.x - cell.x, other.y - cell.y) >= within) continue;
      left.delete(other);
      sum = together(sum, other);
    }
    gathered.push(sum);
  }
  return gathered;
}

function together(one: Cell, other: Cell): Cell {
  const count = one.count + other.count;
  const mean = (a: number, b: number) => Math.floor((a * one.count + b * other.count) / count);
  return {
    count,
    incident: one.incident,
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

function asCell({
  count,
  x,
  y,
  west,
  south,
  east,
  north,
  killed_given,
  injured_given,
  type_counts,
  ...incident
}: TileIncident & Omit<Cell, 'incident'>): Cell {
  const { killed_highest, injured_highest } = incident;
  return {
    count,
    incident,
    x,
    y,
    west,
    south,
    east,
    north,
    killed_highest,
    injured_highest,
    killed_given,
    injured_given,
    type_counts,
  };
}

function alone(
  incident: TileIncident,
  place: TilePoint,
  [longitude, latitude]: readonly [number, number],
): Cell {
  return asCell({
    ...incident,
    ...place,
    count: 1,
    west: longitude,
    south: latitude,
    east: longitude,
    north: latitude,
    killed_given: incident.killed_highest === null ? 0 : 1,
    injured_given: incident.injured_highest === null ? 0 : 1,
    type_counts: incidentTypeCodes.map((code) => (code === incident.type ? 1 : 0)),
  });
}

function asPoint({ x, y, incident }: Cell): TilePoint & TileIncident {
  return { x, y, ...incident };
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
