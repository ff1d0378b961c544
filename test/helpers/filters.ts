import fc from 'fast-check';
import type { Filter } from '../../server/domain/filter.ts';
import type { NumberRange } from '../../server/domain/parameters.ts';
import {
  attackers,
  geoPrecisions,
  incidentTypeCodes,
  targetTypes,
} from '../../server/domain/vocabulary.ts';

const some = <Code>(codes: readonly Code[]) =>
  fc.uniqueArray(fc.constantFrom(...codes), { minLength: 1, maxLength: 3 });

const day = fc.integer({ min: 0, max: 170 }).map((offset) => {
  const at = Date.UTC(2025, 2, 25) + offset * 86_400_000;
  return { kind: 'date' as const, text: new Date(at).toISOString().slice(0, 10), at };
});

const interval = fc
  .tuple(fc.option(day), fc.option(day))
  .filter(([start, end]) => start !== null || end !== null)
  .map(([start, end]) =>
    start !== null && end !== null && start.at > end.at
      ? { start: end, end: start }
      : { start, end },
  );

const bbox = fc
  .tuple(
    fc.integer({ min: -180, max: 180 }),
    fc.integer({ min: 40, max: 70 }),
    fc.integer({ min: 20, max: 60 }),
    fc.integer({ min: 40, max: 70 }),
  )
  .map(([west, one, east, other]): [number, number, number, number] => [
    west,
    Math.min(one, other),
    east,
    Math.max(one, other),
  ]);

const range = fc
  .tuple(fc.option(fc.nat(40)), fc.option(fc.nat(200)))
  .filter(([from, to]) => from !== null || to !== null)
  .map(
    ([from, to]): NumberRange =>
      from !== null && to !== null && from > to ? { from: to, to: from } : { from, to },
  );

/** Filters over the incidents of the project's data; most of them select something. */
export const incidentFilters: fc.Arbitrary<Filter> = fc.record(
  {
    bbox,
    datetime: interval,
    type: some(incidentTypeCodes),
    country: some(['UA', 'RU']),
    region: some(['UA-30', 'UA-63', 'UA-51', 'RU-KDA', 'RU-SAM', 'unassigned']),
    attacker: some(attackers),
    target: some(targetTypes),
    geo_precision: some(geoPrecisions),
    killed: range,
    injured: range,
    source: some(['tribune-0806', 'independent-0805', 'nobody']),
    q: fc.constantFrom('drone', 'Kyiv', 'refinery', "o'clock", '100%', 'rail station'),
  },
  { requiredKeys: [] },
);
