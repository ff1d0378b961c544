import Fastify, { type FastifyInstance } from 'fastify';
import { Pool } from 'pg';

/**
 * The same requests as they are usually answered, without what this project does for them: features
 * written by PostGIS for every request (`json_agg` of `ST_AsGeoJSON`), tiles by `ST_AsMVT` over the
 * index of geometry, sums by GROUP BY, pages by OFFSET. Bare routes: no checks, links, counts,
 * figures or claims, but for `/full`, whose content is that of our feature.
 */
export function plainApp(databaseUrl: string): FastifyInstance {
  const pool = new Pool({ connectionString: databaseUrl, max: 10 });
  const app = Fastify();
  app.addHook('onClose', () => pool.end());

  const json = (text: string, values: (query: Query) => readonly unknown[]) =>
    async function answer(request: { query: unknown }) {
      const { rows } = await pool.query(text, [...values(textsOf(request.query))]);
      return String(rows[0].body);
    };
  const page = (where: string, offset = '') => `
    SELECT json_build_object('type', 'FeatureCollection',
             'features', coalesce(json_agg(ST_AsGeoJSON(t.*)::json), '[]'::json))::text AS body
      FROM (SELECT id, title, summary, type, attacker, targets, country, region, place, time,
                   time_precision, time_local, starts_at, ends_at, geo_precision, uncertainty_m,
                   coordinate_source, dataset, recorded_at, geom
              FROM atlas.incident
             WHERE ${where}
             ORDER BY starts_at DESC, id DESC
             LIMIT $1 ${offset}) t`;

  app.get(
    '/bbox',
    json(
      page(`geom && ST_MakeEnvelope($2, $3, $4, $5, 4326)
            AND starts_at >= $6::timestamptz AND starts_at < $7::timestamptz`),
      ({ limit, bbox = '', from, until }) => [limit, ...bbox.split(','), from, until],
    ),
  );
  app.get(
    '/sparse',
    json(page('geom && ST_MakeEnvelope($2, $3, $4, $5, 4326)'), ({ limit, bbox = '' }) => [
      limit,
      ...bbox.split(','),
    ]),
  );
  app.get(
    '/type',
    json(
      page('type = $2 AND starts_at >= $3::timestamptz AND starts_at < $4::timestamptz'),
      ({ limit, type, from, until }) => [limit, type, from, until],
    ),
  );
  app.get(
    '/offset',
    json(page('true', 'OFFSET $2'), ({ limit, offset }) => [limit, offset]),
  );
  app.get(
    '/full',
    json(
      `SELECT json_build_object('type', 'Feature', 'id', t.id, 'geometry', ST_AsGeoJSON(t.geom)::json,
                'properties', to_jsonb(t) - 'geom' - 'area',
                'claims', (SELECT json_agg(to_jsonb(c)) FROM atlas.claim c WHERE c.incident = t.id),
                'sources', (SELECT json_agg(to_jsonb(s)) FROM atlas.source s
                             WHERE s.id IN (SELECT source FROM atlas.claim WHERE incident = t.id
                                            UNION SELECT source FROM atlas.incident_source WHERE incident = t.id)),
                'notes', (SELECT json_agg(to_jsonb(n)) FROM atlas.editor_note n WHERE n.incident = t.id),
                'locations', (SELECT json_agg(to_jsonb(l)) FROM atlas.incident_location l WHERE l.incident = t.id),
                'relations', (SELECT json_agg(to_jsonb(r)) FROM atlas.incident_relation r WHERE r.incident = t.id),
                'identifiers', (SELECT json_agg(to_jsonb(x)) FROM atlas.incident_identifier x WHERE x.incident = t.id))::text AS body
         FROM atlas.incident t WHERE t.id = $1`,
      ({ id }) => [id],
    ),
  );
  app.get(
    '/days',
    json(
      `SELECT json_agg(g)::text AS body
         FROM (SELECT date_trunc('day', starts_at) AS day, type, count(*) AS incidents
                 FROM atlas.incident WHERE status = 'published' GROUP BY 1, 2) g`,
      () => [],
    ),
  );
  app.get(
    '/regions',
    json(
      `SELECT json_agg(g)::text AS body
         FROM (SELECT r.code, count(*) AS incidents
                 FROM atlas.region r
                 JOIN atlas.incident i ON ST_Intersects(r.geom, i.geom)
                WHERE i.starts_at >= $1::timestamptz AND i.starts_at < $2::timestamptz
                GROUP BY r.code) g`,
      ({ from, until }) => [from, until],
    ),
  );

  const tile = (text: string) => async (request: { params: unknown }) => {
    const { z, x, y } = textsOf(request.params);
    const { rows } = await pool.query(text, [z, x, y]);
    return rows[0].body;
  };
  const inTile = `geom && ST_Transform(ST_TileEnvelope($1, $2, $3), 4326)`;
  // Every point with what a style asks for.
  app.get(
    '/points/:z/:y/:x',
    tile(`SELECT ST_AsMVT(t, 'incidents') AS body
            FROM (SELECT ST_AsMVTGeom(ST_Transform(geom, 3857), ST_TileEnvelope($1, $2, $3)) AS geom,
                         id, title, type, attacker, place, starts_at::text AS day, time,
                         time_precision, geo_precision, uncertainty_m
                    FROM atlas.incident WHERE ${inTile}) t`),
  );
  // As much as our tiles say: groups on a grid with counts by type and the box that holds them.
  const counts = ['drone_strike', 'missile_strike', 'airstrike', 'combined_strike', 'shelling']
    .map((type) => `count(*) FILTER (WHERE type = '${type}') AS ${type}`)
    .join(', ');
  app.get(
    '/groups/:z/:y/:x',
    tile(`SELECT ST_AsMVT(t, 'clusters') AS body
            FROM (SELECT ST_SetSRID(ST_MakePoint(avg(ST_X(place)), avg(ST_Y(place))), 0) AS geom,
                         count(*) AS count, ${counts}, min(id) AS id, min(title) AS title,
                         min(ST_X(geom)) AS west, min(ST_Y(geom)) AS south,
                         max(ST_X(geom)) AS east, max(ST_Y(geom)) AS north
                    FROM (SELECT ST_AsMVTGeom(ST_Transform(geom, 3857), ST_TileEnvelope($1, $2, $3)) AS place,
                                 geom, id, title, type
                            FROM atlas.incident WHERE ${inTile}) p
                   GROUP BY ST_SnapToGrid(place, CASE WHEN $1 <= 8 THEN 256 ELSE 128 END)) t`),
  );
  return app;
}

type Query = Readonly<Record<string, string>>;

function textsOf(given: unknown): Query {
  return typeof given === 'object' && given !== null
    ? Object.fromEntries(Object.entries(given).map(([name, value]) => [name, String(value)]))
    : {};
}
