import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { DirectoryInUseError, type LockSettings, takeLock } from '../../server/db/lock.ts';

const settings: LockSettings = {
  heartbeatMs: 50,
  staleMs: 400,
  log: () => undefined,
  onLost: () => undefined,
};

async function directory(context: TestContext): Promise<string> {
  const made = await mkdtemp(path.join(tmpdir(), 'strike-atlas-lock-'));
  context.after(() => rm(made, { recursive: true, force: true }));
  return made;
}

/** A process that takes the lock, says how that went, and holds it until it is ended. */
function contender(context: TestContext, where: string): ChildProcess {
  const lock = new URL('../../server/db/lock.ts', import.meta.url).href;
  const source = `import(${JSON.stringify(lock)}).then(({ takeLock }) =>
    takeLock(${JSON.stringify(where)}, {
      heartbeatMs: 50, staleMs: 400, log() {}, onLost() { console.log('lost'); },
    })).then(() => { console.log('holds'); setInterval(() => {}, 1000); },
             (error) => console.log(error.message))`;
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', source], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  context.after(() => child.kill('SIGKILL'));
  return child;
}

async function firstLine(child: ChildProcess): Promise<string> {
  assert.ok(child.stdout);
  let text = '';
  for await (const chunk of child.stdout.iterator({ destroyOnReturn: false })) {
    text += String(chunk);
    if (text.includes('\n')) break;
  }
  return text.trim();
}

/** The text of a lock that this process would write, with changes. */
async function lockOf(where: string, changes: Record<string, unknown>): Promise<string> {
  const lock = await takeLock(where, settings);
  const own: unknown = JSON.parse(await readFile(path.join(where, 'lock'), 'utf8'));
  lock.release();
  return JSON.stringify({ ...Object(own), token: 'another', ...changes });
}

test('the second is told who holds the lock, and may have it after the first', async (context) => {
  const where = await directory(context);
  const lock = await takeLock(where, settings);
  await assert.rejects(takeLock(where, settings), (error) => {
    assert.ok(error instanceof DirectoryInUseError);
    assert.equal(error.holder?.pid, process.pid);
    assert.ok(error.message.includes(where));
    assert.ok(error.message.includes(`process ${process.pid} on ${hostname()} since 20`));
    return true;
  });
  lock.release();
  assert.deepEqual(await readdir(where), []);
  (await takeLock(where, settings)).release();
});

test('another process is refused, and takes over when the holder was killed', async (context) => {
  const where = await directory(context);
  const holder = contender(context, where);
  assert.equal(await firstLine(holder), 'holds');
  await assert.rejects(takeLock(where, settings), new RegExp(`process ${holder.pid} on`));
  holder.kill('SIGKILL');
  await once(holder, 'exit');
  assert.ok(existsSync(path.join(where, 'lock')));
  const start = performance.now();
  (await takeLock(where, settings)).release();
  assert.ok(performance.now() - start < settings.staleMs);
});

test('a process that got the id of a dead holder does not count as it', async (context) => {
  const where = await directory(context);
  const changes = { processStart: '1' };
  await writeFile(path.join(where, 'lock'), await lockOf(where, changes));
  (await takeLock(where, settings)).release();
});

test('a holder elsewhere lives as long as it gives signs of life', async (context) => {
  const where = await directory(context);
  const file = path.join(where, 'lock');
  await writeFile(file, await lockOf(where, { machine: 'elsewhere', host: 'container', pid: 1 }));
  const heart = setInterval(() => void utimes(file, new Date(), new Date()), 50);
  try {
    await assert.rejects(takeLock(where, settings), /process 1 on container/);
  } finally {
    clearInterval(heart);
  }
  await sleep(100);
  (await takeLock(where, settings)).release();
});

test('a lock that its maker never finished is taken over after a while', async (context) => {
  const where = await directory(context);
  await writeFile(path.join(where, 'lock'), '{"pid": 12');
  (await takeLock(where, settings)).release();
});

test('of many who find the lock of a dead process, one gets it', async (context) => {
  const where = await directory(context);
  await writeFile(path.join(where, 'lock'), await lockOf(where, { processStart: '1' }));
  const lines = await Promise.all(
    Array.from({ length: 6 }, () => firstLine(contender(context, where))),
  );
  assert.equal(lines.filter((line) => line === 'holds').length, 1, lines.join('\n'));
  assert.equal(lines.filter((line) => line.includes('is in use by process')).length, 5);
});

test('a holder whose lock is gone is told', async (context) => {
  const where = await directory(context);
  const lost = new Promise<void>((resolve) => {
    void takeLock(where, { ...settings, onLost: resolve });
  });
  await sleep(100);
  await writeFile(path.join(where, 'lock'), '{}');
  // The lock's own timer keeps no process alive.
  assert.equal(await Promise.race([lost, sleep(5000, 'not told')]), undefined);
  assert.equal(await readFile(path.join(where, 'lock'), 'utf8'), '{}');
});
