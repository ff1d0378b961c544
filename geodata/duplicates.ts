import sql from 'sql-template-tag';
import type { Session } from '../server/db/database.ts';
import { metresOfDegree } from '../server/domain/bbox.ts';
import { incidentTypes } from '../server/domain/vocabulary.ts';

/** Two incidents of different datasets that may be one; only an editor can say. */
export interface DuplicateCandidate {
  readonly one: string;
  readonly other: string;
  /** From 0 to 1: the product of what time, place, type and deaths say. No probability. */
  readonly score: number;
  readonly reasons: readonly string[];
}

export interface DuplicateSearch {
  /** Half-open range of time in which both begin, ISO 8601, UTC; `null`: no bound. */
  readonly from: string | null;
  readonly until: string | null;
  readonly leastScore: number;
  readonly limit: number;
}

/** Metres within which two settlements' points are close; finer differences say nothing. */
const near = 5_000;
/** Metres beyond which two points are not compared, however uncertain they are. */
const reach = 25_000;
const reachDegrees = reach / metresOfDegree;
/** Degrees of a cell of the grid in which close points are looked for. */
const cell = 0.5;
/** Incidents known less well in time than this are no candidates: they fit too many. */
const longest = '31 days';

/** What a type is called where drones and aircraft are one (ACLED codebook, sub-event types). */
const families = Object.fromEntries(
  Object.entries(incidentTypes).map(([type, { acled }]) => [type, acled?.split(': ')[1] ?? null]),
);

interface Row {
  readonly one: string;
  readonly other: string;
  readonly score: number;
  readonly metres: number;
  readonly days_apart: number;
  readonly types: string[];
  readonly deaths: string;
  readonly named: boolean;
}

/**
 * Pairs of incidents of different datasets, no more than a day and 25 km apart and not of different
 * types, the likeliest first. Where one carries the other's id of its dataset the score is 1; pairs
 * that an editor told apart (`not_same_as`) and what is known to a country only are left out.
 * Drafts are compared too, so this is for editors, never for the public.
 */
export async function duplicateCandidates(
  session: Session,
  { from, until, leastScore, limit }: DuplicateSearch,
): Promise<DuplicateCandidate[]> {
  const rows = await session.query<Row>(sql`
    WITH known AS MATERIALIZED (
      SELECT id, dataset, type, time, starts_at, ends_at, geom, uncertainty_m::float8 AS metres,
             coalesce(nullif(split_part(type_source, 'acled:sub_event_type:', 2), ''),
                      ${JSON.stringify(families)}::jsonb ->> type) AS family,
             floor(ST_X(geom) / ${cell}::float8)::int AS x,
             floor(ST_Y(geom) / ${cell}::float8)::int AS y
        FROM atlas.incident
       WHERE status <> 'retracted'
         AND geo_precision <> 'country'
         AND ends_at - starts_at <= ${longest}::interval
         AND starts_at >= coalesce(${from}::timestamptz, '-infinity')
         AND starts_at < coalesce(${until}::timestamptz, 'infinity')
    ), cells AS (
      -- The days of an incident and of its neighbours, the cells within reach of its point.
      SELECT k.id, d.day::date, c.x, c.y
        FROM known k,
             generate_series(k.starts_at - interval '1 day', k.ends_at, interval '1 day') AS d(day),
             LATERAL (
               SELECT x, y
                 FROM generate_series(
                        floor((ST_X(k.geom) - ${reachDegrees}::float8
                          / greatest(cos(radians(ST_Y(k.geom))), 0.05)) / ${cell}::float8)::int,
                        floor((ST_X(k.geom) + ${reachDegrees}::float8
                          / greatest(cos(radians(ST_Y(k.geom))), 0.05)) / ${cell}::float8)::int) AS x,
                      generate_series(
                        floor((ST_Y(k.geom) - ${reachDegrees}::float8) / ${cell}::float8)::int,
                        floor((ST_Y(k.geom) + ${reachDegrees}::float8) / ${cell}::float8)::int) AS y
             ) AS c
    ), pairs AS (
      SELECT DISTINCT a.id AS one, b.id AS other
        FROM cells n
        JOIN known a ON a.id = n.id
        JOIN known b ON b.x = n.x AND b.y = n.y AND b.dataset > a.dataset
                    AND n.day >= b.starts_at::date AND n.day < b.ends_at
       WHERE coalesce(a.family, '') = coalesce(b.family, '')
          OR a.family IS NULL OR b.family IS NULL
          OR 'combined_strike' IN (a.type, b.type)
    ), compared AS (
      SELECT p.one, p.other,
             ST_DistanceSphere(a.geom, b.geom) AS apart,
             greatest(a.metres, b.metres, ${near}::float8) AS blur,
             extract(epoch FROM least(a.ends_at, b.ends_at) - greatest(a.starts_at, b.starts_at))::float8 AS shared,
             extract(epoch FROM greatest(a.ends_at, b.ends_at) - least(a.starts_at, b.starts_at))::float8 AS whole,
             (a.family = b.family) IS TRUE AS same_family,
             ARRAY[coalesce(a.family, a.type), coalesce(b.family, b.type)] AS types,
             EXISTS (SELECT FROM atlas.incident_identifier i
                      WHERE (i.incident = a.id AND i.scheme = b.dataset
                             AND i.identifier IN (SELECT t.identifier FROM atlas.incident_identifier t
                                                   WHERE t.incident = b.id AND t.scheme = b.dataset))
                         OR (i.incident = b.id AND i.scheme = a.dataset
                             AND i.identifier IN (SELECT t.identifier FROM atlas.incident_identifier t
                                                   WHERE t.incident = a.id AND t.scheme = a.dataset))
             ) AS named
        FROM pairs p
        JOIN known a ON a.id = p.one
        JOIN known b ON b.id = p.other
       WHERE NOT EXISTS (SELECT FROM atlas.incident_relation r
                          WHERE r.relation = 'not_same_as'
                            AND ((r.incident = a.id AND r.other = b.id)
                              OR (r.incident = b.id AND r.other = a.id)))
    ), told AS (
      SELECT c.*,
             CASE WHEN a.lowest IS NULL OR b.lowest IS NULL THEN 'unknown'
                  WHEN a.lowest <= b.highest AND b.lowest <= a.highest THEN 'agree'
                  ELSE 'differ' END AS deaths
        FROM compared c
        LEFT JOIN LATERAL (${deathsOf('one')}) AS a ON true
        LEFT JOIN LATERAL (${deathsOf('other')}) AS b ON true
       WHERE c.apart <= ${reach}::float8
    ), scored AS (
      SELECT *,
             CASE WHEN named THEN 1 ELSE
               CASE WHEN shared > 0 THEN sqrt(shared / whole) ELSE 0.5 END
               * sqrt(${near}::float8 / blur) / (1 + (apart / blur) ^ 2)
               * CASE WHEN same_family THEN 1 ELSE 0.9 END
               * CASE deaths WHEN 'differ' THEN 0.7 WHEN 'agree' THEN 1 ELSE 0.95 END
             END AS score
        FROM told
    )
    SELECT one, other, round(score::numeric, 3)::float8 AS score, round(apart)::int AS metres,
           ceil(greatest(-shared, 0) / 86400)::int + (shared <= 0)::int AS days_apart,
           types, deaths, named
      FROM scored
     WHERE score >= ${leastScore}::float8
     ORDER BY scored.score DESC, one, other
     LIMIT ${limit}`);
  return rows.map((row) => ({
    one: row.one,
    other: row.other,
    score: row.score,
    reasons: reasonsOf(row),
  }));
}

/** The lowest and highest number of deaths that any claim gives; at least n has no upper end. */
function deathsOf(side: 'one' | 'other') {
  return sql`
    SELECT min(coalesce(value_min, 0)) AS lowest,
           max(coalesce(value_max, 'infinity')) AS highest
      FROM atlas.claim
     WHERE measure = 'killed' AND scope = 'incident' AND status <> 'retracted'
       AND incident = ${side === 'one' ? sql`c.one` : sql`c.other`}`;
}

function reasonsOf({ metres, days_apart: days, types, deaths, named }: Row): string[] {
  const [first = '', second = ''] = types;
  return [
    ...(named ? ["one carries the other's identifier"] : []),
    days === 0 ? 'their days overlap' : 'a day apart',
    metres === 0 ? 'the same point' : `${(metres / 1000).toFixed(1)} km apart`,
    first === second ? `both ${first}` : `types that go together: ${first}, ${second}`,
    ...(deaths === 'unknown' ? [] : [deaths === 'agree' ? 'deaths agree' : 'deaths differ']),
  ];
}
