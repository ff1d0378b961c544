import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { after, before, describe, test } from 'node:test';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { incidentPage } from '../../client/model.ts';
import {
  findChromium,
  mapDrawn,
  phone,
  picture,
  profile,
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

/** WCAG 2.2 A and AA, and what axe holds for good practice. */
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** What is looked at: where it is, and what must be done and seen before. */
interface View {
  readonly name: string;
  readonly address: string;
  readonly ready: string;
  readonly arrange?: (page: Page) => Promise<void>;
  readonly on?: 'desk' | 'phone';
}

const tab = (index: number) => async (page: Page) => {
  await page.getByRole('tab').nth(index).click();
};

const views: readonly View[] = [
  { name: 'map and list', address: '/', ready: '.list tbody tr' },
  {
    name: 'filters',
    address:
      '/?attacker=RU&target=rail,residential&killed=1..&region=UA-63&geo_precision=settlement',
    ready: '.option .count',
    on: 'desk',
  },
  {
    name: 'filters',
    address: '/?attacker=RU&killed=1..',
    ready: '.option .count',
    arrange: tab(1),
    on: 'phone',
  },
  { name: 'time', address: '/', ready: '.brush path', arrange: tab(2), on: 'phone' },
  { name: 'legend', address: '/', ready: '.legend-signs', arrange: tab(3), on: 'phone' },
  {
    name: 'download menu and dates',
    address: '/?datetime=2025-08-01/2025-08-07',
    ready: '.menu-body',
    arrange: (page) => page.locator('.menu button').click(),
  },
  {
    name: 'incident',
    address: '/?incident=2025-08-05-lozova',
    ready: '.reports',
    arrange: async (page) => {
      for (const summary of await page.locator('.claims-table summary').all()) {
        await summary.click();
      }
    },
  },
  {
    name: 'incident with sides',
    address: '/?incident=2025-08-30-zaporizhzhia',
    ready: '.position',
  },
  { name: 'region', address: '/?about=UA-23', ready: '.detail .brush path' },
  { name: 'nothing found', address: '/?type=shelling&attacker=RU', ready: '.way' },
  { name: 'refused filter', address: '/?type=flood', ready: '.notice' },
  { name: 'no such incident', address: '/?incident=nowhere', ready: '.detail .notice' },
  {
    name: 'several incidents',
    address: '/?incident=2025-08-05-lozova,2025-08-06-orlivka-gas',
    ready: '.detail .list tbody tr',
  },
  {
    name: 'symbols by a toll, density',
    address: '/?size=killed&show=heat&map=5.5/48.6/33',
    ready: '.legend-more[open]',
    on: 'desk',
  },
  { name: 'embedded', address: '/embed?type=drone_strike', ready: '.frame-list' },
  {
    name: 'offline',
    address: '/',
    ready: '.notice',
    arrange: (page) => page.context().setOffline(true),
  },
  ...[
    '/api',
    '/api/collections/incidents',
    '/api/collections/incidents/items?limit=20&type=drone_strike',
    '/api/collections/incidents/items/2025-08-05-lozova',
    '/api/collections/incidents/items/2025-08-27-energy-six-regions',
    '/api/collections/regions/items?country=UA',
    '/api/collections/regions/items/UA-43',
    '/api/collections/claims/items?limit=20',
    '/api/collections/incidents/aggregate?by=month,type',
    '/api/tileMatrixSets/WebMercatorQuad',
    '/api/collections/incidents/items?type=flood',
  ].map((address) => ({ name: address, address, ready: 'main h1' })),
];

const circumstances: Readonly<Record<string, BrowserContextOptions & { locale: string }>> = {
  'desk, light, English': { colorScheme: 'light', locale: 'en-GB' },
  'desk, dark, Ukrainian': { colorScheme: 'dark', locale: 'uk-UA' },
  'phone, light, Ukrainian': { ...phone, colorScheme: 'light', locale: 'uk-UA' },
  'phone, dark, English': { ...phone, colorScheme: 'dark', locale: 'en-GB' },
};

/** A picture waits for the map, which is drawn in software: of every view only when asked for. */
const pictured =
  process.env.PICTURES === 'all'
    ? views.map(({ name }) => name)
    : ['map and list', 'incident', 'embedded'];

/** What is on the canvas is not in the document, which is all that axe looks at: it need not be drawn. */
async function leaveMapEmpty(page: Page): Promise<void> {
  await page.route('**/tiles/WebMercatorQuad/**', (route) => route.fulfill({ status: 204 }));
  const nothing = { type: 'FeatureCollection', features: [] };
  await page.route('**/assets/*.geojson', (route) => route.fulfill({ json: nothing }));
}

const slug = (name: string) => name.replace(/\W+/g, '-').replace(/^-|-$/g, '');

interface Finding {
  readonly id: string;
  readonly help: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
}

describe('accessibility', { skip: chromium === null ? absent : false }, () => {
  let service: Service;
  let browser: Browser;
  let axe: string;

  before(async () => {
    const source = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
    [service, browser, axe] = await Promise.all([
      startService(),
      startBrowser(chromium ?? ''),
      readFile(source, 'utf8'),
    ]);
  });

  after(async () => {
    await browser?.close();
    await service?.stop();
  });

  /** What axe finds, in words; empty when it finds nothing. */
  async function findings(page: Page): Promise<string[]> {
    await page.evaluate(axe);
    const options = JSON.stringify({ runOnly: rules, resultTypes: ['violations'] });
    const found = await page.evaluate<readonly Finding[]>(
      `axe.run(document, ${options}).then(({ violations }) => violations)`,
    );
    return found.flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)} ${failureSummary}`),
    );
  }

  test('axe finds what is put there to be found', async () => {
    const { page, close } = await visit(browser, service, '/');
    await page.evaluate(`document.body.insertAdjacentHTML('beforeend', '<img src="data:,">')`);
    assert.match((await findings(page)).join(), /image-alt/);
    await close();
  });

  for (const [words, options] of Object.entries(circumstances)) {
    const size = words.startsWith('phone') ? 'phone' : 'desk';
    test(`every view, axe and a picture: ${words}`, { timeout: 1_800_000 }, async () => {
      // One profile for all: scripts are fetched and compiled once.
      const context = await profile(browser, options);
      for (const { name, address, ready, arrange, on = size } of views) {
        if (on !== size) continue;
        const page = await context.newPage();
        const isPictured = pictured.includes(name);
        if (!isPictured) await leaveMapEmpty(page);
        await page.goto(new URL(address, service.origin).href);
        if (isPictured && !address.startsWith('/api')) await mapDrawn(page);
        await arrange?.(page);
        await page.locator(ready).first().waitFor();
        assert.deepEqual(await findings(page), [], name);
        if (isPictured) await picture(page, `views/${slug(name)} (${words})`);
        await page.close();
        await context.setOffline(false);
      }
      await context.close();
    });
  }

  test('the whole job by keyboard alone: find, filter, open, read claims, export', async () => {
    const { page, complaints, close } = await visit(browser, service, '/');
    const keys = page.keyboard;
    const focus = page.locator(':focus');
    await page.locator('.list tbody tr').first().waitFor();

    await tabTo(page, page.getByRole('searchbox', { name: /^Words/ }));
    await keys.type('drone');
    await page.waitForURL((url) => url.searchParams.get('q') === 'drone');

    await tabTo(page, page.getByRole('button', { name: 'More filters' }));
    await keys.press('Enter');
    const region = page.locator('[data-facet=region]');
    await tabTo(page, region.locator('summary'));
    await keys.press('Enter');
    await tabTo(page, region.getByRole('checkbox', { name: /^Kharkiv Oblast/ }));
    await keys.press('Space');
    await page.waitForURL((url) => url.searchParams.get('region') === 'UA-63');
    const { search } = new URL(page.url());
    const address = `${service.origin}/api/collections/incidents/items${search}`;
    const { numberMatched } = incidentPage(await (await fetch(address)).json(), 'answer');
    await says(page, `${numberMatched} incidents`);
    await page.locator(`.list[aria-rowcount="${numberMatched + 1}"]`).waitFor();

    await tabTo(page, page.locator('.list tbody a[tabindex="0"]'));
    await keys.press('End');
    await page.locator(`.list [aria-rowindex="${numberMatched + 1}"] a:focus`).waitFor();
    const title = await textOf(focus);
    await keys.press('Enter');
    await page.locator('.detail h2:focus').getByText(title).waitFor();
    await page.locator('.claims-table').first().waitFor();
    await tabTo(page, page.locator('.claims-table summary').first());
    await keys.press('Enter');
    await page.locator('.claims-table[open] tbody tr').first().waitFor();
    await keys.press('Escape');
    await page.locator(`.list [aria-rowindex="${numberMatched + 1}"] a:focus`).waitFor();

    await tabTo(page, page.getByRole('button', { name: 'Download' }));
    await keys.press('Enter');
    await tabTo(page, page.getByRole('link', { name: /^CSV, for/ }));
    const [download] = await Promise.all([page.waitForEvent('download'), keys.press('Enter')]);
    const table = await readFile(await download.path(), 'utf8');
    assert.equal(table.match(/^2025-[\w-]+,/gm)?.length, numberMatched);
    assert.deepEqual(complaints, []);
    await close();
  });
});
