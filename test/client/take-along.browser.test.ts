import assert from 'node:assert/strict';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import {
  artefacts,
  becomes,
  findChromium,
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

describe('pictures and paper', { skip: chromium === null ? absent : false }, () => {
  let service: Service;
  let browser: Browser;

  before(async () => {
    [service, browser] = await Promise.all([startService(), startBrowser(chromium ?? '')]);
  });

  after(async () => {
    await browser?.close();
    await service?.stop();
  });

  /** The picture that the page saves, left among the artefacts: its width and height in pixels. */
  async function saved(page: Page, button: string, name: string) {
    await page.locator('.menu button').first().click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: button }).click(),
    ]);
    await mkdir(artefacts, { recursive: true });
    await copyFile(await download.path(), path.join(artefacts, `${name}.png`));
    const png = await readFile(await download.path());
    assert.match(download.suggestedFilename(), /^strike-atlas-\w+-\d{4}-\d\d-\d\d\.png$/);
    assert.equal(png.toString('latin1', 1, 4), 'PNG');
    return { width: png.readUInt32BE(16), height: png.readUInt32BE(20), bytes: png.length };
  }

  const looks: Readonly<
    Record<string, [address: string, button: string, options: BrowserContextOptions]>
  > = {
    'png-desk-light': [
      '/?datetime=2025-08-01/2025-08-31&attacker=RU&map=5.6/48.5/34',
      'Picture of the map (PNG)',
      { colorScheme: 'light' },
    ],
    'png-desk-dark-uk': ['/?lang=uk', 'Зображення карти (PNG)', { colorScheme: 'dark' }],
    'png-phone-dark': [
      '/?type=drone_strike',
      'Picture of the map (PNG)',
      { ...phone, colorScheme: 'dark' },
    ],
  };
  for (const [name, [address, button, options]] of Object.entries(looks)) {
    test(`the map is saved with what it must carry: ${name}`, async () => {
      const { page, complaints, close } = await visit(browser, service, address, options);
      await mapDrawn(page);
      const box = await page.locator('#map').boundingBox();
      assert.ok(box !== null);
      const ratio = options.deviceScaleFactor ?? 1;
      const { width, height, bytes } = await saved(page, button, name);
      assert.ok(Math.abs(width - box.width * ratio) < 2, `${width} pixels wide`);
      assert.ok(height > (box.height + 120) * ratio, 'there is room for the words');
      assert.ok(bytes > 60_000, 'a map that was not drawn would hold less');
      assert.deepEqual(complaints, []);
      await close();
    });
  }

  test('a dark map is printed in light colours, by our button and by the browser itself', async () => {
    const address = '/?map=5/48.5/31.5';
    const { page, complaints, close } = await visit(browser, service, address, {
      colorScheme: 'dark',
    });
    await mapDrawn(page);
    const clip = { x: 700, y: 200, width: 300, height: 200 };
    const onScreen = await page.screenshot({ clip });
    // How bright the middle of the map is as it gets onto paper, of 255: asked once ours have laid it out.
    await page.evaluate(`
      window.printed = [];
      window.addEventListener('beforeprint', () => {
        const canvas = document.querySelector('.paper canvas');
        const { width, height } = canvas;
        const { data } = canvas.getContext('2d').getImageData(width / 4, height / 4, width / 2, height / 2);
        printed.push(data.reduce((sum, part) => sum + part, 0) / data.length);
      });
      window.print = () => {
        dispatchEvent(new Event('beforeprint'));
        dispatchEvent(new Event('afterprint'));
      };`);
    await page.locator('.menu button').first().click();
    await page.getByRole('button', { name: 'Print, or save as PDF' }).click();
    await page.keyboard.press('Escape');
    await writeFile(path.join(artefacts, 'paper-dark.pdf'), await page.pdf({ format: 'A4' }));
    const printed = await page.evaluate<number[]>('printed');
    assert.equal(printed.length, 2);
    for (const brightness of printed) assert.ok(brightness > 215, `${brightness} of 255`);

    await page.locator('html[data-theme=dark]').waitFor();
    await mapDrawn(page);
    await becomes(async () => (await page.screenshot({ clip })).equals(onScreen), true);
    assert.deepEqual(complaints, []);
    await close();
  });

  test('a map changes its colours at once, and to all of those of the other theme', async () => {
    const address = '/?map=6.2/48.5/34.5&show=heat';
    const { page, complaints, close } = await visit(browser, service, address);
    await mapDrawn(page);
    const other = await visit(browser, service, address, { colorScheme: 'dark' });
    await mapDrawn(other.page);
    const clip = { x: 700, y: 200, width: 600, height: 400 };
    const expected = await other.page.screenshot({ clip });
    await page.emulateMedia({ colorScheme: 'dark' });
    await becomes(async () => (await page.screenshot({ clip })).equals(expected), true);
    assert.deepEqual(complaints, []);
    await other.close();
    await close();
  });

  test('on paper: map, filter in words, all incidents, sources and address, in light colours', async () => {
    const address = '/?datetime=2025-08-01/2025-08-31&attacker=RU';
    const options = { colorScheme: 'dark' as const };
    const { page, complaints, close } = await visit(browser, service, address, options);
    await mapDrawn(page);
    const heading = await page.locator('.results h2').textContent();
    await writeFile(path.join(artefacts, 'paper.pdf'), await page.pdf({ format: 'A4' }));
    assert.equal(await page.locator('.paper').count(), 0, 'it is cleared away');
    assert.equal(await page.locator('html').getAttribute('data-theme'), 'dark');

    await page.evaluate(() => window.dispatchEvent(new Event('beforeprint')));
    await page.emulateMedia({ media: 'print' });
    await page.setViewportSize({ width: 794, height: 1123 });
    const paper = page.locator('.paper');
    await paper.getByText('1 Aug 2025 to 31 Aug 2025 · attacker: Russia').waitFor();
    await paper.getByText(new RegExp(`^${heading}, as of `)).waitFor();
    assert.equal(`${await paper.locator('tbody tr').count()} incidents`, heading);
    await paper.getByText(/^Towns: GeoNames/).waitFor();
    await paper.getByText(`This view: ${new URL(address, service.origin).href}`).waitFor();
    assert.equal(await page.locator('.results').isVisible(), false);
    const colour = await paper
      .locator('td b')
      .first()
      .evaluate((cell) => getComputedStyle(cell).color);
    assert.equal(colour, 'rgb(36, 33, 28)');
    const { isDrawn } = await paper.locator('canvas').evaluate((canvas) => {
      if (!(canvas instanceof HTMLCanvasElement)) return { isDrawn: false };
      const { data } = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, 50) ?? {
        data: [],
      };
      return { isDrawn: new Set(data).size > 20 };
    });
    assert.ok(isDrawn, 'the map on paper is not blank');
    await picture(page, 'paper');
    assert.deepEqual(complaints, []);
    await close();
  });
});
