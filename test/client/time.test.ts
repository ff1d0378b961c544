import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  type Days,
  dayOf,
  daysWithin,
  filteredDays,
  histogram,
  isoDay,
  parseEdtf,
  playStart,
  stepped,
  type TimeGroup,
  unitFor,
  windowCounter,
  withDays,
} from '../../client/time.ts';
import { formatFilter, parseFilter } from '../../server/domain/filter.ts';

const days = (first: string, last: string): Days => ({ first: dayOf(first), last: dayOf(last) });

/** Incidents known to the days from first to last. */
const on = (first: string, last: string, given: Partial<TimeGroup> = {}): TimeGroup => ({
  ...days(first, last),
  day: first === last ? dayOf(first) : null,
  type: 'drone_strike',
  incidents: 1,
  ...given,
});

describe('days', () => {
  test('a half-open range ends on the day before its end', () => {
    assert.deepEqual(
      daysWithin('2025-08-05T00:00:00Z', '2025-08-07T00:00:00Z'),
      days('2025-08-05', '2025-08-06'),
    );
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
      const asked = filteredDays(filter);
      assert.equal(asked.first === null ? null : isoDay(asked.first), first);
      assert.equal(asked.last === null ? null : isoDay(asked.last), last);
      assert.deepEqual(
        formatFilter(withDays(filter, asked.first, asked.last)),
        formatFilter(filter),
      );
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
  const span = days('2025-04-04', '2025-09-04');

  test('counts by day and type, and what may lie on several days in none of them', () => {
    const { bins, bands } = histogram(
      [
        on('2025-08-05', '2025-08-05', { incidents: 2 }),
        on('2025-08-05', '2025-08-05', { type: 'airstrike' }),
        on('2025-08-05', '2025-08-06'),
        on('2025-08-05', '2025-08-06', { type: 'airstrike', incidents: 3 }),
        on('2025-08-06', '2025-08-07'),
        on('2025-08-09', '2025-08-10'),
      ],
      span,
      'day',
    );
    const counted = bins.filter(({ incidents }) => incidents > 0);
    assert.deepEqual(
      counted.map(({ first, incidents, types }) => [isoDay(first), incidents, types]),
      [['2025-08-05', 3, { drone_strike: 2, airstrike: 1 }]],
    );
    assert.deepEqual(
      bands.map(({ first, incidents, lane }) => [isoDay(first), incidents, lane]),
      [
        ['2025-08-05', 4, 0],
        ['2025-08-06', 1, 1],
        ['2025-08-09', 1, 0],
      ],
    );
  });

  test('a night counts to the day it ends on, and may lie on both', () => {
    const night = { ...on('2025-08-05', '2025-08-06'), day: dayOf('2025-08-06') };
    const { bins, bands } = histogram([night], span, 'day');
    assert.deepEqual(bands, []);
    assert.deepEqual(
      bins.filter(({ incidents }) => incidents > 0).map(({ first }) => isoDay(first)),
      ['2025-08-06'],
    );
    const countIn = windowCounter([night]);
    assert.equal(countIn(days('2025-08-05', '2025-08-05')), 1);
    assert.equal(countIn(days('2025-08-07', '2025-08-09')), 0);
  });

  test('a month is in no day and no week, and in its month', () => {
    const month = [on('2025-08-01', '2025-08-31', { incidents: 5 })];
    for (const unit of ['day', 'week'] as const) {
      const { bins, bands } = histogram(month, span, unit);
      assert.ok(bins.every(({ incidents }) => incidents === 0));
      assert.deepEqual(
        bands.map(({ incidents }) => incidents),
        [5],
      );
    }
    const { bins, bands } = histogram(month, span, 'month');
    assert.deepEqual(bands, []);
    assert.equal(bins.find(({ first }) => isoDay(first) === '2025-08-01')?.incidents, 5);
  });

  test('more spans than rows lie over each other in the last row, none is left out', () => {
    const many = [1, 2, 3, 4, 5].map((day) => on(`2025-08-0${day}`, '2025-08-20'));
    const { bands } = histogram(many, span, 'day');
    assert.deepEqual(
      bands.map(({ lane }) => lane),
      [0, 1, 2, 2, 2],
    );
  });

  test('weeks begin on Monday; every day lies in one bar', () => {
    const years = days('2024-01-03', '2025-12-30');
    assert.equal(unitFor(years), 'week');
    const weeks = histogram([on('2024-01-08', '2024-01-14')], years, 'week');
    assert.deepEqual(
      weeks.bins.slice(0, 2).map(({ first, last }) => [isoDay(first), isoDay(last)]),
      [
        ['2024-01-03', '2024-01-07'],
        ['2024-01-08', '2024-01-14'],
      ],
    );
    assert.equal(weeks.bins[1]?.incidents, 1);
    const decade = days('2014-03-18', '2025-12-30');
    assert.equal(unitFor(decade), 'month');
    for (const { bins } of [weeks, histogram([], decade, 'month')]) {
      for (const [index, bin] of bins.entries()) {
        assert.equal(bins[index + 1]?.first ?? bin.last + 1, bin.last + 1);
      }
    }
  });

  test('the count of a window is of all that may lie in it', () => {
    const groups = [
      on('2025-08-05', '2025-08-05', { incidents: 2 }),
      on('2025-08-01', '2025-08-31', { incidents: 3 }),
      on('2025-07-28', '2025-08-02'),
    ];
    const countIn = windowCounter(groups);
    const cases: [string, string, number][] = [
      ['2025-08-05', '2025-08-05', 5],
      ['2025-08-01', '2025-08-01', 4],
      ['2025-07-28', '2025-07-31', 1],
      ['2025-09-01', '2025-09-04', 0],
      ['2025-04-04', '2025-09-04', 6],
    ];
    for (const [first, last, count] of cases) assert.equal(countIn(days(first, last)), count);
  });
});

describe('a play', () => {
  const byWeek = histogram([], days('2025-08-01', '2025-08-31'), 'week');
  const words = (each: Days | null) => each && [isoDay(each.first), isoDay(each.last)];

  test('of a window moves both ends by whole bars and ends with the last', () => {
    const start = playStart(byWeek, 'window');
    assert.deepEqual(words(start), ['2025-08-01', '2025-08-24']);
    const next = start && stepped(byWeek, start, 'window', 1);
    assert.deepEqual(words(next), ['2025-08-04', '2025-08-31']);
    assert.equal(next && stepped(byWeek, next, 'window', 1), null);
  });

  test('that accumulates moves the last day alone', () => {
    const start = playStart(byWeek, 'cumulative');
    assert.deepEqual(words(start), ['2025-08-01', '2025-08-03']);
    const next = start && stepped(byWeek, start, 'cumulative', 1);
    assert.deepEqual(words(next), ['2025-08-01', '2025-08-10']);
    assert.deepEqual(words(next && stepped(byWeek, next, 'cumulative', -1)), words(start));
    assert.equal(start && stepped(byWeek, start, 'cumulative', -1), null);
  });

  test('begins in the bar that holds the first chosen day', () => {
    const chosen = days('2025-08-06', '2025-08-06');
    assert.deepEqual(words(stepped(byWeek, chosen, 'window', 1)), ['2025-08-11', '2025-08-17']);
  });
});
