import assert from 'node:assert/strict';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import sql from 'sql-template-tag';
import { loadFiles } from '../../geodata/load.ts';
import { buildApp } from '../../server/app.ts';
import type { Database } from '../../server/db/database.ts';
import { migrate } from '../../server/db/migrate.ts';
import { openReplicated } from '../../server/db/replicated.ts';
import { openServer } from '../../server/db/server.ts';
import { root } from '../helpers/atlas.ts';
import { addCopy } from '../helpers/incidents.ts';
import {
  serverDirectory,
  startPrimary,
  startStandby,
  withoutPostgres,
} from '../helpers/postgres.ts';

/** What stands in `recovery`: whether a standby answers. */
async function isStandby(database: Database): Promise<boolean> {
  const [row] = await database.query<{ standby: boolean }>(
    sql`SELECT pg_is_in_recovery() AS standby`,
  );
  return row?.standby ?? false;
}

async function until(condition: () => Promise<boolean>, what: string): Promise<void> {
  for (let waited = 0; waited < 30_000; waited += 100) {
    if (await condition()) return;
    await sleep(100);
  }
  assert.fail(`${what} did not come to be`);
}

async function administer(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(statement).finally(() => client.end());
}

test('reads go to a standby, and never back in time', {
  skip: withoutPostgres ?? false,
  timeout: 300_000,
}, async (context: TestContext) => {
  const directory = await serverDirectory(context);
  const primary = await startPrimary(context, directory);
  const loader = await openServer(primary.url);
  await migrate(loader, path.join(root, 'migrations'), () => undefined);
  await loadFiles(loader, path.join(root, 'geodata'), () => undefined);
  await loader.close();
  const standby = await startStandby(context, directory, primary);

  const log: string[] = [];
  const open = async () => {
    const database = await openReplicated(primary.url, [standby.url], {
      lookMs: 100,
      behindMs: 500,
      log: (message) => log.push(message),
    });
    context.after(() => database.close());
    return database;
  };
  const database = await open();
  const app = await buildApp({ config: { publicUrl: undefined }, database });
  context.after(() => app.close());
  const items = async (headers: Record<string, string> = {}) => {
    const url = '/api/collections/incidents/items?limit=1';
    const response = await app.inject({ url, headers });
    return {
      status: response.statusCode,
      tag: String(response.headers.etag),
      matched: response.statusCode === 200 ? response.json().numberMatched : undefined,
    };
  };

  await context.test('the standby reads once it is there', async () => {
    await until(() => isStandby(database), 'reading from the standby');
    assert.equal((await items()).matched, 69);
  });

  await context.test('a write shows within a second', async () => {
    await addCopy(database, '2025-08-05-lozova', 'made-1', '2025-08-05');
    const start = performance.now();
    await until(async () => (await items()).matched === 70, 'the write');
    assert.ok(performance.now() - start < 1000, `${performance.now() - start} ms`);
  });

  await context.test('a standby that stays behind is passed over, and taken again', async () => {
    await administer(standby.url, 'SELECT pg_wal_replay_pause()');
    await addCopy(database, '2025-08-05-lozova', 'made-2', '2025-08-05');
    await until(async () => (await items()).matched === 71, 'the write');
    assert.equal(await isStandby(database), false);
    // From now on nothing older is answered, whatever becomes of the servers.
    for (let reads = 0; reads < 20; reads += 1) assert.equal((await items()).matched, 71);
    await administer(standby.url, 'SELECT pg_wal_replay_resume()');
    await until(() => isStandby(database), 'reading from the standby');
    assert.equal((await items()).matched, 71);
  });

  await context.test('a reader who saw more elsewhere is not shown less here', async () => {
    const other = await open();
    const otherApp = await buildApp({ config: { publicUrl: undefined }, database: other });
    context.after(() => otherApp.close());
    await until(() => isStandby(other), 'reading from the standby');
    await administer(standby.url, 'SELECT pg_wal_replay_pause()');
    await addCopy(database, '2025-08-05-lozova', 'made-3', '2025-08-05');
    await until(async () => (await items()).matched === 72, 'the write');
    const { tag } = await items();
    // At once: the other copy has not yet noticed that its standby is behind.
    const response = await otherApp.inject({
      url: '/api/collections/incidents/items?limit=1',
      headers: { 'if-none-match': tag },
    });
    assert.ok(response.statusCode === 304 || response.json().numberMatched === 72, response.body);
    const nobodys = await otherApp.inject({
      url: '/api/collections/incidents/items?limit=1',
      headers: { 'if-none-match': 'W/"999999999.0-0-x"' },
    });
    assert.equal(nobodys.statusCode, 200);
    await administer(standby.url, 'SELECT pg_wal_replay_resume()');
  });

  await context.test('a standby that is killed is missed by nobody', async () => {
    await until(() => isStandby(database), 'reading from the standby');
    await standby.kill();
    for (let reads = 0; reads < 20; reads += 1) {
      assert.deepEqual(await items().then(({ status, matched }) => [status, matched]), [200, 72]);
    }
    assert.equal(await isStandby(database), false);
    await standby.start();
    await until(() => isStandby(database), 'reading from the standby');
  });

  await context.test('without the primary reads go on, writes fail', async () => {
    await primary.kill();
    for (let reads = 0; reads < 20; reads += 1) {
      assert.deepEqual(await items().then(({ status, matched }) => [status, matched]), [200, 72]);
      await sleep(50);
    }
    assert.equal(await isStandby(database), true);
    await assert.rejects(addCopy(database, '2025-08-05-lozova', 'made-4', '2025-08-05'), {
      kind: 'unavailable',
    });
    await primary.start();
    await until(
      () =>
        addCopy(database, '2025-08-05-lozova', 'made-5', '2025-08-05').then(
          () => true,
          () => false,
        ),
      'writing',
    );
    await until(async () => (await items()).matched === 73, 'the write');
  });
  assert.ok(log.some((line) => /^Reads go to the replica at 127\.0\.0\.1:\d+$/.test(line)));
});
