-- Large writes: what was done row by row, or for each row again, is done once a statement or once a batch.

-- ---------------------------------------------------------------------------------------------
-- Closed lists need not be read for every row, as those of the targets

DO $$
DECLARE
  target text[];
  codes  text[];
BEGIN
  FOREACH target SLICE 1 IN ARRAY ARRAY[
    ['incident', 'type', 'incident_type'], ['incident', 'time_precision', 'time_precision'],
    ['incident', 'geo_precision', 'geo_precision'], ['claim', 'measure', 'measure']] LOOP
    EXECUTE format('SELECT array_agg(code ORDER BY code) FROM atlas.%I', target[3]) INTO codes;
    EXECUTE format(
      'ALTER TABLE atlas.%1$I DROP CONSTRAINT %2$I, ADD CONSTRAINT %3$I CHECK (%4$I = ANY (%5$L::text[]))',
      target[1], target[1] || '_' || target[2] || '_fkey', target[1] || '_' || target[2] || '_listed',
      target[2], codes);
  END LOOP;
END $$;

-- The same identifiers. A bounded repetition took 8 microseconds to check, and there are twenty in an incident
-- with its claims; this takes a third of one.
ALTER DOMAIN atlas.identifier DROP CONSTRAINT identifier_check;
ALTER DOMAIN atlas.identifier ADD CONSTRAINT identifier_check
  CHECK (VALUE ~ '^[A-Za-z0-9._-]+$' AND length(VALUE) <= 100);
ALTER TABLE atlas.incident_identifier
  DROP CONSTRAINT incident_identifier_scheme_check,
  ADD CONSTRAINT incident_identifier_scheme_check CHECK (scheme ~ '^[a-z0-9_:-]+$' AND length(scheme) <= 60);

-- Written by the importer alone, each row with the run that it has begun.
ALTER TABLE atlas.import_record
  DROP CONSTRAINT import_record_dataset_fkey,
  DROP CONSTRAINT import_record_import_fkey;

CREATE TABLE atlas.import_kept (
  import bigint NOT NULL REFERENCES atlas.import,
  record text COLLATE "C" NOT NULL,
  PRIMARY KEY (import, record)
);
COMMENT ON TABLE atlas.import_kept IS 'Records that a complete run met and refused: they are not gone. Empty when it has ended';

-- ---------------------------------------------------------------------------------------------
-- A new row that says itself when it becomes the record, and says right, needs no trigger

DO $$
DECLARE
  name text;
BEGIN
  FOR name IN
    SELECT event_object_table FROM information_schema.triggers
     WHERE trigger_schema = 'atlas' AND trigger_name = 'keep_version' GROUP BY 1
  LOOP
    EXECUTE format(
      $sql$DROP TRIGGER keep_version ON atlas.%1$I;
           CREATE TRIGGER keep_version BEFORE UPDATE OR DELETE ON atlas.%1$I
             FOR EACH ROW EXECUTE FUNCTION atlas.keep_version();
           CREATE TRIGGER keep_version_made BEFORE INSERT ON atlas.%1$I FOR EACH ROW
             WHEN ((NEW.recorded_at = nullif(current_setting('atlas.recording_at', true), '')::timestamptz)
                   IS NOT TRUE)
             EXECUTE FUNCTION atlas.keep_version();$sql$, name);
  END LOOP;
END $$;

-- ---------------------------------------------------------------------------------------------
-- Which rows beside the record are still to be made: those of the incidents in incident_dirty, and of
-- all that became the record at an instant in read_due

CREATE TABLE atlas.read_due (recorded_at timestamptz PRIMARY KEY);

DROP VIEW api.unsettled, api_then.unsettled;
CREATE VIEW api.unsettled AS
  SELECT FROM atlas.read_due
  UNION ALL
  SELECT FROM atlas.incident_dirty
  UNION ALL
  SELECT FROM atlas.incident_read WHERE stale_at < 'infinity' AND stale_at <= now();
CREATE VIEW api_then.unsettled AS SELECT;
GRANT SELECT ON api.unsettled, api_then.unsettled TO strike_atlas_reader;

CREATE OR REPLACE FUNCTION atlas.mark_incidents() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  instant timestamptz;
BEGIN
  IF NOT EXISTS (SELECT FROM changed) THEN
    RETURN NULL;
  END IF;
  -- Every write has a revision, at whose end the rows are made.
  instant := atlas.recording_at();
  INSERT INTO atlas.read_due VALUES (instant) ON CONFLICT DO NOTHING;
  IF TG_TABLE_NAME = 'incident' THEN
    UPDATE atlas.incident_longest l SET span = c.span
      FROM (SELECT max(ends_at - starts_at) AS span FROM changed) c WHERE l.span < c.span;
    IF TG_NAME IN ('mark_before', 'mark_gone') THEN
      UPDATE atlas.incident_read r SET stale_at = '-infinity'
        FROM changed c WHERE r.incident = c.id AND r.stale_at > '-infinity';
      INSERT INTO atlas.incident_dirty
      SELECT c.id FROM changed c WHERE NOT EXISTS (SELECT FROM atlas.incident i WHERE i.id = c.id)
      ON CONFLICT DO NOTHING;
    END IF;
    RETURN NULL;
  ELSIF TG_TABLE_NAME = 'claim' THEN
    INSERT INTO atlas.incident_dirty
    SELECT i.id FROM (SELECT DISTINCT incident FROM changed) c JOIN atlas.incident i ON i.id = c.incident
     WHERE i.recorded_at < instant ON CONFLICT DO NOTHING;
  ELSIF TG_TABLE_NAME = 'source' THEN
    INSERT INTO atlas.incident_dirty
    SELECT DISTINCT c.incident FROM changed s JOIN atlas.claim c ON c.source = s.id ON CONFLICT DO NOTHING;
  ELSIF TG_TABLE_NAME = 'dataset' THEN
    INSERT INTO atlas.incident_dirty
    SELECT i.id FROM changed d JOIN atlas.incident i ON i.dataset = d.id ON CONFLICT DO NOTHING;
  ELSE
    INSERT INTO atlas.incident_dirty
    SELECT i.id FROM changed r JOIN atlas.incident i ON i.region = r.code ON CONFLICT DO NOTHING;
  END IF;
  UPDATE atlas.incident_read r SET stale_at = '-infinity'
    FROM atlas.incident_dirty d WHERE r.incident = d.incident AND r.stale_at > '-infinity';
  RETURN NULL;
END $$;

-- ---------------------------------------------------------------------------------------------
-- The toll and the properties of many incidents at once: what the views `incident_derived` say of each.
-- Both are made from one text; of `claims` it wants `c`, the claims about the incidents in question.

DO $views$
DECLARE
  target  text;
  suffix  text;
  seen    text;
  said    text;
  toll    constant text :=
    'ROW(f.killed_lowest, f.killed_highest, f.killed_at_least, f.killed_latest,
         f.injured_lowest, f.injured_highest, f.injured_at_least, f.injured_latest)::atlas.toll';
  properties constant text := $sql$
         json_build_object(
           'title', t.title,
           'summary', t.summary,
           'type', t.type,
           'type_source', t.type_source,
           'attacker', t.attacker,
           'targets', t.targets,
           'country', t.country,
           'region', t.region,
           'region_name', CASE WHEN r.code IS NULL THEN NULL
                               ELSE json_build_object('en', r.name_en, 'uk', r.name_uk) END,
           'place', t.place,
           'time', t.time,
           'time_precision', t.time_precision,
           'time_precision_source', t.time_precision_source,
           'time_local', t.time_local,
           'starts_at', t.starts_at,
           'ends_at', t.ends_at,
           'geo_precision', t.geo_precision,
           'geo_precision_source', t.geo_precision_source,
           'uncertainty_m', t.uncertainty_m,
           'area_only', p.area_only,
           'coordinate_source', t.coordinate_source,
           'figures', coalesce(f.figures, '{}'::json),
           'dataset', t.dataset,
           'licence', d.licence,
           'licence_url', d.licence_url,
           'attribution', d.attribution,
           'recorded_at', t.recorded_at)::text$sql$;
  figures constant text := $sql$
      SELECT g.incident,
             max(g.lowest) FILTER (WHERE g.measure = 'killed') AS killed_lowest,
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
        FROM (SELECT c.incident,
                     c.measure,
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
                FROM atlas.claim%1$s c
                JOIN %2$s.source s ON s.id = c.source
               WHERE c.incident %3$s AND c.scope = 'incident' AND c.measure <> 'narrative' AND %4$s
               GROUP BY c.incident, c.measure) g
        JOIN atlas.measure m ON m.code = g.measure
       GROUP BY g.incident$sql$;
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
    EXECUTE format(
      'CREATE OR REPLACE VIEW %1$s.incident_derived AS
       SELECT t.id AS incident, %2$s AS toll, %3$s AS properties
         FROM atlas.incident%4$s t
         JOIN atlas.geo_precision p ON p.code = t.geo_precision
         JOIN atlas.dataset d ON d.id = t.dataset
         LEFT JOIN atlas.region r ON r.code = t.region
         LEFT JOIN LATERAL (%5$s) f ON true
        WHERE %6$s',
      target, toll, properties, suffix, format(figures, suffix, target, '= t.id', said), seen);
  END LOOP;

  -- What is not public yet, because of an embargo, has no properties.
  EXECUTE format($function$
CREATE FUNCTION atlas.make_read(ids text[]) RETURNS void LANGUAGE plpgsql
SET plan_cache_mode = force_custom_plan SET enable_seqscan = off
SET TimeZone = 'UTC' SET DateStyle = 'ISO, YMD' AS $body$
BEGIN
  DELETE FROM atlas.incident_read WHERE incident = ANY (ids);
  INSERT INTO atlas.incident_read
  SELECT t.id, coalesce(least(CASE WHEN t.embargo_until > now() THEN t.embargo_until END, e.until), 'infinity'),
         atlas.shape_of(t.geo_precision, t.area, t.region, t.country),
         atlas.reach_of(t.geo_precision, t.area, t.geom, t.uncertainty_m),
         t.starts_at, t.ends_at, t.time_precision, t.type, t.attacker, t.country, t.region, t.morton,
         ST_X(t.geom), ST_Y(t.geom),
         CASE WHEN atlas.is_public(t.status, t.embargo_until) THEN %1$s END,
         CASE WHEN atlas.is_public(t.status, t.embargo_until) THEN %2$s END
    -- Found first, by their ids: a plan that begins with the dataset reads all that it has.
    FROM (SELECT * FROM atlas.incident WHERE id = ANY (ids) AND status = 'published' OFFSET 0) t
    JOIN atlas.geo_precision p ON p.code = t.geo_precision
    JOIN atlas.dataset d ON d.id = t.dataset
    LEFT JOIN atlas.region r ON r.code = t.region
    LEFT JOIN (%3$s) f ON f.incident = t.id
    LEFT JOIN (SELECT u.incident, min(u.until) AS until
                 FROM (SELECT c.incident, c.embargo_until AS until
                         FROM atlas.claim c WHERE c.embargo_until > now()
                       UNION ALL
                       SELECT c.incident, s.embargo_until
                         FROM atlas.source s JOIN atlas.claim c ON c.source = s.id
                        WHERE s.embargo_until > now()) AS u
                GROUP BY u.incident) e ON e.incident = t.id;
END $body$;
$function$,
    toll, properties,
    format(figures, '', 'api', '= ANY (ids)', 'atlas.is_public(c.status, c.embargo_until)'));
END $views$;

-- Makes what is to be made, some thousands at a time. One transaction at a time does.
CREATE OR REPLACE FUNCTION atlas.refresh_read() RETURNS void LANGUAGE plpgsql
SET plan_cache_mode = force_custom_plan SET enable_seqscan = off AS $$
DECLARE
  most    constant integer := 10000;
  ids     text[];
  instant timestamptz;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('atlas.refresh_read', 0));
  INSERT INTO atlas.incident_dirty
  SELECT incident FROM atlas.incident_read WHERE stale_at < 'infinity' AND stale_at <= now()
  ON CONFLICT DO NOTHING;
  FOR instant IN DELETE FROM atlas.read_due RETURNING recorded_at LOOP
    ids := ARRAY[''];
    LOOP
      ids := ARRAY(SELECT id FROM atlas.incident
                    WHERE recorded_at = instant AND id > ids[cardinality(ids)] ORDER BY id LIMIT most);
      EXIT WHEN cardinality(ids) = 0;
      PERFORM atlas.make_read(ids);
    END LOOP;
  END LOOP;
  LOOP
    WITH taken AS (
      DELETE FROM atlas.incident_dirty
       WHERE incident = ANY (ARRAY(SELECT incident FROM atlas.incident_dirty LIMIT most))
      RETURNING incident)
    SELECT array_agg(incident) INTO ids FROM taken;
    EXIT WHEN ids IS NULL;
    PERFORM atlas.make_read(ids);
  END LOOP;
END $$;

-- A writer of much may set atlas.read_later and leave it to another session, which makes the rows of one
-- batch while the next is written. Until then they are made from the record whenever they are read, and
-- sums step aside; where that session never comes, the next writer makes them.
CREATE OR REPLACE FUNCTION atlas.finish_revision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF current_setting('atlas.read_later', true) IS DISTINCT FROM 'on' THEN
    PERFORM atlas.refresh_read();
  END IF;
  RETURN NULL;
END $$;

-- The same as before to fifteen digits, as one expression, which takes a tenth of the time.
CREATE OR REPLACE FUNCTION atlas.mercator_y(latitude double precision) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT 0.5 - atanh(sin(radians(greatest(least(latitude, 85.05112878), -85.05112878)))) / (2 * pi())
$$;

-- Terms and codes of the dataset travel with each record, so they are part of what is made of it.
CREATE TRIGGER mark_before AFTER UPDATE ON atlas.dataset REFERENCING OLD TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION atlas.mark_incidents();
INSERT INTO atlas.incident_dirty SELECT id FROM atlas.incident;
SELECT atlas.refresh_read();
