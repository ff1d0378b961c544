import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyRequest, FastifySchema, FastifySchemaCompiler } from 'fastify';
import type { Geometry } from 'geojson';
import Negotiator from 'negotiator';
import type { Database, QueryOptions } from '../db/database.ts';
import { formatBbox } from '../domain/bbox.ts';
import { type CollectionId, collections } from '../domain/collections.ts';
import { checkExpression, type Expression } from '../domain/cql2/expression.ts';
import { cornersOf } from '../domain/cql2/geometry.ts';
import { parseCql2Json } from '../domain/cql2/json.ts';
import { parseCql2Text } from '../domain/cql2/text.ts';
import { boxIn, coordinatesIn, crs84, crsParameters, toCrs84 } from '../domain/crs.ts';
import { type Filter, parseFilter } from '../domain/filter.ts';
import { ParameterError } from '../domain/parameter-error.ts';
import { filterLanguage, type Parameter, parseParameter } from '../domain/parameters.ts';
import { type PointInTime, pointInTimeParameters } from '../domain/point-in-time.ts';
import { queryables } from '../domain/queryables.ts';
import { codesOf } from '../domain/vocabulary.ts';
import { ProblemError } from '../errors.ts';
import { refuseInvalidAreas } from '../queries/validity.ts';

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

/**
 * Refuses an address whose query is not text in UTF-8, percent-encoded: what it asks for would be
 * something else than was meant.
 */
export function refuseMalformed({ url }: FastifyRequest): void {
  try {
    decodeURIComponent(url.slice(url.indexOf('?') + 1));
  } catch {
    throw new ProblemError('malformed-request', 'The query is no text in UTF-8, percent-encoded.');
  }
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

/** What of a request tells its filter, and whether anybody still waits for it. */
type FilterRequest = Pick<FastifyRequest, 'signal' | 'longestMs'> & { readonly query: Query };

/**
 * The filter of a request, its `bbox` and the geometries of its `filter` in CRS84 and its `filter`
 * held to what the collection has.
 * @throws {ParameterError} naming the first parameter that cannot be honoured and its value.
 */
export async function readFilter(
  { query, signal, longestMs }: FilterRequest,
  id: CollectionId,
  database: Database,
): Promise<Filter> {
  const { bbox, area } = readBox(query);
  const others = { ...query, bbox, filter: undefined };
  const parsed = parseFilter(others, collections[id].filters);
  const { datetime } = parsed;
  const filter =
    datetime === undefined ? parsed : { ...parsed, datetime: { ...datetime, longestMs } };
  const conditions = [
    await readExpression(query, id, database, { signal }),
    area === undefined || !Object.hasOwn(queryables[id], 'geometry') ? undefined : meets(area),
  ].filter((condition) => condition !== undefined);
  const [condition] = conditions;
  if (condition === undefined) return filter;
  return conditions.length === 1
    ? { ...filter, filter: condition }
    : { ...filter, filter: { kind: 'operation', op: 'and', args: conditions, at: 'in bbox' } };
}

async function readExpression(
  query: Query,
  id: CollectionId,
  database: Database,
  options: QueryOptions,
): Promise<Expression | undefined> {
  const language = readParameter(query, 'filter-lang', filterLanguage) ?? 'cql2-text';
  const crs = readParameter(query, 'filter-crs', crsParameters['filter-crs']) ?? crs84;
  const text = query.filter;
  if (text === undefined) return undefined;
  const parse = language === 'cql2-text' ? parseCql2Text : parseCql2Json;
  try {
    const expression = parse(text, coordinatesIn(crs));
    checkExpression(expression, queryables[id]);
    await refuseInvalidAreas(database, expression, options);
    return expression;
  } catch (error) {
    if (error instanceof RangeError) throw new ParameterError('filter', text, error.message);
    throw error;
  }
}

/** `bbox` in CRS84, and its area where it is no box there. */
function readBox(query: Query): { readonly bbox?: string; readonly area?: Geometry } {
  const crs = readParameter(query, 'bbox-crs', crsParameters['bbox-crs']);
  const { bbox } = query;
  if (bbox === undefined) return {};
  if (crs === undefined || crs === crs84) return { bbox };
  const numbers = bbox.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  if ((numbers.length !== 4 && numbers.length !== 6) || !numbers.every(Number.isFinite)) {
    throw new ParameterError('bbox', bbox, 'must be four numbers, or six with heights');
  }
  const corners = cornersOf(numbers);
  try {
    const box = formatBbox(toCrs84(crs, corners));
    return crs.isAligned ? { bbox: box } : { bbox: box, area: boxIn(crs, corners) };
  } catch (error) {
    if (error instanceof RangeError) throw new ParameterError('bbox', bbox, error.message);
    throw error;
  }
}

/** Whether a feature's geometry meets an area; what has none does, as with every `bbox`. */
function meets(area: Geometry): Expression {
  const at = 'in bbox';
  const property = { kind: 'property', name: 'geometry', at } as const;
  const geometry = { kind: 'geometry', geometry: area, at } as const;
  return {
    kind: 'operation',
    op: 'or',
    args: [
      { kind: 'operation', op: 'isNull', args: [property], at },
      { kind: 'operation', op: 's_intersects', args: [property, geometry], at },
    ],
    at,
  };
}

/** A query as text, without some of its parameters: what a link to another form of it repeats. */
export function queryText(query: Query, left: readonly string[]): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && !left.includes(name)) search.append(name, value);
  }
  return search.toString();
}

/** The state of the record that a request asks for. */
export function readPointInTime(query: Query): PointInTime {
  const asOf = readParameter(query, 'as_of', pointInTimeParameters.as_of);
  const knownBy = readParameter(query, 'known_by', pointInTimeParameters.known_by);
  if (asOf !== undefined && Date.parse(asOf) > Date.now()) {
    throw new ParameterError('as_of', query.as_of ?? '', 'lies ahead: that record is not known');
  }
  return {
    ...(asOf === undefined ? {} : { asOf }),
    ...(knownBy === undefined ? {} : { knownBy }),
  };
}

/**
 * The format that a request wants, of those that the resource can be had in (their media types, the
 * default first): by `f`, else by `Accept`.
 * @throws {ProblemError} 406 where `Accept` takes none of them.
 */
export function chooseFormat<Id extends string>(
  request: { readonly query: Query; readonly headers: IncomingHttpHeaders },
  parameter: Parameter<Id>,
  types: Readonly<Record<Id, string | readonly string[]>>,
): Id {
  const named = readParameter(request.query, 'f', parameter);
  if (named !== undefined) return named;
  const known = codesOf(types);
  const [first] = known;
  const { accept: given = '*/*' } = request.headers;
  if (given === '*/*' && first !== undefined) return first;
  const typesOf = (id: Id): readonly string[] => {
    const type: string | readonly string[] = types[id];
    return typeof type === 'string' ? [type] : type;
  };
  const available = known.flatMap(typesOf);
  // Whoever asks for text in UTF-8 by name gets what everybody gets.
  const accept = given.replaceAll(/;\s*charset="?utf-8"?/gi, '');
  const type = new Negotiator({ headers: { accept } }).mediaType(available);
  const id = known.find((candidate) => typesOf(candidate).includes(type ?? ''));
  if (id === undefined) {
    const list = [...new Set(available)].join(', ');
    throw new ProblemError('not-acceptable', `Accept takes none of what there is: ${list}.`);
  }
  return id;
}
