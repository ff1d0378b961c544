import type { GeoPrecision, IncidentType } from '../../server/domain/vocabulary.ts';
import { attempt, csvRows, type Row } from './csv.ts';
import { dayOf } from './dates.ts';
import {
  ForeignError,
  type ImportedClaim,
  type ImportedIncident,
  type ImportedSource,
  type ImportFormat,
  type Parsed,
  RefusedError,
} from './format.ts';
import type { SourceFile } from './input.ts';
import { type PartRow, withPartitions } from './partitions.ts';

/**
 * VIINA's `GEO_PRECISION` and ours (codebook in its README, https://github.com/zhukovyuri/VIINA):
 * a street that was named is a part of its settlement, not the place of impact.
 */
export const viinaGeoPrecision: Readonly<
  Record<string, { code: GeoPrecision; uncertainty_m: number }>
> = {
  STREET: { code: 'settlement', uncertainty_m: 5_000 },
  ADM3: { code: 'settlement', uncertainty_m: 5_000 },
  ADM2: { code: 'district', uncertainty_m: 40_000 },
  ADM1: { code: 'region', uncertainty_m: 100_000 },
  ADM0: { code: 'country', uncertainty_m: 500_000 },
};

/** Labels that say what struck, and our types; a machine gave them. Several make a combined strike. */
export const viinaTypes: Readonly<Record<string, IncidentType>> = {
  t_airstrike_b: 'airstrike',
  t_artillery_b: 'shelling',
  t_uav_b: 'drone_strike',
  t_ied_b: 'other',
};

type Part = 'event_1pd' | 'event_info' | 'event_labels';

/** VIINA 2.0: events of one place and day (`event_1pd`) with their reports, or reports with labels. */
export const viina: ImportFormat = {
  title: 'VIINA 2.0 CSV: event_1pd, event_info, event_labels, joined',
  dataset: {
    id: 'viina',
    title: 'VIINA: Violent Incident Information from News Articles',
    licence: 'ODbL 1.0',
    licence_url: 'https://opendatacommons.org/licenses/odbl/1-0/',
    attribution: 'Zhukov, Yuri (2023). VIINA 2.0 (ODbL), github.com/zhukovyuri/VIINA',
    url: 'https://github.com/zhukovyuri/VIINA',
    publisher: 'VIINA',
    privateBecause: null,
  },
  read,
};

function partOf({ name }: SourceFile): Part {
  const found = /event_(?:1pd|info|labels)/.exec(name.slice(name.lastIndexOf('/') + 1))?.[0];
  switch (found) {
    case 'event_1pd':
    case 'event_info':
    case 'event_labels':
      return found;
    default:
      throw new TypeError(`${name}: the name must say event_1pd, event_info or event_labels`);
  }
}

async function* read(files: readonly SourceFile[]): AsyncGenerator<Parsed> {
  const filesOf = (part: Part) => {
    const found = files.filter((file) => partOf(file) === part);
    return found.length === 0 ? undefined : found;
  };
  const days = filesOf('event_1pd');
  const info = filesOf('event_info');
  if (days === undefined && info === undefined) {
    throw new TypeError(
      'event_labels alone say nothing of place: give event_info or event_1pd too',
    );
  }
  // The events of a day carry labels of their own; those of each report add nothing to them.
  const key = days === undefined ? 'event_id' : 'event_id_1pd';
  const main = days ?? info ?? [];
  const beside = days === undefined ? filesOf('event_labels') : info;
  if (beside === undefined) {
    for (const file of main) {
      for await (const { line, row, fault } of csvRows(file, [key, 'date', 'longitude'])) {
        yield parsed({ file: file.name, line, row, fault }, [], key);
      }
    }
    return;
  }
  for await (const { row, others } of withPartitions({ main, beside, key })) {
    if (row !== null) {
      yield parsed(row, others, key);
      continue;
    }
    for (const { file, line, row: other, fault } of others) {
      const refused = fault ?? `belongs to no ${key} of these files`;
      yield {
        file,
        line,
        record: null,
        refused,
        kind: other === null || fault !== null ? 'faulty' : 'foreign',
      };
    }
  }
}

function parsed(
  { file, line, row, fault }: PartRow,
  others: readonly PartRow[],
  key: 'event_id' | 'event_id_1pd',
): Parsed {
  const at = { file, line };
  if (row === null || fault !== null) {
    return { ...at, record: null, refused: fault ?? 'unreadable', kind: 'faulty' };
  }
  const beside = others.flatMap((other) => (other.row === null ? [] : [other.row]));
  const result = attempt(at, row, {
    recordOf: (given) => given.text(key),
    toIncident: (given) =>
      key === 'event_id_1pd'
        ? incidentOf(given, { key, labels: given, reports: beside })
        : incidentOf(given, { key, labels: beside[0] ?? given, reports: [given] }),
  });
  if ('refused' in result) return result;
  return {
    ...result,
    repairs: [row, ...beside].flatMap(({ repairs }) => repairs),
    doubts: [row, ...beside].flatMap(({ doubts }) => doubts),
  };
}

interface Joined {
  readonly key: 'event_id' | 'event_id_1pd';
  readonly labels: Row;
  readonly reports: readonly Row[];
}

function incidentOf(row: Row, { key, labels, reports }: Joined): ImportedIncident {
  const record = row.required(key);
  const found = Object.keys(viinaTypes).filter((label) => Number(labels.text(label)) === 1);
  const [label] = found;
  if (label === undefined) throw new ForeignError('not a strike: no label of one');
  const precision = row.required('geo_precision');
  const geo = viinaGeoPrecision[precision];
  if (geo === undefined)
    throw new RefusedError(`GEO_PRECISION '${precision}' is not in the codebook`);
  const place = row.text('asciiname') || row.text('address') || row.text('adm1_name');
  if (place === '') throw new RefusedError('no name of a place');
  const day = dayOf(row.required('date'));
  const isBy = (side: string) => Number(labels.text(`a_${side}_init_b`)) === 1;
  const attacker = isBy('rus') === isBy('ukr') ? 'unknown' : isBy('rus') ? 'RU' : 'UA';
  const sources = reports.flatMap(sourceOf);
  return {
    record: key === 'event_id' ? `report-${record}` : record,
    url: null,
    title: `${found.map((name) => name.slice(2, -2)).join(', ')}: ${place}`,
    summary: reports.map((report) => report.text('text')).find((text) => text !== '') ?? '',
    type: found.length > 1 ? 'combined_strike' : (viinaTypes[label] ?? 'other'),
    type_source: `viina:${found.join('+')}`,
    attacker,
    targets: Number(labels.text('t_hospital_b')) === 1 ? ['medical'] : [],
    country: 'UA',
    region: null,
    geonames_id: Number(row.text('geonameid')) || null,
    place,
    lon: row.coordinate('longitude', 180),
    lat: row.coordinate('latitude', 90),
    geo: { code: geo.code, source: `viina:GEO_PRECISION:${precision}` },
    uncertainty_m: geo.uncertainty_m,
    coordinate_source: 'VIINA',
    time: day,
    time_local: null,
    when: { code: 'day', source: null },
    claims: claimsOf(row, reports),
    sources: [...new Map(sources.map((source) => [source.url, source])).values()],
  };
}

/** ISO 639 has `uk` for Ukrainian, where VIINA writes the country. */
const languageOf = (text: string) =>
  text === 'ua' ? 'uk' : /^[a-z]{2,3}$/.test(text) ? text : null;

const addressOf = (report: Row) => {
  const url = report.text('url');
  return /^https?:\/\/\S+$/.test(url) ? url : null;
};

function sourceOf(report: Row): ImportedSource[] {
  const url = addressOf(report);
  if (url === null) return [];
  return [
    {
      url,
      publisher: report.text('source') || null,
      title: report.text('text') || null,
      language: languageOf(report.text('lang')),
      published_at: dayOf(report.required('date')),
    },
  ];
}

function claimsOf(row: Row, reports: readonly Row[]): ImportedClaim[] {
  const narrative = {
    measure: 'narrative',
    value_min: null,
    value_max: null,
    qualifier: null,
  } as const;
  const told = reports.filter((report) => report.text('text') !== '');
  if (told.length === 0) {
    return [
      {
        ...narrative,
        text: `Reports: ${row.text('n_reports') || 'number not given'}; from ${row.text('sources') || row.text('source') || 'sources not given'}.`,
        attributed_to: 'VIINA',
        remark: 'Classified by machine',
        source: null,
        reported_at: null,
      },
    ];
  }
  return told.map((report) => ({
    ...narrative,
    text: report.text('text'),
    attributed_to: report.text('source') || 'VIINA',
    remark: 'Classified by machine',
    source: addressOf(report),
    reported_at: dayOf(report.required('date')),
  }));
}
