import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Ajv } from 'ajv';
import { filterNames } from '../../server/domain/filter.ts';
import { pageParameters } from '../../server/domain/paging.ts';
import {
  type FilterName,
  filterParameters,
  type Parameter,
  type ParameterSchema,
} from '../../server/domain/parameters.ts';

const ajv = new Ajv({ strict: false });

/** A query value as its schema sees it: lists split at commas, numbers read. */
function typed(schema: ParameterSchema, text: string): unknown {
  if (schema.type === 'array' && schema.items !== undefined) {
    const { items } = schema;
    return text.split(',').map((part) => typed(items, part));
  }
  return schema.type === 'string' ? text : Number(text);
}

const values = [
  '',
  ' ',
  '0',
  '1',
  '-1',
  '1.5',
  '10001',
  '1..2',
  'UA',
  'UA-63',
  'unassigned',
  'RU,UA',
  'a,b',
  'drone_strike',
  'rail',
  'site',
  'killed',
  'uk',
  'original',
  'point',
  'area',
  '1,2,3,4',
  '1,2,3,4,5,6',
  '1,2,3',
  '2025-08-05',
  '../2025-08-05',
  'x'.repeat(201),
  'x'.repeat(2000),
];

/** Above the maximum, a limit is lowered as the standard has it; its schema states the maximum. */
const lowered = new Set(['limit=10001']);

function holds<Value>(name: string, parameter: Parameter<Value>): void {
  test(`${name}: the example is accepted by the parser and by the schema`, () => {
    const value = parameter.parse(parameter.example);
    assert.deepEqual(parameter.parse(parameter.format(value)), value);
    assert.ok(ajv.validate(parameter.schema, typed(parameter.schema, parameter.example)));
  });
  test(`${name}: what the parser accepts, the schema accepts`, () => {
    for (const text of values) {
      if (lowered.has(`${name}=${text}`)) continue;
      try {
        parameter.parse(text);
      } catch (error) {
        assert.ok(error instanceof RangeError, `${name}=${text}: ${error}`);
        continue;
      }
      assert.ok(
        ajv.validate(parameter.schema, typed(parameter.schema, text.trim())),
        `${name}=${text} is parsed and the schema refuses it`,
      );
    }
  });
}

function filterHolds<Name extends FilterName>(name: Name): void {
  holds(name, filterParameters[name]);
}

for (const name of filterNames) filterHolds(name);
holds('limit', pageParameters.limit);
holds('cursor', pageParameters.cursor);
holds('geometry', pageParameters.geometry);
