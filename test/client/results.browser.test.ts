import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { incidentInFull, incidentPage } from '../../client/model.ts';
import {
  addressesOf,
  becomes,
  findChromium,
  gone,
  phone,
  type Service,
  says,
  startBrowser,
  startService,
  textOf,
  visit,
} from '../helpers/browser.ts';

const chromium = findChromium();
const absent =
  'No Chromium was found at CHROMIUM or the usual paths: the browser tests did not run.';

describe('filters, time, list and incident in a browser', {
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

  const open = (address: string, options?: Parameters<typeof visit>[3]) =>
    visit(browser, service, address, options);

  /** What the API says of a query, which the page must say too. */
  async function matched(query: string): Promise<number> {
    const response = await fetch(`${service.origin}/api/collections/incidents/items?${query}`);
    return incidentPage(await response.json(), 'answer').numberMatched;
  }

  const saysMatched = async (page: Page, query: string) => {
    const count = await matched(query);
    await says(page, count === 1 ? '1 incident' : `${count} incidents`);
  };

  test('each value of a filter says what it would leave, and choosing it leaves that', async () => {
    const { page, complaints, close } = await open('/');
    await saysMatched(page, '');
    await page.getByRole('button', { name: 'More filters' }).click();
    const region = page.locator('[data-facet=region]');
    await region.locator('summary').click();
    await region.getByLabel('Find in: Region').fill('khark');
    const option = region.getByRole('checkbox', { name: /Kharkiv Oblast/ });
    const name = (await option.evaluate((box) => box.closest('label')?.textContent)) ?? '';
    assert.match(name, new RegExp(`${await matched('region=UA-63')} incidents$`));
    await option.check();
    await saysMatched(page, 'region=UA-63');
    await region.getByLabel('Find in: Region').fill('');
    await region.getByRole('checkbox', { name: /^Kyiv/ }).check();
    await saysMatched(page, 'region=UA-63,UA-30');

    const killed = page.locator('[data-facet=killed]');
    await killed.locator('summary').click();
    await killed.getByRole('button', { name: /^at least 10 / }).click();
    await saysMatched(page, 'region=UA-63,UA-30&killed=10..');
    const least = killed.getByLabel('At least');
    await least.fill('3');
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.locator('html[data-theme=dark]').waitFor();
    assert.equal(await least.inputValue(), '3', 'what is being typed stays when all is drawn anew');
    await least.fill('30');
    await least.press('Enter');
    await saysMatched(page, 'region=UA-63,UA-30&killed=30..');
    await page.waitForURL((url) => url.searchParams.get('killed') === '30..');

    await page.getByRole('button', { name: 'Clear all' }).click();
    await page.getByLabel('Words in title').fill('rail station');
    await saysMatched(page, 'q=rail station');
    const source = page.locator('[data-facet=source]');
    await source.locator('summary').click();
    const first = source.locator('label').first();
    const words = await textOf(first.locator('.words'));
    await first.click();
    await page.getByRole('button', { name: `Remove: source: ${words}` }).waitFor();
    assert.deepEqual(complaints, []);
    await close();
  });

  test('nothing found: what loosening each part would give is offered and holds', async () => {
    const { page, complaints, close } = await open(
      '/?type=shelling&datetime=2025-08-01/2025-08-07&attacker=RU',
    );
    await says(page, '0 incidents');
    const count = await matched('datetime=2025-08-01/2025-08-07&attacker=RU');
    const way = page.getByRole('button', { name: `Without “Shelling”` });
    await way.getByText(`${count} incidents`).waitFor();
    await way.click();
    await saysMatched(page, 'datetime=2025-08-01/2025-08-07&attacker=RU');
    assert.deepEqual(complaints, []);
    await close();
  });

  test('link, request and file are of exactly what is shown', async () => {
    const { page, complaints, close } = await open('/?type=missile_strike', {
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    const query = 'type=missile_strike';
    await saysMatched(page, query);
    const clipboard = () => page.evaluate<string>('navigator.clipboard.readText()');
    // What a button says for a moment is recorded, whenever this looks.
    await page.evaluate(`
      window.said = [];
      new MutationObserver(() => said.push(...[...document.querySelectorAll('.copy')].map((copy) => copy.textContent)))
        .observe(document.body, { subtree: true, childList: true, characterData: true });
    `);
    await page.getByRole('button', { name: 'Copy link' }).click();
    await becomes(clipboard, page.url());
    await page.waitForFunction(`said.some((text) => text.includes('Copied'))`);
    await page.getByRole('button', { name: 'Copy API request' }).click();
    await page.waitForFunction(
      `navigator.clipboard.readText().then((text) => text.includes('/api/'))`,
    );
    const response = await fetch(await clipboard());
    assert.equal(incidentPage(await response.json(), 'answer').numberMatched, await matched(query));
    await page.getByRole('button', { name: 'Download' }).click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: /^CSV, for/ }).click(),
    ]);
    const rows = (await readFile(await download.path(), 'utf8')).match(/^2025-[\w-]+,/gm) ?? [];
    assert.equal(rows.length, await matched(query));
    await page.keyboard.press('Escape');
    await gone(page.getByRole('link', { name: /^CSV, for/ }));
    assert.deepEqual(complaints, []);
    await close();
  });

  test('where the clipboard is closed, the text is shown to be copied by hand', async () => {
    const { page, close } = await open('/', phone);
    await page.evaluate(`Object.defineProperty(navigator, 'clipboard', { value: undefined })`);
    await page.getByRole('button', { name: 'Copy API request' }).click();
    const field = page.getByLabel('Copy API request: copy this text');
    assert.match(await field.inputValue(), /\/api\/collections\/incidents\/items$/);
    await close();
  });

  /** The addresses of the API that a page asks for from now on. */
  const asked = (page: Page, part: string): string[] => {
    const addresses: string[] = [];
    page.on('request', (request) => {
      if (request.url().includes(part)) addresses.push(request.url());
    });
    return addresses;
  };
  const datetime = (page: Page) => new URL(page.url()).searchParams.get('datetime');

  test('drawing dates on the histogram: counts at once, few requests, one step of the history', async () => {
    const { page, complaints, close } = await open('/');
    await saysMatched(page, '');
    const box = await page.locator('.brush').boundingBox();
    assert.ok(box !== null);
    const requests = asked(page, '/incidents/items');
    await page.mouse.move(box.x + 300, box.y + 40);
    await page.mouse.down();
    const start = Date.now();
    const moves = 30;
    for (let move = 1; move <= moves; move += 1) {
      await page.mouse.move(box.x + 300 + move * 10, box.y + 40);
    }
    const words = await textOf(page.locator('.timeline .chosen span'));
    await page.mouse.up();
    // One for each quarter of a second at most, however slowly that passed, and one at the end.
    const most = 2 + Math.floor((Date.now() - start) / 250);
    assert.ok(requests.length <= most, `${requests.length} requests, ${most} allowed in that time`);
    await says(page, words);
    await saysMatched(page, `datetime=${datetime(page)}`);
    await page.goBack();
    await saysMatched(page, '');
    assert.equal(datetime(page), null);
    assert.deepEqual(complaints, []);
    await close();
  });

  test('a play moves the dates step by step, asks once a step, and is one step back', async () => {
    const { page, complaints, close } = await open('/?type=drone_strike');
    await saysMatched(page, 'type=drone_strike');
    const requests = asked(page, '/incidents/items');
    const facets = asked(page, '/incidents/facets');
    await page.getByLabel('Speed').selectOption('4');
    const addresses = addressesOf(page);
    await page.getByRole('button', { name: 'Play', exact: true }).click();
    // The steps are recorded: they may be over before this looks.
    const steps = [
      '../2025-04-10',
      '2025-04-05/2025-04-11',
      '2025-04-06/2025-04-12',
      '2025-04-07/2025-04-13',
    ];
    const played = () => [...new Set(addresses.map((url) => url.searchParams.get('datetime')))];
    await becomes(() => played().slice(0, steps.length), steps);
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByRole('button', { name: 'Play', exact: true }).waitFor();
    await saysMatched(page, `type=drone_strike&datetime=${datetime(page)}`);
    assert.deepEqual(
      requests.filter((each, index) => requests.indexOf(each) !== index),
      [],
      'nothing is asked for twice',
    );
    assert.ok(facets.length <= 1, 'counts of other choices wait for the end');
    await page.goBack();
    await saysMatched(page, 'type=drone_strike');

    await page.getByLabel('What moves').selectOption('cumulative');
    await page
      .getByRole('group', { name: 'Incidents by' })
      .getByRole('button', { name: 'Month' })
      .click();
    await page.getByRole('button', { name: 'One step on' }).click();
    await page.waitForURL((url) => url.searchParams.get('datetime') === '../2025-04-30');
    await page.getByRole('button', { name: 'One step on' }).click();
    await page.waitForURL((url) => url.searchParams.get('datetime') === '../2025-05-31');
    await page.getByRole('button', { name: 'One step back' }).click();
    await page.waitForURL((url) => url.searchParams.get('datetime') === '../2025-04-30');
    assert.deepEqual(complaints, []);
    await close();
  });

  test('ready-made dates; what is known only to several days is said to be', async () => {
    const { page, complaints, close } = await open('/');
    await saysMatched(page, '');
    await page.getByText(/\d+ incidents known only to several days/).waitFor();
    const presets = page.getByLabel('Ready-made dates');
    await presets.selectOption('June 2025');
    await saysMatched(page, 'datetime=2025-06-01/2025-06-30');
    await presets.selectOption('Last 7 days');
    await saysMatched(page, `datetime=${datetime(page)}`);
    await presets.selectOption('All dates');
    await saysMatched(page, '');
    assert.deepEqual(complaints, []);
    await close();
  });

  test('dates outside of what the timeline shows are named as they are', async () => {
    const { page, close } = await open('/?datetime=2020-01-01/2020-02-01');
    await page.locator('.chosen', { hasText: '1 Jan 2020 to 1 Feb 2020' }).waitFor();
    await page.locator('.chosen', { hasText: '0 incidents' }).waitFor();
    await close();
  });

  const row = (page: Page, index: number) => page.locator(`.list [aria-rowindex="${index}"]`);

  test('the list holds all incidents, draws those in sight, and goes by the arrow keys', async () => {
    const { page, complaints, close } = await open('/');
    const all = await matched('');
    await says(page, `${all} incidents`);
    const grid = page.getByRole('grid', { name: 'Results' });
    assert.equal(await grid.getAttribute('aria-rowcount'), String(all + 1));
    assert.ok((await grid.locator('tbody tr').count()) < 40, 'rows out of sight are not drawn');
    const tabStops = grid.locator('tbody a[tabindex="0"]');
    assert.equal(await tabStops.count(), 1);
    await tabStops.focus();
    await page.keyboard.press('End');
    await gone(row(page, 2));
    await row(page, all + 1)
      .locator('a:focus')
      .waitFor();
    await page.keyboard.press('ArrowUp');
    const link = row(page, all).locator('a:focus');
    await link.waitFor();
    const title = await textOf(link);
    await page.locator('.tooltip').getByText(title).waitFor();
    await page.keyboard.press('Enter');
    await page.locator('.detail h2:focus').getByText(title).waitFor();
    assert.equal(await row(page, all).getAttribute('aria-selected'), 'true');
    await page.keyboard.press('Escape');
    await row(page, all).locator('a:focus').waitFor();
    assert.deepEqual(complaints, []);
    await close();
  });

  test('an incident that a link opens is brought into sight in the list', async () => {
    const { page, close } = await open('/?sortby=starts_at&incident=2025-08-05-lozova');
    const selected = page.locator('.list [aria-selected=true]');
    await selected.waitFor();
    assert.match(await textOf(selected), /Lozova rail station/);
    await close();
  });

  test('columns sort the whole of the results, in the address and for the API too', async () => {
    const { page, complaints, close } = await open('/');
    await saysMatched(page, '');
    const heading = page.getByRole('columnheader', { name: 'Killed' });
    await becomes(() => heading.getAttribute('aria-sort'), 'none');
    const inOrder = async (sortby: string) => {
      const address = `${service.origin}/api/collections/incidents/items?limit=1&sortby=${sortby}`;
      const { features } = incidentPage(await (await fetch(address)).json(), 'answer');
      await row(page, 2)
        .getByText(features[0]?.properties.title ?? '')
        .waitFor();
      await page.waitForURL((url) => url.searchParams.get('sortby') === sortby);
    };
    await heading.getByRole('button').click();
    await inOrder('-killed_highest');
    assert.equal(await heading.getAttribute('aria-sort'), 'descending');
    await heading.getByRole('button').click();
    await inOrder('killed_highest');
    assert.equal(await heading.getAttribute('aria-sort'), 'ascending');
    await page.getByRole('columnheader', { name: 'Incident' }).getByRole('button').click();
    await inOrder('title');
    await page.getByRole('columnheader', { name: 'Date' }).getByRole('button').click();
    await page.waitForURL((url) => !url.searchParams.has('sortby'));
    assert.deepEqual(complaints, []);
    await close();
  });

  test('further pages come as the list is scrolled', async () => {
    const { page, close } = await open('about:blank');
    await page.route('**/incidents/items?*', (route) =>
      route.continue({
        url: route
          .request()
          .url()
          .replace(/limit=\d+/, 'limit=25'),
      }),
    );
    await page.goto(service.origin);
    const all = await matched('');
    await says(page, `${all} incidents`);
    const last = page.locator('.list tbody tr').last();
    const lastIndex = async () => Number(await last.getAttribute('aria-rowindex'));
    // Each page that comes lets End go further.
    await becomes(async () => {
      await last.locator('a').focus();
      await page.keyboard.press('End');
      return lastIndex();
    }, all + 1);
    await gone(page.locator('.more'));
    await close();
  });

  test('an incident shows how its tolls came in, its conflicts, its sources, and how to cite it', async () => {
    const { page, complaints, close } = await open('/?incident=2025-08-05-lozova');
    const panel = page.getByRole('complementary', { name: 'Incident' });
    const injured = panel.locator('[data-measure=injured]');
    await injured.getByRole('img', { name: /^Injured: how \d+ claims were reported/ }).waitFor();
    await injured.locator('summary').click();
    const item = `${service.origin}/api/collections/incidents/items/2025-08-05-lozova`;
    const { properties } = incidentInFull(await (await fetch(`${item}?f=json`)).json(), 'answer');
    const claims = properties.claims.filter(({ measure }) => measure === 'injured');
    const rows = injured.locator('tbody tr');
    assert.equal(await rows.count(), claims.length);
    assert.ok((await rows.getByText('only for railway staff').count()) > 0);
    assert.equal(
      await panel.locator('.source-list li').count(),
      properties.sources.length,
      'every source is listed',
    );

    const citation = panel.locator('.cite textarea');
    const address = /https?:\S+as_of=[^\s"}]+/;
    for (const form of ['Text', 'BibTeX', 'CSL-JSON']) {
      await panel.getByRole('button', { name: form, exact: true }).click();
      const [link = ''] = address.exec(await citation.inputValue()) ?? [];
      const cited = await fetch(link, { headers: { accept: 'application/geo+json' } });
      assert.equal(incidentInFull(await cited.json(), form).id, '2025-08-05-lozova');
    }
    await panel.getByRole('button', { name: 'Embed' }).click();
    const [, src = ''] = /src="([^"]+)"/.exec(await citation.inputValue()) ?? [];
    assert.equal((await fetch(src)).status, 200);
    assert.deepEqual(complaints, []);
    await close();
  });

  test('statements of a side stand together; a nearby incident opens', async () => {
    const { page, complaints, close } = await open('/?incident=2025-08-30-zaporizhzhia');
    const panel = page.getByRole('complementary', { name: 'Incident' });
    await panel.getByRole('heading', { name: /What the sides say/ }).waitFor();
    await panel.getByText('Russia claims responsibility').first().waitFor();
    const nearby = panel.locator('section', { hasText: 'Nearby incidents' }).getByRole('button');
    const title = await textOf(nearby.first());
    await nearby.first().click();
    await page.locator('.detail h2').getByText(title).waitFor();
    assert.deepEqual(complaints, []);
    await close();
  });

  test('a region shows its incidents over time', async () => {
    const { page, complaints, close } = await open('/?about=UA-23');
    const panel = page.getByRole('complementary', { name: 'Region' });
    const count = await matched('region=UA-23');
    await panel.getByText(`${count} incidents in the region, by week`).waitFor();
    assert.ok((await panel.locator('.brush path[d]').count()) > 0);
    assert.deepEqual(complaints, []);
    await close();
  });
});
