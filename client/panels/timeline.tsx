import type { DOMAttributes, TargetedPointerEvent } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { incidentTypeCodes } from '../../server/domain/vocabulary.ts';
import type { Incident } from '../model.ts';
import { type State, timelineOf } from '../state.ts';
import {
  type Bin,
  type Day,
  type Days,
  dateOf,
  daysOf,
  daysWithin,
  filteredDays,
  type Histogram,
  histogram,
  withDays,
} from '../time.ts';
import { dayInWords, timeInWords } from '../words.ts';
import { useSurroundings } from './context.ts';

/** Pixels: the bars, the strip of spans beneath them, the labels beneath those, the sides. */
const size = { bars: 52, lane: 5, lanes: 3, labels: 20, side: 14 } as const;
const height = size.bars + 6 + size.lane * size.lanes + size.labels;

/**
 * A histogram of the incidents by day. Dragging, or two handles moved by the arrow keys, choose the
 * dates. An incident that may lie on several days is drawn as the span it is known to.
 */
export function Timeline({ state }: { state: State }) {
  const { t, dispatch } = useSurroundings();
  const incidents = timelineOf(state);
  const [width, frame] = useWidth();
  const [draft, setDraft] = useState<Days | null>(null);
  const anchor = useRef<Day | null>(null);
  const svg = useRef<SVGSVGElement>(null);
  const span = useMemo(() => spanOf(state, incidents), [state.extent, incidents]);
  const counted = useMemo(
    () => (span === null ? null : histogram(incidents, span)),
    [incidents, span],
  );
  if (span === null || counted === null) return <div class="timeline" ref={frame} />;

  const inner = width - 2 * size.side;
  const perDay = inner / (span.last - span.first + 1);
  const x = (day: Day) => size.side + (day - span.first) * perDay;
  const dayAt = (clientX: number) => {
    const left = svg.current?.getBoundingClientRect().left ?? 0;
    return clamp(Math.floor((clientX - left - size.side) / perDay) + span.first, span);
  };
  const chosen = filteredDays(state.filter);
  const days: Days = draft ?? {
    first: clamp(chosen.first ?? span.first, span),
    last: clamp(chosen.last ?? span.last, span),
  };
  const apply = ({ first, last }: Days) =>
    dispatch({
      kind: 'filtered',
      filter: withDays(
        state.filter,
        first <= span.first ? null : first,
        last >= span.last ? null : last,
      ),
    });

  const grab = (event: TargetedPointerEvent<Element>, from: Day, to: Day) => {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    anchor.current = from;
    setDraft({ first: Math.min(from, to), last: Math.max(from, to) });
  };
  const drag = (event: TargetedPointerEvent<Element>) => {
    const from = anchor.current;
    if (from === null) return;
    const day = dayAt(event.clientX);
    setDraft({ first: Math.min(from, day), last: Math.max(from, day) });
  };
  const release = () => {
    if (anchor.current === null) return;
    anchor.current = null;
    setDraft(null);
    if (draft !== null) apply(draft);
  };
  const cancel = () => {
    anchor.current = null;
    setDraft(null);
  };
  const moves = { onPointerMove: drag, onPointerUp: release, onPointerCancel: cancel };
  const narrowed = days.first > span.first || days.last < span.last;
  return (
    <section class="timeline" aria-label={t.timeline.label} ref={frame}>
      <div class="timeline-head">
        <h2>{t.timeline.byUnit[counted.unit]}</h2>
        {counted.spans.length > 0 && <p>{t.timeline.spans}</p>}
        <p class="chosen">
          {narrowed
            ? t.filter.interval.between(
                dayInWords(t, days.first, 'short'),
                dayInWords(t, days.last, 'short'),
              )
            : t.timeline.all}
        </p>
      </div>
      {inner > 0 && (
        <div class="brush">
          <svg
            width={width}
            height={height}
            aria-hidden="true"
            ref={svg}
            onPointerDown={(event) => {
              const day = dayAt(event.clientX);
              grab(event, day, day);
            }}
            {...moves}
          >
            <Bars counted={counted} days={days} x={x} />
            <Months span={span} x={x} perDay={perDay} />
            {narrowed && (
              <rect
                class="window"
                x={x(days.first)}
                width={Math.max(2, x(days.last + 1) - x(days.first))}
                y={0}
                height={size.bars + 6 + size.lane * size.lanes}
              />
            )}
          </svg>
          <Handle
            label={t.timeline.first}
            left={x(days.first)}
            day={days.first}
            range={{ first: span.first, last: days.last }}
            choose={(first) => apply({ first, last: days.last })}
            pointer={{ onPointerDown: (event) => grab(event, days.last, days.first), ...moves }}
          />
          <Handle
            label={t.timeline.last}
            left={x(days.last + 1)}
            day={days.last}
            range={{ first: days.first, last: span.last }}
            choose={(last) => apply({ first: days.first, last })}
            pointer={{ onPointerDown: (event) => grab(event, days.first, days.last), ...moves }}
          />
        </div>
      )}
    </section>
  );
}

interface BarsProps {
  readonly counted: Histogram;
  readonly days: Days;
  readonly x: (day: Day) => number;
}

function Bars({ counted, days, x }: BarsProps) {
  const { t } = useSurroundings();
  const most = Math.max(4, ...counted.bins.map(({ incidents }) => incidents.length));
  const unit = size.bars / most;
  const within = ({ first, last }: Days) => last >= days.first && first <= days.last;
  const gap = x(1) - x(0) > 3 ? 1 : 0;
  return (
    <>
      <line class="axis" x1={0} x2="100%" y1={size.bars + 0.5} y2={size.bars + 0.5} />
      {counted.bins.map((bin) => {
        if (bin.incidents.length === 0) return null;
        const left = x(bin.first);
        const wide = Math.max(1.5, x(bin.last + 1) - left - gap);
        return (
          <g key={bin.first} class={within(bin) ? 'in' : 'out'}>
            <title>{t.timeline.bar(binInWords(t, bin), bin.incidents.length)}</title>
            {stacked(bin).map(({ type, from, count }) => (
              <rect
                key={type}
                x={left}
                width={wide}
                y={size.bars - (from + count) * unit}
                height={count * unit - 0.6}
                fill={`var(--type-${type})`}
              />
            ))}
          </g>
        );
      })}
      {counted.spans
        .filter(({ lane }) => lane < size.lanes)
        .map(({ days: known, incident, lane }) => (
          <rect
            key={incident.id}
            class={within(known) ? 'in' : 'out'}
            x={x(known.first)}
            width={Math.max(3, x(known.last + 1) - x(known.first) - 1)}
            y={size.bars + 5 + lane * size.lane}
            height={2.6}
            rx={1.3}
            fill={`var(--type-${incident.properties.type})`}
          >
            <title>
              {t.timeline.span(timeInWords(t, incident, 'short'), incident.properties.title)}
            </title>
          </rect>
        ))}
    </>
  );
}

function stacked({ incidents }: Bin) {
  let from = 0;
  return incidentTypeCodes.flatMap((type) => {
    const count = incidents.filter(({ properties }) => properties.type === type).length;
    const part = { type, from, count };
    from += count;
    return count === 0 ? [] : [part];
  });
}

function binInWords(t: ReturnType<typeof useSurroundings>['t'], { first, last }: Days): string {
  return first === last
    ? dayInWords(t, first, 'short')
    : t.filter.interval.between(dayInWords(t, first, 'short'), dayInWords(t, last, 'short'));
}

interface MonthsProps {
  readonly span: Days;
  readonly x: (day: Day) => number;
  readonly perDay: number;
}

function Months({ span, x, perDay }: MonthsProps) {
  const { t } = useSurroundings();
  const every = perDay * 30 > 34 ? 1 : perDay * 90 > 34 ? 3 : 12;
  const starts: Day[] = [];
  for (let day = span.first; day <= span.last; day += 1) {
    const date = dateOf(day);
    if (date.getUTCDate() === 1 && date.getUTCMonth() % every === 0) starts.push(day);
  }
  const [second = span.last] = starts;
  if ((second - span.first) * perDay > 60) starts.unshift(span.first);
  const month = new Intl.DateTimeFormat(t.locale, { month: 'short', timeZone: 'UTC' });
  return (
    <>
      {starts.map((day, index) => {
        const date = dateOf(day);
        const isNewYear = date.getUTCMonth() === 0 || index === 0;
        return (
          <g key={day}>
            <line class="month" x1={x(day)} x2={x(day)} y1={0} y2={height - size.labels + 5} />
            {(span.last - day) * perDay > 24 && (
              <text x={x(day) + 4} y={height - 5}>
                {month.format(date)}
                {isNewYear && ` ${date.getUTCFullYear()}`}
              </text>
            )}
          </g>
        );
      })}
    </>
  );
}

interface HandleProps {
  readonly label: string;
  readonly left: number;
  readonly day: Day;
  readonly range: Days;
  readonly choose: (day: Day) => void;
  readonly pointer: DOMAttributes<HTMLDivElement>;
}

/** One end of the chosen dates. */
function Handle({ label, left, day, range, choose, pointer }: HandleProps) {
  const { t } = useSurroundings();
  const keys: Readonly<Record<string, Day>> = {
    ArrowLeft: day - 1,
    ArrowDown: day - 1,
    ArrowRight: day + 1,
    ArrowUp: day + 1,
    PageDown: day - 7,
    PageUp: day + 7,
    Home: range.first,
    End: range.last,
  };
  return (
    <div
      class="handle"
      role="slider"
      tabIndex={0}
      title={t.timeline.keys}
      aria-label={label}
      aria-valuemin={range.first}
      aria-valuemax={range.last}
      aria-valuenow={day}
      aria-valuetext={dayInWords(t, day, 'long')}
      style={{ left: `${left}px` }}
      onKeyDown={(event) => {
        const target = keys[event.key];
        if (target === undefined) return;
        event.preventDefault();
        const next = clamp(target, range);
        if (next !== day) choose(next);
      }}
      {...pointer}
    />
  );
}

function clamp(day: Day, { first, last }: Days): Day {
  return Math.min(last, Math.max(first, day));
}

/** The days of all incidents, as the server says or, failing that, as seen. */
function spanOf(state: State, incidents: readonly Incident[]): Days | null {
  const extent = state.extent.value;
  if (extent !== null) return daysWithin(extent.first, extent.last);
  if (state.extent.status === 'loading' || incidents.length === 0) return null;
  const all = incidents.map(daysOf);
  return {
    first: Math.min(...all.map(({ first }) => first)),
    last: Math.max(...all.map(({ last }) => last)),
  };
}

function useWidth(): [number, (element: Element | null) => void] {
  const [width, setWidth] = useState(0);
  const [element, setElement] = useState<Element | null>(null);
  useEffect(() => {
    if (element === null) return;
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    return () => observer.disconnect();
  }, [element]);
  return [width, setElement];
}
