/**
 * What a reader's browser has to bear: `npm run bench:client`. Starts the real service twice, with
 * the project's data and with 100,000 incidents, and a headless Chromium that draws in software.
 */
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Browser } from 'playwright-core';
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

const browser = await startBrowser(chromium);
const few = await startService();
await firstMap(browser, few);
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

/** From the request for the page to data on the screen, and the scripts that came before. */
async function firstMap(browser: Browser, service: Service): Promise<void> {
  const paints: number[] = [];
  const lists: number[] = [];
  const maps: number[] = [];
  let scripts: readonly string[] = [];
  for (let run = 0; run <= runs; run += 1) {
    const { page, close } = await visit(browser, service, '/');
    await page.locator('.list tbody tr').first().waitFor();
    const list = await page.evaluate<number>('performance.now()');
    await mapDrawn(page);
    const map = await page.evaluate<number>('performance.now()');
    const paint = await page.evaluate<number>(
      `performance.getEntriesByName('first-contentful-paint')[0].startTime`,
    );
    // The first run warms the server up.
    if (run > 0) {
      paints.push(paint);
      lists.push(list);
      maps.push(map);
    }
    scripts = await page.evaluate<readonly string[]>(
      `performance.getEntriesByType('resource')
         .filter(({ name }) => name.endsWith('.js'))
         .map(({ name }) => new URL(name).pathname)`,
    );
    await close();
  }
  note('first paint', milliseconds(median(paints)), '');
  note('list with data', milliseconds(median(lists)), '');
  note('map with data, drawn in software', milliseconds(median(maps)), '1,500 ms');
  await weigh(service, scripts);
}

/** Scripts as gzip: those that the page itself names, and those that it asks for later. */
async function weigh(service: Service, scripts: readonly string[]): Promise<void> {
  const html = await (await fetch(service.origin)).text();
  const weightOf = async (script: string) =>
    gzipSync(Buffer.from(await (await fetch(`${service.origin}${script}`)).arrayBuffer())).length;
  let before = 0;
  let later = 0;
  let worker = 0;
  for (const script of scripts) {
    const weight = await weightOf(script);
    if (script.includes('worker')) worker += weight;
    else if (html.includes(script)) before += weight;
    else later += weight;
  }
  note('scripts before first paint', kilobytes(before), '100 kB gzip');
  note('scripts after it, most of them MapLibre', kilobytes(later), '');
  note('worker of MapLibre', kilobytes(worker), '');
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
