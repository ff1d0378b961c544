-- The record: what is known, who said so, and every earlier state of it.
-- Coordinates are WGS 84 (EPSG:4326), longitude first; times are UTC; ranges are half-open.
CREATE EXTENSION IF NOT EXISTS postgis;

-- ---------------------------------------------------------------------------------------------
-- Reference data

CREATE TABLE atlas.dataset (
  id          text PRIMARY KEY CHECK (id ~ '^[a-z0-9-]{1,60}$'),
  title       text NOT NULL CHECK (title <> ''),
  licence     text NOT NULL CHECK (licence <> ''),
  licence_url text,
  attribution text NOT NULL CHECK (attribution <> '')
);

CREATE TABLE atlas.region (
  code             text COLLATE "C" PRIMARY KEY CHECK (code ~ '^[A-Z]{2}-[A-Z0-9]{1,3}$'),
  country          text NOT NULL CHECK (country = left(code, 2)),
  kind             text NOT NULL,
  name_en          text NOT NULL,
  name_uk          text,
  pcode            text UNIQUE,
  geonames_admin1  text UNIQUE,
  boundary_set     text,
  geom             geometry(MultiPolygon, 4326) CHECK (ST_IsValid(geom)),
  CHECK ((geom IS NULL) = (boundary_set IS NULL))
);
CREATE INDEX region_geom ON atlas.region USING gist (geom);

CREATE TABLE atlas.place (
  id          text COLLATE "C" PRIMARY KEY,
  name        text NOT NULL CHECK (name <> ''),
  country     text NOT NULL CHECK (country ~ '^[A-Z]{2}$'),
  region      text COLLATE "C" REFERENCES atlas.region,
  population  integer CHECK (population >= 0),
  geonames_id integer,
  dataset     text NOT NULL REFERENCES atlas.dataset,
  geom        geometry(Point, 4326) NOT NULL
);
CREATE INDEX place_geom ON atlas.place USING gist (geom);
CREATE INDEX place_region ON atlas.place (region, name);

-- ---------------------------------------------------------------------------------------------
-- Revisions: writers take turns, so that the order of `recorded_at` is the order of commits

CREATE TABLE atlas.revision (
  single   boolean PRIMARY KEY DEFAULT true CHECK (single),
  revision bigint NOT NULL,
  at       timestamptz NOT NULL
);
INSERT INTO atlas.revision (revision, at) VALUES (0, clock_timestamp());

-- The instant at which this transaction's changes become the record; the same for all of them.
CREATE FUNCTION atlas.recording_at() RETURNS timestamptz LANGUAGE plpgsql AS $$
DECLARE
  known text := current_setting('atlas.recording_at', true);
  made  timestamptz;
BEGIN
  IF known <> '' THEN
    RETURN known::timestamptz;
  END IF;
  UPDATE atlas.revision
     SET revision = revision + 1,
         at = greatest(clock_timestamp(), at + interval '1 microsecond')
  RETURNING at INTO made;
  PERFORM set_config('atlas.recording_at', made::text, true);
  RETURN made;
END $$;

-- Keeps every version of a row: an update or a delete moves the old one to `<table>_history` with
-- the interval [recorded_at, recorded_until) during which it was the record. An update that
-- changes nothing is no version; a row changed twice in one transaction was never seen in between.
CREATE FUNCTION atlas.keep_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    NEW.recorded_at := atlas.recording_at();
    RETURN NEW;
  END IF;
  IF TG_OP = 'UPDATE' THEN
    NEW.recorded_at := OLD.recorded_at;
    IF NEW *= OLD THEN
      RETURN NULL;
    END IF;
    NEW.recorded_at := atlas.recording_at();
  END IF;
  IF OLD.recorded_at < atlas.recording_at() THEN
    EXECUTE format('INSERT INTO atlas.%I SELECT $1, ($2).*', TG_TABLE_NAME || '_history')
      USING atlas.recording_at(), OLD;
  END IF;
  IF TG_OP = 'DELETE' THEN
    RETURN OLD;
  END IF;
  RETURN NEW;
END $$;

-- Gives a table its history and the trigger that keeps it. `key` is its primary key, which stays
-- the same from version to version.
CREATE FUNCTION atlas.keep_versions_of(name text, key text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format(
    'CREATE TABLE atlas.%1$I (recorded_until timestamptz NOT NULL, LIKE atlas.%2$I,
       CHECK (recorded_at < recorded_until), PRIMARY KEY (%3$s, recorded_until))',
    name || '_history', name, key);
  EXECUTE format(
    'CREATE TRIGGER keep_version BEFORE INSERT OR UPDATE OR DELETE ON atlas.%I
       FOR EACH ROW EXECUTE FUNCTION atlas.keep_version()', name);
END $$;

CREATE DOMAIN atlas.visibility AS text CHECK (VALUE IN ('draft', 'published', 'retracted'));
-- Ordered by code point, so that pages run in the same order on every server. What refers to an id
-- is of the same domain: with another collation it could not use the id's indexes.
CREATE DOMAIN atlas.identifier AS text COLLATE "C" CHECK (VALUE ~ '^[A-Za-z0-9._-]{1,100}$');

-- ---------------------------------------------------------------------------------------------
-- Sources

CREATE TABLE atlas.source (
  id              atlas.identifier PRIMARY KEY,
  url             text NOT NULL CHECK (url ~ '^https?://'),
  publisher       text CHECK (publisher <> ''),
  title           text CHECK (title <> ''),
  published_at    text,
  published_from  timestamptz,
  published_until timestamptz,
  language        text CHECK (language ~ '^[a-z]{2,3}$'),
  kind            text CHECK (kind IN ('original', 'syndicated', 'aggregator')),
  carries         text,
  reliability     text CHECK (reliability ~ '^[A-F]$'),
  dataset         text NOT NULL REFERENCES atlas.dataset,
  status          atlas.visibility NOT NULL DEFAULT 'published',
  embargo_until   timestamptz,
  recorded_at     timestamptz NOT NULL,
  CHECK ((published_at IS NULL) = (published_from IS NULL)),
  CHECK ((published_at IS NULL) = (published_until IS NULL)),
  CHECK (published_from < published_until)
);
COMMENT ON COLUMN atlas.source.published_at IS 'EDTF (ISO 8601-2) or RFC 3339 text as published';
COMMENT ON COLUMN atlas.source.reliability IS 'Admiralty letter; never derived';
CREATE INDEX source_recorded ON atlas.source (recorded_at DESC, id DESC);
CREATE INDEX source_embargo ON atlas.source (embargo_until) WHERE embargo_until IS NOT NULL;
SELECT atlas.keep_versions_of('source', 'id');

-- ---------------------------------------------------------------------------------------------
-- Incidents

-- Spreads the low 31 bits of a number to the even bits of the result.
CREATE FUNCTION atlas.spread_bits(value bigint) RETURNS bigint
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  value := (value | (value << 16)) & 281470681808895;      -- 0x0000FFFF0000FFFF
  value := (value | (value <<  8)) & 71777214294589695;    -- 0x00FF00FF00FF00FF
  value := (value | (value <<  4)) & 1085102592571150095;  -- 0x0F0F0F0F0F0F0F0F
  value := (value | (value <<  2)) & 3689348814741910323;  -- 0x3333333333333333
  RETURN   (value | (value <<  1)) & 6148914691236517205;  -- 0x5555555555555555
END $$;

-- Morton (Z-order) key of a point in Web Mercator, 31 bits each way, x in the even bits: every tile
-- of every zoom is one contiguous range of it, and every grid cell a shift of it. Latitudes beyond
-- the square that Web Mercator covers count to its edge.
CREATE FUNCTION atlas.morton(point geometry) RETURNS bigint
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  size  constant double precision := 2147483648;
  sine  double precision := sin(radians(greatest(least(ST_Y(point), 85.05112878), -85.05112878)));
  x     bigint := floor((ST_X(point) + 180) / 360 * size);
  y     bigint := floor((0.5 - ln((1 + sine) / (1 - sine)) / (4 * pi())) * size);
BEGIN
  RETURN atlas.spread_bits(greatest(least(x, 2147483647), 0))
       | (atlas.spread_bits(greatest(least(y, 2147483647), 0)) << 1);
END $$;

CREATE TABLE atlas.incident (
  id                atlas.identifier PRIMARY KEY,
  title             text NOT NULL CHECK (title <> ''),
  summary           text NOT NULL,
  type              text NOT NULL REFERENCES atlas.incident_type,
  attacker          text NOT NULL CHECK (attacker IN ('RU', 'UA', 'unknown')),
  targets           text[] NOT NULL,
  country           text NOT NULL CHECK (country ~ '^[A-Z]{2}$'),
  region            text COLLATE "C" REFERENCES atlas.region,
  place             text NOT NULL CHECK (place <> ''),
  time              text NOT NULL,
  time_precision    text NOT NULL REFERENCES atlas.time_precision,
  time_local        text CHECK (time_local <> ''),
  starts_at         timestamptz NOT NULL,
  ends_at           timestamptz NOT NULL,
  geo_precision     text NOT NULL REFERENCES atlas.geo_precision,
  uncertainty_m     integer NOT NULL CHECK (uncertainty_m > 0),
  coordinate_source text NOT NULL CHECK (coordinate_source <> ''),
  geom              geometry(Point, 4326) NOT NULL,
  area              geometry(MultiPolygon, 4326) NOT NULL CHECK (ST_IsValid(area)),
  morton            bigint NOT NULL,
  dataset           text NOT NULL REFERENCES atlas.dataset,
  status            atlas.visibility NOT NULL,
  embargo_until     timestamptz,
  recorded_at       timestamptz NOT NULL,
  CHECK (starts_at < ends_at),
  CHECK (region IS NULL OR left(region, 2) = country),
  CHECK (geo_precision <> 'site' OR uncertainty_m <= 1000),
  CHECK (ST_X(geom) BETWEEN -180 AND 180 AND ST_Y(geom) BETWEEN -90 AND 90)
);
COMMENT ON COLUMN atlas.incident.time IS 'EDTF (ISO 8601-2): the calendar days, local to the place, that the sources give';
COMMENT ON COLUMN atlas.incident.starts_at IS 'Start of the range that `time` means, its days taken as UTC days';
COMMENT ON COLUMN atlas.incident.geom IS 'Representative point; never a place of impact unless geo_precision is site';
COMMENT ON COLUMN atlas.incident.area IS 'What the point stands for: disc, region or regions, country';
CREATE INDEX incident_start ON atlas.incident (starts_at DESC, id DESC);
CREATE INDEX incident_geom ON atlas.incident USING gist (geom);
CREATE INDEX incident_region ON atlas.incident (region, starts_at DESC);
CREATE INDEX incident_morton ON atlas.incident (morton);
CREATE INDEX incident_recorded ON atlas.incident (recorded_at DESC, id DESC);
CREATE INDEX incident_embargo ON atlas.incident (embargo_until) WHERE embargo_until IS NOT NULL;
SELECT atlas.keep_versions_of('incident', 'id');

-- Triggers fire in the order of their names: this one before keep_version, which compares rows.
CREATE FUNCTION atlas.derive_morton() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.morton := atlas.morton(NEW.geom);
  RETURN NEW;
END $$;
CREATE TRIGGER derive_morton BEFORE INSERT OR UPDATE ON atlas.incident
  FOR EACH ROW EXECUTE FUNCTION atlas.derive_morton();

-- Every target is in the closed list; an array cannot carry a foreign key.
CREATE FUNCTION atlas.check_targets() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT NEW.targets <@ (SELECT array_agg(code) FROM atlas.target_type) THEN
    RAISE foreign_key_violation USING CONSTRAINT = 'targets_in_list',
      MESSAGE = format('target types %s: not all in the list', NEW.targets);
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER check_targets BEFORE INSERT OR UPDATE ON atlas.incident
  FOR EACH ROW EXECUTE FUNCTION atlas.check_targets();

-- Further locations of an incident; the primary one is the incident's own.
CREATE TABLE atlas.incident_location (
  id                atlas.identifier PRIMARY KEY,
  incident          atlas.identifier NOT NULL REFERENCES atlas.incident DEFERRABLE INITIALLY DEFERRED,
  position          smallint NOT NULL,
  place             text NOT NULL CHECK (place <> ''),
  country           text NOT NULL CHECK (country ~ '^[A-Z]{2}$'),
  region            text COLLATE "C" REFERENCES atlas.region,
  geo_precision     text NOT NULL REFERENCES atlas.geo_precision,
  uncertainty_m     integer CHECK (uncertainty_m > 0),
  coordinate_source text,
  targets           text[] NOT NULL,
  geom              geometry(Point, 4326),
  recorded_at       timestamptz NOT NULL,
  CHECK ((geom IS NULL) = (coordinate_source IS NULL)),
  CHECK ((geom IS NULL) = (uncertainty_m IS NULL)),
  CHECK (geom IS NOT NULL OR region IS NOT NULL),
  CHECK (geo_precision <> 'site' OR uncertainty_m <= 1000)
);
CREATE INDEX incident_location_incident ON atlas.incident_location (incident);
SELECT atlas.keep_versions_of('incident_location', 'id');
CREATE TRIGGER check_targets BEFORE INSERT OR UPDATE ON atlas.incident_location
  FOR EACH ROW EXECUTE FUNCTION atlas.check_targets();

CREATE TABLE atlas.incident_relation (
  incident    atlas.identifier NOT NULL REFERENCES atlas.incident DEFERRABLE INITIALLY DEFERRED,
  relation    text NOT NULL CHECK (relation IN ('part_of_wave', 'repeat_strike', 'not_same_as')),
  other       atlas.identifier NOT NULL REFERENCES atlas.incident DEFERRABLE INITIALLY DEFERRED,
  note        text,
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (incident, relation, other),
  CHECK (incident <> other)
);
SELECT atlas.keep_versions_of('incident_relation', 'incident, relation, other');

CREATE TABLE atlas.incident_identifier (
  incident    atlas.identifier NOT NULL REFERENCES atlas.incident DEFERRABLE INITIALLY DEFERRED,
  scheme      text NOT NULL CHECK (scheme ~ '^[a-z0-9_:-]{1,60}$'),
  identifier  text NOT NULL CHECK (identifier <> ''),
  url         text CHECK (url ~ '^https?://'),
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (incident, scheme, identifier)
);
COMMENT ON TABLE atlas.incident_identifier IS 'The same incident in other schemes: a link, not a copy';
SELECT atlas.keep_versions_of('incident_identifier', 'incident, scheme, identifier');

CREATE TABLE atlas.incident_source (
  incident    atlas.identifier NOT NULL REFERENCES atlas.incident DEFERRABLE INITIALLY DEFERRED,
  source      atlas.identifier NOT NULL REFERENCES atlas.source DEFERRABLE INITIALLY DEFERRED,
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (incident, source)
);
SELECT atlas.keep_versions_of('incident_source', 'incident, source');

CREATE TABLE atlas.editor_note (
  id          atlas.identifier PRIMARY KEY,
  incident    atlas.identifier NOT NULL REFERENCES atlas.incident DEFERRABLE INITIALLY DEFERRED,
  position    smallint NOT NULL,
  text        text NOT NULL CHECK (text <> ''),
  source      atlas.identifier REFERENCES atlas.source DEFERRABLE INITIALLY DEFERRED,
  recorded_at timestamptz NOT NULL
);
CREATE INDEX editor_note_incident ON atlas.editor_note (incident);
SELECT atlas.keep_versions_of('editor_note', 'id');

-- ---------------------------------------------------------------------------------------------
-- Claims

CREATE TABLE atlas.claim (
  id              atlas.identifier PRIMARY KEY,
  incident        atlas.identifier NOT NULL REFERENCES atlas.incident DEFERRABLE INITIALLY DEFERRED,
  measure         text NOT NULL REFERENCES atlas.measure,
  value_min       double precision CHECK (value_min >= 0 AND value_min < 'infinity'),
  value_max       double precision CHECK (value_max >= 0 AND value_max < 'infinity'),
  qualifier       text,
  text            text CHECK (text <> ''),
  scope           text NOT NULL CHECK (scope IN ('incident', 'country', 'region', 'district', 'city', 'group')),
  scope_name      text CHECK (scope_name <> ''),
  attributed_to   text NOT NULL CHECK (attributed_to <> ''),
  remark          text CHECK (remark <> ''),
  source          atlas.identifier NOT NULL REFERENCES atlas.source DEFERRABLE INITIALLY DEFERRED,
  reported_at     text,
  reported_day    date,
  reported_from   timestamptz,
  reported_until  timestamptz,
  report_position smallint NOT NULL,
  stage           text CHECK (stage IN ('preliminary', 'final')),
  stance          text CHECK (stance IN ('attributed_to', 'claimed_by', 'denied_by')),
  party           text CHECK (party <> ''),
  cause           text CHECK (cause <> ''),
  status          atlas.visibility NOT NULL DEFAULT 'published',
  embargo_until   timestamptz,
  recorded_at     timestamptz NOT NULL,
  CHECK (CASE WHEN measure = 'narrative'
              THEN value_min IS NULL AND value_max IS NULL AND qualifier IS NULL AND text IS NOT NULL
              ELSE qualifier IS NOT NULL END),
  CHECK (CASE qualifier
              WHEN 'exact'    THEN value_min IS NOT NULL AND value_min IS NOT DISTINCT FROM value_max
              WHEN 'at_least' THEN value_min IS NOT NULL AND value_max IS NULL
              WHEN 'at_most'  THEN value_min IS NULL AND value_max IS NOT NULL
              WHEN 'about'    THEN coalesce(value_min, value_max) IS NOT NULL
              WHEN 'range'    THEN value_min < value_max AND value_max IS NOT NULL
              ELSE qualifier IS NULL END),
  CHECK (value_min <= value_max),
  CHECK ((scope = 'incident') OR (scope = 'country') OR scope_name IS NOT NULL),
  CHECK ((reported_at IS NULL) = (reported_day IS NULL)),
  CHECK ((reported_at IS NULL) = (reported_from IS NULL)),
  CHECK ((reported_at IS NULL) = (reported_until IS NULL)),
  CHECK (reported_from < reported_until),
  CHECK ((stance IS NULL) = (party IS NULL))
);
COMMENT ON COLUMN atlas.claim.value_max IS 'NULL where the claim is at least value_min';
COMMENT ON COLUMN atlas.claim.reported_day IS 'Last calendar day, where it was said, that reported_at allows';
COMMENT ON COLUMN atlas.claim.report_position IS 'Order within the incident''s claims of the same reported_day';
CREATE INDEX claim_incident ON atlas.claim (incident, reported_day, report_position);
CREATE INDEX claim_source ON atlas.claim (source);
CREATE INDEX claim_reported ON atlas.claim (coalesce(reported_from, '-infinity') DESC, id DESC);
CREATE INDEX claim_recorded ON atlas.claim (recorded_at DESC, id DESC);
CREATE INDEX claim_embargo ON atlas.claim (embargo_until) WHERE embargo_until IS NOT NULL;
SELECT atlas.keep_versions_of('claim', 'id');

CREATE TABLE atlas.claim_relation (
  claim       atlas.identifier NOT NULL REFERENCES atlas.claim DEFERRABLE INITIALLY DEFERRED,
  relation    text NOT NULL CHECK (relation IN ('revises', 'contradicts')),
  other       atlas.identifier NOT NULL REFERENCES atlas.claim DEFERRABLE INITIALLY DEFERRED,
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (claim, relation, other),
  CHECK (claim <> other)
);
SELECT atlas.keep_versions_of('claim_relation', 'claim, relation, other');

-- ---------------------------------------------------------------------------------------------
-- Territory

CREATE TABLE atlas.territorial_claim (
  id            atlas.identifier PRIMARY KEY,
  region        text COLLATE "C" NOT NULL REFERENCES atlas.region,
  claimant      text NOT NULL CHECK (claimant ~ '^[A-Z]{2}$'),
  since         date,
  act           text NOT NULL CHECK (act <> ''),
  status        atlas.visibility NOT NULL DEFAULT 'published',
  embargo_until timestamptz,
  recorded_at   timestamptz NOT NULL,
  UNIQUE (region, claimant)
);
CREATE INDEX territorial_claim_embargo ON atlas.territorial_claim (embargo_until) WHERE embargo_until IS NOT NULL;
SELECT atlas.keep_versions_of('territorial_claim', 'id');

CREATE TABLE atlas.territorial_claim_source (
  territorial_claim atlas.identifier NOT NULL REFERENCES atlas.territorial_claim DEFERRABLE INITIALLY DEFERRED,
  source            atlas.identifier NOT NULL REFERENCES atlas.source DEFERRABLE INITIALLY DEFERRED,
  recorded_at       timestamptz NOT NULL,
  PRIMARY KEY (territorial_claim, source)
);
SELECT atlas.keep_versions_of('territorial_claim_source', 'territorial_claim, source');

CREATE TABLE atlas.international_response (
  id           atlas.identifier PRIMARY KEY,
  body         text NOT NULL CHECK (body <> ''),
  instrument   text NOT NULL CHECK (instrument <> ''),
  date         date NOT NULL,
  in_favour    smallint CHECK (in_favour >= 0),
  against      smallint CHECK (against >= 0),
  abstained    smallint CHECK (abstained >= 0),
  did_not_vote smallint CHECK (did_not_vote >= 0),
  summary      text NOT NULL CHECK (summary <> ''),
  recorded_at  timestamptz NOT NULL,
  CHECK ((in_favour IS NULL) = (against IS NULL))
);
SELECT atlas.keep_versions_of('international_response', 'id');

CREATE TABLE atlas.international_response_region (
  international_response atlas.identifier NOT NULL REFERENCES atlas.international_response DEFERRABLE INITIALLY DEFERRED,
  region                 text COLLATE "C" NOT NULL REFERENCES atlas.region,
  recorded_at            timestamptz NOT NULL,
  PRIMARY KEY (international_response, region)
);
SELECT atlas.keep_versions_of('international_response_region', 'international_response, region');

CREATE TABLE atlas.international_response_source (
  international_response atlas.identifier NOT NULL REFERENCES atlas.international_response DEFERRABLE INITIALLY DEFERRED,
  source                 atlas.identifier NOT NULL REFERENCES atlas.source DEFERRABLE INITIALLY DEFERRED,
  recorded_at            timestamptz NOT NULL,
  PRIMARY KEY (international_response, source)
);
SELECT atlas.keep_versions_of('international_response_source', 'international_response, source');

-- Dated statements of who holds how much; a statement, not a measurement.
CREATE TABLE atlas.control_report (
  id            atlas.identifier PRIMARY KEY,
  country       text NOT NULL CHECK (country ~ '^[A-Z]{2}$'),
  region        text COLLATE "C" REFERENCES atlas.region,
  controller    text NOT NULL CHECK (controller ~ '^[A-Z]{2}$'),
  area_name     text CHECK (area_name <> ''),
  share_min     double precision CHECK (share_min BETWEEN 0 AND 100),
  share_max     double precision CHECK (share_max BETWEEN 0 AND 100),
  area_km2      double precision CHECK (area_km2 > 0),
  qualifier     text NOT NULL,
  attributed_to text NOT NULL CHECK (attributed_to <> ''),
  source        atlas.identifier NOT NULL REFERENCES atlas.source DEFERRABLE INITIALLY DEFERRED,
  reported_at   text,
  note          text CHECK (note <> ''),
  recorded_at   timestamptz NOT NULL,
  CHECK (share_min <= share_max),
  CHECK (coalesce(share_min, share_max, area_km2) IS NOT NULL)
);
COMMENT ON COLUMN atlas.control_report.area_name IS 'What the share is of where it is neither one region nor the country';
SELECT atlas.keep_versions_of('control_report', 'id');

CREATE TABLE atlas.stated_position (
  id            atlas.identifier PRIMARY KEY,
  attributed_to text NOT NULL CHECK (attributed_to <> ''),
  text          text NOT NULL CHECK (text <> ''),
  source        atlas.identifier NOT NULL REFERENCES atlas.source DEFERRABLE INITIALLY DEFERRED,
  reported_at   text,
  recorded_at   timestamptz NOT NULL
);
SELECT atlas.keep_versions_of('stated_position', 'id');

-- The publications that give a region's codes.
CREATE TABLE atlas.region_source (
  region      text COLLATE "C" NOT NULL REFERENCES atlas.region,
  source      atlas.identifier NOT NULL REFERENCES atlas.source DEFERRABLE INITIALLY DEFERRED,
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (region, source)
);
SELECT atlas.keep_versions_of('region_source', 'region, source');

CREATE TABLE atlas.region_note (
  region      text COLLATE "C" PRIMARY KEY REFERENCES atlas.region,
  text        text NOT NULL CHECK (text <> ''),
  recorded_at timestamptz NOT NULL
);
SELECT atlas.keep_versions_of('region_note', 'region');

CREATE TABLE atlas.region_note_source (
  region      text COLLATE "C" NOT NULL REFERENCES atlas.region_note DEFERRABLE INITIALLY DEFERRED,
  source      atlas.identifier NOT NULL REFERENCES atlas.source DEFERRABLE INITIALLY DEFERRED,
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (region, source)
);
SELECT atlas.keep_versions_of('region_note_source', 'region, source');

-- ---------------------------------------------------------------------------------------------
-- Loads: what was brought in, and when

CREATE TABLE atlas.load (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  dataset     text NOT NULL REFERENCES atlas.dataset,
  loaded_at   timestamptz NOT NULL DEFAULT now(),
  report      jsonb NOT NULL
);
COMMENT ON COLUMN atlas.load.report IS 'Rows inserted, changed, removed and left alone, by table';
