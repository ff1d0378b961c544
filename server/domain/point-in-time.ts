import { dayMs, inUtc, parseInterval } from './interval.ts';
import type { Parameter } from './parameters.ts';

/** Which state of the record a request reads; absent members put no bound. */
export interface PointInTime {
  /** As the database stood at this instant (RFC 3339). */
  readonly asOf?: string;
  /** With only the claims that had been reported by this instant (RFC 3339). */
  readonly knownBy?: string;
}

/** The instant that a date stands for, either end of its day in UTC. */
type EndOfDay = 'start' | 'end';

function instant(description: string, example: string, dayEnd: EndOfDay): Parameter<string> {
  return {
    description: `${description} A date and time with offset (RFC 3339), or a date for the ${dayEnd} of that day (UTC).`,
    example,
    schema: { type: 'string', minLength: 10, maxLength: 40 },
    parse: (text) => {
      if (text.includes('/')) throw new RangeError('must be one instant, not an interval');
      const { end } = parseInterval(text);
      if (end === null) throw new RangeError('must be an instant');
      // An instant is kept as it is: the record is timed to the microsecond.
      if (end.kind === 'instant') return inUtc(end);
      const at = dayEnd === 'start' ? end.at : end.at + dayMs;
      // The day after the last one of year 9999 has a year that JavaScript writes its own way.
      return new Date(at).toISOString().replace(/^\+0/, '');
    },
    format: String,
  };
}

/**
 * Parameters that choose the state of the record; every read of it takes them. A date means its last
 * moment, so that what became known on that day is in.
 */
export const pointInTimeParameters = {
  as_of: instant(
    'The record as the database stood at an instant, which must not lie ahead.',
    '2026-11-01T12:00:00Z',
    'end',
  ),
  known_by: instant(
    'Claims, and the figures made of them, as they had certainly been reported by an instant. A claim reported on a day counts from the end of that day; an undated one never counts.',
    '2025-08-05T09:00:00+03:00',
    'end',
  ),
};

/** Since when changes are listed; those of a day that is named are among them. */
export const sinceParameter = instant(
  'Needed. Changes after this instant.',
  '2026-11-01T00:00:00Z',
  'start',
);
