import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Filter, formatFilter, parseFilter } from '../../server/domain/filter.ts';
import { ParameterError } from '../../server/domain/parameter-error.ts';

const accepted: readonly [query: Record<string, string>, filter: Filter][] = [
  [{}, {}],
  [{ type: 'drone_strike' }, { type: ['drone_strike'] }],
  [{ type: 'drone_strike,shelling' }, { type: ['drone_strike', 'shelling'] }],
  [{ type: 'shelling, shelling' }, { type: ['shelling'] }],
  [{ country: 'UA,RU' }, { country: ['UA', 'RU'] }],
  [{ region: 'UA-63,RU-KDA' }, { region: ['UA-63', 'RU-KDA'] }],
  [{ region: 'unassigned' }, { region: ['unassigned'] }],
  [{ attacker: 'unknown' }, { attacker: ['unknown'] }],
  [{ target: 'rail,port' }, { target: ['rail', 'port'] }],
  [{ geo_precision: 'region,country' }, { geo_precision: ['region', 'country'] }],
  [{ killed: '1..5' }, { killed: { from: 1, to: 5 } }],
  [{ killed: '10..' }, { killed: { from: 10, to: null } }],
  [{ injured: '..3' }, { injured: { from: null, to: 3 } }],
  [{ injured: '0' }, { injured: { from: 0, to: 0 } }],
  [{ bbox: '30,45,40,52' }, { bbox: [30, 45, 40, 52] }],
  [{ bbox: '30,45,-100,40,52,100' }, { bbox: [30, 45, 40, 52] }],
  [{ bbox: '170,-10,-170,10' }, { bbox: [170, -10, -170, 10] }],
  [{ bbox: ' 30 , 45.5 , 4e1 , 52 ' }, { bbox: [30, 45.5, 40, 52] }],
  [{ q: '  rail   depot ' }, { q: 'rail   depot' }],
  [{ source: 'interfaxua-lozova-0805' }, { source: ['interfaxua-lozova-0805'] }],
];

for (const [query, filter] of accepted) {
  test(`reads ${new URLSearchParams(query)}`, () => {
    assert.deepEqual(parseFilter(query), filter);
    assert.deepEqual(parseFilter(Object.fromEntries(formatFilter(filter))), filter);
  });
}

const refused: readonly [parameter: string, value: string, reason: RegExp][] = [
  ['type', '', /empty entry/],
  ['type', 'drone', /'drone'; known are drone_strike/],
  ['type', 'drone_strike,', /empty entry/],
  ['type', 'DRONE_STRIKE', /known are/],
  ['type', Array.from({ length: 101 }, (_, index) => `t${index}`).join(','), /more than 100/],
  ['country', 'ua', /country code/],
  ['country', 'UKR', /country code/],
  ['region', 'Kharkiv', /region code/],
  ['region', "UA-63' OR 1=1", /region code/],
  ['killed', '5..1', /lower end above/],
  ['killed', '-1', /must be like/],
  ['killed', '..', /must be like/],
  ['killed', '1...2', /must be like/],
  ['killed', '9999999999', /must be like/],
  ['injured', 'NaN', /must be like/],
  ['bbox', '30,45,40', /four numbers/],
  ['bbox', '30,45,40,52,60', /four numbers/],
  ['bbox', '30,45,40,x', /'x' where a number/],
  ['bbox', '30,45,40,', /'' where a number/],
  ['bbox', '30,45,40,Infinity', /'Infinity' where a number/],
  ['bbox', '30,45,40,1e999', /where a number/],
  ['bbox', '30,45,40,0x10', /where a number/],
  ['bbox', '30,52,40,45', /south above/],
  ['bbox', '-181,45,40,52', /longitude outside/],
  ['bbox', '30,45,40,91', /latitude outside/],
  ['bbox', '30,45,9,40,52,1', /lowest height above/],
  ['q', '   ', /is empty/],
  ['q', 'a\0b', /null character/],
  ['q', 'x'.repeat(201), /longer than 200/],
  ['source', 'a b', /source id/],
  ['attacker', 'NATO', /known are RU, UA, unknown/],
];

for (const [parameter, value, reason] of refused) {
  test(`refuses ${parameter}=${JSON.stringify(value).slice(0, 60)}`, () => {
    assert.throws(
      () => parseFilter({ [parameter]: value }),
      (error: unknown) => {
        assert.ok(error instanceof ParameterError);
        assert.equal(error.parameter, parameter);
        assert.equal(error.value, value);
        assert.match(error.message, reason);
        return true;
      },
    );
  });
}

test('leaves parameters that select nothing to the caller', () => {
  assert.deepEqual(parseFilter({ limit: '5', type: 'other' }), { type: ['other'] });
});

test('reads only the parameters that it is asked for', () => {
  assert.deepEqual(parseFilter({ type: 'nonsense', country: 'UA' }, ['country']), {
    country: ['UA'],
  });
});
