-- Records of other people's datasets: under which id and in which run each came, what its own scheme
-- said of it, and how a run is undone.

ALTER TABLE atlas.incident
  ADD COLUMN type_source           text CHECK (type_source <> ''),
  ADD COLUMN geo_precision_source  text CHECK (geo_precision_source <> ''),
  ADD COLUMN time_precision_source text CHECK (time_precision_source <> ''),
  ALTER COLUMN area DROP NOT NULL;
ALTER TABLE atlas.incident_history
  ADD COLUMN type_source           text,
  ADD COLUMN geo_precision_source  text,
  ADD COLUMN time_precision_source text,
  ALTER COLUMN area DROP NOT NULL;
COMMENT ON COLUMN atlas.incident.type_source IS 'What the dataset''s own scheme calls it, with the scheme''s name: acled:sub_event_type:Grenade';
COMMENT ON COLUMN atlas.incident.geo_precision_source IS 'Code and scheme that geo_precision was mapped from: ucdp:where_prec:4';
COMMENT ON COLUMN atlas.incident.time_precision_source IS 'Code and scheme that time_precision was mapped from: acled:time_precision:1';
COMMENT ON COLUMN atlas.incident.area IS
  'What the point stands for: disc, region or regions, country; NULL where the public views derive it';

-- The disc of a point's uncertainty, 32 corners: a circle on the ground at the point's latitude.
CREATE FUNCTION atlas.disc(point geometry, metres integer) RETURNS geometry
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT ST_Multi(ST_SetSRID(ST_Translate(
           ST_Scale(
             'POLYGON((1 0,.980785 -.19509,.92388 -.382683,.83147 -.55557,.707107 -.707107,.55557 -.83147,.382683 -.92388,.19509 -.980785,0 -1,-.19509 -.980785,-.382683 -.92388,-.55557 -.83147,-.707107 -.707107,-.83147 -.55557,-.92388 -.382683,-.980785 -.19509,-1 0,-.980785 .19509,-.92388 .382683,-.83147 .55557,-.707107 .707107,-.55557 .83147,-.382683 .92388,-.19509 .980785,0 1,.19509 .980785,.382683 .92388,.55557 .83147,.707107 .707107,.83147 .55557,.92388 .382683,.980785 .19509,1 0))'::geometry,
             metres / (111195 * greatest(cos(radians(ST_Y(point))), 0.01)),
             metres / 111195.0),
           ST_X(point), ST_Y(point)), 4326))
$$;

-- The views of incidents, with the new columns, and an area for those that hold none of their own:
-- a million records in one region need not each carry its boundary.
DO $views$
DECLARE
  target text;
  suffix text;
  seen   text;
BEGIN
  FOREACH target IN ARRAY ARRAY['api', 'api_then'] LOOP
    IF target = 'api' THEN
      suffix := '';
      seen := 'atlas.is_public(t.status, t.embargo_until)';
    ELSE
      suffix := '_then';
      seen := 'atlas.was_public(t.status, t.embargo_until, atlas.as_of())
               AND NOT EXISTS (SELECT FROM atlas.withheld w WHERE w.kind = ''incident'' AND w.id = t.id)';
      CREATE OR REPLACE VIEW atlas.incident_then AS
        SELECT id, title, summary, type, attacker, targets, country, region, place, time,
               time_precision, time_local, starts_at, ends_at, geo_precision, uncertainty_m,
               coordinate_source, geom, area, morton, dataset, status, embargo_until, recorded_at,
               type_source, geo_precision_source, time_precision_source
          FROM atlas.incident WHERE recorded_at <= atlas.as_of()
        UNION ALL
        SELECT id, title, summary, type, attacker, targets, country, region, place, time,
               time_precision, time_local, starts_at, ends_at, geo_precision, uncertainty_m,
               coordinate_source, geom, area, morton, dataset, status, embargo_until, recorded_at,
               type_source, geo_precision_source, time_precision_source
          FROM atlas.incident_history
         WHERE recorded_at <= atlas.as_of() AND recorded_until > atlas.as_of();
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
         t.type_source, t.geo_precision_source, t.time_precision_source
    FROM atlas.incident%2$s t
   WHERE %3$s$sql$, target, suffix, seen);
  END LOOP;
END $views$;

-- ---------------------------------------------------------------------------------------------
-- Runs

CREATE TABLE atlas.import (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  dataset     text NOT NULL REFERENCES atlas.dataset,
  format      text NOT NULL,
  files       text[] NOT NULL,
  started_at  timestamptz NOT NULL DEFAULT now(),
  finished_at timestamptz,
  report      jsonb
);
COMMENT ON COLUMN atlas.import.finished_at IS 'NULL while it runs, and for ever where it was killed: the next run does the rest';

-- The instants at which a run's transactions became the record, by which it can be undone.
CREATE TABLE atlas.import_batch (
  import      bigint NOT NULL REFERENCES atlas.import,
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (import, recorded_at)
);

CREATE TABLE atlas.import_record (
  dataset  text NOT NULL REFERENCES atlas.dataset,
  record   text COLLATE "C" NOT NULL,
  incident atlas.identifier NOT NULL,
  digest   text NOT NULL,
  import   bigint NOT NULL REFERENCES atlas.import,
  PRIMARY KEY (dataset, record)
);
COMMENT ON TABLE atlas.import_record IS 'Which incident a dataset''s record is, what it said (a digest), and the last run that met it';
CREATE INDEX incident_dataset ON atlas.incident (dataset);
