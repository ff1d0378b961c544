import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ukraine } from '../../client/map/camera.ts';
import type { Database } from '../db/database.ts';
import type { Bbox } from '../domain/bbox.ts';
import { collections } from '../domain/collections.ts';
import { ParameterError } from '../domain/parameter-error.ts';
import { embedPage } from '../html/opened.tsx';
import { boxOf } from '../queries/extent.ts';
import { cachePagesOf } from './caching.ts';
import type { FirstMaps } from './first-map.ts';
import { framing, wordsIn } from './html.ts';
import { mediaTypes, urls } from './links.ts';
import { type Query, readFilter } from './request.ts';

/**
 * The map for a frame on another page, with the filter's grammar in its address: the one page that
 * any other may frame. Where the address does not say where the map looks, the page says where what
 * is filtered lies. `templateFile` is the built embed.html.
 */
export function embedRoutes(
  app: FastifyInstance,
  database: Database,
  publicUrl: string | undefined,
  templateFile: string,
  pictures: FirstMaps,
  maxBytes: number,
): void {
  const template = cachePagesOf(app, database, templateFile, maxBytes);

  app.get<{ Querystring: Query }>('/embed', { schema: { hide: true } }, async (request, reply) => {
    const words = wordsIn(request, publicUrl);
    const filter = collections.incidents.filters.flatMap((name): [string, string][] => {
      const value = request.query[name];
      return typeof value === 'string' ? [[name, value]] : [];
    });
    const isPlaced = request.query.map !== undefined || filter.length === 0;
    const box = isPlaced ? null : await boxWithin(filter, request);
    const picture = await pictures.of(request, words, box ?? ukraine);
    return reply
      .type(`${mediaTypes.html}; charset=utf-8`)
      .header('content-language', words.language)
      .header('content-security-policy', framing.byAnyone)
      .send(
        embedPage(template, words, {
          href: urls.items(words.base, 'incidents', filter),
          box,
          picture,
        }),
      );
  });

  /** Where the incidents of a filter lie; of one that cannot be honoured, which the map says, nowhere. */
  async function boxWithin(
    filter: readonly (readonly [string, string])[],
    { signal, longestMs }: FastifyRequest,
  ): Promise<Bbox | null> {
    try {
      const query = Object.fromEntries(filter);
      const parsed = await readFilter({ query, signal, longestMs }, 'incidents', database);
      return await boxOf(database, parsed, { signal });
    } catch (error) {
      if (error instanceof ParameterError) return null;
      throw error;
    }
  }
}
