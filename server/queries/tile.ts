import type { MultiPolygon, Polygon } from 'geojson';
import sql, { join, type Sql } from 'sql-template-tag';
import type { QueryOptions, Session } from '../db/database.ts';
import type { Filter } from '../domain/filter.ts';
import { cellShift, mortonRange, type TileId, tileBounds, tileExtent } from '../domain/tile.ts';
import { type IncidentType, incidentTypeCodes } from '../domain/vocabulary.ts';
import { where } from './where.ts';

/** A place in a tile: x to the east, y to the south, from 0 up to the tile's extent. */
interface TilePoint {
  readonly x: number;
  readonly y: number;
}

/** What a tile says of an incident: identity, type, time and figures; what style rules need. */
export interface TileIncident {
  readonly id: string;
  readonly title: string;
  readonly type: string;
  readonly attacker: string;
  /** First and last day that the time means, and how well it is known. */
  readonly day: string;
  readonly last_day: string;
  readonly time_precision: string;
  readonly geo_precision: string;
  readonly uncertainty_m: number;
  readonly killed_lowest: number | null;
  readonly killed_highest: number | null;
  readonly injured_lowest: number | null;
  readonly injured_highest: number | null;
}

/** Several incidents too close to be told apart at this zoom, at their middle. */
export type TileCluster = TilePoint & {
  readonly count: number;
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
}

/** What a cell of a tile gathers beside the columns of one incident. */
interface Gathered {
  readonly count: number;
  readonly killed_given: number;
  readonly injured_given: number;
  /** In the order of the closed list. */
  readonly type_counts: readonly number[];
}

/** Up to this zoom whole neighbourhoods are gathered; beyond it only what nearly coincides. */
const gatheringZoom = 8;

/** Cells a side, as a power of two: 64 px and 16 px of a tile drawn at 512 px. */
const cellBits = (z: number) => (z <= gatheringZoom ? 3 : 5);

const incidentColumns = sql`
  t.id,
  t.title,
  t.type,
  t.attacker,
  to_char(t.starts_at, 'YYYY-MM-DD') AS day,
  to_char(t.ends_at - interval '1 microsecond', 'YYYY-MM-DD') AS last_day,
  t.time_precision,
  t.geo_precision,
  t.uncertainty_m,
  killed.lowest AS killed_lowest,
  killed.highest AS killed_highest,
  injured.lowest AS injured_lowest,
  injured.highest AS injured_highest`;

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
  const cells = await session.query<TilePoint & TileIncident & Gathered>(
    sql`WITH hit AS (
          SELECT ${incidentColumns},
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
               min(id) AS id,
               min(title) AS title,
               min(type) AS type,
               min(attacker) AS attacker,
               min(day) AS day,
               max(last_day) AS last_day,
               min(time_precision) AS time_precision,
               min(geo_precision) AS geo_precision,
               max(uncertainty_m) AS uncertainty_m,
               sum(killed_lowest) AS killed_lowest,
               sum(killed_highest) AS killed_highest,
               sum(injured_lowest) AS injured_lowest,
               sum(injured_highest) AS injured_highest,
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
    TileIncident & { counted: boolean; area: Polygon | MultiPolygon }
  >(
    sql`SELECT ${incidentColumns},
               (${inTile}) AS counted,
               ST_AsGeoJSON(t.area, 5)::json AS area
          FROM ${incidentRows}
         WHERE p.area_only
           AND (${inTile} OR t.area && ST_MakeEnvelope(
             ${west}::float8, ${south}::float8, ${east}::float8, ${north}::float8, 4326))
           AND ${selected}
         ORDER BY t.id`,
    options,
  );
  return {
    points: cells
      .filter(({ count }) => count === 1)
      .map(
        ({ count: _one, type_counts: _types, killed_given: _k, injured_given: _i, ...point }) =>
          point,
      ),
    clusters: cells.filter(({ count }) => count > 1).map(asCluster),
    areas,
  };
}

function asCluster({
  x,
  y,
  count,
  killed_highest,
  injured_highest,
  killed_given,
  injured_given,
  type_counts,
}: TilePoint & TileIncident & Gathered): TileCluster {
  const of = (code: IncidentType) => type_counts[incidentTypeCodes.indexOf(code)] ?? 0;
  return {
    x,
    y,
    count,
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
