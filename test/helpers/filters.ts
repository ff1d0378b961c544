import fc from 'fast-check';
import { parseCql2Text } from '../../server/domain/cql2/text.ts';
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

const box = bbox.map((numbers) => `BBOX(${numbers.join(', ')})`);
const days = fc.tuple(day, day).map(([one, other]) => {
  const [start, end] = one.at <= other.at ? [one, other] : [other, one];
  return `INTERVAL('${start.text}', '${end.text}')`;
});

/** CQL2 text over incidents, nested a little. */
const cql2 = fc.letrec<{ condition: string; leaf: string }>((tie) => ({
  leaf: fc.oneof(
    fc.constantFrom(...incidentTypeCodes).map((type) => `type = '${type}'`),
    fc.nat(40).map((killed) => `killed_highest >= ${killed}`),
    fc.nat(200).map((injured) => `injured_lowest < ${injured}`),
    fc.constantFrom(...targetTypes).map((target) => `A_CONTAINS(targets, ('${target}'))`),
    fc
      .constantFrom('kyiv', 'DRONE', "o'c")
      .map((word) => `CASEI(title) LIKE CASEI('%${word.replaceAll("'", "''")}%')`),
    box.map((shape) => `S_INTERSECTS(area, ${shape})`),
    box.map((shape) => `S_DISJOINT(geometry, ${shape})`),
    days.map((interval) => `T_INTERSECTS(time, ${interval})`),
    days.map((interval) => `T_DURING(time, ${interval})`),
    fc.constantFrom('region IS NULL', 'area_only = TRUE', 'killed_lowest <> killed_highest'),
  ),
  condition: fc.oneof(
    { maxDepth: 3 },
    tie('leaf'),
    fc.tuple(tie('condition'), tie('condition')).map(([one, other]) => `(${one} AND ${other})`),
    fc.tuple(tie('condition'), tie('condition')).map(([one, other]) => `(${one} OR ${other})`),
    tie('condition').map((condition) => `NOT (${condition})`),
  ),
})).condition;

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
    filter: cql2.map((text) => parseCql2Text(text)),
  },
  { requiredKeys: [] },
);
