import type { Dimension, SummedMeasure } from '../domain/aggregate.ts';
import type { Group, MeasureSums } from '../queries/aggregate.ts';
import { line } from './csv.ts';

const sums = ['lowest', 'highest', 'latest', 'given', 'not_given'] as const;

/** A null sum, and a group of what is in no single unit, is an empty cell; keys are codes and dates. */
const cell = (value: string | number | null) => (value === null ? '' : String(value));

const cellsOf = (measure: MeasureSums | undefined) =>
  sums.map((name) => cell(measure?.[name] ?? null));

/** Groups as CSV (RFC 4180): their keys, their incidents, then the sums of each measure. */
export function aggregateCsv(
  dimensions: readonly Dimension[],
  measures: readonly SummedMeasure[],
  groups: readonly Group[],
): string {
  const heading = [
    ...dimensions,
    'incidents',
    ...measures.flatMap((measure) => sums.map((name) => `${measure}_${name}`)),
  ];
  const lines = groups.map(({ keys, incidents, sums: sumsOf }) =>
    line([
      ...keys.map(cell),
      cell(incidents),
      ...measures.flatMap((measure) => cellsOf(sumsOf[measure])),
    ]),
  );
  return line(heading) + lines.join('');
}
