import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import sql, { raw } from 'sql-template-tag';
import { changesSchema } from '../../server/routes/schemas.ts';
import { atlasApp } from '../helpers/atlas.ts';

const ajv = new Ajv({ strict: false });
formats.default(ajv);

interface Changes {
  readonly links: readonly { readonly rel: string; readonly href: string }[];
  readonly numberMatched: number;
  readonly changes: readonly {
    readonly collection: string;
    readonly id: string;
    readonly change: string;
  }[];
}

test('changes since an instant', async (context: TestContext) => {
  const { app, database } = await atlasApp(context);
  const read = async (url: string): Promise<Changes> => {
    const response = await app.inject({ url });
    assert.equal(response.statusCode, 200, response.body);
    const body = response.json<Changes>();
    assert.ok(ajv.validate(changesSchema, body), JSON.stringify(ajv.errors));
    return body;
  };
  const since = (instant: string) => read(`/api/changes?since=${encodeURIComponent(instant)}`);
  const update = (statement: string) =>
    database.transaction('write', (session) => session.query(sql`UPDATE ${raw(statement)}`));
  const revisionAt = async () => {
    const [row] = await database.query<{ at: string }>(sql`SELECT at FROM revision`);
    return row?.at ?? '';
  };

  const loaded = await revisionAt();
  const everything = await since('2020-01-01');
  assert.equal(everything.numberMatched, 69 + 621 + 346 + 12);
  assert.ok(everything.changes.every(({ change }) => change === 'added'));
  assert.deepEqual((await since(loaded)).changes, []);
  // A date is the start of its day, which everything was loaded on.
  assert.equal((await since(loaded.slice(0, 10))).numberMatched, everything.numberMatched);

  // One load changes everything at one instant: pages go by more than the time.
  const walked: string[] = [];
  let url: string | undefined = '/api/changes?since=2020-01-01&limit=100';
  for (let pages = 0; url !== undefined && pages < 20; pages += 1) {
    const page: Changes = await read(url);
    assert.equal(page.numberMatched, everything.numberMatched);
    walked.push(...page.changes.map(({ collection, id }) => `${collection} ${id}`));
    url = page.links.find(({ rel }) => rel === 'next')?.href.replace('https://atlas.example', '');
  }
  assert.equal(url, undefined);
  assert.equal(walked.length, everything.numberMatched);
  assert.equal(new Set(walked).size, walked.length);

  await update(`atlas.incident SET title = 'Another title' WHERE id = '2025-08-05-lozova'`);
  await update(`atlas.incident SET status = 'retracted' WHERE id = '2025-09-04-luhansk-oil-depot'`);
  await update(`atlas.source SET status = 'draft' WHERE id = 'objectiv-lozova-0808'`);
  const { changes } = await since(loaded);
  const seen = changes.map(({ collection, id, change }) => `${collection} ${id} ${change}`);
  assert.ok(seen.includes('incidents 2025-08-05-lozova changed'));
  assert.ok(seen.includes('incidents 2025-09-04-luhansk-oil-depot withdrawn'));
  assert.ok(seen.includes('sources objectiv-lozova-0808 withdrawn'));
  assert.equal(seen.length, 3);

  const edited = await revisionAt();
  await update(`atlas.incident SET status = 'published' WHERE id = '2025-09-04-luhansk-oil-depot'`);
  assert.deepEqual(
    (await since(edited)).changes.map(({ id, change }) => [id, change]),
    [['2025-09-04-luhansk-oil-depot', 'added']],
  );

  for (const [query, value] of [
    ['', ''],
    ['since=yesterday', 'yesterday'],
    ['since=2020-01-01/2021-01-01', '2020-01-01/2021-01-01'],
  ]) {
    const response = await app.inject({ url: `/api/changes?${query}` });
    assert.equal(response.statusCode, 400);
    assert.equal(response.json<{ value: string }>().value, value);
  }
});
