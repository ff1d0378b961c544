import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Database } from '../db/database.ts';
import type { CollectionId } from '../domain/collections.ts';
import { pathOf, problemDocument } from '../errors.ts';
import { type Opened, openedIncident, openedPage, openedRegion } from '../html/opened.tsx';
import { problemPage } from '../html/problem.tsx';
import type { Words } from '../html/words.ts';
import { geometryOf, isFeatureId, itemById } from '../queries/items.ts';
import { cachePagesOf } from './caching.ts';
import type { FirstMaps } from './first-map.ts';
import { framing, sendHtml, wordsIn } from './html.ts';
import { mediaTypes } from './links.ts';
import type { Query } from './request.ts';

/**
 * The map with an incident or a region opened, at an address of its own: what a preview shows of
 * it, and the record in words for those without JavaScript. `templateFile` is the built index.html.
 */
export function openedRoutes(
  app: FastifyInstance,
  database: Database,
  publicUrl: string | undefined,
  templateFile: string,
  pictures: FirstMaps,
  maxBytes: number,
): void {
  const template = cachePagesOf(app, database, templateFile, maxBytes);

  app.get<{ Params: { id: string }; Querystring: Query }>(
    '/incidents/:id',
    { schema: { hide: true } },
    async (request, reply) => {
      const { id } = request.params;
      const words = wordsIn(request, publicUrl);
      const feature = await read('incidents', id, 'point', request);
      if (feature === undefined) return missing(reply, words, words.p.problem.unknown.incident);
      const area = geometryOf(await read('incidents', id, 'area', request));
      return send(request, reply, words, openedIncident(words, feature, area));
    },
  );

  app.get<{ Params: { code: string }; Querystring: Query }>(
    '/regions/:code',
    { schema: { hide: true } },
    async (request, reply) => {
      const words = wordsIn(request, publicUrl);
      const feature = await read('regions', request.params.code, 'point', request);
      if (feature === undefined) return missing(reply, words, words.p.problem.unknown.region);
      return send(request, reply, words, openedRegion(words, feature));
    },
  );

  async function read(
    collection: CollectionId,
    id: string,
    form: 'point' | 'area',
    { signal }: FastifyRequest,
  ): Promise<string | undefined> {
    return isFeatureId(id) ? itemById(database, collection, id, form, { signal }) : undefined;
  }

  async function send(
    request: FastifyRequest,
    reply: FastifyReply,
    words: Words,
    opened: Opened,
  ): Promise<FastifyReply> {
    const picture = await pictures.of(request, words);
    return reply
      .type(`${mediaTypes.html}; charset=utf-8`)
      .header('content-language', words.language)
      .header('content-security-policy', framing.byItself)
      .send(openedPage(template, words, opened, picture));
  }
}

/** A page for whatever the reader accepts: nothing but a page is at these addresses. */
function missing(reply: FastifyReply, words: Words, detail: string): FastifyReply {
  const problem = problemDocument('not-found', detail, pathOf(reply.request));
  reply.code(problem.status).header('cache-control', 'no-store');
  return sendHtml(reply, words, problemPage(words, problem, words.language));
}
