import { pathToFileURL } from 'node:url';
import { checkSources } from './checks/citations.ts';
import { checkIncident } from './checks/incident.ts';
import { checkPlaces } from './checks/places.ts';
import { checkExtent, checkRegion, checkRegionCodes, type Extent } from './checks/region.ts';
import { checkRelations } from './checks/relations.ts';
import { checkControlReport, checkTerritory } from './checks/territory.ts';
import { type Dataset, type Fault, type Reading, readDataset } from './files.ts';

/** Ukraine in its recognised borders: 24 oblasts, Crimea, Kyiv and Sevastopol; square kilometres. */
export const ukraine: Extent = { country: 'UA', regions: 27, area: 603_700 };

/**
 * All faults of what was read. Whether records agree with each other is looked at only when every
 * file could be read: else what refers to an unread record would be called a fault too.
 */
export function checkDataset(reading: Reading, extent: Extent = ukraine): Fault[] {
  const { dataset, faults } = reading;
  return [
    ...faults,
    ...dataset.incidents.flatMap(checkIncident),
    ...dataset.regions.flatMap(checkRegion),
    ...dataset.territorialClaims.control_reports.flatMap(checkControlReport),
    ...(faults.length === 0 ? checkReferences(dataset, extent) : []),
  ];
}

function checkReferences(dataset: Dataset, extent: Extent): Fault[] {
  const regions = new Map(dataset.regions.map((region) => [region.id, region]));
  return [
    ...checkSources(dataset),
    ...checkRegionCodes(dataset.regions),
    ...checkExtent(dataset.regions, extent),
    ...checkTerritory(dataset.territorialClaims, regions),
    ...checkRelations(dataset.incidents),
    ...dataset.incidents.flatMap((incident) => checkPlaces(incident, regions)),
  ];
}

/** `npm run check:data [directory]`: prints every fault, a line each; exits with 1 on any. */
async function main(directory: string): Promise<void> {
  const reading = await readDataset(directory);
  const faults = checkDataset(reading);
  for (const { file, record, reason } of faults) console.error(`${file}: ${record}: ${reason}`);
  const { incidents, sources, regions } = reading.dataset;
  const claims = incidents.reduce((sum, { properties }) => sum + properties.claims.length, 0);
  const notes = incidents.reduce((sum, { properties }) => sum + properties.notes.length, 0);
  console.log(
    `${incidents.length} incidents, ${claims} claims, ${notes} editors' notes, ` +
      `${sources.length} sources, ${regions.length} regions: ${faults.length} faults`,
  );
  if (reading.faults.length > 0) {
    console.log('Not looked at until every file can be read: whether the records agree.');
  }
  process.exitCode = faults.length === 0 ? 0 : 1;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await main(process.argv[2] ?? import.meta.dirname);
}
