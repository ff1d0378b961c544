import Fastify, { type FastifyInstance } from 'fastify';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Database } from './db/database.ts';
import { readRevision } from './queries/revision.ts';

/**
 * Counts what an application does, in the form that Prometheus reads (text exposition format 0.0.4):
 * requests with their latencies by route, what caches had, the database's load and its revision,
 * and what Node.js says of the process.
 */
export class Metrics {
  readonly #registry = new Registry();
  readonly #requests = new Histogram({
    name: 'strike_atlas_request_seconds',
    help: 'From the first byte of a request to the last of its answer, by route and status.',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers: [this.#registry],
  });
  readonly #cached = new Counter({
    name: 'strike_atlas_cache_requests_total',
    help: 'Answers by what the cache had: hit, miss, or that the reader had it already (held).',
    labelNames: ['outcome'] as const,
    registers: [this.#registry],
  });

  constructor(database: Database) {
    const registers = [this.#registry];
    collectDefaultMetrics({ register: this.#registry });
    const connections = new Gauge({
      name: 'strike_atlas_database_connections',
      help: 'Connections to the database by what they do, and requests that wait for one.',
      labelNames: ['state'] as const,
      registers,
      collect: () => {
        const load = database.load();
        connections.set({ state: 'busy' }, load.busy);
        connections.set({ state: 'idle' }, load.connections - load.busy);
        connections.set({ state: 'waiting' }, load.waiting);
      },
    });
    const restarts = new Gauge({
      name: 'strike_atlas_embedded_restarts',
      help: 'How often the embedded engine was replaced since the start.',
      registers,
      collect: () => {
        restarts.set(database.load().restarts);
      },
    });
    const revision = new Gauge({
      name: 'strike_atlas_revision',
      help: 'Revision of the record; -1 while the database does not answer.',
      registers,
      collect: async () => {
        revision.set(
          await readRevision(database, {}).then(
            ({ name }) => Number.parseFloat(name),
            () => -1,
          ),
        );
      },
    });
  }

  /** Counts every request of an application from now on. */
  watch(app: FastifyInstance): void {
    app.addHook('onResponse', async ({ method, routeOptions }, reply) => {
      const { statusCode } = reply;
      // A route as it was declared: addresses as they are asked for would be without number.
      const route = routeOptions.url ?? 'unknown';
      this.#requests.observe({ method, route, status: statusCode }, reply.elapsedTime / 1000);
      const outcome = statusCode === 304 ? 'held' : cacheStatus(reply.getHeader('cache-status'));
      if (outcome !== undefined) this.#cached.inc({ outcome });
    });
  }

  /** A server of its own that answers `/metrics` and nothing else. */
  server(): FastifyInstance {
    const app = Fastify({ logger: false });
    app.get('/metrics', async (_request, reply) => {
      reply.type(this.#registry.contentType);
      return this.#registry.metrics();
    });
    return app;
  }
}

/** RFC 9211: whether a cache of ours had it. */
function cacheStatus(header: unknown): 'hit' | 'miss' | undefined {
  if (typeof header !== 'string') return undefined;
  return header.includes('hit') ? 'hit' : 'miss';
}
