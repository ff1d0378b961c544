import { type Day, type Days, dateOf } from '../time.ts';
import { useSurroundings } from './context.ts';

interface PresetsProps {
  readonly span: Days;
  /** The chosen dates; null for all. */
  readonly days: Days | null;
  readonly apply: (days: Days | null) => void;
}

/** Lengths of the presets that end on the last day on record, days. */
const lengths = [7, 30, 90, 365] as const;

/** So many months at most are listed; beyond, years. */
const maxMonths = 30;

/** Ready-made dates: the last days on record, and each month or year. */
export function Presets({ span, days, apply }: PresetsProps) {
  const { t } = useSurroundings();
  const recent = lengths
    .filter((length) => length < span.last - span.first + 1)
    .map((length) => ({
      words: t.timeline.recent(length),
      first: span.last - length + 1,
      last: span.last,
    }));
  const calendar = unitsOf(span).map((unit) => ({
    words: new Intl.DateTimeFormat(t.locale, {
      ...(unit.kind === 'month' ? { month: 'long' } : {}),
      year: 'numeric',
      timeZone: 'UTC',
    }).format(dateOf(unit.first)),
    first: unit.first,
    last: unit.last,
  }));
  const all = [...recent, ...calendar];
  const here = days === null ? 'all' : all.findIndex((each) => same(each, days, span));
  return (
    <select
      class="presets"
      aria-label={t.timeline.presets}
      value={String(here)}
      onChange={({ currentTarget: { value } }) => {
        const preset = all[Number(value)];
        apply(preset === undefined ? null : { first: preset.first, last: preset.last });
      }}
    >
      <option value="all">{t.timeline.all}</option>
      {here === -1 && <option value="-1">{t.timeline.own}</option>}
      <optgroup label={t.timeline.recentLabel}>
        {recent.map(({ words }, index) => (
          <option key={words} value={index}>
            {words}
          </option>
        ))}
      </optgroup>
      <optgroup label={t.timeline.calendarLabel}>
        {calendar.map(({ words }, index) => (
          <option key={words} value={recent.length + index}>
            {words}
          </option>
        ))}
      </optgroup>
    </select>
  );
}

/** Whether two choices of dates are one, as far as the span reaches. */
function same(one: Days, other: Days, span: Days): boolean {
  const within = ({ first, last }: Days) =>
    `${Math.max(first, span.first)} ${Math.min(last, span.last)}`;
  return within(one) === within(other);
}

interface CalendarUnit extends Days {
  readonly kind: 'month' | 'year';
}

function unitsOf(span: Days): CalendarUnit[] {
  const [from, to] = [dateOf(span.first), dateOf(span.last)];
  const months =
    (to.getUTCFullYear() - from.getUTCFullYear()) * 12 + to.getUTCMonth() - from.getUTCMonth() + 1;
  const day = (year: number, month: number): Day => Date.UTC(year, month, 1) / 86_400_000;
  const year = from.getUTCFullYear();
  if (months <= maxMonths) {
    return Array.from({ length: months }, (_, index) => ({
      kind: 'month' as const,
      first: day(year, from.getUTCMonth() + index),
      last: day(year, from.getUTCMonth() + index + 1) - 1,
    }));
  }
  return Array.from({ length: to.getUTCFullYear() - year + 1 }, (_, index) => ({
    kind: 'year' as const,
    first: day(year + index, 0),
    last: day(year + index + 1, 0) - 1,
  }));
}
