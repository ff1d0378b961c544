import sql from 'sql-template-tag';
import { closeness } from './closeness.ts';
import type { FeatureSource } from './feature-source.ts';
import { where } from './where.ts';

/** The gazetteer, by id. */
export const places: FeatureSource = {
  from: sql`place t`,
  where: (filter) => where('places', filter),
  id: sql`t.id`,
  joins: sql`LEFT JOIN region r ON r.code = t.region`,
  feature: () => sql`json_build_object(
    'type', 'Feature',
    'id', t.id,
    'geometry', json_build_object(
      'type', 'Point', 'coordinates', json_build_array(ST_X(t.geom), ST_Y(t.geom))),
    'properties', json_build_object(
      'name', t.name,
      'name_uk', t.name_uk,
      'country', t.country,
      'region', t.region,
      'region_name', CASE WHEN r.code IS NULL THEN NULL
                          ELSE json_build_object('en', r.name_en, 'uk', r.name_uk) END,
      'population', t.population,
      'geonames_id', t.geonames_id))`,
  nearest: (name) => [
    { column: closeness(sql`t.keys`, name), type: 'float8', direction: 'DESC' },
    { column: sql`coalesce(t.population, 0)::float8`, type: 'float8', direction: 'DESC' },
  ],
  order: [{ column: sql`t.id`, type: 'text', direction: 'ASC' }],
};
