import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Database } from '../db/database.ts';
import { readRevision } from '../queries/revision.ts';
import { version } from '../version.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** State of the data that the response is made from; set where {@link cacheByRevision} applies. */
    revision: string;
    /** No incident's time is longer in that state. Milliseconds. */
    longestMs: number;
  }
}

/**
 * Gives every response of a group of routes an ETag made of the data's revision, and answers 304
 * where the reader has that response already, before any other query is made. `made` names what
 * else the responses are made of, where that is not the software alone.
 */
export function cacheByRevision(app: FastifyInstance, database: Database, made = ''): void {
  const shared = new Shared(() => readRevision(database, {}));
  app.decorateRequest('revision', '');
  app.decorateRequest('longestMs', Number.POSITIVE_INFINITY);
  app.addHook('onRequest', async (request, reply) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return;
    const notBefore = revisionSeen(request);
    const revision =
      notBefore === 0
        ? await shared.next()
        : await readRevision(database, { signal: request.signal, notBefore });
    request.revision = `${revision.name}${made}`;
    request.longestMs = revision.longestMs;
    const tag = weakTag(request);
    if (holds(request, tag)) return notModified(reply, tag);
  });
  app.addHook('onSend', async (request, reply, payload: unknown) => {
    if (reply.statusCode !== 200) return payload;
    if (!reply.hasHeader('etag')) setTag(reply, weakTag(request));
    // Whether there is anything at all is known only now (RFC 9110, 13.1.2).
    if (request.headers['if-none-match']?.trim() !== '*') return payload;
    for (const name of Object.keys(reply.getHeaders())) {
      if (name.startsWith('content-')) reply.removeHeader(name);
    }
    reply.code(304);
    // Fastify measures the body of a HEAD before it leaves it out.
    if (request.method === 'HEAD') return payload;
    if (payload instanceof Readable) payload.destroy();
    return null;
  });
}

/**
 * One reading for all who ask while another is on its way: each gets what was begun after it asked,
 * so that a write that came before shows.
 */
class Shared<Value> {
  readonly #read: () => Promise<Value>;
  #running: Promise<unknown> | undefined;
  #waiting: Promise<Value> | undefined;

  constructor(read: () => Promise<Value>) {
    this.#read = read;
  }

  next(): Promise<Value> {
    this.#waiting ??= (this.#running ?? Promise.resolve()).then(() => {
      const reading = this.#read();
      this.#waiting = undefined;
      this.#running = reading.catch(() => undefined);
      return reading;
    });
    return this.#waiting;
  }
}

/** The newest revision among the tags that the reader holds, perhaps from another copy of the service. */
function revisionSeen({ headers }: FastifyRequest): number {
  const seen = headers['if-none-match']?.matchAll(/"(\d{1,15})\.\d+-/g) ?? [];
  return Math.max(0, ...Array.from(seen, ([, revision]) => Number(revision)));
}

/** Weak, because a body carries the time at which it was made (RFC 9110, 8.8.1). */
function weakTag(request: FastifyRequest): string {
  return `W/"${stateOf(request)}"`;
}

/** Strong: the same tag means the same bytes, so the coding of the body is part of it. */
export function strongTag(request: FastifyRequest, coding: string): string {
  return `"${stateOf(request)}-${coding}"`;
}

/**
 * The data, the software and what is asked of them: one address's tag never fits another, so that
 * a request that is to be refused is not answered with 304.
 */
function stateOf(request: FastifyRequest): string {
  const language = mayBePage(request) ? request.headers['accept-language'] : '';
  const asked = `${request.url} ${request.headers.host} ${request.headers.accept} ${language}`;
  const hash = createHash('sha256').update(asked).digest('base64url').slice(0, 12);
  return `${request.revision}-${version}-${hash}`;
}

/** Whether the response may be a page, which is in the reader's language. */
function mayBePage({ url, headers }: FastifyRequest): boolean {
  return (
    /^\/(?:incidents|regions)\/|[?&]f=html(?:&|$)/.test(url) ||
    (headers.accept ?? '').includes('text/')
  );
}

/** Readers may keep the response and must ask whether it still holds. */
export function setTag(reply: FastifyReply, tag: string): void {
  reply.header('etag', tag).header('cache-control', 'public, no-cache');
  const language = mayBePage(reply.request) ? ', Accept-Language' : '';
  reply.header('vary', `Accept, Accept-Encoding${language}`);
}

export function notModified(reply: FastifyReply, tag: string): FastifyReply {
  setTag(reply, tag);
  return reply.code(304).send();
}

/** Whether `If-None-Match` names the tag; compared weakly, as RFC 9110, 13.1.2 asks. */
export function holds(request: FastifyRequest, tag: string): boolean {
  const opaque = (text: string) => text.trim().replace(/^W\//, '');
  const given = request.headers['if-none-match']?.split(',') ?? [];
  return given.some((candidate) => opaque(candidate) === opaque(tag));
}
