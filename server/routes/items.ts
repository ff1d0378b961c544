import type { FastifyInstance } from 'fastify';
import type { Database } from '../db/database.ts';
import { type CollectionId, collections } from '../domain/collections.ts';
import { parseFilter } from '../domain/filter.ts';
import { type Cursor, defaultLimit, pageParameters } from '../domain/paging.ts';
import { ProblemError } from '../errors.ts';
import { itemById, itemsPage, type Page, type PageRequest } from '../queries/items.ts';
import { reading } from '../queries/point-in-time.ts';
import { collectionIds, noCollection } from './collections.ts';
import { baseUrl, type Link, mediaTypes, urls } from './links.ts';
import { type Query, readParameter, readPointInTime } from './request.ts';
import {
  featureCollectionSchema,
  featureFormat,
  featureQuery,
  featureSchema,
  itemsQuery,
  responses,
} from './schemas.ts';

/** Features of every collection: pages of them, and each at its own address. */
export function itemRoutes(
  app: FastifyInstance,
  database: Database,
  publicUrl: string | undefined,
): void {
  for (const id of collectionIds) {
    const { title } = collections[id];

    app.get<{ Querystring: Query }>(
      `/api/collections/${id}/items`,
      {
        schema: {
          tags: [title],
          summary: `${title} that a filter selects`,
          operationId: `get.${id}.items`,
          querystring: itemsQuery(id),
          response: responses(featureCollectionSchema(id)),
        },
      },
      async (request, reply) => {
        const { query } = request;
        const format = readParameter(query, 'f', featureFormat) ?? 'geojson';
        const wanted: PageRequest = {
          filter: parseFilter(query, collections[id].filters),
          limit: readParameter(query, 'limit', pageParameters.limit) ?? defaultLimit,
          after: readParameter(query, 'cursor', pageParameters.cursor),
          geometry: readParameter(query, 'geometry', pageParameters.geometry) ?? 'point',
        };
        const options = { signal: request.signal };
        const page = await reading(
          database,
          readPointInTime(query),
          (session) => itemsPage(session, id, wanted, options),
          options,
        );
        reply.type(mediaTypes[format]);
        return pageText(page, pageLinks(baseUrl(request, publicUrl), id, query, page.next));
      },
    );

    app.get<{ Querystring: Query; Params: { featureId: string } }>(
      `/api/collections/${id}/items/:featureId`,
      {
        schema: {
          tags: [title],
          summary: `One feature of ${id}`,
          operationId: `get.${id}.item`,
          params: featureParameters,
          querystring: featureQuery(id),
          response: responses(featureSchema(id)),
        },
      },
      async (request, reply) => {
        const { query } = request;
        const { featureId } = request.params;
        const format = readParameter(query, 'f', featureFormat) ?? 'geojson';
        const geometry = readParameter(query, 'geometry', pageParameters.geometry) ?? 'point';
        const at = readPointInTime(query);
        const options = { signal: request.signal };
        const feature = isFeatureId(featureId)
          ? await reading(
              database,
              at,
              (session) => itemById(session, id, featureId, geometry, options),
              options,
            )
          : undefined;
        if (feature === undefined) {
          const shown = featureId.slice(0, 100);
          throw new ProblemError('not-found', `There is no feature '${shown}' in ${id}.`);
        }
        reply.type(mediaTypes[format]);
        return withLinks(feature, featureLinks(baseUrl(request, publicUrl), id, featureId));
      },
    );
  }

  for (const path of ['/api/collections/:id/items', '/api/collections/:id/items/:featureId']) {
    app.get<{ Params: { id: string } }>(path, { schema: { hide: true } }, (request) => {
      throw new ProblemError('not-found', noCollection(request.params.id));
    });
  }
}

const featureParameters = {
  type: 'object',
  required: ['featureId'],
  properties: {
    featureId: {
      type: 'string',
      description: 'Id of the feature in its collection.',
      example: '2025-08-05-lozova',
    },
  },
} as const;

/** Whether text can be the id of anything: it is neither over-long nor has a control character. */
function isFeatureId(text: string): boolean {
  return text.length <= 200 && !/\p{Cc}/u.test(text);
}

function pageText(page: Page, links: readonly Link[]): string {
  const head = JSON.stringify({
    type: 'FeatureCollection',
    numberMatched: page.numberMatched,
    numberReturned: page.features.length,
    timeStamp: new Date().toISOString(),
    links,
  });
  return `${head.slice(0, -1)},"features":[${page.features.join(',')}]}`;
}

/** The feature's own JSON text, which ends in a brace, with links added to it. */
function withLinks(feature: string, links: readonly Link[]): string {
  return `${feature.trimEnd().slice(0, -1)},"links":${JSON.stringify(links)}}`;
}

function pageLinks(base: string, id: CollectionId, query: Query, next: Cursor | undefined): Link[] {
  const given = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  const collection: Link[] = [
    {
      rel: 'self',
      href: urls.items(base, id, given),
      type: mediaTypes.geojson,
      title: 'This page',
    },
    {
      rel: 'collection',
      href: urls.collection(base, id),
      type: mediaTypes.json,
      title: 'The collection',
    },
  ];
  if (next === undefined) return collection;
  const onward = [
    ...given.filter(([name]) => name !== 'cursor'),
    ['cursor', pageParameters.cursor.format(next)] as const,
  ];
  return [
    ...collection,
    {
      rel: 'next',
      href: urls.items(base, id, onward),
      type: mediaTypes.geojson,
      title: 'The next page',
    },
  ];
}

function featureLinks(base: string, id: CollectionId, featureId: string): Link[] {
  const self: Link = {
    rel: 'self',
    href: urls.item(base, id, featureId),
    type: mediaTypes.geojson,
    title: 'This feature',
  };
  const collection: Link = {
    rel: 'collection',
    href: urls.collection(base, id),
    type: mediaTypes.json,
    title: 'The collection',
  };
  if (id !== 'incidents') return [self, collection];
  const area: Link = {
    rel: 'related',
    href: `${urls.item(base, id, featureId)}?geometry=area`,
    type: mediaTypes.geojson,
    title: 'The area that the point stands for',
  };
  return [self, collection, area];
}
