import { createHash, hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { LRUCache } from 'lru-cache';
import type { Database } from '../db/database.ts';
import { type Revision, readRevision } from '../queries/revision.ts';
import { Together } from '../queries/together.ts';
import { version } from '../version.ts';
import { codingFor, isText } from './coding.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** State of the data that the response is made from; set where {@link cacheByRevision} applies. */
    revision: string;
    /** No incident's time is longer in that state. Milliseconds. */
    longestMs: number;
    /** Whether the text of the response may be sent again, to others and later. */
    mayBeKept: boolean;
  }
  interface FastifyContextConfig {
    /** The route reads the revision with what it answers, where the record is asked for as it stands. */
    readsRevision?: boolean;
  }
}

/** What a body takes beside its bytes, roughly. */
const entryOverhead = 1_000;

/** A response that was made, as it is sent again. */
interface Made {
  readonly headers: ReturnType<FastifyReply['getHeaders']>;
  readonly body: Buffer;
}

export interface RevisionCache {
  /** What else the responses are made of, where that is not the data and the software alone. */
  readonly made?: string;
  /** Memory for bodies, in bytes. */
  readonly maxBytes: number;
}

/**
 * Gives every response of a group of routes an ETag made of the data's revision, and answers 304
 * where the reader has that response already, before any other query is made. Text that was made is
 * kept as it went out, in its coding, and is sent again to whoever asks for the same until the data
 * change: to compress a page costs more than to make it.
 */
export function cacheByRevision(
  app: FastifyInstance,
  database: Database,
  { made = '', maxBytes }: RevisionCache,
): void {
  const shared = new Together<'now', Revision>(async () => {
    const revision = await readRevision(database, {});
    return new Map([['now', revision]]);
  });
  const bodies = new LRUCache<string, Made>({
    maxSize: maxBytes,
    maxEntrySize: Math.max(1, Math.floor(maxBytes / 8)),
    sizeCalculation: ({ body }, key) => body.byteLength + key.length + entryOverhead,
  });
  /** The last that was read, by whichever request. */
  let latest = '';
  /** Whether nothing need be known of the revision before: nothing is compared with it, nothing kept under it. */
  const readsRevision = (request: FastifyRequest): boolean =>
    request.routeOptions.config.readsRevision === true &&
    request.headers['if-none-match'] === undefined &&
    isOfNow(request.query) &&
    !bodies.has(keyOf(request, latest));
  app.decorateRequest('revision', '');
  app.decorateRequest('longestMs', Number.POSITIVE_INFINITY);
  app.decorateRequest('mayBeKept', true);
  app.addHook('onRequest', async (request, reply) => {
    if (!isRead(request)) return;
    if (readsRevision(request)) return;
    const notBefore = revisionSeen(request);
    const revision =
      notBefore === 0
        ? await shared.next('now')
        : await readRevision(database, { signal: request.signal, notBefore });
    if (revision === undefined) throw new Error('the revision was not read');
    request.revision = latest = `${revision.name}${made}`;
    request.longestMs = revision.longestMs;
    const tag = weakTag(request);
    if (holds(request, tag)) return notModified(reply, tag);
    const kept = bodies.get(keyOf(request));
    if (kept === undefined) return;
    return reply.headers(kept.headers).header('cache-status', 'bodies; hit').send(kept.body);
  });
  app.addHook('onSend', async (request, reply, payload: unknown) => {
    if (!isRead(request) || reply.statusCode !== 200) return payload;
    latest = request.revision;
    if (!reply.hasHeader('etag')) setTag(reply, weakTag(request));
    // Whether there is anything at all is known only now (RFC 9110, 13.1.2).
    if (request.headers['if-none-match']?.trim() === '*') {
      for (const name of Object.keys(reply.getHeaders())) {
        if (name.startsWith('content-')) reply.removeHeader(name);
      }
      reply.code(304);
      // Fastify measures the body of a HEAD before it leaves it out.
      if (request.method === 'HEAD') return payload;
      if (payload instanceof Readable) payload.destroy();
      return null;
    }
    // What comes out of a cache, this one or that of tiles, says so.
    if (!request.mayBeKept || reply.hasHeader('cache-status') || !isText(reply)) return payload;
    if (typeof payload !== 'string' && !Buffer.isBuffer(payload)) return payload;
    const body = Buffer.from(payload);
    reply.header('cache-status', 'bodies; fwd=miss');
    bodies.set(keyOf(request), { headers: reply.getHeaders(), body });
    return body;
  });
}

/** {@link cacheByRevision} for pages that are made of a file of the build, whose text it returns. */
export function cachePagesOf(
  app: FastifyInstance,
  database: Database,
  templateFile: string,
  maxBytes: number,
): string {
  const template = readFileSync(templateFile, 'utf8');
  // Another build of the client is another page, whatever the data.
  const made = createHash('sha256').update(template).digest('hex').slice(0, 8);
  cacheByRevision(app, database, { made, maxBytes });
  return template;
}

const isOfNow = (query: unknown): boolean =>
  typeof query === 'object' && query !== null && !('as_of' in query) && !('known_by' in query);

const isRead = ({ method }: FastifyRequest): boolean => method === 'GET' || method === 'HEAD';

/** The newest revision among the tags that the reader holds, perhaps from another copy of the service. */
function revisionSeen({ headers }: FastifyRequest): number {
  const seen = headers['if-none-match']?.matchAll(/"(\d{1,15})\.\d+-/g) ?? [];
  return Math.max(0, ...Array.from(seen, ([, revision]) => Number(revision)));
}

/** Weak, because a body carries the time at which it was made (RFC 9110, 8.8.1). */
function weakTag(request: FastifyRequest): string {
  return `W/"${stateOf(request)}"`;
}

/**
 * Strong: the same tag means the same bytes, so the coding of the body is part of it. `revision` is the
 * state of what the response shows, where that is known to be older than that of all data.
 */
export function strongTag(
  request: FastifyRequest,
  coding: string,
  revision = request.revision,
): string {
  return `"${stateOf(request, revision)}-${coding}"`;
}

/**
 * The data, the software and what is asked of them: one address's tag never fits another, so that
 * a request that is to be refused is not answered with 304.
 */
function stateOf(request: FastifyRequest, revision = request.revision): string {
  const name = hash('sha256', asked(request), 'base64url').slice(0, 12);
  return `${revision}-${version}-${name}`;
}

/** By what a body is kept: all that it depends on, and its coding. */
function keyOf(request: FastifyRequest, revision = request.revision): string {
  return `${revision} ${codingFor(request)} ${asked(request)}`;
}

/** All of a request that its response depends on, but for the coding. */
function asked(request: FastifyRequest): string {
  const language = mayBePage(request) ? request.headers['accept-language'] : '';
  return `${request.url} ${request.headers.host} ${request.headers.accept} ${language}`;
}

/** Whether the response may be a page, which is in the reader's language. */
function mayBePage({ url, headers }: FastifyRequest): boolean {
  return (
    /^\/(?:(?:index\.html|embed)?(?:\?|$)|incidents\/|regions\/)|[?&]f=html(?:&|$)/.test(url) ||
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
