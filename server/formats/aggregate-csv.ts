import type { Dimension } from '../domain/aggregate.ts';
import type { Group, MeasureSums } from '../queries/aggregate.ts';
import { line } from './csv.ts';

const sums = ['lowest', 'highest', 'latest', 'given', 'not_given'] as const;

/** A null sum, and a group of what is in no single unit, is an empty cell; keys are codes and dates. */
const cell = (value: string | number | null) => (value === null ? '' : String(value));

const cellsOf = (measure: MeasureSums) => sums.map((name) => cell(measure[name]));

/** Groups as CSV (RFC 4180): their keys, their incidents, then the sums of killed and of injured. */
export function aggregateCsv(dimensions: readonly Dimension[], groups: readonly Group[]): string {
  const heading = [
    ...dimensions,
    'incidents',
    ...['killed', 'injured'].flatMap((measure) => sums.map((name) => `${measure}_${name}`)),
  ];
  const lines = groups.map(({ keys, incidents, killed, injured }) =>
    line([...keys.map(cell), cell(incidents), ...cellsOf(killed), ...cellsOf(injured)]),
  );
  return line(heading) + lines.join('');
}
