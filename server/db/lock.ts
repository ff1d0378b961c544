import { randomUUID } from 'node:crypto';
import {
  mkdirSync,
  readFileSync,
  readlinkSync,
  rmdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Who has a data directory open. */
export interface Holder {
  readonly pid: number;
  readonly host: string;
  /** When the lock was taken, ISO 8601 in UTC. */
  readonly since: string;
  /** Where `pid` means something: this boot of this kernel, this PID namespace. */
  readonly machine: string;
  /** Kernel's start time of the process, against reuse of its id; null where unknown. */
  readonly processStart: string | null;
  /** Tells this lock from any other. */
  readonly token: string;
}

export interface LockSettings {
  /** Milliseconds between signs of life. */
  readonly heartbeatMs: number;
  /** Milliseconds without one after which a holder that cannot be looked up counts as dead. */
  readonly staleMs: number;
  readonly log: (message: string) => void;
  /** Called when someone else holds the lock after all: the data must not be touched any more. */
  readonly onLost: () => void;
}

export interface Lock {
  release(): void;
}

/** Another process has the data directory open. */
export class DirectoryInUseError extends Error {
  override readonly name = 'DirectoryInUseError';
  readonly holder: Holder | undefined;

  constructor(directory: string, holder: Holder | undefined) {
    const who =
      holder === undefined
        ? 'another process'
        : `process ${holder.pid} on ${holder.host} since ${holder.since}`;
    super(`The data directory ${directory} is in use by ${who}`);
    this.holder = holder;
  }
}

/** How long a takeover may take before it counts as one that died halfway, in milliseconds. */
const takeoverMs = 10_000;

/**
 * Takes the lock on a directory: a file, made atomically, that says who holds it. The lock of a
 * dead process is taken over. Whether a process lives can be asked only on its own machine; a
 * holder elsewhere (another container or host on the same volume) is dead when its signs of life,
 * the file's modification times, have stopped.
 * @throws {DirectoryInUseError} when its holder lives.
 */
export async function takeLock(directory: string, settings: LockSettings): Promise<Lock> {
  const file = path.join(directory, 'lock');
  const self = describeSelf();
  while (!create(file, self)) {
    const seen = look(file);
    if (seen === undefined) continue;
    if (!(await isDead(file, seen, settings))) {
      throw new DirectoryInUseError(directory, seen.holder);
    }
    if (!takeOver(file, seen)) await sleep(50);
  }
  return keep(file, self, settings);
}

function create(file: string, self: Holder): boolean {
  try {
    writeFileSync(file, `${JSON.stringify(self)}\n`, { flag: 'wx' });
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  }
}

interface Seen {
  readonly text: string;
  /** Undefined while its maker is writing it, or if that died in between. */
  readonly holder: Holder | undefined;
  readonly mtimeMs: number;
}

function look(file: string): Seen | undefined {
  try {
    const text = readFileSync(file, 'utf8');
    return { text, holder: parseHolder(text), mtimeMs: statSync(file).mtimeMs };
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

function parseHolder(text: string): Holder | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  return isHolder(value) ? value : undefined;
}

function isHolder(value: unknown): value is Holder {
  if (typeof value !== 'object' || value === null) return false;
  const { pid, host, since, machine, processStart, token }: Partial<Holder> = value;
  return (
    typeof pid === 'number' &&
    [host, since, machine, token].every((text) => typeof text === 'string') &&
    (processStart === null || typeof processStart === 'string')
  );
}

async function isDead(file: string, seen: Seen, { staleMs, log }: LockSettings): Promise<boolean> {
  const { holder } = seen;
  if (holder !== undefined && holder.machine === machine()) {
    if (holder.processStart !== null) return processStart(holder.pid) !== holder.processStart;
    return !isAlive(holder.pid);
  }
  log('Waiting for a sign of life of the process that last used the data directory');
  // The two clocks may differ, so a sign of life is a change, not an age.
  const deadline = Date.now() + staleMs;
  while (Date.now() < deadline) {
    await sleep(Math.min(250, staleMs));
    const now = look(file);
    if (now === undefined || now.mtimeMs !== seen.mtimeMs || now.text !== seen.text) return false;
  }
  return true;
}

/** Removes a dead lock. Only one process at a time may do so, else a new lock could be removed. */
function takeOver(file: string, dead: Seen): boolean {
  const guard = `${file}.takeover`;
  try {
    mkdirSync(guard);
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
    const made = statSync(guard, { throwIfNoEntry: false });
    if (made !== undefined && Date.now() - made.mtimeMs > takeoverMs) {
      rmSync(guard, { recursive: true, force: true });
    }
    return false;
  }
  try {
    if (look(file)?.text === dead.text) rmSync(file);
    return true;
  } finally {
    rmdirSync(guard);
  }
}

function keep(file: string, self: Holder, { heartbeatMs, onLost }: LockSettings): Lock {
  const isOurs = (): boolean => look(file)?.holder?.token === self.token;
  const release = (): void => {
    clearInterval(heartbeat);
    process.removeListener('exit', release);
    if (isOurs()) rmSync(file, { force: true });
  };
  const heartbeat = setInterval(() => {
    try {
      if (isOurs()) return utimesSync(file, new Date(), new Date());
    } catch {
      // The directory is gone or cannot be written: nothing is ours any more.
    }
    clearInterval(heartbeat);
    onLost();
  }, heartbeatMs);
  heartbeat.unref();
  process.once('exit', release);
  return { release };
}

function describeSelf(): Holder {
  return {
    pid: process.pid,
    host: hostname(),
    since: new Date().toISOString(),
    machine: machine(),
    processStart: processStart(process.pid),
    token: randomUUID(),
  };
}

function machine(): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${boot} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return hostname();
  }
}

/** Field 22 of `/proc/PID/stat`, counted after the name, which may hold spaces; null without it. */
function processStart(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}

/** Whether a process of this machine runs. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return hasCode(error, 'EPERM');
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
