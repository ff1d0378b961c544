import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  layerSwitches,
  type Open,
  type Place,
  sizeMeasures,
  sortColumns,
  themeChoices,
} from '../../client/state.ts';
import { languages } from '../../client/text/index.ts';
import { readAddress, writeAddress } from '../../client/url.ts';
import { parseFilter } from '../../server/domain/filter.ts';
import { incidentTypeCodes, targetTypes } from '../../server/domain/vocabulary.ts';

const nowhere: Place = {
  filter: {},
  sort: null,
  view: null,
  open: { kind: 'nothing' },
  hidden: ['heat'],
  size: 'incidents',
  language: null,
  theme: 'system',
};

describe('the address of the page', () => {
  test('is empty for the plain page', () => {
    assert.equal(writeAddress(nowhere), '/');
    assert.deepEqual(readAddress('/'), { place: nowhere, fault: null });
  });

  const written: [string, Partial<Place>][] = [
    [
      '/?datetime=2025-08-01/2025-08-07&type=drone_strike,airstrike',
      {
        filter: parseFilter({ datetime: '2025-08-01/2025-08-07', type: 'drone_strike,airstrike' }),
      },
    ],
    ['/?map=5.2/48.9/31.3', { view: { zoom: 5.2, latitude: 48.9, longitude: 31.3 } }],
    ['/incidents/2025-08-05-lozova', { open: { kind: 'incident', id: '2025-08-05-lozova' } }],
    ['/?incident=a,b', { open: { kind: 'incidents', ids: ['a', 'b'] } }],
    ['/regions/UA-14', { open: { kind: 'region', code: 'UA-14' } }],
    [
      '/incidents/a%2Fb?type=shelling',
      { open: { kind: 'incident', id: 'a/b' }, filter: { type: ['shelling'] } },
    ],
    ['/?hide=claims,labels', { hidden: ['claims', 'labels', 'heat'] }],
    ['/?show=heat&size=killed', { hidden: [], size: 'killed' }],
    ['/?hide=regions&show=heat', { hidden: ['regions'] }],
    ['/?lang=uk&theme=dark', { language: 'uk', theme: 'dark' }],
    ['/?q=rail%20station', { filter: { q: 'rail station' } }],
  ];
  for (const [address, place] of written) {
    test(`${address} is written and read`, () => {
      assert.equal(writeAddress({ ...nowhere, ...place }), address);
      assert.deepEqual(readAddress(address).place, { ...nowhere, ...place });
    });
  }

  test('addresses as they were written before are read', () => {
    const { place } = readAddress('/?incident=2025-08-05-lozova&type=shelling');
    assert.equal(writeAddress(place), '/incidents/2025-08-05-lozova?type=shelling');
    assert.equal(writeAddress(readAddress('/?about=UA-14').place), '/regions/UA-14');
  });

  const faults: [string, string, string][] = [
    ['/?type=flood', 'type', 'flood'],
    ['/?datetime=yesterday&attacker=RU', 'datetime', 'yesterday'],
    ['/?bbox=1,2,3', 'bbox', '1,2,3'],
  ];
  for (const [address, parameter, value] of faults) {
    test(`${address}: the filter that cannot be honoured is named and left out`, () => {
      const { place, fault } = readAddress(address);
      assert.equal(fault?.parameter, parameter);
      assert.equal(fault?.value, value);
      assert.ok(!(parameter in place.filter));
    });
  }

  const strays = [
    '/?map=x',
    '/?map=5/91/0',
    '/?map=5/1',
    '/?lang=xx',
    '/?theme=pink',
    '/?hide=all',
  ];
  for (const address of strays) {
    test(`${address} counts as absent`, () => {
      assert.deepEqual(readAddress(address), { place: nowhere, fault: null });
    });
  }

  test('reads back what it wrote, whatever the place', () => {
    const id = fc.stringMatching(/^[a-z0-9-]{1,20}$/);
    const open: fc.Arbitrary<Open> = fc.oneof(
      fc.constant<Open>({ kind: 'nothing' }),
      id.map((each): Open => ({ kind: 'incident', id: each })),
      fc
        .uniqueArray(id, { minLength: 2, maxLength: 5 })
        .map((ids): Open => ({ kind: 'incidents', ids })),
      fc.constantFrom('UA-14', 'UA-43').map((code): Open => ({ kind: 'region', code })),
    );
    const place: fc.Arbitrary<Place> = fc
      .record({
        filter: fc.oneof(
          fc.constant({}),
          fc.subarray([...incidentTypeCodes], { minLength: 1 }).map((type) => ({ type })),
          fc.subarray([...targetTypes], { minLength: 1 }).map((target) => ({ target })),
          fc.stringMatching(/^[^\s\0]{1,30}$/).map((q) => ({ q })),
        ),
        view: fc.option(
          fc
            .record({
              zoom: fc.integer({ min: 150, max: 1200 }).map((hundredths) => hundredths / 100),
              latitude: fc.integer({ min: -8500, max: 8500 }).map((hundredths) => hundredths / 100),
              longitude: fc
                .integer({ min: -18000, max: 18000 })
                .map((hundredths) => hundredths / 100),
            })
            .map((made) => ({ ...made })),
        ),
        sort: fc.option(
          fc
            .record({
              column: fc.constantFrom(...sortColumns),
              direction: fc.constantFrom('ascending' as const, 'descending' as const),
            })
            .filter(({ column, direction }) => column !== 'starts_at' || direction === 'ascending')
            .map((made) => ({ ...made })),
        ),
        open,
        hidden: fc.subarray([...layerSwitches]),
        size: fc.constantFrom(...sizeMeasures),
        language: fc.option(fc.constantFrom(...languages)),
        theme: fc.constantFrom(...themeChoices),
      })
      .map((made) => ({ ...made }));
    fc.assert(
      fc.property(place, (each) => {
        assert.deepEqual(readAddress(writeAddress(each)), { place: each, fault: null });
      }),
    );
  });
});
