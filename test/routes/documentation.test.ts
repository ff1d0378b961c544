import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import type { FastifyInstance } from 'fastify';
import { problems } from '../../server/errors.ts';
import { apiRoot } from '../../server/openapi.ts';
import { atlasApp, root } from '../helpers/atlas.ts';

/** The parts of OpenAPI 3.0 that are read here. */
interface Schema {
  readonly type?: string;
  readonly description?: string;
  readonly example?: unknown;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly oneOf?: readonly Schema[];
}
interface Content {
  readonly schema?: Schema;
  readonly examples?: Readonly<Record<string, { readonly value: { readonly type: string } }>>;
}
interface Operation {
  readonly summary?: string;
  readonly operationId?: string;
  readonly tags?: readonly string[];
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly description?: string;
    readonly example?: unknown;
    readonly required?: boolean;
    readonly schema: Schema;
  }[];
  readonly responses: Readonly<
    Record<
      string,
      { readonly description: string; readonly content?: Readonly<Record<string, Content>> }
    >
  >;
}
interface OpenApi {
  readonly tags: readonly { readonly name: string; readonly description?: string }[];
  readonly servers: readonly { readonly url: string }[];
  /** Each after the address of the server. */
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

/** The definition with what it says in its components in the places that refer to them. */
async function definition(app: FastifyInstance): Promise<OpenApi> {
  const response = await app.inject({ url: '/api/openapi.json' });
  assert.equal(response.statusCode, 200, response.body);
  const whole = response.json<OpenApi>();
  const resolve = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(resolve);
    if (typeof value !== 'object' || value === null) return value;
    if ('$ref' in value) return resolve(at(whole, String(value.$ref)));
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, resolve(part)]));
  };
  return JSON.parse(JSON.stringify(resolve(whole)));
}

function at(document: object, reference: string): unknown {
  let found: unknown = document;
  for (const name of reference.replace(/^#\//, '').split('/')) {
    assert.ok(typeof found === 'object' && found !== null && name in found, reference);
    found = new Map(Object.entries(found)).get(name);
  }
  return found;
}

const isText = (text: string | undefined) => text !== undefined && text.trim().length >= 4;

/** Every part of a schema that has no words, and every value that has no example. */
function* gaps(schema: Schema, place: string): Generator<string> {
  const { properties = {}, items, additionalProperties, oneOf = [] } = schema;
  const parts = Object.entries(properties);
  for (const [name, part] of parts) {
    if (!isText(part.description)) yield `${place}.${name} has no description`;
    yield* gaps(part, `${place}.${name}`);
  }
  if (items !== undefined) yield* gaps(items, `${place}[]`);
  for (const [index, part] of oneOf.entries()) yield* gaps(part, `${place}|${index}`);
  if (typeof additionalProperties === 'object') yield* gaps(additionalProperties, `${place}.*`);
  const isValue = ['string', 'number', 'integer', 'boolean'].includes(schema.type ?? '');
  if (isValue && schema.example === undefined && schema.enum === undefined) {
    yield `${place} has no example`;
  }
}

const operationsOf = (document: OpenApi) =>
  Object.entries(document.paths).flatMap(([url, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      url: url === '/' ? apiRoot : `${apiRoot}${url}`,
      method,
      operation,
    })),
  );

/** Addresses that are not in the definition on purpose. */
const undocumented = [
  /^\/api\/openapi\.json$/,
  /^\/api\/docs/,
  // Unknown collections, which answer 404.
  /^\/api\/collections\/:id/,
];

test('documentation', async (context: TestContext) => {
  const { app } = await atlasApp(context);
  const document = await definition(app);
  const operations = operationsOf(document);

  await context.test('every endpoint is in it', () => {
    const routes = new Set<string>();
    const tree = app.printRoutes({ commonPrefix: false });
    const stack: string[] = [];
    for (const line of tree.split('\n')) {
      const found = /^((?:│ {3}| {4})*)[├└]── (\S+)(?: \(([A-Z, ]+)\))?/u.exec(line);
      if (found === null) continue;
      const depth = (found[1]?.length ?? 0) / 4;
      stack.length = depth;
      stack.push(found[2] ?? '');
      if (/\bGET\b/.test(found[3] ?? '')) routes.add(stack.join(''));
    }
    assert.ok(routes.size > 40, tree);
    const documented = operations.map(({ url }) => url.replace(/\{(\w+)\}/g, ':$1'));
    for (const route of routes) {
      if (!route.startsWith(apiRoot) || undocumented.some((pattern) => pattern.test(route)))
        continue;
      assert.ok(documented.includes(route), `${route} is not in the definition`);
    }
  });

  await context.test(
    'every operation, parameter, property and error has words and an example',
    () => {
      const found = operations.flatMap(({ url, operation }) => {
        const here: string[] = [];
        const { summary, operationId, tags = [], parameters = [] } = operation;
        if (!isText(summary)) here.push(`${url} has no summary`);
        if (!isText(operationId)) here.push(`${url} has no operationId`);
        if (tags.length === 0) here.push(`${url} has no tag`);
        for (const { name, description, example, schema } of parameters) {
          if (!isText(description)) here.push(`${url} ${name} has no description`);
          if ((example ?? schema.example) === undefined) here.push(`${url} ${name} has no example`);
        }
        for (const [status, { description, content = {} }] of Object.entries(operation.responses)) {
          if (!isText(description)) here.push(`${url} ${status} has no description`);
          for (const [type, { schema }] of Object.entries(content)) {
            if (schema !== undefined) here.push(...gaps(schema, `${url} ${status} ${type}`));
          }
        }
        return here;
      });
      assert.deepEqual([...new Set(found)], []);
      const ids = operations.map(({ operation }) => operation.operationId);
      assert.equal(new Set(ids).size, ids.length);
    },
  );

  await context.test('examples of parameters are of their types, and tags are declared', () => {
    const ajv = formats.default(new Ajv({ strict: false, allErrors: true }));
    for (const { url, operation } of operations) {
      for (const { name, schema } of operation.parameters ?? []) {
        // A path is text, and its patterns are JavaScript's.
        assert.ok(ajv.validate(schema, schema.example), `${url} ${name}: ${ajv.errorsText()}`);
      }
      for (const tag of operation.tags ?? []) {
        const declared = document.tags.find((each) => each.name === tag);
        assert.ok(isText(declared?.description), `${url}: ${tag}`);
      }
    }
  });

  await context.test('what is said again and again is said once', async () => {
    const response = await app.inject({ url: '/api/openapi.json' });
    assert.equal(response.headers['content-type'], 'application/vnd.oai.openapi+json;version=3.0');
    assert.ok(response.rawPayload.length < 300_000, `${response.rawPayload.length} bytes`);
    for (const accept of [
      'application/vnd.oai.openapi+json;version=3.0',
      'application/vnd.oai.openapi+json',
      'application/json',
    ]) {
      const other = await app.inject({ url: '/api/openapi.json', headers: { accept } });
      assert.equal(other.statusCode, 200, accept);
    }
    const page = await app.inject({ url: '/api/openapi.json', headers: { accept: 'text/html' } });
    assert.equal(page.statusCode, 406);
    for (const name of ['json', 'yaml']) {
      const viewers = await app.inject({ url: `/api/docs/${name}` });
      assert.equal(viewers.statusCode, 302);
      assert.equal(viewers.headers.location, '../openapi.json');
    }
    const viewer = await app.inject({ url: '/api/docs' });
    for (const [, file] of viewer.body.matchAll(/(?:src|href)="\.(\/[^"]*theme[^"]*)"/g)) {
      assert.equal((await app.inject({ url: `/api/docs${file}` })).statusCode, 200, file);
    }
    assert.match(viewer.body, /theme\/phone\.js/);
  });

  await context.test('every operation says which problems it may answer with', () => {
    for (const { url, operation } of operations) {
      const examples = Object.values(operation.responses).flatMap(({ content = {} }) =>
        Object.values(content['application/problem+json']?.examples ?? {}),
      );
      const types = examples.map(({ value }) =>
        value.type.replace('urn:strike-atlas:problem:', ''),
      );
      assert.deepEqual(types.toSorted(), Object.keys(problems).toSorted(), url);
    }
  });

  await context.test('the examples of parameters work, and answer as documented', async () => {
    const ajv = formats.default(new Ajv({ strict: false, allErrors: true }));
    for (const { url, method, operation } of operations) {
      assert.equal(method, 'get');
      const { parameters = [] } = operation;
      const text = (name: string) => {
        const given = parameters.find((parameter) => parameter.name === name);
        return encodeURIComponent(String(given?.example ?? given?.schema.example));
      };
      const filled = url.replace(/\{(\w+)\}/g, (_, name: string) => {
        // The example of a feature is one of incidents.
        const own = /collections\/(regions|claims|sources|places)\//.exec(url)?.[1] ?? '';
        return name === 'featureId' && own in featureIds
          ? encodeURIComponent(featureIds[own] ?? '')
          : text(name);
      });
      const needed = url === '/api/changes' ? [`since=${text('since')}`] : [];
      const single = parameters
        .filter(
          (parameter) =>
            parameter.in === 'query' && !needed.some((each) => each.startsWith(parameter.name)),
        )
        .map(({ name }) => [...needed, `${name}=${text(name)}`]);
      for (const query of [needed, ...single]) {
        const address = query.length === 0 ? filled : `${filled}?${query.join('&')}`;
        const response = await app.inject({ url: address });
        // The example of a cursor is of the order of incidents; a tile may be empty; and a test's
        // record is younger than the example of an instant.
        const isForeignCursor = address.includes('cursor=') && !url.includes('incidents');
        const isBefore = address.includes('as_of=') && url.includes('featureId');
        const expected = [200, 204, ...(isForeignCursor ? [400] : []), ...(isBefore ? [404] : [])];
        assert.ok(
          expected.includes(response.statusCode),
          `${address}: ${response.body.slice(0, 300)}`,
        );
        const [mediaType = ''] = String(response.headers['content-type']).split(';');
        assert.ok(
          response.statusCode !== 200 || documents(operation, mediaType),
          `${address} ${mediaType}`,
        );
        const schema = operation.responses['200']?.content?.[mediaType]?.schema;
        const isJson = mediaType.endsWith('json');
        const isWhole = !address.includes('properties=') && !address.includes('f=tilejson');
        if (response.statusCode !== 200 || !isJson || !isWhole || schema === undefined) continue;
        const validate = ajv.compile(schema);
        assert.ok(validate(response.json()), `${address}: ${ajv.errorsText(validate.errors)}`);
      }
    }
  });

  await context.test('the examples of the README work', async () => {
    const readme = readFileSync(path.join(root, 'README.md'), 'utf8');
    const block = /## Use it over HTTP.*?```sh\n(.*?)```/s.exec(readme)?.[1] ?? '';
    const commands = block
      .replaceAll('\\\n', ' ')
      .split('\n')
      .filter((line) => line.startsWith('curl '));
    assert.ok(commands.length >= 15, block);
    for (const command of commands) {
      const url = addressOf(command);
      const response = await app.inject({ url });
      assert.equal(response.statusCode, 200, `${command}: ${response.body.slice(0, 300)}`);
      assert.ok(response.rawPayload.length > 200, command);
      const isPage = /"numberMatched":(\d+)/.exec(response.body);
      if (isPage !== null) assert.notEqual(isPage[1], '0', `${command} finds nothing`);
    }
  });
});

/** Whether a media type, without its parameters, is one that an operation says it answers with. */
function documents({ responses }: Operation, mediaType: string): boolean {
  const types = Object.keys(responses['200']?.content ?? {});
  return types.some((type) => type.split(';')[0] === mediaType);
}

const featureIds: Readonly<Record<string, string>> = {
  regions: 'UA-14',
  claims: '2025-08-05-lozova.c01',
  sources: 'tass-treaties',
  places: 'UA.07.lozova',
};

/** The path and query that a curl command of the README asks for. */
function addressOf(command: string): string {
  const words = [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(
    ([, quoted, plain]) => quoted ?? plain ?? '',
  );
  const address = words.find((word) => /^(?:\$api|http)/.test(word)) ?? '';
  const url = new URL(address.replace('$api', 'http://127.0.0.1:8080/api/collections'));
  for (const [index, word] of words.entries()) {
    if (word !== '-d' && word !== '--data-urlencode') continue;
    const [name = '', ...value] = (words[index + 1] ?? '').split('=');
    url.searchParams.append(name, value.join('='));
  }
  return url.pathname + url.search;
}
