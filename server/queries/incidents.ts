import sql, { type Sql } from 'sql-template-tag';
import type { GeometryForm } from '../domain/paging.ts';
import type { FeatureSource } from './feature-source.ts';
import { sourceSummary } from './source-summary.ts';

function geometryOf(form: GeometryForm): Sql {
  return form === 'area'
    ? sql`ST_AsGeoJSON(t.area, 6)::json`
    : sql`json_build_object('type', 'Point', 'coordinates', json_build_array(ST_X(t.geom), ST_Y(t.geom)))`;
}

/** What a list and a single feature both carry, as arguments of `json_build_object`. */
const properties = sql`
  'title', t.title,
  'summary', t.summary,
  'type', t.type,
  'attacker', t.attacker,
  'targets', t.targets,
  'country', t.country,
  'region', t.region,
  'region_name', CASE WHEN r.code IS NULL THEN NULL
                      ELSE json_build_object('en', r.name_en, 'uk', r.name_uk) END,
  'place', t.place,
  'time', t.time,
  'time_precision', t.time_precision,
  'time_local', t.time_local,
  'starts_at', t.starts_at,
  'ends_at', t.ends_at,
  'geo_precision', t.geo_precision,
  'uncertainty_m', t.uncertainty_m,
  'area_only', p.area_only,
  'coordinate_source', t.coordinate_source,
  'figures', coalesce(f.figures, '{}'::json),
  'dataset', t.dataset,
  'recorded_at', t.recorded_at`;

const joins = sql`
  JOIN geo_precision p ON p.code = t.geo_precision
  LEFT JOIN region r ON r.code = t.region
  LEFT JOIN LATERAL (
    SELECT json_object_agg(
             g.measure,
             json_build_object(
               'lowest', g.lowest,
               'highest', g.highest,
               'at_least', g.at_least,
               'claims', g.claims,
               'latest', CASE WHEN c.id IS NULL THEN NULL ELSE json_build_object(
                 'value_min', c.value_min,
                 'value_max', c.value_max,
                 'qualifier', c.qualifier,
                 'attributed_to', c.attributed_to,
                 'reported_at', c.reported_at,
                 'claim', c.id,
                 'source', c.source,
                 'source_publisher', s.publisher,
                 'source_url', s.url) END)
             ORDER BY m.position) AS figures
      FROM figure g
      JOIN measure m ON m.code = g.measure
      LEFT JOIN claim c ON c.id = g.latest_claim
      LEFT JOIN source s ON s.id = c.source
     WHERE g.incident = t.id) f ON true`;

/** Newest first. */
export const incidents: FeatureSource = {
  from: sql`incident t`,
  id: sql`t.id`,
  joins,
  feature: (form) => sql`json_build_object(
    'type', 'Feature',
    'id', t.id,
    'geometry', ${geometryOf(form)},
    'properties', json_build_object(${properties}))`,
  order: [
    { column: sql`t.starts_at`, type: 'timestamptz', direction: 'DESC' },
    { column: sql`t.id`, type: 'text', direction: 'DESC' },
  ],
};

/**
 * One incident with everything that hangs on it: its claims in order of report (undated ones
 * last), its sources, editors' notes, further locations, relations and external identifiers.
 */
export const incidentInFull: FeatureSource = {
  ...incidents,
  joins: sql`${joins}
  LEFT JOIN LATERAL (
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
             'relations', (
               SELECT coalesce(json_agg(json_build_object('relation', x.relation, 'claim', x.other)
                                        ORDER BY x.relation, x.other), '[]'::json)
                 FROM claim_relation x
                WHERE x.claim = c.id))
             ORDER BY c.reported_day NULLS LAST, c.report_position, c.id) AS list
      FROM claim c
     WHERE c.incident = t.id) claims ON true
  LEFT JOIN LATERAL (
    SELECT json_agg(${sourceSummary} ORDER BY s.published_from NULLS LAST, s.id) AS list
      FROM source s
     WHERE s.id IN (SELECT source FROM claim WHERE incident = t.id
                    UNION SELECT source FROM incident_source WHERE incident = t.id
                    UNION SELECT source FROM editor_note WHERE incident = t.id)) sources ON true
  LEFT JOIN LATERAL (
    SELECT json_agg(json_build_object('id', n.id, 'text', n.text, 'source', n.source)
                    ORDER BY n.position) AS list
      FROM editor_note n
     WHERE n.incident = t.id) notes ON true
  LEFT JOIN LATERAL (
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
             'targets', l.targets) ORDER BY l.position) AS list
      FROM incident_location l
     WHERE l.incident = t.id) locations ON true
  LEFT JOIN LATERAL (
    SELECT json_agg(json_build_object(
             'relation', x.relation, 'incident', x.other, 'title', o.title, 'note', x.note)
             ORDER BY o.starts_at, o.id) AS list
      FROM incident_relation x
      JOIN incident o ON o.id = x.other
     WHERE x.incident = t.id) relations ON true
  LEFT JOIN LATERAL (
    SELECT json_agg(json_build_object('scheme', x.scheme, 'identifier', x.identifier, 'url', x.url)
                    ORDER BY x.scheme, x.identifier) AS list
      FROM incident_identifier x
     WHERE x.incident = t.id) identifiers ON true`,
  feature: (form) => sql`json_build_object(
    'type', 'Feature',
    'id', t.id,
    'geometry', ${geometryOf(form)},
    'properties', json_build_object(${properties},
      'claims', coalesce(claims.list, '[]'::json),
      'sources', coalesce(sources.list, '[]'::json),
      'notes', coalesce(notes.list, '[]'::json),
      'locations', coalesce(locations.list, '[]'::json),
      'relations', coalesce(relations.list, '[]'::json),
      'identifiers', coalesce(identifiers.list, '[]'::json)))`,
};
