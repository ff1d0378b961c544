/**
 * The embedded engine in its worker thread: PGlite with PostGIS, one database session, driven by
 * messages. It knows statements and roles; order, limits and recovery are the other side's.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';
import { btree_gist } from '@electric-sql/pglite/contrib/btree_gist';
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm';
import { pgcrypto } from '@electric-sql/pglite/contrib/pgcrypto';
import { unaccent } from '@electric-sql/pglite/contrib/unaccent';
import { postgis } from '@electric-sql/pglite-postgis';
import { type Fault, faultOf, noReaderRole } from './errors.ts';
import { becomeOwner, becomeReader } from './roles.ts';
import { byteDecoders, decoders } from './values.ts';

/** What the thread is started with. */
export interface EngineSetup {
  readonly dataDir: string;
  /** URL of the PostGIS files, a gzipped tar. */
  readonly postgisBundle: string;
}

/** `simple` may hold several statements and no values; `extended` is exactly one. */
export type Protocol = 'simple' | 'extended';

/** Whose rights a statement has; the reader's session can also not write. */
export type EngineRole = 'reader' | 'owner';

interface StatementRequest {
  readonly kind: 'statement';
  readonly role: EngineRole;
  readonly protocol: Protocol;
  readonly text: string;
  readonly values: readonly (string | null)[];
  readonly asBytes: boolean;
}

export type Request = StatementRequest | { readonly kind: 'ping' } | { readonly kind: 'close' };

export type Reply =
  | { readonly kind: 'ready' }
  | {
      readonly kind: 'rows';
      readonly fields: readonly string[];
      readonly rows: readonly (readonly unknown[])[];
      readonly command: string;
    }
  | { readonly kind: 'fault'; readonly fault: Fault }
  | { readonly kind: 'done' };

/** Exit code of the thread after a WebAssembly trap or a C++ exception. */
export const trapExitCode = 70;

const port = parentPort;
if (port === null) throw new Error('embedded-worker.ts runs as a worker thread only');

cacheExportNames();
endOnException();
const { dataDir, postgisBundle }: EngineSetup = workerData;
const engine = await PGlite.create({
  dataDir,
  extensions: {
    postgis: {
      name: postgis.name,
      setup: async (instance, options) => ({
        ...(await postgis.setup(instance, options)),
        bundlePath: new URL(postgisBundle),
      }),
    },
    btree_gist,
    pg_trgm,
    unaccent,
    pgcrypto,
  },
  startParams: [
    ...PGlite.defaultStartParams,
    ...['-c', 'shared_buffers=32MB', '-c', 'jit=off', '-c', 'TimeZone=UTC'],
  ],
  // Files of 1 MB instead of 16 for the write-ahead log: a small database stays small.
  initDbStartParams: ['--wal-segsize=1'],
});
// Ours, and no others: PGlite would give dates and decode array types that it found at start.
engine.parsers = { ...decoders };
engine.serializers = {};
endOnTrap(engine.Module);

let role: EngineRole = 'owner';
let last: Promise<void> = Promise.resolve();
port.on('message', (request: Request) => {
  last = last.then(async () => port.postMessage(await answer(request)));
});
port.postMessage({ kind: 'ready' } satisfies Reply);

async function answer(request: Request): Promise<Reply> {
  switch (request.kind) {
    case 'ping':
      return { kind: 'done' };
    case 'close':
      await engine.close();
      return { kind: 'done' };
    case 'statement':
      try {
        await assume(request.role);
        return await run(request);
      } catch (error) {
        return { kind: 'fault', fault: faultOf(error, 'XX000') };
      }
  }
}

async function run({ text, values, protocol, asBytes }: StatementRequest): Promise<Reply> {
  const result =
    protocol === 'simple'
      ? (await engine.exec(text, { rowMode: 'array' })).at(-1)
      : await engine.query<unknown[]>(text, [...values], {
          rowMode: 'array',
          parsers: asBytes ? { ...decoders, ...byteDecoders } : decoders,
        });
  const rows: unknown[] = result?.rows ?? [];
  return {
    kind: 'rows',
    fields: result?.fields.map(({ name }) => name) ?? [],
    rows: rows.filter((row) => Array.isArray(row)),
    command: result?.command ?? '',
  };
}

/** Roles change between transactions only, so that a rollback cannot take the change back. */
async function assume(wanted: EngineRole): Promise<void> {
  if (wanted === role) return;
  if (wanted === 'owner') {
    await engine.exec(becomeOwner);
  } else {
    try {
      await engine.exec(becomeReader);
    } catch (error) {
      throw Object.assign(new Error(faultOf(error).message), { code: noReaderRole });
    }
  }
  role = wanted;
}

/**
 * Ends the thread at once when WebAssembly traps. PGlite 0.5.8 swallows that: the statement then
 * hangs or reports success. PostgreSQL's own errors arrive as the string `unwind`, status 100.
 */
function endOnTrap(module: PGlite['Module']): void {
  const entries = [
    '_PostgresMainLoopOnce',
    '_PostgresMainLongJmp',
    '_PostgresSendReadyForQueryIfNecessary',
    '_pgl_pq_flush',
  ] as const;
  for (const entry of entries) {
    const call = module[entry];
    module[entry] = () => {
      try {
        call();
      } catch (error) {
        if (error !== 'unwind' || module._pgl_getPGliteExitStatus() !== 100) endThread();
        throw error;
      }
    };
  }
}

/** What is used of it here: Node's own types do not describe it. */
declare const WebAssembly: {
  instantiate: (source: unknown, imports?: unknown) => Promise<unknown>;
  Instance: new (module: unknown, imports?: unknown) => object;
};

/**
 * Ends the thread at once when GEOS or PROJ throw a C++ exception. This build of PostGIS catches
 * none (it imports `__cxa_throw`, but nothing to catch with), and Emscripten's wrappers around
 * PostgreSQL's own error handling mistake it for a return: the statement reports success with rows
 * missing, and what it had written is committed.
 */
function endOnException(): void {
  const guard = (imports: unknown): unknown => {
    if (!isRecord(imports) || !isRecord(imports.env)) return imports;
    const env = new Proxy(imports.env, {
      get: (target, name) => (name === '__cxa_throw' ? endThread : Reflect.get(target, name)),
    });
    return { ...imports, env };
  };
  WebAssembly.instantiate = new Proxy(WebAssembly.instantiate, {
    apply: (call, self, [source, imports]) => Reflect.apply(call, self, [source, guard(imports)]),
  });
  WebAssembly.Instance = new Proxy(WebAssembly.Instance, {
    construct: (Instance, [source, imports]) => new Instance(source, guard(imports)),
  });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function endThread(): never {
  process.exit(trapExitCode);
}

/**
 * Emscripten's `dlsym` lists all 23,000 exports of PostGIS with `Object.keys` for every function
 * that is looked up: 5 of the 6 seconds of CREATE EXTENSION, and most of the first query's time.
 * The lists of such large objects, which never change, are kept; only PGlite runs in this thread.
 */
function cacheExportNames(): void {
  const listKeys = Object.keys;
  const known = new WeakMap<object, string[]>();
  Object.keys = (value: object): string[] => {
    const kept = known.get(value);
    if (kept !== undefined) return kept;
    const keys = listKeys(value);
    if (keys.length > 10_000) known.set(value, keys);
    return keys;
  };
}
