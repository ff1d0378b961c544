import sql from 'sql-template-tag';
import { closeness } from './closeness.ts';
import type { FeatureSource } from './feature-source.ts';
import { sourceSummary } from './source-summary.ts';
import { where } from './where.ts';

/** First-level regions with the claims to them, the international answers and the reports of control. */
export const regions: FeatureSource = {
  from: sql`region t`,
  where: (filter) => where('regions', filter),
  id: sql`t.code`,
  joins: sql`
    LEFT JOIN LATERAL (
      SELECT json_agg(json_build_object(
               'id', c.id,
               'claimant', c.claimant,
               'since', c.since,
               'act', c.act,
               'sources', (
                 SELECT coalesce(json_agg(${sourceSummary} ORDER BY s.id), '[]'::json)
                   FROM territorial_claim_source x
                   JOIN source s ON s.id = x.source
                  WHERE x.territorial_claim = c.id))
               ORDER BY c.since NULLS FIRST, c.id) AS list
        FROM territorial_claim c
       WHERE c.region = t.code) territorial_claims ON true
    LEFT JOIN LATERAL (
      SELECT json_agg(json_build_object(
               'id', a.id,
               'body', a.body,
               'instrument', a.instrument,
               'date', a.date,
               'votes', CASE WHEN a.in_favour IS NULL THEN NULL ELSE json_build_object(
                 'in_favour', a.in_favour,
                 'against', a.against,
                 'abstained', a.abstained,
                 'did_not_vote', a.did_not_vote) END,
               'summary', a.summary,
               'sources', (
                 SELECT coalesce(json_agg(${sourceSummary} ORDER BY s.id), '[]'::json)
                   FROM international_response_source x
                   JOIN source s ON s.id = x.source
                  WHERE x.international_response = a.id))
               ORDER BY a.date, a.id) AS list
        FROM international_response_region x
        JOIN international_response a ON a.id = x.international_response
       WHERE x.region = t.code) international_responses ON true
    LEFT JOIN LATERAL (
      SELECT json_agg(json_build_object(
               'id', c.id,
               'controller', c.controller,
               'share_min', c.share_min,
               'share_max', c.share_max,
               'qualifier', c.qualifier,
               'attributed_to', c.attributed_to,
               'reported_at', c.reported_at,
               'note', c.note,
               'source', ${sourceSummary})
               ORDER BY c.reported_at NULLS LAST, c.id) AS list
        FROM control_report c
        JOIN source s ON s.id = c.source
       WHERE c.region = t.code) control_reports ON true
    LEFT JOIN LATERAL (
      SELECT json_agg(${sourceSummary} ORDER BY s.id) AS list
        FROM region_source x
        JOIN source s ON s.id = x.source
       WHERE x.region = t.code) code_sources ON true
    LEFT JOIN LATERAL (
      SELECT json_build_object(
               'text', n.text,
               'sources', (
                 SELECT coalesce(json_agg(${sourceSummary} ORDER BY s.id), '[]'::json)
                   FROM region_note_source x
                   JOIN source s ON s.id = x.source
                  WHERE x.region = n.region)) AS note
        FROM region_note n
       WHERE n.region = t.code) notes ON true`,
  feature: () => sql`json_build_object(
    'type', 'Feature',
    'id', t.code,
    'geometry', ST_AsGeoJSON(t.geom, 5)::json,
    'properties', json_build_object(
      'code', t.code,
      'country', t.country,
      'pcode', t.pcode,
      'kind', t.kind,
      'name_en', t.name_en,
      'name_uk', t.name_uk,
      'boundary_set', t.boundary_set,
      'code_sources', coalesce(code_sources.list, '[]'::json),
      'territorial_claims', coalesce(territorial_claims.list, '[]'::json),
      'international_responses', coalesce(international_responses.list, '[]'::json),
      'control_reports', coalesce(control_reports.list, '[]'::json),
      'note', notes.note))`,
  nearest: (name) => [{ column: closeness(sql`t.keys`, name), type: 'float8', direction: 'DESC' }],
  order: [{ column: sql`t.code`, type: 'text', direction: 'ASC' }],
};
