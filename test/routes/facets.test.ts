import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import fc from 'fast-check';
import { type FacetName, facetNames } from '../../server/domain/facets.ts';
import { formatFilter } from '../../server/domain/filter.ts';
import { facetsSchema } from '../../server/routes/schemas.ts';
import { atlasApp } from '../helpers/atlas.ts';
import { incidentFilters } from '../helpers/filters.ts';

const ajv = new Ajv({ strict: false });
formats.default(ajv);

interface Facets {
  readonly numberMatched: number;
  readonly without: Readonly<Record<string, number>>;
  readonly facets: Readonly<
    Record<
      FacetName,
      readonly {
        readonly value: string;
        readonly incidents: number;
        readonly name?: { readonly en: string } | null;
      }[]
    >
  >;
}

test('facets', async (context: TestContext) => {
  const { app } = await atlasApp(context);
  const root = '/api/collections/incidents';
  const get = async (query: URLSearchParams) => {
    const response = await app.inject({ url: `${root}/facets?${query}` });
    assert.equal(response.statusCode, 200, response.body);
    const body = response.json<Facets>();
    assert.ok(ajv.validate(facetsSchema, body), JSON.stringify(ajv.errors));
    return body;
  };
  const matched = async (query: URLSearchParams) => {
    const response = await app.inject({ url: `${root}/items?limit=1&${query}` });
    return response.json<{ numberMatched: number }>().numberMatched;
  };

  await context.test('each count is what the list has with that value chosen', async () => {
    await fc.assert(
      fc.asyncProperty(
        incidentFilters,
        fc.constantFrom('', '2025-06-15', '2025-08-05T09:00:00+03:00'),
        fc.nat(),
        async (filter, knownBy, pick) => {
          const query = new URLSearchParams(formatFilter(filter));
          if (knownBy !== '') query.set('known_by', knownBy);
          const { numberMatched, without, facets } = await get(query);
          assert.equal(numberMatched, await matched(query));
          assert.deepEqual(
            Object.keys(without).toSorted(),
            formatFilter(filter)
              .map(([name]) => name)
              .toSorted(),
          );
          for (const [name, incidents] of Object.entries(without)) {
            const loosened = new URLSearchParams(query);
            loosened.delete(name);
            assert.equal(await matched(loosened), incidents, `without ${name}`);
          }
          for (const name of facetNames) {
            const values = facets[name];
            const chosen = values[pick % Math.max(1, values.length)];
            if (chosen === undefined) continue;
            const other = new URLSearchParams(query);
            other.set(name, chosen.value);
            assert.equal(await matched(other), chosen.incidents, `${name}=${chosen.value}`);
          }
        },
      ),
      { numRuns: Number(process.env.AGREEMENT_RUNS ?? 25) },
    );
  });

  await context.test('regions and sources come with their names', async () => {
    const { facets } = await get(new URLSearchParams('q=Lozova rail'));
    const kharkiv = facets.region.find(({ value }) => value === 'UA-63');
    assert.equal(kharkiv?.name?.en, 'Kharkiv Oblast');
    assert.ok(facets.source.length > 5);
  });

  await context.test('what is unknown is refused', async () => {
    const response = await app.inject({ url: `${root}/facets?limit=3` });
    assert.equal(response.statusCode, 400);
  });
});
