import type { FastifyInstance } from 'fastify';
import sql from 'sql-template-tag';
import type { Database } from '../db/database.ts';

/** `/healthz`: the process answers. `/readyz`: the database answers too. */
export function healthRoutes(app: FastifyInstance, database: Database): void {
  app.get('/healthz', { schema: { hide: true, querystring: noParameters } }, () => ({
    status: 'ok',
  }));

  app.get('/readyz', { schema: { hide: true, querystring: noParameters } }, async (request) => {
    const [row] = await database.query<{ revision: number }>(
      sql`SELECT revision FROM api.revision`,
      { signal: request.signal },
    );
    return { status: 'ready', engine: database.engine, revision: row?.revision ?? 0 };
  });
}

const noParameters = { type: 'object', additionalProperties: false, properties: {} } as const;
