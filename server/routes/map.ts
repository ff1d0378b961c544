import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { readAddress } from '../../client/url.ts';
import type { Database } from '../db/database.ts';
import { formatFilter } from '../domain/filter.ts';
import { mapPage } from '../html/opened.tsx';
import { cachePagesOf } from './caching.ts';
import type { FirstMaps } from './first-map.ts';
import { framing, wordsIn } from './html.ts';
import { mediaTypes, urls } from './links.ts';
import type { Query } from './request.ts';

/**
 * The map, with a picture of its first view in the page. `templateFile` is the built index.html,
 * which is the page where no data can be had: the map says so itself, and asks again.
 */
export function mapRoutes(
  app: FastifyInstance,
  database: Database,
  publicUrl: string | undefined,
  templateFile: string,
  pictures: FirstMaps,
  maxBytes: number,
): void {
  const template = cachePagesOf(app, database, templateFile, maxBytes);
  app.setErrorHandler((error, request, reply) => {
    request.log.warn(error);
    request.mayBeKept = false;
    return asPage(reply.code(200)).send(template);
  });

  for (const path of ['/', '/index.html']) {
    app.get<{ Querystring: Query }>(path, { schema: { hide: true } }, sendMap);
  }

  async function sendMap(
    request: FastifyRequest<{ Querystring: Query }>,
    reply: FastifyReply,
  ): Promise<FastifyReply> {
    const words = wordsIn(request, publicUrl);
    const { place } = readAddress(request.url);
    const picture = await pictures.of(request, words);
    return asPage(reply)
      .header('content-language', words.language)
      .send(
        mapPage(template, words, {
          href: urls.items(words.base, 'incidents', formatFilter(place.filter)),
          picture,
        }),
      );
  }
}

function asPage(reply: FastifyReply): FastifyReply {
  return reply
    .type(`${mediaTypes.html}; charset=utf-8`)
    .header('content-security-policy', framing.byItself);
}
