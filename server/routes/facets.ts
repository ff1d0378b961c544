import type { FastifyInstance } from 'fastify';
import type { Database } from '../db/database.ts';
import { collections } from '../domain/collections.ts';
import { facetNames } from '../domain/facets.ts';
import { type FacetCount, facetCounts } from '../queries/facets.ts';
import { reading } from '../queries/point-in-time.ts';
import { baseUrl, mediaTypes, urls } from './links.ts';
import { type Query, readFilter, readParameter, readPointInTime } from './request.ts';
import { documentFormat, facetsQuery, facetsSchema, responses } from './schemas.ts';

/** What choosing another value of a filter parameter would leave. */
export function facetRoutes(
  app: FastifyInstance,
  database: Database,
  publicUrl: string | undefined,
): void {
  app.get<{ Querystring: Query }>(
    '/api/collections/incidents/facets',
    {
      schema: {
        tags: [collections.incidents.title],
        summary: 'Counts of incidents by every value that a filter could have',
        operationId: 'get.incidents.facets',
        querystring: facetsQuery,
        response: responses(facetsSchema),
      },
    },
    async (request) => {
      const { query } = request;
      readParameter(query, 'f', documentFormat);
      const filter = await readFilter(request, 'incidents', database);
      const options = { signal: request.signal };
      const counts = await reading(
        database,
        readPointInTime(query),
        (session) => facetCounts(session, filter, options),
        options,
      );
      const of = (name: FacetCount['facet']) => counts.filter(({ facet }) => facet === name);
      return {
        numberMatched: of('all')[0]?.incidents ?? 0,
        timeStamp: new Date().toISOString(),
        links: [
          {
            rel: 'collection',
            href: urls.collection(baseUrl(request, publicUrl), 'incidents'),
            type: mediaTypes.json,
            title: 'The collection',
          },
        ],
        without: Object.fromEntries(
          of('without').map(({ value, incidents }) => [value, incidents]),
        ),
        facets: Object.fromEntries(facetNames.map((name) => [name, of(name).map(described)])),
      };
    },
  );
}

function described({ facet, value, incidents, ...words }: FacetCount) {
  const { name_en: en, name_uk: uk, publisher, title } = words;
  if (facet === 'region') return { value, incidents, name: en === null ? null : { en, uk } };
  return facet === 'source' ? { value, incidents, publisher, title } : { value, incidents };
}
