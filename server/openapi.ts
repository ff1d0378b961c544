import type { SwaggerOptions } from '@fastify/swagger';
import { collections } from './domain/collections.ts';
import { attribution, serviceDescription, serviceTitle } from './routes/documents.ts';
import { version } from './version.ts';

/** Where the API starts; the paths of its definition come after it, as OGC 17-069r4 writes them. */
export const apiRoot = '/api';

/** The OpenAPI 3.0 definition, made from the schemas that the routes declare. */
export const openapi: SwaggerOptions = {
  openapi: {
    openapi: '3.0.3',
    info: {
      title: serviceTitle,
      version,
      description: `${serviceDescription}\n\n${attribution}`,
      license: { name: 'MIT', url: 'https://opensource.org/license/mit' },
    },
    servers: [{ url: apiRoot }],
    tags: [
      { name: 'API', description: 'What there is and how to ask for it.' },
      ...Object.values(collections).map(({ title, description }) => ({ name: title, description })),
    ],
  },
  // Lists are comma-separated, which OpenAPI calls form style without explosion; OGC 17-069r4,
  // 7.15 asks that it is said of every parameter.
  transformObject: (document) => {
    if (!('openapiObject' in document)) throw new TypeError('an OpenAPI 3 document is expected');
    const { openapiObject } = document;
    for (const path of Object.values(openapiObject.paths ?? {})) {
      for (const parameter of path?.get?.parameters ?? []) {
        if (!('in' in parameter) || parameter.in !== 'query') continue;
        parameter.required ??= false;
        parameter.style = 'form';
        parameter.explode = false;
      }
    }
    // The plugin takes the root off every path, and leaves nothing of the landing page's.
    const { '': landing, ...others } = openapiObject.paths ?? {};
    if (landing !== undefined) openapiObject.paths = { '/': landing, ...others };
    return openapiObject;
  },
};
