import { existsSync } from 'node:fs';
import path from 'node:path';
import cors from '@fastify/cors';
import fastifyStatic from '@fastify/static';
import swagger from '@fastify/swagger';
import Fastify, { type FastifyInstance, type FastifyServerOptions } from 'fastify';
import type { Config } from './config.ts';
import type { Database } from './db/database.ts';
import { handleError, pathOf, problemDocument, sendProblem } from './errors.ts';
import type { Metrics } from './metrics.ts';
import { openapi } from './openapi.ts';
import { aggregateRoutes } from './routes/aggregate.ts';
import { basemapRoutes } from './routes/basemap.ts';
import { cacheByRevision } from './routes/caching.ts';
import { changeRoutes } from './routes/changes.ts';
import { compressBodies } from './routes/coding.ts';
import { collectionRoutes } from './routes/collections.ts';
import { docsRoutes } from './routes/docs.ts';
import { documentRoutes } from './routes/documents.ts';
import { embedRoutes } from './routes/embed.ts';
import { facetRoutes } from './routes/facets.ts';
import { FirstMaps } from './routes/first-map.ts';
import { healthRoutes } from './routes/health.ts';
import { explainProblems } from './routes/html.ts';
import { itemRoutes } from './routes/items.ts';
import { mapRoutes } from './routes/map.ts';
import { openedRoutes } from './routes/opened.ts';
import { previewRoutes } from './routes/preview.ts';
import { compileQuery, refuseMalformed } from './routes/request.ts';
import { schemaDocumentRoutes } from './routes/schema-documents.ts';
import { tileRoutes } from './routes/tiles.ts';

export interface AppOptions {
  readonly config: Pick<Config, 'publicUrl'>;
  readonly database: Database;
  /** Folder of the built client; without one only the API is served. */
  readonly clientDir?: string;
  /** Memory for tiles that have been made, and as much for other bodies, in bytes; 64 MB when left out. */
  readonly cacheBytes?: number;
  /** How long a page waits for its picture of the map, ms; 800 when left out. */
  readonly pictureMs?: number;
  /** Counts the requests. */
  readonly metrics?: Metrics;
  readonly logger?: FastifyServerOptions['logger'];
}

/** Longer than any id. */
const maxParamLength = 1000;

const readMethods = ['GET', 'HEAD', 'OPTIONS'];

/** The whole HTTP service over a database; it listens when the caller says so. */
export async function buildApp(options: AppOptions): Promise<FastifyInstance> {
  const { database, config } = options;
  const app = Fastify({
    logger: options.logger ?? false,
    routerOptions: { maxParamLength, ignoreTrailingSlash: true },
    // A malformed or over-long request line never reaches a route.
    clientErrorHandler(error, socket) {
      if (!socket.writable) return;
      const code =
        'code' in error && error.code === 'HPE_HEADER_OVERFLOW'
          ? 'headers-too-large'
          : 'malformed-request';
      const body = JSON.stringify(problemDocument(code, 'The request could not be read.', ''));
      socket.end(
        `HTTP/1.1 ${code === 'headers-too-large' ? '431 Request Header Fields Too Large' : '400 Bad Request'}\r\n` +
          `content-type: application/problem+json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n` +
          `connection: close\r\n\r\n${body}`,
      );
    },
    frameworkErrors(error, request, reply) {
      const code =
        error.code === 'FST_ERR_MAX_PARAM_LENGTH' ? 'address-too-long' : 'malformed-request';
      const detail =
        code === 'address-too-long'
          ? `A part of the path is longer than ${maxParamLength} characters.`
          : 'The address could not be read.';
      sendProblem(reply, problemDocument(code, detail, pathOf(request).slice(0, 2000)));
    },
  });

  options.metrics?.watch(app);

  // Response schemas document; serialising by them was measured slower than JSON.stringify.
  app.setSerializerCompiler(() => JSON.stringify);
  app.setValidatorCompiler((route) =>
    route.httpPart === 'querystring' ? compileQuery(route) : (value: unknown) => ({ value }),
  );
  app.setErrorHandler(handleError);
  // Nothing here takes a body: none is read, whatever its type.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _payload, done) => done(null));
  app.setNotFoundHandler((request, reply) => {
    const path = pathOf(request);
    if (!readMethods.includes(request.method)) {
      reply.header('allow', readMethods.join(', '));
      const detail = `${request.method} is not possible here; ${readMethods.join(', ')} are.`;
      return sendProblem(reply, problemDocument('method-not-allowed', detail, path));
    }
    return sendProblem(reply, problemDocument('not-found', 'This address is unknown.', path));
  });

  await app.register(cors, {
    origin: '*',
    methods: readMethods,
    strictPreflight: false,
    exposedHeaders: ['etag', 'link', 'content-crs', 'content-disposition'],
  });
  app.addHook('onRequest', async (request) => refuseMalformed(request));
  explainProblems(app, config.publicUrl);
  compressBodies(app);
  await app.register(swagger, openapi);
  app.addHook('onSend', async (request, reply) => {
    if (request.method === 'OPTIONS') reply.header('allow', readMethods.join(', '));
    reply.header('x-content-type-options', 'nosniff');
    reply.header('referrer-policy', 'strict-origin-when-cross-origin');
  });

  const { cacheBytes = 64 * 1024 * 1024 } = options;
  await app.register(async (routes) => healthRoutes(routes, database));
  await app.register(async (routes) => basemapRoutes(routes));
  await app.register(async (routes) => {
    cacheByRevision(routes, database, { maxBytes: cacheBytes });
    documentRoutes(routes, config.publicUrl);
    collectionRoutes(routes, database, config.publicUrl);
    schemaDocumentRoutes(routes, config.publicUrl);
    itemRoutes(routes, database, config.publicUrl);
    changeRoutes(routes, database, config.publicUrl);
    aggregateRoutes(routes, database, config.publicUrl);
    facetRoutes(routes, database, config.publicUrl);
    tileRoutes(routes, database, config.publicUrl, cacheBytes);
    previewRoutes(routes, database, config.publicUrl);
  });
  await app.register(docsRoutes);
  if (options.clientDir !== undefined && existsSync(options.clientDir)) {
    await app.register(fastifyStatic, {
      root: options.clientDir,
      wildcard: false,
      // The build leaves assets compressed.
      preCompressed: true,
      // Pages are sent by the routes below.
      globIgnore: ['*.html'],
      setHeaders: (reply, file) => {
        // The build puts a hash of the content into the names of assets.
        if (/[\\/]assets[\\/]/.test(file)) {
          reply.header('cache-control', 'public, max-age=31536000, immutable');
        }
      },
    });
    const { clientDir, pictureMs = 800 } = options;
    const pictures = new FirstMaps(database, cacheBytes, pictureMs);
    const frame = path.join(clientDir, 'embed.html');
    await app.register(async (routes) =>
      embedRoutes(routes, database, config.publicUrl, frame, pictures, cacheBytes),
    );
    const template = path.join(clientDir, 'index.html');
    await app.register(async (routes) =>
      mapRoutes(routes, database, config.publicUrl, template, pictures, cacheBytes),
    );
    await app.register(async (routes) =>
      openedRoutes(routes, database, config.publicUrl, template, pictures, cacheBytes),
    );
  }
  return app;
}
