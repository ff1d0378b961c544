import assert from 'node:assert/strict';
import { request } from 'node:http';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import sql from 'sql-template-tag';
import { buildApp } from '../../server/app.ts';
import type { Database } from '../../server/db/database.ts';
import { atlasDatabase } from '../helpers/atlas.ts';

/** Longer than the test waits; what it does takes time and no privilege, on both engines. */
const slow = sql`SELECT count(*) FROM generate_series(1, 300000000) AS n WHERE sqrt(n) < 0`;

interface Log {
  /** Reads whose slow statement was sent. */
  begun: number;
  /** How reads ended that did. */
  readonly ended: string[];
}

/** The database, on which every read but that of the revision begins with a statement that takes very long. */
function slowed(database: Database, log: Log): Database {
  const watched = <Result>(work: Promise<Result>): Promise<Result> =>
    work.catch((error: unknown) => {
      log.ended.push(error instanceof Error ? error.name : String(error));
      throw error;
    });
  return {
    engine: database.engine,
    load: () => database.load(),
    close: () => database.close(),
    query: (statement, options) => {
      if (statement.name === 'revision') return database.query(statement, options);
      log.begun += 1;
      return watched(database.query(slow, options).then(() => database.query(statement, options)));
    },
    transaction: (mode, work, options) =>
      watched(
        database.transaction(
          mode,
          async (session) => {
            log.begun += 1;
            await session.query(slow, options);
            return work(session);
          },
          options,
        ),
      ),
  };
}

async function until(condition: () => boolean, message: string): Promise<void> {
  for (let waited = 0; !condition(); waited += 50) {
    assert.ok(waited < 20_000, message);
    await sleep(50);
  }
}

test('a request that the client abandons stops costing', async (context: TestContext) => {
  const database = await atlasDatabase(context);
  const log: Log = { begun: 0, ended: [] };
  const app = await buildApp({
    config: { publicUrl: undefined },
    database: slowed(database, log),
  });
  context.after(() => app.close());
  const address = new URL(await app.listen({ host: '127.0.0.1', port: 0 }));
  const urls = [
    '/api/collections/incidents/items?limit=10',
    '/api/collections/incidents/items?limit=10&as_of=2026-01-01',
    '/api/collections/incidents/items?f=csv',
    '/api/collections/incidents/aggregate?by=type',
    '/api/collections/incidents/facets',
  ];
  for (const [index, path] of urls.entries()) {
    const client = request({ host: '127.0.0.1', port: address.port, path });
    client.on('error', () => undefined);
    client.end();
    await until(() => log.begun === index + 1, `${path} does not begin`);
    await sleep(300);
    assert.equal(log.ended.length, index, `${path} ended by itself: ${log.ended}`);
    client.destroy();
    await until(() => log.ended.length === index + 1, `${path} runs on`);
  }
  // The engine is free again: this would wait for what still runs.
  const start = performance.now();
  const [running] = await database.query<{ count: number }>(
    sql`SELECT count(*)::integer AS count FROM pg_stat_activity
         WHERE datname = current_database() AND state = 'active' AND query LIKE '%sqrt(n)%'
           AND pid <> pg_backend_pid()`,
  );
  assert.equal(running?.count, 0);
  assert.ok(performance.now() - start < 15_000);
});
