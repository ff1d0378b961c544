import type { GeoPrecision, TimePrecision } from '../../server/domain/vocabulary.ts';
import { countryIn } from './countries.ts';
import { csvRecords, type Row } from './csv.ts';
import { dayOf, daysAfter, spanOf } from './dates.ts';
import {
  ForeignError,
  type ImportedClaim,
  type ImportedIncident,
  type ImportFormat,
  RefusedError,
} from './format.ts';

/**
 * ACLED's `geo_precision` and ours (ACLED codebook, https://acleddata.com/knowledge-base/codebook/,
 * "Geo-precision"). 1 is the centre of a town, never a street corner; 2 is a part of a region, coded
 * to a town that stands for it; 3 a larger region, coded to a natural feature or the capital.
 */
export const acledGeoPrecision: Readonly<
  Record<string, { code: GeoPrecision; uncertainty_m: number }>
> = {
  1: { code: 'settlement', uncertainty_m: 5_000 },
  2: { code: 'district', uncertainty_m: 25_000 },
  3: { code: 'region', uncertainty_m: 100_000 },
};

/**
 * ACLED's `time_precision` and ours (same codebook, "Time precision"). 1 the day in the source; 2
 * within a week, whose middle is recorded; 3 within a month, whose middle or end is recorded.
 */
export const acledTimePrecision: Readonly<
  Record<string, { code: TimePrecision; time: (day: string) => string }>
> = {
  1: { code: 'day', time: (day) => day },
  2: { code: 'week', time: (day) => spanOf(daysAfter(day, -3), daysAfter(day, 3)) },
  3: { code: 'month', time: (day) => day.slice(0, 7) },
};

/** The event type whose events are strikes; in ACLED's codebook no sub-event names one weapon. */
const strikes = 'Explosions/Remote violence';

/** Figures that ACLED writes where a source gives a word (codebook, "Fatalities"). */
const figureOfWord: Readonly<Record<number, RegExp>> = {
  3: /\b(?:several|many|few)\b/i,
  10: /\b(?:several|many|few)\b/i,
  12: /\bdozens\b/i,
  100: /\bhundreds\b/i,
};

export const acled: ImportFormat = {
  title: 'ACLED event CSV, old and new columns',
  dataset: {
    id: 'acled',
    title: 'Armed Conflict Location & Event Data (ACLED)',
    licence: 'ACLED terms of use: no redistribution',
    licence_url: 'https://epo.acleddata.com/terms-of-use-and-attribution-policy',
    attribution: 'Armed Conflict Location & Event Data (ACLED), acleddata.com',
    url: 'https://acleddata.com/',
    publisher: 'ACLED',
    privateBecause:
      'ACLED forbids giving its data to others; --public shows them nevertheless, on your own responsibility',
  },
  read: (files) =>
    csvRecords(files, {
      required: [
        'event_date',
        'event_type',
        'sub_event_type',
        'latitude',
        'longitude',
        'fatalities',
      ],
      recordOf,
      toIncident: incidentOf,
    }),
};

/** Old files may have a number of the row instead of the event's id with the country. */
const recordOf = (row: Row) => row.text('event_id_cnty') || row.text('data_id');

function incidentOf(row: Row): ImportedIncident {
  const record = recordOf(row);
  if (record === '') throw new RefusedError('no event_id_cnty');
  const eventType = row.required('event_type');
  const subEventType = row.required('sub_event_type');
  if (eventType !== strikes) throw new ForeignError(`not a strike: ${eventType} / ${subEventType}`);
  const geoCode = row.required('geo_precision');
  const timeCode = row.required('time_precision');
  const geo = acledGeoPrecision[geoCode];
  const when = acledTimePrecision[timeCode];
  if (geo === undefined)
    throw new RefusedError(`geo_precision '${geoCode}' is not in the codebook`);
  if (when === undefined)
    throw new RefusedError(`time_precision '${timeCode}' is not in the codebook`);
  const place = row.required('location');
  const notes = row.text('notes');
  return {
    record,
    url: null,
    title: `${subEventType}: ${place}`,
    summary: notes,
    type: 'other',
    type_source: `acled:sub_event_type:${subEventType}`,
    attacker: 'unknown',
    targets: [],
    country: countryIn(row, ['country', 'iso']),
    region: null,
    geonames_id: null,
    place,
    lon: row.coordinate('longitude', 180),
    lat: row.coordinate('latitude', 90),
    geo: { code: geo.code, source: `acled:geo_precision:${geoCode}` },
    uncertainty_m: geo.uncertainty_m,
    coordinate_source: 'ACLED',
    time: when.time(dayOf(row.required('event_date'))),
    time_local: null,
    when: { code: when.code, source: `acled:time_precision:${timeCode}` },
    claims: claimsOf(row, notes),
    sources: [],
  };
}

/** ACLED records the lowest of conflicting figures, and 0 where none was reported. */
function claimsOf(row: Row, notes: string): ImportedClaim[] {
  const fatalities = row.number('fatalities');
  if (!Number.isInteger(fatalities) || fatalities < 0) {
    throw new RefusedError(`fatalities is ${fatalities}, which is no count`);
  }
  const reported = row.text('source');
  const shared = {
    attributed_to: reported === '' ? 'ACLED' : `ACLED, from ${reported}`,
    source: null,
    reported_at: null,
  };
  const narrative: ImportedClaim = {
    ...shared,
    measure: 'narrative',
    value_min: null,
    value_max: null,
    qualifier: null,
    text: notes === '' ? 'No account is given.' : notes,
    remark: fatalities === 0 ? 'Deaths: none reported (fatalities 0)' : null,
  };
  if (fatalities === 0) return [narrative];
  const word = figureOfWord[fatalities]?.exec(notes)?.[0] ?? null;
  const killed: ImportedClaim = {
    ...shared,
    measure: 'killed',
    value_min: fatalities,
    value_max: word === null ? null : fatalities,
    qualifier: word === null ? 'at_least' : 'about',
    text: word,
    remark:
      word === null
        ? 'Lowest figure of the reports'
        : `The account says "${word}", for which ACLED writes ${fatalities}`,
  };
  return [narrative, killed];
}
