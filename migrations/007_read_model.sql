-- What lists, tiles and sums are read from: derived from the record by the transaction that writes it,
-- at its end. Nothing here is the record, and a reader never depends on it: what is not up to date,
-- because a write is not finished or an embargo has lapsed since, is made from the record instead.

-- What is said of the killed and the injured of an incident: the bounds of its figures and the upper
-- value (the lower where there is no upper) of the claim that was reported last; NULL is not given.
CREATE TYPE atlas.toll AS (
  killed_lowest    double precision,
  killed_highest   double precision,
  killed_at_least  boolean,
  killed_latest    double precision,
  injured_lowest   double precision,
  injured_highest  double precision,
  injured_at_least boolean,
  injured_latest   double precision
);

-- ---------------------------------------------------------------------------------------------
-- Out of the record: the toll of an incident and the properties of its GeoJSON feature, as JSON text

DO $views$
DECLARE
  target text;
  suffix text;
  seen   text;
  said   text;
BEGIN
  FOREACH target IN ARRAY ARRAY['api', 'api_then'] LOOP
    IF target = 'api' THEN
      suffix := '';
      seen := 'atlas.is_public(t.status, t.embargo_until)';
      said := 'atlas.is_public(c.status, c.embargo_until)';
    ELSE
      suffix := '_then';
      seen := 'atlas.was_public(t.status, t.embargo_until, atlas.as_of())
               AND NOT EXISTS (SELECT FROM atlas.withheld w WHERE w.kind = ''incident'' AND w.id = t.id)';
      said := 'atlas.was_public(c.status, c.embargo_until, atlas.as_of())
               AND NOT EXISTS (SELECT FROM atlas.withheld w WHERE w.kind = ''claim'' AND w.id = c.id)
               AND (atlas.known_by() IS NULL OR c.reported_until <= atlas.known_by())';
    END IF;
    EXECUTE format($sql$
CREATE VIEW %1$s.incident_derived AS
  SELECT t.id AS incident,
         ROW(f.killed_lowest, f.killed_highest, f.killed_at_least, f.killed_latest,
             f.injured_lowest, f.injured_highest, f.injured_at_least, f.injured_latest)::atlas.toll AS toll,
         json_build_object(
           'title', t.title,
           'summary', t.summary,
           'type', t.type,
           'attacker', t.attacker,
           'targets', t.targets,
           'country', t.country,
           'region', t.region,
           'region_name', CASE WHEN r.code IS NULL THEN NULL
                               ELSE json_build_object('en', r.name_en, 'uk', r.name_uk) END,
           'place', t.place,
           'time', t.time,
           'time_precision', t.time_precision,
           'time_local', t.time_local,
           'starts_at', t.starts_at,
           'ends_at', t.ends_at,
           'geo_precision', t.geo_precision,
           'uncertainty_m', t.uncertainty_m,
           'area_only', p.area_only,
           'coordinate_source', t.coordinate_source,
           'figures', coalesce(f.figures, '{}'::json),
           'dataset', t.dataset,
           'recorded_at', t.recorded_at)::text AS properties
    FROM atlas.incident%2$s t
    JOIN atlas.geo_precision p ON p.code = t.geo_precision
    LEFT JOIN atlas.region r ON r.code = t.region
    LEFT JOIN LATERAL (
      SELECT max(g.lowest) FILTER (WHERE g.measure = 'killed') AS killed_lowest,
             max(g.highest) FILTER (WHERE g.measure = 'killed') AS killed_highest,
             bool_or(g.at_least) FILTER (WHERE g.measure = 'killed') AS killed_at_least,
             max(g.latest_value) FILTER (WHERE g.measure = 'killed') AS killed_latest,
             max(g.lowest) FILTER (WHERE g.measure = 'injured') AS injured_lowest,
             max(g.highest) FILTER (WHERE g.measure = 'injured') AS injured_highest,
             bool_or(g.at_least) FILTER (WHERE g.measure = 'injured') AS injured_at_least,
             max(g.latest_value) FILTER (WHERE g.measure = 'injured') AS injured_latest,
             json_object_agg(
               g.measure,
               json_build_object(
                 'lowest', g.lowest,
                 'highest', g.highest,
                 'at_least', g.at_least,
                 'claims', g.claims,
                 'latest', g.latest)
               ORDER BY m.position) AS figures
        -- As the view `figure` has it, in one pass.
        FROM (SELECT c.measure,
                     min(coalesce(c.value_min, c.value_max)) AS lowest,
                     max(coalesce(c.value_max, c.value_min)) AS highest,
                     coalesce(
                       max(c.value_min) FILTER (WHERE c.value_max IS NULL)
                         >= max(coalesce(c.value_max, c.value_min)),
                       false) AS at_least,
                     count(*)::integer AS claims,
                     (array_agg(coalesce(c.value_max, c.value_min)
                        ORDER BY c.reported_day DESC, c.report_position DESC)
                        FILTER (WHERE c.reported_day IS NOT NULL))[1] AS latest_value,
                     (array_agg(
                        json_build_object(
                          'value_min', c.value_min,
                          'value_max', c.value_max,
                          'qualifier', c.qualifier,
                          'attributed_to', c.attributed_to,
                          'reported_at', c.reported_at,
                          'claim', c.id,
                          'source', c.source,
                          'source_publisher', s.publisher,
                          'source_url', s.url)
                        ORDER BY c.reported_day DESC, c.report_position DESC)
                        FILTER (WHERE c.reported_day IS NOT NULL))[1] AS latest
                FROM atlas.claim%2$s c
                JOIN %1$s.source s ON s.id = c.source
               WHERE c.incident = t.id AND c.scope = 'incident' AND c.measure <> 'narrative' AND %4$s
               GROUP BY c.measure) g
        JOIN atlas.measure m ON m.code = g.measure) f ON true
   WHERE %3$s;

CREATE FUNCTION %1$s.toll_of(incident atlas.identifier) RETURNS atlas.toll LANGUAGE sql STABLE AS $f$
  SELECT d.toll FROM %1$s.incident_derived d WHERE d.incident = $1
$f$;
CREATE FUNCTION %1$s.properties_of(incident atlas.identifier) RETURNS text LANGUAGE sql STABLE AS $f$
  SELECT d.properties FROM %1$s.incident_derived d WHERE d.incident = $1
$f$;
$sql$, target, suffix, seen, said);
  END LOOP;
END $views$;

-- ---------------------------------------------------------------------------------------------
-- Kept beside it

CREATE TABLE atlas.incident_read (
  incident       atlas.identifier PRIMARY KEY,
  stale_at       timestamptz NOT NULL,
  shape          text COLLATE "C" NOT NULL,
  reach_m        double precision NOT NULL,
  starts_at      timestamptz NOT NULL,
  ends_at        timestamptz NOT NULL,
  time_precision text NOT NULL,
  type           text NOT NULL,
  attacker       text NOT NULL,
  country        text NOT NULL,
  region         text COLLATE "C",
  morton         bigint NOT NULL,
  longitude      double precision NOT NULL,
  latitude       double precision NOT NULL,
  toll           atlas.toll,
  properties     text
);
COMMENT ON TABLE atlas.incident_read IS 'Every published incident as it counts and is sent; `properties` and `toll` are NULL under an embargo';
COMMENT ON COLUMN atlas.incident_read.stale_at IS 'From when on the row does not hold: the end of the first embargo on what it is made of';
COMMENT ON COLUMN atlas.incident_read.shape IS 'How it is drawn: '''' as a point, the code of the region or country that is its area, or - as an area of its own';
COMMENT ON COLUMN atlas.incident_read.reach_m IS 'Metres from the point within which all of the area lies';
CREATE INDEX incident_read_stale ON atlas.incident_read (stale_at) WHERE stale_at < 'infinity';

-- Incidents whose row this transaction has still to make.
CREATE TABLE atlas.incident_dirty (incident atlas.identifier PRIMARY KEY);

-- Sums of incidents, by what people count by: `kind` sums have a type and an attacker, `place` sums a
-- country and a region. A sum of figures is of those that are given, and `…_given` says how many are.
-- A sum of no incidents may stay; updates in place leave the indexes alone.
CREATE TABLE atlas.incident_count (
  by             text COLLATE "C" NOT NULL CHECK (by IN ('kind', 'place')),
  starts_at      timestamptz NOT NULL,
  ends_at        timestamptz NOT NULL,
  time_precision text COLLATE "C" NOT NULL,
  type           text COLLATE "C",
  attacker       text COLLATE "C",
  country        text COLLATE "C",
  region         text COLLATE "C",
  incidents      bigint NOT NULL,
  killed_lowest  double precision NOT NULL,
  killed_highest double precision NOT NULL,
  killed_given   bigint NOT NULL,
  killed_latest  double precision NOT NULL,
  killed_dated   bigint NOT NULL,
  injured_lowest  double precision NOT NULL,
  injured_highest double precision NOT NULL,
  injured_given   bigint NOT NULL,
  injured_latest  double precision NOT NULL,
  injured_dated   bigint NOT NULL,
  CONSTRAINT incident_count_key UNIQUE NULLS NOT DISTINCT
    (by, type, starts_at, ends_at, attacker, country, region, time_precision)
) WITH (fillfactor = 70);
CREATE INDEX incident_count_start ON atlas.incident_count (by, starts_at);

-- Sums of incidents by shape and cell: the first `level` bits each way of a Morton key. The middle is
-- the mean of x and y, in parts of the side of the Web Mercator square; the box holds the points.
CREATE TABLE atlas.incident_cell (
  level           smallint NOT NULL,
  shape           text COLLATE "C" NOT NULL,
  cell            bigint NOT NULL,
  type            text COLLATE "C" NOT NULL,
  incidents       bigint NOT NULL,
  reach_m         double precision NOT NULL,
  x_sum           double precision NOT NULL,
  y_sum           double precision NOT NULL,
  west            double precision NOT NULL,
  south           double precision NOT NULL,
  east            double precision NOT NULL,
  north           double precision NOT NULL,
  killed_highest  double precision NOT NULL,
  killed_given    bigint NOT NULL,
  injured_highest double precision NOT NULL,
  injured_given   bigint NOT NULL,
  PRIMARY KEY (level, shape, cell, type)
) WITH (fillfactor = 70);

-- No incident's time is longer, so that one that meets an interval does not begin long before it.
CREATE TABLE atlas.incident_longest (
  single boolean PRIMARY KEY DEFAULT true CHECK (single),
  span   interval NOT NULL
);
INSERT INTO atlas.incident_longest (span)
SELECT coalesce(max(ends_at - starts_at), interval '0')
  FROM (SELECT starts_at, ends_at FROM atlas.incident
        UNION ALL SELECT starts_at, ends_at FROM atlas.incident_history) AS every;

-- How an incident is drawn, as in incident_read.
CREATE FUNCTION atlas.shape_of(geo_precision text, area geometry, region text, country text)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN geo_precision IN ('site', 'settlement') THEN ''
              WHEN area IS NULL AND geo_precision = 'region' AND region IS NOT NULL THEN region
              WHEN area IS NULL AND geo_precision = 'country' THEN country
              ELSE '-' END
$$;
CREATE FUNCTION atlas.reach_of(geo_precision text, area geometry, point geometry, uncertainty_m integer)
RETURNS double precision LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN area IS NULL OR geo_precision IN ('site', 'settlement') THEN uncertainty_m
              ELSE greatest(uncertainty_m, ST_MaxDistance(point, ST_Envelope(area)) * 111195) END
$$;

-- Part of the side of the Web Mercator square, from the north.
CREATE FUNCTION atlas.mercator_y(latitude double precision) RETURNS double precision
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT 0.5 - ln((1 + s.sine) / (1 - s.sine)) / (4 * pi())
    FROM (SELECT sin(radians(greatest(least(latitude, 85.05112878), -85.05112878))) AS sine) s
$$;

-- The sums follow the rows, whoever writes them.
CREATE FUNCTION atlas.count_read() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  sign constant integer := CASE TG_OP WHEN 'INSERT' THEN 1 ELSE -1 END;
BEGIN
  INSERT INTO atlas.incident_count AS c
         (by, starts_at, ends_at, time_precision, type, attacker, country, region, incidents,
          killed_lowest, killed_highest, killed_given, killed_latest, killed_dated,
          injured_lowest, injured_highest, injured_given, injured_latest, injured_dated)
  SELECT CASE grouping(type) WHEN 0 THEN 'kind' ELSE 'place' END,
         starts_at, ends_at, time_precision, type, attacker, country, region, sign * count(*),
         sign * coalesce(sum((toll).killed_lowest), 0), sign * coalesce(sum((toll).killed_highest), 0),
         sign * count((toll).killed_highest),
         sign * coalesce(sum((toll).killed_latest), 0), sign * count((toll).killed_latest),
         sign * coalesce(sum((toll).injured_lowest), 0), sign * coalesce(sum((toll).injured_highest), 0),
         sign * count((toll).injured_highest),
         sign * coalesce(sum((toll).injured_latest), 0), sign * count((toll).injured_latest)
    FROM changed
   WHERE properties IS NOT NULL
   GROUP BY starts_at, ends_at, time_precision, GROUPING SETS ((type, attacker), (country, region))
  ON CONFLICT ON CONSTRAINT incident_count_key DO UPDATE
     SET incidents       = c.incidents       + excluded.incidents,
         killed_lowest   = c.killed_lowest   + excluded.killed_lowest,
         killed_highest  = c.killed_highest  + excluded.killed_highest,
         killed_given    = c.killed_given    + excluded.killed_given,
         killed_latest   = c.killed_latest   + excluded.killed_latest,
         killed_dated    = c.killed_dated    + excluded.killed_dated,
         injured_lowest  = c.injured_lowest  + excluded.injured_lowest,
         injured_highest = c.injured_highest + excluded.injured_highest,
         injured_given   = c.injured_given   + excluded.injured_given,
         injured_latest  = c.injured_latest  + excluded.injured_latest,
         injured_dated   = c.injured_dated   + excluded.injured_dated;

  INSERT INTO atlas.incident_cell AS c
         (level, shape, cell, type, incidents, reach_m, x_sum, y_sum, west, south, east, north,
          killed_highest, killed_given, injured_highest, injured_given)
  SELECT level, shape, morton >> (2 * (31 - level)), type, sign * count(*), max(reach_m),
         sign * sum((longitude + 180) / 360), sign * sum(atlas.mercator_y(latitude)),
         min(longitude), min(latitude), max(longitude), max(latitude),
         sign * coalesce(sum((toll).killed_highest), 0), sign * count((toll).killed_highest),
         sign * coalesce(sum((toll).injured_highest), 0), sign * count((toll).injured_highest)
    FROM changed CROSS JOIN (VALUES (12), (17)) AS levels(level)
   WHERE properties IS NOT NULL
   GROUP BY 1, 2, 3, 4
  ON CONFLICT (level, shape, cell, type) DO UPDATE
     SET incidents       = c.incidents       + excluded.incidents,
         reach_m         = CASE c.incidents WHEN 0 THEN excluded.reach_m ELSE greatest(c.reach_m, excluded.reach_m) END,
         x_sum           = c.x_sum           + excluded.x_sum,
         y_sum           = c.y_sum           + excluded.y_sum,
         west            = CASE c.incidents WHEN 0 THEN excluded.west ELSE least(c.west, excluded.west) END,
         south           = CASE c.incidents WHEN 0 THEN excluded.south ELSE least(c.south, excluded.south) END,
         east            = CASE c.incidents WHEN 0 THEN excluded.east ELSE greatest(c.east, excluded.east) END,
         north           = CASE c.incidents WHEN 0 THEN excluded.north ELSE greatest(c.north, excluded.north) END,
         killed_highest  = c.killed_highest  + excluded.killed_highest,
         killed_given    = c.killed_given    + excluded.killed_given,
         injured_highest = c.injured_highest + excluded.injured_highest,
         injured_given   = c.injured_given   + excluded.injured_given;

  IF TG_OP = 'DELETE' THEN
    -- A cell that lost what lay at its edge is measured anew.
    UPDATE atlas.incident_cell c
       SET west = anew.west, south = anew.south, east = anew.east, north = anew.north, reach_m = anew.reach_m
      FROM (SELECT DISTINCT c.level, c.shape, c.cell, c.type
              FROM changed g
             CROSS JOIN (VALUES (12), (17)) AS levels(level)
              JOIN atlas.incident_cell c
                ON c.level = levels.level AND c.shape = g.shape AND c.type = g.type
               AND c.cell = g.morton >> (2 * (31 - levels.level))
             WHERE g.properties IS NOT NULL
               AND (g.longitude IN (c.west, c.east) OR g.latitude IN (c.south, c.north)
                    OR g.reach_m = c.reach_m)) AS edge
     CROSS JOIN LATERAL (
       SELECT min(r.longitude) AS west, min(r.latitude) AS south,
              max(r.longitude) AS east, max(r.latitude) AS north, max(r.reach_m) AS reach_m
         FROM atlas.incident i
         JOIN atlas.incident_read r ON r.incident = i.id
        WHERE i.morton >= edge.cell << (2 * (31 - edge.level))
          AND i.morton < (edge.cell + 1) << (2 * (31 - edge.level))
          AND r.shape = edge.shape AND r.type = edge.type AND r.properties IS NOT NULL) AS anew
     WHERE (c.level, c.shape, c.cell, c.type) = (edge.level, edge.shape, edge.cell, edge.type)
       AND anew.west IS NOT NULL;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER count_gone AFTER DELETE ON atlas.incident_read
  REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION atlas.count_read();
CREATE TRIGGER count_made AFTER INSERT ON atlas.incident_read
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION atlas.count_read();

-- Makes the rows that are missing or out of date, some thousands at a time. Plans are told what the
-- planner cannot know in the middle of a load: that these are few rows of many. Instants are written
-- in UTC, whoever writes.
CREATE FUNCTION atlas.refresh_read() RETURNS void LANGUAGE plpgsql
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
SET TimeZone = 'UTC' SET DateStyle = 'ISO, YMD' AS $$
DECLARE
  ids text[];
BEGIN
  INSERT INTO atlas.incident_dirty
  SELECT incident FROM atlas.incident_read WHERE stale_at < 'infinity' AND stale_at <= now()
  ON CONFLICT DO NOTHING;
  LOOP
    WITH taken AS (
      DELETE FROM atlas.incident_dirty
       WHERE incident = ANY (ARRAY(SELECT incident FROM atlas.incident_dirty LIMIT 5000))
      RETURNING incident)
    SELECT array_agg(incident) INTO ids FROM taken;
    EXIT WHEN ids IS NULL;
    DELETE FROM atlas.incident_read WHERE incident = ANY (ids);
    INSERT INTO atlas.incident_read
    SELECT i.id,
           coalesce(least(
             CASE WHEN i.embargo_until > now() THEN i.embargo_until END,
             (SELECT min(embargo.until)
                FROM (SELECT c.incident, c.embargo_until AS until
                        FROM atlas.claim c WHERE c.embargo_until > now()
                      UNION ALL
                      SELECT c.incident, s.embargo_until
                        FROM atlas.source s JOIN atlas.claim c ON c.source = s.id
                       WHERE s.embargo_until > now()) AS embargo
               WHERE embargo.incident = i.id)), 'infinity'),
           atlas.shape_of(i.geo_precision, i.area, i.region, i.country),
           atlas.reach_of(i.geo_precision, i.area, i.geom, i.uncertainty_m), i.starts_at, i.ends_at, i.time_precision, i.type, i.attacker, i.country,
           i.region, i.morton, ST_X(i.geom), ST_Y(i.geom), d.toll, d.properties
      FROM atlas.incident i
      LEFT JOIN LATERAL (
        SELECT e.toll, e.properties FROM api.incident_derived e WHERE e.incident = i.id OFFSET 0) d ON true
     WHERE i.id = ANY (ids) AND i.status = 'published';
  END LOOP;
END $$;

-- ---------------------------------------------------------------------------------------------
-- What makes a row out of date: a change of the incident, a claim of it, a source of those, its region

CREATE FUNCTION atlas.mark_incidents() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM changed) THEN
    RETURN NULL;
  END IF;
  IF TG_TABLE_NAME = 'incident' THEN
    UPDATE atlas.incident_longest l SET span = c.span
      FROM (SELECT max(ends_at - starts_at) AS span FROM changed) c WHERE l.span < c.span;
    INSERT INTO atlas.incident_dirty SELECT id FROM changed ON CONFLICT DO NOTHING;
  ELSIF TG_TABLE_NAME = 'claim' THEN
    INSERT INTO atlas.incident_dirty SELECT DISTINCT incident FROM changed ON CONFLICT DO NOTHING;
  ELSIF TG_TABLE_NAME = 'source' THEN
    INSERT INTO atlas.incident_dirty
    SELECT DISTINCT c.incident FROM changed s JOIN atlas.claim c ON c.source = s.id ON CONFLICT DO NOTHING;
  ELSE
    INSERT INTO atlas.incident_dirty
    SELECT i.id FROM changed r JOIN atlas.incident i ON i.region = r.code ON CONFLICT DO NOTHING;
  END IF;
  UPDATE atlas.incident_read r SET stale_at = '-infinity'
    FROM atlas.incident_dirty d
   WHERE r.incident = d.incident AND r.stale_at > '-infinity' AND TG_OP || TG_TABLE_NAME <> 'INSERTincident';
  -- Every write has a revision, at whose end the rows are made.
  PERFORM atlas.recording_at();
  RETURN NULL;
END $$;

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['incident', 'claim', 'source', 'region'] LOOP
    EXECUTE format(
      'CREATE TRIGGER mark_before AFTER UPDATE ON atlas.%1$I REFERENCING OLD TABLE AS changed
         FOR EACH STATEMENT EXECUTE FUNCTION atlas.mark_incidents();
       CREATE TRIGGER mark_gone AFTER DELETE ON atlas.%1$I REFERENCING OLD TABLE AS changed
         FOR EACH STATEMENT EXECUTE FUNCTION atlas.mark_incidents();', name);
    IF name IN ('incident', 'claim') THEN
      EXECUTE format(
        'CREATE TRIGGER mark_after AFTER UPDATE ON atlas.%1$I REFERENCING NEW TABLE AS changed
           FOR EACH STATEMENT EXECUTE FUNCTION atlas.mark_incidents();
         CREATE TRIGGER mark_made AFTER INSERT ON atlas.%1$I REFERENCING NEW TABLE AS changed
           FOR EACH STATEMENT EXECUTE FUNCTION atlas.mark_incidents();', name);
    END IF;
  END LOOP;
END $$;

-- The list of target types is closed: it need not be read for every row.
DROP TRIGGER check_targets ON atlas.incident;
DROP TRIGGER check_targets ON atlas.incident_location;
DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['incident', 'incident_location'] LOOP
    EXECUTE format(
      'CREATE TRIGGER check_targets BEFORE INSERT OR UPDATE ON atlas.%I FOR EACH ROW
         WHEN (NOT NEW.targets <@ %L::text[]) EXECUTE FUNCTION atlas.check_targets()',
      name, (SELECT array_agg(code ORDER BY code) FROM atlas.target_type));
  END LOOP;
END $$;
-- A transaction takes its revision once, so this runs once, at its end.
CREATE FUNCTION atlas.finish_revision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM atlas.refresh_read();
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER finish_revision AFTER UPDATE ON atlas.revision
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION atlas.finish_revision();

-- ---------------------------------------------------------------------------------------------
-- To the reader. `unsettled` has a row where sums do not hold; of the past there are none.

CREATE VIEW api.unsettled AS
  SELECT incident FROM atlas.incident_dirty
  UNION ALL
  SELECT incident FROM atlas.incident_read WHERE stale_at < 'infinity' AND stale_at <= now();
CREATE VIEW api_then.unsettled AS SELECT ''::text AS incident;
CREATE VIEW api.incident_count        AS SELECT * FROM atlas.incident_count WHERE incidents > 0;
CREATE VIEW api_then.incident_count   AS SELECT * FROM atlas.incident_count WHERE false;
CREATE VIEW api.incident_cell         AS SELECT * FROM atlas.incident_cell WHERE incidents > 0;
CREATE VIEW api_then.incident_cell    AS SELECT * FROM atlas.incident_cell WHERE false;
CREATE VIEW api.incident_longest      AS SELECT span FROM atlas.incident_longest;
CREATE VIEW api_then.incident_longest AS SELECT span FROM atlas.incident_longest;

-- The views of incidents, with their toll and properties.
DO $views$
DECLARE
  target  text;
  suffix  text;
  seen    text;
  beside  text;
  derived text;
BEGIN
  FOREACH target IN ARRAY ARRAY['api', 'api_then'] LOOP
    IF target = 'api' THEN
      suffix := '';
      seen := 'atlas.is_public(t.status, t.embargo_until)';
      beside := 'LEFT JOIN atlas.incident_read d ON d.incident = t.id AND d.stale_at > now()';
      derived := 'CASE WHEN d.properties IS NULL THEN api.toll_of(t.id) ELSE d.toll END AS toll,
                  coalesce(d.properties, api.properties_of(t.id)) AS properties';
    ELSE
      suffix := '_then';
      seen := 'atlas.was_public(t.status, t.embargo_until, atlas.as_of())
               AND NOT EXISTS (SELECT FROM atlas.withheld w WHERE w.kind = ''incident'' AND w.id = t.id)';
      beside := '';
      derived := 'api_then.toll_of(t.id) AS toll, api_then.properties_of(t.id) AS properties';
    END IF;
    EXECUTE format($sql$
CREATE OR REPLACE VIEW %1$s.incident AS
  SELECT t.id, t.title, t.summary, t.type, t.attacker, t.targets, t.country, t.region, t.place,
         t.time, t.time_precision, t.time_local, t.starts_at, t.ends_at, t.geo_precision,
         t.uncertainty_m, t.coordinate_source, t.geom,
         coalesce(
           t.area,
           CASE WHEN t.geo_precision = 'region'
                THEN (SELECT r.geom FROM atlas.region r WHERE r.code = t.region)
                WHEN t.geo_precision = 'country'
                THEN (SELECT ST_Multi(ST_CollectionExtract(ST_Collect(r.geom), 3))
                        FROM atlas.region r WHERE r.country = t.country) END,
           atlas.disc(t.geom, t.uncertainty_m))::geometry(MultiPolygon, 4326) AS area,
         t.morton, t.dataset, t.recorded_at,
         t.type_source, t.geo_precision_source, t.time_precision_source,
         atlas.shape_of(t.geo_precision, t.area, t.region, t.country) AS shape,
         atlas.reach_of(t.geo_precision, t.area, t.geom, t.uncertainty_m) AS reach_m,
         %4$s
    FROM atlas.incident%2$s t
    %5$s
   WHERE %3$s$sql$, target, suffix, seen, derived, beside);
  END LOOP;
END $views$;

CREATE OR REPLACE VIEW api.revision AS
  SELECT r.revision,
         r.at,
         (SELECT count(*) FROM atlas.incident WHERE embargo_until <= now())
         + (SELECT count(*) FROM atlas.claim WHERE embargo_until <= now())
         + (SELECT count(*) FROM atlas.source WHERE embargo_until <= now())
         + (SELECT count(*) FROM atlas.territorial_claim WHERE embargo_until <= now()) AS lapsed,
         (SELECT extract(epoch FROM span) * 1000 FROM atlas.incident_longest)::double precision AS longest_ms
    FROM atlas.revision r;

GRANT SELECT ON ALL TABLES IN SCHEMA api, api_then TO strike_atlas_reader;

-- ---------------------------------------------------------------------------------------------
-- Indexes that have the order of pages, and with them all that counting and a box ask for

DROP INDEX atlas.incident_start;
CREATE INDEX incident_start ON atlas.incident (starts_at DESC, id DESC)
  INCLUDE (ends_at, status, embargo_until, geom);
CREATE INDEX incident_of_type ON atlas.incident (type, starts_at DESC, id DESC)
  INCLUDE (ends_at, status, embargo_until, geom);
DROP INDEX atlas.incident_region;
CREATE INDEX incident_region ON atlas.incident (region, starts_at DESC, id DESC);
CREATE INDEX incident_of_area ON atlas.incident (morton)
  WHERE geo_precision IN ('district', 'region', 'country');

INSERT INTO atlas.incident_dirty SELECT id FROM atlas.incident;
SELECT atlas.refresh_read();
