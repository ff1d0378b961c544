import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Locator,
  type Page,
} from 'playwright-core';
import { build } from 'vite';
import { loadFiles } from '../../geodata/load.ts';
import { buildApp } from '../../server/app.ts';
import { embeddedDefaults } from '../../server/db/embedded.ts';
import { root } from './atlas.ts';
import { type LoadedDatabaseOptions, openLoadedTestDatabase } from './database.ts';

/** Where the browser tests leave their pictures; not in git. */
export const artefacts = path.join(root, 'test', 'artefacts');

const usualPaths = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/** The Chromium that CHROMIUM names, or one at a usual path; `null` when there is none. */
export function findChromium(): string | null {
  const named = process.env.CHROMIUM;
  if (named !== undefined && named !== '') return existsSync(named) ? named : null;
  return usualPaths.find((candidate) => existsSync(candidate)) ?? null;
}

/**
 * The longest wait for what must come, ms. A loaded machine that draws in software is slow and not
 * wrong: what is asserted is that something comes, never how soon.
 */
export const patience = 120_000;

/**
 * Starts Chromium headless, drawing WebGL in software, with nothing of its own on the network. Pages
 * are painted by the same stand-in for a graphics card, or, as on a machine without one, by the
 * `processor`.
 */
export function startBrowser(
  executablePath: string,
  paintedBy: 'stand-in' | 'processor' = 'stand-in',
): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--use-gl=angle',
      '--use-angle=swiftshader',
      '--enable-unsafe-swiftshader',
      '--disable-background-networking',
      // It would end a process that is only slow, and the map's drawing with it.
      '--disable-gpu-watchdog',
      ...(paintedBy === 'processor' ? ['--disable-gpu-compositing'] : []),
    ],
  });
}

export interface Service {
  /** `http://127.0.0.1:…`, without a slash at the end. */
  readonly origin: string;
  readonly stop: () => Promise<void>;
}

/** An engine that is slow because the machine is busy is not replaced in the middle of a test. */
const patient: LoadedDatabaseOptions['settings'] = {
  statementMs: patience,
  queueMs: patience,
  engine: { ...embeddedDefaults.engine, pingMs: patience, abandonedMs: patience },
};

const projectData: LoadedDatabaseOptions = {
  name: 'atlas',
  inputs: ['geodata', 'package-lock.json'],
  prepare: (empty) => loadFiles(empty, path.join(root, 'geodata'), () => undefined),
  settings: patient,
};

/** The real service, with the project's data or other, and the client as it stands in the sources. */
export async function startService(data = projectData): Promise<Service> {
  const clientDir = await mkdtemp(path.join(tmpdir(), 'strike-atlas-client-'));
  await build({
    configFile: path.join(root, 'vite.config.ts'),
    logLevel: 'error',
    build: { outDir: clientDir, emptyOutDir: true },
  });
  const database = await openLoadedTestDatabase(data);
  const app = await buildApp({
    config: { publicUrl: undefined },
    database,
    clientDir,
    pictureMs: patience,
  });
  const origin = await app.listen({ host: '127.0.0.1', port: 0 });
  return {
    origin,
    stop: async () => {
      await app.close();
      await database.close();
      await rm(clientDir, { recursive: true, force: true });
    },
  };
}

/** A browser profile of its own: a desk's screen and English, unless the options say otherwise. */
export async function profile(
  browser: Browser,
  options: BrowserContextOptions = {},
): Promise<BrowserContext> {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    locale: 'en-GB',
    timezoneId: 'UTC',
    ...options,
  });
  context.setDefaultTimeout(patience);
  return context;
}

/** What a page complains of from now on: errors and warnings of the console, uncaught exceptions. */
export function complaintsOf(page: Page): string[] {
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  return complaints;
}

export interface Visit {
  readonly page: Page;
  /** Errors and warnings of the console, uncaught exceptions, requests to any other host. */
  readonly complaints: readonly string[];
  readonly close: () => Promise<void>;
}

/** Opens a page of the service in a browser profile of its own. */
export async function visit(
  browser: Browser,
  service: Service,
  address: string,
  options: BrowserContextOptions = {},
): Promise<Visit> {
  const context = await profile(browser, options);
  const page = await context.newPage();
  const complaints = complaintsOf(page);
  page.on('request', (request) => {
    const { origin, protocol } = new URL(request.url());
    if (protocol.startsWith('http') && origin !== service.origin) complaints.push(request.url());
  });
  await page.goto(new URL(address, service.origin).href);
  return { page, complaints, close: () => context.close() };
}

/** Every address that a page has from now on, those too that it has only for a moment. */
export function addressesOf(page: Page): URL[] {
  const addresses: URL[] = [];
  page.on('framenavigated', (frame) => {
    if (frame === page.mainFrame()) addresses.push(new URL(frame.url()));
  });
  return addresses;
}

/** Asserts what comes to be so: reads until it is as expected, or patience ends. */
export async function becomes<Value>(
  read: () => Value | Promise<Value>,
  expected: Value,
): Promise<void> {
  const end = Date.now() + patience;
  let found = await read();
  while (!isDeepStrictEqual(found, expected) && Date.now() < end) {
    await pause(50);
    found = await read();
  }
  assert.deepEqual(found, expected);
}

/** What a test holds back until it lets it go. */
export function gate(): { readonly opened: Promise<void>; readonly open: () => void } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

/** Waits until there are none. */
export async function gone(element: Locator): Promise<void> {
  await becomes(() => element.count(), 0);
}

/** Waits until nothing moves by a style sheet's transition. */
export async function atRest(page: Page): Promise<void> {
  await page.waitForFunction('document.getAnimations().length === 0');
}

/** Waits until the map has drawn all that was asked for by now: the incidents, the claims, the names. */
export async function mapDrawn(page: Page): Promise<void> {
  await page.locator('#map[data-drawing=done]').waitFor();
}

/** Leaves a picture of the page among the artefacts. */
export async function picture(page: Page, name: string): Promise<Buffer> {
  const file = path.join(artefacts, `${name}.png`);
  await mkdir(path.dirname(file), { recursive: true });
  return page.screenshot({ path: file });
}

/** What a phone's browser is like. */
export const phone: BrowserContextOptions = {
  viewport: { width: 390, height: 844 },
  deviceScaleFactor: 2,
  hasTouch: true,
};

/** Waits until the page says that many: `69 incidents`. */
export async function says(page: Page, count: string): Promise<void> {
  await page.getByRole('heading', { name: count, exact: true }).waitFor();
}

export async function textOf(element: Locator): Promise<string> {
  return (await element.textContent()) ?? '';
}

/** Presses Tab until the element has the focus; fails when it is not near. */
export async function tabTo(page: Page, target: Locator): Promise<void> {
  for (let press = 0; press < 160; press += 1) {
    if (await target.evaluate((element) => element.matches(':focus'))) return;
    await page.keyboard.press('Tab');
  }
  assert.fail('the element cannot be reached by Tab');
}
