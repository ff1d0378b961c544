import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { buildApp } from '../../server/app.ts';
import { withoutGdal } from '../formats/gdal.ts';
import { atlasDatabase } from '../helpers/atlas.ts';

const run = promisify(execFile);

/** GDAL as a client of the API: it follows links and pages, and asks for boxes. */
test('GDAL reads the API', { skip: withoutGdal('OAPIF') }, async (context: TestContext) => {
  const database = await atlasDatabase(context);
  const app = await buildApp({ config: { publicUrl: undefined }, database });
  context.after(() => app.close());
  const asked: string[] = [];
  app.addHook('onResponse', async (request, reply) => {
    asked.push(`${reply.statusCode} ${request.url}`);
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const address: AddressInfo | string | null = app.server.address();
  assert.ok(address !== null && typeof address === 'object');
  const source = `OAPIF:http://127.0.0.1:${address.port}/api`;
  const count = async (...options: readonly string[]) => {
    const { stdout } = await run('ogrinfo', ['-al', '-so', source, ...options], {
      timeout: 60_000,
    });
    return Number(/^Feature Count: (\d+)$/m.exec(stdout)?.[1]);
  };

  await context.test('all collections', async () => {
    const { stdout } = await run('ogrinfo', [source], { timeout: 60_000 });
    for (const name of ['incidents', 'regions', 'claims', 'sources', 'places']) {
      assert.match(stdout, new RegExp(`\\b${name}\\b`));
    }
    assert.equal(await count('incidents'), 69);
    assert.equal(await count('claims'), 621);
  });

  await context.test('every feature, over pages', async () => {
    const { stdout } = await run(
      'ogr2ogr',
      ['-f', 'GeoJSONSeq', '/vsistdout/', source, 'incidents', '-oo', 'PAGE_SIZE=20'],
      { timeout: 60_000, maxBuffer: 2 ** 26 },
    );
    assert.equal(stdout.trim().split('\n').length, 69);
    assert.ok(
      asked.some((line) => /cursor=/.test(line)),
      asked.join('\n'),
    );
  });

  await context.test('a box, asked of the server, and a condition', async () => {
    asked.length = 0;
    const within = await count('incidents', '-spat', '30', '49', '32', '52');
    assert.ok(within > 0 && within < 69);
    assert.ok(
      asked.some((line) => /^200 .*bbox=/.test(line)),
      asked.join('\n'),
    );
    const drones = await count('incidents', '-where', "type = 'drone_strike'");
    assert.equal(drones, 40);
    // GDAL asks the server where it can read the definition of the API.
    assert.ok(
      asked.some((line) => /^200 .*[?&]type=drone_strike/.test(line)),
      asked.join('\n'),
    );
    const day = await count('incidents', '-where', "time = '2025-08-05'");
    assert.ok(day > 0);
    assert.ok(
      asked.some((line) => /^200 .*[?&]datetime=2025-08-05T/.test(line)),
      asked.join('\n'),
    );
  });

  await context.test('nothing that GDAL asked for failed', () => {
    const failed = asked.filter((line) => !/^(?:200|304) /.test(line));
    assert.deepEqual(failed, []);
  });
});
