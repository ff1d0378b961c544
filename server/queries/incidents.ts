import sql, { type Sql } from 'sql-template-tag';
import type { GeometryForm } from '../domain/paging.ts';
import type { FeatureSource } from './feature-source.ts';
import { where, whereKept } from './where.ts';

function geometryOf(form: GeometryForm): Sql {
  return form === 'area'
    ? sql`ST_AsGeoJSON(t.area, 6)`
    : pointText(sql`ST_X(t.geom)`, sql`ST_Y(t.geom)`);
}

function pointText(longitude: Sql, latitude: Sql): Sql {
  return sql`'{"type":"Point","coordinates":[' || ${longitude} || ',' || ${latitude} || ']}'`;
}

/** A Feature as JSON text; an id needs no escape. Geometry and properties are JSON objects as text. */
function featureText(geometry: Sql, properties: Sql): Sql {
  return sql`'{"type":"Feature","id":"' || t.id || '","geometry":' || ${geometry}
    || ',"properties":' || ${properties} || '}'`;
}

/** Its properties, kept beside the record or, where those do not hold, made of it. */
const properties = sql`coalesce(kept.properties, properties_of(t.id))`;
const kept = sql`LEFT JOIN incident_text kept ON kept.id = t.id`;

/** Newest first. */
export const incidents: FeatureSource = {
  from: sql`incident t`,
  where: (filter) => where('incidents', filter),
  id: sql`t.id`,
  joins: kept,
  feature: (form) => featureText(geometryOf(form), properties),
  order: [
    { column: sql`t.starts_at`, type: 'timestamptz', direction: 'DESC' },
    { column: sql`t.id`, type: 'text', direction: 'DESC' },
  ],
};

/** The same as they lie beside the record, where nothing is unsettled and an index's conditions find them. */
export const incidentsKept: FeatureSource = {
  ...incidents,
  from: sql`incident_kept t`,
  where: whereKept,
  joins: sql``,
  feature: () => keptText(sql`t.properties`),
};

/** The same where many are found for each that a page holds: in an index alone, texts only of those. */
export const incidentsSifted: FeatureSource = {
  ...incidentsKept,
  joins: sql`LEFT JOIN incident_kept kept ON kept.id = t.id`,
  feature: () => keptText(sql`kept.properties`),
};

const keptText = (properties: Sql): Sql =>
  featureText(pointText(sql`t.longitude`, sql`t.latitude`), properties);

/**
 * One incident with everything that hangs on it: its claims in order of report (undated ones
 * last), its sources, editors' notes, further locations, relations and external identifiers.
 */
export const incidentInFull: FeatureSource = {
  ...incidents,
  joins: sql`${kept} JOIN incident_lists l ON l.id = t.id`,
  feature: (form) =>
    featureText(
      geometryOf(form),
      // The closing brace of the properties makes room for what a list does not carry.
      sql`left(${properties}, -1)
        || ',"claims":' || l.claims
        || ',"sources":' || l.sources
        || ',"notes":' || l.notes
        || ',"locations":' || l.locations
        || ',"relations":' || l.relations
        || ',"identifiers":' || l.identifiers || '}'`,
    ),
};
