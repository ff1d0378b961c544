/** The process that is measured: imports one file, and tells its parent what that took. */
import { readFileSync } from 'node:fs';
import { formats } from '../geodata/import/formats.ts';
import { sourceFiles } from '../geodata/import/input.ts';
import { type ImportCounts, importFiles } from '../geodata/import/load.ts';
import type { Database, Session } from '../server/db/database.ts';
import { openServer } from '../server/db/server.ts';

export interface Measured {
  readonly counts: ImportCounts;
  readonly ms: number;
  readonly cpuMs: number;
  /** CPU of the server's sessions, where the server is on this machine; and of it, beside the record. */
  readonly serverCpuMs: number | undefined;
  readonly besideCpuMs: number;
  /** Peak of the resident memory. */
  readonly memory: number;
  /** Milliseconds of waiting, the longest first. */
  readonly phases: readonly (readonly [phase: string, ms: number])[];
}

const waited = new Map<string, number>();

function add(phase: string, ms: number): void {
  waited.set(phase, (waited.get(phase) ?? 0) + ms);
}

const beside = 'beside the record';

function phaseOf(text: string): string {
  const table = /^INSERT INTO atlas\."?(\w+)/.exec(text)?.[1];
  if (table !== undefined) return table.replace('incident_', '');
  if (text.includes('refresh_read')) return beside;
  return text.includes('ANALYZE') ? 'analyze' : 'other';
}

const cpuBy = { record: 0, beside: 0 };

/** CPU that a process has used, in milliseconds; undefined where it is on another machine. */
function cpuOf(pid: number): number | undefined {
  try {
    return Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6;
  } catch {
    return undefined;
  }
}

/** The database, with a watch on every statement of a transaction and on its end. */
function watched(database: Database): Database {
  return {
    engine: database.engine,
    query: (...given) => database.query(...given),
    load: () => database.load(),
    close: () => database.close(),
    async transaction(mode, work, options) {
      let ended = 0;
      let pid = 0;
      let before: number | undefined;
      let side: keyof typeof cpuBy = 'record';
      const result = await database.transaction(
        mode,
        async (session) => {
          const watching: Session = {
            async query(statement, given) {
              const phase = phaseOf(statement.text);
              if (phase === beside) side = 'beside';
              const asked = performance.now();
              try {
                return await session.query(statement, given);
              } finally {
                // It may have waited for the one before it.
                const now = performance.now();
                add(phase, now - Math.max(asked, ended));
                ended = now;
              }
            },
          };
          const [row] = await session.query<{ pid: number }>({
            text: 'SELECT pg_backend_pid() AS pid',
            values: [],
          });
          pid = row?.pid ?? 0;
          before = cpuOf(pid);
          const done = await work(watching);
          ended = performance.now();
          return done;
        },
        options,
      );
      add('commit', performance.now() - ended);
      cpuBy[side] += (cpuOf(pid) ?? 0) - (before ?? 0);
      return result;
    },
  };
}

const [name = '', file = ''] = process.argv.slice(2);
const format = formats[name];
if (format === undefined) throw new Error(`no format ${name}`);
const database = await openServer(process.env.DATABASE_URL ?? '');
const start = performance.now();
const before = process.cpuUsage();
let said = 0;
const counts = await importFiles(watched(database), {
  format,
  files: await sourceFiles([file], { bytes: 0 }),
  status: format.dataset.privateBecause === null ? 'published' : 'draft',
  mode: 'load',
  missing: 'keep',
  find: async () => undefined,
  progress: ({ read }) => {
    if (read - said < 50_000) return;
    said = read;
    const seconds = (performance.now() - start) / 1000;
    process.stderr.write(`${read} records in ${Math.round(seconds)} s\n`);
  },
});
const ms = performance.now() - start;
const { user, system } = process.cpuUsage(before);
await database.close();
const measured: Measured = {
  counts,
  ms,
  cpuMs: (user + system) / 1000,
  serverCpuMs: cpuBy.record === 0 ? undefined : cpuBy.record + cpuBy.beside,
  besideCpuMs: cpuBy.beside,
  memory: process.resourceUsage().maxRSS * 1024,
  phases: [...waited].filter(([, time]) => time >= 50).sort(([, a], [, b]) => b - a),
};
process.send?.(measured);
process.disconnect?.();
