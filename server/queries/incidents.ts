import sql, { type Sql } from 'sql-template-tag';
import type { GeometryForm } from '../domain/paging.ts';
import type { FeatureSource } from './feature-source.ts';
import { sourceSummary } from './source-summary.ts';

function geometryOf(form: GeometryForm): Sql {
  return form === 'area'
    ? sql`ST_AsGeoJSON(t.area, 6)`
    : sql`'{"type":"Point","coordinates":[' || ST_X(t.geom) || ',' || ST_Y(t.geom) || ']}'`;
}

/** A Feature as JSON text; an id needs no escape. `properties` is a JSON object as text. */
function featureText(form: GeometryForm, properties: Sql): Sql {
  return sql`'{"type":"Feature","id":"' || t.id || '","geometry":' || ${geometryOf(form)}
    || ',"properties":' || ${properties} || '}'`;
}

/** Its properties, kept beside the record or, where those do not hold, made of it. */
const properties = sql`coalesce(kept.properties, properties_of(t.id))`;
const kept = sql`LEFT JOIN incident_text kept ON kept.id = t.id`;

/** Newest first. */
export const incidents: FeatureSource = {
  from: sql`incident t`,
  id: sql`t.id`,
  joins: kept,
  feature: (form) => featureText(form, properties),
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
  joins: sql`${kept}
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
  feature: (form) =>
    featureText(
      form,
      // The closing brace of the properties makes room for what a list does not carry.
      sql`left(${properties}, -1)
        || ',"claims":' || coalesce(claims.list::text, '[]')
        || ',"sources":' || coalesce(sources.list::text, '[]')
        || ',"notes":' || coalesce(notes.list::text, '[]')
        || ',"locations":' || coalesce(locations.list::text, '[]')
        || ',"relations":' || coalesce(relations.list::text, '[]')
        || ',"identifiers":' || coalesce(identifiers.list::text, '[]') || '}'`,
    ),
};
