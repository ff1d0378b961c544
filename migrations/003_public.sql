-- What the public may see. The API's role has rights on these views and on nothing else, so a
-- draft, a retracted or an embargoed record cannot leak through any query of it.
--
-- Two schemas hold views of the same names and columns. `api` is the record as it stands. `api_then`
-- is the record as it stood at the instant `atlas.as_of`, with only the claims that had certainly
-- been reported by the instant `atlas.known_by`; both settings are instants or empty, which is no
-- bound. A query names no schema: the transaction's search_path says which of the two it reads.
CREATE SCHEMA api_then;

CREATE FUNCTION atlas.is_public(status atlas.visibility, embargo_until timestamptz)
RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT status = 'published' AND (embargo_until IS NULL OR embargo_until <= now())
$$;

CREATE FUNCTION atlas.as_of() RETURNS timestamptz LANGUAGE sql STABLE AS $$
  SELECT coalesce(nullif(current_setting('atlas.as_of', true), '')::timestamptz, 'infinity')
$$;

CREATE FUNCTION atlas.known_by() RETURNS timestamptz LANGUAGE sql STABLE AS $$
  SELECT nullif(current_setting('atlas.known_by', true), '')::timestamptz
$$;

-- For every versioned table, `<table>_then`: its rows as they stood at atlas.as_of().
DO $$
DECLARE
  name    text;
  columns text;
BEGIN
  FOR name IN
    SELECT left(table_name, -length('_history'))
      FROM information_schema.tables
     WHERE table_schema = 'atlas' AND table_name LIKE '%\_history'
  LOOP
    SELECT string_agg(quote_ident(column_name), ', ' ORDER BY ordinal_position)
      INTO columns
      FROM information_schema.columns
     WHERE table_schema = 'atlas' AND table_name = name;
    EXECUTE format(
      'CREATE VIEW atlas.%1$I AS
         SELECT %2$s FROM atlas.%3$I WHERE recorded_at <= atlas.as_of()
         UNION ALL
         SELECT %2$s FROM atlas.%4$I
          WHERE recorded_at <= atlas.as_of() AND recorded_until > atlas.as_of()',
      name || '_then', columns, name, name || '_history');
  END LOOP;
END $$;

-- A version was public when it was published and under no embargo. What has been put back to draft
-- or under embargo since is withheld from the past too; what was retracted stays in it.
CREATE VIEW atlas.withheld AS
  SELECT 'incident' AS kind, id::text FROM atlas.incident WHERE status = 'draft' OR embargo_until > now()
  UNION ALL
  SELECT 'claim', id::text FROM atlas.claim WHERE status = 'draft' OR embargo_until > now()
  UNION ALL
  SELECT 'source', id::text FROM atlas.source WHERE status = 'draft' OR embargo_until > now()
  UNION ALL
  SELECT 'territorial_claim', id::text FROM atlas.territorial_claim
   WHERE status = 'draft' OR embargo_until > now();

CREATE FUNCTION atlas.was_public(
  status atlas.visibility, embargo_until timestamptz, as_of timestamptz)
RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT status = 'published' AND (embargo_until IS NULL OR embargo_until <= least(as_of, now()))
$$;

-- The views, once for each schema: %1$s is the schema, %2$s ends the tables' names, and the rest says
-- which rows of the four tables with a visibility of their own are seen.
DO $views$
DECLARE
  target text;
  suffix text;
  seen   text[];
BEGIN
  FOREACH target IN ARRAY ARRAY['api', 'api_then'] LOOP
    IF target = 'api' THEN
      suffix := '';
      seen := array_fill('atlas.is_public(t.status, t.embargo_until)'::text, ARRAY[4]);
    ELSE
      suffix := '_then';
      SELECT array_agg(format(
               'atlas.was_public(t.status, t.embargo_until, atlas.as_of())
                AND NOT EXISTS (SELECT FROM atlas.withheld w WHERE w.kind = %L AND w.id = t.id)', kind))
        INTO seen
        FROM unnest(ARRAY['source', 'incident', 'claim', 'territorial_claim']) AS kind;
      seen[3] := seen[3] || '
                AND (atlas.known_by() IS NULL OR t.reported_until <= atlas.known_by())';
    END IF;
    EXECUTE format($sql$
CREATE VIEW %1$s.incident_type   AS SELECT * FROM atlas.incident_type;
CREATE VIEW %1$s.target_type     AS SELECT * FROM atlas.target_type;
CREATE VIEW %1$s.measure         AS SELECT * FROM atlas.measure;
CREATE VIEW %1$s.geo_precision   AS SELECT * FROM atlas.geo_precision;
CREATE VIEW %1$s.time_precision  AS SELECT * FROM atlas.time_precision;
CREATE VIEW %1$s.dataset         AS SELECT * FROM atlas.dataset;
CREATE VIEW %1$s.region          AS SELECT * FROM atlas.region;
CREATE VIEW %1$s.place           AS SELECT * FROM atlas.place;

CREATE VIEW %1$s.source AS
  SELECT t.id, t.url, t.publisher, t.title, t.published_at, t.published_from, t.published_until,
         t.language, t.kind, t.carries, t.reliability, t.dataset, t.recorded_at
    FROM atlas.source%2$s t
   WHERE %3$s;

CREATE VIEW %1$s.incident AS
  SELECT t.id, t.title, t.summary, t.type, t.attacker, t.targets, t.country, t.region, t.place,
         t.time, t.time_precision, t.time_local, t.starts_at, t.ends_at, t.geo_precision,
         t.uncertainty_m, t.coordinate_source, t.geom, t.area, t.morton, t.dataset, t.recorded_at
    FROM atlas.incident%2$s t
   WHERE %4$s;

-- A claim is seen with its incident and its source, never without.
CREATE VIEW %1$s.claim AS
  SELECT t.id, t.incident, t.measure, t.value_min, t.value_max, t.qualifier, t.text, t.scope,
         t.scope_name, t.attributed_to, t.remark, t.source, t.reported_at, t.reported_day,
         t.reported_from, t.reported_until, t.report_position, t.stage, t.stance, t.party, t.cause,
         t.recorded_at
    FROM atlas.claim%2$s t
    JOIN %1$s.incident i ON i.id = t.incident
    JOIN %1$s.source s ON s.id = t.source
   WHERE %5$s;

CREATE VIEW %1$s.claim_relation AS
  SELECT r.claim, r.relation, r.other
    FROM atlas.claim_relation%2$s r
    JOIN %1$s.claim c ON c.id = r.claim
    JOIN %1$s.claim o ON o.id = r.other;

CREATE VIEW %1$s.incident_location AS
  SELECT l.id, l.incident, l.position, l.place, l.country, l.region, l.geo_precision,
         l.uncertainty_m, l.coordinate_source, l.targets, l.geom
    FROM atlas.incident_location%2$s l
    JOIN %1$s.incident i ON i.id = l.incident;

CREATE VIEW %1$s.incident_relation AS
  SELECT r.incident, r.relation, r.other, r.note
    FROM atlas.incident_relation%2$s r
    JOIN %1$s.incident i ON i.id = r.incident
    JOIN %1$s.incident o ON o.id = r.other;

CREATE VIEW %1$s.incident_identifier AS
  SELECT x.incident, x.scheme, x.identifier, x.url
    FROM atlas.incident_identifier%2$s x
    JOIN %1$s.incident i ON i.id = x.incident;

CREATE VIEW %1$s.incident_source AS
  SELECT x.incident, x.source
    FROM atlas.incident_source%2$s x
    JOIN %1$s.incident i ON i.id = x.incident
    JOIN %1$s.source s ON s.id = x.source;

-- A note that remarks on a source is seen with it.
CREATE VIEW %1$s.editor_note AS
  SELECT n.id, n.incident, n.position, n.text, n.source
    FROM atlas.editor_note%2$s n
    JOIN %1$s.incident i ON i.id = n.incident
   WHERE n.source IS NULL OR n.source IN (SELECT id FROM %1$s.source);

CREATE VIEW %1$s.territorial_claim AS
  SELECT t.id, t.region, t.claimant, t.since, t.act, t.recorded_at
    FROM atlas.territorial_claim%2$s t
   WHERE %6$s;

CREATE VIEW %1$s.territorial_claim_source AS
  SELECT x.territorial_claim, x.source
    FROM atlas.territorial_claim_source%2$s x
    JOIN %1$s.territorial_claim t ON t.id = x.territorial_claim
    JOIN %1$s.source s ON s.id = x.source;

CREATE VIEW %1$s.international_response AS
  SELECT id, body, instrument, date, in_favour, against, abstained, did_not_vote, summary
    FROM atlas.international_response%2$s;

CREATE VIEW %1$s.international_response_region AS
  SELECT international_response, region FROM atlas.international_response_region%2$s;

CREATE VIEW %1$s.international_response_source AS
  SELECT x.international_response, x.source
    FROM atlas.international_response_source%2$s x
    JOIN %1$s.source s ON s.id = x.source;

CREATE VIEW %1$s.control_report AS
  SELECT r.id, r.country, r.region, r.controller, r.area_name, r.share_min, r.share_max, r.area_km2,
         r.qualifier, r.attributed_to, r.source, r.reported_at, r.note
    FROM atlas.control_report%2$s r
    JOIN %1$s.source s ON s.id = r.source;

CREATE VIEW %1$s.stated_position AS
  SELECT p.id, p.attributed_to, p.text, p.source, p.reported_at
    FROM atlas.stated_position%2$s p
    JOIN %1$s.source s ON s.id = p.source;

CREATE VIEW %1$s.region_source AS
  SELECT x.region, x.source
    FROM atlas.region_source%2$s x
    JOIN %1$s.source s ON s.id = x.source;

CREATE VIEW %1$s.region_note AS
  SELECT region, text FROM atlas.region_note%2$s;

CREATE VIEW %1$s.region_note_source AS
  SELECT x.region, x.source
    FROM atlas.region_note_source%2$s x
    JOIN %1$s.source s ON s.id = x.source;

-- A figure: what is shown for a measure of an incident, derived from the public claims about the
-- incident itself. `lowest` and `highest` are the outermost values that anyone gave; `at_least`
-- says that the highest is a lower bound ("at least 16"). `latest_claim` is the last to be
-- reported; undated claims count for the bounds and are never the latest.
CREATE VIEW %1$s.figure AS
  SELECT c.incident,
         c.measure,
         min(coalesce(c.value_min, c.value_max)) AS lowest,
         max(coalesce(c.value_max, c.value_min)) AS highest,
         coalesce(
           max(c.value_min) FILTER (WHERE c.value_max IS NULL)
             >= max(coalesce(c.value_max, c.value_min)),
           false) AS at_least,
         count(*)::integer AS claims,
         (array_agg(c.id ORDER BY c.reported_day DESC, c.report_position DESC)
            FILTER (WHERE c.reported_day IS NOT NULL))[1] AS latest_claim
    FROM %1$s.claim c
   WHERE c.scope = 'incident'
     AND c.measure <> 'narrative'
   GROUP BY c.incident, c.measure;
$sql$, target, suffix, seen[1], seen[2], seen[3], seen[4]);
  END LOOP;
END $views$;

-- What the public sees changes with a revision, and when an embargo lapses.
CREATE VIEW api.revision AS
  SELECT r.revision,
         r.at,
         (SELECT count(*) FROM atlas.incident WHERE embargo_until <= now())
         + (SELECT count(*) FROM atlas.claim WHERE embargo_until <= now())
         + (SELECT count(*) FROM atlas.source WHERE embargo_until <= now())
         + (SELECT count(*) FROM atlas.territorial_claim WHERE embargo_until <= now()) AS lapsed
    FROM atlas.revision r;

CREATE VIEW api.load AS SELECT id, dataset, loaded_at FROM atlas.load;

-- Records that were public once and are not now: their ids and since when, nothing else of them.
DO $$
DECLARE
  name  text;
  parts text[] := '{}';
BEGIN
  FOREACH name IN ARRAY ARRAY['incident', 'claim', 'source', 'territorial_claim'] LOOP
    parts := parts || format(
      'SELECT %1$L AS kind, h.id::text AS id, max(h.recorded_until) AS withdrawn_at
         FROM atlas.%2$I h
        WHERE h.status = ''published''
          AND (h.embargo_until IS NULL OR h.embargo_until < h.recorded_until)
          AND NOT EXISTS (SELECT FROM api.%1$I t WHERE t.id = h.id)
        GROUP BY h.id', name, name || '_history');
  END LOOP;
  EXECUTE 'CREATE VIEW api.withdrawn AS ' || array_to_string(parts, ' UNION ALL ');
END $$;

-- The reader. Roles are shared by all databases of a server, so another may have made it already.
DO $$
BEGIN
  CREATE ROLE strike_atlas_reader NOLOGIN;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$;
DO $$
BEGIN
  IF NOT pg_has_role(current_user, 'strike_atlas_reader', 'MEMBER') THEN
    EXECUTE format('GRANT strike_atlas_reader TO %I', current_user);
  END IF;
END $$;
GRANT USAGE ON SCHEMA api, api_then TO strike_atlas_reader;
GRANT SELECT ON ALL TABLES IN SCHEMA api, api_then TO strike_atlas_reader;
