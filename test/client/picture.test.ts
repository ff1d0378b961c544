import assert from 'node:assert/strict';
import { test } from 'node:test';
import { roundLength, wrapped } from '../../client/picture.ts';

const letters = (text: string) => text.length;

test('text is broken at spaces, and within what has none', () => {
  assert.deepEqual(wrapped('one two three', 7, letters), ['one two', 'three']);
  assert.deepEqual(wrapped('an incomprehensible word', 8, letters), [
    'an',
    'incompre',
    'hensible',
    'word',
  ]);
  assert.deepEqual(wrapped('', 8, letters), ['']);
});

test('a scale has a round length that fits', () => {
  for (const [longest, length] of [
    [1, 1],
    [4.9, 3],
    [99, 50],
    [100, 100],
    [260_000, 200_000],
  ] as const) {
    assert.equal(roundLength(longest), length);
  }
});
