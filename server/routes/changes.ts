import type { FastifyInstance } from 'fastify';
import type { Database } from '../db/database.ts';
import { pageParameters } from '../domain/paging.ts';
import { ParameterError } from '../domain/parameter-error.ts';
import { pointInTimeParameters } from '../domain/point-in-time.ts';
import { changesSince } from '../queries/changes.ts';
import { reading } from '../queries/point-in-time.ts';
import { baseUrl, mediaTypes, urls } from './links.ts';
import { type Query, readParameter } from './request.ts';
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
    async (request) => {
      const { query } = request;
      readParameter(query, 'f', documentFormat);
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
      const base = baseUrl(request, publicUrl);
      return {
        since,
        timeStamp: new Date().toISOString(),
        numberMatched,
        numberReturned: changes.length,
        links: [
          { rel: 'root', href: urls.landing(base), type: mediaTypes.json, title: 'Landing page' },
        ],
        changes,
      };
    },
  );
}
