-- Facets: what incidents can be filtered by lies beside the record too, and sums are kept of it.

ALTER TABLE atlas.incident_read
  ADD COLUMN geo_precision text COLLATE "C",
  ADD COLUMN targets       text[] COLLATE "C",
  ADD COLUMN sources       text[] COLLATE "C",
  -- No plan depends on what is only counted, and ANALYZE takes long over lists.
  ALTER COLUMN targets SET STATISTICS 0,
  ALTER COLUMN sources SET STATISTICS 0;
COMMENT ON COLUMN atlas.incident_read.sources IS 'Public sources that it or a public claim of it names, each once';

CREATE VIEW atlas.incident_sources AS
  SELECT u.incident, array_agg(u.source::text) AS sources
    FROM (SELECT c.incident, c.source FROM atlas.claim c WHERE atlas.is_public(c.status, c.embargo_until)
          UNION
          SELECT x.incident, x.source FROM atlas.incident_source x) AS u
    JOIN api.source s ON s.id = u.source
   GROUP BY u.incident;

CREATE OR REPLACE VIEW api.incident_kept AS
  SELECT incident AS id, starts_at, ends_at, morton, type, attacker, country, region, shape, reach_m,
         longitude, latitude, killed_highest, injured_highest, toll, properties,
         geo_precision, targets, sources
    FROM atlas.incident_read WHERE properties IS NOT NULL;
CREATE OR REPLACE VIEW api_then.incident_kept AS SELECT * FROM api.incident_kept WHERE false;

CREATE TABLE atlas.source_count (
  source    text COLLATE "C" NOT NULL,
  type      text COLLATE "C" NOT NULL,
  incidents bigint NOT NULL,
  PRIMARY KEY (source, type)
) WITH (fillfactor = 70);
COMMENT ON TABLE atlas.source_count IS 'How many incidents of a type have a source; a count of none may stay';
CREATE VIEW api.source_count      AS SELECT * FROM atlas.source_count WHERE incidents > 0;
CREATE VIEW api_then.source_count AS SELECT * FROM atlas.source_count WHERE false;
GRANT SELECT ON api.source_count, api_then.source_count TO strike_atlas_reader;

-- Every sum says how many of its incidents have each value of a closed list, and a toll that meets each range
-- (server/domain/facets.ts): columns of the rows that there are, since rows of their own would multiply those. Sums of
-- places have none: whoever filters by a place has other facets counted one by one, and wide rows are slow to read.
CREATE TEMPORARY TABLE facet_column ON COMMIT DROP AS
  SELECT 'geo_precision_' || code AS name, format('geo_precision = %L', code) AS met FROM atlas.geo_precision
  UNION ALL
  SELECT 'target_' || code, format('%L = ANY (targets)', code) FROM atlas.target_type
  UNION ALL
  SELECT format('%s_%s', measure, least),
         format('%s_highest >= %s', measure, least)
           || CASE least WHEN 0 THEN format(' AND (toll).%s_lowest <= 0', measure) ELSE '' END
    FROM unnest('{killed, injured}'::text[]) AS measure
   CROSS JOIN unnest('{0, 1, 5, 10, 20, 50, 100}'::integer[]) AS least;

-- A function as it is, with changes: pairs of a piece that it has once and what stands there instead.
CREATE FUNCTION pg_temp.change(changed regprocedure, VARIADIC pieces text[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  text text := pg_get_functiondef(changed);
BEGIN
  FOR piece IN 1 .. cardinality(pieces) BY 2 LOOP
    IF cardinality(string_to_array(text, pieces[piece])) <> 2 THEN
      RAISE '% does not have once: %', changed, pieces[piece];
    END IF;
    text := replace(text, pieces[piece], pieces[piece + 1]);
  END LOOP;
  EXECUTE text;
END $$;

-- Highest tolls are columns of their own by now: they need not be taken out of the toll for every sum.
DO $$
BEGIN
  EXECUTE regexp_replace(
    pg_get_functiondef('atlas.count_read()'::regprocedure), '\(toll\)\.(killed|injured)_highest', '\1_highest', 'g');
END $$;

DO $$
DECLARE
  columns text;
  counts  text;
  sums    text;
BEGIN
  SELECT string_agg(name, ', '),
         string_agg(format('CASE grouping(type) WHEN 0 THEN sign * count(*) FILTER (WHERE %s) END', met), ', '),
         string_agg(format('%1$s = c.%1$s + excluded.%1$s', name), ', ')
    INTO columns, counts, sums
    FROM facet_column;
  EXECUTE (SELECT 'ALTER TABLE atlas.incident_count '
                  || string_agg(format('ADD COLUMN %1$s integer, ALTER COLUMN %1$s SET STATISTICS 0', name), ', ')
             FROM facet_column);
  PERFORM pg_temp.change(
    'atlas.count_read()',
    'injured_given, injured_latest, injured_dated)', 'injured_given, injured_latest, injured_dated, ' || columns || ')',
    'sign * count((toll).injured_latest)', 'sign * count((toll).injured_latest), ' || counts,
    'c.injured_dated   + excluded.injured_dated;', $sql$c.injured_dated   + excluded.injured_dated,
         $sql$ || sums || $sql$;

  INSERT INTO atlas.source_count AS c
  SELECT source, type, sign * count(*) FROM changed CROSS JOIN unnest(sources) AS source
   WHERE properties IS NOT NULL
   GROUP BY source, type
  ON CONFLICT (source, type) DO UPDATE SET incidents = c.incidents + excluded.incidents;$sql$);
END $$;
CREATE OR REPLACE VIEW api.incident_count      AS SELECT * FROM atlas.incident_count WHERE incidents > 0;
CREATE OR REPLACE VIEW api_then.incident_count AS SELECT * FROM atlas.incident_count WHERE false;

-- An incident's sources become other ones with the list of them, and with a source that becomes public or does not stay so.
SELECT pg_temp.change(
         'atlas.make_read(text[])',
         'INSERT INTO atlas.incident_read', $sql$INSERT INTO atlas.incident_read
         (incident, stale_at, shape, reach_m, starts_at, ends_at, time_precision, type, attacker, country, region,
          morton, longitude, latitude, toll, properties, geo_precision, targets, sources)$sql$,
         '    -- Found first', $sql$         , t.geo_precision, t.targets, coalesce(o.sources, '{}')
    -- Found first$sql$,
         'WHERE s.embargo_until > now()) AS u', $sql$WHERE s.embargo_until > now()
                       UNION ALL
                       SELECT x.incident, s.embargo_until
                         FROM atlas.source s JOIN atlas.incident_source x ON x.source = s.id
                        WHERE s.embargo_until > now()) AS u$sql$,
         'e ON e.incident = t.id', $sql$e ON e.incident = t.id
    LEFT JOIN (SELECT * FROM atlas.incident_sources WHERE incident = ANY (ids)) o ON o.incident = t.id$sql$),
       pg_temp.change(
         'atlas.mark_incidents()',
         $sql$TG_TABLE_NAME = 'claim'$sql$, $sql$TG_TABLE_NAME IN ('claim', 'incident_source')$sql$,
         'JOIN atlas.incident i ON i.id = c.incident',
         -- One by one, whatever the planner knows in the middle of a load.
         'CROSS JOIN LATERAL (SELECT i.id, i.recorded_at FROM atlas.incident i WHERE i.id = c.incident LIMIT 1) i',
         'SELECT DISTINCT c.incident FROM changed s JOIN atlas.claim c ON c.source = s.id ON',
         $sql$SELECT c.incident FROM changed s JOIN atlas.claim c ON c.source = s.id
    UNION
    SELECT x.incident
      FROM changed c JOIN atlas.source s ON s.id = c.id JOIN atlas.incident_source x ON x.source = s.id
     WHERE (c.status, c.embargo_until) IS DISTINCT FROM (s.status, s.embargo_until)
        ON$sql$);

CREATE TRIGGER mark_before AFTER UPDATE ON atlas.incident_source
  REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION atlas.mark_incidents();
CREATE TRIGGER mark_after AFTER UPDATE ON atlas.incident_source
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION atlas.mark_incidents();
CREATE TRIGGER mark_gone AFTER DELETE ON atlas.incident_source
  REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION atlas.mark_incidents();
CREATE TRIGGER mark_made AFTER INSERT ON atlas.incident_source
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION atlas.mark_incidents();
ALTER TABLE atlas.incident_source ENABLE ALWAYS TRIGGER mark_before;
ALTER TABLE atlas.incident_source ENABLE ALWAYS TRIGGER mark_after;
ALTER TABLE atlas.incident_source ENABLE ALWAYS TRIGGER mark_gone;
ALTER TABLE atlas.incident_source ENABLE ALWAYS TRIGGER mark_made;

-- ---------------------------------------------------------------------------------------------
-- What there is, in the order of time, by statements that each see all of it: sums that are made batch by batch
-- within one transaction would leave as many dead rows, and the indexes are faster built than filled.

CREATE TEMPORARY TABLE read_before ON COMMIT DROP AS
  SELECT r.incident, r.stale_at, r.shape, r.reach_m, r.starts_at, r.ends_at, r.time_precision, r.type, r.attacker,
         r.country, r.region, r.morton, r.longitude, r.latitude, r.toll, r.properties,
         i.geo_precision, i.targets, coalesce(o.sources, '{}') AS sources
    FROM atlas.incident_read r
    JOIN atlas.incident i ON i.id = r.incident
    LEFT JOIN atlas.incident_sources o ON o.incident = r.incident;
TRUNCATE atlas.incident_read, atlas.incident_count, atlas.incident_cell;
ALTER TABLE atlas.incident_read
  ALTER COLUMN geo_precision SET NOT NULL,
  ALTER COLUMN targets SET NOT NULL,
  ALTER COLUMN sources SET NOT NULL;
DO $$
DECLARE
  index       record;
  definitions text[] := '{}';
BEGIN
  FOR index IN SELECT indexname, indexdef FROM pg_indexes
                WHERE schemaname = 'atlas' AND tablename = 'incident_read' AND indexname <> 'incident_read_pkey' LOOP
    definitions := definitions || index.indexdef;
    EXECUTE format('DROP INDEX atlas.%I', index.indexname);
  END LOOP;
  INSERT INTO atlas.incident_read
         (incident, stale_at, shape, reach_m, starts_at, ends_at, time_precision, type, attacker, country, region,
          morton, longitude, latitude, toll, properties, geo_precision, targets, sources)
  SELECT * FROM read_before ORDER BY starts_at;
  FOR position IN 1 .. cardinality(definitions) LOOP
    EXECUTE definitions[position];
  END LOOP;
END $$;
-- Until now nobody asked when such a source becomes public.
INSERT INTO atlas.incident_dirty
SELECT x.incident FROM atlas.incident_source x JOIN atlas.source s ON s.id = x.source WHERE s.embargo_until > now()
ON CONFLICT DO NOTHING;
SELECT atlas.refresh_read();
ANALYZE atlas.incident_read, atlas.incident_count, atlas.source_count;
DROP FUNCTION pg_temp.change;
