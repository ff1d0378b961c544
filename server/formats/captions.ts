import type { CollectionId } from '../domain/collections.ts';
import { type Measure, measureCodes } from '../domain/vocabulary.ts';
import type { Row } from './fields.ts';

/** A feature in words, for formats that people read without a table: KML and Atom. */
export interface Caption {
  readonly title: string;
  /** Lines of plain text. */
  readonly lines: readonly string[];
}

/** What is said of a feature; every figure with who gave it last, when and where. */
export const captions: Readonly<Record<CollectionId, (row: Row) => Caption>> = {
  incidents: (row) => ({
    title: text(row.title),
    lines: [
      text(row.summary),
      known('Time', row.time, row.time_precision),
      known('Place', row.place, placePrecision(row)),
      known('Attacker', row.attacker),
      ...measureCodes.flatMap((code) => figure(row, code)),
    ].filter(isSaid),
  }),
  claims: (row) => ({
    title: `${text(row.measure)}: ${range(row.value_min, row.value_max, row.qualifier)}`,
    lines: [
      text(row.text),
      known('Said by', row.attributed_to),
      known('Reported', row.reported_at),
      known('About', row.scope_name ?? row.scope),
      known('Source', row.source_url, row.source_publisher),
      known('Incident', row.incident),
    ].filter(isSaid),
  }),
  sources: (row) => ({
    title: text(row.title ?? row.url),
    lines: [
      known('Publisher', row.publisher),
      known('Published', row.published_at),
      known('Address', row.url),
    ].filter(isSaid),
  }),
  places: (row) => ({
    title: text(row.name),
    lines: [
      known('In Ukrainian', row.name_uk),
      known('Region', row.region),
      known('Population', row.population),
    ].filter(isSaid),
  }),
  regions: (row) => ({
    title: text(row.name_en),
    lines: [
      known('In Ukrainian', row.name_uk),
      known('Code', row.id),
      known('Recognised state', row.country),
      known('Claimed by (a territorial claim is not control)', row.claimants),
      text(row.note),
    ].filter(isSaid),
  }),
};

function figure(row: Row, code: Measure): string[] {
  const lowest = row[`${code}_lowest`];
  if (lowest === undefined) return [];
  const value = (part: string) => row[`${code}_${part}`];
  const highest = value('highest');
  const span = lowest === highest ? `${lowest}` : `${lowest} to ${highest}`;
  const open = value('at_least') === true ? ' or more' : '';
  const claims = value('claims') === 1 ? '1 claim' : `${value('claims')} claims`;
  const bounds = `${code}: ${span}${open} (${claims})`;
  const who = value('latest_attributed_to');
  if (who === undefined) return [`${bounds}; no claim has a date`];
  const latest = range(value('latest_min'), value('latest_max'), value('latest_qualifier'));
  const when = `reported ${value('latest_reported_at')}`;
  return [`${bounds}; latest: ${latest}, ${who}, ${when}, ${value('latest_source_url')}`];
}

type Value = Row[string] | undefined;

function range(min: Value, max: Value, qualifier: Value): string {
  const about = qualifier === 'about' ? 'about ' : '';
  if (min === undefined) return max === undefined ? 'in words' : `at most ${max}`;
  if (max === undefined) return `at least ${min}`;
  return min === max ? `${about}${min}` : `${about}${min} to ${max}`;
}

function placePrecision(row: Row): string {
  return `known to ${row.geo_precision}, within ${row.uncertainty_m} m`;
}

function known(label: string, value: Value, remark?: Value): string {
  if (value === undefined) return '';
  return `${label}: ${value}${remark === undefined ? '' : ` (${remark})`}`;
}

function text(value: Value): string {
  return value === undefined ? '' : `${value}`;
}

const isSaid = (line: string): boolean => line !== '';
