/**
 * What can go wrong between us and the database, in our words. The driver's own wording stays in
 * `cause`, for the log; nothing of it is ever shown to a reader.
 */

/** Every kind of failure, with the one sentence that stands for it. */
export const databaseErrorKinds = {
  unavailable: 'The database cannot answer now',
  timeout: 'The database took too long and was stopped',
  conflict: 'Another writer was faster; the same statement may succeed when tried again',
  constraint: 'The data breaks a rule of the database',
  refused: 'The statement is not allowed to whoever asked',
  value: 'A value cannot be used as the type that the statement needs',
  statement: 'The statement is wrong',
} as const;

export type DatabaseErrorKind = keyof typeof databaseErrorKinds;

/** What an engine reported. */
export interface Fault {
  /** SQLSTATE, or the name of an operating-system error. */
  readonly code?: string | undefined;
  readonly constraint?: string | undefined;
  /** The driver's wording: for the log only. */
  readonly message: string;
}

/** Reads what a driver's error says about itself; without a code of its own, `code` is used. */
export function faultOf(error: unknown, code?: string): Fault {
  if (!(error instanceof Error)) return { code, message: String(error) };
  return {
    code: textProperty(error, 'code') ?? code,
    constraint: textProperty(error, 'constraint'),
    message: error.message,
  };
}

function textProperty(error: Error, name: 'code' | 'constraint'): string | undefined {
  const value: unknown = Reflect.get(error, name);
  return typeof value === 'string' ? value : undefined;
}

/** A failure of the database or of a statement; `kind` says which sort, `code` exactly which. */
export class DatabaseError extends Error {
  override readonly name = 'DatabaseError';
  readonly kind: DatabaseErrorKind;
  readonly code: string | undefined;
  /** Name of the constraint that refused the data. */
  readonly constraint: string | undefined;

  constructor(kind: DatabaseErrorKind, fault: Fault) {
    super(databaseErrorKinds[kind], { cause: new Error(fault.message) });
    this.kind = kind;
    this.code = fault.code;
    this.constraint = fault.constraint;
  }
}

/** The role that reads has not been made yet: no migration has run. */
export const noReaderRole = 'no_reader_role';

/** Kinds by SQLSTATE: the longest beginning that fits decides (PostgreSQL manual, appendix A). */
const kindByCode: Readonly<Record<string, DatabaseErrorKind>> = {
  [noReaderRole]: 'unavailable',
  '08': 'unavailable',
  '22': 'value',
  '23': 'constraint',
  '25006': 'refused',
  '25P03': 'timeout',
  '28': 'unavailable',
  '40': 'conflict',
  '42501': 'refused',
  '53': 'unavailable',
  '54001': 'unavailable',
  '55P03': 'conflict',
  '57': 'unavailable',
  '57014': 'timeout',
  '58': 'unavailable',
  // Damaged data; XX000 is left out, because PostGIS reports unusable geometry by it.
  XX001: 'unavailable',
  XX002: 'unavailable',
};

/** The error for what an engine reported; without an SQLSTATE the connection itself is at fault. */
export function databaseError(fault: Fault): DatabaseError {
  return new DatabaseError(kindOf(fault.code), fault);
}

function kindOf(code: string | undefined): DatabaseErrorKind {
  if (code === undefined) return 'unavailable';
  for (let length = code.length; length >= 2; length -= 1) {
    const kind = kindByCode[code.slice(0, length)];
    if (kind !== undefined) return kind;
  }
  // SQLSTATE has five characters; ECONNREFUSED and its like are longer.
  return /^[0-9A-Z]{5}$/.test(code) ? 'statement' : 'unavailable';
}
