import type { GeoPrecision, TimePrecision } from '../../server/domain/vocabulary.ts';
import { countryIn } from './countries.ts';
import { csvRecords, type Row } from './csv.ts';
import { dayOf, spanOf } from './dates.ts';
import {
  type DatasetRecord,
  type ImportedClaim,
  type ImportedIncident,
  type ImportFormat,
  RefusedError,
} from './format.ts';

/**
 * UCDP's `where_prec` and ours (UCDP GED codebook, "where_prec"; Sundberg and Melander 2013, doi
 * 10.1177/0022343313484347). 1 a place; 2 within about 25 km of one; 3 a second-order division; 4 a
 * first-order division; 5 more than one of these, or a line; 6 the country; 7 waters or airspace.
 * What is larger than a first-order division counts as known to the country only.
 */
export const ucdpWherePrec: Readonly<
  Record<string, { code: GeoPrecision; uncertainty_m: number }>
> = {
  1: { code: 'settlement', uncertainty_m: 5_000 },
  2: { code: 'district', uncertainty_m: 25_000 },
  3: { code: 'district', uncertainty_m: 40_000 },
  4: { code: 'region', uncertainty_m: 100_000 },
  5: { code: 'country', uncertainty_m: 300_000 },
  6: { code: 'country', uncertainty_m: 500_000 },
  7: { code: 'country', uncertainty_m: 500_000 },
};

/** UCDP's `date_prec` and ours (same codebook): 1 the day, 2 two to six days, 3 week, 4 month, 5 more. */
export const ucdpDatePrec: Readonly<Record<string, TimePrecision>> = {
  1: 'day',
  2: 'range',
  3: 'week',
  4: 'month',
  5: 'year',
};

/** UCDP's totals of deaths, each a claim of its own. */
const totals = [
  ['low', 'Low estimate'],
  ['best', 'Best estimate'],
  ['high', 'High estimate'],
] as const;

const required = [
  'id',
  'type_of_violence',
  'where_prec',
  'date_prec',
  'date_start',
  'date_end',
  'latitude',
  'longitude',
  'best',
  'high',
  'low',
];

function format(title: string, dataset: Pick<DatasetRecord, 'id' | 'title'>): ImportFormat {
  return {
    title,
    dataset: {
      ...dataset,
      licence: 'CC BY 4.0',
      licence_url: 'https://creativecommons.org/licenses/by/4.0/',
      attribution: `${dataset.title}, Uppsala Conflict Data Program (CC BY 4.0)`,
      url: 'https://ucdp.uu.se/downloads/',
      publisher: 'Uppsala Conflict Data Program',
      privateBecause: null,
    },
    read: (files) =>
      csvRecords(files, { required, recordOf: (row) => row.text('id'), toIncident: incidentOf }),
  };
}

export const ucdpGed = format('UCDP Georeferenced Event Dataset CSV', {
  id: 'ucdp-ged',
  title: 'UCDP Georeferenced Event Dataset',
});
export const ucdpCandidate = format('UCDP Candidate Events CSV', {
  id: 'ucdp-candidate',
  title: 'UCDP Candidate Events Dataset (before vetting)',
});

function incidentOf(row: Row): ImportedIncident {
  const record = row.required('id');
  const whereCode = row.required('where_prec');
  const dateCode = row.required('date_prec');
  const where = ucdpWherePrec[whereCode];
  const when = ucdpDatePrec[dateCode];
  if (where === undefined)
    throw new RefusedError(`where_prec '${whereCode}' is not in the codebook`);
  if (when === undefined) throw new RefusedError(`date_prec '${dateCode}' is not in the codebook`);
  const first = dayOf(row.required('date_start'));
  const last = dayOf(row.required('date_end'));
  if (dateCode === '1' && first !== last) {
    throw new RefusedError(`date_prec 1 is one day, but the event is from ${first} to ${last}`);
  }
  const place = row.text('where_coordinates') || row.text('adm_1') || row.required('country');
  return {
    record,
    url: /^\d+$/.test(record) ? `https://ucdp.uu.se/event/${record}` : null,
    title: `${row.text('dyad_name') || 'Recorded violence'}: ${place}`,
    summary: row.text('source_headline'),
    type: 'other',
    type_source: `ucdp:type_of_violence:${row.required('type_of_violence')}`,
    attacker: 'unknown',
    targets: [],
    country: countryIn(row, ['country']),
    region: null,
    geonames_id: null,
    place,
    lon: row.coordinate('longitude', 180),
    lat: row.coordinate('latitude', 90),
    geo: { code: where.code, source: `ucdp:where_prec:${whereCode}` },
    uncertainty_m: where.uncertainty_m,
    coordinate_source: 'UCDP',
    time: spanOf(first, last),
    time_local: null,
    when: { code: when, source: `ucdp:date_prec:${dateCode}` },
    claims: claimsOf(row),
    sources: [],
  };
}

function claimsOf(row: Row): ImportedClaim[] {
  const from = row.text('source_original') || row.text('source_office');
  const counts = totals.map(([column, remark]) => ({ column, remark, value: row.number(column) }));
  for (const { column, value } of counts) {
    if (!Number.isInteger(value) || value < 0)
      throw new RefusedError(`${column} is ${value}, which is no count`);
  }
  return counts.map(({ remark, value }) => ({
    measure: 'killed',
    value_min: value,
    value_max: value,
    qualifier: 'exact',
    text: null,
    attributed_to: from === '' ? 'UCDP' : `UCDP, from ${from}`,
    remark,
    source: null,
    reported_at: null,
  }));
}
