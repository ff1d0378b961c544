import type { FastifyInstance } from 'fastify';
import { type CollectionId, collections } from '../domain/collections.ts';
import { type Queryable, type QueryableType, queryables } from '../domain/queryables.ts';
import { sortablesOf } from '../domain/sorting.ts';
import { schemaPage } from '../html/documents.tsx';
import { collectionIds } from './collections.ts';
import { sendHtml, wordsFor } from './html.ts';
import { formLinks, mediaTypes, schemaDocuments, urls } from './links.ts';
import { chooseFormat, type Query } from './request.ts';
import {
  documentFormat,
  documentQuery,
  listedFeatureSchema,
  responses,
  type Schema,
  schemaDocumentSchema,
} from './schemas.ts';

/** JSON Schema, draft 2020-12, with the annotations of OGC 23-058r1. */
interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly title?: string;
  readonly description?: string;
  readonly format?: string;
  readonly enum?: readonly (string | null)[];
  readonly items?: JsonSchema;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean;
  readonly 'x-ogc-role'?: string;
}

const what: Readonly<Record<(typeof schemaDocuments)[number], { summary: string; title: string }>> =
  {
    queryables: {
      summary: 'Properties that `filter` may name',
      title: 'What can be filtered by',
    },
    sortables: {
      summary: 'Properties that `sortby` may name',
      title: 'What can be sorted by',
    },
    schema: {
      summary: 'Properties that features come with',
      title: 'What features come with',
    },
  };

const forms = { json: mediaTypes.schema, html: mediaTypes.html } as const;
/** Who asks for any JSON gets the schema too. */
const acceptable = { ...forms, json: [mediaTypes.schema, mediaTypes.json] } as const;

/** What a collection can be filtered by, sorted by, and what its features have, as JSON Schemas. */
export function schemaDocumentRoutes(app: FastifyInstance, publicUrl: string | undefined): void {
  for (const id of collectionIds) {
    for (const name of schemaDocuments) {
      const { title } = collections[id];
      app.get<{ Querystring: Query }>(
        `/api/collections/${id}/${name}`,
        {
          schema: {
            tags: [title],
            summary: `${what[name].summary}: ${id}`,
            operationId: `get.${id}.${name}`,
            querystring: documentQuery,
            response: responses(schemaDocumentSchema, [mediaTypes.schema]),
          },
        },
        (request, reply) => {
          const format = chooseFormat(request, documentFormat, acceptable);
          const words = wordsFor(request, publicUrl);
          const own = urls.schemaDocument(words.base, id, name);
          const properties = propertiesOf(id, name);
          if (format === 'html') {
            const links = formLinks(own, format, forms);
            return sendHtml(reply, words, schemaPage(words, id, name, properties, links));
          }
          reply.type(mediaTypes.schema);
          return {
            $schema: 'https://json-schema.org/draft/2020-12/schema',
            $id: own,
            type: 'object',
            title: `${title}: ${what[name].title.toLowerCase()}`,
            properties,
            additionalProperties: false,
          };
        },
      );
    }
  }
}

function propertiesOf(
  id: CollectionId,
  name: (typeof schemaDocuments)[number],
): Readonly<Record<string, JsonSchema>> {
  if (name === 'schema') return returnables(id);
  const listed = name === 'queryables' ? queryables[id] : sortablesOf(id);
  return Object.fromEntries(
    Object.entries(listed).map(([property, queryable]) => [
      property,
      describe(property, queryable),
    ]),
  );
}

const types: Readonly<Record<Exclude<QueryableType, 'list'>, JsonSchema>> = {
  text: { type: 'string' },
  number: { type: 'number' },
  boolean: { type: 'boolean' },
  instant: { type: 'string', format: 'date-time' },
  // EDTF, which no format of JSON Schema names.
  interval: { type: 'string' },
  geometry: { format: 'geometry-any' },
};

function describe(name: string, { type, description, codes, role }: Queryable): JsonSchema {
  const value = type === 'list' ? { type: 'string' } : types[type];
  const coded = codes === undefined ? value : { ...value, enum: codes };
  return {
    title: name.replaceAll('_', ' '),
    description,
    ...(type === 'list' ? { type: 'array', items: coded } : coded),
    ...(role === undefined ? {} : { 'x-ogc-role': role }),
  };
}

/** The feature's id and geometry stand beside its properties, as OGC 23-058r1 has it. */
function returnables(id: CollectionId): Readonly<Record<string, JsonSchema>> {
  const { geometry, properties } = listedFeatureSchema(id).properties ?? {};
  const roles = queryables[id];
  return {
    id: { type: 'string', description: 'Id of the feature.', 'x-ogc-role': 'id' },
    geometry: {
      ...types.geometry,
      description: geometry?.description ?? '',
      'x-ogc-role': 'primary-geometry',
    },
    ...Object.fromEntries(
      Object.entries(properties?.properties ?? {}).map(([name, schema]) => {
        const role = roles[name]?.role;
        const isAgain = role === 'id' || role === undefined;
        return [name, { ...jsonSchema(schema), ...(isAgain ? {} : { 'x-ogc-role': role }) }];
      }),
    ),
  };
}

/** Without the `nullable` of OpenAPI 3.0, which JSON Schema says by the type. */
function jsonSchema({ type, nullable, description, format, items, ...schema }: Schema): JsonSchema {
  return {
    ...(type === undefined ? {} : { type: nullable === true ? [type, 'null'] : type }),
    ...(description === undefined ? {} : { description }),
    ...(format === undefined ? {} : { format }),
    ...(schema.enum === undefined ? {} : { enum: schema.enum }),
    ...(items === undefined ? {} : { items: jsonSchema(items) }),
    ...(schema.properties === undefined
      ? {}
      : {
          properties: Object.fromEntries(
            Object.entries(schema.properties).map(([name, value]) => [name, jsonSchema(value)]),
          ),
        }),
    ...(schema.required === undefined ? {} : { required: schema.required }),
  };
}
