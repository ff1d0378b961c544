import sql from 'sql-template-tag';
import type { FeatureSource } from './feature-source.ts';
import { where } from './where.ts';

/** Claims, the last reported first; those without a date of report come last. */
export const claims: FeatureSource = {
  from: sql`claim t JOIN incident i ON i.id = t.incident`,
  where: (filter) => where('claims', filter),
  id: sql`t.id`,
  joins: sql`
    JOIN incident i ON i.id = t.incident
    JOIN source s ON s.id = t.source
    JOIN geo_precision p ON p.code = i.geo_precision`,
  feature: () => sql`json_build_object(
    'type', 'Feature',
    'id', t.id,
    'geometry', json_build_object(
      'type', 'Point', 'coordinates', json_build_array(ST_X(i.geom), ST_Y(i.geom))),
    'properties', json_build_object(
      'incident', t.incident,
      'measure', t.measure,
      'value_min', t.value_min,
      'value_max', t.value_max,
      'qualifier', t.qualifier,
      'text', t.text,
      'scope', t.scope,
      'scope_name', t.scope_name,
      'attributed_to', t.attributed_to,
      'remark', t.remark,
      'reported_at', t.reported_at,
      'status', t.stage,
      'stance', t.stance,
      'party', t.party,
      'cause', t.cause,
      'source', t.source,
      'source_publisher', s.publisher,
      'source_url', s.url,
      'geo_precision', i.geo_precision,
      'uncertainty_m', i.uncertainty_m,
      'area_only', p.area_only,
      'recorded_at', t.recorded_at))`,
  order: [
    {
      column: sql`coalesce(t.reported_from, '-infinity')`,
      type: 'timestamptz',
      direction: 'DESC',
    },
    { column: sql`t.id`, type: 'text', direction: 'DESC' },
  ],
};
