import type { Measure } from '../../server/domain/vocabulary.ts';
import type { Claim } from '../model.ts';
import { dayOf } from '../time.ts';
import { dayInWords, edtfInWords, reportedInWords, valueInWords } from '../words.ts';
import { useSurroundings } from './context.ts';
import { conflictsIn } from './figures.tsx';
import { revisedIn } from './reports.tsx';

/** Units of the drawing, which is scaled to the panel. */
const size = { width: 400, top: 10, plot: 78, bottom: 18, start: 26, end: 8 } as const;
const height = size.top + size.plot + size.bottom;

/** A claim with both its ends; an open end is where the chart ends. */
interface Mark {
  readonly claim: Claim;
  readonly low: number;
  readonly high: number;
  readonly day: string;
}

/**
 * How a toll was reported, claim after claim in the order of report: a dot for a value, a bar for a
 * range, an arrow for an open end. The table below it says the same.
 */
export function TollChart({ measure, claims }: { measure: Measure; claims: readonly Claim[] }) {
  const { t } = useSurroundings();
  const marks = marksOf(measure, claims);
  const [firstMark] = marks;
  const lastMark = marks.at(-1);
  if (marks.length < 3 || firstMark === undefined || lastMark === undefined) return null;
  const most = Math.max(1, ...marks.map(({ high }) => high));
  const lowest = Math.min(...marks.map(({ low }) => low));
  // What was said alike every time needs no picture.
  if (lowest === most) return null;
  const y = (value: number) => size.top + size.plot * (1 - value / most);
  const slot = (size.width - size.start - size.end) / marks.length;
  const x = (index: number) => size.start + slot * (index + 0.5);
  const revised = revisedIn(claims);
  const conflicting = conflictsIn(claims);
  const at = new Map(marks.map(({ claim }, index) => [claim.id, index]));
  const days = marks.flatMap(({ day }, index) =>
    day === marks[index - 1]?.day ? [] : [{ day, index }],
  );
  const room = 52;
  return (
    <figure class="toll-chart">
      <svg
        viewBox={`0 0 ${size.width} ${height}`}
        role="img"
        aria-label={t.incident.chart(
          t.measures[measure],
          marks.length,
          reportedInWords(t, firstMark.claim.reported_at),
          reportedInWords(t, lastMark.claim.reported_at),
        )}
      >
        <rect
          class="spread"
          x={size.start}
          width={size.width - size.start - size.end}
          y={y(most)}
          height={Math.max(1, y(lowest) - y(most))}
        />
        <line class="axis" x1={size.start} x2={size.width - size.end} y1={y(0)} y2={y(0)} />
        <text class="scale" x={size.start - 6} y={y(most) + 4}>
          {t.number(most)}
        </text>
        <text class="scale" x={size.start - 6} y={y(0) + 4}>
          0
        </text>
        {days.map(({ day, index }, place) => {
          const left = x(index) - slot / 2;
          const before = days[place - 1];
          const isLast = left > size.width - size.end - 1.6 * room;
          const isCrowded = before !== undefined && left - (x(before.index) - slot / 2) < room;
          return (
            <g key={`${day} ${index}`}>
              {index > 0 && <line class="day" x1={left} x2={left} y1={size.top} y2={height - 4} />}
              {!isCrowded && (
                <text
                  x={isLast ? size.width - size.end : left + 4}
                  y={height - 4}
                  class={isLast ? 'at-end' : ''}
                >
                  {/^\d{4}-\d{2}-\d{2}$/.test(day)
                    ? dayInWords(t, dayOf(day), 'short')
                    : edtfInWords(t, day, 'short')}
                </text>
              )}
            </g>
          );
        })}
        {marks.map(({ claim }, index) =>
          claim.relations.map(({ relation, claim: other }) => {
            const from = at.get(other);
            const earlier = from === undefined ? undefined : marks[from];
            if (from === undefined || earlier === undefined || relation !== 'revises') return null;
            return (
              <line
                key={other}
                class="revision"
                x1={x(from)}
                y1={y(earlier.high)}
                x2={x(index)}
                y2={y(marks[index]?.high ?? 0)}
              />
            );
          }),
        )}
        {marks.map(({ claim, low, high }, index) => (
          <g
            key={claim.id}
            class={`${revised.has(claim.id) ? 'revised' : 'standing'} ${
              conflicting.has(claim.id) ? 'conflicting' : ''
            }`}
          >
            <title>
              {`${valueInWords(t, measure, claim)}, ${claim.attributed_to}, ${reportedInWords(t, claim.reported_at)}`}
            </title>
            {low < high && (
              <line class="between" x1={x(index)} x2={x(index)} y1={y(low)} y2={y(high)} />
            )}
            {claim.qualifier === 'at_least' && (
              <path class="open" d={arrow(x(index), y(high), -1)} />
            )}
            {claim.qualifier === 'at_most' && <path class="open" d={arrow(x(index), y(high), 1)} />}
            <circle
              class={claim.qualifier === 'about' ? 'about' : ''}
              cx={x(index)}
              cy={y(high)}
              r={Math.min(4, slot / 2)}
            />
          </g>
        ))}
      </svg>
    </figure>
  );
}

function marksOf(measure: Measure, claims: readonly Claim[]): Mark[] {
  return claims.flatMap((claim) => {
    const low = claim.value_min ?? claim.value_max;
    const high = claim.value_max ?? claim.value_min;
    const isOwn = claim.measure === measure && claim.scope.kind === 'incident';
    if (!isOwn || low === null || high === null || claim.reported_at === null) return [];
    return [{ claim, low, high, day: claim.reported_at.slice(0, 10) }];
  });
}

/** A stem with a head, up (-1) or down (1). */
function arrow(x: number, y: number, way: -1 | 1): string {
  return `M${x} ${y}v${9 * way}m-3 ${-3 * way}l3 ${3 * way}l3 ${-3 * way}`;
}
