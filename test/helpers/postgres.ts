/** Real PostgreSQL servers for one test, from Debian's binaries, on loopback ports of their own. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, chown, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { promisify } from 'node:util';

const binaries = '/usr/lib/postgresql/15/bin';
const run = promisify(execFile);

/** Why no server can be started here; undefined where it can. */
export const withoutPostgres = existsSync(path.join(binaries, 'pg_basebackup'))
  ? undefined
  : `there is no PostgreSQL 15 in ${binaries}`;

export interface PostgresServer {
  readonly url: string;
  /** Ends it at once, as a crash does. */
  readonly kill: () => Promise<void>;
  readonly start: () => Promise<void>;
}

/** PostgreSQL does not run as root: there it is started as the user that Debian made for it. */
const isRoot = process.getuid?.() === 0;
const command = (name: string, args: readonly string[]): [string, string[]] => {
  const file = path.join(binaries, name);
  return isRoot
    ? ['setpriv', ['--reuid=postgres', '--regid=postgres', '--clear-groups', file, ...args]]
    : [file, [...args]];
};

/** A directory that the servers of a test may write to, removed with them when it ends. */
export async function serverDirectory(context: TestContext): Promise<string> {
  const directory = await mkdtemp(path.join(tmpdir(), 'strike-atlas-postgres-'));
  await chmod(directory, 0o711);
  context.after(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

/** An empty server that standbys may be made of. */
export async function startPrimary(context: TestContext, parent: string): Promise<PostgresServer> {
  const data = await ownDirectory(parent, 'primary');
  await run(
    ...command('initdb', [
      `--pgdata=${data}`,
      '--auth=trust',
      '--username=postgres',
      '--encoding=UTF8',
      '--locale=C.UTF-8',
    ]),
  );
  return serve(context, data);
}

/** A streaming replica of a server, as it is now and as it will be. */
export async function startStandby(
  context: TestContext,
  parent: string,
  primary: PostgresServer,
): Promise<PostgresServer> {
  const data = await ownDirectory(parent, 'standby');
  const source = new URL(primary.url);
  source.pathname = '/';
  await run(
    ...command('pg_basebackup', [
      `--pgdata=${data}`,
      `--dbname=${source.href}`,
      '--write-recovery-conf',
      '--wal-method=stream',
      '--checkpoint=fast',
    ]),
  );
  return serve(context, data);
}

async function ownDirectory(parent: string, name: string): Promise<string> {
  const directory = path.join(parent, name);
  await mkdir(directory, { mode: 0o700 });
  if (isRoot) {
    const [{ stdout: user }, { stdout: group }] = await Promise.all([
      run('id', ['-u', 'postgres']),
      run('id', ['-g', 'postgres']),
    ]);
    await chown(directory, Number(user), Number(group));
  }
  return directory;
}

async function serve(context: TestContext, data: string): Promise<PostgresServer> {
  const port = await freePort();
  let child: ChildProcess | undefined;
  const kill = async (): Promise<void> => {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child?.once('exit', resolve));
    child.kill('SIGQUIT');
    await ended;
  };
  const start = async (): Promise<void> => {
    child = spawn(
      ...command('postgres', [
        ...['-D', data, '-p', `${port}`, '-k', data],
        ...['-c', 'listen_addresses=127.0.0.1', '-c', 'fsync=off', '-c', 'max_connections=60'],
      ]),
      { stdio: 'ignore' },
    );
    for (let tries = 0; tries < 120; tries += 1) {
      const isReady = await run(
        ...command('pg_isready', ['-q', '-h', '127.0.0.1', '-p', `${port}`]),
      ).then(
        () => true,
        () => false,
      );
      if (isReady) return;
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
    throw new Error(`PostgreSQL in ${data} does not start`);
  };
  context.after(kill);
  await start();
  return { url: `postgresql://postgres@127.0.0.1:${port}/postgres`, kill, start };
}

/** A port of loopback that nothing listens on. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        typeof address === 'object' && address !== null
          ? resolve(address.port)
          : reject(new Error('no port')),
      );
    });
  });
}
