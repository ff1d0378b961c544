/**
 * What a reader's browser has to bear: `npm run bench:client`. Starts the real service twice, with
 * the project's data and with 100,000 incidents, and a headless Chromium that draws in software.
 */
import { createReadStream } from 'node:fs';
import { createServer } from 'node:http';
import { loadavg } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Browser, Page } from 'playwright-core';
import { loadFiles } from '../geodata/load.ts';
import { root } from '../test/helpers/atlas.ts';
import {
  findChromium,
  mapDrawn,
  type Service,
  startBrowser,
  startService,
  visit,
} from '../test/helpers/browser.ts';
import { addIncidents } from './generate.ts';

const runs = Number(process.env.RUNS ?? 5);
const many = Number(process.env.INCIDENTS ?? 100_000);

const chromium = findChromium();
if (chromium === null) throw new Error('no Chromium at CHROMIUM or the usual paths');

const table: Record<string, Readonly<Record<string, string>>> = {};
const note = (what: string, value: string, budget: string) => {
  table[what] = { measured: value, budget };
};

/**
 * Marks, in every page that is opened, when the server's picture of the map is on the screen, and
 * when the live map is: a sign is put into the page when the one is there, and in the frame in which
 * the other is drawn, and Element Timing tells when that frame was shown, which in software is long
 * after the commands to draw it were given.
 */
const marksMap = `
  new PerformanceObserver((list) => {
    for (const { identifier, renderTime } of list.getEntries()) {
      globalThis[identifier] ??= renderTime;
    }
  }).observe({ type: 'element', buffered: true });
  const signWhen = (selector, name) =>
    new MutationObserver((_, observer) => {
      if (document.querySelector(selector) === null) return;
      observer.disconnect();
      const sign = document.createElement('span');
      sign.setAttribute('elementtiming', name);
      sign.style = 'position: fixed; top: 50%; left: 50%; font-size: 12px; z-index: 9';
      sign.textContent = 'map';
      document.body.append(sign);
    }).observe(document, { subtree: true, childList: true, attributeFilter: ['data-drawing'] });
  // With what follows it, the whole of it has been read.
  signWhen('#first + #map', 'pictureShownAt');
  signWhen('#map[data-drawing=done]', 'mapShownAt');
  new MutationObserver((_, observer) => {
    if (document.querySelector('.list tbody tr') === null) return;
    observer.disconnect();
    globalThis.listAt = performance.now();
  }).observe(document, { subtree: true, childList: true });`;

const browser = await startBrowser(chromium);
const few = await startService();
await firstMap(browser, few, 'stand-in');
const plain = await startBrowser(chromium, 'processor');
await firstMap(plain, few, 'processor');
await plain.close();
await weigh(few);
await few.stop();
const full = await startService({
  name: 'crowd',
  inputs: ['geodata', 'bench/generate.ts', 'package-lock.json'],
  prepare: async (empty) => {
    await loadFiles(empty, path.join(root, 'geodata'), () => undefined);
    await addIncidents(empty, many);
  },
});
await brushing(browser, full);
await full.stop();
await browser.close();
console.table(table);

/** When a first map was on the screen, and what came before, ms since the page was asked for. */
interface FirstMap {
  readonly paint: number;
  /** The server's picture of it, with the incidents; NaN where the page has none. */
  readonly picture: number;
  readonly list: number;
  readonly map: number;
}

async function openFirst(browser: Browser, address: string): Promise<[FirstMap, Page]> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  await page.addInitScript(marksMap);
  await page.goto(address);
  await page.waitForFunction('globalThis.mapShownAt', undefined, { polling: 200 });
  const times = await page.evaluate<FirstMap>(`({
    paint: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN,
    picture: globalThis.pictureShownAt ?? NaN,
    list: globalThis.listAt ?? NaN,
    map: globalThis.mapShownAt,
  })`);
  return [times, page];
}

/**
 * The first map with data, beside an empty map of MapLibre in the same browser: what no map can beat.
 * A browser without a graphics card paints pages with the processor, unless it is told to let the
 * software that stands in for the card do it, which takes long over the picture's many lines.
 */
async function firstMap(
  browser: Browser,
  service: Service,
  paintedBy: 'stand-in' | 'processor',
): Promise<void> {
  const floor = await serveEmptyMap();
  const ours: FirstMap[] = [];
  const empty: FirstMap[] = [];
  // In turn, so that whatever else the machine does meets both. The first round warms the server up.
  for (let run = 0; run <= runs; run += 1) {
    const [alone, blank] = await openFirst(browser, floor.origin);
    await blank.context().close();
    const [times, page] = await openFirst(browser, service.origin);
    await page.context().close();
    if (run === 0) continue;
    empty.push(alone);
    ours.push(times);
  }
  floor.stop();
  const of = (all: readonly FirstMap[], what: keyof FirstMap) => all.map((times) => times[what]);
  const [map, least] = [median(of(ours, 'map')), median(of(empty, 'map'))];
  const pictures = of(ours, 'picture');
  const row = (what: string, value: string, budget = '') =>
    note(`${what} (painted by the ${paintedBy})`, value, budget);
  row('first paint', milliseconds(median(of(ours, 'paint'))));
  row('map with data on the screen: picture', milliseconds(median(pictures)), '1,500 ms');
  row('picture, at worst', milliseconds(Math.max(...pictures)));
  row('list with data', milliseconds(median(of(ours, 'list'))));
  row('live map on the screen', milliseconds(map));
  row('live map, at best', milliseconds(Math.min(...of(ours, 'map'))));
  row('empty map of MapLibre on the screen', milliseconds(least));
  row('live map to the empty one', (map / least).toFixed(2));
  row('load of the machine', loadavg()[0]?.toFixed(1) ?? '', '0');
}

/** A page with nothing but a map without data. */
async function serveEmptyMap(): Promise<{ readonly origin: string; readonly stop: () => void }> {
  const files = path.join(root, 'node_modules', 'maplibre-gl', 'dist');
  const page = `<!doctype html><link rel="stylesheet" href="/maplibre-gl.css">
    <body style="margin: 0"><div id="map" style="height: 100vh"></div>
    <script type="module">
      import { Map, setWorkerUrl } from '/maplibre-gl.mjs';
      setWorkerUrl('/maplibre-gl-worker.mjs');
      const container = document.getElementById('map');
      const style = { version: 8, sources: {}, layers: [] };
      const map = new Map({ container, style, center: [31, 48], zoom: 5 });
      map.once('idle', () => { container.dataset.drawing = 'done'; });
    </script>`;
  const server = createServer(({ url = '/' }, response) => {
    const isScript = url.endsWith('.mjs');
    const type = isScript ? 'text/javascript' : url.endsWith('.css') ? 'text/css' : 'text/html';
    response.setHeader('content-type', type);
    if (type === 'text/html') response.end(page);
    else createReadStream(path.join(files, path.basename(url))).pipe(response);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('there is no port');
  return { origin: `http://127.0.0.1:${address.port}`, stop: () => server.close() };
}

/** The page and its scripts as gzip: those that it names itself, and those that it asks for later. */
async function weigh(service: Service): Promise<void> {
  const [, page] = await openFirst(browser, service.origin);
  const scripts = await page.evaluate<readonly string[]>(
    `performance.getEntriesByType('resource')
       .filter(({ name }) => name.endsWith('.js'))
       .map(({ name }) => new URL(name).pathname)`,
  );
  await page.context().close();
  const html = await (await fetch(service.origin)).text();
  note('the page, the picture in it', kilobytes(gzipSync(html).length), '26 kB gzip');
  const weights = { before: 0, later: 0, maplibre: 0, worker: 0 };
  for (const script of scripts) {
    const body = await (await fetch(`${service.origin}${script}`)).arrayBuffer();
    const kind = kindOf(script, html);
    weights[kind] += gzipSync(Buffer.from(body)).length;
  }
  note('scripts with the page, the map among them', kilobytes(weights.before), '100 kB gzip');
  note('MapLibre beside them', kilobytes(weights.maplibre), '');
  note('worker of MapLibre', kilobytes(weights.worker), '');
  note('scripts when they are wanted', kilobytes(weights.later), '');
}

function kindOf(script: string, html: string): 'worker' | 'maplibre' | 'before' | 'later' {
  if (script.includes('worker')) return 'worker';
  if (script.includes('/maplibre-')) return 'maplibre';
  return html.includes(script) ? 'before' : 'later';
}

/** The longest task while dates are drawn over the histogram and over the handles. */
async function brushing(browser: Browser, service: Service): Promise<void> {
  const { page, close } = await visit(browser, service, '/');
  await page.locator('.list tbody tr').first().waitFor();
  await page.locator('.brush path').first().waitFor();
  const found = await page.locator('.results-head h2').textContent();
  await mapDrawn(page).catch(() => undefined);
  await page.evaluate(`
    globalThis.longest = 0;
    globalThis.requests = performance.getEntriesByType('resource').length;
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) longest = Math.max(longest, duration);
    }).observe({ type: 'longtask' });`);
  const box = await page.locator('.brush').boundingBox();
  if (box === null) throw new Error('there is no timeline');
  const moves = 120;
  const start = performance.now();
  await page.mouse.move(box.x + 200, box.y + 40);
  await page.mouse.down();
  for (let move = 1; move <= moves; move += 1) {
    await page.mouse.move(box.x + 200 + move * 4, box.y + 40);
  }
  await page.mouse.up();
  const spent = performance.now() - start;
  await page.waitForTimeout(2_000);
  const longest = await page.evaluate<number>('longest');
  const requests = await page.evaluate<number>(
    `performance.getEntriesByType('resource').length - requests`,
  );
  note('incidents while brushing', found ?? '', '100,000');
  note('longest task while brushing', milliseconds(longest), '200 ms');
  note(`requests in ${moves} moves, ${milliseconds(spent)}`, String(requests), 'none per move');
  await close();
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function milliseconds(value: number): string {
  return `${Math.round(value).toLocaleString('en')} ms`;
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1000).toFixed(1)} kB`;
}
