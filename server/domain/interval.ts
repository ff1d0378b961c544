/** A calendar date, which stands for the whole day in UTC, or an instant. */
export interface Moment {
  readonly kind: 'date' | 'instant';
  /** RFC 3339 text as given: `2025-08-05` or `2025-08-05T02:45:00Z`. */
  readonly text: string;
  /** Its first millisecond since the Unix epoch, UTC. */
  readonly at: number;
}

/** A closed interval, either end open (`null`); as `datetime` in OGC API Features Part 1, 7.15.4. */
export interface Interval {
  readonly start: Moment | null;
  readonly end: Moment | null;
  /** How long at most what may lie in it lasts, where that is known: it cannot begin long before. */
  readonly longestMs?: number;
}

/** What a year of four digits can write, in UTC. */
const earliest = Date.parse('0001-01-01T00:00:00Z');
const latest = Date.parse('9999-12-31T23:59:59.999Z');

/** Milliseconds of a day. */
export const dayMs = 86_400_000;
/** GDAL writes a date with a T behind it and no time. */
const date = /^(\d{4})-(\d{2})-(\d{2})T?$/;
const instant =
  /^(\d{4})-(\d{2})-(\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(?:\.\d{1,9})?(?:[Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)$/;

/**
 * Reads `date-time`, `date`, `start/end`, `../end`, `start/..` (an empty end is an open one), and
 * `start/duration` (ISO 8601-1, 5.5.2.4), from a date its days alone: `2025-08-01/P7D` is a week.
 * @throws {RangeError} with a sentence that says what is wrong.
 */
export function parseInterval(text: string): Interval {
  const ends = text.split('/');
  const [first = '', second] = ends;
  if (ends.length > 2) throw new RangeError("has more than one '/'");
  if (second === undefined) {
    const moment = parseMoment(first);
    return { start: moment, end: moment };
  }
  const start = isOpen(first) ? null : parseMoment(first);
  const end = isOpen(second) ? null : parseEnd(start, second);
  if (start === null && end === null) throw new RangeError('is open at both ends');
  if (start !== null && end !== null && start.at > lastMs(end)) {
    throw new RangeError('has its start after its end');
  }
  return { start, end };
}

function parseEnd(start: Moment | null, text: string): Moment {
  return start !== null && text.startsWith('P') ? after(start, text) : parseMoment(text);
}

const duration =
  /^P(?=.)(?:(\d{1,4})Y)?(?:(\d{1,4})M)?(?:(\d{1,4})W)?(?:(\d{1,5})D)?(?:T(?=.)(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,6})S)?)?$/;

/** The last day of a duration that begins with a date, or the instant at which one ends. */
function after(start: Moment, text: string): Moment {
  const parts = duration.exec(text);
  if (parts === null) throw new RangeError(`has '${text}' where a duration (P7D) is expected`);
  const [years = 0, months = 0, weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = parts
    .slice(1)
    .map((part) => Number(part ?? 0));
  if (start.kind === 'date' && text.includes('T')) {
    throw new RangeError(`has '${text}' after a date, which takes whole days`);
  }
  const end = new Date(start.at);
  const day = end.getUTCDate();
  end.setUTCMonth(end.getUTCMonth() + 12 * years + months, 1);
  const lastDay = new Date(end);
  lastDay.setUTCMonth(end.getUTCMonth() + 1, 0);
  end.setUTCDate(Math.min(day, lastDay.getUTCDate()) + 7 * weeks + days);
  const at = end.getTime() + ((hours * 60 + minutes) * 60 + seconds) * 1000;
  const last = new Date(start.kind === 'date' ? at - dayMs : at);
  if (Number.isNaN(last.getTime()) || last.getUTCFullYear() > 9999) {
    throw new RangeError(`has '${text}', which ends after the year 9999`);
  }
  const full = last.toISOString();
  return parseMoment(start.kind === 'date' ? full.slice(0, 10) : full);
}

/** The text that {@link parseInterval} reads back to the same interval. */
export function formatInterval({ start, end }: Interval): string {
  if (start !== null && end !== null && start.text === end.text) return start.text;
  return `${start?.text ?? '..'}/${end?.text ?? '..'}`;
}

/**
 * The interval's bounds for half-open ranges, in milliseconds since the Unix epoch: a range
 * `[from, until)` meets it when `from <= lastMs` and `until > firstMs`. `null` is unbounded.
 */
export function bounds({ start, end }: Interval): {
  firstMs: number | null;
  lastMs: number | null;
} {
  return { firstMs: start?.at ?? null, lastMs: end === null ? null : lastMs(end) };
}

function lastMs(moment: Moment): number {
  return moment.kind === 'date' ? moment.at + dayMs - 1 : moment.at;
}

function isOpen(text: string): boolean {
  return text === '' || text === '..';
}

/**
 * Reads a date or a date and time with an offset.
 * @throws {RangeError} with a sentence that says what is wrong.
 */
export function parseMoment(text: string): Moment {
  const whole = date.exec(text);
  const parts = whole ?? instant.exec(text);
  if (parts === null) {
    throw new RangeError(
      `has '${text}' where a date (2025-08-05) or a date and time with offset (2025-08-05T02:45:00Z) is expected`,
    );
  }
  const [, year, month, day, hour = '0', minute = '0', second = '0'] = parts;
  const isDate = whole !== null;
  const at = Date.parse(isDate ? `${text.slice(0, 10)}T00:00:00Z` : text.toUpperCase());
  if (
    !isCalendarDay(Number(year), Number(month), Number(day)) ||
    Number(hour) > 23 ||
    Number(minute) > 59 ||
    Number(second) > 59 ||
    !(at >= earliest && at <= latest)
  ) {
    throw new RangeError(`has '${text}', which is no day or time of the calendar`);
  }
  return isDate ? { kind: 'date', text: text.slice(0, 10), at } : { kind: 'instant', text, at };
}

/** An instant in UTC, as exactly as it was given; PostgreSQL knows no offset of 16 hours or more. */
export function inUtc({ at, text }: Moment): string {
  const [, fraction = ''] = /\.(\d+)/.exec(text) ?? [];
  return new Date(at).toISOString().replace(/\.\d+Z$/, `.${fraction.padEnd(3, '0')}Z`);
}

function isCalendarDay(year: number, month: number, day: number): boolean {
  if (year < 1) return false;
  const asDate = new Date(0);
  asDate.setUTCFullYear(year, month - 1, day);
  return asDate.getUTCMonth() === month - 1 && asDate.getUTCDate() === day;
}
