import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import sql from 'sql-template-tag';
import type { Database } from '../../server/db/database.ts';
import { DatabaseError } from '../../server/db/errors.ts';
import { readFeature } from '../../server/formats/feature.ts';
import {
  type ExportRequest,
  type ExportSettings,
  Exports,
  newestItems,
} from '../../server/queries/export.ts';
import { featuresIn, itemsPage } from '../../server/queries/items.ts';
import { collectionIds } from '../../server/routes/collections.ts';
import { atlasDatabase } from '../helpers/atlas.ts';

const everything: ExportRequest = { filter: {}, geometry: 'point', at: {} };
/** So little that the transaction waits after every page. */
const stepwise: Partial<ExportSettings> = { pageSize: 10, readAhead: 1 };

const isDatabaseError = (kind: DatabaseError['kind']) => (error: unknown) =>
  error instanceof DatabaseError && error.kind === kind;

async function all(pages: AsyncIterable<readonly string[]>): Promise<string[]> {
  const features: string[] = [];
  for await (const page of pages) features.push(...page);
  return features;
}

/** Works only while fewer than all sessions of the database are held by transactions. */
async function assertIsFree(database: Database): Promise<void> {
  const signal = AbortSignal.timeout(5_000);
  assert.equal((await database.query(sql`SELECT 1 AS one`, { signal })).length, 1);
}

test('exports', async (context) => {
  const database = await atlasDatabase(context);

  await context.test('an export is what the pages of items are together', async () => {
    const exports = new Exports(database, { pageSize: 7 });
    const filter = { type: ['drone_strike'] } as const;
    const requests = collectionIds.map((id) => [id, everything] as const);
    for (const [id, request] of [...requests, ['incidents', { ...everything, filter }] as const]) {
      if (id === 'places') continue;
      const page = await itemsPage(
        database,
        id,
        { ...request, limit: 10_000, cursor: undefined },
        {},
      );
      const { numberMatched, pages } = await exports.open(id, request, {});
      assert.equal(numberMatched, page.numberMatched);
      assert.deepEqual(await all(pages), featuresIn(page));
    }
  });

  await context.test('an export of nothing is empty', async () => {
    const exports = new Exports(database);
    const filter = { q: 'no incident says this' };
    const { numberMatched, pages } = await exports.open('incidents', { ...everything, filter }, {});
    assert.equal(numberMatched, 0);
    assert.deepEqual(await all(pages), []);
  });

  await context.test('leaving an export ends its transaction', async () => {
    const exports = new Exports(database, stepwise);
    for (let round = 0; round < 12; round += 1) {
      const { pages } = await exports.open('incidents', everything, {});
      for await (const page of pages) {
        assert.equal(page.length, 10);
        break;
      }
    }
    await assertIsFree(database);
  });

  await context.test('the signal ends an export and its transaction', async () => {
    const exports = new Exports(database, stepwise);
    const client = new AbortController();
    const { pages } = await exports.open('incidents', everything, { signal: client.signal });
    client.abort(new Error('the client has left'));
    await assert.rejects(all(pages), /the client has left/);
    await assertIsFree(database);
    await assert.rejects(
      exports.open('incidents', everything, { signal: client.signal }),
      /the client has left/,
    );
  });

  await context.test('a transaction does not wait for ever for its pages to be taken', async () => {
    const exports = new Exports(database, { ...stepwise, patienceMs: 100 });
    const { pages } = await exports.open('incidents', everything, {});
    await wait(300);
    await assertIsFree(database);
    await assert.rejects(all(pages), isDatabaseError('timeout'));
  });

  await context.test(
    'what fits into the memory is read ahead, and the transaction is over',
    async () => {
      const exports = new Exports(database, { pageSize: 10, patienceMs: 1 });
      const { numberMatched, pages } = await exports.open('incidents', everything, {});
      await assertIsFree(database);
      await wait(100);
      assert.equal((await all(pages)).length, numberMatched);
    },
  );

  await context.test('further exports wait for their turn', async () => {
    const exports = new Exports(database, { ...stepwise, transactions: 1, patienceMs: 60_000 });
    const first = await exports.open('incidents', everything, {});
    const client = new AbortController();
    const left = exports.open('claims', everything, { signal: client.signal });
    const second = exports.open('sources', everything, {});
    client.abort(new Error('the client has left'));
    await assert.rejects(left, /the client has left/);
    assert.equal((await all(first.pages)).length, first.numberMatched);
    const { numberMatched, pages } = await second;
    assert.equal((await all(pages)).length, numberMatched);
  });

  await context.test('a turn that does not come is refused', async () => {
    const settings = { ...stepwise, transactions: 1, turnMs: 100, patienceMs: 60_000 };
    const exports = new Exports(database, settings);
    const { numberMatched, pages } = await exports.open('incidents', everything, {});
    await assert.rejects(exports.open('claims', everything, {}), isDatabaseError('unavailable'));
    assert.equal((await all(pages)).length, numberMatched);
  });

  await context.test('the newest are those last recorded or changed', async () => {
    await database.transaction('write', (session) =>
      session.query(sql`UPDATE atlas.incident SET summary = summary || ' More.'
                       WHERE id = '2025-04-24-kyiv'`),
    );
    const newest = await newestItems(database, 'incidents', { filter: {}, limit: 3 }, {});
    const read = newest.map(readFeature);
    assert.equal(read[0]?.id, '2025-04-24-kyiv');
    // The rest was loaded in one go: the latest incidents come first.
    const times = read.slice(1).map(({ properties }) => String(properties.starts_at));
    assert.deepEqual(times, times.toSorted().reverse());
    for (const collection of ['claims', 'sources'] as const) {
      const features = await newestItems(database, collection, { filter: {}, limit: 5 }, {});
      assert.equal(features.length, 5);
    }
  });

  await context.test('an export is of one state, whatever is written meanwhile', async () => {
    const exports = new Exports(database, stepwise);
    const before = await all((await exports.open('incidents', everything, {})).pages);
    const { pages } = await exports.open('incidents', everything, {});
    // The embedded engine makes the writer wait; a server lets it go ahead.
    const written = database.transaction('write', (session) =>
      session.query(
        sql`UPDATE atlas.incident SET status = 'retracted' WHERE type = 'drone_strike'`,
      ),
    );
    if (database.engine === 'server') await written;
    assert.deepEqual(await all(pages), before);
    await written;
    const after = await all((await exports.open('incidents', everything, {})).pages);
    assert.ok(after.length < before.length);
  });

  await context.test('what is wrong shows before there are pages', async () => {
    const exports = new Exports(database);
    const at = { asOf: 'no instant' };
    await assert.rejects(
      exports.open('incidents', { ...everything, at }, {}),
      isDatabaseError('value'),
    );
    await database.close();
    await assert.rejects(exports.open('incidents', everything, {}));
  });
});
