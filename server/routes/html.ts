import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import Negotiator from 'negotiator';
import { languages } from '../../client/text/index.ts';
import type { ProblemDocument } from '../errors.ts';
import { type Page, renderPage } from '../html/page.tsx';
import { problemPage } from '../html/problem.tsx';
import { contentSecurityPolicy } from '../html/style.ts';
import { type Words, wordsOf } from '../html/words.ts';
import { baseUrl, mediaTypes } from './links.ts';
import type { Query } from './request.ts';

/** The words that the reader of a page prefers (`Accept-Language`), else English. */
export function wordsFor(request: FastifyRequest, publicUrl: string | undefined): Words {
  const preferred = new Negotiator({ headers: request.headers }).language([...languages]);
  const known = languages.find((code) => code === preferred) ?? 'en';
  return wordsOf(known, baseUrl(request, publicUrl));
}

/** In the language that the address asks for, as the map writes it there, else the reader's. */
export function wordsIn(
  request: FastifyRequest<{ Querystring: Query }>,
  publicUrl: string | undefined,
): Words {
  const words = wordsFor(request, publicUrl);
  const language = languages.find((code) => code === request.query.lang);
  return language === undefined ? words : wordsOf(language, words.base);
}

/** Sends a page. */
export function sendHtml(reply: FastifyReply, words: Words, page: Page): FastifyReply {
  return asHtml(reply, words).send(renderPage(words, page));
}

/** Says that what is sent is a page: no script may run in it, nothing may be fetched for it. */
function asHtml(reply: FastifyReply, { language }: Words): FastifyReply {
  return reply
    .type(`${mediaTypes.html}; charset=utf-8`)
    .header('content-language', language)
    .header('content-security-policy', contentSecurityPolicy);
}

/** Which pages may show one of ours in a frame (CSP, `frame-ancestors`). */
export const framing = {
  byAnyone: 'frame-ancestors *',
  byItself: "frame-ancestors 'self'",
} as const;

const problemType = 'application/problem+json';

/** Turns the problem documents of all routes into pages for those who ask for pages. */
export function explainProblems(app: FastifyInstance, publicUrl: string | undefined): void {
  app.addHook('onSend', async (request, reply, payload) => {
    const type = reply.getHeader('content-type');
    if (typeof type !== 'string' || !type.startsWith(problemType)) return payload;
    if (typeof payload !== 'string' || !prefersPage(request)) return payload;
    const problem: ProblemDocument = JSON.parse(payload);
    const words = wordsFor(request, publicUrl);
    asHtml(reply, words).removeHeader('content-length');
    return renderPage(words, problemPage(words, problem));
  });
}

/** Whether a reader would rather have a page than a document, whatever was asked for. */
function prefersPage(request: FastifyRequest): boolean {
  if (/[?&]f=html(?:&|$)/.test(request.url)) return true;
  const negotiator = new Negotiator({ headers: { accept: request.headers.accept ?? '*/*' } });
  const types = [problemType, mediaTypes.json, mediaTypes.geojson, mediaTypes.html];
  return negotiator.mediaType(types) === mediaTypes.html;
}
