import type { Parameter } from './parameters.ts';

/** What incidents can be counted by. */
export const dimensions = [
  'day',
  'days',
  'week',
  'month',
  'year',
  'type',
  'country',
  'region',
  'attacker',
  'target',
] as const;
export type Dimension = (typeof dimensions)[number];

const maxDimensions = 3;

/** The `by` parameter of an aggregate. */
export const by: Parameter<readonly Dimension[]> = {
  description: `What to count by, at most ${maxDimensions}, comma-separated; without it everything is one group. A night counts to the day it ends on; an incident that spans several days, weeks, months or years in another way is in the group null. By days, the key is the day or, as an interval, the first and last day that an incident may lie on. By target, an incident counts in the group of each of its targets.`,
  example: 'month,type',
  schema: {
    type: 'array',
    minItems: 1,
    maxItems: maxDimensions,
    items: { type: 'string', enum: dimensions },
  },
  parse: (text) => {
    const parsed = text.split(',').map((part) => {
      const dimension = dimensions.find((candidate) => candidate === part.trim());
      if (dimension === undefined) {
        throw new RangeError(`has '${part}'; known are ${dimensions.join(', ')}`);
      }
      return dimension;
    });
    if (new Set(parsed).size < parsed.length) throw new RangeError('names one of them twice');
    if (parsed.length > maxDimensions) throw new RangeError(`has more than ${maxDimensions}`);
    return parsed;
  },
  format: (value) => value.join(','),
};

/** Measures whose figures an aggregate can sum. */
export const summedMeasures = ['killed', 'injured'] as const;
export type SummedMeasure = (typeof summedMeasures)[number];

/** The `sums` parameter of an aggregate. */
export const sums: Parameter<readonly SummedMeasure[]> = {
  description:
    'Measures whose figures to sum, comma-separated, or `none` to count incidents alone, which is several times as fast. Without it all are summed.',
  example: 'none',
  schema: {
    type: 'array',
    minItems: 1,
    maxItems: summedMeasures.length,
    items: { type: 'string', enum: [...summedMeasures, 'none'] },
  },
  parse: (text) => {
    if (text === 'none') return [];
    const named = text.split(',').map((part) => part.trim());
    const unknown = named.find((part) => !summedMeasures.some((measure) => measure === part));
    if (unknown !== undefined) {
      throw new RangeError(
        `has '${unknown}'; known are ${summedMeasures.join(', ')}, or none alone`,
      );
    }
    if (new Set(named).size < named.length) throw new RangeError('names one of them twice');
    return summedMeasures.filter((measure) => named.includes(measure));
  },
  format: (measures) => measures.join(',') || 'none',
};
