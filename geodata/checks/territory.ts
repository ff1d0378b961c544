import {
  type ControlReportRecord,
  type Fault,
  type RegionFeature,
  type TerritorialClaimsFile,
  territorialClaimsFile,
} from '../files.ts';
import { rangeReasons, repeated } from './values.ts';

/** What is wrong within one statement of who holds how much. */
export function checkControlReport(report: ControlReportRecord): Fault[] {
  const { id, region, country, share_min, share_max, area_km2, qualifier } = report;
  const reasons =
    share_min === null && share_max === null && area_km2 !== undefined
      ? []
      : rangeReasons(share_min, share_max, qualifier);
  if (region !== null && !region.startsWith(`${country}-`)) {
    reasons.push(`region ${region} is not in country ${country}`);
  }
  return reasons.map((reason) => ({ file: territorialClaimsFile, record: id, reason }));
}

/** Regions that the claims to regions name and nobody knows, and ids that are not as they must be. */
export function checkTerritory(
  territorialClaims: TerritorialClaimsFile,
  regions: ReadonlyMap<string, RegionFeature>,
): Fault[] {
  const { territorial_claims, international_responses, control_reports, stated_positions } =
    territorialClaims;
  const { region_notes } = territorialClaims;
  const fault = (record: string, reason: string): Fault => ({
    file: territorialClaimsFile,
    record,
    reason,
  });
  const named = [
    ...territorial_claims.map(({ id, region }) => ({ id, codes: [region] })),
    ...international_responses.map(({ id, regions: codes }) => ({ id, codes })),
    ...control_reports.map(({ id, region }) => ({ id, codes: region === null ? [] : [region] })),
    ...region_notes.map(({ region }) => ({ id: region, codes: [region] })),
  ];
  return [
    ...named.flatMap(({ id, codes }) =>
      codes.filter((code) => !regions.has(code)).map((code) => fault(id, `no region ${code}`)),
    ),
    ...[territorial_claims, international_responses, control_reports, stated_positions].flatMap(
      (list) =>
        repeated(list.map((item) => item.id)).map((id) => fault(id, 'the id is given twice')),
    ),
    ...repeated(region_notes.map((note) => note.region)).map((code) =>
      fault(code, 'the region has more than one note'),
    ),
    ...territorial_claims
      .filter(({ id, region, claimant }) => id !== `${region}.${claimant}`)
      .map(({ id }) => fault(id, 'the id is not the region, a dot and the claimant')),
  ];
}
