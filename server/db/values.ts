/**
 * Values on their way to and from PostgreSQL's text format, the same for both engines: neither
 * driver's own conversions are used, because they differ.
 */

/**
 * The text of a parameter. Arrays become SQL arrays, other objects JSON: a JSON array must be
 * passed as text (`JSON.stringify(list)`). Dates become ISO 8601, bytes `\x…`.
 * @throws {TypeError} for undefined, functions and symbols.
 */
export function encode(value: unknown): string | null {
  if (value === null) return null;
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
    case 'bigint':
    case 'boolean':
      return String(value);
    case 'object':
      return encodeObject(value);
    default:
      throw new TypeError(`A value of type ${typeof value} cannot be bound to a statement`);
  }
}

function encodeObject(value: object): string {
  if (Array.isArray(value)) return `{${value.map(encodeElement).join(',')}}`;
  if (value instanceof Uint8Array) return `\\x${Buffer.from(value).toString('hex')}`;
  if (value instanceof Date) return value.toISOString();
  return JSON.stringify(value);
}

function encodeElement(value: unknown): string {
  const text = encode(value);
  if (text === null) return 'NULL';
  if (Array.isArray(value)) return text;
  // Most have nothing to escape, and looking takes a third of the time that replacing does.
  return `"${/["\\]/.test(text) ? text.replace(/["\\]/g, '\\$&') : text}"`;
}

type Decoder = (text: string) => unknown;

const asText: Decoder = (text) => text;

/** 8-byte integers as numbers. Beyond 2^53 digits would be lost silently: refused instead. */
const asInteger: Decoder = (text) => {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) {
    throw new RangeError(`${text} is too large for a number: select it as text`);
  }
  return value;
};

/** `2025-08-05 02:45:00.5+00` as `2025-08-05T02:45:00.5Z`; infinity and years BC stay as they are. */
const asInstant: Decoder = (text) =>
  /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?\+00$/.test(text)
    ? `${text.slice(0, 10)}T${text.slice(11, -3)}Z`
    : text;

const asBytes: Decoder = (text) => new Uint8Array(Buffer.from(text.slice(2), 'hex'));

/** Type and array-type OIDs (`pg_type.dat`), constant in all versions, with their decoders. */
const decoderTable: readonly [type: number, array: number, decoder: Decoder][] = [
  [16, 1000, (text) => text === 't'], // boolean
  [17, 1001, asBytes], // bytea
  [18, 1002, asText], // "char"
  [19, 1003, asText], // name
  [20, 1016, asInteger], // bigint
  [21, 1005, Number], // smallint
  [23, 1007, Number], // integer
  [25, 1009, asText], // text
  [26, 1028, Number], // oid
  [114, 199, (text) => JSON.parse(text)], // json
  [700, 1021, Number], // real
  [701, 1022, Number], // double precision
  [1042, 1014, asText], // character
  [1043, 1015, asText], // character varying
  [1082, 1182, asText], // date
  [1114, 1115, asText], // timestamp
  [1184, 1185, asInstant], // timestamptz
  [1700, 1231, Number], // numeric
  [2950, 2951, asText], // uuid
  [3802, 3807, (text) => JSON.parse(text)], // jsonb
];

/** Decoder of each type by OID. Types that are not listed, enums among them, stay text. */
export const decoders: Readonly<Record<number, Decoder>> = Object.fromEntries(
  decoderTable.flatMap(([type, array, decoder]) => [
    [type, decoder],
    [array, (text: string) => decodeArray(text, decoder)],
  ]),
);

/**
 * Decoders for statements whose text is wanted as bytes, where they differ: of what an engine has
 * read, bytes or a string.
 */
export const byteDecoders: Readonly<Record<number, (field: Uint8Array | string) => Uint8Array>> = {
  25: (field) => (typeof field === 'string' ? Buffer.from(field) : field),
};

/** Reads PostgreSQL's array text, such as `{a,"b c",NULL}` or `{{1,2},{3,4}}`. */
function decodeArray(text: string, decoder: Decoder): unknown[] {
  // Bounds that do not start at 1 come first: `[0:1]={a,b}`.
  let position = text.indexOf('{');
  return readList();

  function readList(): unknown[] {
    const list: unknown[] = [];
    position += 1;
    while (text[position] !== '}') {
      list.push(text[position] === '{' ? readList() : readElement());
      if (text[position] === ',') position += 1;
    }
    position += 1;
    return list;
  }

  function readElement(): unknown {
    if (text[position] === '"') return decoder(readQuoted());
    const start = position;
    while (text[position] !== ',' && text[position] !== '}') position += 1;
    const element = text.slice(start, position);
    return element === 'NULL' ? null : decoder(element);
  }

  function readQuoted(): string {
    let element = '';
    position += 1;
    while (text[position] !== '"') {
      if (text[position] === '\\') position += 1;
      element += text[position];
      position += 1;
    }
    position += 1;
    return element;
  }
}
