import type { FastifyRequest } from 'fastify';
import type { CollectionId } from '../domain/collections.ts';
import { codesOf } from '../domain/vocabulary.ts';

/** A link as OGC API and RFC 8288 have it. */
export interface Link {
  readonly href: string;
  readonly rel: string;
  readonly type?: string;
  readonly title?: string;
  /** Whether `href` is a URI template. */
  readonly templated?: boolean;
}

export const mediaTypes = {
  json: 'application/json',
  geojson: 'application/geo+json',
  html: 'text/html',
  png: 'image/png',
  mvt: 'application/vnd.mapbox-vector-tile',
  openapi: 'application/vnd.oai.openapi+json;version=3.0',
  schema: 'application/schema+json',
} as const;

/** Formats of a resource by the value of `f`, with their media types, the default first. */
export type MediaTypes<Format extends string> = Readonly<Record<Format, string>>;

/** What every document can be had in. */
export const documentTypes = { json: mediaTypes.json, html: mediaTypes.html } as const;

/** `self` in the format at hand and an `alternate` for each other; `href` names none of them. */
export function formLinks<Format extends string>(
  href: string,
  format: Format,
  types: MediaTypes<Format>,
): Link[] {
  const separator = href.includes('?') ? '&' : '?';
  return [
    { rel: 'self', href, type: types[format], title: 'This document' },
    ...codesOf(types)
      .filter((other) => other !== format)
      .map((other) => ({
        rel: 'alternate',
        href: `${href}${separator}f=${other}`,
        type: types[other],
        title: `This document as ${other}`,
      })),
  ];
}

const plainHost = /^(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?$/;

/**
 * The address that the reader knows this service by, without a slash at the end: the configured
 * one, else that of the request.
 */
export function baseUrl(request: FastifyRequest, publicUrl: string | undefined): string {
  if (publicUrl !== undefined) return publicUrl;
  // A host that is no host is not repeated into links; a relative link still works.
  return plainHost.test(request.host) ? `${request.protocol}://${request.host}` : '';
}

/** Documents about a collection's properties, by the last part of their address. */
export const schemaDocuments = ['queryables', 'sortables', 'schema'] as const;

/** Addresses of everything the API serves, under one base. */
export const urls = {
  landing: (base: string) => `${base}/api`,
  conformance: (base: string) => `${base}/api/conformance`,
  openapi: (base: string) => `${base}/api/openapi.json`,
  docs: (base: string) => `${base}/api/docs`,
  map: (base: string) => `${base}/`,
  /** Of the map with an incident, or a region, opened. */
  incident: (base: string, id: string) => `${base}/incidents/${encodeURIComponent(id)}`,
  preview: (base: string, id: string, language: string) =>
    `${base}/incidents/${encodeURIComponent(id)}/preview.png?lang=${language}`,
  region: (base: string, code: string) => `${base}/regions/${encodeURIComponent(code)}`,
  matrixSets: (base: string) => `${base}/api/tileMatrixSets`,
  changes: (base: string) => `${base}/api/changes`,
  facets: (base: string) => `${base}/api/collections/incidents/facets`,
  aggregate: (base: string) => `${base}/api/collections/incidents/aggregate`,
  matrixSet: (base: string) => `${base}/api/tileMatrixSets/WebMercatorQuad`,
  collections: (base: string) => `${base}/api/collections`,
  collection: (base: string, id: CollectionId) => `${base}/api/collections/${id}`,
  items: (base: string, id: CollectionId, query: readonly (readonly [string, string])[] = []) => {
    const search = new URLSearchParams();
    for (const [name, value] of query) search.append(name, value);
    return `${base}/api/collections/${id}/items${query.length === 0 ? '' : `?${search}`}`;
  },
  schemaDocument: (base: string, id: CollectionId, name: (typeof schemaDocuments)[number]) =>
    `${base}/api/collections/${id}/${name}`,
  tiles: (base: string, id: CollectionId) => `${base}/api/collections/${id}/tiles`,
  item: (base: string, id: CollectionId, featureId: string) =>
    `${base}/api/collections/${id}/items/${encodeURIComponent(featureId)}`,
};
