import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { FastifyInstance } from 'fastify';
import { atlasApp } from '../helpers/atlas.ts';
import { addCopy, retract } from '../helpers/incidents.ts';

interface Page {
  readonly features: readonly { readonly id: string }[];
  readonly links: readonly { readonly rel: string; readonly href: string }[];
  readonly numberMatched: number;
}

const items = '/api/collections/incidents/items';
const base = 'https://atlas.example';

async function read(app: FastifyInstance, url: string): Promise<Page> {
  const response = await app.inject({ url });
  assert.equal(response.statusCode, 200, response.body);
  return response.json<Page>();
}

/** The ids of each page of a walk; `between` runs after each page with its number. */
async function walk(
  app: FastifyInstance,
  url: string,
  between: (page: number) => Promise<void>,
): Promise<string[][]> {
  const pages: string[][] = [];
  for (let next: string | undefined = url; next !== undefined; ) {
    assert.ok(pages.length < 100, 'the walk does not end');
    const page: Page = await read(app, next);
    pages.push(page.features.map(({ id }) => id));
    await between(pages.length);
    next = page.links.find(({ rel }) => rel === 'next')?.href.slice(base.length);
  }
  return pages;
}

test('paging while the record changes', async (context: TestContext) => {
  const { app, database } = await atlasApp(context);
  const day = (page: number) => `20${String(10 + (page % 16)).padStart(2, '0')}-06-15`;

  for (const sortby of ['', '&sortby=title', '&sortby=-killed_highest,type', '&sortby=place']) {
    await context.test(`what stays is met once${sortby}`, async () => {
      const before = await read(app, `${items}?limit=1000`);
      const stays = new Set(before.features.map(({ id }) => id));
      const ids: string[] = [];
      const pages = await walk(app, `${items}?limit=5${sortby}`, async (page) => {
        if (page > 14) return;
        // On both sides of where the walk is, and some that are taken back before they are met.
        const name = `made-${sortby.replace(/\W/g, '')}-${page}`;
        await addCopy(database, '2025-08-05-lozova', `${name}-early`, day(page));
        await addCopy(database, '2025-08-06-orlivka-gas', `${name}-late`, '2026-01-01');
        ids.push(`${name}-early`, `${name}-late`);
        const victim = before.features.at(-page)?.id;
        if (victim !== undefined && page % 3 === 0) {
          await retract(database, victim);
          stays.delete(victim);
        }
      });
      const met = pages.flat();
      assert.equal(new Set(met).size, met.length, 'met twice');
      assert.deepEqual(
        [...stays].filter((id) => !met.includes(id)),
        [],
      );
      for (const id of ids) await retract(database, id);
    });
  }

  await context.test('a cursor goes on where its feature was, when that is gone', async () => {
    const first = await read(app, `${items}?limit=4`);
    const last = first.features.at(-1)?.id ?? '';
    const next = first.links.find(({ rel }) => rel === 'next')?.href.slice(base.length) ?? '';
    const expected = (await read(app, next)).features.map(({ id }) => id);
    await retract(database, last);
    assert.deepEqual(
      (await read(app, next)).features.map(({ id }) => id),
      expected,
    );
  });

  await context.test('with as_of the walk is of one state', async () => {
    const asOf = new Date().toISOString();
    const before = await read(app, `${items}?limit=1000`);
    const pages = await walk(app, `${items}?limit=7&as_of=${asOf}`, async (page) => {
      await addCopy(database, '2025-08-05-lozova', `made-later-${page}`, day(page));
    });
    assert.deepEqual(
      pages.flat(),
      before.features.map(({ id }) => id),
    );
  });
});
