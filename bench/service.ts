/**
 * The process that is measured: our service and the plain one over the same database, each on a
 * loopback port. Tells its parent the ports, and its memory when asked.
 */
import Fastify from 'fastify';
import { buildApp } from '../server/app.ts';
import { openDatabase } from '../server/db/open.ts';
import { plainApp } from './plain.ts';

const databaseUrl = process.env.DATABASE_URL ?? '';
const database = await openDatabase({ databaseUrl, dataDir: '', log: () => undefined });
const config = { publicUrl: undefined };
const host = '127.0.0.1';
const ours = await buildApp({ config, database });
// Without room for what has been made every request makes its own.
const cold = await buildApp({ config, database, cacheBytes: 1 });
const plain = plainApp(databaseUrl);

// What it costs to send a tile that lies ready.
const bare = Fastify();
let ready: { readonly body: Buffer; readonly type: string } | undefined;
bare.get('/', (_request, reply) => reply.type(ready?.type ?? '').send(ready?.body));

const ports = {
  ours: await ours.listen({ host, port: 0 }),
  cold: await cold.listen({ host, port: 0 }),
  plain: await plain.listen({ host, port: 0 }),
  bare: await bare.listen({ host, port: 0 }),
};

process.on('message', async (message: unknown) => {
  if (message === 'memory') {
    globalThis.gc?.();
    process.send?.({ memory: process.memoryUsage().rss });
  } else if (typeof message === 'object' && message !== null && 'ready' in message) {
    const response = await fetch(`${ports.ours}${String(message.ready)}`);
    ready = {
      body: Buffer.from(await response.arrayBuffer()),
      type: response.headers.get('content-type') ?? '',
    };
    process.send?.({ memory: 0 });
  } else if (message === 'end') {
    await Promise.all([ours.close(), cold.close(), plain.close(), bare.close()]);
    await database.close();
    process.disconnect();
  }
});
process.send?.({ ports });
