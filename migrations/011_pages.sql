-- Pages of incidents are read from beside the record, where one index has their order, their filter and
-- the place of their text; and what hangs on one incident is read with few joins.

-- An index of the record has the order alone; what is filtered by and counted lies beside the record.
DROP INDEX atlas.incident_start, atlas.incident_of_type, atlas.incident_region;
CREATE INDEX incident_start ON atlas.incident (starts_at DESC, id DESC) INCLUDE (ends_at, status, embargo_until);

DROP INDEX atlas.incident_read_start;
CREATE INDEX incident_read_start ON atlas.incident_read (starts_at DESC, incident DESC)
  INCLUDE (ends_at, morton, type, attacker, country, region, shape, reach_m, longitude, latitude,
           killed_highest, injured_highest)
  WHERE properties IS NOT NULL;
CREATE INDEX incident_read_type ON atlas.incident_read (type, starts_at DESC, incident DESC)
  INCLUDE (ends_at) WHERE properties IS NOT NULL;
CREATE INDEX incident_read_region ON atlas.incident_read (region, starts_at DESC, incident DESC)
  INCLUDE (ends_at) WHERE properties IS NOT NULL;
-- As `incident_long`: a count need not look for these among all that began before.
CREATE INDEX incident_read_long ON atlas.incident_read (starts_at DESC, incident DESC)
  INCLUDE (ends_at, morton, type, attacker, country, region, longitude, latitude)
  WHERE properties IS NOT NULL AND ends_at - starts_at > interval '1 day';

-- Half of the texts are long enough for PostgreSQL to compress, which costs writers and each reader again; with
-- LZ4, where the server has it, a fraction of what its own way costs.
DO $$
BEGIN
  ALTER TABLE atlas.incident_read ALTER COLUMN properties SET COMPRESSION lz4;
EXCEPTION WHEN feature_not_supported THEN
  NULL;
END $$;

CREATE OR REPLACE VIEW api.incident_kept AS
  SELECT incident AS id, starts_at, ends_at, morton, type, attacker, country, region, shape, reach_m,
         longitude, latitude, killed_highest, injured_highest, toll, properties
    FROM atlas.incident_read WHERE properties IS NOT NULL;
CREATE OR REPLACE VIEW api_then.incident_kept AS SELECT * FROM api.incident_kept WHERE false;

-- All that hangs on an incident, as the lists of its feature: JSON text. Whether the incident is seen is asked
-- once and not of each list; a claim is seen with its source, as everywhere.
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
      seen := 'atlas.is_public(i.status, i.embargo_until)';
      said := 'atlas.is_public(c.status, c.embargo_until)';
    ELSE
      suffix := '_then';
      seen := 'atlas.was_public(i.status, i.embargo_until, atlas.as_of())
               AND NOT EXISTS (SELECT FROM atlas.withheld w WHERE w.kind = ''incident'' AND w.id = i.id)';
      said := 'atlas.was_public(c.status, c.embargo_until, atlas.as_of())
               AND NOT EXISTS (SELECT FROM atlas.withheld w WHERE w.kind = ''claim'' AND w.id = c.id)
               AND (atlas.known_by() IS NULL OR c.reported_until <= atlas.known_by())';
    END IF;
    EXECUTE format($sql$
CREATE VIEW %1$s.incident_lists AS
  SELECT i.id,
         coalesce((
           SELECT json_agg(json_build_object(
                    'id', c.id,
                    'measure', c.measure,
                    'value_min', c.value_min,
                    'value_max', c.value_max,
                    'qualifier', c.qualifier,
                    'text', c.text,
                    'scope', json_build_object('kind', c.scope, 'name', c.scope_name),
                    'attributed_to', c.attributed_to,
                    'remark', c.remark,
                    'source', c.source,
                    'reported_at', c.reported_at,
                    'status', c.stage,
                    'responsibility', CASE WHEN c.stance IS NULL THEN NULL
                                           ELSE json_build_object('stance', c.stance, 'party', c.party) END,
                    'cause', c.cause,
                    'relations', coalesce((
                      SELECT json_agg(json_build_object('relation', x.relation, 'claim', x.other)
                                      ORDER BY x.relation, x.other)
                        FROM atlas.claim_relation%2$s x
                        JOIN %1$s.claim o ON o.id = x.other
                       WHERE x.claim = c.id), '[]'::json))
                    -- In order of report, undated ones last.
                    ORDER BY c.reported_day NULLS LAST, c.report_position, c.id)
             FROM atlas.claim%2$s c
             JOIN %1$s.source s ON s.id = c.source
            WHERE c.incident = i.id AND %3$s), '[]')::text AS claims,
         coalesce((
           SELECT json_agg(json_build_object(
                    'id', s.id,
                    'url', s.url,
                    'publisher', s.publisher,
                    'title', s.title,
                    'published_at', s.published_at,
                    'language', s.language,
                    'kind', s.kind,
                    'carries', s.carries,
                    'reliability', s.reliability)
                    ORDER BY s.published_from NULLS LAST, s.id)
             FROM %1$s.source s
            WHERE s.id IN (SELECT c.source FROM atlas.claim%2$s c WHERE c.incident = i.id AND %3$s
                           UNION SELECT x.source FROM atlas.incident_source%2$s x WHERE x.incident = i.id
                           UNION SELECT n.source FROM atlas.editor_note%2$s n WHERE n.incident = i.id)),
           '[]')::text AS sources,
         coalesce((
           SELECT json_agg(json_build_object('id', n.id, 'text', n.text, 'source', n.source)
                           ORDER BY n.position)
             FROM atlas.editor_note%2$s n
             LEFT JOIN %1$s.source s ON s.id = n.source
            WHERE n.incident = i.id AND (n.source IS NULL OR s.id IS NOT NULL)), '[]')::text AS notes,
         coalesce((
           SELECT json_agg(json_build_object(
                    'id', l.id,
                    'place', l.place,
                    'country', l.country,
                    'region', l.region,
                    'geometry', CASE WHEN l.geom IS NULL THEN NULL ELSE json_build_object(
                      'type', 'Point', 'coordinates', json_build_array(ST_X(l.geom), ST_Y(l.geom))) END,
                    'geo_precision', l.geo_precision,
                    'uncertainty_m', l.uncertainty_m,
                    'coordinate_source', l.coordinate_source,
                    'targets', l.targets) ORDER BY l.position)
             FROM atlas.incident_location%2$s l
            WHERE l.incident = i.id), '[]')::text AS locations,
         coalesce((
           SELECT json_agg(json_build_object(
                    'relation', x.relation, 'incident', x.other, 'title', o.title, 'note', x.note)
                    ORDER BY o.starts_at, o.id)
             FROM atlas.incident_relation%2$s x
             JOIN %1$s.incident o ON o.id = x.other
            WHERE x.incident = i.id), '[]')::text AS relations,
         coalesce((
           SELECT json_agg(json_build_object('scheme', x.scheme, 'identifier', x.identifier, 'url', x.url)
                           ORDER BY x.scheme, x.identifier)
             FROM atlas.incident_identifier%2$s x
            WHERE x.incident = i.id), '[]')::text AS identifiers
    FROM atlas.incident%2$s i
   WHERE %4$s;
GRANT SELECT ON %1$s.incident_lists TO strike_atlas_reader;
$sql$, target, suffix, said, seen);
  END LOOP;
END $views$;
