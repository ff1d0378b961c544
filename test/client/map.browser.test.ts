import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { incidentPage } from '../../client/model.ts';
import {
  atRest,
  becomes,
  findChromium,
  gate,
  gone,
  mapDrawn,
  phone,
  picture,
  type Service,
  says,
  startBrowser,
  startService,
  tabTo,
  textOf,
  visit,
} from '../helpers/browser.ts';

const chromium = findChromium();
const absent =
  'No Chromium was found at CHROMIUM or the usual paths: the browser tests did not run.';
if (chromium === null) console.log(absent);

describe('the page in a browser', { skip: chromium === null ? absent : false }, () => {
  let service: Service;
  let browser: Browser;

  before(async () => {
    [service, browser] = await Promise.all([startService(), startBrowser(chromium ?? '')]);
  });

  after(async () => {
    await browser?.close();
    await service?.stop();
  });

  const open = (address: string, options?: Parameters<typeof visit>[3]) =>
    visit(browser, service, address, options);

  /** What the API says of a query, which the page must say too. */
  async function matched(query: string): Promise<number> {
    const response = await fetch(`${service.origin}/api/collections/incidents/items?${query}`);
    return incidentPage(await response.json(), 'answer').numberMatched;
  }

  test('filters by date and type, opens Lozova and reads its figures and their conflict', async () => {
    const { page, complaints, close } = await open('/');
    await says(page, `${await matched('')} incidents`);
    await page.getByLabel('From', { exact: true }).fill('2025-08-01');
    await page.getByLabel('To', { exact: true }).fill('2025-08-07');
    await page.getByRole('button', { name: 'Drone strike' }).click();
    const query = 'datetime=2025-08-01/2025-08-07&type=drone_strike';
    await says(page, `${await matched(query)} incidents`);
    await page.waitForURL((url) => url.search === `?${query}`);
    const rows = page.locator('table.list tbody tr');
    await becomes(() => rows.count(), await matched(query));

    await page.getByRole('link', { name: /Lozova/ }).click();
    const panel = page.getByRole('complementary', { name: 'Incident' });
    await panel.getByRole('heading', { name: 'Drone attack on Lozova rail station' }).waitFor();
    const figure = (measure: string) => panel.locator(`[data-measure="${measure}"]`);
    await panel.getByRole('heading', { name: /Claims in order of report/ }).waitFor();
    assert.match(await textOf(figure('drones_launched')), /25–34/);
    const drones = await figure('drones_launched').locator('.values li b').allTextContents();
    assert.ok(drones.includes('34'));
    assert.match(await textOf(figure('killed')), /1–2[\s\S]*Latest: 2, /);
    const injured = await figure('injured').locator('.values li b').allTextContents();
    assert.deepEqual(injured.toSorted(), ['10', '13', '9', 'at least 10']);
    assert.match(await textOf(panel), /Somewhere in Lozova, within about 4 km/);
    assert.match(await textOf(panel), /only for railway staff/);
    assert.match(await textOf(panel), /Editors’ notes[\s\S]*The 13 injured/);
    const link = panel.getByRole('link', { name: 'Interfax-Ukraine' }).first();
    assert.match((await link.getAttribute('href')) ?? '', /^https:\/\//);
    await mapDrawn(page);
    assert.deepEqual(complaints, []);
    await close();
  });

  test('a filter chosen while the first tiles are still on their way is drawn', async () => {
    const { page, complaints, close } = await visit(browser, service, 'about:blank');
    const asked = gate();
    const chosen = gate();
    await page.route('**/incidents/tiles/WebMercatorQuad/**', async (route) => {
      asked.open();
      await chosen.opened;
      await route.continue();
    });
    await page.goto(service.origin);
    await asked.opened;
    const tile = page.waitForResponse(/incidents\/tiles\/.*type=drone_strike/);
    await page.getByRole('button', { name: 'Drone strike' }).click();
    await page.waitForURL((url) => url.searchParams.get('type') === 'drone_strike');
    chosen.open();
    assert.equal((await tile).status(), 200);
    await mapDrawn(page);
    assert.deepEqual(complaints, []);
    await close();
  });

  test('a link reproduces the view; back and forward walk through what was chosen', async () => {
    const address =
      '/incidents/2025-08-05-lozova?datetime=2025-08-01/2025-08-07&type=drone_strike&map=8/48.89/36.31';
    const { page, complaints, close } = await open(address);
    await page.getByRole('heading', { name: 'Drone attack on Lozova rail station' }).waitFor();
    await says(
      page,
      `${await matched('datetime=2025-08-01/2025-08-07&type=drone_strike')} incidents`,
    );
    assert.equal(await page.getByLabel('From', { exact: true }).inputValue(), '2025-08-01');
    await mapDrawn(page);
    assert.equal(page.url(), new URL(address, service.origin).href);

    await page.getByRole('button', { name: 'Close' }).click();
    await page.waitForURL((url) => url.pathname === '/');
    // Choices that follow each other faster share one entry of the history.
    await page.waitForTimeout(800);
    await page.getByRole('button', { name: 'Remove: Drone strike' }).click();
    await page.waitForURL((url) => !url.searchParams.has('type'));
    await page.goBack();
    await page.waitForURL((url) => url.searchParams.get('type') === 'drone_strike');
    await page.goBack();
    await page.getByRole('heading', { name: 'Drone attack on Lozova rail station' }).waitFor();
    await page.goForward();
    await page.goForward();
    await says(page, `${await matched('datetime=2025-08-01/2025-08-07')} incidents`);
    assert.deepEqual(complaints, []);
    await close();
  });

  test('a click on a symbol opens its incident; on a hatched region, the region', async () => {
    const { page, complaints, close } = await open('/?map=9/48.89066/36.31412&hide=labels');
    await mapDrawn(page);
    const symbol = await middleOf(page);
    await page.mouse.move(symbol.x, symbol.y);
    await page.locator('.tooltip').getByText('Drone attack on Lozova').waitFor();
    await page.mouse.click(symbol.x, symbol.y);
    await page.getByRole('heading', { name: 'Drone attack on Lozova rail station' }).waitFor();
    assert.deepEqual(complaints, []);
    await close();

    const region = await open('/?map=8/46.9/35.9');
    await mapDrawn(region.page);
    const { x, y } = await middleOf(region.page);
    await region.page.mouse.click(x, y);
    const panel = region.page.getByRole('complementary', { name: 'Region' });
    await panel.getByText('Claimed by Russia since 30 September 2022').waitFor();
    const text = await textOf(panel);
    assert.match(text, /Not recognised: A\/RES\/ES-11\/4/);
    assert.match(text, /143 in favour · 5 against · 35 abstained/);
    assert.match(text, /A territorial claim is not control/);
    assert.deepEqual(region.complaints, []);
    await region.close();
  });

  test('incidents that share a point are listed by a click on their symbol', async () => {
    const { page, complaints, close } = await open('/?map=12/50.45466/30.5238');
    await mapDrawn(page);
    const { x, y } = await middleOf(page);
    await page.mouse.click(x, y);
    await page.getByRole('heading', { name: /incidents at this place/ }).waitFor();
    await page.locator('.detail tbody tr').nth(5).waitFor();
    await page.getByText('each is known to the settlement, not to the street').waitFor();
    assert.deepEqual(complaints, []);
    await close();
  });

  test('incidents under one mark: the pointer says how many and which, a focus on one of them too', async () => {
    const { page, complaints, close } = await open('/?map=12/50.45466/30.5238');
    await mapDrawn(page);
    const { x, y } = await middleOf(page);
    await page.mouse.move(x, y);
    const tooltip = page.locator('.tooltip');
    await tooltip.getByText(/^\d+ incidents$/).waitFor();
    const count = Number.parseInt(await textOf(tooltip.locator('.tooltip-title')), 10);
    const titles = await tooltip.locator('li').allTextContents();
    assert.equal(titles.length, 4);
    await tooltip.getByText(`and ${count - 4} more`).waitFor();
    await picture(page, 'pile');

    await page.mouse.move(5, 5);
    await gone(tooltip);
    await page.locator('.list tbody a', { hasText: titles[0] ?? '' }).focus();
    await tooltip.getByText(titles[0] ?? '', { exact: true }).waitFor();
    await tooltip.getByText(`One of ${count} incidents under this mark`).waitFor();
    assert.deepEqual(complaints, []);
    await close();
  });

  test('a finger on several incidents of one place lists them within its reach', async () => {
    const { page, complaints, close } = await open('/?map=12/50.45466/30.5238', phone);
    await mapDrawn(page);
    const { x, y } = await middleOf(page);
    // Beside the mark: a finger is broader than a pointer.
    await page.touchscreen.tap(x + 24, y);
    const heading = page.getByRole('heading', { name: /^\d+ incidents at this place$/ });
    await heading.waitFor();
    const count = Number.parseInt(await textOf(heading), 10);
    const rows = page.locator('.detail tbody tr');
    await becomes(() => rows.count(), count);
    await atRest(page);
    const first = await rows.first().boundingBox();
    assert.ok(first !== null && first.height >= 44 && first.y + first.height < 844);
    await picture(page, 'pile-phone');
    const title = await textOf(rows.first().locator('a'));
    await rows.first().tap();
    await page.locator('.detail h2').getByText(title).waitFor();
    assert.deepEqual(complaints, []);
    await close();
  });

  test('incidents of several places that a link opens are not said to share one', async () => {
    const { page, close } = await open('/?incident=2025-08-05-lozova,2025-08-06-orlivka-gas');
    const panel = page.getByRole('complementary', { name: 'Results' });
    await panel.locator('tbody tr').nth(1).waitFor();
    await panel.getByRole('heading', { name: '2 incidents', exact: true }).waitFor();
    await gone(panel.getByText('Their points coincide'));
    await close();
  });

  test('by keyboard alone: filter by dates and type, reach the list, open, read, close', async () => {
    const { page, complaints, close } = await open('/');
    await says(page, `${await matched('')} incidents`);
    await tabTo(page, page.getByRole('button', { name: 'Missile strike' }));
    await page.keyboard.press('Space');
    await says(page, `${await matched('type=missile_strike')} incidents`);
    await page.keyboard.press('Space');
    await says(page, `${await matched('')} incidents`);

    const first = page.getByRole('slider', { name: 'First day' });
    await tabTo(page, first);
    await page.keyboard.press('PageUp');
    await page.keyboard.press('ArrowLeft');
    await page.waitForURL((url) => url.searchParams.get('datetime') === '2025-04-10/..');
    await becomes(() => first.getAttribute('aria-valuetext'), '10 April 2025');
    await page.keyboard.press('Home');
    await page.waitForURL((url) => !url.searchParams.has('datetime'));

    await page.reload();
    await says(page, `${await matched('')} incidents`);
    await page.keyboard.press('Tab');
    await becomes(() => textOf(focused(page)), 'Skip to the list of incidents');
    await page.keyboard.press('Enter');
    const row = page.locator('table.list tbody a').first();
    await tabTo(page, row);
    await page.keyboard.press('ArrowDown');
    const second = page.locator('table.list tbody a').nth(1);
    const title = await textOf(second);
    await page.locator('.list a:focus').getByText(title).waitFor();
    await page.keyboard.press('Enter');
    const heading = page.locator('.detail h2');
    await page.locator('.detail h2:focus').getByText(title).waitFor();
    await becomes(() => textOf(focused(page)), await textOf(heading));
    await page.getByRole('heading', { name: /Claims in order of report/ }).waitFor();
    await page.keyboard.press('Escape');
    await page.waitForURL((url) => !url.searchParams.has('incident'));
    await page.locator('.list a:focus').getByText(title).waitFor();
    assert.deepEqual(complaints, []);
    await close();
  });

  test('names on the map are drawn without a font server', async () => {
    const { page, close } = await open('/?map=7/50.2/30.6');
    await mapDrawn(page);
    const clip = { x: 640, y: 20, width: 740, height: 680 };
    const named = await page.screenshot({ clip });
    await page.getByText('More layers, size of symbols').click();
    await mapDrawn(page);
    const switched = page.getByRole('checkbox', { name: 'Show on the map: Place names' });
    await switched.click();
    await becomes(() => switched.isChecked(), false);
    await mapDrawn(page);
    const bare = await page.screenshot({ clip });
    assert.ok(named.length > bare.length + 5_000, 'a picture with names holds more');
    await close();
  });

  test('an incident known only to an area says so and is not drawn as a point', async () => {
    const { page, complaints, close } = await open('/?incident=2025-05-25-countrywide');
    const panel = page.getByRole('complementary', { name: 'Incident' });
    await panel.getByText(/Drawn as an area, not as a point/).waitFor();
    await mapDrawn(page);
    assert.deepEqual(complaints, []);
    await close();
  });

  test('nothing found: the filters to loosen are named, and each can be removed', async () => {
    const { page, close } = await open('/?type=shelling&datetime=2025-08-01/2025-08-07');
    await says(page, '0 incidents');
    await page.getByText('Loosen one of these').waitFor();
    await page.getByRole('button', { name: 'Remove: Shelling' }).click();
    await says(page, `${await matched('datetime=2025-08-01/2025-08-07')} incidents`);
    await close();
  });

  test('an address that cannot be honoured is named and not applied', async () => {
    const { page, close } = await open('/?type=flood&attacker=RU');
    const notice = page.getByRole('alert');
    await notice.getByText('type=flood').waitFor();
    await says(page, `${await matched('attacker=RU')} incidents`);
    await close();
  });

  test('a server that is away is said to be so, and the page recovers by itself', async () => {
    const { page, close } = await open('/');
    await says(page, `${await matched('')} incidents`);
    await page.route('**/api/**', (route) => route.abort());
    await page.getByRole('button', { name: 'Missile strike' }).click();
    await page.getByText('The server does not answer.').waitFor();
    await page.getByText(/Shown: the state of/).waitFor();
    await page.unroute('**/api/**');
    await says(page, `${await matched('type=missile_strike')} incidents`);
    await gone(page.getByText('The server does not answer.'));
    await gone(page.getByText(/Shown: the state of/));
    await close();
  });

  test('a map behind its list says so, and catches up by itself', async () => {
    const { page, close } = await open('/');
    await says(page, `${await matched('')} incidents`);
    await mapDrawn(page);
    await page.route('**/tiles/**', (route) => route.fulfill({ status: 503, body: '{}' }));
    await page.getByRole('button', { name: 'Missile strike' }).click();
    await says(page, `${await matched('type=missile_strike')} incidents`);
    const notice = page.getByText('The map could not be brought up to date with the list.');
    await notice.waitFor();
    await picture(page, 'map-behind');
    await page.unroute('**/tiles/**');
    await gone(notice);
    await mapDrawn(page);
    await close();
  });

  test('a server that starts says so; the page recovers by itself', async () => {
    const { page, close } = await open('/');
    await says(page, `${await matched('')} incidents`);
    await page.route('**/api/**', (route) => route.fulfill({ status: 503, body: 'starting' }));
    await page.getByRole('button', { name: 'Missile strike' }).click();
    await page.getByText('The server is busy or starting.').waitFor();
    await page.unroute('**/api/**');
    await says(page, `${await matched('type=missile_strike')} incidents`);
    await gone(page.getByText('The server is busy or starting.'));
    await close();
  });

  test('a device without a network says so, with how old what it shows is', async () => {
    const { page, close } = await open('/');
    await says(page, `${await matched('')} incidents`);
    await page.context().setOffline(true);
    await page.getByText('This device is offline.').waitFor();
    await page.getByText(/Shown: the state of/).waitFor();
    await picture(page, 'offline');
    await page.context().setOffline(false);
    await gone(page.getByText('This device is offline.'));
    await close();
  });

  test('symbols are sized by a toll, and density is drawn, as the address says', async () => {
    const { page, complaints, close } = await open('/');
    await mapDrawn(page);
    const before = await page.locator('#map canvas').screenshot();
    await page.getByText('More layers, size of symbols').click();
    const sizes = page.getByRole('group', { name: 'Size of symbols' });
    await sizes.getByRole('button', { name: 'Killed' }).click();
    await page.waitForURL((url) => url.searchParams.get('size') === 'killed');
    await page.getByText(/An incident with no number adds nothing/).waitFor();
    await page.getByRole('checkbox', { name: 'Show on the map: Density' }).check();
    await page.waitForURL((url) => url.searchParams.get('show') === 'heat');
    await mapDrawn(page);
    const after = await page.locator('#map canvas').screenshot();
    assert.ok(!before.equals(after));
    await picture(page, 'sized-and-dense');
    await page.reload();
    await mapDrawn(page);
    await sizes.getByRole('button', { name: 'Killed', pressed: true }).waitFor();
    assert.deepEqual(complaints, []);
    await close();
  });

  test('speaks Ukrainian to a browser that prefers it, and on request', async () => {
    const { page, complaints, close } = await open('/', { locale: 'uk-UA' });
    await page.getByRole('heading', { name: /^\d+ под(ія|ії|ій)$/ }).waitFor();
    await page.locator('html[lang=uk]').waitFor();
    await page.getByRole('button', { name: 'English' }).click();
    await says(page, `${await matched('')} incidents`);
    await page.waitForURL((url) => url.searchParams.get('lang') === 'en');
    await mapDrawn(page);
    assert.deepEqual(complaints, []);
    await close();
  });

  test('on a phone a menu in the low sheet gets room, and what to loosen stands over the map', async () => {
    const { page, complaints, close } = await open('/?type=missile_strike', phone);
    await says(page, `${await matched('type=missile_strike')} incidents`);
    await page.getByRole('button', { name: 'Download' }).click();
    await atRest(page);
    const file = page.getByRole('link', { name: /^CSV, for/ });
    await becomes(async () => {
      const box = await file.boundingBox();
      return box !== null && box.y > 422 && box.y + box.height < 844 && box.height >= 44;
    }, true);
    await picture(page, 'menu-phone');
    await close();

    const nothing = await open('/?type=shelling', phone);
    const way = nothing.page.getByRole('button', { name: 'Without “Shelling”' });
    await way.waitFor();
    const sheet = await nothing.page.locator('.sheet').boundingBox();
    const box = await way.boundingBox();
    assert.ok(box !== null && sheet !== null && box.y + box.height < sheet.y);
    await way.tap();
    await says(nothing.page, `${await matched('')} incidents`);
    assert.deepEqual([...complaints, ...nothing.complaints], []);
    await nothing.close();
  });

  test('on a phone the sheet holds list, filter and legend, and what is opened', async () => {
    const { page, complaints, close } = await open('/', phone);
    await says(page, `${await matched('')} incidents`);
    await page.getByRole('tab', { name: 'Filter' }).click();
    await page.getByRole('button', { name: 'Sabotage' }).click();
    await page.getByRole('tab', { name: 'Time' }).click();
    await atRest(page);
    const play = await page.getByRole('button', { name: 'Play', exact: true }).boundingBox();
    const chart = await page.locator('.brush').boundingBox();
    assert.ok(play !== null && play.height >= 44 && play.y + play.height < 844);
    assert.ok(chart !== null && chart.y + chart.height < 844, 'within reach, the map above it');
    await page.getByRole('tab', { name: 'Incidents' }).click();
    await says(page, `${await matched('type=sabotage')} incidents`);
    await page.getByRole('link', { name: /Kerch|Crimean Bridge/ }).click();
    await page.getByRole('heading', { name: /Figures/ }).waitFor();
    const overflow = await page.locator('body').evaluate((body) => body.scrollWidth);
    assert.equal(overflow, 390, 'nothing is wider than the screen');
    await mapDrawn(page);
    assert.deepEqual(complaints, []);
    await close();
  });
});

async function middleOf(page: Page): Promise<{ x: number; y: number }> {
  const box = await page.locator('#map').boundingBox();
  assert.ok(box !== null);
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

function focused(page: Page) {
  return page.locator(':focus');
}
