import type { FastifyInstance } from 'fastify';
import { collections } from '../domain/collections.ts';
import { conformancePage, landingPage } from '../html/documents.tsx';
import { withComponents } from './components.ts';
import { sendHtml, wordsFor } from './html.ts';
import { baseUrl, documentTypes, formLinks, type Link, mediaTypes, urls } from './links.ts';
import { chooseFormat, type Query } from './request.ts';
import {
  conformanceSchema,
  documentFormat,
  documentQuery,
  formatParameter,
  landingSchema,
  responses,
} from './schemas.ts';

/** Conformance classes that hold (OGC 19-072, 17-069r4, 18-058r1, 19-079r2, 21-065r2, 20-057). */
export const conformanceClasses = [
  'http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/core',
  'http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/landing-page',
  'http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/json',
  'http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/html',
  'http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/oas30',
  'http://www.opengis.net/spec/ogcapi-common-2/1.0/conf/collections',
  'http://www.opengis.net/spec/ogcapi-common-2/1.0/conf/json',
  'http://www.opengis.net/spec/ogcapi-common-2/1.0/conf/html',
  'http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core',
  'http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson',
  'http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/html',
  'http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/oas30',
  'http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs',
  'http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/queryables',
  'http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/filter',
  'http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/features-filter',
  'http://www.opengis.net/spec/cql2/1.0/conf/cql2-text',
  'http://www.opengis.net/spec/cql2/1.0/conf/cql2-json',
  'http://www.opengis.net/spec/cql2/1.0/conf/basic-cql2',
  'http://www.opengis.net/spec/cql2/1.0/conf/advanced-comparison-operators',
  'http://www.opengis.net/spec/cql2/1.0/conf/case-insensitive-comparison',
  'http://www.opengis.net/spec/cql2/1.0/conf/accent-insensitive-comparison',
  'http://www.opengis.net/spec/cql2/1.0/conf/basic-spatial-functions',
  'http://www.opengis.net/spec/cql2/1.0/conf/basic-spatial-functions-plus',
  'http://www.opengis.net/spec/cql2/1.0/conf/spatial-functions',
  'http://www.opengis.net/spec/cql2/1.0/conf/temporal-functions',
  'http://www.opengis.net/spec/cql2/1.0/conf/array-functions',
  'http://www.opengis.net/spec/cql2/1.0/conf/property-property',
  'http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/core',
  'http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/tileset',
  'http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/tilesets-list',
  'http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/geodata-tilesets',
  'http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/mvt',
  'http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/oas30',
] as const;

export const serviceTitle = 'Strike Atlas';
export const serviceDescription =
  'Strikes of the Russia–Ukraine war and the regions that Russia claims: every figure with who gave it and when, every place with how well it is known.';
export const attribution =
  'Incidents: compiled by Strike Atlas from the sources that each claim names. Boundaries: Natural Earth (public domain). Places and settlement points: GeoNames (CC BY 4.0).';

/** Landing page, conformance and the OpenAPI definition. */
export function documentRoutes(app: FastifyInstance, publicUrl: string | undefined): void {
  app.get<{ Querystring: Query }>(
    '/api',
    {
      schema: {
        tags: ['API'],
        summary: 'Landing page',
        operationId: 'getLandingPage',
        querystring: documentQuery,
        response: responses(landingSchema),
      },
    },
    (request, reply) => {
      const format = chooseFormat(request, documentFormat, documentTypes);
      const base = baseUrl(request, publicUrl);
      const document = {
        title: serviceTitle,
        description: serviceDescription,
        attribution,
        links: [...formLinks(urls.landing(base), format, documentTypes), ...landingLinks(base)],
      };
      if (format === 'json') return document;
      const words = wordsFor(request, publicUrl);
      return sendHtml(reply, words, landingPage(document));
    },
  );

  app.get<{ Querystring: Query }>(
    '/api/conformance',
    {
      schema: {
        tags: ['API'],
        summary: 'Conformance classes',
        operationId: 'getConformance',
        querystring: documentQuery,
        response: responses(conformanceSchema),
      },
    },
    (request, reply) => {
      const format = chooseFormat(request, documentFormat, documentTypes);
      if (format === 'json') return { conformsTo: conformanceClasses };
      const words = wordsFor(request, publicUrl);
      const links = formLinks(urls.conformance(words.base), format, documentTypes);
      return sendHtml(reply, words, conformancePage(words, conformanceClasses, links));
    },
  );

  // It stands still once all routes are there.
  let definition: object | undefined;
  app.get<{ Querystring: Query }>(
    '/api/openapi.json',
    { schema: { hide: true, querystring: documentQuery } },
    (request, reply) => {
      chooseFormat(request, definitionFormat, definitionTypes);
      definition ??= withComponents(app.swagger());
      const servers = [{ url: urls.landing(baseUrl(request, publicUrl)) }];
      // Bytes, because Fastify writes the type of text its own way, by which GDAL does not know it.
      return reply
        .type(mediaTypes.openapi)
        .send(Buffer.from(JSON.stringify({ ...definition, servers })));
    },
  );
}

const definitionFormat = formatParameter(['json']);
/** Who asks for any JSON gets the definition too. */
const definitionTypes = { json: [mediaTypes.openapi, mediaTypes.json] } as const;

function landingLinks(base: string): Link[] {
  return [
    {
      rel: 'service-desc',
      href: urls.openapi(base),
      type: mediaTypes.openapi,
      title: 'Definition of the API (OpenAPI 3.0)',
    },
    {
      rel: 'service-doc',
      href: urls.docs(base),
      type: 'text/html',
      title: 'The same to read',
    },
    // OGC API Features has names of its own for what OGC API Common links to by URI.
    ...['conformance', 'http://www.opengis.net/def/rel/ogc/1.0/conformance'].map((rel) => ({
      rel,
      href: urls.conformance(base),
      type: mediaTypes.json,
      title: 'Conformance classes',
    })),
    ...['data', 'http://www.opengis.net/def/rel/ogc/1.0/data'].map((rel) => ({
      rel,
      href: urls.collections(base),
      type: mediaTypes.json,
      title: 'Collections',
    })),
    ...Object.keys(collections).map((id) => ({
      rel: 'child',
      href: `${urls.collections(base)}/${id}`,
      type: mediaTypes.json,
      title: `Collection ${id}`,
    })),
    {
      rel: 'http://www.opengis.net/def/rel/ogc/1.0/tiling-schemes',
      href: urls.matrixSets(base),
      type: mediaTypes.json,
      title: 'Tile matrix sets',
    },
    { rel: 'related', href: urls.map(base), type: mediaTypes.html, title: 'The map' },
  ];
}
