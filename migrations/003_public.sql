-- What the public may see. The API's role has rights on these views and on nothing else, so a
-- draft, a retracted or an embargoed record cannot leak through any query of it.

CREATE FUNCTION atlas.is_public(status atlas.visibility, embargo_until timestamptz)
RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT status = 'published' AND (embargo_until IS NULL OR embargo_until <= now())
$$;

CREATE VIEW api.incident_type   AS SELECT * FROM atlas.incident_type;
CREATE VIEW api.target_type     AS SELECT * FROM atlas.target_type;
CREATE VIEW api.measure         AS SELECT * FROM atlas.measure;
CREATE VIEW api.geo_precision   AS SELECT * FROM atlas.geo_precision;
CREATE VIEW api.time_precision  AS SELECT * FROM atlas.time_precision;
CREATE VIEW api.dataset         AS SELECT * FROM atlas.dataset;
CREATE VIEW api.region          AS SELECT * FROM atlas.region;
CREATE VIEW api.place           AS SELECT * FROM atlas.place;

-- What the public sees changes with a revision, and when an embargo lapses.
CREATE VIEW api.revision AS
  SELECT r.revision,
         r.at,
         (SELECT count(*) FROM atlas.incident WHERE embargo_until <= now())
         + (SELECT count(*) FROM atlas.claim WHERE embargo_until <= now())
         + (SELECT count(*) FROM atlas.source WHERE embargo_until <= now())
         + (SELECT count(*) FROM atlas.territorial_claim WHERE embargo_until <= now()) AS lapsed
    FROM atlas.revision r;

CREATE VIEW api.load            AS SELECT id, dataset, loaded_at FROM atlas.load;

CREATE VIEW api.source AS
  SELECT id, url, publisher, title, published_at, published_from, published_until, language, kind,
         carries, reliability, dataset, recorded_at
    FROM atlas.source
   WHERE atlas.is_public(status, embargo_until);

CREATE VIEW api.incident AS
  SELECT id, title, summary, type, attacker, targets, country, region, place, time, time_precision,
         time_local, starts_at, ends_at, geo_precision, uncertainty_m, coordinate_source, geom, area,
         morton, dataset, recorded_at
    FROM atlas.incident
   WHERE atlas.is_public(status, embargo_until);

-- A claim is seen with its incident and its source, never without.
CREATE VIEW api.claim AS
  SELECT c.id, c.incident, c.measure, c.value_min, c.value_max, c.qualifier, c.text, c.scope,
         c.scope_name, c.attributed_to, c.remark, c.source, c.reported_at, c.reported_day,
         c.reported_from, c.reported_until, c.report_position, c.stage, c.stance, c.party, c.cause,
         c.recorded_at
    FROM atlas.claim c
    JOIN api.incident i ON i.id = c.incident
    JOIN api.source s ON s.id = c.source
   WHERE atlas.is_public(c.status, c.embargo_until);

CREATE VIEW api.claim_relation AS
  SELECT r.claim, r.relation, r.other
    FROM atlas.claim_relation r
    JOIN api.claim c ON c.id = r.claim
    JOIN api.claim o ON o.id = r.other;

CREATE VIEW api.incident_location AS
  SELECT l.id, l.incident, l.position, l.place, l.country, l.region, l.geo_precision,
         l.uncertainty_m, l.coordinate_source, l.targets, l.geom
    FROM atlas.incident_location l
    JOIN api.incident i ON i.id = l.incident;

CREATE VIEW api.incident_relation AS
  SELECT r.incident, r.relation, r.other, r.note
    FROM atlas.incident_relation r
    JOIN api.incident i ON i.id = r.incident
    JOIN api.incident o ON o.id = r.other;

CREATE VIEW api.incident_identifier AS
  SELECT x.incident, x.scheme, x.identifier, x.url
    FROM atlas.incident_identifier x
    JOIN api.incident i ON i.id = x.incident;

CREATE VIEW api.incident_source AS
  SELECT x.incident, x.source
    FROM atlas.incident_source x
    JOIN api.incident i ON i.id = x.incident
    JOIN api.source s ON s.id = x.source;

CREATE VIEW api.editor_note AS
  SELECT n.id, n.incident, n.position, n.text, n.source
    FROM atlas.editor_note n
    JOIN api.incident i ON i.id = n.incident;

CREATE VIEW api.territorial_claim AS
  SELECT id, region, claimant, since, act
    FROM atlas.territorial_claim
   WHERE atlas.is_public(status, embargo_until);

CREATE VIEW api.territorial_claim_source AS
  SELECT x.territorial_claim, x.source
    FROM atlas.territorial_claim_source x
    JOIN api.territorial_claim t ON t.id = x.territorial_claim
    JOIN api.source s ON s.id = x.source;

CREATE VIEW api.international_response AS
  SELECT id, body, instrument, date, in_favour, against, abstained, did_not_vote, summary
    FROM atlas.international_response;

CREATE VIEW api.international_response_region AS
  SELECT international_response, region FROM atlas.international_response_region;

CREATE VIEW api.international_response_source AS
  SELECT x.international_response, x.source
    FROM atlas.international_response_source x
    JOIN api.source s ON s.id = x.source;

CREATE VIEW api.control_report AS
  SELECT r.id, r.country, r.region, r.controller, r.area_name, r.share_min, r.share_max, r.area_km2,
         r.qualifier, r.attributed_to, r.source, r.reported_at, r.note
    FROM atlas.control_report r
    JOIN api.source s ON s.id = r.source;

CREATE VIEW api.stated_position AS
  SELECT p.id, p.attributed_to, p.text, p.source, p.reported_at
    FROM atlas.stated_position p
    JOIN api.source s ON s.id = p.source;

CREATE VIEW api.region_source AS
  SELECT x.region, x.source
    FROM atlas.region_source x
    JOIN api.source s ON s.id = x.source;

CREATE VIEW api.region_note AS
  SELECT region, text FROM atlas.region_note;

CREATE VIEW api.region_note_source AS
  SELECT x.region, x.source
    FROM atlas.region_note_source x
    JOIN api.source s ON s.id = x.source;

-- A figure: what is shown for a measure of an incident, derived from the public claims about the
-- incident itself. `lowest` and `highest` are the outermost values that anyone gave; `at_least`
-- says that the highest is a lower bound ("at least 16"). `latest_claim` is the last to be
-- reported; undated claims count for the bounds and are never the latest.
CREATE VIEW api.figure AS
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
    FROM api.claim c
   WHERE c.scope = 'incident'
     AND c.measure <> 'narrative'
   GROUP BY c.incident, c.measure;

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
REVOKE ALL ON SCHEMA public FROM strike_atlas_reader;
GRANT USAGE ON SCHEMA api TO strike_atlas_reader;
GRANT SELECT ON ALL TABLES IN SCHEMA api TO strike_atlas_reader;
