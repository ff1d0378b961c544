import type { Geometry } from 'geojson';
import type { Queryable, QueryableType } from '../queryables.ts';

/**
 * A filter expression of CQL2 (OGC 21-065r2), whichever encoding it came in: the shape is that of
 * the JSON encoding. `at` says where in the text a node stood, in words for an error message.
 */
export type Expression =
  | {
      readonly kind: 'operation';
      readonly op: Operator;
      readonly args: readonly Expression[];
      readonly at: string;
    }
  | { readonly kind: 'property'; readonly name: string; readonly at: string }
  | { readonly kind: 'text'; readonly value: string; readonly at: string }
  | { readonly kind: 'number'; readonly value: number; readonly at: string }
  | { readonly kind: 'boolean'; readonly value: boolean; readonly at: string }
  /** `date` is RFC 3339 full-date and stands for the whole day, UTC; `timestamp` is a date-time. */
  | { readonly kind: 'date' | 'timestamp'; readonly value: string; readonly at: string }
  /** Both ends included; `null` is an open end. An end is a date, a timestamp or a property. */
  | {
      readonly kind: 'interval';
      readonly start: Expression | null;
      readonly end: Expression | null;
      readonly at: string;
    }
  /** CRS84, longitude first. */
  | { readonly kind: 'geometry'; readonly geometry: Geometry; readonly at: string }
  | { readonly kind: 'list'; readonly items: readonly Expression[]; readonly at: string };

export const comparisonOperators = ['=', '<>', '<=', '>=', '<', '>'] as const;
export type ComparisonOperator = (typeof comparisonOperators)[number];

export const spatialOperators = [
  's_contains',
  's_crosses',
  's_disjoint',
  's_equals',
  's_intersects',
  's_overlaps',
  's_touches',
  's_within',
] as const;
export type SpatialOperator = (typeof spatialOperators)[number];

export const temporalOperators = [
  't_after',
  't_before',
  't_contains',
  't_disjoint',
  't_during',
  't_equals',
  't_finishedBy',
  't_finishes',
  't_intersects',
  't_meets',
  't_metBy',
  't_overlappedBy',
  't_overlaps',
  't_startedBy',
  't_starts',
] as const;
export type TemporalOperator = (typeof temporalOperators)[number];

export const arrayOperators = ['a_containedBy', 'a_contains', 'a_equals', 'a_overlaps'] as const;
export type ArrayOperator = (typeof arrayOperators)[number];

/** Functions of one text that make it alike under case, and under accents. */
export const foldingOperators = ['casei', 'accenti'] as const;
export type FoldingOperator = (typeof foldingOperators)[number];

const wordOperators = ['and', 'or', 'not', 'like', 'between', 'in', 'isNull'] as const;

/** Operators by the names that the JSON encoding gives them. */
export const operators = [
  ...wordOperators,
  ...comparisonOperators,
  ...foldingOperators,
  ...spatialOperators,
  ...temporalOperators,
  ...arrayOperators,
] as const;
export type Operator = (typeof operators)[number];

/** Nodes of an expression, and the depth to which they may nest. */
export const maxNodes = 1000;
export const maxDepth = 40;

export function isOneOf<Name extends string>(names: readonly Name[], name: string): name is Name {
  return names.some((candidate) => candidate === name);
}

/**
 * Holds an expression to the properties of a collection and to the types that each operator takes.
 * @throws {RangeError} with a sentence that says what is wrong and where.
 */
export function checkExpression(
  expression: Expression,
  queryables: Readonly<Record<string, Queryable>>,
): void {
  const type = typeOf(expression, queryables);
  if (type !== 'boolean' || expression.kind === 'property') {
    throw new RangeError(`has ${type} ${expression.at} where a condition is expected`);
  }
}

type Type = QueryableType;

function typeOf(node: Expression, queryables: Readonly<Record<string, Queryable>>): Type {
  switch (node.kind) {
    case 'property': {
      const queryable = Object.hasOwn(queryables, node.name) ? queryables[node.name] : undefined;
      if (queryable === undefined) {
        const known = Object.keys(queryables).join(', ');
        throw new RangeError(
          `has the unknown property '${node.name}' ${node.at}; known are ${known}`,
        );
      }
      return queryable.type;
    }
    case 'date':
    case 'timestamp':
      return 'instant';
    case 'interval':
      for (const end of [node.start, node.end]) {
        if (end !== null) expect(end, typeOf(end, queryables), ['instant'], 'INTERVAL');
      }
      return 'interval';
    case 'list':
      for (const item of node.items) {
        expect(
          item,
          asScalar(item, typeOf(item, queryables)),
          ['text', 'number', 'boolean', 'instant'],
          'a list',
        );
      }
      return 'list';
    case 'operation':
      return typeOfOperation(node, queryables);
    default:
      return node.kind;
  }
}

/** Features carry an interval as text, as which it can be compared; its span is for the T_ functions. */
function asScalar(node: Expression, type: Type): Type {
  return node.kind === 'property' && type === 'interval' ? 'text' : type;
}

function expect(node: Expression, found: Type, wanted: readonly Type[], where: string): void {
  if (!wanted.includes(found)) {
    throw new RangeError(`has ${found} ${node.at}; ${where} takes ${wanted.join(' or ')}`);
  }
}

const arities: Readonly<Partial<Record<Operator, number>>> = {
  not: 1,
  isNull: 1,
  casei: 1,
  accenti: 1,
  between: 3,
};

function typeOfOperation(
  node: Extract<Expression, { kind: 'operation' }>,
  queryables: Readonly<Record<string, Queryable>>,
): Type {
  const { op, args } = node;
  const isJunction = op === 'and' || op === 'or';
  const arity = arities[op] ?? 2;
  if (isJunction ? args.length < 2 : args.length !== arity) {
    const wanted = isJunction
      ? 'two or more arguments'
      : `${arity} argument${arity === 1 ? '' : 's'}`;
    throw new RangeError(`has ${args.length} for ${op} ${node.at}, which takes ${wanted}`);
  }
  const types = args.map((arg) => typeOf(arg, queryables));
  if (!isOneOf(temporalOperators, op)) {
    for (const [index, arg] of args.entries()) types[index] = asScalar(arg, types[index] ?? 'text');
  }
  const hold = (wanted: readonly Type[]) => {
    for (const [index, arg] of args.entries()) expect(arg, types[index] ?? 'text', wanted, op);
  };
  const alike = (wanted: readonly Type[]) => {
    hold(wanted);
    const [first, ...others] = types;
    const odd = others.findIndex((type) => type !== first);
    if (odd >= 0) {
      throw new RangeError(
        `compares ${first} with ${others[odd]} ${args[odd + 1]?.at ?? node.at}${
          types.includes('instant')
            ? "; a time is written DATE('…') or TIMESTAMP('…'), and a span of time is compared by the T_ functions"
            : ''
        }`,
      );
    }
  };
  if (isJunction || op === 'not') {
    for (const [index, arg] of args.entries()) {
      if (types[index] !== 'boolean' || arg.kind === 'property') {
        throw new RangeError(
          `has ${arg.kind === 'property' ? `the property '${arg.name}'` : types[index]} ${arg.at} where a condition is expected`,
        );
      }
    }
  } else if (isOneOf(comparisonOperators, op)) {
    alike(['text', 'number', 'boolean', 'instant']);
  } else if (op === 'between') {
    alike(['number', 'instant']);
  } else if (isOneOf(foldingOperators, op)) {
    hold(['text']);
    return 'text';
  } else if (op === 'like') {
    hold(['text']);
    checkPattern(args[1]);
  } else if (op === 'in') {
    checkIn(args, types, queryables);
  } else if (op === 'isNull') {
    if (args[0]?.kind === 'operation') {
      throw new RangeError(`asks whether an operation is null ${node.at}; only a property can be`);
    }
  } else if (isOneOf(spatialOperators, op)) {
    hold(['geometry']);
    checkCollections(op, args);
  } else if (isOneOf(temporalOperators, op)) {
    hold(['instant', 'interval']);
  } else {
    hold(['list']);
    checkTextLists(args);
  }
  return 'boolean';
}

/** A pattern is a text, folded or not; its escapes are complete. */
function checkPattern(pattern: Expression | undefined): void {
  let node = pattern;
  while (node?.kind === 'operation' && isOneOf(foldingOperators, node.op)) [node] = node.args;
  if (node?.kind !== 'text') {
    throw new RangeError(`has a pattern ${pattern?.at ?? ''} that is no text`);
  }
  if (/^(?:[^\\]|\\.)*\\$/s.test(node.value)) {
    throw new RangeError(`has a pattern ${node.at} that ends in an escape character`);
  }
}

function checkIn(
  [value, list]: readonly Expression[],
  [type]: readonly Type[],
  queryables: Readonly<Record<string, Queryable>>,
): void {
  if (value === undefined || list?.kind !== 'list') {
    throw new RangeError(`has no list ${list?.at ?? ''} behind IN`);
  }
  expect(value, type ?? 'list', ['text', 'number', 'boolean', 'instant'], 'in');
  if (list.items.length === 0) throw new RangeError(`has an empty list ${list.at}`);
  for (const item of list.items) {
    const found = asScalar(item, typeOf(item, queryables));
    if (found !== type) throw new RangeError(`compares ${type} with ${found} ${item.at}`);
  }
}

/** PostGIS relates no collections, but can tell whether they intersect. */
function checkCollections(op: SpatialOperator, args: readonly Expression[]): void {
  if (op === 's_intersects' || op === 's_disjoint') return;
  for (const arg of args) {
    if (arg.kind === 'geometry' && arg.geometry.type === 'GeometryCollection') {
      throw new RangeError(
        `has a GEOMETRYCOLLECTION ${arg.at}; ${op} takes the other geometries only`,
      );
    }
  }
}

function checkTextLists(args: readonly Expression[]): void {
  for (const arg of args) {
    if (arg.kind !== 'list') continue;
    for (const item of arg.items) {
      if (item.kind !== 'text')
        throw new RangeError(`has ${item.kind} ${item.at} in a list of text`);
    }
  }
}
