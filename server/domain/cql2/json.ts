import type { Geometry } from 'geojson';
import { type Expression, isOneOf, maxDepth, maxNodes, operators } from './expression.ts';
import {
  boxGeometry,
  type Coordinates,
  countPositions,
  degrees,
  makeGeometry,
  maxPositions,
  nesting,
  type SimpleType,
} from './geometry.ts';
import { maxLength, readInstant } from './text.ts';

/**
 * Reads the JSON encoding of CQL2 (OGC 21-065r2, Annex A), without arithmetic and custom functions.
 * Geometries are in `system` and become CRS84.
 * @throws {RangeError} with a sentence that says what is wrong and, as a JSON pointer, where.
 */
export function parseCql2Json(text: string, system: Coordinates = degrees): Expression {
  if (text.length > maxLength) throw new RangeError(`is longer than ${maxLength} characters`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new RangeError(`is no JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  return new Reader(system).read(value, '', 0);
}

type Members = Readonly<Record<string, unknown>>;

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

class Reader {
  readonly #system: Coordinates;
  #nodes = 0;
  #positions = 0;

  constructor(system: Coordinates) {
    this.#system = system;
  }

  read(value: unknown, pointer: string, depth: number): Expression {
    const at = `at ${pointer === '' ? '/' : pointer}`;
    if (depth > maxDepth) throw new RangeError(`nests deeper than ${maxDepth} ${at}`);
    this.#nodes += 1;
    if (this.#nodes > maxNodes)
      throw new RangeError(`has more than ${maxNodes} conditions and values`);
    if (typeof value === 'boolean') return { kind: 'boolean', value, at };
    if (typeof value === 'number' && Number.isFinite(value)) return { kind: 'number', value, at };
    if (typeof value === 'string') {
      if (value.includes('\0')) throw new RangeError(`has a null character ${at}`);
      return { kind: 'text', value, at };
    }
    if (Array.isArray(value)) {
      const items = value.map((item, index) => this.read(item, `${pointer}/${index}`, depth + 1));
      return { kind: 'list', items, at };
    }
    if (!isMembers(value))
      throw new RangeError(`has ${JSON.stringify(value)} ${at}, which is no value`);
    return this.#object(value, pointer, depth, at);
  }

  #object(value: Members, pointer: string, depth: number, at: string): Expression {
    const { op, args, property, date, timestamp, interval, bbox, type } = value;
    if (typeof op === 'string') {
      if (!isOneOf(operators, op)) {
        throw new RangeError(
          `has the unknown operator '${op}' ${at}; known are ${operators.join(', ')}`,
        );
      }
      if (!Array.isArray(args)) throw new RangeError(`has no args for ${op} ${at}`);
      const read = args.map((arg, index) => this.read(arg, `${pointer}/args/${index}`, depth + 1));
      return { kind: 'operation', op, args: read, at };
    }
    if (typeof property === 'string') return { kind: 'property', name: property, at };
    if (typeof date === 'string') return readInstant('date', date, at);
    if (typeof timestamp === 'string') return readInstant('timestamp', timestamp, at);
    if (Array.isArray(interval)) {
      if (interval.length !== 2) throw new RangeError(`has an interval ${at} without two ends`);
      const [start, end] = interval.map((part, index) =>
        this.#end(part, `${pointer}/interval/${index}`, depth),
      );
      return { kind: 'interval', start: start ?? null, end: end ?? null, at };
    }
    if (Array.isArray(bbox) || typeof type === 'string') {
      const geometry = this.#geometry(value, at, depth);
      return { kind: 'geometry', geometry, at };
    }
    throw new RangeError(`has an object ${at} that is no operation, property, time or geometry`);
  }

  #end(value: unknown, pointer: string, depth: number): Expression | null {
    if (value === '..' || value === '') return null;
    if (typeof value !== 'string') return this.read(value, pointer, depth + 1);
    return readInstant(value.length === 10 ? 'date' : 'timestamp', value, `at ${pointer}`);
  }

  #geometry({ type, bbox, coordinates, geometries }: Members, at: string, depth: number): Geometry {
    if (type === 'GeometryCollection') {
      if (depth > maxDepth || !Array.isArray(geometries) || geometries.length === 0) {
        throw new RangeError(`has a GeometryCollection ${at} without geometries`);
      }
      return {
        type,
        geometries: geometries.map((part: unknown) => {
          if (!isMembers(part)) throw new RangeError(`has a geometry ${at} that is no object`);
          return this.#geometry(part, at, depth + 1);
        }),
      };
    }
    try {
      const geometry = Array.isArray(bbox)
        ? boxGeometry(bbox.map(toNumber), this.#system)
        : makeGeometry(simpleType(type), coordinates, this.#system);
      this.#positions += countPositions(geometry);
      if (this.#positions > maxPositions) {
        throw new RangeError(`has more than ${maxPositions} positions in its geometries`);
      }
      return geometry;
    } catch (error) {
      if (error instanceof RangeError) throw new RangeError(`${error.message}, ${at}`);
      throw error;
    }
  }
}

function toNumber(value: unknown): number {
  if (typeof value !== 'number') throw new RangeError('has a box that is not of numbers');
  return value;
}

function simpleType(type: unknown): SimpleType {
  const names = Object.keys(nesting).filter((name): name is SimpleType => name in nesting);
  const found = names.find((name) => name === type);
  if (found === undefined) throw new RangeError(`has the unknown geometry type '${String(type)}'`);
  return found;
}
