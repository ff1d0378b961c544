import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { brotliCompress, constants, createBrotliCompress, createGzip, gzip } from 'node:zlib';
import type { FastifyRequest } from 'fastify';

/** Content codings of bodies that we compress ourselves, because their ETag names the coding. */
export type Coding = 'br' | 'gzip' | 'identity';

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

/** The best coding that the request takes. */
export function codingFor(request: FastifyRequest): Coding {
  const accepted = request.headers['accept-encoding'] ?? '';
  const takes = (coding: string) =>
    accepted
      .split(',')
      .some((part) => part.trim().startsWith(coding) && !/;\s*q=0(?:\.0*)?$/.test(part.trim()));
  if (takes('br')) return 'br';
  return takes('gzip') ? 'gzip' : 'identity';
}
