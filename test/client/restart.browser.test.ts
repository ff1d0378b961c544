import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Client } from 'pg';
import type { Browser, Page } from 'playwright-core';
import { build } from 'vite';
import { openDatabase } from '../../server/db/open.ts';
import { root } from '../helpers/atlas.ts';
import {
  findChromium,
  gone,
  mapDrawn,
  patience,
  picture,
  profile,
  says,
  startBrowser,
} from '../helpers/browser.ts';
import { addCopy } from '../helpers/incidents.ts';
import { freePort } from '../helpers/postgres.ts';

const chromium = findChromium();
const absent =
  'No Chromium was found at CHROMIUM or the usual paths: the browser tests did not run.';
const serverUrl = process.env.TEST_DATABASE_URL;

/** A database that a process of the service opens, ends with, and opens again. */
interface Place {
  readonly databaseUrl?: string;
  readonly dataDir: string;
}

describe('a server that ends and comes back', { skip: chromium === null ? absent : false }, () => {
  let browser: Browser;
  let place: Place;
  let port: number;
  let running: ChildProcess | undefined;

  before(async () => {
    await build({ configFile: path.join(root, 'vite.config.ts'), logLevel: 'error' });
    browser = await startBrowser(chromium ?? '');
    port = await freePort();
    const dataDir = await mkdtemp(path.join(tmpdir(), 'strike-atlas-restart-'));
    place = serverUrl === undefined ? { dataDir } : { dataDir, databaseUrl: await emptyDatabase() };
  });

  after(async () => {
    await browser?.close();
    await end();
    if (place.databaseUrl !== undefined) await dropDatabase(place.databaseUrl);
    await rm(place.dataDir, { recursive: true, force: true });
  });

  /** `npm start`, when it says that it is ready. */
  async function start(): Promise<void> {
    const { databaseUrl, dataDir } = place;
    const child = spawn(process.execPath, ['--import', 'tsx', 'server/main.ts'], {
      cwd: root,
      env: {
        ...process.env,
        HOST: '127.0.0.1',
        PORT: `${port}`,
        DATA_DIR: dataDir,
        LOG_LEVEL: 'silent',
        ...(databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl }),
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    running = child;
    await new Promise<void>((ready, failed) => {
      let said = '';
      const timer = setTimeout(() => failed(new Error(`not ready: ${said}`)), patience);
      child.stderr?.on('data', (part) => {
        said += part;
        if (!said.includes('is ready at')) return;
        clearTimeout(timer);
        ready();
      });
      child.once('exit', () => failed(new Error(`it ended: ${said}`)));
    });
  }

  async function end(): Promise<void> {
    if (running === undefined || running.exitCode !== null || running.signalCode !== null) return;
    const ended = new Promise((resolve) => running?.once('exit', resolve));
    running.kill('SIGTERM');
    await ended;
  }

  async function tooltipAtLozova(page: Page, words: string): Promise<void> {
    await mapDrawn(page);
    const box = await page.locator('#map').boundingBox();
    assert.ok(box !== null);
    await page.mouse.move(0, 0);
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.locator('.tooltip').getByText(words).waitFor();
  }

  test('the page says so untouched, with how old it is, and recovers with what is new', async () => {
    await start();
    const context = await profile(browser);
    const page = await context.newPage();
    await page.goto(`http://127.0.0.1:${port}/?datetime=2025-08-05&map=9/48.89066/36.31412`);
    const heading = page.locator('.results h2');
    await heading.getByText(/^\d+ incidents$/).waitFor();
    const count = Number.parseInt((await heading.textContent()) ?? '', 10);
    await tooltipAtLozova(page, 'Drone attack on Lozova rail station');
    const frame = await context.newPage();
    await frame.goto(`http://127.0.0.1:${port}/embed?datetime=2025-08-05`);
    await frame.getByText(`${count} incidents`, { exact: true }).waitFor();
    await mapDrawn(frame);
    for (const each of [page, frame]) await each.evaluate('globalThis.isTheSamePage = true');

    await end();
    const away = 'The server does not answer.';
    for (const each of [page, frame]) {
      const notice = each.getByRole('alert').filter({ hasText: away });
      await notice.getByText('Trying again by itself.').waitFor();
      await each.getByText(/^Shown: the state of .*2\d{3}, \d\d:\d\d\.$/).waitFor();
    }
    await says(page, `${count} incidents`);
    assert.equal(await page.locator('.list tbody tr').count(), count, 'what was shown stays');
    await picture(page, 'server-away');
    await picture(frame, 'server-away-embed');

    const database = await openDatabase(place);
    await addCopy(database, '2025-08-05-lozova', '2025-08-05-made-up', '2025-08-05');
    await database.close();
    await start();
    await says(page, `${count + 1} incidents`);
    await page.locator('.list').getByText('Made up: Drone attack on Lozova rail station').waitFor();
    await frame.getByText(`${count + 1} incidents`, { exact: true }).waitFor();
    for (const each of [page, frame]) {
      await gone(each.getByText(away));
      await gone(each.getByText(/^Shown: the state of/));
      assert.equal(await each.evaluate('globalThis.isTheSamePage'), true, 'it was not loaded anew');
    }
    await page.bringToFront();
    await tooltipAtLozova(page, '2 incidents');
    await context.close();
  });
});

async function emptyDatabase(): Promise<string> {
  const name = `strike_atlas_test_${randomUUID().replaceAll('-', '')}`;
  await onServer(`CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'UTF8'`);
  const url = new URL(serverUrl ?? '');
  url.pathname = `/${name}`;
  return url.href;
}

async function dropDatabase(url: string): Promise<void> {
  await onServer(`DROP DATABASE ${new URL(url).pathname.slice(1)} WITH (FORCE)`);
}

async function onServer(statement: string): Promise<void> {
  const client = new Client({ connectionString: serverUrl });
  await client.connect();
  await client.query(statement).finally(() => client.end());
}
