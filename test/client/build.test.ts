import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { type Service, startService } from '../helpers/browser.ts';

/** What scripts may weigh before the first paint beside MapLibre, bytes of gzip. */
const budget = 100_000;

describe('the built client', () => {
  let service: Service;
  let scripts: string[];
  before(async () => {
    service = await startService();
    const html = await (await fetch(service.origin)).text();
    scripts = [...html.matchAll(/(?:src|href)="(\/assets\/[^"]+\.js)"/g)].map(
      ([, file = '']) => file,
    );
  });
  after(() => service.stop());

  const read = async (file: string, coding = 'identity') => {
    const response = await fetch(`${service.origin}${file}`, {
      headers: { 'accept-encoding': coding },
    });
    assert.equal(response.status, 200, file);
    return { headers: response.headers, body: Buffer.from(await response.arrayBuffer()) };
  };

  test('the map and MapLibre begin to load with the page', () => {
    for (const name of ['index', 'map', 'maplibre']) {
      const found = scripts.filter((file) => file.startsWith(`/assets/${name}-`));
      assert.equal(found.length, 1, name);
    }
  });

  test('all scripts of the page but MapLibre stay within the budget', async () => {
    const own = scripts.filter((file) => !file.startsWith('/assets/maplibre-'));
    const bodies = await Promise.all(own.map(async (file) => (await read(file)).body));
    const weight = bodies.reduce((sum, body) => sum + gzipSync(body).length, 0);
    assert.ok(weight < budget, `${weight} bytes`);
  });

  test('a file comes in the coding that is asked for, and is kept for good', async () => {
    const [file = ''] = scripts.filter((each) => each.startsWith('/assets/maplibre-'));
    const plain = await read(file);
    for (const coding of ['br', 'gzip']) {
      const { headers, body } = await read(file, coding);
      assert.equal(headers.get('content-encoding'), coding);
      assert.match(headers.get('content-type') ?? '', /javascript/);
      assert.match(headers.get('vary') ?? '', /accept-encoding/i);
      assert.match(headers.get('cache-control') ?? '', /immutable/);
      // As the build has compressed it, and not the server in the meantime.
      assert.ok(Number(headers.get('content-length')) < plain.body.length / 3, coding);
      assert.deepEqual(body, plain.body);
    }
  });
});
