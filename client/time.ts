import type { Filter } from '../server/domain/filter.ts';
import { parseInterval } from '../server/domain/interval.ts';
import type { IncidentType } from '../server/domain/vocabulary.ts';

/** A calendar day as the number of days since 1970-01-01. */
export type Day = number;

const dayMs = 86_400_000;

/** The day of a date or of an instant in UTC. */
export function dayOf(timestamp: string): Day {
  return Math.floor(Date.parse(timestamp) / dayMs);
}

/** `2025-08-05`. */
export function isoDay(day: Day): string {
  return new Date(day * dayMs).toISOString().slice(0, 10);
}

/** Noon UTC of the day, for formatting in UTC. */
export function dateOf(day: Day): Date {
  return new Date(day * dayMs + dayMs / 2);
}

/** First and last day, both included. */
export interface Days {
  readonly first: Day;
  readonly last: Day;
}

/** The days that a half-open range of instants lies on. */
export function daysWithin(start: string, end: string): Days {
  const first = dayOf(start);
  return { first, last: Math.max(first, Math.ceil(Date.parse(end) / dayMs) - 1) };
}

/** The days that the filter asks for, each end `null` where it is open. */
export function filteredDays(filter: Filter): { first: Day | null; last: Day | null } {
  const { start = null, end = null } = filter.datetime ?? {};
  return {
    first: start === null ? null : Math.floor(start.at / dayMs),
    last: end === null ? null : Math.floor(end.at / dayMs),
  };
}

/** The filter with other days; both ends open leave `datetime` out. */
export function withDays(filter: Filter, first: Day | null, last: Day | null): Filter {
  const { datetime: _, ...others } = filter;
  if (first === null && last === null) return others;
  const ends = first !== null && last !== null && first > last ? [last, first] : [first, last];
  const [from, until] = ends.map((day) => (day === null || day === undefined ? '..' : isoDay(day)));
  return { ...others, datetime: parseInterval(`${from}/${until}`) };
}

/** A part of an EDTF text: a day, a month or a year, and whether it is marked approximate (`~`). */
export interface EdtfPart {
  readonly unit: 'day' | 'month' | 'year';
  readonly date: Date;
  readonly approximate: boolean;
}

/**
 * The ends of the EDTF texts that incidents and claims carry: `2025-08-05`, `2025-08`, `2025`, an
 * interval of them, each perhaps with `~`, `?` or `%`; an RFC 3339 instant counts as its own day as
 * written. `null` for anything else, which is then shown as it is.
 */
export function parseEdtf(text: string): { start: EdtfPart; end: EdtfPart } | null {
  const parts = text.split('/').map(parsePart);
  const [start, end = start] = parts;
  return start && end && parts.length <= 2 ? { start, end } : null;
}

function parsePart(text: string): EdtfPart | null {
  const match = /^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T.*)?)?)?([~?%])?$/.exec(text);
  if (match === null) return null;
  const [, year = '', month, day, mark] = match;
  return {
    unit: day !== undefined ? 'day' : month !== undefined ? 'month' : 'year',
    date: new Date(`${year}-${month ?? '01'}-${day ?? '01'}T12:00:00Z`),
    approximate: mark !== undefined,
  };
}

/** Incidents of one type that are known to the same day or days. */
export interface TimeGroup extends Days {
  /** The day that they count to; `null` where they may lie on several. */
  readonly day: Day | null;
  readonly type: IncidentType;
  readonly incidents: number;
}

export const binUnits = ['day', 'week', 'month'] as const;
/** How wide the timeline's bars are. */
export type BinUnit = (typeof binUnits)[number];

type Counts = Readonly<Partial<Record<IncidentType, number>>>;

/** One bar: the days it covers, and how many incidents of which type are known to lie in it. */
export interface Bin extends Days {
  readonly incidents: number;
  readonly types: Counts;
}

/** Incidents that may lie in several bars: drawn as the days they are known to, counted in none. */
export interface Band extends Days {
  readonly incidents: number;
  readonly types: Counts;
  /** Row, so that bands beside each other do not overlap while there are rows left. */
  readonly lane: number;
}

export interface Histogram {
  readonly unit: BinUnit;
  readonly bins: readonly Bin[];
  readonly bands: readonly Band[];
}

/** The unit whose bars suit a span: at most some 240. */
export function unitFor({ first, last }: Days): BinUnit {
  const length = last - first + 1;
  return length <= 240 ? 'day' : length <= 1680 ? 'week' : 'month';
}

/** Counts incidents by day, week (from Monday) or month of the span. */
export function histogram(groups: readonly TimeGroup[], span: Days, unit: BinUnit): Histogram {
  const starts: Day[] = [];
  const indexOf = new Map<Day, number>();
  for (let day = span.first; day <= span.last; day += 1) {
    if (starts.length === 0 || startsBin(day, unit)) starts.push(day);
    indexOf.set(day, starts.length - 1);
  }
  const held = starts.map((): TimeGroup[] => []);
  const spanning = new Map<string, TimeGroup[]>();
  for (const group of groups) {
    const index = indexOf.get(group.day ?? group.first);
    if (index !== undefined && (group.day !== null || index === indexOf.get(group.last))) {
      held[index]?.push(group);
    } else {
      const key = `${group.first}/${group.last}`;
      spanning.set(key, [...(spanning.get(key) ?? []), group]);
    }
  }
  return {
    unit,
    bins: starts.map((first, index) => ({
      first,
      last: (starts[index + 1] ?? span.last + 1) - 1,
      ...counted(held[index] ?? []),
    })),
    bands: inLanes([...spanning.values()]),
  };
}

function counted(groups: readonly TimeGroup[]): { incidents: number; types: Counts } {
  const types: Partial<Record<IncidentType, number>> = {};
  let all = 0;
  for (const { type, incidents } of groups) {
    types[type] = (types[type] ?? 0) + incidents;
    all += incidents;
  }
  return { incidents: all, types };
}

function startsBin(day: Day, unit: BinUnit): boolean {
  if (unit === 'day') return true;
  const date = dateOf(day);
  return unit === 'week' ? date.getUTCDay() === 1 : date.getUTCDate() === 1;
}

/** Rows of bands; what finds none free lies over the others in the last. */
export const bandLanes = 3;

function inLanes(spans: readonly (readonly TimeGroup[])[]): readonly Band[] {
  const free: Day[] = [];
  return spans
    .flatMap((groups) => {
      const [one] = groups;
      return one === undefined ? [] : [{ first: one.first, last: one.last, ...counted(groups) }];
    })
    .sort((one, other) => one.first - other.first || one.last - other.last)
    .map((band) => {
      const found = free.findIndex((day) => day < band.first);
      const lane = Math.min(bandLanes - 1, found < 0 ? free.length : found);
      free[lane] = Math.max(free[lane] ?? band.last, band.last);
      return { ...band, lane };
    });
}

/** Tells how many incidents may lie on the days of a window, as the filter by date counts them. */
export function windowCounter(groups: readonly TimeGroup[]): (days: Days) => number {
  const endingBefore = runningTotal(groups.map(({ last, incidents }) => [last, incidents]));
  const startingUntil = runningTotal(groups.map(({ first, incidents }) => [first, incidents]));
  return ({ first, last }) => startingUntil(last) - endingBefore(first - 1);
}

/** The sum of all counts up to a day, itself included. */
function runningTotal(counts: readonly (readonly [Day, number])[]): (day: Day) => number {
  const sorted = [...counts].sort(([one], [other]) => one - other);
  const days = sorted.map(([day]) => day);
  let total = 0;
  const totals = sorted.map(([, count]) => {
    total += count;
    return total;
  });
  return (day) => {
    let low = 0;
    let high = days.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((days[middle] ?? day) <= day) low = middle + 1;
      else high = middle;
    }
    return totals[low - 1] ?? 0;
  };
}

export const playModes = ['window', 'cumulative'] as const;
/** Whether a play moves both ends of the dates or only the last. */
export type PlayMode = (typeof playModes)[number];

/** Bars that a play begins with where no dates are chosen. */
const firstWindow: Readonly<Record<BinUnit, number>> = { day: 7, week: 4, month: 1 };

/** Where a play begins. */
export function playStart({ bins, unit }: Histogram, mode: PlayMode): Days | null {
  const last = bins[mode === 'window' ? firstWindow[unit] - 1 : 0] ?? bins.at(-1);
  const [first] = bins;
  return first === undefined || last === undefined ? null : { first: first.first, last: last.last };
}

/** The dates one bar on or back, in whole bars; `null` where that leaves the bars. */
export function stepped({ bins }: Histogram, days: Days, mode: PlayMode, by: 1 | -1): Days | null {
  const binOf = (day: Day) => bins.findIndex(({ first, last }) => first <= day && day <= last);
  const first = bins[binOf(days.first) + (mode === 'window' ? by : 0)];
  const last = bins[binOf(days.last) + by];
  if (first === undefined || last === undefined || last.last < first.first) return null;
  return { first: first.first, last: last.last };
}
