import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  bounds,
  formatInterval,
  inUtc,
  parseInterval,
  parseMoment,
} from '../../server/domain/interval.ts';

const day = 86_400_000;
const at = (text: string) => Date.parse(text);

const accepted: readonly [text: string, first: number | null, last: number | null][] = [
  ['2025-08-05', at('2025-08-05T00:00:00Z'), at('2025-08-06T00:00:00Z') - 1],
  ['2025-08-01/2025-08-07', at('2025-08-01T00:00:00Z'), at('2025-08-08T00:00:00Z') - 1],
  ['2025-08-05T02:45:00Z', at('2025-08-05T02:45:00Z'), at('2025-08-05T02:45:00Z')],
  ['2025-08-05T02:45:00+03:00', at('2025-08-04T23:45:00Z'), at('2025-08-04T23:45:00Z')],
  ['2025-08-05t02:45:00.5z', at('2025-08-05T02:45:00.500Z'), at('2025-08-05T02:45:00.500Z')],
  ['../2025-08-05', null, at('2025-08-05T00:00:00Z') + day - 1],
  ['/2025-08-05', null, at('2025-08-05T00:00:00Z') + day - 1],
  ['2025-08-05/..', at('2025-08-05T00:00:00Z'), null],
  ['2025-08-05/', at('2025-08-05T00:00:00Z'), null],
  ['2024-02-29', at('2024-02-29T00:00:00Z'), at('2024-03-01T00:00:00Z') - 1],
  ['2025-08-01/P7D', at('2025-08-01T00:00:00Z'), at('2025-08-08T00:00:00Z') - 1],
  ['2025-08-01/P1W', at('2025-08-01T00:00:00Z'), at('2025-08-08T00:00:00Z') - 1],
  ['2025-01-31/P1M', at('2025-01-31T00:00:00Z'), at('2025-02-28T00:00:00Z') - 1],
  ['2024-02-29/P1Y', at('2024-02-29T00:00:00Z'), at('2025-02-28T00:00:00Z') - 1],
  ['2017-03-04/P1M2D', at('2017-03-04T00:00:00Z'), at('2017-04-06T00:00:00Z') - 1],
  ['2025-08-05T02:45:00Z/PT1H30M', at('2025-08-05T02:45:00Z'), at('2025-08-05T04:15:00Z')],
  // As GDAL writes a date.
  ['2025-08-05T/..', at('2025-08-05T00:00:00Z'), null],
  ['9999-12-31', at('9999-12-31T00:00:00Z'), at('9999-12-31T00:00:00Z') + day - 1],
];

for (const [text, first, last] of accepted) {
  test(`reads ${text}`, () => {
    const interval = parseInterval(text);
    assert.deepEqual(bounds(interval), { firstMs: first, lastMs: last });
    assert.deepEqual(bounds(parseInterval(formatInterval(interval))), {
      firstMs: first,
      lastMs: last,
    });
  });
}

const refused: readonly [text: string, reason: RegExp][] = [
  ['', /'' where a date/],
  ['..', /'\.\.' where a date/],
  ['../..', /open at both ends/],
  ['/', /open at both ends/],
  ['2025', /where a date/],
  ['2025-8-5', /where a date/],
  ['2025-08', /where a date/],
  ['2025-02-30', /no day or time/],
  ['2025-02-30T', /no day or time/],
  ['2025-08-05TT', /where a date/],
  ['9999-12-31T23:59:59-00:01', /no day or time/],
  ['0001-01-01T00:00:00+00:01', /no day or time/],
  ['2025-13-01', /no day or time/],
  ['2023-02-29', /no day or time/],
  ['0000-01-01', /no day or time/],
  ['2025-08-05T25:00:00Z', /no day or time/],
  ['2025-08-05T10:60:00Z', /no day or time/],
  ['2025-08-05T10:00:00', /where a date/],
  ['2025-08-05T10:00:00+24:00', /where a date/],
  ['2025-08-05 10:00:00Z', /where a date/],
  ['2025-08-07/2025-08-01', /start after its end/],
  ['2025-08-01/2025-08-02/2025-08-03', /more than one/],
  ['yesterday', /where a date/],
  ['2025-08-01/P', /where a duration/],
  ['2025-08-01/PT', /where a duration/],
  ['2025-08-01/P1.5D', /where a duration/],
  ['2025-08-01/PT6H', /takes whole days/],
  ['2025-08-01/P0D', /start after its end/],
  ['2025-08-01/P9999Y', /after the year 9999/],
  ['2025-08-05T02:45:00Z/P9999Y9999M9999W99999DT999999H', /after the year 9999/],
  ['../P1D', /where a date/],
  ['P1D/2025-08-01', /where a date/],
  ["2025-08-05'; DROP TABLE x", /where a date/],
];

for (const [text, reason] of refused) {
  test(`refuses ${JSON.stringify(text)}`, () => {
    assert.throws(() => parseInterval(text), { name: 'RangeError', message: reason });
  });
}

test('an interval of one day may start and end on it', () => {
  assert.deepEqual(
    bounds(parseInterval('2025-08-05/2025-08-05')),
    bounds(parseInterval('2025-08-05')),
  );
});

test('an instant within the last day of an interval is not after it', () => {
  assert.doesNotThrow(() => parseInterval('2025-08-05T23:00:00Z/2025-08-05'));
});

test('an instant in UTC is as exact as it was given', () => {
  assert.equal(
    inUtc(parseMoment('2025-08-05T02:45:00.123456+03:00')),
    '2025-08-04T23:45:00.123456Z',
  );
  assert.equal(inUtc(parseMoment('2025-08-05t02:45:00z')), '2025-08-05T02:45:00.000Z');
  assert.equal(inUtc(parseMoment('2025-08-05T02:45:00-23:59')), '2025-08-06T02:44:00.000Z');
});
