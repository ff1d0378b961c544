import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { serviceTitle } from './documents.ts';

/**
 * The OpenAPI document as a page to read and to try requests in; everything it needs comes from
 * this server. The viewer writes style attributes, so styles alone may be inline.
 */
export async function docsRoutes(app: FastifyInstance): Promise<void> {
  await app.register(swaggerUi, {
    routePrefix: '/api/docs',
    theme: { title: `${serviceTitle}: API` },
    uiConfig: {
      docExpansion: 'list',
      deepLinking: true,
      defaultModelsExpandDepth: 0,
      tryItOutEnabled: true,
      layout: 'BaseLayout',
    },
    staticCSP: {
      'default-src': ["'none'"],
      'script-src': ["'self'"],
      'style-src': ["'self'", "'unsafe-inline'"],
      'img-src': ["'self'", 'data:'],
      'connect-src': ["'self'"],
      'base-uri': ["'none'"],
      'frame-ancestors': ["'none'"],
    },
  });
}
