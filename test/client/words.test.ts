import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Claim, Incident } from '../../client/model.ts';
import { textsOf } from '../../client/text/index.ts';
import {
  byReport,
  figureInWords,
  placeInWords,
  reportedInWords,
  reportedValues,
  timeInWords,
  tollInWords,
  valueInWords,
} from '../../client/words.ts';
import { claim, incident } from './fixtures.ts';

const en = textsOf('en');
const uk = textsOf('uk');

/** Spaces that Intl sets about a dash differ between versions of Unicode's data. */
const plain = (text: string) => text.replace(/\s*–\s*/g, '–').replace(/\s/g, ' ');

describe('when', () => {
  const cases: [Partial<Incident['properties']>, string][] = [
    [{ time: '2025-08-05' }, '5 August 2025'],
    [{ time: '2025-08-05/2025-08-06', time_precision: 'night' }, 'night, 5–6 August 2025'],
    [{ time: '2025-08-05', time_precision: 'approximate' }, 'about 5 August 2025'],
    [{ time: '2025-08-05/2025-08-06', time_precision: 'range' }, 'some time in 5–6 August 2025'],
    [{ time: '2025-08', time_precision: 'month' }, 'August 2025, day not known'],
    [{ time: 'summer', time_precision: 'day' }, 'summer'],
  ];
  for (const [properties, words] of cases) {
    test(`${properties.time} (${properties.time_precision ?? 'exact'}) is '${words}'`, () => {
      assert.equal(plain(timeInWords(en, incident(properties), 'long')), words);
    });
  }
});

describe('where', () => {
  const cases: [Partial<Incident['properties']>, string][] = [
    [{}, 'Somewhere in Lozova, within about 4 km'],
    [{ geo_precision: 'site', uncertainty_m: 300 }, 'At Lozova, within about 300 m'],
    [
      { geo_precision: 'district', uncertainty_m: 40_000, place: 'Odesa suburbs' },
      'Known only to an area: Odesa suburbs, within about 40 km. Drawn as an area, not as a point.',
    ],
    [
      { geo_precision: 'region', place: 'six regions' },
      'Known only to whole regions: six regions. Drawn as an area, not as a point.',
    ],
  ];
  for (const [properties, words] of cases) {
    test(words, () => assert.equal(placeInWords(en, incident(properties)), words));
  }
});

describe('values', () => {
  const cases: [Partial<Claim>, string, string][] = [
    [{}, '10', '10'],
    [{ value_max: null, qualifier: 'at_least' }, 'at least 10', 'щонайменше 10'],
    [{ value_min: null, value_max: 85, qualifier: 'at_most' }, 'at most 85', 'щонайбільше 85'],
    [{ qualifier: 'about' }, 'about 10', 'близько 10'],
    [{ value_max: 12, qualifier: 'range' }, '10–12', '10–12'],
    [{ measure: 'power_loss_percent', value_min: 80, value_max: 80 }, '80%', '80%'],
    [{ value_min: null, value_max: null, qualifier: null }, 'no value', 'без значення'],
  ];
  for (const [given, english, ukrainian] of cases) {
    test(`'${english}', '${ukrainian}'`, () => {
      const each = claim(given);
      assert.equal(valueInWords(en, each.measure, each), english);
      assert.equal(valueInWords(uk, each.measure, each), ukrainian);
    });
  }

  test('a figure is a range, open above where its highest is', () => {
    const figure = { lowest: 1, highest: 2, at_least: false, claims: 3, latest: null };
    assert.equal(figureInWords(en, 'killed', figure), '1–2');
    assert.equal(figureInWords(en, 'killed', { ...figure, at_least: true }), '1–2 or more');
    assert.equal(figureInWords(en, 'killed', { ...figure, lowest: 2 }), '2');
    assert.equal(tollInWords(en, incident({ figures: { killed: figure } })), '1–2 killed');
    assert.equal(tollInWords(en, incident()), 'no toll reported');
  });

  test('conflicting values stand side by side, those of another scope do not', () => {
    const claims = [
      claim({ id: 'c1' }),
      claim({ id: 'c2', value_min: 13, value_max: 13 }),
      claim({ id: 'c3' }),
      claim({ id: 'c4', value_max: null, qualifier: 'at_least' }),
      claim({ id: 'c5', value_min: 4, value_max: 4, scope: { kind: 'group', name: 'rail' } }),
      claim({ id: 'c6', measure: 'killed' }),
    ];
    assert.deepEqual(
      reportedValues(en, 'injured', claims).map(({ words, claims: those }) => [
        words,
        those.map(({ id }) => id),
      ]),
      [
        ['10', ['c1', 'c3']],
        ['13', ['c2']],
        ['at least 10', ['c4']],
      ],
    );
  });
});

describe('reports', () => {
  test('keep their order; one party in one source is one statement', () => {
    const claims = [
      claim({ id: 'c1', reported_at: '2025-08-05T08:52:00+03:00' }),
      claim({ id: 'c2', reported_at: '2025-08-05T08:52:00+03:00', measure: 'killed' }),
      claim({ id: 'c3', source: 's2' }),
      claim({ id: 'c4', reported_at: '2025-08-08' }),
      claim({ id: 'c5', reported_at: null }),
    ];
    assert.deepEqual(
      byReport(claims).map(({ day, statements }) => [
        day,
        statements.map((statement) => statement.claims.map(({ id }) => id)),
      ]),
      [
        ['2025-08-05', [['c1', 'c2'], ['c3']]],
        ['2025-08-08', [['c4']]],
        [null, [['c5']]],
      ],
    );
  });

  test('say when, as precisely as it is known', () => {
    assert.equal(reportedInWords(en, '2025-08-05T08:52:00+03:00'), '5 Aug 2025, 08:52');
    assert.equal(reportedInWords(en, '2025-08-05'), '5 Aug 2025');
    assert.equal(reportedInWords(en, null), 'date of report not known');
  });
});

test('Ukrainian counts in three forms', () => {
  assert.deepEqual([1, 2, 5, 21].map(uk.list.count), ['1 подія', '2 події', '5 подій', '21 подія']);
});
