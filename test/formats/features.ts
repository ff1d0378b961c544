import type { TestContext } from 'node:test';
import type { CollectionId } from '../../server/domain/collections.ts';
import { type ExportedFeature, readFeature } from '../../server/formats/feature.ts';
import { Exports } from '../../server/queries/export.ts';
import { atlasDatabase } from '../helpers/atlas.ts';

/** Every feature of the project's own data, as exported. */
export async function ownFeatures(
  context: TestContext,
): Promise<Readonly<Record<CollectionId | 'areas', readonly ExportedFeature[]>>> {
  const database = await atlasDatabase(context);
  const exports = new Exports(database);
  const all = async (collection: CollectionId, geometry: 'point' | 'area' = 'point') => {
    const { pages } = await exports.open(collection, { filter: {}, geometry, at: {} }, {});
    const features: ExportedFeature[] = [];
    for await (const page of pages) features.push(...page.map(readFeature));
    return features;
  };
  return {
    incidents: await all('incidents'),
    areas: await all('incidents', 'area'),
    regions: await all('regions'),
    claims: await all('claims'),
    sources: await all('sources'),
    places: await all('places'),
  };
}
