import { RefusedError } from './format.ts';

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/**
 * The calendar day that a text gives, as `2025-08-05`: `20250805`, `2025-08-05` with or without a
 * time, `2025/08/05`, `05.08.2025`, `5 August 2025`, `August 5, 2025`, and `25/08/2025` or
 * `08/25/2025` where only one reading is a day.
 * @throws {RefusedError} where it gives none, or could be two.
 */
export function dayOf(text: string): string {
  const known = days.get(text);
  if (known !== undefined) return known;
  const day = parsedDay(text);
  // Few: a text keeps the part of its file in memory that it was cut from.
  if (days.size >= 64) days.clear();
  days.set(text, day);
  return day;
}

/** Days that were met last: they come again and again. */
const days = new Map<string, string>();

function parsedDay(text: string): string {
  const given = text.trim();
  const compact = /^(\d{4})(\d\d)(\d\d)$/.exec(given);
  const iso = compact ?? /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:$|[T ]\d)/.exec(given);
  if (iso !== null) return checked(given, iso[1], iso[2], iso[3]);
  const dotted = /^(\d{1,2})\.(\d{1,2})\.(\d{4})(?:$| \d)/.exec(given);
  if (dotted !== null) return checked(given, dotted[3], dotted[2], dotted[1]);
  const dayFirst = /^(\d{1,2})[- ]([A-Za-z]{3})[a-z]*[- ,]+(\d{4})$/.exec(given);
  if (dayFirst !== null) return checked(given, dayFirst[3], monthOf(dayFirst[2]), dayFirst[1]);
  const monthFirst = /^([A-Za-z]{3})[a-z]* (\d{1,2}),? (\d{4})$/.exec(given);
  if (monthFirst !== null)
    return checked(given, monthFirst[3], monthOf(monthFirst[1]), monthFirst[2]);
  const slashed = /^(\d{1,2})[/-](\d{1,2})[/-](\d{4})(?:$| \d)/.exec(given);
  if (slashed !== null) {
    const [, first, second, year] = slashed;
    if (Number(first) > 12) return checked(given, year, second, first);
    if (Number(second) > 12 || first === second) return checked(given, year, first, second);
    throw new RefusedError(`date '${given}' could be two days: day or month first?`);
  }
  throw new RefusedError(given === '' ? 'no date' : `'${given}' is no date that we know`);
}

const monthOf = (name = '') => String(months.indexOf(name.toLowerCase()) + 1);

function checked(given: string, year = '', month = '', day = ''): string {
  const text = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  const at = new Date(`${text}T00:00:00Z`);
  if (Number.isNaN(at.getTime()) || at.toISOString().slice(0, 10) !== text) {
    throw new RefusedError(`'${given}' is no day of the calendar`);
  }
  return text;
}

/** A day so many days later, or earlier. */
export function daysAfter(day: string, days: number): string {
  return new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10);
}

/** EDTF of the days from one to another, both included. */
export function spanOf(first: string, last: string): string {
  if (last < first) throw new RefusedError(`the last day ${last} is before the first, ${first}`);
  return first === last ? first : `${first}/${last}`;
}
