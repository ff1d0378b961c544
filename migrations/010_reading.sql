-- What is read once a row is found, so that it is not read of the rows that are not asked for.

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

GRANT SELECT ON api.incident_text, api_then.incident_text TO strike_atlas_reader;
