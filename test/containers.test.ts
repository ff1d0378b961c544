import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { readConfig } from '../server/config.ts';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const text = (file: string) => readFileSync(path.join(root, file), 'utf8');

interface Service {
  readonly image?: string;
  readonly build?: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly volumes?: readonly string[];
  readonly ports?: readonly string[];
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
}
interface Compose {
  readonly services: Readonly<Record<'database' | 'server', Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

/** Compose's `${NAME:-default}` with nothing set. */
const withDefaults = (value: string) => value.replace(/\$\{[A-Z_]+:-([^}]*)\}/g, '$1');

test('docker-compose.yml: a pinned PostGIS with a volume and a health check', () => {
  const { services, volumes }: Compose = parse(text('docker-compose.yml'));
  const { database } = services;
  assert.match(database.image ?? '', /^postgis\/postgis:\d+-\d+\.\d+$/);
  assert.deepEqual(database.volumes, ['database:/var/lib/postgresql/data']);
  assert.ok('database' in volumes);
  assert.match(database.healthcheck?.test.join(' ') ?? '', /pg_isready/);
});

test('docker-compose.yml: the server waits for the database and its settings are valid', () => {
  const { services }: Compose = parse(text('docker-compose.yml'));
  const { server, database } = services;
  assert.equal(server.depends_on?.database?.condition, 'service_healthy');
  const environment = Object.fromEntries(
    Object.entries(server.environment).map(([name, value]) => [name, withDefaults(value)]),
  );
  const config = readConfig(environment);
  const url = new URL(config.databaseUrl ?? '');
  assert.equal(url.hostname, 'database');
  assert.equal(url.username, database.environment.POSTGRES_USER);
  assert.equal(url.password, withDefaults(database.environment.POSTGRES_PASSWORD ?? ''));
  assert.equal(url.pathname, `/${database.environment.POSTGRES_DB}`);
  for (const port of server.ports ?? []) assert.match(port, /^127\.0\.0\.1:\d+:8080$/);
});

test('docker-compose.scale.yml: reads from the standby, nginx in front of both copies', () => {
  const { services }: { services: Readonly<Record<string, Service>> } = parse(
    text('docker-compose.scale.yml'),
    { merge: true },
  );
  const { primary, standby, front } = services;
  assert.ok(primary && standby && front);
  assert.equal(primary.image, standby.image, 'streaming needs the same major version');
  for (const name of ['api-1', 'api-2']) {
    const environment = Object.fromEntries(
      Object.entries(services[name]?.environment ?? {}).map(([key, value]) => [
        key,
        withDefaults(value),
      ]),
    );
    const { databaseUrl, readUrls, metricsPort } = readConfig(environment);
    assert.equal(new URL(databaseUrl ?? '').hostname, 'primary');
    assert.deepEqual(
      readUrls.map((url) => new URL(url).hostname),
      ['standby'],
    );
    assert.equal(metricsPort, 9464);
    assert.match(text('deploy/nginx.conf'), new RegExp(`server ${name}:8080 `));
  }
  for (const { volumes = [] } of Object.values(services)) {
    for (const volume of volumes.filter((each) => each.startsWith('./'))) {
      assert.ok(existsSync(path.join(root, volume.split(':')[0] ?? '')), volume);
    }
  }
  assert.match(text('deploy/replication.sh'), /pg_create_physical_replication_slot\('standby'\)/);
  for (const port of front.ports ?? []) assert.match(port, /^127\.0\.0\.1:\d+:80$/);
});

test('the dashboard and the alerts ask for metrics that there are', () => {
  const exposed = new Set(
    [...text('server/metrics.ts').matchAll(/name: '(strike_atlas_\w+)'/g)].map(([, name]) => name),
  );
  for (const file of ['deploy/dashboard.json', 'deploy/alerts.yml']) {
    const asked = [...text(file).matchAll(/strike_atlas_\w+/g)].map(([name]) =>
      name.replace(/_(?:bucket|count|sum)$/, ''),
    );
    assert.ok(asked.length >= 5, file);
    for (const name of asked) assert.ok(exposed.has(name), `${file}: ${name}`);
  }
  JSON.parse(text('deploy/dashboard.json'));
  const { groups }: { groups: readonly { rules: readonly { alert: string; expr: string }[] }[] } =
    parse(text('deploy/alerts.yml'));
  for (const { alert, expr } of groups.flatMap(({ rules }) => rules)) {
    assert.ok(alert && expr);
  }
});

interface Instruction {
  readonly name: string;
  readonly words: string;
}

function instructions(): Instruction[] {
  return text('Dockerfile')
    .replace(/\\\n/g, ' ')
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .map((line) => {
      const [name = '', ...words] = line.trim().split(/\s+/);
      return { name, words: words.join(' ') };
    });
}

test('Dockerfile: several stages, not root, a health check, and every file it copies is there', () => {
  const all = instructions();
  const known = [
    'FROM',
    'WORKDIR',
    'COPY',
    'RUN',
    'ENV',
    'USER',
    'VOLUME',
    'EXPOSE',
    'HEALTHCHECK',
    'CMD',
  ];
  for (const { name } of all) assert.ok(known.includes(name), `unknown instruction ${name}`);
  const stages = all.filter(({ name }) => name === 'FROM');
  assert.equal(stages.length, 2);
  for (const { words } of stages) assert.match(words, /^node:\d+-bookworm-slim/);
  const final = all.slice(all.lastIndexOf(stages.at(-1) ?? stages[0] ?? { name: '', words: '' }));
  assert.equal(final.find(({ name }) => name === 'USER')?.words, 'node');
  assert.match(final.find(({ name }) => name === 'HEALTHCHECK')?.words ?? '', /readyz/);
  for (const { words } of final.filter(({ name }) => name === 'COPY')) {
    const source = words.match(/^--from=build \/app\/(\S+)/)?.[1];
    assert.ok(source !== undefined, words);
    // These two are made by the build.
    if (!['node_modules', 'dist'].includes(source)) assert.ok(existsSync(path.join(root, source)));
  }
  const command: unknown = JSON.parse(all.find(({ name }) => name === 'CMD')?.words ?? '');
  const { scripts }: { scripts: Record<string, string> } = JSON.parse(text('package.json'));
  assert.deepEqual(command, scripts.start?.split(' '));
});

test('.dockerignore keeps what the build needs', () => {
  const ignored = text('.dockerignore').split('\n').filter(Boolean);
  for (const needed of [
    'server',
    'client',
    'geodata',
    'migrations',
    'package-lock.json',
    '.npmrc',
  ]) {
    assert.ok(!ignored.includes(needed), needed);
  }
});
