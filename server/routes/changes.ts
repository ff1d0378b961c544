import type { FastifyInstance } from 'fastify';
import type { Database } from '../db/database.ts';
import { pageParameters } from '../domain/paging.ts';
import { ParameterError } from '../domain/parameter-error.ts';
import { pointInTimeParameters } from '../domain/point-in-time.ts';
import { changesPage } from '../html/documents.tsx';
import { changesSince } from '../queries/changes.ts';
import { reading } from '../queries/point-in-time.ts';
import { sendHtml, wordsFor } from './html.ts';
import { documentTypes, formLinks, mediaTypes, urls } from './links.ts';
import { chooseFormat, type Query, queryText, readParameter } from './request.ts';
import { changesQuery, changesSchema, documentFormat, responses } from './schemas.ts';

const defaultChanges = 1000;

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
      const since = readParameter(query, 'since', pointInTimeParameters.as_of);
      if (since === undefined) throw new ParameterError('since', '', 'is needed: an instant');
      const limit = readParameter(query, 'limit', pageParameters.limit) ?? defaultChanges;
      const options = { signal: request.signal };
      const { changes, numberMatched } = await reading(
        database,
        {},
        (session) => changesSince(session, since, limit, options),
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
          { rel: 'root', href: urls.landing(base), type: mediaTypes.json, title: 'Landing page' },
        ],
        changes,
      };
      return format === 'json' ? document : sendHtml(reply, words, changesPage(words, document));
    },
  );
}
