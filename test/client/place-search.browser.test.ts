import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser } from 'playwright-core';
import {
  becomes,
  findChromium,
  gone,
  mapDrawn,
  phone,
  picture,
  type Service,
  startBrowser,
  startService,
  tabTo,
  visit,
} from '../helpers/browser.ts';

const chromium = findChromium();
const absent =
  'No Chromium was found at CHROMIUM or the usual paths: the browser tests did not run.';

describe('search for places and regions', { skip: chromium === null ? absent : false }, () => {
  let service: Service;
  let browser: Browser;

  before(async () => {
    [service, browser] = await Promise.all([startService(), startBrowser(chromium ?? '')]);
  });

  after(async () => {
    await browser?.close();
    await service?.stop();
  });

  test('by keyboard: a misspelt place is offered first, and the map goes there', async () => {
    const { page, complaints, close } = await visit(browser, service, '/');
    const box = page.getByRole('combobox', { name: 'Go to a place or region' });
    await tabTo(page, box);
    assert.equal(await box.getAttribute('aria-expanded'), 'false');
    // Each pause in the typing asks; the names meant are those of the whole word.
    const answered = page.waitForResponse(
      (response) => new URL(response.url()).searchParams.get('q') === 'Лозвая',
    );
    await page.keyboard.type('Лозвая');
    await answered;
    const first = page.locator('.place-search').getByRole('option').first();
    await first.getByText('Lozova', { exact: true }).waitFor();
    await becomes(() => box.getAttribute('aria-expanded'), 'true');
    const firstId = await first.getAttribute('id');
    await becomes(() => box.getAttribute('aria-activedescendant'), firstId);
    await picture(page, 'place-search-desk-light');
    await page.keyboard.press('ArrowDown');
    await becomes(() => first.getAttribute('aria-selected'), 'false');
    await page.keyboard.press('ArrowUp');
    await becomes(() => box.getAttribute('aria-activedescendant'), firstId);
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => /^1\d(\.\d+)?\/48\.8/.test(url.searchParams.get('map') ?? ''));
    await becomes(() => box.inputValue(), 'Lozova');
    await gone(page.locator('.place-search').getByRole('option'));
    await page.locator('.located').getByText('Lozova').waitFor();
    await mapDrawn(page);
    await picture(page, 'located-desk-light');
    await page.keyboard.press('Escape');
    await becomes(() => box.inputValue(), '');
    await gone(page.locator('.located'));
    assert.deepEqual(complaints, []);
    await close();
  });

  test('a region that nobody claims opens with its names and codes, and comes into sight', async () => {
    const { page, complaints, close } = await visit(browser, service, '/?map=9/44.6/33.5', {
      locale: 'uk-UA',
      colorScheme: 'dark',
    });
    await page.locator('.place-search input').fill('kharkov obl');
    await page.getByRole('option', { name: /^Харківська область/ }).click();
    await page.waitForURL((url) => url.pathname === '/regions/UA-63');
    await page.getByText('ISO 3166-2 UA-63').waitFor();
    await page.waitForURL((url) => /\/49\.\d+\/3[67]/.test(url.searchParams.get('map') ?? ''));
    await mapDrawn(page);
    await picture(page, 'region-found-desk-dark-uk');
    assert.deepEqual(complaints, []);
    await close();
  });

  test('a click on a region that nobody claims opens it too', async () => {
    const { page, complaints, close } = await visit(browser, service, '/?map=8/51.1/25');
    await mapDrawn(page);
    const box = await page.locator('#map').boundingBox();
    assert.ok(box !== null);
    await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
    await page.waitForURL((url) => url.pathname === '/regions/UA-07');
    const panel = page.getByRole('complementary', { name: 'Region' });
    await panel.getByRole('heading', { name: 'Volyn Oblast' }).waitFor();
    assert.deepEqual(complaints, []);
    await close();
  });

  test('on a phone; and what no name is like is said', async () => {
    const options = { ...phone, colorScheme: 'dark' as const };
    const { page, complaints, close } = await visit(browser, service, '/', options);
    const box = page.locator('.place-search input');
    await box.fill('zxqjwv');
    await page.getByText('No place or region has a name like this.').waitFor();
    await box.fill('Харьков');
    await page
      .getByRole('option', { name: /^Kharkiv/ })
      .first()
      .waitFor();
    await picture(page, 'place-search-phone-dark');
    await page
      .getByRole('option', { name: /^Kharkiv/ })
      .first()
      .tap();
    await page.locator('.located').getByText('Kharkiv').waitFor();
    await mapDrawn(page);
    await picture(page, 'located-phone-dark');
    assert.deepEqual(complaints, []);
    await close();
  });

  test('a server that is away is said to be so', async () => {
    const { page, close } = await visit(browser, service, '/');
    await page.route('**/places/**', (route) => route.abort());
    await page.locator('.place-search input').fill('Lozova');
    await page.locator('.place-search').getByText('The server does not answer.').waitFor();
    await close();
  });
});
