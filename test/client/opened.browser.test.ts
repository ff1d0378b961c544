import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser } from 'playwright-core';
import {
  findChromium,
  gone,
  mapDrawn,
  phone,
  picture,
  type Service,
  startBrowser,
  startService,
  visit,
} from '../helpers/browser.ts';

const chromium = findChromium();
const absent =
  'No Chromium was found at CHROMIUM or the usual paths: the browser tests did not run.';
const address = '/incidents/2025-08-05-lozova?type=drone_strike';
const title = 'Drone attack on Lozova rail station and depot';

describe('an incident at its own address, in a browser', {
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

  for (const [name, options] of [
    ['wide', {}],
    ['phone', phone],
  ] as const) {
    test(`without JavaScript it is an article: ${name}`, async () => {
      const { page, complaints, close } = await visit(browser, service, address, {
        ...options,
        javaScriptEnabled: false,
      });
      await page.getByRole('heading', { name: title }).waitFor();
      assert.ok(await page.getByRole('img', { name: `Map: ${title}` }).isVisible());
      assert.ok(await page.getByText('Somewhere in Lozova, within about 4 km').isVisible());
      await picture(page, `opened-${name}-without-javascript`);
      assert.deepEqual(complaints, []);
      await close();
    });
  }

  test('the map takes over, opens it, and keeps the address as things are opened', async () => {
    const { page, complaints, close } = await visit(browser, service, address);
    await mapDrawn(page);
    const panel = page.getByRole('complementary', { name: 'Incident' });
    await panel.getByRole('heading', { name: title }).waitFor();
    await gone(page.locator('[data-served]'));
    assert.equal(await page.locator('h1').count(), 1);
    const isAt = (path: string) => page.waitForURL(`${service.origin}${path}`);
    await isAt(address);
    await panel.getByRole('button', { name: 'Close' }).click();
    await isAt('/?type=drone_strike');
    await page.goBack();
    await panel.getByRole('heading', { name: title }).waitFor();
    await isAt(address);
    await page.reload();
    await panel.getByRole('heading', { name: title }).waitFor();
    assert.deepEqual(complaints, []);
    await close();
  });

  test('on a screen too small for three columns it lies over the list, which comes back', async () => {
    const { page, complaints, close } = await visit(browser, service, address, {
      viewport: { width: 1024, height: 768 },
    });
    const panel = page.getByRole('complementary', { name: 'Incident' });
    await panel.getByRole('heading', { name: title }).waitFor();
    await mapDrawn(page);
    const map = await page.locator('#map').boundingBox();
    assert.ok(map !== null && map.width > 600, 'the map keeps its width');
    assert.equal(await page.locator('.side').isVisible(), false);
    await panel.getByRole('button', { name: 'Close' }).click();
    await page.locator('.list tbody a:focus').waitFor();
    assert.deepEqual(complaints, []);
    await close();
  });

  test('what there is not has a heading in words', async () => {
    for (const [address, heading] of [
      ['/?incident=none', 'No such incident'],
      ['/?about=XX-1&lang=uk', 'Такого регіону немає'],
    ] as const) {
      const { page, close } = await visit(browser, service, address);
      await page.getByRole('heading', { name: heading }).waitFor();
      await close();
    }
  });

  test('a region has an address of its own too', async () => {
    const { page, complaints, close } = await visit(browser, service, '/regions/UA-14');
    await mapDrawn(page);
    await page.getByRole('heading', { name: 'Donetsk Oblast' }).waitFor();
    assert.equal(page.url(), `${service.origin}/regions/UA-14`);
    assert.deepEqual(complaints, []);
    await close();
  });
});
