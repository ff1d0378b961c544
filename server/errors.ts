import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { DatabaseError } from './db/errors.ts';
import { ParameterError } from './domain/parameter-error.ts';
import { codesOf } from './domain/vocabulary.ts';

/**
 * Every kind of problem that the API answers with: its status and its title (RFC 9457), and a
 * detail as an example.
 */
export const problems = {
  'invalid-parameter': {
    status: 400,
    title: 'A parameter cannot be honoured',
    example: 'Parameter limit must be a whole number of at least 1.',
  },
  'malformed-request': {
    status: 400,
    title: 'The request is malformed',
    example: 'The address could not be read.',
  },
  'not-found': {
    status: 404,
    title: 'There is nothing at this address',
    example: "There is no feature 'nowhere' in incidents.",
  },
  'method-not-allowed': {
    status: 405,
    title: 'This address can only be read',
    example: 'POST is not possible here; GET, HEAD, OPTIONS are.',
  },
  'not-acceptable': {
    status: 406,
    title: 'None of the acceptable media types is available',
    example: 'Accept takes none of what there is: application/geo+json, application/json.',
  },
  'address-too-long': {
    status: 414,
    title: 'The address is too long',
    example: 'A part of the path is longer than 1000 characters.',
  },
  'headers-too-large': {
    status: 431,
    title: 'The request headers are too large',
    example: 'The request could not be read.',
  },
  'internal-error': {
    status: 500,
    title: 'The server failed',
    example: 'The fault is ours and has been logged.',
  },
  unavailable: {
    status: 503,
    title: 'The database cannot answer now',
    example: 'The database is busy or restarting; try again in a few seconds.',
  },
} as const satisfies Record<string, { status: number; title: string; example: string }>;

export type ProblemCode = keyof typeof problems;

/** Which kind of problem a document tells of. */
export function codeOf({ type }: ProblemDocument): ProblemCode | undefined {
  return codesOf(problems).find((code) => type === typeOf(code));
}

const typeOf = (code: ProblemCode) => `urn:strike-atlas:problem:${code}`;

/** A request that ends in a problem document. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly code: ProblemCode;

  constructor(code: ProblemCode, detail: string) {
    super(detail);
    this.code = code;
  }
}

/** RFC 9457, with the parameter and the value that were refused where there are any. */
export interface ProblemDocument {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly instance: string;
  readonly parameter?: string;
  readonly value?: string;
}

/** Values longer than this are cut, with an ellipsis, when they are quoted back. */
const quotedLength = 200;

/** Seconds after which a client may try again when the database cannot answer. */
const retryAfter = 5;

/** Makes the document; `instance` is the address asked for, without its query. */
export function problemDocument(
  code: ProblemCode,
  detail: string,
  instance: string,
  parameter?: { readonly name: string; readonly value: string },
): ProblemDocument {
  return {
    type: typeOf(code),
    title: problems[code].title,
    status: problems[code].status,
    detail,
    instance,
    ...(parameter === undefined
      ? {}
      : { parameter: quote(parameter.name), value: quote(parameter.value) }),
  };
}

function quote(text: string): string {
  return text.length > quotedLength ? `${text.slice(0, quotedLength)}…` : text;
}

/** Sends a problem document. */
export function sendProblem(reply: FastifyReply, document: ProblemDocument): FastifyReply {
  if (document.status === problems.unavailable.status) reply.header('retry-after', retryAfter);
  return reply
    .code(document.status)
    .header('cache-control', 'no-store')
    .type('application/problem+json')
    .send(JSON.stringify(document));
}

/** The one error handler: what the client did wrong is explained, what we did wrong is logged. */
export function handleError(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const instance = pathOf(request);
  if (error instanceof ParameterError) {
    const parameter = { name: error.parameter, value: error.value };
    const detail = `Parameter ${quote(error.parameter)} ${error.message}.`;
    sendProblem(reply, problemDocument('invalid-parameter', detail, instance, parameter));
  } else if (error instanceof ProblemError) {
    sendProblem(reply, problemDocument(error.code, error.message, instance));
  } else if (request.signal.aborted) {
    // The client has left; nobody reads this.
    request.log.info('request abandoned');
    const detail = 'The request was abandoned.';
    sendProblem(reply, problemDocument('unavailable', detail, instance));
  } else if (isUnavailable(error)) {
    request.log.warn({ err: error }, 'database unavailable');
    const detail = 'The database is busy or restarting; try again in a few seconds.';
    sendProblem(reply, problemDocument('unavailable', detail, instance));
  } else if (isClientError(error)) {
    const detail = 'The request could not be read.';
    sendProblem(reply, problemDocument('malformed-request', detail, instance));
  } else {
    request.log.error({ err: error }, 'request failed');
    const detail = 'The fault is ours and has been logged.';
    sendProblem(reply, problemDocument('internal-error', detail, instance));
  }
}

/** The request's path, without the query. */
export function pathOf(request: FastifyRequest): string {
  return request.url.split('?', 1)[0] ?? request.url;
}

/** The database is away, busy or too slow: the same request may succeed a little later. */
function isUnavailable(error: unknown): boolean {
  return (
    error instanceof DatabaseError && ['unavailable', 'timeout', 'conflict'].includes(error.kind)
  );
}

/** A request that Fastify itself could not read, such as a malformed header or body. */
function isClientError(error: unknown): error is FastifyError {
  return (
    error instanceof Error &&
    'statusCode' in error &&
    typeof error.statusCode === 'number' &&
    error.statusCode >= 400 &&
    error.statusCode < 500
  );
}
