import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import { aggregateSchema } from '../../server/routes/schemas.ts';
import { atlasApp } from '../helpers/atlas.ts';

const ajv = new Ajv({ strict: false });
formats.default(ajv);

interface Sums {
  readonly lowest: number | null;
  readonly highest: number | null;
  readonly given: number;
  readonly not_given: number;
}
interface Aggregate {
  readonly numberMatched: number;
  readonly groups: readonly {
    readonly day?: string | null;
    readonly days?: string;
    readonly week?: string | null;
    readonly region?: string | null;
    readonly type?: string;
    readonly incidents: number;
    readonly killed: Sums;
  }[];
}

test('aggregates', async (context: TestContext) => {
  const { app } = await atlasApp(context);
  const get = async (query: string) => {
    const response = await app.inject({ url: `/api/collections/incidents/aggregate?${query}` });
    assert.equal(response.statusCode, 200, response.body);
    const body = response.json<Aggregate>();
    assert.ok(ajv.validate(aggregateSchema, body), JSON.stringify(ajv.errors));
    return body;
  };

  await context.test('without by everything is one group', async () => {
    const { groups } = await get('');
    assert.equal(groups.length, 1);
    assert.equal(groups[0]?.incidents, 69);
  });

  await context.test(
    'a sum is of the incidents that give a value, and says how many gave none',
    async () => {
      const { groups } = await get(
        'by=type&q=gas station&type=drone_strike&datetime=2025-08-05/2025-08-06',
      );
      const [group] = groups;
      assert.equal(group?.killed.lowest, null);
      assert.equal(group?.killed.given, 0);
      assert.equal(group?.killed.not_given, group?.incidents);
    },
  );

  await context.test('a night counts to the day it ends on', async () => {
    const { groups } = await get('by=day&q=Orlivka&datetime=2025-08-05/2025-08-07');
    assert.deepEqual(
      groups.map(({ day }) => day),
      ['2025-08-06'],
    );
  });

  await context.test('days tell which days an incident may lie on', async () => {
    const night = await get('by=day,days&q=Orlivka&datetime=2025-08-05/2025-08-07');
    assert.deepEqual(
      night.groups.map(({ day, days }) => [day, days]),
      [['2025-08-06', '2025-08-05/2025-08-06']],
    );
    const { groups } = await get('by=day,days');
    for (const { day, days } of groups) {
      assert.ok(day === null ? days?.includes('/') : days?.endsWith(day ?? ''), `${day} ${days}`);
    }
  });

  await context.test('weeks are those of ISO 8601, regions include unassigned', async () => {
    const { groups } = await get('by=week&datetime=2025-08-05&q=Lozova rail station');
    assert.deepEqual(
      groups.map(({ week }) => week),
      ['2025-W32'],
    );
    const regions = await get('by=region');
    assert.equal(regions.groups.find(({ region }) => region === 'unassigned')?.incidents, 3);
  });

  await context.test('CSV has the same numbers', async () => {
    const { groups } = await get('by=month,type');
    const response = await app.inject({
      url: '/api/collections/incidents/aggregate?by=month,type',
      headers: { accept: 'text/csv' },
    });
    const [heading = '', ...lines] = response.body.trimEnd().split('\r\n');
    assert.match(heading, /^month,type,incidents,killed_lowest,/);
    assert.deepEqual(
      lines.map((line) => Number(line.split(',')[2])),
      groups.map(({ incidents }) => incidents),
    );
  });

  await context.test('sums are of the measures asked for, or none', async () => {
    const all = await get('by=type');
    const { groups } = await get('by=type&sums=killed');
    assert.deepEqual(
      groups,
      all.groups.map(({ type, incidents, killed }) => ({ type, incidents, killed })),
    );
    const counts = await get('by=type&sums=none');
    assert.deepEqual(
      counts.groups,
      all.groups.map(({ type, incidents }) => ({ type, incidents })),
    );
    for (const sums of ['', 'colour', 'killed,none', 'killed,killed']) {
      const response = await app.inject({
        url: `/api/collections/incidents/aggregate?sums=${sums}`,
      });
      assert.equal(response.statusCode, 400, sums);
    }
  });

  await context.test('what cannot be grouped is refused', async () => {
    for (const by of ['colour', 'day,day', 'day,type,region,country', '']) {
      const response = await app.inject({ url: `/api/collections/incidents/aggregate?by=${by}` });
      assert.equal(response.statusCode, 400, by);
    }
  });
});
