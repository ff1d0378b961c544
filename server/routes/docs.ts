import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { pathOf } from '../errors.ts';
import { serviceTitle } from './documents.ts';

/** The viewer's page does not say that it fits a phone, and has no way back. */
const phoneScript = `
  const viewport = Object.assign(document.createElement('meta'), { name: 'viewport', content: 'width=device-width' });
  document.head.append(viewport);
  addEventListener('DOMContentLoaded', () => {
    const back = Object.assign(document.createElement('a'), { className: 'back', href: '/api?f=html' });
    back.textContent = ${JSON.stringify(serviceTitle)};
    document.body.prepend(back);
  });`;

/** It is made for white paper alone; turned round, hues keep their places. */
const darkStyle = `
  .back { display: inline-block; padding: 12px 20px; font: bold 18px serif; color: #1a5263; }
  @media (max-width: 600px) {
    .swagger-ui .opblock .opblock-summary-description { display: none; }
    .swagger-ui .opblock .opblock-summary-path { max-width: none; }
  }
  @media (prefers-color-scheme: dark) {
    html { background: #171c1f; }
    html body { background: none; }
    .swagger-ui, .back { filter: invert(0.9) hue-rotate(180deg); }
  }`;

/**
 * The OpenAPI document as a page to read and to try requests in; everything it needs comes from
 * this server. The viewer writes style attributes, so styles alone may be inline.
 */
export async function docsRoutes(app: FastifyInstance): Promise<void> {
  await app.register(swaggerUi, {
    routePrefix: '/api/docs',
    theme: {
      title: `${serviceTitle}: API`,
      js: [{ filename: 'phone.js', content: phoneScript }],
      css: [{ filename: 'dark.css', content: darkStyle }],
    },
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
