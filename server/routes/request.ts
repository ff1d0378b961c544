import type { FastifySchema, FastifySchemaCompiler } from 'fastify';
import { ParameterError } from '../domain/parameter-error.ts';
import { type Parameter, parseParameter } from '../domain/parameters.ts';
import { type PointInTime, pointInTimeParameters } from '../domain/point-in-time.ts';

/** Query parameters, each given once and known to the route. */
export type Query = Readonly<Record<string, string | undefined>>;

/**
 * Holds a query string to its schema's names: an unknown parameter, or one given twice, is
 * refused. The values are read by the parameters' own parsers, which refuse more than the schema
 * says; `test/domain/parameters.test.ts` holds the two together.
 */
export const compileQuery: FastifySchemaCompiler<FastifySchema> = ({ schema }) => {
  const known = namesIn(schema);
  return (query: Readonly<Record<string, unknown>>) => {
    for (const [name, value] of Object.entries(query)) {
      if (!known.includes(name)) {
        const names = known.join(', ');
        const error = new ParameterError(
          name,
          textOf(value),
          `is unknown here; known are ${names}`,
        );
        return { error };
      }
      if (typeof value !== 'string') {
        return { error: new ParameterError(name, textOf(value), 'is given more than once') };
      }
    }
    return { value: query };
  };
};

function namesIn(schema: object): string[] {
  if (!('properties' in schema) || typeof schema.properties !== 'object') {
    throw new TypeError('a query string schema lists its properties');
  }
  return Object.keys(schema.properties ?? {});
}

function textOf(value: unknown): string {
  return Array.isArray(value) ? value.join(' and ') : String(value);
}

/** The value of a parameter, undefined where the request does not give it. */
export function readParameter<Value>(
  query: Query,
  name: string,
  parameter: Parameter<Value>,
): Value | undefined {
  const text = query[name];
  return text === undefined ? undefined : parseParameter(name, parameter, text);
}

/** The state of the record that a request asks for. */
export function readPointInTime(query: Query): PointInTime {
  const asOf = readParameter(query, 'as_of', pointInTimeParameters.as_of);
  const knownBy = readParameter(query, 'known_by', pointInTimeParameters.known_by);
  if (asOf !== undefined && Date.parse(asOf) > Date.now()) {
    throw new ParameterError('as_of', query['as_of'] ?? '', 'lies ahead: that record is not known');
  }
  return {
    ...(asOf === undefined ? {} : { asOf }),
    ...(knownBy === undefined ? {} : { knownBy }),
  };
}
