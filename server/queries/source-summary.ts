import sql from 'sql-template-tag';

/** A source as it stands inside another feature; the row is `s`. */
export const sourceSummary = sql`json_build_object(
  'id', s.id,
  'url', s.url,
  'publisher', s.publisher,
  'title', s.title,
  'published_at', s.published_at,
  'language', s.language,
  'kind', s.kind,
  'carries', s.carries,
  'reliability', s.reliability)`;
