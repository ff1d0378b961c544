import type { DOMAttributes, TargetedPointerEvent } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { incidentTypeCodes } from '../../server/domain/vocabulary.ts';
import type { State } from '../state.ts';
import {
  type Band,
  type Bin,
  type BinUnit,
  binUnits,
  type Day,
  type Days,
  daysWithin,
  filteredDays,
  type Histogram,
  histogram,
  type TimeGroup,
  unitFor,
  windowCounter,
  withDays,
} from '../time.ts';
import { dayInWords } from '../words.ts';
import { useSurroundings } from './context.ts';
import {
  Bars,
  chartHeight,
  dayWidth,
  leftOf,
  Months,
  plotHeight,
  type Scale,
  size,
} from './histogram.tsx';
import { Player } from './player.tsx';
import { Presets } from './presets.tsx';

/** How often dates that are being drawn are handed to map and list, ms; never faster than answers. */
const followEvery = 250;

const nothing: readonly TimeGroup[] = [];

/**
 * A histogram of the incidents. Dragging, two handles moved by the arrow keys, presets and a play
 * choose the dates. What may lie on several days is drawn as the days it is known to.
 */
export function Timeline({ state }: { state: State }) {
  const { t, dispatch } = useSurroundings();
  const groups = state.timeline.value ?? nothing;
  const [width, frame] = useWidth();
  const [wantedUnit, setUnit] = useState<BinUnit | null>(null);
  const [draft, setDraft] = useState<Days | null>(null);
  const [pointed, setPointed] = useState<Day | null>(null);
  const anchor = useRef<Day | null>(null);
  const svg = useRef<SVGSVGElement>(null);
  const span = useMemo(() => spanOf(state, groups), [state.collection, groups]);
  const unit = wantedUnit ?? (span === null ? 'day' : unitFor(span));
  const counted = useMemo(
    () => (span === null ? null : histogram(groups, span, unit)),
    [groups, span, unit],
  );
  const countIn = useMemo(() => windowCounter(groups), [groups]);
  const apply = (days: Days | null) => {
    if (span === null) return;
    const first = days === null || days.first <= span.first ? null : days.first;
    const last = days === null || days.last >= span.last ? null : days.last;
    dispatch({ kind: 'filtered', filter: withDays(state.filter, first, last) });
  };
  const isReady = state.incidents.status === 'ready';
  useFollow(draft, isReady, apply);
  if (span === null || counted === null) return <div class="timeline" ref={frame} />;

  const scale: Scale = { span, width };
  const dayAt = (clientX: number) => {
    const left = svg.current?.getBoundingClientRect().left ?? 0;
    return clamp(Math.floor((clientX - left - size.side) / dayWidth(scale)) + span.first, span);
  };
  const chosen = filteredDays(state.filter);
  // What is said of the dates is what is filtered by; drawn is as much of it as there is to see.
  const said: Days = draft ?? {
    first: chosen.first ?? Math.min(span.first, chosen.last ?? span.first),
    last: chosen.last ?? Math.max(span.last, chosen.first ?? span.last),
  };
  const days: Days = { first: clamp(said.first, span), last: clamp(said.last, span) };

  const grab = (event: TargetedPointerEvent<Element>, from: Day, to: Day) => {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    anchor.current = from;
    setDraft({ first: Math.min(from, to), last: Math.max(from, to) });
  };
  const drag = (event: TargetedPointerEvent<Element>) => {
    const day = dayAt(event.clientX);
    setPointed(day);
    const from = anchor.current;
    if (from === null) return;
    dispatch({ kind: 'playing', playing: true });
    setDraft({ first: Math.min(from, day), last: Math.max(from, day) });
  };
  const release = () => {
    if (anchor.current === null) return;
    if (draft !== null) apply(draft);
    cancel();
  };
  const cancel = () => {
    anchor.current = null;
    setDraft(null);
    dispatch({ kind: 'playing', playing: false });
  };
  const moves = { onPointerMove: drag, onPointerUp: release, onPointerCancel: cancel };
  const isNarrowed = days.first > span.first || days.last < span.last;
  return (
    <section class="timeline" aria-label={t.timeline.label} ref={frame}>
      <div class="timeline-head">
        <Player
          counted={counted}
          days={isNarrowed ? days : null}
          playing={state.playing && draft === null}
          isReady={isReady}
          apply={apply}
        />
        <p class="chosen">
          <b>{isNarrowed ? daysInWords(t, said) : t.timeline.all}</b>
          <span>{t.list.count(countIn(said))}</span>
        </p>
        <Presets span={span} days={isNarrowed ? days : null} apply={apply} />
        <fieldset class="units">
          <legend class="unseen">{t.timeline.unit}</legend>
          {binUnits.map((each) => (
            <button
              key={each}
              type="button"
              aria-pressed={each === unit}
              onClick={() => setUnit(each)}
            >
              {t.timeline.units[each]}
            </button>
          ))}
        </fieldset>
      </div>
      {width > 2 * size.side && (
        <div class="brush">
          <svg
            width={width}
            height={chartHeight}
            aria-hidden="true"
            ref={svg}
            onPointerDown={(event) => {
              const day = dayAt(event.clientX);
              grab(event, day, day);
            }}
            onPointerLeave={() => setPointed(null)}
            {...moves}
          >
            <Bars counted={counted} scale={scale} />
            <Months scale={scale} />
            {isNarrowed && <Window scale={scale} days={days} />}
          </svg>
          <Handle
            label={t.timeline.first}
            left={leftOf(scale, days.first)}
            day={days.first}
            range={{ first: span.first, last: days.last }}
            choose={(first) => apply({ first, last: days.last })}
            pointer={{ onPointerDown: (event) => grab(event, days.last, days.first), ...moves }}
          />
          <Handle
            label={t.timeline.last}
            left={leftOf(scale, days.last + 1)}
            day={days.last}
            range={{ first: days.first, last: span.last }}
            choose={(last) => apply({ first: days.first, last })}
            pointer={{ onPointerDown: (event) => grab(event, days.first, days.last), ...moves }}
          />
          {pointed !== null && anchor.current === null && (
            <Readout counted={counted} scale={scale} day={pointed} />
          )}
        </div>
      )}
      <Bands counted={counted} />
    </section>
  );
}

/** Shades what lies outside the chosen dates; the bars themselves stay as they are. */
function Window({ scale, days }: { scale: Scale; days: Days }) {
  const left = leftOf(scale, days.first);
  const right = Math.max(left + 2, leftOf(scale, days.last + 1));
  return (
    <>
      <rect class="outside" x={0} width={left} y={0} height={plotHeight} />
      <rect
        class="outside"
        x={right}
        width={Math.max(0, scale.width - right)}
        y={0}
        height={plotHeight}
      />
      <rect class="window" x={left} width={right - left} y={0} height={plotHeight} />
    </>
  );
}

/** Says how many incidents are drawn as bands, since no bar counts them. */
function Bands({ counted: { bands, unit } }: { counted: Histogram }) {
  const { t } = useSurroundings();
  const several = bands.reduce((sum, { incidents }) => sum + incidents, 0);
  return several === 0 ? null : <p class="bands">{t.timeline.bands[unit](several)}</p>;
}

/** What lies at the pointer: the bar's incidents by type, and the bands over that day. */
function Readout({ counted, scale, day }: { counted: Histogram; scale: Scale; day: Day }) {
  const { t } = useSurroundings();
  const holds = ({ first, last }: Days) => first <= day && day <= last;
  const bin = counted.bins.find(holds);
  const bands = counted.bands.filter(holds);
  const left = leftOf(scale, day);
  const line = (each: Bin | Band) =>
    `${daysInWords(t, each)}: ${incidentTypeCodes
      .flatMap((type) => {
        const count = each.types[type];
        return count === undefined ? [] : [`${t.number(count)} × ${t.types[type]}`];
      })
      .join(', ')}`;
  if (bin === undefined) return null;
  return (
    <div
      class="readout"
      aria-hidden="true"
      style={left > scale.width / 2 ? { right: `${scale.width - left}px` } : { left: `${left}px` }}
    >
      <p>{bin.incidents === 0 ? `${daysInWords(t, bin)}: ${t.list.count(0)}` : line(bin)}</p>
      {bands.slice(0, 3).map((band) => (
        <p key={`${band.first} ${band.last}`}>
          <i>{t.timeline.someTime}</i> {line(band)}
        </p>
      ))}
      {bands.length > 3 && <p>{t.timeline.moreBands(bands.length - 3)}</p>}
    </div>
  );
}

function daysInWords(t: ReturnType<typeof useSurroundings>['t'], { first, last }: Days): string {
  return first === last
    ? dayInWords(t, first, 'short')
    : t.filter.interval.between(dayInWords(t, first, 'short'), dayInWords(t, last, 'short'));
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

/** While dates are being drawn, hands them on now and then, once the last ones are answered. */
function useFollow(draft: Days | null, isReady: boolean, apply: (days: Days) => void): void {
  const latest = useRef({ draft, isReady, apply });
  latest.current = { draft, isReady, apply };
  const isDrawing = draft !== null;
  useEffect(() => {
    if (!isDrawing) return;
    let followed: Days | null = latest.current.draft;
    const timer = setInterval(() => {
      const now = latest.current;
      if (now.draft === null || now.draft === followed || !now.isReady) return;
      followed = now.draft;
      now.apply(now.draft);
    }, followEvery);
    return () => clearInterval(timer);
  }, [isDrawing]);
}

function clamp(day: Day, { first, last }: Days): Day {
  return Math.min(last, Math.max(first, day));
}

/** The days of all incidents, as the server says or, failing that, as seen. */
function spanOf({ collection }: State, groups: readonly TimeGroup[]): Days | null {
  const span = collection.value?.span ?? null;
  if (span !== null) return daysWithin(span.first, span.last);
  if (collection.status === 'loading' || groups.length === 0) return null;
  const ends = { first: Number.POSITIVE_INFINITY, last: Number.NEGATIVE_INFINITY };
  return groups.reduce(
    ({ first, last }, group) => ({
      first: Math.min(first, group.first),
      last: Math.max(last, group.last),
    }),
    ends,
  );
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
