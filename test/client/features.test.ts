import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { gatheredIn, uncertaintyDiscs } from '../../client/map/features.ts';
import { incident } from './fixtures.ts';

describe('discs of what a cluster gathers', () => {
  const [x, y] = incident().geometry.coordinates;
  const pile = [x, y, x, y] as const;

  test('incidents that share a point keep the disc that the point stands for, once', () => {
    const gathered = gatheredIn(
      [[...pile]],
      [
        incident({ id: 'one' }),
        incident({ id: 'two' }),
        incident({ id: 'wide', uncertainty_m: 12_000 }),
      ],
    );
    assert.deepEqual(
      gathered.map(({ metres }) => metres),
      [4000, 4000, 12_000],
    );
    assert.equal(uncertaintyDiscs(gathered).features.length, 2);
  });

  test('not what lies elsewhere, nor what is drawn as an area anyway', () => {
    assert.deepEqual(gatheredIn([[x + 1, y, x + 2, y]], [incident()]), []);
    assert.deepEqual(gatheredIn([[...pile]], [incident({ geo_precision: 'district' })]), []);
    assert.deepEqual(gatheredIn([], [incident()]), []);
  });
});
