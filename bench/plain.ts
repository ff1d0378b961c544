import Fastify, { type FastifyInstance } from 'fastify';
import { type ClientBase, Pool } from 'pg';

/**
 * The same requests as they are usually answered: from one flat table with the same properties as our
 * features, its figures among them, under the indexes that such tables have (`preparePlain`); features
 * written by PostGIS for every request (`json_agg` of `ST_AsGeoJSON`), tiles by `ST_AsMVT` over the
 * index of geometry, sums by GROUP BY. Bare routes: no checks and no links.
 * `/full` joins what our feature holds.
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
  const page = (where: string) => `
    SELECT json_build_object('type', 'FeatureCollection',
             'numberMatched', (SELECT count(*) FROM plain.incident WHERE ${where}),
             'features', coalesce(json_agg(ST_AsGeoJSON(t.*)::json), '[]'::json))::text AS body
      FROM (SELECT *
              FROM plain.incident
             WHERE ${where}
             ORDER BY starts_at DESC, id DESC
             LIMIT $1) t`;

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
    '/full',
    json(
      `SELECT json_build_object('type', 'Feature', 'id', t.id, 'geometry', ST_AsGeoJSON(t.geom)::json,
                'properties', to_jsonb(t) - 'geom',
                'claims', (SELECT json_agg(to_jsonb(c)) FROM atlas.claim c WHERE c.incident = t.id),
                'sources', (SELECT json_agg(to_jsonb(s)) FROM atlas.source s
                             WHERE s.id IN (SELECT source FROM atlas.claim WHERE incident = t.id
                                            UNION SELECT source FROM atlas.incident_source WHERE incident = t.id)),
                'notes', (SELECT json_agg(to_jsonb(n)) FROM atlas.editor_note n WHERE n.incident = t.id),
                'locations', (SELECT json_agg(to_jsonb(l)) FROM atlas.incident_location l WHERE l.incident = t.id),
                'relations', (SELECT json_agg(to_jsonb(r)) FROM atlas.incident_relation r WHERE r.incident = t.id),
                'identifiers', (SELECT json_agg(to_jsonb(x)) FROM atlas.incident_identifier x WHERE x.incident = t.id))::text AS body
         FROM plain.incident t WHERE t.id = $1`,
      ({ id }) => [id],
    ),
  );
  // The least that any route costs which asks the database: nothing is read, the parameter comes back.
  app.get(
    '/echo',
    json('SELECT $1::text AS body', ({ id }) => [id]),
  );
  app.get(
    '/days',
    json(
      `SELECT json_agg(g)::text AS body
         FROM (SELECT date_trunc('day', starts_at) AS day, type, count(*) AS incidents
                 FROM plain.incident GROUP BY 1, 2) g`,
      () => [],
    ),
  );
  app.get(
    '/regions',
    json(
      `SELECT json_agg(g)::text AS body
         FROM (SELECT r.code, count(*) AS incidents
                 FROM atlas.region r
                 JOIN plain.incident i ON ST_Intersects(r.geom, i.geom)
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
                    FROM plain.incident WHERE ${inTile}) t`),
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
                            FROM plain.incident WHERE ${inTile}) p
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

/** Fills the plain table, where it is not there: what the public sees, once. */
export async function preparePlain(client: ClientBase): Promise<void> {
  await client.query(`
    DO $$ BEGIN
      IF to_regclass('plain.incident') IS NULL THEN
        CREATE SCHEMA plain;
        CREATE TABLE plain.incident AS
        SELECT t.id, t.title, t.summary, t.type, t.attacker, t.targets, t.country, t.region,
               t.properties::json -> 'region_name' AS region_name, t.place, t.time, t.time_precision,
               t.time_local, t.starts_at, t.ends_at, t.geo_precision, t.uncertainty_m,
               (t.properties::json ->> 'area_only')::boolean AS area_only, t.coordinate_source,
               t.properties::json -> 'figures' AS figures, t.type_source, t.time_precision_source,
               t.geo_precision_source, t.dataset, t.properties::json ->> 'licence' AS licence,
               t.properties::json ->> 'licence_url' AS licence_url,
               t.properties::json ->> 'attribution' AS attribution, t.recorded_at, t.geom
          FROM api.incident t;
        ALTER TABLE plain.incident ADD PRIMARY KEY (id);
        CREATE INDEX ON plain.incident USING gist (geom);
        CREATE INDEX ON plain.incident (starts_at);
        CREATE INDEX ON plain.incident (type);
      END IF;
    END $$`);
}
