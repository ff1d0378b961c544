import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:net';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Client } from 'pg';
import sql from 'sql-template-tag';
import { DatabaseError } from '../../server/db/errors.ts';
import { openServer } from '../../server/db/server.ts';
import { testDatabase } from '../helpers/database.ts';

const migrations = fileURLToPath(new URL('migrations', import.meta.url));
const serverUrl = process.env.TEST_DATABASE_URL;
const skip = serverUrl === undefined ? 'TEST_DATABASE_URL is not set' : false;

function isUnavailable(error: unknown): boolean {
  assert.ok(error instanceof DatabaseError, String(error));
  assert.equal(error.kind, 'unavailable');
  return true;
}

/** Runs a statement as the tests' own user, outside the database under test. */
async function administrate(text: string, values: unknown[]): Promise<unknown[]> {
  const client = new Client({ connectionString: serverUrl });
  await client.connect();
  const { rows } = await client.query(text, values).finally(() => client.end());
  return rows;
}

test('a server that is not there is unavailable', async () => {
  await assert.rejects(openServer('postgresql://nobody@127.0.0.1:1/none'), (error) => {
    isUnavailable(error);
    assert.ok(error instanceof DatabaseError);
    assert.equal(error.code, 'ECONNREFUSED');
    assert.doesNotMatch(error.message, /127\.0\.0\.1|ECONN/);
    return true;
  });
});

test('a server that accepts and says nothing is unavailable after a while', async (context) => {
  const mute: Server = createServer(() => undefined);
  await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
  context.after(() => mute.close());
  const address = mute.address();
  assert.ok(typeof address === 'object' && address !== null);
  const url = `postgresql://nobody@127.0.0.1:${address.port}/none`;
  await assert.rejects(openServer(url, { connectMs: 300 }), isUnavailable);
});

test('lost connections: one clean error at most, then everything goes on', {
  skip,
}, async (context) => {
  const database = await testDatabase(context, { migrations });
  const [row] = await database.query<{ name: string }>(
    sql`SELECT current_database()::text AS name`,
  );
  const reading = database.query(sql`SELECT pg_sleep(30)`);
  const writing = database.transaction('write', async (session) => {
    await session.query(sql`INSERT INTO atlas.item (id, label) VALUES (1, 'one')`);
    await session.query(sql`SELECT pg_sleep(30)`);
  });
  const rejected = [assert.rejects(reading, isUnavailable), assert.rejects(writing, isUnavailable)];
  await sleep(300);
  await administrate('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [
    row?.name,
  ]);
  await Promise.all(rejected);
  assert.deepEqual(await database.query(sql`SELECT id FROM api.item`), []);
  await database.transaction('write', (session) =>
    session.query(sql`INSERT INTO atlas.item (id, label) VALUES (1, 'one')`),
  );
});

test('an aborted statement stops on the server too', { skip }, async (context) => {
  const database = await testDatabase(context, { migrations });
  const leaver = new AbortController();
  const slow = sql`SELECT 'left alone', pg_sleep(25)`;
  const running = database.query(slow, { signal: leaver.signal });
  setTimeout(() => leaver.abort(new Error('gone')), 200);
  await assert.rejects(running, /gone/);
  const active = `SELECT FROM pg_stat_activity
                   WHERE state = 'active' AND query LIKE 'SELECT ''left alone''%'`;
  for (let tries = 0; (await administrate(active, [])).length > 0; tries += 1) {
    assert.ok(tries < 50, 'still running');
    await sleep(50);
  }
});

test('the connections are named and use the reader role', { skip }, async (context) => {
  const database = await testDatabase(context, { migrations });
  assert.deepEqual(
    await database.query(
      sql`SELECT current_setting('application_name') AS name, current_user::text AS role,
                 current_setting('jit') AS compiles`,
    ),
    [{ name: 'strike-atlas', role: 'strike_atlas_reader', compiles: 'off' }],
  );
});
