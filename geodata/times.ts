import edtf from 'edtf';

/** A half-open range of time: `from` belongs to it, `until` does not; ISO 8601, UTC. */
export interface TimeRange {
  readonly from: string;
  readonly until: string;
}

const dateTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:Z|[+-]\d{2}:\d{2})$/;

/**
 * The range that a time means. A date, a month or an interval of them (EDTF, ISO 8601-2) is taken
 * as whole UTC days, so that the calendar day a source gives is found under that day; a date and
 * time with offset (RFC 3339) is the second that begins there.
 * @throws {RangeError} where the text is neither, or has an open or unknown end.
 */
export function rangeOf(text: string): TimeRange {
  if (dateTime.test(text)) {
    const at = Date.parse(text);
    if (Number.isNaN(at)) throw new RangeError(`'${text}' is no time of the calendar`);
    return range(at, at + 1000);
  }
  const days = /^(\d{4}-\d{2}-\d{2})(?:\/(\d{4}-\d{2}-\d{2}))?$/.exec(text);
  if (days !== null) {
    // Most times are days. The parser takes a millisecond for one, and says what is wrong with others.
    const [, first = '', last = first] = days;
    if (isDay(first) && isDay(last) && first <= last) {
      return range(Date.parse(first), Date.parse(last) + 86_400_000);
    }
  }
  let parsed: { readonly min: number; readonly max: number };
  try {
    parsed = edtf(text);
  } catch {
    throw new RangeError(`'${text}' is no EDTF (ISO 8601-2) and no RFC 3339 text`);
  }
  // The bounds are the first and the last millisecond.
  if (!Number.isFinite(parsed.min) || !Number.isFinite(parsed.max) || parsed.max < parsed.min) {
    throw new RangeError(`'${text}' has an open or unknown end`);
  }
  return range(parsed.min, parsed.max + 1);
}

/** The last calendar day that a time allows, where it was said: `2025-08-05`. */
export function lastDayOf(text: string): string {
  if (dateTime.test(text)) return text.slice(0, 10);
  return new Date(Date.parse(rangeOf(text).until) - 1).toISOString().slice(0, 10);
}

function isDay(text: string): boolean {
  const at = new Date(text);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text);
}

function range(from: number, until: number): TimeRange {
  return { from: new Date(from).toISOString(), until: new Date(until).toISOString() };
}
