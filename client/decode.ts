/** Reads an unknown value as `Value`, or throws {@link DecodeError} that says where it differs. */
export type Decoder<Value> = (value: unknown, path: string) => Value;

/** What {@link Decoder} reads. */
export type Decoded<D> = D extends Decoder<infer Value> ? Value : never;

/** An answer of the server that is not of the documented form. */
export class DecodeError extends Error {
  override readonly name = 'DecodeError';

  constructor(path: string, expected: string, value: unknown) {
    super(`${path}: expected ${expected}, got ${JSON.stringify(value)?.slice(0, 60)}`);
  }
}

export const text: Decoder<string> = (value, path) => {
  if (typeof value !== 'string') throw new DecodeError(path, 'text', value);
  return value;
};

export const number: Decoder<number> = (value, path) => {
  if (typeof value !== 'number') throw new DecodeError(path, 'a number', value);
  return value;
};

export const flag: Decoder<boolean> = (value, path) => {
  if (typeof value !== 'boolean') throw new DecodeError(path, 'true or false', value);
  return value;
};

/** Null, and a member that is absent. */
export function nullable<Value>(decode: Decoder<Value>): Decoder<Value | null> {
  return (value, path) => (value === null || value === undefined ? null : decode(value, path));
}

export function list<Value>(decode: Decoder<Value>): Decoder<readonly Value[]> {
  return (value, path) => {
    if (!Array.isArray(value)) throw new DecodeError(path, 'a list', value);
    return value.map((member, index) => decode(member, `${path}[${index}]`));
  };
}

/** One of a closed list. */
export function oneOf<const Code extends string>(codes: readonly Code[]): Decoder<Code> {
  return (value, path) => {
    const code = codes.find((candidate) => candidate === value);
    if (code === undefined) throw new DecodeError(path, `one of ${codes.join(', ')}`, value);
    return code;
  };
}

/** Members that are asked for; others are left out, so that the server may add to its answers. */
export function object<Shape extends Record<string, Decoder<unknown>>>(
  shape: Shape,
): Decoder<{ readonly [Name in keyof Shape]: Decoded<Shape[Name]> }>;
export function object(shape: Record<string, Decoder<unknown>>): Decoder<Record<string, unknown>> {
  return (value, path) => {
    const members = record(value, path);
    return Object.fromEntries(
      Object.entries(shape).map(([name, decode]) => [
        name,
        decode(members[name], `${path}.${name}`),
      ]),
    );
  };
}

/** Members whose names are known, any of which may be absent; unknown names are left out. */
export function partial<Name extends string, Value>(
  names: readonly Name[],
  decode: Decoder<Value>,
): Decoder<{ readonly [Key in Name]?: Value }> {
  return (value, path) => {
    const members = record(value, path);
    const found: { [Key in Name]?: Value } = {};
    for (const name of names) {
      if (members[name] !== undefined) found[name] = decode(members[name], `${path}.${name}`);
    }
    return found;
  };
}

/** Two numbers at the head of a position; a height is left out. */
export const position: Decoder<readonly [longitude: number, latitude: number]> = (value, path) => {
  const numbers = list(number)(value, path);
  const [longitude, latitude] = numbers;
  if (longitude === undefined || latitude === undefined) {
    throw new DecodeError(path, 'longitude and latitude', value);
  }
  return [longitude, latitude];
};

function record(value: unknown, path: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new DecodeError(path, 'an object', value);
  }
  return { ...value };
}
