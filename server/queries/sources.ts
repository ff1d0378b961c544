import sql, { empty } from 'sql-template-tag';
import type { FeatureSource } from './feature-source.ts';
import { where } from './where.ts';

/** Publications, by id. */
export const sources: FeatureSource = {
  from: sql`source t`,
  where: (filter) => where('sources', filter),
  id: sql`t.id`,
  joins: empty,
  feature: () => sql`json_build_object(
    'type', 'Feature',
    'id', t.id,
    'geometry', NULL,
    'properties', json_build_object(
      'url', t.url,
      'publisher', t.publisher,
      'title', t.title,
      'published_at', t.published_at,
      'language', t.language,
      'kind', t.kind,
      'carries', t.carries,
      'reliability', t.reliability,
      'recorded_at', t.recorded_at))`,
  order: [{ column: sql`t.id`, type: 'text', direction: 'ASC' }],
};
