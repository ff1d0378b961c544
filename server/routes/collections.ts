import type { FastifyInstance } from 'fastify';
import type { Database } from '../db/database.ts';
import { type CollectionId, collections, isCollectionId } from '../domain/collections.ts';
import { crs84, crsList } from '../domain/crs.ts';
import { ProblemError } from '../errors.ts';
import { type Extent, extentOf } from '../queries/extent.ts';
import { baseUrl, type Link, mediaTypes, urls } from './links.ts';
import { type Query, readParameter } from './request.ts';
import {
  collectionSchema,
  collectionsSchema,
  documentFormat,
  documentQuery,
  responses,
} from './schemas.ts';

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
    async (request) => {
      readParameter(request.query, 'f', documentFormat);
      const base = baseUrl(request, publicUrl);
      const options = { signal: request.signal };
      const extents = await Promise.all(collectionIds.map((id) => extentOf(database, id, options)));
      return {
        links: [
          {
            rel: 'self',
            href: urls.collections(base),
            type: mediaTypes.json,
            title: 'This document',
          },
          { rel: 'root', href: urls.landing(base), type: mediaTypes.json, title: 'Landing page' },
        ],
        collections: collectionIds.map((id, index) =>
          describe(base, id, extents[index] ?? { bbox: null, interval: null }),
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
      async (request) => {
        readParameter(request.query, 'f', documentFormat);
        const extent = await extentOf(database, id, { signal: request.signal });
        return describe(baseUrl(request, publicUrl), id, extent);
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

function describe(base: string, id: CollectionId, extent: Extent) {
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
    links: collectionLinks(base, id),
  };
}

function collectionLinks(base: string, id: CollectionId): Link[] {
  const { title, licence } = collections[id];
  return [
    {
      rel: 'self',
      href: urls.collection(base, id),
      type: mediaTypes.json,
      title: 'This collection',
    },
    {
      rel: 'items',
      href: urls.items(base, id),
      type: mediaTypes.geojson,
      title: `${title} as GeoJSON`,
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
    { rel: 'license', href: licence.href, type: 'text/html', title: licence.title },
    { rel: 'root', href: urls.landing(base), type: mediaTypes.json, title: 'Landing page' },
  ];
}
