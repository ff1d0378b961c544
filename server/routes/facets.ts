import type { FastifyInstance } from 'fastify';
import type { Database } from '../db/database.ts';
import { collections } from '../domain/collections.ts';
import { facetNames } from '../domain/facets.ts';
import { documentPage } from '../html/documents.tsx';
import { collectionSteps } from '../html/items.tsx';
import { type FacetCount, facetCounts } from '../queries/facets.ts';
import { reading } from '../queries/point-in-time.ts';
import { sendHtml, wordsFor } from './html.ts';
import { documentTypes, formLinks, mediaTypes, urls } from './links.ts';
import { chooseFormat, type Query, queryText, readFilter, readPointInTime } from './request.ts';
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
    async (request, reply) => {
      const { query } = request;
      const format = chooseFormat(request, documentFormat, documentTypes);
      const filter = await readFilter(request, 'incidents', database);
      const options = { signal: request.signal };
      const counts = await reading(
        database,
        readPointInTime(query),
        (session) => facetCounts(session, filter, options),
        options,
      );
      const words = wordsFor(request, publicUrl);
      const search = queryText(query, ['f']);
      const own = `${urls.facets(words.base)}${search === '' ? '' : `?${search}`}`;
      const of = (name: FacetCount['facet']) => counts.filter(({ facet }) => facet === name);
      const document = {
        numberMatched: of('all')[0]?.incidents ?? 0,
        timeStamp: new Date().toISOString(),
        links: [
          ...formLinks(own, format, documentTypes),
          {
            rel: 'collection',
            href: urls.collection(words.base, 'incidents'),
            type: mediaTypes.json,
            title: 'The collection',
          },
        ],
        without: Object.fromEntries(
          of('without').map(({ value, incidents }) => [value, incidents]),
        ),
        facets: Object.fromEntries(facetNames.map((name) => [name, of(name).map(described)])),
      };
      if (format === 'json') return document;
      const { links, ...value } = document;
      const title = words.p.facets;
      const path = [...collectionSteps(words, 'incidents'), { title, href: own }];
      return sendHtml(reply, words, documentPage(title, { path, links, value }));
    },
  );
}

function described({ facet, value, incidents, ...words }: FacetCount) {
  const { name_en: en, name_uk: uk, publisher, title } = words;
  if (facet === 'region') return { value, incidents, name: en === null ? null : { en, uk } };
  return facet === 'source' ? { value, incidents, publisher, title } : { value, incidents };
}
