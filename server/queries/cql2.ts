import sql, { join, type Sql } from 'sql-template-tag';
import type { CollectionId } from '../domain/collections.ts';
import {
  type ArrayOperator,
  arrayOperators,
  type ComparisonOperator,
  comparisonOperators,
  type Expression,
  isOneOf,
  type SpatialOperator,
  spatialOperators,
  type TemporalOperator,
  temporalOperators,
} from '../domain/cql2/expression.ts';
import { dayMs, inUtc, parseMoment } from '../domain/interval.ts';
import { queryables } from '../domain/queryables.ts';
import { columnOf } from './columns.ts';

/**
 * The predicate of a checked CQL2 expression over a collection's rows. Values are parameters; the
 * text of the statement holds only what is spelled here. As in SQL, a condition on a null value is
 * neither true nor false, and the row is not selected.
 */
export function cql2Predicate(collection: CollectionId, expression: Expression): Sql {
  return new Compiler(collection).condition(expression);
}

type Operation = Extract<Expression, { kind: 'operation' }>;

/** An instant that is known to a granule, first to last microsecond: a date is a whole day. */
interface Granule {
  readonly lo: Sql;
  readonly hi: Sql;
}
/** Start and end, each a granule; an instant starts and ends in the same. */
interface Period {
  readonly start: Granule;
  readonly end: Granule;
}

const comparisons: Readonly<Record<ComparisonOperator, Sql>> = {
  '=': sql`=`,
  '<>': sql`<>`,
  '<': sql`<`,
  '>': sql`>`,
  '<=': sql`<=`,
  '>=': sql`>=`,
};

const spatial: Readonly<Record<SpatialOperator, Sql>> = {
  s_contains: sql`ST_Contains`,
  s_crosses: sql`ST_Crosses`,
  s_disjoint: sql`ST_Disjoint`,
  s_equals: sql`ST_Equals`,
  s_intersects: sql`ST_Intersects`,
  s_overlaps: sql`ST_Overlaps`,
  s_touches: sql`ST_Touches`,
  s_within: sql`ST_Within`,
};

const arrays: Readonly<Record<ArrayOperator, (a: Sql, b: Sql) => Sql>> = {
  a_containedBy: (a, b) => sql`${a} <@ ${b}`,
  a_contains: (a, b) => sql`${a} @> ${b}`,
  a_equals: (a, b) => sql`(${a} @> ${b} AND ${a} <@ ${b})`,
  a_overlaps: (a, b) => sql`${a} && ${b}`,
};

const before = (a: Granule, b: Granule) => sql`${a.hi} < ${b.lo}`;
const same = (a: Granule, b: Granule) => sql`(${a.lo} <= ${b.hi} AND ${a.hi} >= ${b.lo})`;
const both = (...parts: Sql[]) => sql`(${join(parts, ' AND ')})`;

/** Allen's relations (OGC 21-065r2, table 8). */
const temporal: Readonly<Record<TemporalOperator, (a: Period, b: Period) => Sql>> = {
  t_after: (a, b) => before(b.end, a.start),
  t_before: (a, b) => before(a.end, b.start),
  t_contains: (a, b) => both(before(a.start, b.start), before(b.end, a.end)),
  t_disjoint: (a, b) => sql`(${before(a.end, b.start)} OR ${before(b.end, a.start)})`,
  t_during: (a, b) => both(before(b.start, a.start), before(a.end, b.end)),
  t_equals: (a, b) => both(same(a.start, b.start), same(a.end, b.end)),
  t_finishedBy: (a, b) => both(before(a.start, b.start), same(a.end, b.end)),
  t_finishes: (a, b) => both(before(b.start, a.start), same(a.end, b.end)),
  t_intersects: (a, b) =>
    both(sql`${a.start.lo} <= ${b.end.hi}`, sql`${a.end.hi} >= ${b.start.lo}`),
  t_meets: (a, b) => same(a.end, b.start),
  t_metBy: (a, b) => same(a.start, b.end),
  t_overlappedBy: (a, b) =>
    both(before(b.start, a.start), before(a.start, b.end), before(b.end, a.end)),
  t_overlaps: (a, b) =>
    both(before(a.start, b.start), before(b.start, a.end), before(a.end, b.end)),
  t_startedBy: (a, b) => both(same(a.start, b.start), before(b.end, a.end)),
  t_starts: (a, b) => both(same(a.start, b.start), before(a.end, b.end)),
};

class Compiler {
  readonly #collection: CollectionId;

  constructor(collection: CollectionId) {
    this.#collection = collection;
  }

  condition(node: Expression): Sql {
    if (node.kind === 'boolean') return node.value ? sql`true` : sql`false`;
    if (node.kind !== 'operation') throw unchecked(node);
    const { op, args } = node;
    if (op === 'and' || op === 'or') {
      const parts = args.map((arg) => this.condition(arg));
      return sql`(${join(parts, op === 'and' ? ' AND ' : ' OR ')})`;
    }
    const [first, second, third] = args;
    if (first === undefined) throw unchecked(node);
    if (op === 'not') return sql`NOT (${this.condition(first)})`;
    if (op === 'isNull') return sql`${this.#presence(first)} IS NULL`;
    if (second === undefined) throw unchecked(node);
    if (op === 'like') return sql`${this.#scalar(first)} LIKE ${this.#scalar(second)}`;
    if (op === 'in') return this.#isIn(first, second);
    if (op === 'between') {
      if (third === undefined) throw unchecked(node);
      return both(this.#compare('>=', first, second), this.#compare('<=', first, third));
    }
    if (isOneOf(comparisonOperators, op)) return this.#compare(op, first, second);
    if (isOneOf(spatialOperators, op)) {
      return sql`${spatial[op]}(${this.#geometry(first)}, ${this.#geometry(second)})`;
    }
    if (isOneOf(temporalOperators, op))
      return temporal[op](this.#period(first), this.#period(second));
    if (isOneOf(arrayOperators, op)) return arrays[op](this.#list(first), this.#list(second));
    throw unchecked(node);
  }

  #compare(op: ComparisonOperator, left: Expression, right: Expression): Sql {
    if (!this.#isInstant(left)) {
      return sql`${this.#scalar(left)} ${comparisons[op]} ${this.#scalar(right)}`;
    }
    const [a, b] = [this.#granule(left), this.#granule(right)];
    switch (op) {
      case '=':
        return same(a, b);
      case '<>':
        return sql`NOT ${same(a, b)}`;
      case '<':
        return before(a, b);
      case '>':
        return before(b, a);
      case '<=':
        return sql`${a.lo} <= ${b.hi}`;
      case '>=':
        return sql`${a.hi} >= ${b.lo}`;
    }
  }

  #isIn(value: Expression, list: Expression): Sql {
    if (list.kind !== 'list') throw unchecked(list);
    const parts = list.items.map((item) => this.#compare('=', value, item));
    return sql`(${join(parts, ' OR ')})`;
  }

  #isInstant(node: Expression): boolean {
    return (
      node.kind === 'date' ||
      node.kind === 'timestamp' ||
      (node.kind === 'property' && this.#typeOf(node.name) === 'instant')
    );
  }

  #typeOf(name: string) {
    return queryables[this.#collection][name]?.type;
  }

  /** Text is ordered by code point, whatever the database's own order. */
  #scalar(node: Expression): Sql {
    switch (node.kind) {
      case 'text':
        return sql`(${node.value}::text COLLATE "C")`;
      case 'number':
        return sql`${node.value}::float8`;
      case 'boolean':
        return sql`${node.value}::boolean`;
      case 'property': {
        const named = columnOf(this.#collection, node.name);
        const column = 'first' in named ? named.text : named;
        const type = this.#typeOf(node.name);
        if (type === 'text' || type === 'interval') return sql`(${column}::text COLLATE "C")`;
        return type === 'number' ? sql`${column}::float8` : column;
      }
      case 'operation':
        return this.#folded(node);
      default:
        throw unchecked(node);
    }
  }

  /** The default collation knows the letters of all alphabets; "C" those of ASCII only. */
  #folded({ op, args: [arg] }: Operation): Sql {
    if (arg === undefined) throw new TypeError(`${op} has no argument`);
    const inner = this.#scalar(arg);
    if (op === 'casei') return sql`(lower(${inner} COLLATE "default") COLLATE "C")`;
    return sql`(regexp_replace(normalize(${inner}, NFD), ${accents}, '', 'g') COLLATE "C")`;
  }

  #presence(node: Expression): Sql {
    if (node.kind === 'property')
      return this.#isPeriod(node) ? this.#period(node).start.lo : this.#column(node.name);
    return sql`true`;
  }

  #isPeriod(node: Expression): boolean {
    return node.kind === 'property' && this.#typeOf(node.name) === 'interval';
  }

  #column(name: string): Sql {
    const column = columnOf(this.#collection, name);
    if ('first' in column) throw new TypeError(`${name} is an interval`);
    return column;
  }

  #granule(node: Expression): Granule {
    if (node.kind === 'property') {
      const column = this.#column(node.name);
      return { lo: column, hi: column };
    }
    if (node.kind === 'timestamp') {
      const at = sql`${inUtc(parseMoment(node.value))}::timestamptz`;
      return { lo: at, hi: at };
    }
    if (node.kind !== 'date') throw unchecked(node);
    const from = Date.parse(`${node.value}T00:00:00Z`);
    return {
      lo: sql`to_timestamp(${from / 1000}::float8)`,
      hi: sql`(to_timestamp(${(from + dayMs) / 1000}::float8) - interval '1 microsecond')`,
    };
  }

  #period(node: Expression): Period {
    if (node.kind === 'interval') {
      return {
        start: node.start === null ? endless('-') : this.#granule(node.start),
        end: node.end === null ? endless('') : this.#granule(node.end),
      };
    }
    if (node.kind === 'property') {
      const column = columnOf(this.#collection, node.name);
      if ('first' in column) {
        const last = sql`(${column.last})`;
        return { start: { lo: column.first, hi: column.first }, end: { lo: last, hi: last } };
      }
    }
    const instant = this.#granule(node);
    return { start: instant, end: instant };
  }

  #geometry(node: Expression): Sql {
    if (node.kind === 'property') return this.#column(node.name);
    if (node.kind !== 'geometry') throw unchecked(node);
    return sql`ST_SetSRID(ST_GeomFromGeoJSON(${JSON.stringify(node.geometry)}::text), 4326)`;
  }

  #list(node: Expression): Sql {
    if (node.kind === 'property') return sql`${this.#column(node.name)}::text[]`;
    if (node.kind !== 'list') throw unchecked(node);
    const texts = node.items.map((item) => {
      if (item.kind !== 'text') throw unchecked(item);
      return item.value;
    });
    return sql`${texts}::text[]`;
  }
}

/** Combining marks, which decomposition (NFD) sets apart from their letters. */
const accents = '[\u0300-\u036f]+';

function endless(sign: '-' | ''): Granule {
  const at = sql`${`${sign}infinity`}::timestamptz`;
  return { lo: at, hi: at };
}

function unchecked(node: Expression): TypeError {
  return new TypeError(`${node.kind} ${node.at} should have been refused`);
}
