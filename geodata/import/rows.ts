import { hash } from 'node:crypto';
import sql from 'sql-template-tag';
import { columnsOf } from '../columns.ts';
import { lastDayOf, rangeOf, type TimeRange } from '../times.ts';
import type { TableLoad } from '../upsert.ts';
import type { DatasetRecord, ImportedIncident, ImportedSource } from './format.ts';

/** What the mapping of records makes of them: a change of it makes every record a changed one. */
const mappingEdition = 1;

/** A record that is ready to be loaded. */
export interface ReadyIncident {
  readonly incident: ImportedIncident;
  readonly country: string;
  readonly region: string | null;
  /** Id of the incident in the atlas. */
  readonly id: string;
  /** Differs where anything that is loaded of the record differs. */
  readonly digest: string;
}

/** How the records of a run are shown. */
export type Status = 'published' | 'draft';

/** A record with its id and digest; `status` is part of what is loaded. */
export function ready(
  incident: ImportedIncident,
  located: { readonly country: string; readonly region: string | null },
  { dataset, status }: { readonly dataset: DatasetRecord; readonly status: Status },
): ReadyIncident {
  const content = JSON.stringify([
    mappingEdition,
    status,
    located.country,
    located.region,
    incident,
  ]);
  return {
    incident,
    country: located.country,
    region: located.region,
    id: idOf(dataset, incident.record),
    digest: hash('sha256', content, 'base64url').slice(0, 22),
  };
}

const plainId = /^[A-Za-z0-9._-]{1,60}$/;

function hashed(text: string): string {
  return hash('sha256', text, 'hex').slice(0, 20);
}

function idOf({ id }: DatasetRecord, record: string): string {
  return `${id}.${plainId.test(record) ? record : `x-${hashed(record)}`}`;
}

/** Id of the dataset's own source: the page that it is published on. */
export function datasetSource({ id }: DatasetRecord): string {
  return `import-${id}`;
}

function sourceId({ id }: DatasetRecord, { url }: ImportedSource): string {
  return `${id}.s-${hashed(url)}`;
}

/** Ranges of days come again and again. */
const ranges = new Map<string, TimeRange>();

function range(time: string): TimeRange {
  const known = ranges.get(time);
  if (known !== undefined) return known;
  if (ranges.size > 20_000) ranges.clear();
  const made = rangeOf(time);
  ranges.set(time, made);
  return made;
}

const incidentColumns = {
  ...columnsOf.incident,
  type_source: 'text',
  geo_precision_source: 'text',
  time_precision_source: 'text',
} as const;

/** The rows of the dataset itself and of the page that it is published on. */
export function datasetRows(dataset: DatasetRecord, status: Status): TableLoad[] {
  return [
    {
      table: 'dataset',
      key: ['id'],
      columns: columnsOf.dataset,
      rows: [dataset],
      owned: sql`false`,
    },
    {
      table: 'source',
      key: ['id'],
      columns: { ...columnsOf.source, status: 'text' },
      rows: [
        {
          id: datasetSource(dataset),
          url: dataset.url,
          publisher: dataset.publisher,
          title: dataset.title,
          kind: 'aggregator',
          dataset: dataset.id,
          status,
        },
      ],
      owned: sql`false`,
    },
  ];
}

/** Ids of the publications that a batch of records names. */
export function sourcesOf(
  batch: readonly ReadyIncident[],
  { dataset }: { readonly dataset: DatasetRecord },
): Set<string> {
  const ids = new Set<string>();
  for (const { incident } of batch) {
    for (const source of incident.sources) ids.add(sourceId(dataset, source));
  }
  return ids;
}

/**
 * The rows that a batch of records means, table by table; publications of which others see to are left
 * out. Keys are checked when all are in, so the small tables go first: the large ones are written out
 * while those are inserted.
 */
export function* batchRows(
  batch: readonly ReadyIncident[],
  { dataset, status }: { readonly dataset: DatasetRecord; readonly status: Status },
  others: readonly ReadonlySet<string>[] = [],
): Generator<TableLoad> {
  const ids = batch.map(({ id }) => id);
  const ofBatch = sql`t.incident = ANY (${ids}::text[])`;
  const ownSource = datasetSource(dataset);
  const sources = new Map<string, ImportedSource>();
  for (const { incident } of batch) {
    for (const source of incident.sources) {
      const id = sourceId(dataset, source);
      if (!others.some((ids) => ids.has(id))) sources.set(id, source);
    }
  }
  const sourceOf = (url: string | null, incident: ImportedIncident): string => {
    const source = incident.sources.find((candidate) => candidate.url === url);
    return source === undefined ? ownSource : sourceId(dataset, source);
  };
  yield {
    table: 'source',
    key: ['id'],
    columns: { ...columnsOf.source, status: 'text' },
    rows: [...sources].map(([id, source]) => ({
      ...source,
      id,
      published_from: source.published_at === null ? null : range(source.published_at).from,
      published_until: source.published_at === null ? null : range(source.published_at).until,
      kind: 'original',
      dataset: dataset.id,
      status,
    })),
    owned: sql`false`,
  };
  yield {
    table: 'incident_identifier',
    key: ['incident', 'scheme', 'identifier'],
    columns: columnsOf.incident_identifier,
    rows: batch.map(({ id, incident: { record, url } }) => ({
      incident: id,
      scheme: dataset.id,
      identifier: record,
      url,
    })),
    owned: ofBatch,
  };
  yield {
    table: 'incident_source',
    key: ['incident', 'source'],
    columns: columnsOf.incident_source,
    rows: batch.flatMap(({ id, incident }) =>
      [...new Set(incident.sources.map((source) => sourceId(dataset, source))).add(ownSource)].map(
        (source) => ({ incident: id, source }),
      ),
    ),
    owned: ofBatch,
  };
  yield {
    table: 'incident',
    key: ['id'],
    columns: incidentColumns,
    rows: batch.map(({ id, incident, country, region }) => {
      const { from, until } = range(incident.time);
      // Member by member: copying whole records took half of the importer's time.
      return {
        id,
        title: incident.title,
        summary: incident.summary,
        type: incident.type,
        attacker: incident.attacker,
        targets: incident.targets,
        country,
        region,
        place: incident.place,
        time: incident.time,
        time_precision: incident.when.code,
        time_local: incident.time_local,
        starts_at: from,
        ends_at: until,
        geo_precision: incident.geo.code,
        uncertainty_m: incident.uncertainty_m,
        coordinate_source: incident.coordinate_source,
        geom: { type: 'Point', coordinates: [incident.lon, incident.lat] },
        area: incident.area ?? null,
        dataset: dataset.id,
        status,
        type_source: incident.type_source,
        geo_precision_source: incident.geo.source,
        time_precision_source: incident.when.source,
      };
    }),
    owned: sql`false`,
  };
  yield {
    table: 'claim',
    key: ['id'],
    columns: columnsOf.claim,
    rows: batch.flatMap(({ id, incident }) =>
      incident.claims.map((claim, index) => {
        const reported = claim.reported_at;
        const instants = reported === null ? null : range(reported);
        return {
          id: `${id}.c${index + 1}`,
          incident: id,
          measure: claim.measure,
          value_min: claim.value_min,
          value_max: claim.value_max,
          qualifier: claim.qualifier,
          text: claim.text,
          scope: 'incident',
          attributed_to: claim.attributed_to,
          remark: claim.remark,
          source: sourceOf(claim.source, incident),
          reported_at: reported,
          reported_day: reported === null ? null : lastDayOf(reported),
          reported_from: instants?.from ?? null,
          reported_until: instants?.until ?? null,
          report_position: index + 1,
        };
      }),
    ),
    owned: ofBatch,
  };
}
