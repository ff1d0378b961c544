import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Cell, gather } from '../../server/domain/gathering.ts';

const within = 100;

/** A cell that lies on a diagonal of the box that it says. */
function cell(key: string, x: number, y: number, more: Partial<Cell<string>> = {}): Cell<string> {
  return {
    key,
    x,
    y,
    count: 1,
    west: x,
    south: -y,
    east: x,
    north: -y,
    killed_highest: null,
    injured_highest: null,
    killed_given: 0,
    injured_given: 0,
    type_counts: [1, 0],
    ...more,
  };
}

const cases: readonly (readonly [
  name: string,
  cells: readonly Cell<string>[],
  keys: readonly string[],
])[] = [
  ['nothing', [], []],
  ['one alone', [cell('a', 50, 50)], ['a']],
  ['two that are as far apart as asked', [cell('a', 0, 0), cell('b', within, 0)], ['a', 'b']],
  ['two that are nearer', [cell('a', 0, 0), cell('b', within - 1, 0)], ['a']],
  ['two on either side of a square', [cell('a', 99, 99), cell('b', 101, 101)], ['a']],
  ['the fuller takes the other', [cell('a', 0, 0), cell('b', 50, 0, { count: 2 })], ['b']],
  [
    'what a middle that moved comes near to',
    [cell('a', 0, 0, { count: 2 }), cell('b', 90, 0, { count: 2 }), cell('c', 130, 0)],
    ['a'],
  ],
];

for (const [name, cells, keys] of cases) {
  test(`gathering ${name}`, () => {
    assert.deepEqual(
      gather(cells, within).map(({ key }) => key),
      keys,
    );
  });
}

test('what is gathered has the sums of its parts, and a figure that nobody gave is no zero', () => {
  const [sum, ...others] = gather(
    [
      cell('a', 10, 10, { count: 3, killed_highest: 4, killed_given: 2, type_counts: [1, 2] }),
      cell('b', 50, 30, { killed_highest: null, killed_given: 0, incident: 'said of b' }),
    ],
    within,
  );
  assert.deepEqual(others, []);
  assert.deepEqual(sum, {
    key: 'a',
    x: 20,
    y: 15,
    count: 4,
    west: 10,
    south: -30,
    east: 50,
    north: -10,
    killed_highest: 4,
    injured_highest: null,
    killed_given: 2,
    injured_given: 0,
    type_counts: [2, 2],
  });
});

test('however they lie, none is lost, none is near another, and their order does not matter', () => {
  let state = 7;
  const chance = (most: number) => {
    state = (state * 48_271) % 2_147_483_647;
    return Math.floor((state / 2_147_483_647) * most);
  };
  for (let round = 0; round < 50; round += 1) {
    const cells = Array.from({ length: 1 + chance(200) }, (_, number) =>
      cell(`key-${number}`, chance(1500), chance(1500), { count: 1 + chance(3) }),
    );
    const gathered = gather(cells, within);
    const total = (some: readonly Cell<string>[]) =>
      some.reduce((sum, { count }) => sum + count, 0);
    assert.equal(total(gathered), total(cells));
    for (const [index, one] of gathered.entries()) {
      for (const other of gathered.slice(index + 1)) {
        assert.ok(Math.hypot(one.x - other.x, one.y - other.y) >= within);
      }
    }
    assert.deepEqual(gather(cells.toReversed(), within), gathered);
  }
});
