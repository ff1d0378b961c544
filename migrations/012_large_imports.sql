-- Large imports: several sessions write at one time, and what a row costs beside its text is less.

-- ---------------------------------------------------------------------------------------------
-- Writing before one's turn. `recording_at` takes the turn at a transaction's first row, so that the others
-- wait until its last. A transaction that writes much may choose its instant without it, and takes its turn
-- when it commits; where another write has become the record since, the commit fails (40001).

CREATE FUNCTION atlas.recording_ahead() RETURNS timestamptz LANGUAGE plpgsql AS $$
DECLARE
  made timestamptz;
BEGIN
  SELECT greatest(clock_timestamp(), at + interval '1 microsecond') INTO made FROM atlas.revision;
  PERFORM set_config('atlas.recording_at', made::text, true);
  INSERT INTO atlas.read_due VALUES (made);
  RETURN made;
END $$;

CREATE FUNCTION atlas.take_turn() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM atlas.revision WHERE at = NEW.recorded_at) THEN
    RETURN NULL;
  END IF;
  UPDATE atlas.revision SET revision = revision + 1, at = NEW.recorded_at WHERE at < NEW.recorded_at;
  IF NOT FOUND THEN
    RAISE serialization_failure USING MESSAGE = 'another write has become the record since';
  END IF;
  RETURN NULL;
END $$;
-- The instant lies in read_due from the start, so that no such transaction is committed without its turn.
CREATE CONSTRAINT TRIGGER take_turn AFTER INSERT ON atlas.read_due
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION atlas.take_turn();

-- A longer span is one more row, so that no writer waits for another's.
ALTER TABLE atlas.incident_longest DROP COLUMN single;
CREATE OR REPLACE VIEW api.incident_longest      AS SELECT max(span) AS span FROM atlas.incident_longest;
CREATE OR REPLACE VIEW api_then.incident_longest AS SELECT max(span) AS span FROM atlas.incident_longest;
CREATE OR REPLACE VIEW api.revision AS
  SELECT r.revision,
         r.at,
         (SELECT count(*) FROM atlas.incident WHERE embargo_until <= now())
         + (SELECT count(*) FROM atlas.claim WHERE embargo_until <= now())
         + (SELECT count(*) FROM atlas.source WHERE embargo_until <= now())
         + (SELECT count(*) FROM atlas.territorial_claim WHERE embargo_until <= now()) AS lapsed,
         (SELECT extract(epoch FROM max(span)) * 1000 FROM atlas.incident_longest)::double precision AS longest_ms
    FROM atlas.revision r;

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
    INSERT INTO atlas.incident_longest
    SELECT c.span FROM (SELECT max(ends_at - starts_at) AS span FROM changed) c
     WHERE c.span > (SELECT max(span) FROM atlas.incident_longest);
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
-- Foreign keys of many new rows are checked by set (geodata/import/references.ts). While those rows go in,
-- only the triggers that PostgreSQL makes for foreign keys sleep: ours are always awake.

DO $$
DECLARE
  target record;
BEGIN
  FOR target IN
    SELECT c.relname, t.tgname
      FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
     WHERE c.relnamespace = 'atlas'::regnamespace AND NOT t.tgisinternal
  LOOP
    EXECUTE format('ALTER TABLE atlas.%I ENABLE ALWAYS TRIGGER %I', target.relname, target.tgname);
  END LOOP;
END $$;
