import { parseMoment } from '../interval.ts';
import {
  arrayOperators,
  type ComparisonOperator,
  comparisonOperators,
  type Expression,
  foldingOperators,
  isOneOf,
  maxDepth,
  maxNodes,
  type Operator,
  spatialOperators,
  temporalOperators,
} from './expression.ts';
import {
  boxGeometry,
  type Coordinates,
  countPositions,
  degrees,
  formatWkt,
  makeGeometry,
  maxPositions,
  nesting,
  type SimpleType,
} from './geometry.ts';

/** Characters that an expression may have. */
export const maxLength = 10_000;

/**
 * Reads the text encoding of CQL2 (OGC 21-065r2, Annex B), without arithmetic and custom functions.
 * Geometries are in `system` and become CRS84.
 * @throws {RangeError} with a sentence that says what is wrong and at which character.
 */
export function parseCql2Text(text: string, system: Coordinates = degrees): Expression {
  if (text.length > maxLength) throw new RangeError(`is longer than ${maxLength} characters`);
  return new Parser(text, system).parse();
}

interface Token {
  /** `name` is an identifier or a keyword, `quoted` an identifier in double quotes. */
  readonly kind: 'name' | 'quoted' | 'text' | 'number' | 'symbol' | 'end';
  readonly value: string;
  /** Of its first character, counted from 0. */
  readonly index: number;
}

const tokens: readonly { readonly kind: Token['kind']; readonly pattern: RegExp }[] = [
  { kind: 'name', pattern: /[:_\p{L}][:_.\p{L}\p{M}\p{Nd}\u00b7]*/uy },
  { kind: 'quoted', pattern: /"(?:[^"]|"")*"/y },
  { kind: 'text', pattern: /'(?:[^'\\]|''|\\.)*'/sy },
  { kind: 'number', pattern: /(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y },
  { kind: 'symbol', pattern: /<=|>=|<>|[=<>(),+\-*/%^]/y },
];

function tokenize(text: string): Token[] {
  const found: Token[] = [];
  let index = 0;
  while (index < text.length) {
    const space = /\s*/y;
    space.lastIndex = index;
    space.exec(text);
    index = space.lastIndex;
    if (index >= text.length) break;
    const token = nextToken(text, index);
    found.push(token);
    index += token.value.length;
  }
  return [...found, { kind: 'end', value: '', index: text.length }];
}

function nextToken(text: string, index: number): Token {
  for (const { kind, pattern } of tokens) {
    pattern.lastIndex = index;
    const [value] = pattern.exec(text) ?? [];
    if (value !== undefined) return { kind, value, index };
  }
  const sign = String.fromCodePoint(text.codePointAt(index) ?? 0);
  const what = sign === "'" || sign === '"' ? 'a quotation that does not end' : `'${sign}'`;
  throw new RangeError(`has ${what} ${place(index)}`);
}

const place = (index: number) => `at character ${index + 1}`;

const functions = new Map<string, Operator>(
  [...foldingOperators, ...spatialOperators, ...temporalOperators, ...arrayOperators].map((op) => [
    op.toLowerCase(),
    op,
  ]),
);
const geometryTypes = new Map<string, SimpleType>(
  (
    ['Point', 'MultiPoint', 'LineString', 'MultiLineString', 'Polygon', 'MultiPolygon'] as const
  ).map((type) => [type.toLowerCase(), type]),
);
const keywords = ['and', 'or', 'not', 'like', 'between', 'in', 'is', 'null', 'true', 'false'];

class Parser {
  readonly #tokens: readonly Token[];
  readonly #system: Coordinates;
  #next = 0;
  #depth = 0;
  #nodes = 0;
  #positions = 0;

  constructor(text: string, system: Coordinates) {
    this.#tokens = tokenize(text);
    this.#system = system;
  }

  parse(): Expression {
    const expression = this.#junction('or');
    if (this.#peek().kind !== 'end') this.#fail('the end');
    return expression;
  }

  #junction(op: 'or' | 'and'): Expression {
    const { index } = this.#peek();
    const first = op === 'or' ? this.#junction('and') : this.#negation();
    const args = [first];
    while (this.#takeWord(op)) args.push(op === 'or' ? this.#junction('and') : this.#negation());
    return args.length === 1 ? first : this.#operation(op, args, index);
  }

  #negation(): Expression {
    const { index } = this.#peek();
    if (!this.#takeWord('not')) return this.#condition();
    return this.#operation('not', [this.#deeper(() => this.#negation())], index);
  }

  #condition(): Expression {
    const { index } = this.#peek();
    if (this.#takeSymbol('(')) {
      const inner = this.#deeper(() => this.#junction('or'));
      this.#symbol(')');
      return inner;
    }
    const left = this.#operand();
    const { kind, value } = this.#peek();
    if (kind === 'symbol' && isOneOf(comparisonOperators, value)) {
      this.#next += 1;
      return this.#operation(value, [left, this.#operand()], index);
    }
    if (this.#takeWord('is')) {
      const negated = this.#takeWord('not');
      this.#word('null');
      return this.#perhapsNot(negated, this.#operation('isNull', [left], index));
    }
    const negated = this.#takeWord('not');
    if (this.#takeWord('like')) {
      return this.#perhapsNot(negated, this.#operation('like', [left, this.#operand()], index));
    }
    if (this.#takeWord('between')) {
      const low = this.#operand();
      this.#word('and');
      return this.#perhapsNot(
        negated,
        this.#operation('between', [left, low, this.#operand()], index),
      );
    }
    if (this.#takeWord('in')) {
      return this.#perhapsNot(negated, this.#operation('in', [left, this.#list()], index));
    }
    if (negated) this.#fail('LIKE, BETWEEN or IN');
    const isCondition =
      left.kind === 'boolean' || (left.kind === 'operation' && !isOneOf(foldingOperators, left.op));
    if (!isCondition) this.#fail('a comparison, such as = or LIKE');
    return left;
  }

  #operand(): Expression {
    const token = this.#peek();
    const at = place(token.index);
    if (token.kind === 'symbol' && token.value === '(') return this.#list();
    if (token.kind === 'number' || token.value === '-' || token.value === '+') {
      return this.#node({ kind: 'number', value: this.#number(), at });
    }
    if (token.kind === 'text') return this.#node({ kind: 'text', value: this.#text(), at });
    this.#next += 1;
    if (token.kind === 'quoted') {
      const name = token.value.slice(1, -1).replaceAll('""', '"');
      return this.#node({ kind: 'property', name, at });
    }
    if (token.kind !== 'name') {
      this.#next -= 1;
      return this.#fail('a property or a value');
    }
    const word = token.value.toLowerCase();
    if (word === 'true' || word === 'false') {
      return this.#node({ kind: 'boolean', value: word === 'true', at });
    }
    if (!this.#isSymbol('(') && !(geometryTypes.has(word) && this.#peek().kind === 'name')) {
      if (keywords.includes(word)) {
        this.#next -= 1;
        return this.#fail('a property or a value');
      }
      return this.#node({ kind: 'property', name: token.value, at });
    }
    return this.#deeper(() => this.#call(word, token));
  }

  /** What a name and a bracket stand for; the name has been taken. */
  #call(word: string, token: Token): Expression {
    const at = place(token.index);
    const op = functions.get(word);
    if (op !== undefined) {
      this.#symbol('(');
      const args = [this.#operand()];
      while (this.#takeSymbol(',')) args.push(this.#operand());
      this.#symbol(')');
      return this.#operation(op, args, token.index);
    }
    if (word === 'date' || word === 'timestamp') {
      this.#symbol('(');
      const instant = this.#instant(word);
      this.#symbol(')');
      return instant;
    }
    if (word === 'interval') {
      this.#symbol('(');
      const start = this.#intervalEnd();
      this.#symbol(',');
      const end = this.#intervalEnd();
      this.#symbol(')');
      return this.#node({ kind: 'interval', start, end, at });
    }
    if (word === 'bbox' || word === 'geometrycollection' || geometryTypes.has(word)) {
      const geometry = this.#geometry(word, token.index);
      this.#positions += countPositions(geometry);
      if (this.#positions > maxPositions) {
        throw new RangeError(`has more than ${maxPositions} positions in its geometries`);
      }
      return this.#node({ kind: 'geometry', geometry, at });
    }
    throw new RangeError(`has the unknown function '${token.value}' ${at}`);
  }

  #instant(kind: 'date' | 'timestamp'): Expression {
    const token = this.#peek();
    return this.#node(readInstant(kind, this.#text(), place(token.index)));
  }

  #intervalEnd(): Expression | null {
    const token = this.#peek();
    if (token.kind !== 'text') return this.#operand();
    const text = unquote(token.value);
    if (text === '..' || text === '') {
      this.#next += 1;
      return null;
    }
    return this.#instant(text.length === 10 ? 'date' : 'timestamp');
  }

  #list(): Expression {
    const { index } = this.#peek();
    this.#symbol('(');
    const items: Expression[] = [];
    if (!this.#takeSymbol(')')) {
      this.#deeper(() => {
        do items.push(this.#operand());
        while (this.#takeSymbol(','));
      });
      this.#symbol(')');
    }
    return this.#node({ kind: 'list', items, at: place(index) });
  }

  #geometry(word: string, index: number): ReturnType<typeof boxGeometry> {
    try {
      if (word === 'bbox') {
        this.#symbol('(');
        const numbers = [this.#number()];
        while (this.#takeSymbol(',')) numbers.push(this.#number());
        this.#symbol(')');
        return boxGeometry(numbers, this.#system);
      }
      if (this.#peek().value.toLowerCase() === 'z') this.#next += 1;
      const type = geometryTypes.get(word);
      if (type !== undefined) {
        const coordinates = this.#coordinates(type);
        return makeGeometry(type, coordinates, this.#system);
      }
    } catch (error) {
      if (!(error instanceof RangeError) || / at character \d+/.test(error.message)) throw error;
      throw new RangeError(`${error.message}, ${place(index)}`);
    }
    this.#symbol('(');
    const geometries = [this.#member()];
    while (this.#takeSymbol(',')) geometries.push(this.#member());
    this.#symbol(')');
    return { type: 'GeometryCollection', geometries };
  }

  #member(): ReturnType<typeof boxGeometry> {
    const token = this.#peek();
    const word = token.value.toLowerCase();
    if (token.kind !== 'name' || !geometryTypes.has(word)) this.#fail('a geometry');
    this.#next += 1;
    return this.#geometry(word, token.index);
  }

  /** Coordinates nested as GeoJSON has them; a point of a multipoint may stand without brackets. */
  #coordinates(type: SimpleType): unknown {
    const read = (depth: number): unknown => {
      if (depth === 0) return this.#position();
      this.#symbol('(');
      const parts = [read(depth - 1)];
      while (this.#takeSymbol(',')) parts.push(read(depth - 1));
      this.#symbol(')');
      return parts;
    };
    if (type !== 'Point') return read(nesting[type]);
    this.#symbol('(');
    const position = this.#position();
    this.#symbol(')');
    return position;
  }

  #position(): number[] {
    if (this.#takeSymbol('(')) {
      const position = this.#position();
      this.#symbol(')');
      return position;
    }
    const numbers = [this.#number(), this.#number()];
    while (this.#peek().kind === 'number' || this.#isSymbol('-')) numbers.push(this.#number());
    return numbers;
  }

  #number(): number {
    const negative = this.#takeSymbol('-');
    if (!negative) this.#takeSymbol('+');
    const { kind, value } = this.#peek();
    if (kind !== 'number') this.#fail('a number');
    const number = Number(value);
    if (!Number.isFinite(number)) this.#fail('a number that can be held');
    this.#next += 1;
    return negative ? -number : number;
  }

  #text(): string {
    const { kind, value } = this.#peek();
    if (kind !== 'text') this.#fail("text in '…'");
    if (value.includes('\0')) this.#fail('text without null characters');
    this.#next += 1;
    return unquote(value);
  }

  #operation(op: Operator, args: readonly Expression[], index: number): Expression {
    return this.#node({ kind: 'operation', op, args, at: place(index) });
  }

  #perhapsNot(negated: boolean, expression: Expression): Expression {
    return negated
      ? this.#node({ kind: 'operation', op: 'not', args: [expression], at: expression.at })
      : expression;
  }

  #node(node: Expression): Expression {
    this.#nodes += 1;
    if (this.#nodes > maxNodes) {
      throw new RangeError(`has more than ${maxNodes} conditions and values`);
    }
    return node;
  }

  #deeper<Result>(read: () => Result): Result {
    this.#depth += 1;
    if (this.#depth > maxDepth) {
      throw new RangeError(`nests deeper than ${maxDepth} ${place(this.#peek().index)}`);
    }
    const result = read();
    this.#depth -= 1;
    return result;
  }

  #peek(): Token {
    const token = this.#tokens[this.#next] ?? this.#tokens.at(-1);
    if (token === undefined) throw new RangeError('is empty');
    return token;
  }

  #isSymbol(value: string): boolean {
    const token = this.#peek();
    return token.kind === 'symbol' && token.value === value;
  }

  #takeSymbol(value: string): boolean {
    const taken = this.#isSymbol(value);
    if (taken) this.#next += 1;
    return taken;
  }

  #symbol(value: string): void {
    if (!this.#takeSymbol(value)) this.#fail(`'${value}'`);
  }

  #takeWord(word: string): boolean {
    const token = this.#peek();
    const taken = token.kind === 'name' && token.value.toLowerCase() === word;
    if (taken) this.#next += 1;
    return taken;
  }

  #word(word: string): void {
    if (!this.#takeWord(word)) this.#fail(word.toUpperCase());
  }

  #fail(expected: string): never {
    const { kind, value, index } = this.#peek();
    if (kind === 'symbol' && '+-*/%^'.includes(value)) {
      throw new RangeError(`has '${value}' ${place(index)}; arithmetic is not supported`);
    }
    const found = kind === 'end' ? 'ends' : `has '${value}'`;
    throw new RangeError(`${found} ${place(index)} where ${expected} is expected`);
  }
}

/** What stands behind a backslash for a character (OGC 21-065r2, /req/cql2-text/escaping). */
const escapes = new Map([
  ["'", "'"],
  ['\\', '\\'],
  ['a', '\u0007'],
  ['b', '\b'],
  ['t', '\t'],
  ['n', '\n'],
  ['v', '\v'],
  ['f', '\f'],
  ['r', '\r'],
]);

/** Any other backslash stands for itself, so that a pattern of LIKE keeps its own. */
function unquote(token: string): string {
  return token
    .slice(1, -1)
    .replace(/''|\\(.)/gs, (found, sign?: string) =>
      sign === undefined ? "'" : (escapes.get(sign) ?? found),
    );
}

/**
 * A date or a timestamp node of RFC 3339 text.
 * @throws {RangeError} with a sentence that says what is wrong and where.
 */
export function readInstant(kind: 'date' | 'timestamp', value: string, at: string): Expression {
  const moment = parseMoment(value);
  if ((moment.kind === 'date') !== (kind === 'date')) {
    throw new RangeError(`has '${value}' ${at} where a ${kind} is expected`);
  }
  return { kind, value: kind === 'date' ? moment.text : value.toUpperCase(), at };
}

/** The text encoding of an expression, its geometries in CRS84; {@link parseCql2Text} reads it back. */
export function formatCql2Text(expression: Expression): string {
  switch (expression.kind) {
    case 'operation':
      return formatOperation(expression.op, expression.args);
    case 'property':
      return /^[:_A-Za-z][:_.A-Za-z0-9]*$/.test(expression.name) && !isReserved(expression.name)
        ? expression.name
        : `"${expression.name.replaceAll('"', '""')}"`;
    case 'text':
      return quote(expression.value);
    case 'number':
      return String(expression.value);
    case 'boolean':
      return expression.value ? 'TRUE' : 'FALSE';
    case 'date':
    case 'timestamp':
      return `${expression.kind.toUpperCase()}(${quote(expression.value)})`;
    case 'interval':
      return `INTERVAL(${formatEnd(expression.start)},${formatEnd(expression.end)})`;
    case 'geometry':
      return formatWkt(expression.geometry);
    case 'list':
      return `(${expression.items.map(formatCql2Text).join(',')})`;
  }
}

const isReserved = (name: string) => keywords.includes(name.toLowerCase());
const quote = (text: string) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;

function formatEnd(end: Expression | null): string {
  if (end === null) return "'..'";
  return end.kind === 'date' || end.kind === 'timestamp' ? quote(end.value) : formatCql2Text(end);
}

function formatOperation(op: Operator, args: readonly Expression[]): string {
  const texts = args.map(formatCql2Text);
  const [first = '', second = '', third = ''] = texts;
  if (op === 'and' || op === 'or') return `(${texts.join(` ${op.toUpperCase()} `)})`;
  if (op === 'not') return `NOT (${first})`;
  if (op === 'isNull') return `${first} IS NULL`;
  if (op === 'between') return `${first} BETWEEN ${second} AND ${third}`;
  if (op === 'like' || op === 'in') return `${first} ${op.toUpperCase()} ${second}`;
  const comparison: ComparisonOperator | undefined = comparisonOperators.find(
    (each) => each === op,
  );
  return comparison === undefined
    ? `${op.toUpperCase()}(${texts.join(',')})`
    : `${first} ${comparison} ${second}`;
}
