import { useMemo } from 'preact/hooks';
import { type IncidentType, incidentTypeCodes } from '../../server/domain/vocabulary.ts';
import { type Day, type Days, dateOf, type Histogram } from '../time.ts';
import { useSurroundings } from './context.ts';

/** Pixels: room above the bars, the bars, the rows of bands beneath, the labels, the sides. */
export const size = { top: 12, bars: 50, lane: 5, lanes: 3, labels: 20, side: 14 } as const;
/** Where the bars stand, from the top. */
const base = size.top + size.bars;
/** The height of all that dates are chosen on. */
export const plotHeight = base + 6 + size.lane * size.lanes;
export const chartHeight = plotHeight + size.labels;

/** Days to pixels from the left. */
export interface Scale {
  readonly span: Days;
  readonly width: number;
}

export function dayWidth({ span, width }: Scale): number {
  return (width - 2 * size.side) / (span.last - span.first + 1);
}

/** The left edge of a day. */
export function leftOf(scale: Scale, day: Day): number {
  return size.side + (day - scale.span.first) * dayWidth(scale);
}

/** The bars stacked by type, and below them as bands what is known only to several days. */
export function Bars({ counted, scale }: { counted: Histogram; scale: Scale }) {
  const { t } = useSurroundings();
  const most = Math.max(4, ...counted.bins.map(({ incidents }) => incidents));
  // One path for each type, however many bars there are.
  return useMemo(() => {
    const paths = pathsOf(counted, scale, most);
    return (
      <>
        <line class="grid" x1={size.side} x2="100%" y1={size.top - 0.5} y2={size.top - 0.5} />
        <text class="most" x={size.side + 3} y={size.top - 3}>
          {t.number(most)}
        </text>
        <line class="axis" x1={0} x2="100%" y1={base + 0.5} y2={base + 0.5} />
        {incidentTypeCodes.map(
          (type) =>
            paths.bars[type] && (
              <path key={type} d={paths.bars[type]} fill={`var(--type-${type})`} />
            ),
        )}
        {incidentTypeCodes.map(
          (type) =>
            paths.bands[type] && (
              <path key={type} class="band" d={paths.bands[type]} fill={`var(--type-${type})`} />
            ),
        )}
        {paths.bands.several && (
          <path class="band" d={paths.bands.several} fill="var(--map-area)" />
        )}
      </>
    );
  }, [counted, scale.width, scale.span, t]);
}

type PathData = Partial<Record<IncidentType | 'several', string>>;

function pathsOf({ bins, bands }: Histogram, scale: Scale, most: number) {
  const bars: PathData = {};
  const lines: PathData = {};
  const add = (to: PathData, type: keyof PathData, box: readonly number[]) => {
    const [x = 0, y = 0, width = 0, height = 0] = box.map((pixels) => Math.round(pixels * 10) / 10);
    to[type] = `${to[type] ?? ''}M${x} ${y}h${width}v${height}h${-width}z`;
  };
  const unit = size.bars / most;
  const gap = dayWidth(scale) > 3 ? 1 : 0;
  for (const bin of bins) {
    if (bin.incidents === 0) continue;
    const left = leftOf(scale, bin.first);
    const width = Math.max(1.2, leftOf(scale, bin.last + 1) - left - gap);
    let below = 0;
    for (const type of incidentTypeCodes) {
      const count = bin.types[type] ?? 0;
      if (count === 0) continue;
      const height = count * unit;
      const seam = height > 3 ? 0.6 : 0;
      add(bars, type, [left, base - (below + count) * unit, width, height - seam]);
      below += count;
    }
  }
  for (const band of bands) {
    const left = leftOf(scale, band.first);
    const width = Math.max(3, leftOf(scale, band.last + 1) - left - 1);
    const types = incidentTypeCodes.filter((type) => band.types[type] !== undefined);
    const [only = 'several'] = types.length === 1 ? types : [];
    add(lines, only, [left, base + 5 + band.lane * size.lane, width, 3]);
  }
  return { bars, bands: lines };
}

/** About as wide as a letter of a month's name is, px. */
const letterWidth = 7;

/** Lines and names where months begin, as many as there is room for. */
export function Months({ scale }: { scale: Scale }) {
  const { t } = useSurroundings();
  const { span } = scale;
  const perDay = dayWidth(scale);
  return useMemo(() => {
    const every = perDay * 30 > 34 ? 1 : perDay * 90 > 34 ? 3 : 12;
    const starts: Day[] = [];
    for (let day = span.first; day <= span.last; day += 1) {
      const date = dateOf(day);
      if (date.getUTCDate() === 1 && date.getUTCMonth() % every === 0) starts.push(day);
    }
    const [second = span.last] = starts;
    if ((second - span.first) * perDay > 60) starts.unshift(span.first);
    const month = new Intl.DateTimeFormat(t.locale, { month: 'short', timeZone: 'UTC' });
    let free = 0;
    return starts.map((day, index) => {
      const date = dateOf(day);
      const year = `${date.getUTCFullYear()}`;
      const name = month.format(date);
      const isNewYear = date.getUTCMonth() === 0 || index === 0;
      const words = every === 12 ? year : isNewYear ? `${name} ${year}` : name;
      const left = leftOf(scale, day);
      const end = left + 4 + words.length * letterWidth;
      const fits = left >= free && end <= scale.width;
      if (fits) free = end;
      return (
        <g key={day}>
          <line class="month" x1={left} x2={left} y1={size.top} y2={plotHeight + 5} />
          {fits && (
            <text x={left + 4} y={chartHeight - 5}>
              {words}
            </text>
          )}
        </g>
      );
    });
  }, [span, scale.width, perDay, t]);
}
