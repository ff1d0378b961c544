import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { after, before, describe, test } from 'node:test';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { themes } from '../../client/map/theme.ts';
import {
  atRest,
  becomes,
  complaintsOf,
  findChromium,
  gate,
  gone,
  mapDrawn,
  phone,
  picture,
  profile,
  type Service,
  startBrowser,
  startService,
  visit,
} from '../helpers/browser.ts';
import { type Pixels, readPng } from '../helpers/png.ts';

const chromium = findChromium();
const absent =
  'No Chromium was found at CHROMIUM or the usual paths: the browser tests did not run.';

/** Its name in the built client. */
const mapCode = /\/assets\/map-[^/]*\.js$/;

describe('the picture of the first view, in a browser', {
  skip: chromium === null ? absent : false,
}, () => {
  let service: Service;
  let browser: Browser;

  before(async () => {
    [service, browser] = await Promise.all([startService(), startBrowser(chromium ?? '')]);
  });

  after(async () => {
    await browser?.close();
    await service?.stop();
  });

  /** Opens a page whose map waits until it is let go. */
  async function hold(address: string, options: BrowserContextOptions = {}) {
    const context = await profile(browser, options);
    const page = await context.newPage();
    const complaints = complaintsOf(page);
    const held = gate();
    await page.route(mapCode, async (route) => {
      await held.opened;
      await route.continue();
    });
    await page.addInitScript(`
      globalThis.shifted = 0;
      new PerformanceObserver((list) => {
        for (const { value } of list.getEntries()) shifted += value;
      }).observe({ type: 'layout-shift', buffered: true });`);
    await page.goto(`${service.origin}${address}`, { waitUntil: 'commit' });
    await page.locator('#first').waitFor();
    return { page, complaints, release: held.open, close: () => context.close() };
  }

  /** Middles of the signs that a screen of this size shows, px. */
  async function signsOn(page: Page): Promise<[x: number, y: number][]> {
    return page.evaluate(`[...document.querySelectorAll('#first use[data-of], #first [data-of=points]')]
      .map((sign) => sign.getBoundingClientRect())
      .filter(({ width }) => width > 0)
      .map(({ left, right, top, bottom }) => [(left + right) / 2, (top + bottom) / 2])`);
  }

  /** How light a part of a picture is, row by row; half the side of the part given. */
  function lightness(pixels: Pixels, [x, y]: readonly [number, number], half: number): Uint8Array {
    const side = 2 * half + 1;
    return Uint8Array.from({ length: side * side }, (_, index) => {
      const colour = pixels.at(x - half + (index % side), y - half + Math.floor(index / side));
      const value = Number.parseInt(colour.slice(1), 16);
      return ((value >> 16) + ((value >> 8) & 255) + (value & 255)) / 3;
    });
  }

  /** How far off the second picture is from the first around a place, px: where they are most alike. */
  function offset(one: Pixels, other: Pixels, [x, y]: readonly [number, number], scale: number) {
    const middle = [Math.round(x * scale), Math.round(y * scale)] as const;
    const [reach, around] = [4 * scale, 16 * scale];
    const before = lightness(one, middle, around);
    const after = lightness(other, middle, around + reach);
    const [side, wide] = [2 * around + 1, 2 * (around + reach) + 1];
    let best = { off: Number.POSITIVE_INFINITY, unlike: Number.POSITIVE_INFINITY };
    for (let right = 0; right <= 2 * reach; right += 1) {
      for (let down = 0; down <= 2 * reach; down += 1) {
        let unlike = 0;
        for (const [index, light] of before.entries()) {
          const at = (Math.floor(index / side) + down) * wide + (index % side) + right;
          unlike += Math.abs(light - (after[at] ?? 0));
        }
        const off = Math.hypot(right - reach, down - reach) / scale;
        if (unlike < best.unlike) best = { off, unlike };
      }
    }
    return best.off;
  }

  const views: Readonly<Record<string, [address: string, options: BrowserContextOptions]>> = {
    'desk-light': ['/', { colorScheme: 'light' }],
    'desk-dark-uk': ['/', { colorScheme: 'dark', locale: 'uk-UA' }],
    'phone-light-uk': ['/', { ...phone, colorScheme: 'light', locale: 'uk-UA' }],
    'phone-dark': ['/', { ...phone, colorScheme: 'dark' }],
    'desk-close': ['/?map=6.6/48.6/36.2&type=drone_strike,missile_strike', {}],
    'desk-opened': ['/incidents/2025-08-05-lozova', {}],
    'phone-opened': ['/incidents/2025-08-05-lozova', phone],
    frame: ['/embed?region=UA-63,UA-12', { viewport: { width: 900, height: 480 } }],
  };
  for (const [name, [address, options]] of Object.entries(views)) {
    test(`it is seen before the map, which takes its place where it lies: ${name}`, async () => {
      const { page, complaints, release, close } = await hold(address, options);
      await page.locator('#panels > :not([data-served])').first().waitFor();
      await page
        .locator('.detail-title, .results-head h2, .frame-head [role=status]')
        .filter({ hasText: /\d|Lozova/ })
        .first()
        .waitFor();
      // A phone's sheet comes up over the map.
      await atRest(page);
      const signs = await signsOn(page);
      const before = readPng(await picture(page, `first-${name}-before`));
      release();
      await mapDrawn(page);
      await gone(page.locator('#first'));
      const after = readPng(await picture(page, `first-${name}-after`));
      const scale = options.deviceScaleFactor ?? 1;
      const map = await page.locator('#map').boundingBox();
      assert.ok(map !== null);
      // Those that no panel and no button of the map lies over.
      const isClear = await Promise.all(
        signs.map(([x, y]) =>
          page.evaluate<boolean>(
            `[[0, 0], [-24, -24], [24, -24], [-24, 24], [24, 24]].every(([right, down]) =>
              document.elementFromPoint(${x} + right, ${y} + down)?.matches('.maplibregl-canvas') ?? false)`,
          ),
        ),
      );
      const offsets = signs
        .filter((_, index) => isClear[index])
        .map((sign) => offset(before, after, sign, scale))
        .sort((one, other) => one - other);
      assert.ok(offsets.length > 2, `${offsets.length} signs`);
      // One may have got a ring about it, as it is opened.
      assert.ok((offsets.at(-2) ?? 9) <= 1.5, offsets.join());
      assert.deepEqual(complaints, []);
      await close();
    });
  }

  test('nothing moves as the panels come and the map takes its place', async () => {
    for (const options of [{}, phone]) {
      const { page, release, close } = await hold('/', options);
      release();
      await mapDrawn(page);
      const shifted = await page.evaluate<number>('shifted');
      assert.ok(shifted < 0.05, `${shifted}`);
      await close();
    }
  });

  test('it is in the colours of the theme, the address’ too', async () => {
    const rgb = (hex: string) =>
      `rgb(${[1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)).join(', ')})`;
    for (const [address, colorScheme, theme] of [
      ['/', 'light', themes.light],
      ['/', 'dark', themes.dark],
      ['/?theme=dark', 'light', themes.dark],
    ] as const) {
      const { page, release, close } = await hold(address, { colorScheme });
      const colour = (of: string, what: string) =>
        page
          .locator(of)
          .first()
          .evaluate((element, name) => getComputedStyle(element).getPropertyValue(name), what);
      await becomes(() => colour('#first use.first-ukraine', 'fill'), rgb(theme.map.ukraine));
      assert.equal(await colour('#first', 'background-color'), rgb(theme.map.sea));
      release();
      await close();
    }
  });

  for (const [name, options] of [
    ['wide', {}],
    ['phone', phone],
  ] as const) {
    test(`without JavaScript it is the map, with the way to the list: ${name}`, async () => {
      const { page, complaints, close } = await visit(browser, service, '/?type=sabotage', {
        ...options,
        javaScriptEnabled: false,
      });
      assert.ok(await page.locator('#first use.first-ukraine').first().isVisible());
      await picture(page, `first-${name}-without-javascript`);
      await page.getByRole('link', { name: 'The same incidents in words' }).click();
      await page.waitForURL(/\/api\/collections\/incidents\/items\?type=sabotage$/);
      assert.deepEqual(complaints, []);
      await close();
    });
  }

  test('where the browser cannot draw the map it stays, and the page says so', async () => {
    const { page, release, close } = await hold('/');
    await page.evaluate('HTMLCanvasElement.prototype.getContext = () => null');
    release();
    await page.getByText('The map cannot be drawn in this browser').waitFor();
    assert.ok(await page.locator('#first use.first-ukraine').first().isVisible());
    await picture(page, 'first-without-webgl');
    await close();
  });

  test('axe reports nothing while it stands for the map', async () => {
    const source = await readFile(
      createRequire(import.meta.url).resolve('axe-core/axe.min.js'),
      'utf8',
    );
    for (const options of [{}, { ...phone, locale: 'uk-UA' }]) {
      const { page, release, close } = await hold('/', options);
      await page.locator('.list tbody tr').first().waitFor();
      await page.evaluate(source);
      const found = await page.evaluate<unknown[]>(
        `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'], resultTypes: ['violations'] })
          .then(({ violations }) => violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => id + ' ' + html)))`,
      );
      assert.deepEqual(found, []);
      release();
      await close();
    }
  });
});
