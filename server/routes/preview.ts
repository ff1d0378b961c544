import type { FastifyInstance } from 'fastify';
import { LRUCache } from 'lru-cache';
import type { Database } from '../db/database.ts';
import { ProblemError } from '../errors.ts';
import { previewPicture } from '../html/preview.tsx';
import type { Words } from '../html/words.ts';
import { geometryOf, isFeatureId, itemById } from '../queries/items.ts';
import { holds, notModified, setTag, strongTag } from './caching.ts';
import { wordsIn } from './html.ts';
import { mediaTypes } from './links.ts';
import type { Query } from './request.ts';

const cacheBytes = 16 * 1024 * 1024;
/** What an entry takes beside its bytes, roughly. */
const entryOverhead = 500;

interface PreviewRequest {
  readonly id: string;
  readonly words: Words;
}

/** `/incidents/{id}/preview.png`: what is shown of an incident where its address is shared. */
export function previewRoutes(
  app: FastifyInstance,
  database: Database,
  publicUrl: string | undefined,
): void {
  // One drawing serves all who ask for the same picture at the same time.
  const cache = new LRUCache<string, Uint8Array, PreviewRequest>({
    maxSize: cacheBytes,
    sizeCalculation: (body, key) => body.byteLength + key.length + entryOverhead,
    fetchMethod: async (_key, _stale, { context: { id, words } }) => {
      const feature = await itemById(database, 'incidents', id, 'point', {});
      if (feature === undefined) return undefined;
      const area = geometryOf(await itemById(database, 'incidents', id, 'area', {}));
      return previewPicture(words, feature, area);
    },
  });

  app.get<{ Params: { id: string }; Querystring: Query }>(
    '/incidents/:id/preview.png',
    { schema: { hide: true } },
    async (request, reply) => {
      const { id } = request.params;
      const words = wordsIn(request, publicUrl);
      const tag = strongTag(request, words.language);
      if (holds(request, tag)) return notModified(reply, tag);
      const key = `${request.revision} ${words.language} ${id}`;
      const body = isFeatureId(id) ? await cache.fetch(key, { context: { id, words } }) : undefined;
      if (body === undefined) {
        throw new ProblemError('not-found', `There is no incident '${id.slice(0, 100)}'.`);
      }
      setTag(reply, tag);
      return reply.type(mediaTypes.png).send(Buffer.from(body));
    },
  );
}
