import { type Bbox, formatBbox, parseBbox } from './bbox.ts';
import type { Expression } from './cql2/expression.ts';
import { formatCql2Text, maxLength, parseCql2Text } from './cql2/text.ts';
import { formatInterval, type Interval, parseInterval } from './interval.ts';
import { ParameterError } from './parameter-error.ts';
import {
  type Attacker,
  attackers,
  type GeoPrecision,
  geoPrecisions,
  type IncidentType,
  incidentTypeCodes,
  type Measure,
  measureCodes,
  type SourceKind,
  sourceKinds,
  type TargetType,
  targetTypes,
} from './vocabulary.ts';

/** The part of JSON Schema (as OpenAPI 3.0 has it) that describes a query parameter. */
export interface ParameterSchema {
  readonly type: 'string' | 'integer' | 'number' | 'array';
  readonly items?: ParameterSchema;
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly default?: number | string;
}

/** One query parameter: how it is described, read and written. */
export interface Parameter<Value> {
  readonly description: string;
  readonly example: string;
  readonly schema: ParameterSchema;
  /** @throws {RangeError} with a sentence that says what is wrong with the text. */
  readonly parse: (text: string) => Value;
  /** The text that `parse` reads back to the same value. */
  readonly format: (value: Value) => string;
}

/** Whole numbers, both ends included; `null` is unbounded. */
export interface NumberRange {
  readonly from: number | null;
  readonly to: number | null;
}

/** The value of every parameter that selects features; a collection names those that it takes. */
export interface FilterValues {
  readonly bbox: Bbox;
  readonly datetime: Interval;
  readonly type: readonly IncidentType[];
  readonly country: readonly string[];
  readonly region: readonly string[];
  readonly attacker: readonly Attacker[];
  readonly target: readonly TargetType[];
  readonly geo_precision: readonly GeoPrecision[];
  readonly killed: NumberRange;
  readonly injured: NumberRange;
  readonly source: readonly string[];
  readonly q: string;
  readonly incident: readonly string[];
  readonly measure: readonly Measure[];
  readonly claimant: readonly string[];
  readonly language: readonly string[];
  readonly kind: readonly SourceKind[];
  readonly filter: Expression;
}

export type FilterName = keyof FilterValues;

const maxListLength = 100;

function list<Code extends string>(
  codes: readonly Code[],
  description: string,
  example: string,
): Parameter<readonly Code[]> {
  return {
    description: `${description} Comma-separated: any of them matches.`,
    example,
    schema: {
      type: 'array',
      minItems: 1,
      maxItems: maxListLength,
      items: { type: 'string', enum: codes },
    },
    parse: (text) =>
      splitList(text).map((part) => {
        const code = codes.find((candidate) => candidate === part);
        if (code === undefined) {
          throw new RangeError(`has '${part}'; known are ${codes.join(', ')}`);
        }
        return code;
      }),
    format: (codesGiven) => codesGiven.join(','),
  };
}

function codes(
  pattern: RegExp,
  form: string,
  description: string,
  example: string,
): Parameter<readonly string[]> {
  return {
    description: `${description} Comma-separated: any of them matches.`,
    example,
    schema: {
      type: 'array',
      minItems: 1,
      maxItems: maxListLength,
      items: { type: 'string', pattern: pattern.source },
    },
    parse: (text) =>
      splitList(text).map((part) => {
        if (!pattern.test(part)) throw new RangeError(`has '${part}' where ${form} is expected`);
        return part;
      }),
    format: (values) => values.join(','),
  };
}

/** Splits at commas and drops repeats. */
function splitList(text: string): string[] {
  const parts = [...new Set(text.split(',').map((part) => part.trim()))];
  if (parts.includes('')) throw new RangeError('has an empty entry');
  if (parts.length > maxListLength) throw new RangeError(`has more than ${maxListLength} entries`);
  return parts;
}

const rangePattern = /^(?:(\d{1,9})\.\.(\d{1,9})|(\d{1,9})\.\.|\.\.(\d{1,9})|(\d{1,9}))$/;

function range(measure: string): Parameter<NumberRange> {
  return {
    description: `Number of ${measure}: \`1..5\`, \`10..\`, \`..3\` or \`2\`. Matches incidents whose figure, from lowest to highest, meets the range; an incident with no claim of it never matches.`,
    example: '1..',
    schema: { type: 'string', pattern: rangePattern.source },
    parse: (text) => {
      const parts = rangePattern.exec(text);
      if (parts === null) throw new RangeError('must be like 1..5, 10.., ..3 or 2');
      const [, low, high, from, to, one] = parts;
      const read = (digits: string | undefined) => (digits === undefined ? null : Number(digits));
      const parsed = { from: read(low ?? from ?? one), to: read(high ?? to ?? one) };
      if (parsed.from !== null && parsed.to !== null && parsed.from > parsed.to) {
        throw new RangeError('has its lower end above its upper end');
      }
      return parsed;
    },
    format: ({ from, to }) =>
      from !== null && from === to ? `${from}` : `${from ?? ''}..${to ?? ''}`,
  };
}

const maxTextLength = 200;

function text(description: string, example: string): Parameter<string> {
  return {
    description,
    example,
    schema: { type: 'string', minLength: 1, maxLength: maxTextLength },
    parse: (value) => {
      const trimmed = value.trim();
      if (trimmed === '') throw new RangeError('is empty');
      if (trimmed.length > maxTextLength) {
        throw new RangeError(`is longer than ${maxTextLength} characters`);
      }
      if (trimmed.includes('\0')) throw new RangeError('has a null character');
      return trimmed;
    },
    format: (value) => value,
  };
}

const bbox: Parameter<Bbox> = {
  description:
    'West, south, east, north in degrees (longitude first); west greater than east crosses the antimeridian. Six numbers carry heights, which are not used. Matches features whose geometry intersects the box, and those that have none.',
  example: '30.2,48.5,37.9,51',
  schema: { type: 'array', minItems: 4, maxItems: 6, items: { type: 'number' } },
  parse: parseBbox,
  format: formatBbox,
};

const datetime: Parameter<Interval> = {
  description:
    'A date, an instant or a closed interval (RFC 3339), an open end written `..`, an end also as a duration (`2025-08-01/P7D` is a week). Matches features whose time meets it, and those without a time.',
  example: '2025-08-01/2025-08-07',
  schema: { type: 'string', minLength: 1, maxLength: 80 },
  parse: parseInterval,
  format: formatInterval,
};

/** How each of {@link FilterValues} is described, read and written. */
export const filterParameters: {
  readonly [Name in FilterName]: Parameter<FilterValues[Name]>;
} = {
  bbox,
  datetime,
  type: list(incidentTypeCodes, 'Type of strike.', 'drone_strike'),
  country: codes(
    /^[A-Z]{2}$/,
    'a country code such as UA (ISO 3166-1)',
    'Recognised state of the place (ISO 3166-1 alpha-2).',
    'UA',
  ),
  region: codes(
    /^(?:[A-Z]{2}-[A-Z0-9]{1,3}|unassigned)$/,
    "a region code such as UA-63 (ISO 3166-2), or 'unassigned',",
    'First-level region of the place (ISO 3166-2), or `unassigned` for features in no single region.',
    'UA-63',
  ),
  attacker: list(attackers, 'Side to which the sources attribute the strike.', 'RU'),
  target: list(targetTypes, 'What was struck or damaged.', 'rail'),
  geo_precision: list(geoPrecisions, 'How well the place is known.', 'settlement'),
  killed: range('persons killed'),
  injured: range('persons injured'),
  source: codes(
    /^[A-Za-z0-9._-]{1,100}$/,
    'a source id',
    'Source that carried a claim (its id in the sources collection).',
    'interfaxua-lozova-0805',
  ),
  q: text(
    'Words that must all occur in the text, in any order. Of places and regions: a name or a part of one, in English, Ukrainian or an older spelling; names that are nearly so are found too, the nearest first.',
    'rail station',
  ),
  incident: codes(
    /^[A-Za-z0-9._-]{1,100}$/,
    'an incident id',
    'Incident that the claim is about.',
    '2025-08-05-lozova',
  ),
  measure: list(measureCodes, 'What the claim gives a value of.', 'killed'),
  claimant: codes(
    /^[A-Z]{2}$/,
    'a country code such as RU (ISO 3166-1)',
    'State that claims the region (ISO 3166-1 alpha-2).',
    'RU',
  ),
  language: codes(
    /^[a-z]{2,3}$/,
    'a language code such as uk (ISO 639)',
    'Language of the publication (ISO 639).',
    'uk',
  ),
  kind: list(sourceKinds, 'How the source came to its text.', 'original'),
  filter: {
    description:
      'Condition in CQL2 (OGC 21-065r2) over the properties that the queryables document lists. As well as the other parameters it must hold.',
    example: "recorded_at > TIMESTAMP('2025-01-01T00:00:00Z')",
    schema: { type: 'string', minLength: 1, maxLength },
    parse: parseCql2Text,
    format: formatCql2Text,
  },
};

export const filterLanguages = ['cql2-text', 'cql2-json'] as const;
export type FilterLanguage = (typeof filterLanguages)[number];

/** Encoding of `filter`. */
export const filterLanguage: Parameter<FilterLanguage> = {
  description: 'Encoding of `filter`.',
  example: 'cql2-text',
  schema: { type: 'string', enum: filterLanguages, default: 'cql2-text' },
  parse: (value) => {
    const language = filterLanguages.find((candidate) => candidate === value);
    if (language === undefined) throw new RangeError(`must be ${filterLanguages.join(' or ')}`);
    return language;
  },
  format: String,
};

/** Reads one parameter; the reason it is refused for becomes a {@link ParameterError}. */
export function parseParameter<Value>(
  name: string,
  parameter: Parameter<Value>,
  value: string,
): Value {
  try {
    return parameter.parse(value);
  } catch (error) {
    if (error instanceof RangeError) throw new ParameterError(name, value, error.message);
    throw error;
  }
}
