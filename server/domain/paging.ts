import type { Parameter } from './parameters.ts';

export const defaultLimit = 100;
export const maxLimit = 10_000;

/** Which of their properties features come with, as `properties` of the OGC API drafts has it. */
export function propertiesParameter(known: readonly string[]): Parameter<readonly string[]> {
  return {
    description: `Properties that features come with, comma-separated; all when left out. Known are ${known.join(', ')}.`,
    example: known[0] ?? '',
    schema: { type: 'array', minItems: 1, items: { type: 'string', enum: known } },
    parse: (text) => {
      const names = [...new Set(text.split(','))];
      const unknown = names.find((name) => !known.includes(name));
      if (unknown !== undefined) {
        throw new RangeError(`has '${unknown}'; known are ${known.join(', ')}`);
      }
      return names;
    },
    format: (names) => names.join(','),
  };
}

/** Where a page lies: behind, or before, the feature whose sort key has these values. */
export interface Cursor {
  readonly side: 'after' | 'before';
  readonly key: readonly string[];
}

const limit: Parameter<number> = {
  description: `Features on a page; more than ${maxLimit} gives ${maxLimit} (OGC API Features, /req/core/fc-limit-response-1).`,
  example: '50',
  schema: { type: 'integer', minimum: 1, maximum: maxLimit, default: defaultLimit },
  parse: (text) => {
    if (!/^\d+$/.test(text) || Number(text) < 1) {
      throw new RangeError('must be a whole number of at least 1');
    }
    return Math.min(Number(text), maxLimit);
  },
  format: String,
};

const cursor: Parameter<Cursor> = {
  description: 'Where the page lies; taken from a `next` or `prev` link, never made by hand.',
  example: Buffer.from('["after","2025-08-05 00:00:00+00","2025-08-05-lozova"]').toString(
    'base64url',
  ),
  schema: { type: 'string', minLength: 1, maxLength: 1000 },
  parse: (text) => {
    const broken = new RangeError('was not taken from a next or prev link');
    if (text.length > 1000 || !/^[A-Za-z0-9_-]+$/.test(text)) throw broken;
    let values: unknown;
    try {
      values = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    } catch {
      throw broken;
    }
    if (!Array.isArray(values) || !values.every((value) => typeof value === 'string')) throw broken;
    const [side, ...key] = values;
    if (side !== 'after' && side !== 'before') throw broken;
    return { side, key };
  },
  format: ({ side, key }) => Buffer.from(JSON.stringify([side, ...key])).toString('base64url'),
};

export const geometryForms = ['point', 'area'] as const;
export type GeometryForm = (typeof geometryForms)[number];

const geometry: Parameter<GeometryForm> = {
  description:
    'For incidents: the representative `point`, or the `area` that it stands for (disc of uncertainty, region, country).',
  example: 'area',
  schema: { type: 'string', enum: geometryForms, default: 'point' },
  parse: (text) => {
    const form = geometryForms.find((candidate) => candidate === text);
    if (form === undefined) throw new RangeError(`must be ${geometryForms.join(' or ')}`);
    return form;
  },
  format: String,
};

/** Parameters that shape a page of features without selecting any. */
export const pageParameters = { limit, cursor, geometry };
