import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Geometry } from 'geojson';
import type { Database, Session } from '../db/database.ts';
import { type CollectionId, collections } from '../domain/collections.ts';
import { type Crs, crs84, crsParameters, projectGeometry } from '../domain/crs.ts';
import { defaultLimit, type GeometryForm, pageParameters } from '../domain/paging.ts';
import { ParameterError } from '../domain/parameter-error.ts';
import type { FilterName } from '../domain/parameters.ts';
import type { PointInTime } from '../domain/point-in-time.ts';
import { ProblemError } from '../errors.ts';
import { feedLimit } from '../formats/atom.ts';
import { withProperties } from '../formats/feature.ts';
import type { About, Format } from '../formats/format.ts';
import { fileName, formats, refusalOf } from '../formats/formats.ts';
import { featurePage, itemsPage as htmlItems } from '../html/items.tsx';
import type { Words } from '../html/words.ts';
import { type ExportRequest, Exports, newestItems } from '../queries/export.ts';
import {
  countItems,
  featuresIn,
  geometryOf,
  type Item,
  isFeatureId,
  itemById,
  itemsById,
  itemsPage,
  joined,
  type Page,
} from '../queries/items.ts';
import { isNow, reading, readingOnce } from '../queries/point-in-time.ts';
import { regionNames } from '../queries/region-names.ts';
import { Together } from '../queries/together.ts';
import { holds, notModified, setTag, strongTag } from './caching.ts';
import { codingFor, compressStream } from './coding.ts';
import { collectionIds, noCollection } from './collections.ts';
import { serviceTitle } from './documents.ts';
import { sendHtml, wordsFor } from './html.ts';
import { baseUrl, formLinks, type Link, mediaTypes, urls } from './links.ts';
import {
  chooseFormat,
  type Query,
  queryText,
  readFilter,
  readParameter,
  readPointInTime,
} from './request.ts';
import {
  featureCollectionSchema,
  featureFormat,
  featurePropertiesParameters,
  featureQuery,
  featureSchema,
  type ItemsFormat,
  itemsFormat,
  itemsFormats,
  itemsQuery,
  propertiesParameters,
  responses,
  sortParameters,
} from './schemas.ts';

/** Media types of what a collection's features can be had in; `json` is GeoJSON under another name. */
const itemsTypes: Readonly<Record<ItemsFormat, string>> = {
  geojson: mediaTypes.geojson,
  json: mediaTypes.json,
  geojsonseq: formats.geojsonseq.mediaType,
  csv: formats.csv.mediaType,
  fgb: formats.fgb.mediaType,
  parquet: formats.parquet.mediaType,
  kml: formats.kml.mediaType,
  atom: formats.atom.mediaType,
  html: mediaTypes.html,
};
const featureTypes = {
  geojson: mediaTypes.geojson,
  json: mediaTypes.json,
  html: mediaTypes.html,
} as const;

/** A page in HTML holds no more features than a reader would scroll through. */
const mostOnPage = 1000;

const jsonTypes = [mediaTypes.geojson, mediaTypes.json];
const fileTypes = (id: CollectionId) =>
  itemsFormats
    .filter((format) => format !== 'geojson' && format !== 'json')
    .filter((format) => format === 'html' || refusalOf(format, id, 'point') === undefined)
    .map((format) => itemsTypes[format]);

/** Features of every collection: pages of them, files of all of them, and each at its own address. */
export function itemRoutes(
  app: FastifyInstance,
  database: Database,
  publicUrl: string | undefined,
): void {
  const exports = new Exports(database);

  for (const id of collectionIds) {
    const { title } = collections[id];
    const asItIs = (form: GeometryForm) =>
      new Together<string, Item>((ids) => itemsById(database, id, ids, form, {}));
    const newest = { point: asItIs('point'), area: asItIs('area') };

    app.get<{ Querystring: Query }>(
      `/api/collections/${id}/items`,
      {
        schema: {
          tags: [title],
          summary: `${title} that a filter selects`,
          operationId: `get.${id}.items`,
          querystring: itemsQuery(id),
          response: responses(featureCollectionSchema(id), jsonTypes, fileTypes(id)),
        },
      },
      async (request, reply) => {
        const { query } = request;
        const format = chooseFormat(request, itemsFormat, itemsTypes);
        if (format === 'html' && hasEmpty(query)) {
          // A form sends the fields that were left empty too.
          return reply.redirect(urls.items(baseUrl(request, publicUrl), id, given(query)), 303);
        }
        const wanted: Wanted = {
          id,
          format,
          query,
          base: baseUrl(request, publicUrl),
          filter: await readFilter(request, id, database),
          at: readPointInTime(query),
          limit: readParameter(query, 'limit', pageParameters.limit),
          cursor: readParameter(query, 'cursor', pageParameters.cursor),
          sort: readParameter(query, 'sortby', sortParameters[id]),
          properties: readParameter(query, 'properties', propertiesParameters[id]),
          geometry: readParameter(query, 'geometry', pageParameters.geometry) ?? 'point',
          crs: readParameter(query, 'crs', crsParameters.crs) ?? crs84,
          options: { signal: request.signal },
        };
        if (format === 'geojson' || format === 'json') return sendPage(database, wanted, reply);
        if (format === 'html') {
          return sendTable(database, wanted, reply, wordsFor(request, publicUrl));
        }
        return sendFile(database, exports, wanted, format, reply);
      },
    );

    app.get<{ Querystring: Query; Params: { featureId: string } }>(
      `/api/collections/${id}/items/:featureId`,
      {
        config: { readsRevision: true },
        schema: {
          tags: [title],
          summary: `One feature of ${id}`,
          operationId: `get.${id}.item`,
          params: featureParameters,
          querystring: featureQuery(id),
          response: responses(featureSchema(id), jsonTypes),
        },
      },
      async (request, reply) => {
        const { query } = request;
        const { featureId } = request.params;
        const format = chooseFormat(request, featureFormat, featureTypes);
        const geometry = readParameter(query, 'geometry', pageParameters.geometry) ?? 'point';
        const crs = readParameter(query, 'crs', crsParameters.crs) ?? crs84;
        const properties = readParameter(query, 'properties', featurePropertiesParameters[id]);
        const at = readPointInTime(query);
        const read = (form: GeometryForm) => {
          if (!isFeatureId(featureId)) return undefined;
          if (isNow(at)) return readNewest(form);
          const options = { signal: request.signal };
          const one = (session: Session) => itemById(session, id, featureId, form, options);
          return reading(database, at, one, options);
        };
        const readNewest = async (form: GeometryForm) => {
          const item = await newest[form].next(featureId);
          // Of what is read in two statements it is the older.
          if (item !== undefined && request.revision === '') request.revision = item.revision;
          return item?.text;
        };
        const feature = await read(format === 'html' ? 'point' : geometry);
        if (feature === undefined) {
          const shown = featureId.slice(0, 100);
          throw new ProblemError('not-found', `There is no feature '${shown}' in ${id}.`);
        }
        const links = featureLinks(baseUrl(request, publicUrl), id, featureId, format, query);
        if (format === 'html') {
          refuseCrs(crs, format);
          refuseProperties(query);
          const area = id === 'incidents' ? geometryOf(await read('area')) : null;
          const words = wordsFor(request, publicUrl);
          const content = { collection: id, id: featureId, feature, area, links };
          return sendHtml(reply, words, featurePage(words, content));
        }
        reply.type(featureTypes[format]).header('content-crs', `<${crs.uri}>`);
        return withLinks(inCrs(crs, withProperties(feature, properties)), links);
      },
    );
  }

  for (const path of ['/api/collections/:id/items', '/api/collections/:id/items/:featureId']) {
    app.get<{ Params: { id: string } }>(path, { schema: { hide: true } }, (request) => {
      throw new ProblemError('not-found', noCollection(request.params.id));
    });
  }
}

const hasEmpty = (query: Query): boolean => Object.values(query).includes('');

/** The parameters that a request gives, without those that are empty. */
function given(query: Query): [name: string, value: string][] {
  return Object.entries(query).flatMap(([name, value]) =>
    value === undefined || value === '' ? [] : [[name, value]],
  );
}

/** A page has the columns that it has. */
function refuseProperties(query: Query): void {
  const { properties } = query;
  if (properties === undefined) return;
  throw new ParameterError('properties', properties, 'is not possible with f=html');
}

/** Only GeoJSON can say in which system its coordinates are. */
function refuseCrs(crs: Crs, format: string): void {
  if (crs === crs84) return;
  throw new ParameterError('crs', crs.uri, `is not possible with f=${format}, only with geojson`);
}

/** What a request for features asks for. */
interface Wanted extends ExportRequest {
  readonly id: CollectionId;
  readonly format: ItemsFormat;
  readonly query: Query;
  readonly base: string;
  readonly at: PointInTime;
  readonly limit: number | undefined;
  readonly cursor: Parameters<typeof itemsPage>[2]['cursor'];
  readonly properties: readonly string[] | undefined;
  readonly crs: Crs;
  readonly options: { readonly signal: FastifyRequest['signal'] };
}

/** A page as GeoJSON. */
async function sendPage(database: Database, wanted: Wanted, reply: FastifyReply): Promise<Buffer> {
  const { id, at, crs, properties, options } = wanted;
  const limit = wanted.limit ?? defaultLimit;
  // Its timeStamp is that of the response (17-069r4, 7.16).
  reply.request.mayBeKept = false;
  const page = await readingOnce(
    database,
    at,
    (session) => itemsPage(session, id, { ...wanted, limit }, options),
    options,
  );
  reply.type(itemsTypes[wanted.format]).header('content-crs', `<${crs.uri}>`);
  const isAsRead = crs === crs84 && properties === undefined;
  const features = isAsRead
    ? page.text
    : joined(featuresIn(page).map((feature) => inCrs(crs, withProperties(feature, properties))));
  return pageBody(page, features, pageLinks(wanted, page));
}

/** A page for people: a picture and a table. */
async function sendTable(
  database: Database,
  wanted: Wanted,
  reply: FastifyReply,
  words: Words,
): Promise<FastifyReply> {
  const { id: collection, at, crs, query, filter, geometry, options } = wanted;
  refuseCrs(crs, 'html');
  refuseProperties(query);
  const limit = Math.min(wanted.limit ?? defaultLimit, mostOnPage);
  const page = await reading(
    database,
    at,
    async (session) => {
      const read = await itemsPage(session, collection, { ...wanted, limit }, options);
      const regions = hasRegions(collection) ? await regionNames(session, options) : [];
      return { ...read, features: featuresIn(read), regions };
    },
    options,
  );
  const links = pageLinks(wanted, page);
  const content = { ...page, collection, links, given: query, filter, geometry };
  return sendHtml(reply, words, htmlItems(words, content));
}

function hasRegions(collection: CollectionId): boolean {
  const filters: readonly FilterName[] = collections[collection].filters;
  return filters.includes('region');
}

/** A file: of a page where a limit is given, else of everything; a feed is of what is newest. */
async function sendFile(
  database: Database,
  exports: Exports,
  wanted: Wanted,
  name: Exclude<ItemsFormat, 'geojson' | 'json' | 'html'>,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { id, at, crs, filter, limit, geometry, options } = wanted;
  const reason = refusalOf(name, id, geometry);
  if (reason !== undefined) throw new ParameterError('f', name, `is not possible: ${reason}`);
  refuseCrs(crs, name);
  if (name === 'atom' && wanted.sort !== undefined) {
    const given = wanted.query.sortby ?? '';
    throw new ParameterError(
      'sortby',
      given,
      'is not possible with f=atom: a feed is newest first',
    );
  }
  const { isByteStable, isCompressed, write }: Format = formats[name];
  const coding = isCompressed === true ? 'identity' : codingFor(reply.request);
  const tag = strongTag(reply.request, coding);
  if (isByteStable && holds(reply.request, tag)) return notModified(reply, tag);
  const isHead = reply.request.method === 'HEAD';
  const content = isHead ? undefined : await contentOf();
  // Only now is it certain that no problem document is sent instead.
  reply.type(itemsTypes[name]);
  if (isByteStable) setTag(reply, tag);
  if (coding !== 'identity') reply.header('content-encoding', coding);
  if (name !== 'atom') {
    reply.header('content-disposition', `attachment; filename="${fileName(name, id)}"`);
  }
  // An empty stream, because an empty text would claim a length of 0.
  if (content === undefined) return reply.send(Readable.from([]));
  const about: About = {
    collection: id,
    geometry,
    properties: wanted.properties,
    publisher: serviceTitle,
    links: pageLinks(wanted, { next: undefined, prev: undefined, ...content.page }),
    numberMatched: content.numberMatched,
    numberReturned: content.numberReturned,
    timeStamp: new Date().toISOString(),
    itemUrl: (featureId) => urls.item(wanted.base, id, featureId),
  };
  const stream = Readable.from(write(content.pages, about), { objectMode: false });
  return reply.send(compressStream(coding, stream));

  async function contentOf() {
    if (name === 'atom') {
      return reading(
        database,
        at,
        async (session) => {
          const count = Math.min(limit ?? feedLimit.default, feedLimit.max);
          const features = await newestItems(session, id, { filter, limit: count }, options);
          const numberMatched = await countItems(session, id, filter, options);
          return { pages: [features], numberMatched, numberReturned: features.length, page: {} };
        },
        options,
      );
    }
    if (limit !== undefined || wanted.cursor !== undefined) {
      const page = await reading(
        database,
        at,
        (session) => itemsPage(session, id, { ...wanted, limit: limit ?? defaultLimit }, options),
        options,
      );
      const { numberMatched, numberReturned } = page;
      return { pages: [featuresIn(page)], numberMatched, numberReturned, page };
    }
    const { numberMatched, pages } = await exports.open(id, wanted, options);
    return { pages, numberMatched, numberReturned: numberMatched, page: {} };
  }
}

/** The feature's text with its geometry in another system. */
function inCrs(crs: Crs, text: string): string {
  if (crs === crs84) return text;
  const feature: { readonly geometry: Geometry | null } = JSON.parse(text);
  if (feature.geometry === null) return text;
  return JSON.stringify({ ...feature, geometry: projectGeometry(crs, feature.geometry) });
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

/** As bytes, as the features come: to encode a text of megabytes takes as long as to find it. */
function pageBody(
  { numberMatched, numberReturned }: Page,
  features: readonly Buffer[],
  links: readonly Link[],
): Buffer {
  const head = JSON.stringify({
    type: 'FeatureCollection',
    numberMatched,
    numberReturned,
    timeStamp: new Date().toISOString(),
    links,
  });
  const before = Buffer.from(`${head.slice(0, -1)},"features":[`);
  return Buffer.concat([before, ...features, Buffer.from(']}')]);
}

/** The feature's own JSON text, which ends in a brace, with links added to it. */
function withLinks(feature: string, links: readonly Link[]): string {
  return `${feature.trimEnd().slice(0, -1)},"links":${JSON.stringify(links)}}`;
}

function pageLinks(
  { base, id, query, format, geometry }: Omit<Wanted, 'options' | 'crs' | 'cursor' | 'at'>,
  { next, prev }: Pick<Page, 'next' | 'prev'>,
): Link[] {
  const asked = given(query);
  const without = (...left: string[]) => asked.filter(([name]) => !left.includes(name));
  const refused = (other: ItemsFormat) => [
    ...(saysCrs.includes(other) ? [] : ['crs']),
    ...(other === 'html' ? ['properties'] : []),
    ...(other === 'atom' ? ['sortby'] : []),
  ];
  const turn = (rel: string, title: string, cursor: Page['next']): Link[] =>
    cursor === undefined
      ? []
      : [
          {
            rel,
            href: urls.items(base, id, [
              ...without('cursor'),
              ['cursor', pageParameters.cursor.format(cursor)],
            ]),
            type: itemsTypes[format],
            title,
          },
        ];
  return [
    {
      rel: 'self',
      href: urls.items(base, id, asked),
      type: itemsTypes[format],
      title: 'This page',
    },
    ...itemsFormats
      .filter((other) => other !== format && isPossible(other, id, geometry))
      .map((other) => ({
        rel: 'alternate',
        href: urls.items(base, id, [...without('f', ...refused(other)), ['f', other]]),
        type: itemsTypes[other],
        title: `The same as ${other}`,
      })),
    ...turn('next', 'The next page', next),
    ...turn('prev', 'The page before', prev),
    {
      rel: 'collection',
      href: urls.collection(base, id),
      type: mediaTypes.json,
      title: 'The collection',
    },
    { rel: 'root', href: urls.landing(base), type: mediaTypes.json, title: 'Landing page' },
  ];
}

/** Formats that can say in which system their coordinates are. */
const saysCrs: readonly ItemsFormat[] = ['geojson', 'json'];

function isPossible(format: ItemsFormat, id: CollectionId, geometry: GeometryForm): boolean {
  if (format === 'json' || format === 'html') return true;
  return refusalOf(format, id, geometry) === undefined;
}

function featureLinks(
  base: string,
  id: CollectionId,
  featureId: string,
  format: keyof typeof featureTypes,
  query: Query,
): Link[] {
  const search = queryText(query, ['f', 'crs', 'properties']);
  const own = `${urls.item(base, id, featureId)}${search === '' ? '' : `?${search}`}`;
  const forms = formLinks(own, format, featureTypes);
  const collection: Link = {
    rel: 'collection',
    href: urls.collection(base, id),
    type: mediaTypes.json,
    title: 'The collection',
  };
  const root: Link = {
    rel: 'root',
    href: urls.landing(base),
    type: mediaTypes.json,
    title: 'Landing page',
  };
  if (id !== 'incidents') return [...forms, collection, root];
  const area: Link = {
    rel: 'related',
    href: `${urls.item(base, id, featureId)}?geometry=area`,
    type: mediaTypes.geojson,
    title: 'The area that the point stands for',
  };
  return [...forms, collection, root, area];
}
