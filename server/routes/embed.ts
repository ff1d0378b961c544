import { readFileSync } from 'node:fs';
import type { FastifyInstance } from 'fastify';
import { collections } from '../domain/collections.ts';
import { embedPage } from '../html/opened.tsx';
import { framing, wordsIn } from './html.ts';
import { mediaTypes, urls } from './links.ts';
import type { Query } from './request.ts';

/**
 * The map for a frame on another page, with the filter's grammar in its address: the one page that
 * any other may frame. `templateFile` is the built embed.html.
 */
export function embedRoutes(
  app: FastifyInstance,
  publicUrl: string | undefined,
  templateFile: string,
): void {
  const template = readFileSync(templateFile, 'utf8');

  app.get<{ Querystring: Query }>('/embed', { schema: { hide: true } }, (request, reply) => {
    const words = wordsIn(request, publicUrl);
    const filter = collections.incidents.filters.flatMap((name): [string, string][] => {
      const value = request.query[name];
      return value === undefined ? [] : [[name, value]];
    });
    return reply
      .type(`${mediaTypes.html}; charset=utf-8`)
      .header('content-language', words.language)
      .header('content-security-policy', framing.byAnyone)
      .header('cache-control', 'no-cache')
      .header('vary', 'Accept-Language, Accept-Encoding')
      .send(embedPage(template, words, urls.items(words.base, 'incidents', filter)));
  });
}
