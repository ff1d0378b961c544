import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { after, before, describe, test } from 'node:test';
import type { Browser, BrowserContextOptions, Frame, Page } from 'playwright-core';
import { embedCode } from '../../client/citation.ts';
import { incidentPage } from '../../client/model.ts';
import { readAddress } from '../../client/url.ts';
import { parseBbox } from '../../server/domain/bbox.ts';
import {
  complaintsOf,
  findChromium,
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

const week = '/?datetime=2025-08-01/2025-08-07&type=drone_strike';

describe('the map in a frame of another origin', {
  skip: chromium === null ? absent : false,
}, () => {
  let service: Service;
  let browser: Browser;
  /** The page that the next visit gets from the other origin. */
  let host = '';
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.end(host);
  });
  let elsewhere = '';

  before(async () => {
    [service, browser] = await Promise.all([startService(), startBrowser(chromium ?? '')]);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    assert.ok(address !== null && typeof address === 'object');
    elsewhere = `http://127.0.0.1:${address.port}/`;
  });

  after(async () => {
    server.close();
    await browser?.close();
    await service?.stop();
  });

  interface Framed {
    readonly page: Page;
    readonly frame: Frame;
    readonly complaints: readonly string[];
    readonly close: () => Promise<void>;
  }

  /** Opens a newsroom's page that has the frame of a place in it. */
  async function embed(address: string, options: BrowserContextOptions = {}): Promise<Framed> {
    const { place } = readAddress(address);
    host = `<!doctype html><html lang="en"><title>A newsroom</title>
      <body style="margin:0"><h1>Article</h1>${embedCode(place, 'Strikes', service.origin)}`;
    const context = await profile(browser, { viewport: { width: 1000, height: 700 }, ...options });
    const page = await context.newPage();
    const complaints = complaintsOf(page);
    await page.goto(elsewhere);
    const element = await page.locator('iframe').elementHandle();
    const frame = await element?.contentFrame();
    assert.ok(frame);
    return { page, frame, complaints, close: () => context.close() };
  }

  const drawn = (frame: Frame) => frame.locator('#map[data-drawing=done]').waitFor();

  test('it shows what its address filters, in words, and leads to the whole map', async () => {
    const { frame, page, complaints, close } = await embed(week);
    await frame.getByRole('heading', { name: '1 Aug 2025 to 7 Aug 2025 · Drone strike' }).waitFor();
    const query = 'datetime=2025-08-01/2025-08-07&type=drone_strike';
    const answer = await fetch(`${service.origin}/api/collections/incidents/items?${query}`);
    const { numberMatched } = await answer.json();
    await frame.getByText(`${numberMatched} incidents`, { exact: true }).waitFor();
    await drawn(frame);
    const [popup] = await Promise.all([
      page.waitForEvent('popup'),
      frame.getByRole('link', { name: 'Open in Strike Atlas' }).click(),
    ]);
    await popup.getByRole('heading', { name: `${numberMatched} incidents` }).waitFor();
    assert.equal(new URL(popup.url()).origin, service.origin);
    assert.equal(new URL(popup.url()).search, `?${query}`);
    assert.deepEqual(complaints, []);
    await close();
  });

  test('by keyboard: the list opens an incident in brief, which leads to its claims', async () => {
    const { frame, page, complaints, close } = await embed(week);
    await frame.locator('summary', { hasText: 'List' }).focus();
    await page.keyboard.press('Enter');
    await frame.getByRole('button', { name: /Lozova rail station/ }).focus();
    await page.keyboard.press('Enter');
    const card = frame.getByRole('complementary', { name: 'Incident' });
    await card.getByText('1–2 killed, 9–13 injured').waitFor();
    const link = card.getByRole('link', { name: 'Claims and sources' });
    assert.match((await link.getAttribute('href')) ?? '', /^\/incidents\/2025-08-05-lozova\?/);
    await page.keyboard.press('Escape');
    await card.waitFor({ state: 'detached' });
    assert.deepEqual(complaints, []);
    await close();
  });

  test('without a place in its address it opens on what is filtered', async () => {
    const query = 'datetime=2025-08-05&region=UA-63';
    const { frame, page, complaints, close } = await embed(`/?${query}`);
    await frame.getByText('1 incident', { exact: true }).waitFor();
    await drawn(frame);
    const box = await frame.locator('#map').boundingBox();
    assert.ok(box !== null);
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await frame.locator('.tooltip').getByText('Drone attack on Lozova rail station').waitFor();
    await picture(page, 'embed-one');
    assert.deepEqual(complaints, []);
    await close();
  });

  test('the page says where what is filtered lies, and only where it must', async () => {
    const read = async (query: string, headers = {}) =>
      fetch(`${service.origin}/embed?${query}`, { headers });
    const boxOf = async (query: string) =>
      /<main id="map" data-box="([^"]+)">/.exec(await (await read(query)).text())?.[1];
    const query = 'region=UA-63,UA-12';
    // By itself, and as it comes out of the sums that are kept by type.
    for (const each of [query, 'type=sabotage']) {
      const [west, south, east, north] = parseBbox((await boxOf(each)) ?? '');
      const answer = await fetch(`${service.origin}/api/collections/incidents/items?${each}`);
      const { features } = incidentPage(await answer.json(), 'answer');
      const sides = features.map(({ geometry, properties }) => {
        const [longitude, latitude] = geometry.coordinates;
        const high = properties.uncertainty_m / 111_195;
        const wide = high / Math.cos((latitude * Math.PI) / 180);
        return [longitude - wide, latitude - high, longitude + wide, latitude + high] as const;
      });
      assert.ok(sides.length > 1);
      // Around all of them, and no wider than a kept cell.
      const fits = (beyond: number) => beyond > -1e-6 && beyond < 0.4;
      assert.ok(fits(Math.min(...sides.map((side) => side[0])) - west), each);
      assert.ok(fits(Math.min(...sides.map((side) => side[1])) - south), each);
      assert.ok(fits(east - Math.max(...sides.map((side) => side[2]))), each);
      assert.ok(fits(north - Math.max(...sides.map((side) => side[3]))), each);
    }
    for (const other of ['', `${query}&map=6/48/35`, 'type=shelling&attacker=RU', 'type=flood']) {
      assert.equal(await boxOf(other), undefined, other);
    }
    const etag = (await read(query)).headers.get('etag') ?? '';
    assert.equal((await read(query, { 'if-none-match': etag })).status, 304);
  });

  test('what its address asks for in vain it says in words', async () => {
    const context = await profile(browser);
    const page = await context.newPage();
    await page.goto(`${service.origin}/embed?type=submarine`);
    const notice = page.getByRole('alert').filter({ hasText: 'type=submarine' });
    await notice.getByText('Not applied: type=submarine').waitFor();
    assert.match((await notice.textContent()) ?? '', /known are drone_strike/);
    await context.close();
  });

  test('no other page of ours may be framed by strangers', async () => {
    const policyOf = async (address: string) =>
      (
        await fetch(`${service.origin}${address}`, { headers: { accept: 'text/html' } })
      ).headers.get('content-security-policy') ?? '';
    for (const address of ['/', '/index.html', '/incidents/2025-08-05-lozova', '/regions/UA-14']) {
      assert.match(await policyOf(address), /frame-ancestors 'self'/, address);
    }
    assert.match(await policyOf('/api'), /frame-ancestors 'none'/);
    assert.match(await policyOf('/embed?type=drone_strike'), /frame-ancestors \*/);
  });

  test('without JavaScript it leads to a table of the same incidents', async () => {
    const response = await fetch(`${service.origin}/embed?type=shelling&q=%22%3E%3Cb%3E&lang=uk`);
    const html = await response.text();
    assert.match(html, /<html lang="uk" dir="ltr">/);
    assert.match(html, /<noscript>.*items\?type=shelling&amp;q=%22%3E%3Cb%3E/);
    assert.ok(!html.includes('"><b>'));
  });

  const looks: Readonly<Record<string, [address: string, options: BrowserContextOptions]>> = {
    'embed-desk-light': [week, { colorScheme: 'light' }],
    'embed-desk-dark-uk': ['/?region=UA-63,UA-12&lang=uk&theme=dark', { colorScheme: 'light' }],
    'embed-phone-light': ['/?incident=2025-08-05-lozova&map=7/48.89/36.31', { ...phone }],
    'embed-phone-dark': ['/regions/UA-43?map=5.5/45.3/34', { ...phone, colorScheme: 'dark' }],
    'embed-nothing': ['/?type=shelling', {}],
  };
  for (const [name, [address, options]] of Object.entries(looks)) {
    test(`axe reports nothing and a picture is left: ${name}`, async () => {
      const { frame, page, complaints, close } = await embed(address, options);
      await drawn(frame);
      const source = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
      await frame.evaluate(await readFile(source, 'utf8'));
      const found = await frame.evaluate<unknown[]>(
        `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'], resultTypes: ['violations'] })
          .then(({ violations }) => violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => id + ' ' + html)))`,
      );
      assert.deepEqual(found, []);
      const { width, scroll } = await frame.evaluate(() => ({
        width: innerWidth,
        scroll: document.body.scrollWidth,
      }));
      assert.equal(scroll, width, 'nothing is wider than the frame');
      await picture(page, name);
      assert.deepEqual(complaints, []);
      await close();
    });
  }
});
