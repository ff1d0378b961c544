import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import sql from 'sql-template-tag';
import { build } from 'vite';
import { buildApp } from '../../server/app.ts';
import { atlasDatabase, root } from '../helpers/atlas.ts';

const base = 'https://atlas.example';

test('the map with a record opened', async (context: TestContext) => {
  const clientDir = await mkdtemp(path.join(tmpdir(), 'strike-atlas-client-'));
  context.after(() => rm(clientDir, { recursive: true, force: true }));
  await build({
    configFile: path.join(root, 'vite.config.ts'),
    logLevel: 'error',
    build: { outDir: clientDir, emptyOutDir: true },
  });
  const database = await atlasDatabase(context);
  const app = await buildApp({
    config: { publicUrl: base },
    database,
    clientDir,
    pictureMs: 60_000,
  });
  context.after(() => app.close());
  const get = (url: string, headers: Record<string, string> = {}) => app.inject({ url, headers });
  const metaOf = (body: string) =>
    new Map(
      [...body.matchAll(/<meta (?:name|property)="([^"]+)"\s+content="([^"]*)"/g)].map(
        ([, name = '', content = '']) => [name, content],
      ),
    );

  await context.test('an incident: what a preview shows, and the article', async () => {
    const url = '/incidents/2025-08-05-lozova?type=drone_strike&map=6/48/35&theme=dark';
    const response = await get(url);
    assert.equal(response.statusCode, 200);
    assert.equal(response.headers['content-type'], 'text/html; charset=utf-8');
    const { body } = response;
    assert.match(
      body,
      /<title>Drone attack on Lozova rail station and depot – Strike Atlas<\/title>/,
    );
    assert.ok(body.includes(`<link rel="canonical" href="${base}/incidents/2025-08-05-lozova"/>`));
    const meta = metaOf(body);
    assert.equal(meta.get('og:title'), 'Drone attack on Lozova rail station and depot');
    assert.equal(meta.get('og:url'), `${base}/incidents/2025-08-05-lozova`);
    assert.match(
      meta.get('og:description') ?? '',
      /^1–2 killed \(latest 2, .+, 5 Aug 2025\)\. 9–13 injured \(latest 13, .+, 8 Aug 2025\)\. /,
    );
    assert.equal(meta.get('og:image'), `${base}/incidents/2025-08-05-lozova/preview.png?lang=en`);
    const preview = await get('/incidents/2025-08-05-lozova/preview.png?lang=en');
    assert.equal(preview.headers['content-type'], 'image/png');
    assert.equal(meta.get('description'), meta.get('og:description'));
    assert.ok((meta.get('description') ?? '').length <= 301);
    const panels = body.slice(body.indexOf('<div id="panels">'), body.indexOf('<main id="map">'));
    for (const words of ['<h1', 'Figures', 'Oleh Syniehubov', 'Somewhere in Lozova']) {
      assert.ok(panels.includes(words), words);
    }
    // The page's own program is still there, and its style sheet waits for it.
    assert.match(body, /<script type="module"[^>]* src="\/assets\/index-/);
    assert.match(body, /<link data-held="" media="not all" rel="stylesheet"/);
  });

  await context.test('a region, in the language that the address asks for', async () => {
    const { statusCode, body } = await get('/regions/UA-43?lang=uk');
    assert.equal(statusCode, 200);
    assert.match(body, /^<!doctype html>\s*<html lang="uk" dir="ltr">/);
    assert.match(body, /<title>Автономна Республіка Крим – Strike Atlas<\/title>/);
    assert.equal(metaOf(body).get('og:locale'), 'uk_UA');
    assert.match(body, /A\/RES\/68\/262/);
  });

  await context.test('what is not there, or not public, is a page with 404', async () => {
    await database.transaction('write', (session) =>
      session.query(
        sql`UPDATE atlas.incident SET status = 'draft' WHERE id = '2025-08-18-kharkiv'`,
      ),
    );
    for (const url of ['/incidents/none', '/incidents/2025-08-18-kharkiv', '/regions/XX']) {
      const { statusCode, headers, body } = await get(url, { accept: '*/*' });
      assert.equal(statusCode, 404, url);
      assert.equal(headers['content-type'], 'text/html; charset=utf-8', url);
      assert.equal(headers.etag, undefined);
      assert.ok(!body.includes('Kharkiv'), url);
    }
  });

  await context.test('tags follow the data and the language', async () => {
    const url = '/incidents/2025-08-05-lozova';
    const first = await get(url);
    const { etag } = first.headers;
    assert.equal((await get(url, { 'if-none-match': String(etag) })).statusCode, 304);
    const ukrainian = await get(url, { 'accept-language': 'uk' });
    assert.notEqual(ukrainian.headers.etag, etag);
    assert.match(String(ukrainian.headers.vary), /Accept-Language/);
    await database.transaction('write', (session) =>
      session.query(
        sql`UPDATE atlas.incident SET title = '</title><script>alert(1)</script>$&'
             WHERE id = '2025-08-05-lozova'`,
      ),
    );
    const edited = await get(url, { 'if-none-match': String(etag) });
    assert.equal(edited.statusCode, 200);
    assert.ok(!edited.body.includes('<script>alert'));
    assert.ok(edited.body.includes('&lt;/title>&lt;script>alert(1)&lt;/script>$&amp;'));
  });
});
