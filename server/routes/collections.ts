import type { FastifyInstance } from 'fastify';
import type { Database } from '../db/database.ts';
import { type CollectionId, collections, isCollectionId } from '../domain/collections.ts';
import { crs84, crsList } from '../domain/crs.ts';
import { ProblemError } from '../errors.ts';
import { collectionPage, collectionsPage } from '../html/documents.tsx';
import { type Extent, extentOf } from '../queries/extent.ts';
import { sendHtml, wordsFor } from './html.ts';
import { baseUrl, documentTypes, formLinks, type Link, mediaTypes, urls } from './links.ts';
import { chooseFormat, type Query } from './request.ts';
import {
  collectionSchema,
  collectionsSchema,
  documentFormat,
  documentQuery,
  responses,
} from './schemas.ts';
import { tiledCollections } from './tiles.ts';

const gregorian = 'http://www.opengis.net/def/uom/ISO-8601/0/Gregorian';

/** Ids of all collections, in the order in which the API lists them. */
export const collectionIds: readonly CollectionId[] =
  Object.keys(collections).filter(isCollectionId);

/** The list of collections and each of them. */
export function collectionRoutes(
  app: FastifyInstance,
  database: Database,
  publicUrl: string | undefined,
): void {
  app.get<{ Querystring: Query }>(
    '/api/collections',
    {
      schema: {
        tags: ['API'],
        summary: 'All collections',
        operationId: 'getCollections',
        querystring: documentQuery,
        response: responses(collectionsSchema),
      },
    },
    async (request, reply) => {
      const format = chooseFormat(request, documentFormat, documentTypes);
      const base = baseUrl(request, publicUrl);
      const links: Link[] = [
        ...formLinks(urls.collections(base), format, documentTypes),
        { rel: 'root', href: urls.landing(base), type: mediaTypes.json, title: 'Landing page' },
      ];
      if (format === 'html') {
        const words = wordsFor(request, publicUrl);
        return sendHtml(reply, words, collectionsPage(words, links));
      }
      const options = { signal: request.signal };
      const extents = await Promise.all(collectionIds.map((id) => extentOf(database, id, options)));
      return {
        links,
        collections: collectionIds.map((id, index) =>
          describe(base, id, extents[index] ?? { bbox: null, interval: null }, 'json'),
        ),
      };
    },
  );

  for (const id of collectionIds) {
    app.get<{ Querystring: Query }>(
      `/api/collections/${id}`,
      {
        schema: {
          tags: ['API'],
          summary: `The collection ${id}`,
          operationId: `get.${id}`,
          querystring: documentQuery,
          response: responses(collectionSchema),
        },
      },
      async (request, reply) => {
        const format = chooseFormat(request, documentFormat, documentTypes);
        const extent = await extentOf(database, id, { signal: request.signal });
        const document = describe(baseUrl(request, publicUrl), id, extent, format);
        if (format === 'json') return document;
        const words = wordsFor(request, publicUrl);
        return sendHtml(reply, words, collectionPage(words, document));
      },
    );
  }

  app.get<{ Params: { id: string } }>(
    '/api/collections/:id',
    { schema: { hide: true } },
    (request) => {
      throw new ProblemError('not-found', noCollection(request.params.id));
    },
  );
}

/** Says that there is no such collection and which there are. */
export function noCollection(id: string): string {
  return `There is no collection '${id.slice(0, 100)}'; there are ${collectionIds.join(', ')}.`;
}

type DocumentFormat = keyof typeof documentTypes;

function describe(base: string, id: CollectionId, extent: Extent, format: DocumentFormat) {
  const { title, description } = collections[id];
  return {
    id,
    title,
    description,
    itemType: 'feature',
    crs: crsList.map(({ uri }) => uri),
    storageCrs: crs84.uri,
    extent: {
      ...(extent.bbox === null ? {} : { spatial: { bbox: [extent.bbox], crs: crs84.uri } }),
      ...(extent.interval === null
        ? {}
        : { temporal: { interval: [extent.interval], trs: gregorian } }),
    },
    links: collectionLinks(base, id, format),
  };
}

const isTiled = (id: CollectionId): boolean => tiledCollections.some((tiled) => tiled === id);

function collectionLinks(base: string, id: CollectionId, format: DocumentFormat): Link[] {
  const { title, licence } = collections[id];
  return [
    ...formLinks(urls.collection(base, id), format, documentTypes),
    {
      rel: 'items',
      href: urls.items(base, id),
      type: mediaTypes.geojson,
      title: `${title} as GeoJSON`,
    },
    {
      rel: 'items',
      href: urls.items(base, id, [['f', 'html']]),
      type: mediaTypes.html,
      title: `${title} as a page`,
    },
    {
      rel: 'http://www.opengis.net/def/rel/ogc/1.0/queryables',
      href: urls.schemaDocument(base, id, 'queryables'),
      type: mediaTypes.schema,
      title: 'What can be filtered by',
    },
    {
      rel: 'http://www.opengis.net/def/rel/ogc/1.0/sortables',
      href: urls.schemaDocument(base, id, 'sortables'),
      type: mediaTypes.schema,
      title: 'What can be sorted by',
    },
    {
      rel: 'http://www.opengis.net/def/rel/ogc/1.0/schema',
      href: urls.schemaDocument(base, id, 'schema'),
      type: mediaTypes.schema,
      title: 'What features come with',
    },
    ...(isTiled(id)
      ? [
          {
            rel: 'http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector',
            href: urls.tiles(base, id),
            type: mediaTypes.json,
            title: 'Vector tiles',
          },
        ]
      : []),
    { rel: 'license', href: licence.href, type: 'text/html', title: licence.title },
    { rel: 'root', href: urls.landing(base), type: mediaTypes.json, title: 'Landing page' },
  ];
}
