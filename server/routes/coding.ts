import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { brotliCompress, constants, createBrotliCompress, createGzip, gzip } from 'node:zlib';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** Content codings of bodies, the preferred first. */
const codings = ['br', 'gzip', 'identity'] as const;
export type Coding = (typeof codings)[number];

const brotli = { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } };

/** A whole body, compressed. */
export const compress: Readonly<Record<Coding, (body: Uint8Array) => Promise<Uint8Array>>> = {
  br: (body) => promisify(brotliCompress)(body, brotli),
  gzip: (body) => promisify(gzip)(body),
  identity: async (body) => body,
};

/** A stream, compressed; leaving it leaves the stream that it is made of. */
export function compressStream(coding: Coding, stream: Readable): Readable {
  if (coding === 'identity') return stream;
  const compressor = coding === 'br' ? createBrotliCompress(brotli) : createGzip();
  stream.on('error', (error) => compressor.destroy(error));
  compressor.on('close', () => stream.destroy());
  return stream.pipe(compressor);
}

/** The coding that the request likes best (RFC 9110, 12.5.3), the body as it is where it takes none. */
export function codingFor({ headers }: FastifyRequest): Coding {
  const { 'accept-encoding': accepted } = headers;
  // Without the header any coding may be sent, but who can read one says so.
  if (accepted === undefined) return 'identity';
  const weights = new Map(
    accepted.split(',').map((part): [string, number] => {
      const [name = '', ...parameters] = part.split(';').map((text) => text.trim().toLowerCase());
      const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2) ?? '1';
      return [name, Number(weight) || 0];
    }),
  );
  // Negotiator has no way to prefer one of those that are liked alike.
  const weightOf = (coding: Coding) => weights.get(coding) ?? weights.get('*') ?? 0;
  const [best] = codings.toSorted((one, other) => weightOf(other) - weightOf(one));
  return best !== undefined && weightOf(best) > 0 ? best : 'identity';
}

/** Bodies shorter than this gain nothing. Bytes. */
const threshold = 1024;
const compressible = /^(?:text\/|image\/svg|application\/(?:javascript|[\w.+-]*(?:json|xml|yaml)))/;

export function isText(reply: FastifyReply): boolean {
  const type = reply.getHeader('content-type');
  return typeof type === 'string' && compressible.test(type);
}

/**
 * Compresses every body that is text and not compressed yet. A HEAD is answered as GET would be, its
 * length included (RFC 9110, 8.6), so its body is compressed too before it is left out.
 */
export function compressBodies(app: FastifyInstance): void {
  app.addHook('onSend', async (request, reply, payload: unknown) => {
    if (!isText(reply)) return payload;
    if (reply.hasHeader('content-range')) return payload;
    if (!(typeof payload === 'string' || payload instanceof Readable || Buffer.isBuffer(payload))) {
      return payload;
    }
    if (!(payload instanceof Readable) && Buffer.byteLength(payload) < threshold) return payload;
    const vary = reply.getHeader('vary');
    if (!/accept-encoding/i.test(String(vary))) {
      reply.header('vary', vary === undefined ? 'Accept-Encoding' : `${vary}, Accept-Encoding`);
    }
    // What the build left compressed, or is to be compressed with its tag.
    if (reply.hasHeader('content-encoding')) return payload;
    const coding = codingFor(request);
    if (coding === 'identity') return payload;
    reply.header('content-encoding', coding).removeHeader('content-length');
    return payload instanceof Readable
      ? compressStream(coding, payload)
      : compress[coding](Buffer.from(payload));
  });
}
