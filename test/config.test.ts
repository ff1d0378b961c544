import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { ConfigError, readConfig } from '../server/config.ts';

test('nothing set gives the defaults', () => {
  assert.deepEqual(readConfig({}), {
    host: '127.0.0.1',
    port: 8080,
    databaseUrl: undefined,
    readUrls: [],
    dataDir: path.resolve('.data'),
    publicUrl: undefined,
    logLevel: 'info',
    metricsPort: undefined,
  });
});

test('everything set is taken', () => {
  const config = readConfig({
    HOST: '::1',
    PORT: '0',
    DATABASE_URL: 'postgres://u:p@db:5433/x?sslmode=require',
    DATABASE_READ_URL: 'postgres://u:p@r1/x, postgres://u:p@r2/x',
    DATA_DIR: '/srv/atlas',
    PUBLIC_URL: 'https://atlas.example.org/strikes/',
    LOG_LEVEL: 'warn',
    METRICS_PORT: '9464',
  });
  assert.deepEqual(config, {
    host: '::1',
    port: 0,
    databaseUrl: 'postgres://u:p@db:5433/x?sslmode=require',
    readUrls: ['postgres://u:p@r1/x', 'postgres://u:p@r2/x'],
    dataDir: '/srv/atlas',
    publicUrl: 'https://atlas.example.org/strikes',
    logLevel: 'warn',
    metricsPort: 9464,
  });
});

const wrong: readonly [name: string, value: string, reason: RegExp][] = [
  ['HOST', 'a b', /^HOST is 'a b' and must be a host name/],
  ['PORT', '65536', /^PORT is '65536' and must be a whole number/],
  ['PORT', 'http', /^PORT is 'http'/],
  ['PORT', '-1', /^PORT is '-1'/],
  ['DATABASE_URL', 'mysql://u:secret@h/d', /^DATABASE_URL must be like postgresql:/],
  ['DATABASE_URL', 'secret', /^DATABASE_URL must be like postgresql:/],
  ['PUBLIC_URL', 'atlas.example.org', /^PUBLIC_URL is 'atlas.example.org'/],
  ['PUBLIC_URL', 'https://a.example/?x=1', /^PUBLIC_URL/],
  ['DATABASE_READ_URL', 'postgres://u:secret@h/d', /^DATABASE_READ_URL needs DATABASE_URL/],
  ['DATABASE_READ_URL', 'postgres://a/b,secret', /^DATABASE_READ_URL must be like/],
  ['METRICS_PORT', 'on', /^METRICS_PORT is 'on' and must be a whole number/],
  ['LOG_LEVEL', 'loud', /^LOG_LEVEL is 'loud' and must be one of fatal/],
];

for (const [name, value, reason] of wrong) {
  test(`${name}=${value} is refused with what is wrong`, () => {
    assert.throws(
      () => readConfig({ [name]: value }),
      (error: unknown) => {
        assert.ok(error instanceof ConfigError);
        assert.match(error.message, reason);
        assert.doesNotMatch(error.message, /secret/);
        return true;
      },
    );
  });
}

test('every wrong setting is named at once', () => {
  assert.throws(() => readConfig({ PORT: 'x', LOG_LEVEL: 'y' }), /PORT.*\nLOG_LEVEL/);
});
