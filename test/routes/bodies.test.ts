import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { Together } from '../../server/queries/together.ts';
import { atlasApp } from '../helpers/atlas.ts';
import { addCopy } from '../helpers/incidents.ts';

const addresses = [
  '/api/collections/incidents/items/2025-08-05-lozova',
  '/api/collections/incidents/aggregate?by=month,type',
  '/api/collections/incidents/aggregate?by=month,type&f=csv',
  '/api/collections/incidents/facets',
  '/api/collections/incidents/items?f=html',
];

test('a body that was made is sent again until the data change', async (context: TestContext) => {
  const { app, database } = await atlasApp(context);
  const ask = (url: string, headers: Record<string, string> = {}, method: 'GET' | 'HEAD' = 'GET') =>
    app.inject({ method, url, headers });

  for (const url of addresses) {
    const texts = new Set<string>();
    for (const [coding, open] of [
      ['br', brotliDecompressSync],
      ['gzip', gunzipSync],
      ['identity', (body: Buffer) => body],
    ] as const) {
      const headers = { 'accept-encoding': coding };
      const first = await ask(url, headers);
      const again = await ask(url, headers);
      assert.equal(first.headers['cache-status'], 'bodies; fwd=miss', url);
      assert.equal(again.headers['cache-status'], 'bodies; hit', url);
      assert.ok(again.rawPayload.equals(first.rawPayload));
      assert.equal(first.headers['content-encoding'] ?? 'identity', coding);
      const ignored = { 'cache-status': undefined, date: undefined };
      assert.deepEqual({ ...again.headers, ...ignored }, { ...first.headers, ...ignored });
      const head = await ask(url, headers, 'HEAD');
      assert.equal(head.body, '');
      assert.deepEqual({ ...head.headers, ...ignored }, { ...first.headers, ...ignored });
      texts.add(
        open(first.rawPayload)
          .toString()
          .replace(/"timeStamp":"[^"]*"/, ''),
      );
    }
    assert.equal(texts.size, 1, `${url} is another text in another coding`);
  }

  const items = '/api/collections/incidents/facets';
  const matched = async () => (await ask(items)).json<{ numberMatched: number }>().numberMatched;
  const before = await matched();
  await addCopy(database, '2025-08-05-lozova', 'bodies-copy', '2025-08-06');
  assert.equal(await matched(), before + 1, 'a write is in the next answer');
});

test('what a body depends on is what it is kept by', async (context: TestContext) => {
  const { app } = await atlasApp(context);
  const url = '/api/collections/incidents/items/2025-08-05-lozova';
  const status = async (headers: Record<string, string>) =>
    (await app.inject({ url, headers })).headers['cache-status'];
  for (const headers of [
    { host: 'one.example' },
    { host: 'two.example' },
    { accept: 'text/html' },
    { accept: 'text/html', 'accept-language': 'uk' },
    { accept: 'application/geo+json' },
  ]) {
    assert.equal(await status(headers), 'bodies; fwd=miss', JSON.stringify(headers));
    assert.equal(await status(headers), 'bodies; hit', JSON.stringify(headers));
  }
  const page = '/api/collections/incidents/items?limit=1';
  for (let round = 0; round < 2; round += 1) {
    const before = Date.now();
    const response = await app.inject({ url: page });
    assert.equal(response.headers['cache-status'], undefined);
    const { timeStamp } = response.json<{ timeStamp: string }>();
    assert.ok(Date.parse(timeStamp) >= before, 'a page says when it was sent');
  }
  const refused = '/api/collections/incidents/items?limit=none';
  for (let round = 0; round < 2; round += 1) {
    const { statusCode, headers } = await app.inject({ url: refused });
    assert.equal(statusCode, 400);
    assert.equal(headers['cache-status'], undefined);
  }
});

test('those who ask while a reading is on its way share the next one', async () => {
  const readings: (readonly string[])[] = [];
  const ends: (() => void)[] = [];
  const together = new Together<string, string>(async (keys) => {
    readings.push(keys);
    await new Promise<void>((resolve) => {
      ends.push(resolve);
    });
    if (keys.includes('broken')) throw new Error('no answer');
    return new Map(keys.filter((key) => key !== 'unknown').map((key) => [key, `value of ${key}`]));
  });
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  const first = together.next('a');
  await turn();
  const later = ['b', 'c', 'b', 'unknown'].map((key) => together.next(key));
  await turn();
  assert.deepEqual(readings, [['a']], 'one at a time');
  ends[0]?.();
  assert.equal(await first, 'value of a');
  await turn();
  assert.deepEqual(readings[1], ['b', 'c', 'unknown']);
  const broken = together.next('broken');
  ends[1]?.();
  assert.deepEqual(await Promise.all(later), ['value of b', 'value of c', 'value of b', undefined]);
  await turn();
  ends[2]?.();
  await assert.rejects(broken, /no answer/);
  const after = together.next('d');
  await turn();
  ends[3]?.();
  assert.equal(await after, 'value of d', 'a reading that failed holds up nobody');
});
