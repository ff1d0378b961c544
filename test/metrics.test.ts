import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { buildApp } from '../server/app.ts';
import { Metrics } from '../server/metrics.ts';
import { atlasDatabase } from './helpers/atlas.ts';

test('metrics', async (context: TestContext) => {
  const database = await atlasDatabase(context);
  const metrics = new Metrics(database);
  const app = await buildApp({ config: { publicUrl: undefined }, database, metrics });
  context.after(() => app.close());
  const server = metrics.server();
  context.after(() => server.close());

  const tile = '/api/collections/incidents/tiles/WebMercatorQuad/3/2/4';
  const first = await app.inject({ url: tile });
  await app.inject({ url: tile });
  await app.inject({ url: tile, headers: { 'if-none-match': String(first.headers.etag) } });
  await app.inject({ url: '/api/collections/incidents/items?type=flood' });
  await app.inject({ url: '/api/collections/incidents/items/nothing' });
  await app.inject({ url: '/nothing/here' });

  const response = await server.inject({ url: '/metrics' });
  assert.equal(response.statusCode, 200);
  assert.match(String(response.headers['content-type']), /^text\/plain; version=0\.0\.4/);
  const lines = response.body.split('\n');
  const value = (start: string): number => {
    const line = lines.find((each) => each.startsWith(start));
    assert.ok(line, `nothing starts with ${start}`);
    return Number(line.slice(line.lastIndexOf(' ')));
  };
  const count = (route: string, status: number) =>
    value(`strike_atlas_request_seconds_count{method="GET",route="${route}",status="${status}"}`);
  const tiles = '/api/collections/incidents/tiles/WebMercatorQuad/:tileMatrix/:tileRow/:tileCol';
  assert.equal(count(tiles, 200), 2);
  assert.equal(count(tiles, 304), 1);
  assert.equal(count('/api/collections/incidents/items', 400), 1);
  assert.equal(count('/api/collections/incidents/items/:featureId', 404), 1);
  assert.equal(count('unknown', 404), 1);
  assert.equal(value('strike_atlas_cache_requests_total{outcome="miss"}'), 1);
  assert.equal(value('strike_atlas_cache_requests_total{outcome="hit"}'), 1);
  assert.equal(value('strike_atlas_cache_requests_total{outcome="held"}'), 1);
  assert.equal(value('strike_atlas_revision '), 1);
  assert.equal(value('strike_atlas_embedded_restarts '), 0);
  assert.equal(value('strike_atlas_database_connections{state="waiting"}'), 0);
  assert.ok(value('process_resident_memory_bytes ') > 1e6);
  assert.doesNotMatch(response.body, /flood|lozova/, 'what readers ask for is nobody’s business');

  const elsewhere = await app.inject({ url: '/metrics' });
  assert.equal(elsewhere.statusCode, 404);
});
