import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import sql from 'sql-template-tag';
import { formatIds, formats } from '../../server/formats/formats.ts';
import { atlasApp } from '../helpers/atlas.ts';

const plain: Readonly<Record<string, (body: Buffer) => Buffer>> = {
  br: (body) => brotliDecompressSync(body),
  gzip: (body) => gunzipSync(body),
};

test('caching', async (context: TestContext) => {
  const { app, database } = await atlasApp(context);
  const items = '/api/collections/incidents/items';

  for (const format of formatIds) {
    const { isByteStable } = formats[format];
    await context.test(`${format} has a ${isByteStable ? 'strong' : 'weak'} ETag`, async () => {
      const url = `${items}?f=${format}`;
      const bodies = new Map<string, Buffer>();
      const tags = new Set<string>();
      for (const coding of ['br', 'gzip', 'identity']) {
        const headers = { 'accept-encoding': coding };
        const response = await app.inject({ url, headers });
        assert.equal(response.statusCode, 200);
        const tag = String(response.headers.etag);
        assert.equal(tag.startsWith('W/'), !isByteStable, tag);
        assert.match(String(response.headers.vary), /accept-encoding/i);
        assert.equal(response.headers['cache-control'], 'public, no-cache');
        const used = String(response.headers['content-encoding'] ?? 'identity');
        const body = (plain[used] ?? ((same: Buffer) => same))(response.rawPayload);
        if (isByteStable) {
          const before = bodies.get('first') ?? body;
          assert.ok(before.equals(body), `${coding} gives other bytes`);
          bodies.set('first', before);
          const again = await app.inject({ url, headers });
          assert.ok(again.rawPayload.equals(response.rawPayload), 'the same tag, other bytes');
          const other = bodies.get(tag) ?? response.rawPayload;
          assert.ok(other.equals(response.rawPayload), 'one tag for two bodies');
          bodies.set(tag, other);
        }
        tags.add(tag);
        const kept = await app.inject({ url, headers: { ...headers, 'if-none-match': tag } });
        assert.equal(kept.statusCode, 304);
        assert.equal(kept.body, '');
        assert.equal(kept.headers.etag, tag);
        const head = await app.inject({ method: 'HEAD', url, headers });
        assert.equal(head.headers.etag, tag);
        assert.equal(head.headers['content-type'], response.headers['content-type']);
        assert.equal(head.headers['content-disposition'], response.headers['content-disposition']);
      }
      if (isByteStable && format !== 'parquet') assert.equal(tags.size, 3);
    });
  }

  await context.test('a refused file carries neither tag nor coding', async () => {
    const response = await app.inject({
      url: `${items}?f=csv&geometry=area`,
      headers: { 'accept-encoding': 'br' },
    });
    assert.equal(response.statusCode, 400);
    assert.equal(response.headers.etag, undefined);
    assert.equal(response.headers['content-encoding'], undefined);
    assert.match(response.json<{ detail: string }>().detail, /CSV holds points only/);
  });

  await context.test('an edit changes the tags of pages, files and tiles', async () => {
    const urls = [
      items,
      `${items}?f=csv`,
      '/api/collections/incidents/tiles/WebMercatorQuad/5/11/19',
    ];
    const tagsOf = () =>
      Promise.all(urls.map(async (url) => String((await app.inject({ url })).headers.etag)));
    const before = await tagsOf();
    assert.deepEqual(await tagsOf(), before);
    await database.transaction('write', (session) =>
      session.query(
        sql`UPDATE atlas.incident SET title = title || '!' WHERE id = '2025-08-05-lozova'`,
      ),
    );
    const after = await tagsOf();
    for (const [index, tag] of before.entries()) assert.notEqual(after[index], tag, urls[index]);
    const page = await app.inject({
      url: `${items}?q=Lozova!`,
      headers: { 'if-none-match': before.join() },
    });
    assert.equal(page.statusCode, 200);
  });
});
