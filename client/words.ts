/** Pure: domain values in words of a language. Texts come from the table, forms from `Intl`. */

import { type Filter, filterNames } from '../server/domain/filter.ts';
import type { FilterName, NumberRange } from '../server/domain/parameters.ts';
import type { Measure, Qualifier } from '../server/domain/vocabulary.ts';
import type { Claim, Figure, Incident } from './model.ts';
import type { Language, Texts } from './text/index.ts';
import { type Day, dateOf, type EdtfPart, filteredDays, parseEdtf } from './time.ts';

const dateForms = {
  long: { day: { day: 'numeric', month: 'long', year: 'numeric' } },
  short: { day: { day: 'numeric', month: 'short', year: 'numeric' } },
} as const;

type Length = keyof typeof dateForms;

const formats = new Map<string, Intl.DateTimeFormat>();

function dateFormat(t: Texts, unit: EdtfPart['unit'], length: Length): Intl.DateTimeFormat {
  const key = `${t.locale} ${unit} ${length}`;
  const known = formats.get(key);
  if (known !== undefined) return known;
  const options: Intl.DateTimeFormatOptions =
    unit === 'day'
      ? dateForms[length].day
      : unit === 'month'
        ? { month: 'long', year: 'numeric' }
        : { year: 'numeric' };
  const format = new Intl.DateTimeFormat(t.locale, { ...options, timeZone: 'UTC' });
  formats.set(key, format);
  return format;
}

/** `5 August 2025`, or with `short` `5 Aug 2025`. */
export function dayInWords(t: Texts, day: Day, length: Length): string {
  return dateFormat(t, 'day', length).format(dateOf(day));
}

/** An EDTF text in words: `5 August 2025`, `5–6 August 2025`, `August 2025`. */
export function edtfInWords(t: Texts, text: string, length: Length): string {
  const parts = parseEdtf(text);
  if (parts === null) return text;
  const { start, end } = parts;
  const format = dateFormat(t, start.unit, length);
  const words =
    start.date.getTime() === end.date.getTime() || start.unit !== end.unit
      ? format.format(start.date)
      : format.formatRange(start.date, end.date);
  return start.approximate || end.approximate ? t.time.about(words) : words;
}

/** As much of an incident as is put into words. */
interface Described<Name extends keyof Incident['properties']> {
  readonly properties: Pick<Incident['properties'], Name>;
}

/** When an incident happened, no more exactly than it is known. */
export function timeInWords(
  t: Texts,
  incident: Described<'time' | 'time_precision'>,
  length: Length,
): string {
  const { time, time_precision } = incident.properties;
  const when = edtfInWords(t, time, length);
  const wide = time.includes('/');
  switch (time_precision) {
    case 'exact':
    case 'day':
      return when;
    case 'night':
      return t.time.night(when);
    case 'approximate':
      return t.time.about(when);
    case 'range':
    case 'week':
      return wide ? t.time.between(when) : when;
    case 'month':
    case 'year':
      return t.time.wholeUnit(when);
  }
}

/** `about 4 km` of `uncertainty_m`: metres below one kilometre, whole kilometres above. */
export function distanceInWords(t: Texts, metres: number): string {
  return metres < 1000
    ? `${t.number(metres)} ${t.map.metres}`
    : `${t.number(Math.round(metres / 1000))} ${t.map.kilometres}`;
}

/** How well the place is known: `Somewhere in Lozova, within about 4 km`. */
export function placeInWords(
  t: Texts,
  incident: Described<'geo_precision' | 'place' | 'uncertainty_m'>,
): string {
  const { geo_precision, place, uncertainty_m } = incident.properties;
  return t.place[geo_precision](place, distanceInWords(t, uncertainty_m));
}

/** The name of the incident's region, or of its country where it lies in no single region. */
export function regionInWords(
  t: Texts,
  language: Language,
  incident: Described<'region_name' | 'country'>,
): string {
  const { region_name, country } = incident.properties;
  return region_name?.[language] ?? region_name?.en ?? countryInWords(t, country);
}

/** The name of a state, known to the table or else to the browser. */
export function countryInWords(t: Texts, code: string): string {
  const names: Readonly<Record<string, string>> = t.countries;
  return names[code] ?? new Intl.DisplayNames([t.locale], { type: 'region' }).of(code) ?? code;
}

/** A side to an attack or a claim: a code or a name as the source gave it. */
export function partyInWords(t: Texts, party: string): string {
  const names: Readonly<Record<string, string>> = t.attackers;
  return names[party] ?? party;
}

/** The name of a language from its ISO 639 code. */
export function languageInWords(t: Texts, code: string): string {
  return new Intl.DisplayNames([t.locale], { type: 'language' }).of(code) ?? code;
}

function amount(t: Texts, measure: Measure, value: number): string {
  const text = t.number(value);
  return measure === 'power_loss_percent' ? t.values.percent(text) : text;
}

interface Valued {
  readonly value_min: number | null;
  readonly value_max: number | null;
  readonly qualifier: Qualifier | null;
}

/** A claim's value with its qualifier: `13`, `at least 10`, `15–20`. */
export function valueInWords(t: Texts, measure: Measure, claim: Valued): string {
  const low = claim.value_min ?? claim.value_max;
  const high = claim.value_max ?? claim.value_min;
  if (low === null || high === null) return t.values.none;
  const text =
    low === high
      ? amount(t, measure, low)
      : t.values.range(t.number(low), amount(t, measure, high));
  switch (claim.qualifier) {
    case 'at_least':
      return t.values.at_least(text);
    case 'at_most':
      return t.values.at_most(text);
    case 'about':
      return t.values.about(text);
    case 'exact':
    case 'range':
    case null:
      return text;
  }
}

type Toll = Pick<Figure, 'lowest' | 'highest' | 'at_least'>;

interface WithToll {
  readonly properties: { readonly figures: { readonly killed?: Toll; readonly injured?: Toll } };
}

/** From lowest to highest: `1–2`, `34`, `20 or more`. */
export function figureInWords(t: Texts, measure: Measure, figure: Toll): string {
  const range =
    figure.lowest === figure.highest
      ? amount(t, measure, figure.highest)
      : t.values.range(t.number(figure.lowest), amount(t, measure, figure.highest));
  return figure.at_least ? t.values.orMore(range) : range;
}

/** `1–2 killed, 10–13 injured`, or what stands for neither. */
export function tollInWords(t: Texts, incident: WithToll): string {
  const { killed, injured } = incident.properties.figures;
  const words = t.list.figures(
    killed === undefined ? null : figureInWords(t, 'killed', killed),
    injured === undefined ? null : figureInWords(t, 'injured', injured),
  );
  return words === '' ? t.list.noFigures : words;
}

/** A date of report as precise as it was given; with the time of day where there is one. */
export function reportedInWords(t: Texts, reportedAt: string | null): string {
  if (reportedAt === null) return t.time.undated;
  const clock = /T(\d{2}:\d{2})/.exec(reportedAt);
  const day = edtfInWords(t, reportedAt, 'short');
  return clock === null ? day : `${day}, ${clock[1]}`;
}

/** A statement: what one party said in one source, which may hold several claims. */
export interface Statement {
  readonly attributedTo: string;
  readonly source: string;
  readonly reportedAt: string | null;
  readonly claims: readonly Claim[];
}

/** The statements of one day of report (`null`: not known), in the order of report. */
export interface ReportDay {
  readonly day: string | null;
  readonly statements: readonly Statement[];
}

/** Groups claims that follow each other from the same party in the same source; order stays. */
export function byReport(claims: readonly Claim[]): ReportDay[] {
  const days: {
    day: string | null;
    statements: {
      attributedTo: string;
      source: string;
      reportedAt: string | null;
      claims: Claim[];
    }[];
  }[] = [];
  for (const claim of claims) {
    const day = claim.reported_at?.slice(0, 10) ?? null;
    let group = days.at(-1);
    if (group === undefined || group.day !== day) {
      group = { day, statements: [] };
      days.push(group);
    }
    const last = group.statements.at(-1);
    if (
      last !== undefined &&
      last.attributedTo === claim.attributed_to &&
      last.source === claim.source &&
      last.reportedAt === claim.reported_at
    ) {
      last.claims.push(claim);
    } else {
      group.statements.push({
        attributedTo: claim.attributed_to,
        source: claim.source,
        reportedAt: claim.reported_at,
        claims: [claim],
      });
    }
  }
  return days;
}

/** Distinct values of a measure among claims about the incident itself, in order of first report. */
export function reportedValues(
  t: Texts,
  measure: Measure,
  claims: readonly Claim[],
): { words: string; claims: readonly Claim[] }[] {
  const found = new Map<string, Claim[]>();
  for (const claim of claims) {
    if (claim.measure !== measure || claim.scope.kind !== 'incident') continue;
    const words = valueInWords(t, measure, claim);
    found.set(words, [...(found.get(words) ?? []), claim]);
  }
  return [...found].map(([words, those]) => ({ words, claims: those }));
}

/** Names of regions and of sources, by the codes that a filter has of them. */
export type Names = ReadonlyMap<string, string>;

/** A range of whole numbers: `10–20`, `at least 10`, `2`. */
export function rangeInWords(t: Texts, { from, to }: NumberRange): string {
  if (from !== null && to !== null) {
    return from === to ? t.number(from) : t.values.range(t.number(from), t.number(to));
  }
  return from !== null ? t.values.at_least(t.number(from)) : t.values.at_most(t.number(to ?? 0));
}

/** One member of the filter in words, without its name. */
export function filterValueInWords(
  t: Texts,
  filter: Filter,
  name: FilterName,
  names: Names,
): string {
  const joined = (words: readonly string[]) => words.join(t.filter.or);
  switch (name) {
    case 'datetime': {
      const { first, last } = filteredDays(filter);
      const words = (day: Day) => dayInWords(t, day, 'short');
      if (first !== null && last !== null) {
        return first === last
          ? t.filter.interval.one(words(first))
          : t.filter.interval.between(words(first), words(last));
      }
      return first !== null
        ? t.filter.interval.from(words(first))
        : t.filter.interval.until(words(last ?? 0));
    }
    case 'type':
      return joined((filter.type ?? []).map((code) => t.types[code]));
    case 'target':
      return joined((filter.target ?? []).map((code) => t.targets[code]));
    case 'attacker':
      return joined((filter.attacker ?? []).map((code) => t.attackers[code]));
    case 'geo_precision':
      return joined((filter.geo_precision ?? []).map((code) => t.precisions[code]));
    case 'country':
      return joined((filter.country ?? []).map((code) => countryInWords(t, code)));
    case 'region':
      return joined(
        (filter.region ?? []).map((code) =>
          code === 'unassigned' ? t.filter.unassigned : (names.get(code) ?? code),
        ),
      );
    case 'killed':
    case 'injured':
      return rangeInWords(t, filter[name] ?? { from: 0, to: null });
    case 'source':
      return joined((filter.source ?? []).map((id) => names.get(id) ?? id));
    case 'bbox':
      return (filter.bbox ?? []).map((degree) => t.number(degree)).join(' / ');
    case 'q':
      return filter.q ?? '';
    default:
      return String(filter[name] ?? '');
  }
}

/** One part of the filter as a phrase that stands alone: `target: rail`. */
export function chipInWords(t: Texts, filter: Filter, name: FilterName, names: Names): string {
  const chips: Readonly<Partial<Record<FilterName, (value: string) => string>>> = t.filter.chips;
  const value = filterValueInWords(t, filter, name, names);
  return chips[name]?.(value) ?? value;
}

/** The whole filter as one line; empty where everything is shown. */
export function filterInWords(t: Texts, filter: Filter, names: Names): string {
  return filterNames
    .filter((name) => filter[name] !== undefined)
    .map((name) => chipInWords(t, filter, name, names))
    .join(' · ');
}
