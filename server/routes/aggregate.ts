import type { FastifyInstance } from 'fastify';
import type { Database, Session } from '../db/database.ts';
import { by, type Dimension, summedMeasures, sums } from '../domain/aggregate.ts';
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
      const head = { by: dimensions, numberMatched, timeStamp: new Date().toISOString(), links };
      const texts = groups.map((group) => groupText(dimensions, group));
      reply.type(types.json);
      return `${JSON.stringify(head).slice(0, -1)},"groups":[${texts.join(',')}]}`;
    },
  );
}

/** A group as JSON; written by hand, as there may be tens of thousands of days and types. */
function groupText(
  dimensions: readonly Dimension[],
  { keys, incidents, sums: figures }: Group,
): string {
  const named = dimensions.map(
    (name, index) => `"${name}":${JSON.stringify(keys[index] ?? null)},`,
  );
  const said = summedMeasures.map((measure) => {
    const sum = figures[measure];
    return sum === undefined ? '' : `,"${measure}":${JSON.stringify(sum)}`;
  });
  return `{${named.join('')}"incidents":${incidents}${said.join('')}}`;
}

function summed(groups: readonly Group[]) {
  return { groups, numberMatched: groups.reduce((sum, { incidents }) => sum + incidents, 0) };
}
