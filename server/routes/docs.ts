import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { pathOf } from '../errors.ts';
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
    // The viewer asks for the document at addresses of its own, and would make it anew each time.
    uiHooks: {
      onRequest: (request, reply, next) => {
        if (/\/docs\/(?:json|yaml)$/.test(pathOf(request))) reply.redirect('../openapi.json');
        else next();
      },
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
