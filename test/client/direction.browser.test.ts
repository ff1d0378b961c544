import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser, BrowserContextOptions, Locator } from 'playwright-core';
import {
  atRest,
  findChromium,
  mapDrawn,
  phone,
  picture,
  profile,
  type Service,
  startBrowser,
  startService,
} from '../helpers/browser.ts';

const chromium = findChromium();
const absent =
  'No Chromium was found at CHROMIUM or the usual paths: the browser tests did not run.';

/** Makes every page be written from right to left, whatever its language says. */
const fromTheRight = `Object.defineProperty(HTMLHtmlElement.prototype, 'dir', {
  set() { this.setAttribute('dir', 'rtl'); },
});`;

describe('written from right to left', { skip: chromium === null ? absent : false }, () => {
  let service: Service;
  let browser: Browser;

  before(async () => {
    [service, browser] = await Promise.all([startService(), startBrowser(chromium ?? '')]);
  });

  after(async () => {
    await browser?.close();
    await service?.stop();
  });

  async function open(address: string, options: BrowserContextOptions) {
    const context = await profile(browser, options);
    const page = await context.newPage();
    await page.addInitScript(fromTheRight);
    await page.goto(new URL(address, service.origin).href);
    await page.locator('html[dir=rtl]').waitFor();
    await mapDrawn(page);
    return { page, close: () => context.close() };
  }

  async function boxOf(element: Locator) {
    const box = await element.boundingBox();
    assert.ok(box !== null);
    return { left: box.x, right: box.x + box.width, top: box.y, bottom: box.y + box.height };
  }

  test('panels change sides, nothing is covered or cut off: desk', async () => {
    const { page, close } = await open('/incidents/2025-08-05-lozova', {});
    await page.locator('.reports').waitFor();
    await mapDrawn(page);
    const [side, map, opened, search, controls, scale, legend] = await Promise.all([
      boxOf(page.locator('.side')),
      boxOf(page.locator('#map')),
      boxOf(page.locator('.opened')),
      boxOf(page.locator('.place-search')),
      boxOf(page.locator('.maplibregl-ctrl-group').first()),
      boxOf(page.locator('.maplibregl-ctrl-scale')),
      boxOf(page.locator('.legend')),
    ]);
    assert.ok(side.left >= map.right && map.left >= opened.right - 1);
    assert.ok(controls.right < search.left, 'the controls and the search do not meet');
    assert.ok(scale.top > legend.bottom || scale.right < legend.left, 'nor scale and legend');
    assert.ok(search.right < map.right && controls.left > map.left);
    await picture(page, 'rtl-desk');
    await page.locator('.place-search input').fill('Lozova');
    await page.locator('.place-search').getByRole('option').first().waitFor();
    await picture(page, 'rtl-desk-search');
    await close();
  });

  test('panels change sides, nothing is covered or cut off: phone', async () => {
    const { page, close } = await open('/', { ...phone, colorScheme: 'dark' });
    const [search, controls] = await Promise.all([
      boxOf(page.locator('.place-search')),
      boxOf(page.locator('.maplibregl-ctrl-group').first()),
    ]);
    assert.ok(controls.right < search.left);
    assert.equal(await page.locator('body').evaluate((body) => body.scrollWidth), 390);
    await page.getByRole('tab').nth(1).click();
    await page.locator('.grip').press('ArrowUp');
    await atRest(page);
    await picture(page, 'rtl-phone-dark');
    await close();
  });

  test('the frame', async () => {
    const viewport = { width: 800, height: 500 };
    const { page, close } = await open('/embed?incident=2025-08-05-lozova', { viewport });
    const card = await boxOf(page.locator('.card'));
    assert.ok(card.left > 400);
    await picture(page, 'rtl-embed');
    await close();
  });
});
