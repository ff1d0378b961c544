import assert from 'node:assert/strict';
import { test } from 'node:test';
import { measureCodes, measures } from '../../server/domain/vocabulary.ts';
import { fieldsOf, fieldsWithCoordinates, fieldValue } from '../../server/formats/fields.ts';
import { collectionIds } from '../../server/routes/collections.ts';
import { listedFeatureSchema } from '../../server/routes/schemas.ts';
import { hostileIncidents } from './samples.ts';

for (const collection of collectionIds) {
  const fields = fieldsWithCoordinates({ collection });

  test(`every property of ${collection} has a column`, () => {
    const properties = listedFeatureSchema(collection).properties?.properties?.properties ?? {};
    const read = fields.flatMap(({ path: [first, second] }) =>
      first === 'properties' ? [second] : [],
    );
    // A region's code is its id.
    const missing = Object.keys(properties).filter(
      (name) => !read.includes(name) && !(collection === 'regions' && name === 'code'),
    );
    assert.deepEqual(missing, []);
    assert.deepEqual(
      read.filter((name) => name === undefined || !(name in properties)),
      [],
    );
  });

  test(`columns of ${collection} are named once, in words that any format takes`, () => {
    const names = fields.map(({ name }) => name);
    assert.deepEqual(names, [...new Set(names)]);
    for (const { name, description } of fields) {
      assert.match(name, /^[a-z][a-z0-9_]{1,59}$/);
      assert.match(description, /^[A-Z"].*\.$/);
    }
    assert.equal(names[0], 'id');
  });
}

test('every measure that has values has its figures, and who gave the latest', () => {
  const names = fieldsOf({ collection: 'incidents' }).map(({ name }) => name);
  for (const code of measureCodes) {
    const hasValues = measures[code].unit !== null;
    for (const part of ['lowest', 'highest', 'latest_attributed_to', 'latest_source_url']) {
      assert.equal(names.includes(`${code}_${part}`), hasValues);
    }
  }
});

test('only formats without geometry have its coordinates as columns', () => {
  const names = fieldsOf({ collection: 'incidents' }).map(({ name }) => name);
  assert.ok(!names.includes('latitude') && !names.includes('longitude'));
});

test('a value of another type than its column is an error that names both', () => {
  const [feature] = hostileIncidents;
  assert.ok(feature);
  const field = fieldsOf({ collection: 'incidents' }).find(({ name }) => name === 'uncertainty_m');
  assert.ok(field);
  const broken = { ...feature, properties: { ...feature.properties, uncertainty_m: 'far' } };
  assert.throws(() => fieldValue(field, broken), /uncertainty_m of hostile-quotes is string/);
});

test('the last day is the one before the range ends', () => {
  const [feature] = hostileIncidents;
  assert.ok(feature);
  const value = (name: string) =>
    fieldsOf({ collection: 'incidents' })
      .filter((field) => field.name === name)
      .map((field) => fieldValue(field, feature));
  assert.deepEqual(value('day'), ['2025-08-05']);
  assert.deepEqual(value('last_day'), ['2025-08-06']);
});
