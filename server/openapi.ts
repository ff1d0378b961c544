import type { SwaggerOptions } from '@fastify/swagger';
import { attribution, serviceDescription, serviceTitle } from './routes/documents.ts';
import { version } from './version.ts';

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
  },
  // Lists are comma-separated, which OpenAPI calls form style without explosion.
  transformObject: (document) => {
    if (!('openapiObject' in document)) throw new TypeError('an OpenAPI 3 document is expected');
    const { openapiObject } = document;
    for (const path of Object.values(openapiObject.paths ?? {})) {
      const operation = path?.get;
      if (operation === undefined) continue;
      for (const parameter of operation.parameters ?? []) {
        if (!('in' in parameter) || parameter.in !== 'query') continue;
        if (parameter.schema !== undefined && 'items' in parameter.schema) {
          parameter.style = 'form';
          parameter.explode = false;
        }
      }
    }
    return openapiObject;
  },
};
