-- What is read once a row is found, so that it is not read of the rows that are not asked for; and which
-- tiles a write leaves as they are.

CREATE VIEW api.incident_text AS
  SELECT incident AS id, properties FROM atlas.incident_read WHERE stale_at > now();
CREATE VIEW api_then.incident_text AS
  SELECT incident AS id, properties FROM atlas.incident_read WHERE false;
COMMENT ON VIEW api.incident_text IS 'Properties of an incident''s feature, where those that are kept hold; else properties_of makes them';

-- A note's source is looked up by its key: a list of all sources was made for every incident that is read.
CREATE OR REPLACE VIEW api.editor_note AS
  SELECT n.id, n.incident, n.position, n.text, n.source
    FROM atlas.editor_note n
    JOIN api.incident i ON i.id = n.incident
    LEFT JOIN api.source s ON s.id = n.source
   WHERE n.source IS NULL OR s.id IS NOT NULL;
CREATE OR REPLACE VIEW api_then.editor_note AS
  SELECT n.id, n.incident, n.position, n.text, n.source
    FROM atlas.editor_note_then n
    JOIN api_then.incident i ON i.id = n.incident
    LEFT JOIN api_then.source s ON s.id = n.source
   WHERE n.source IS NULL OR s.id IS NOT NULL;

-- Those that last longer than a day, so that a count need not look for them among all that began before.
CREATE INDEX incident_long ON atlas.incident (starts_at DESC, id DESC)
  INCLUDE (ends_at, status, embargo_until, geom) WHERE ends_at - starts_at > interval '1 day';

-- Tiles of a time want little of each of many incidents, and of those that are areas wherever they are: they
-- read it from an index alone.
ALTER TABLE atlas.incident_read
  ADD COLUMN killed_highest  double precision GENERATED ALWAYS AS ((toll).killed_highest) STORED,
  ADD COLUMN injured_highest double precision GENERATED ALWAYS AS ((toll).injured_highest) STORED;
CREATE INDEX incident_read_start ON atlas.incident_read (starts_at)
  INCLUDE (incident, ends_at, morton, type, attacker, country, region, shape, reach_m, longitude, latitude,
           killed_highest, injured_highest)
  WHERE properties IS NOT NULL;
CREATE INDEX incident_read_area ON atlas.incident_read (starts_at)
  INCLUDE (incident, ends_at, morton, type, attacker, country, region, shape, reach_m, longitude, latitude,
           killed_highest, injured_highest)
  WHERE properties IS NOT NULL AND shape > '';
CREATE INDEX incident_read_morton ON atlas.incident_read (morton) WHERE properties IS NOT NULL;
CREATE VIEW api.incident_kept AS
  SELECT incident AS id, starts_at, ends_at, morton, type, attacker, country, region, shape, reach_m,
         longitude, latitude, killed_highest, injured_highest, toll
    FROM atlas.incident_read WHERE properties IS NOT NULL;
CREATE VIEW api_then.incident_kept AS SELECT * FROM api.incident_kept WHERE false;
COMMENT ON VIEW api.incident_kept IS 'Every public incident as it counts, where nothing is unsettled';

-- Which write was the last to change what lies in a cell: a tile of zoom 8, by its Morton number. What is known
-- only as an area may reach into any tile, and has the cell -1.
CREATE TABLE atlas.incident_touched (
  cell     integer PRIMARY KEY,
  revision bigint NOT NULL
) WITH (fillfactor = 50);
COMMENT ON TABLE atlas.incident_touched IS 'The last revision that changed an incident in a tile of zoom 8, or (-1) an area or a boundary';

CREATE FUNCTION atlas.touch_cells() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO atlas.incident_touched AS t
  SELECT DISTINCT CASE shape WHEN '' THEN (morton >> 46)::integer ELSE -1 END, r.revision
    FROM changed CROSS JOIN atlas.revision r
  ON CONFLICT (cell) DO UPDATE SET revision = excluded.revision WHERE t.revision < excluded.revision;
  RETURN NULL;
END $$;
CREATE TRIGGER touch_gone AFTER DELETE ON atlas.incident_read
  REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION atlas.touch_cells();
CREATE TRIGGER touch_made AFTER INSERT ON atlas.incident_read
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION atlas.touch_cells();

CREATE FUNCTION atlas.touch_boundaries() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM changed) THEN
    PERFORM atlas.recording_at();
    INSERT INTO atlas.incident_touched AS t SELECT -1, revision FROM atlas.revision
    ON CONFLICT (cell) DO UPDATE SET revision = excluded.revision WHERE t.revision < excluded.revision;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER touch_made AFTER INSERT ON atlas.region
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION atlas.touch_boundaries();
CREATE TRIGGER touch_changed AFTER UPDATE ON atlas.region
  REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION atlas.touch_boundaries();
CREATE TRIGGER touch_gone AFTER DELETE ON atlas.region
  REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION atlas.touch_boundaries();

CREATE VIEW api.incident_touched AS SELECT cell, revision FROM atlas.incident_touched;
CREATE VIEW api_then.incident_touched AS SELECT cell, revision FROM atlas.incident_touched WHERE false;

GRANT SELECT ON api.incident_touched, api_then.incident_touched TO strike_atlas_reader;
GRANT SELECT ON api.incident_kept, api_then.incident_kept TO strike_atlas_reader;
GRANT SELECT ON api.incident_text, api_then.incident_text TO strike_atlas_reader;
