import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  dayOf,
  daysOf,
  filteredDays,
  histogram,
  isoDay,
  parseEdtf,
  withDays,
} from '../../client/time.ts';
import { formatFilter, parseFilter } from '../../server/domain/filter.ts';
import { incident } from './fixtures.ts';

const on = (first: string, end: string, id = first) =>
  incident({ id, starts_at: `${first}T00:00:00Z`, ends_at: `${end}T00:00:00Z` });

describe('days', () => {
  test('a half-open range ends on the day before its end', () => {
    assert.deepEqual(daysOf(on('2025-08-05', '2025-08-07')), {
      first: dayOf('2025-08-05'),
      last: dayOf('2025-08-06'),
    });
  });

  const chosen: [string | undefined, string | null, string | null][] = [
    [undefined, null, null],
    ['2025-08-05', '2025-08-05', '2025-08-05'],
    ['2025-08-01/2025-08-07', '2025-08-01', '2025-08-07'],
    ['2025-08-01/..', '2025-08-01', null],
    ['../2025-08-07', null, '2025-08-07'],
  ];
  for (const [datetime, first, last] of chosen) {
    test(`datetime=${datetime} asks for ${first} to ${last}, and is written back`, () => {
      const filter = parseFilter({ datetime, type: 'airstrike' });
      const days = filteredDays(filter);
      assert.equal(days.first === null ? null : isoDay(days.first), first);
      assert.equal(days.last === null ? null : isoDay(days.last), last);
      assert.deepEqual(formatFilter(withDays(filter, days.first, days.last)), formatFilter(filter));
    });
  }

  test('days in the wrong order change places', () => {
    const filter = withDays({}, dayOf('2025-08-07'), dayOf('2025-08-01'));
    assert.deepEqual(formatFilter(filter), [['datetime', '2025-08-01/2025-08-07']]);
  });
});

describe('EDTF', () => {
  const parts: [string, string, string, boolean][] = [
    ['2025-08-05', 'day', '2025-08-05', false],
    ['2025-08~', 'month', '2025-08-01', true],
    ['2025', 'year', '2025-01-01', false],
    ['2025-08-05T08:52:00+03:00', 'day', '2025-08-05', false],
  ];
  for (const [text, unit, date, approximate] of parts) {
    test(`${text} is a ${unit}`, () => {
      const start = parseEdtf(text)?.start;
      assert.equal(start?.unit, unit);
      assert.equal(start?.date.toISOString().slice(0, 10), date);
      assert.equal(start?.approximate, approximate);
    });
  }

  for (const text of ['', 'spring 2025', '2025-8-5', '2025-01/2025-02/2025-03', '/2025']) {
    test(`'${text}' is shown as it is`, () => assert.equal(parseEdtf(text), null));
  }
});

describe('the histogram', () => {
  const span = { first: dayOf('2025-04-04'), last: dayOf('2025-09-04') };

  test('counts by day, and what may lie on several days in none of them', () => {
    const { unit, bins, spans } = histogram(
      [
        on('2025-08-05', '2025-08-06', 'a'),
        on('2025-08-05', '2025-08-06', 'b'),
        on('2025-08-05', '2025-08-07', 'c'),
        on('2025-08-06', '2025-08-08', 'd'),
        on('2025-08-09', '2025-08-11', 'e'),
      ],
      span,
    );
    assert.equal(unit, 'day');
    const counted = bins.filter(({ incidents }) => incidents.length > 0);
    assert.deepEqual(
      counted.map(({ first, incidents }) => [isoDay(first), incidents.length]),
      [['2025-08-05', 2]],
    );
    assert.deepEqual(
      spans.map(({ incident: { id }, lane }) => [id, lane]),
      [
        ['c', 0],
        ['d', 1],
        ['e', 0],
      ],
    );
  });

  test('widens to weeks from Monday and to months; every day lies in one bar', () => {
    const years = { first: dayOf('2024-01-03'), last: dayOf('2025-12-30') };
    const weeks = histogram([on('2024-01-08', '2024-01-15')], years);
    assert.equal(weeks.unit, 'week');
    assert.deepEqual(
      weeks.bins.slice(0, 2).map(({ first, last }) => [isoDay(first), isoDay(last)]),
      [
        ['2024-01-03', '2024-01-07'],
        ['2024-01-08', '2024-01-14'],
      ],
    );
    assert.equal(weeks.bins[1]?.incidents.length, 1);
    const months = histogram([], { first: dayOf('2014-03-18'), last: dayOf('2025-12-30') });
    assert.equal(months.unit, 'month');
    for (const { bins } of [weeks, months]) {
      for (const [index, bin] of bins.entries()) {
        assert.equal(bins[index + 1]?.first ?? bin.last + 1, bin.last + 1);
      }
    }
  });
});
