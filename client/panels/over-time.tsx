import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { State } from '../state.ts';
import { daysWithin, histogram, unitFor } from '../time.ts';
import { useSurroundings } from './context.ts';
import { Bars, chartHeight, Months } from './histogram.tsx';

/** The incidents of the opened region over time, whatever the filter, and how many in all. */
export function OverTime({ state }: { state: State }) {
  const { t } = useSurroundings();
  const groups = state.regionTimeline.value;
  const extent = state.collection.value?.span ?? null;
  const frame = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useEffect(() => setWidth(frame.current?.clientWidth ?? 0), [groups]);
  const drawn = useMemo(() => {
    if (groups === null || extent === null) return null;
    const span = daysWithin(extent.first, extent.last);
    const unit = unitFor(span) === 'day' ? 'week' : 'month';
    const all = groups.reduce((sum, { incidents }) => sum + incidents, 0);
    return { span, unit, all, counted: histogram(groups, span, unit) } as const;
  }, [groups, extent]);
  return (
    <section ref={frame}>
      <h3>
        {t.region.overTime}
        {drawn !== null && (
          <span class="aside">{t.region.overTimeHint[drawn.unit](drawn.all)}</span>
        )}
      </h3>
      {drawn !== null && drawn.all > 0 && width > 0 && (
        <div class="brush small">
          <svg width={width} height={chartHeight} aria-hidden="true">
            <Bars counted={drawn.counted} scale={{ span: drawn.span, width }} />
            <Months scale={{ span: drawn.span, width }} />
          </svg>
        </div>
      )}
    </section>
  );
}
