import type { FastifyInstance } from 'fastify';
import type { Database, Session } from '../db/database.ts';
import { by, summedMeasures, sums } from '../domain/aggregate.ts';
import { collections } from '../domain/collections.ts';
import { aggregateCsv } from '../formats/aggregate-csv.ts';
import { aggregatePage } from '../html/documents.tsx';
import { aggregate, type Group } from '../queries/aggregate.ts';
import { countItems } from '../queries/items.ts';
import { reading, readingOnce } from '../queries/point-in-time.ts';
import { sendHtml, wordsFor } from './html.ts';
import { formLinks, mediaTypes, urls } from './links.ts';
import {
  chooseFormat,
  type Query,
  queryText,
  readFilter,
  readParameter,
  readPointInTime,
} from './request.ts';
import { aggregateFormat, aggregateQuery, aggregateSchema, responses } from './schemas.ts';

const types = {
  json: mediaTypes.json,
  csv: 'text/csv; charset=utf-8; header=present',
  html: mediaTypes.html,
} as const;

/** Counts and sums of incidents. */
export function aggregateRoutes(
  app: FastifyInstance,
  database: Database,
  publicUrl: string | undefined,
): void {
  app.get<{ Querystring: Query }>(
    '/api/collections/incidents/aggregate',
    {
      schema: {
        tags: [collections.incidents.title],
        summary: 'Counts of incidents and sums of their figures',
        operationId: 'get.incidents.aggregate',
        querystring: aggregateQuery,
        response: responses(aggregateSchema, [types.json], [types.csv, mediaTypes.html]),
      },
    },
    async (request, reply) => {
      const { query } = request;
      const format = chooseFormat(request, aggregateFormat, types);
      const dimensions = readParameter(query, 'by', by) ?? [];
      const measures = readParameter(query, 'sums', sums) ?? summedMeasures;
      const filter = await readFilter(request, 'incidents', database);
      const options = { signal: request.signal };
      const at = readPointInTime(query);
      const read = (session: Session) => aggregate(session, dimensions, measures, filter, options);
      // An incident is in one group, but for those of targets, of which it may have several.
      const { groups, numberMatched } = dimensions.includes('target')
        ? await reading(
            database,
            at,
            async (session) => ({
              groups: await read(session),
              numberMatched: await countItems(session, 'incidents', filter, options),
            }),
            options,
          )
        : summed(await readingOnce(database, at, read, options));
      if (format === 'csv') {
        reply.type(types.csv);
        reply.header('content-disposition', 'attachment; filename="strike-atlas-aggregate.csv"');
        return aggregateCsv(dimensions, measures, groups);
      }
      const words = wordsFor(request, publicUrl);
      const { base } = words;
      const search = queryText(query, ['f']);
      const own = `${urls.aggregate(base)}${search === '' ? '' : `?${search}`}`;
      const links = [
        ...formLinks(own, format, types),
        {
          rel: 'collection',
          href: urls.collection(base, 'incidents'),
          type: mediaTypes.json,
          title: 'The collection',
        },
      ];
      if (format === 'html') {
        const content = { dimensions, groups, numberMatched, links, given: query };
        return sendHtml(reply, words, aggregatePage(words, content));
      }
      return {
        by: dimensions,
        numberMatched,
        timeStamp: new Date().toISOString(),
        links,
        groups: groups.map(({ keys, incidents, sums: figures }) => ({
          ...Object.fromEntries(dimensions.map((name, index) => [name, keys[index] ?? null])),
          incidents,
          ...figures,
        })),
      };
    },
  );
}

function summed(groups: readonly Group[]) {
  return { groups, numberMatched: groups.reduce((sum, { incidents }) => sum + incidents, 0) };
}
