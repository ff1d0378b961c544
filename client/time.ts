import type { Filter } from '../server/domain/filter.ts';
import { parseInterval } from '../server/domain/interval.ts';
import type { Incident } from './model.ts';

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

/** Days that an incident may lie on. */
export function daysOf({ properties }: Incident): Days {
  return daysWithin(properties.starts_at, properties.ends_at);
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

/** How wide the timeline's bars are. */
export type BinUnit = 'day' | 'week' | 'month';

/** One bar: the days it covers and the incidents that lie wholly in it. */
export interface Bin extends Days {
  readonly incidents: readonly Incident[];
}

export interface Histogram {
  readonly unit: BinUnit;
  readonly bins: readonly Bin[];
  /** Incidents that may lie in several bars: drawn as the span they are, counted in none. */
  readonly spans: readonly {
    readonly days: Days;
    readonly incident: Incident;
    readonly lane: number;
  }[];
}

/** Counts the incidents by day, week (from Monday) or month, whichever suits the span. */
export function histogram(incidents: readonly Incident[], span: Days): Histogram {
  const length = span.last - span.first + 1;
  const unit: BinUnit = length <= 240 ? 'day' : length <= 1400 ? 'week' : 'month';
  const starts: Day[] = [];
  for (let day = span.first; day <= span.last; day += 1) {
    if (starts.length === 0 || startsBin(day, unit)) starts.push(day);
  }
  const binAt = new Map(starts.map((first, index) => [first, index]));
  const indexOf = (day: Day) => {
    for (let first = day; first >= span.first; first -= 1) {
      const index = binAt.get(first);
      if (index !== undefined) return index;
    }
    return -1;
  };
  const held: Incident[][] = starts.map(() => []);
  const spanning: { days: Days; incident: Incident }[] = [];
  for (const incident of incidents) {
    const days = daysOf(incident);
    const index = indexOf(days.first);
    if (index >= 0 && index === indexOf(Math.min(days.last, span.last))) {
      held[index]?.push(incident);
    } else {
      spanning.push({ days, incident });
    }
  }
  const bins = starts.map((first, index) => ({
    first,
    last: (starts[index + 1] ?? span.last + 1) - 1,
    incidents: held[index] ?? [],
  }));
  return { unit, bins, spans: inLanes(spanning) };
}

function startsBin(day: Day, unit: BinUnit): boolean {
  if (unit === 'day') return true;
  const date = dateOf(day);
  return unit === 'week' ? date.getUTCDay() === 1 : date.getUTCDate() === 1;
}

/** Puts each span in the first lane where it overlaps none before it. */
function inLanes(spans: readonly { days: Days; incident: Incident }[]): Histogram['spans'] {
  const free: Day[] = [];
  return [...spans]
    .sort((one, other) => one.days.first - other.days.first)
    .map((span) => {
      const found = free.findIndex((day) => day < span.days.first);
      const lane = found < 0 ? free.length : found;
      free[lane] = span.days.last;
      return { ...span, lane };
    });
}
