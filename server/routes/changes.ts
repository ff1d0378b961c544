import type { FastifyInstance } from 'fastify';
import type { Database } from '../db/database.ts';
import { type Cursor, pageParameters } from '../domain/paging.ts';
import { ParameterError } from '../domain/parameter-error.ts';
import { sinceParameter } from '../domain/point-in-time.ts';
import { changesPage } from '../html/documents.tsx';
import { changesSince } from '../queries/changes.ts';
import { reading } from '../queries/point-in-time.ts';
import { sendHtml, wordsFor } from './html.ts';
import { documentTypes, formLinks, type Link, mediaTypes, urls } from './links.ts';
import { chooseFormat, type Query, queryText, readParameter } from './request.ts';
import {
  changesQuery,
  changesSchema,
  defaultChanges,
  documentFormat,
  responses,
} from './schemas.ts';

/** What has been added, changed and withdrawn since an instant. */
export function changeRoutes(
  app: FastifyInstance,
  database: Database,
  publicUrl: string | undefined,
): void {
  app.get<{ Querystring: Query }>(
    '/api/changes',
    {
      schema: {
        tags: ['API'],
        summary: 'Records added, changed and withdrawn since an instant',
        operationId: 'getChanges',
        querystring: changesQuery,
        response: responses(changesSchema),
      },
    },
    async (request, reply) => {
      const { query } = request;
      const format = chooseFormat(request, documentFormat, documentTypes);
      const since = readParameter(query, 'since', sinceParameter);
      if (since === undefined) throw new ParameterError('since', '', 'is needed: an instant');
      const limit = readParameter(query, 'limit', pageParameters.limit) ?? defaultChanges;
      const cursor = readParameter(query, 'cursor', pageParameters.cursor);
      const options = { signal: request.signal };
      const { changes, numberMatched, next } = await reading(
        database,
        {},
        (session) => changesSince(session, since, { limit, cursor }, options),
        options,
      );
      const words = wordsFor(request, publicUrl);
      const { base } = words;
      const own = `${urls.changes(base)}?${queryText(query, ['f'])}`;
      const document = {
        since,
        timeStamp: new Date().toISOString(),
        numberMatched,
        numberReturned: changes.length,
        links: [
          ...formLinks(own, format, documentTypes),
          ...(next === undefined ? [] : [nextLink(base, query, next, format)]),
          { rel: 'root', href: urls.landing(base), type: mediaTypes.json, title: 'Landing page' },
        ],
        changes,
      };
      return format === 'json' ? document : sendHtml(reply, words, changesPage(words, document));
    },
  );
}

function nextLink(
  base: string,
  query: Query,
  next: Cursor,
  format: keyof typeof documentTypes,
): Link {
  const cursor = pageParameters.cursor.format(next);
  return {
    rel: 'next',
    href: `${urls.changes(base)}?${queryText({ ...query, cursor }, [])}`,
    type: documentTypes[format],
    title: 'The next page',
  };
}
