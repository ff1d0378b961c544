import type { Point } from 'geojson';
import { measures } from '../../server/domain/vocabulary.ts';
import {
  type ClaimRecord,
  type Fault,
  type IncidentFile,
  incidentFile,
  type LocationRecord,
} from '../files.ts';
import { lastDayOf, rangeOf } from '../times.ts';
import { rangeReasons, repeated } from './values.ts';

/** Metres; a point that is less certain is no site. */
const siteUncertainty = 1_000;

const day = 86_400_000;

/** The longest span of a time, in days, that each precision allows; a range may be of any. */
const longestSpan = { exact: 2, approximate: 2, night: 2, day: 2, week: 7, month: 31, year: 366 };

/** What is wrong within one incident, whatever the other records hold. */
export function checkIncident({ id, geometry, properties }: IncidentFile): Fault[] {
  const { claims, notes, locations, relations, sources } = properties;
  const about = (reason: string, part = ''): Fault => ({
    file: incidentFile(id),
    record: part === '' ? id : `${id} ${part}`,
    reason,
  });
  const within = new Set(claims.map((claim) => claim.id));
  const listed = new Set(sources);
  const cited = [...claims, ...notes];
  return [
    ...areaReasons(properties).map((reason) => about(reason)),
    ...siteReasons(properties).map((reason) => about(reason)),
    ...pointReasons(geometry).map((reason) => about(reason)),
    ...timeReasons(properties).map((reason) => about(reason)),
    ...repeated([...claims, ...notes, ...locations].map((part) => part.id)).map((part) =>
      about('the id is given twice', part),
    ),
    ...repeated(relations.map((other) => `${other.relation} ${other.incident}`)).map((twice) =>
      about(`the relation is given twice: ${twice}`),
    ),
    ...claims.flatMap((claim) => claimReasons(claim, within).map((r) => about(r, claim.id))),
    ...claims
      .filter((claim) => isBefore(claim.reported_at, properties.time))
      .map((claim) => about(`was reported ${claim.reported_at}, before it happened`, claim.id)),
    ...outOfOrder(claims).map((claim) => about('stands after a claim reported later', claim.id)),
    ...cited.flatMap(({ id: part, source }) =>
      source === null || listed.has(source)
        ? []
        : [about(`the incident's sources do not list ${source}`, part)],
    ),
    ...locations.flatMap((place) => locationReasons(place).map((r) => about(r, place.id))),
  ];
}

function areaReasons(incident: IncidentFile['properties']): string[] {
  const { geo_precision, region, country, area_regions, area_country } = incident;
  const reasons: string[] = [];
  if (region !== null && (area_regions !== undefined || area_country !== undefined)) {
    reasons.push('has a region, and area_regions or area_country as well');
  } else if (region === null && area_regions === undefined && area_country === undefined) {
    reasons.push('has neither a region nor area_regions nor area_country');
  } else if (area_regions !== undefined && geo_precision !== 'region') {
    reasons.push(`has area_regions, but geo_precision ${geo_precision}`);
  } else if ((area_country !== undefined) !== (geo_precision === 'country')) {
    reasons.push('has area_country without geo_precision country, or the other way about');
  } else if (area_country !== undefined && area_country !== country) {
    reasons.push(`has area_country ${area_country}, but country ${country}`);
  }
  for (const code of [region, ...(area_regions ?? [])]) {
    if (code !== null && !code.startsWith(`${country}-`)) {
      reasons.push(`region ${code} is not in country ${country}`);
    }
  }
  return reasons;
}

function siteReasons(place: {
  readonly geo_precision: string;
  readonly uncertainty_m: number | null;
}): string[] {
  return place.geo_precision === 'site' && (place.uncertainty_m ?? 0) > siteUncertainty
    ? [`is a site, but uncertain by ${place.uncertainty_m} m, more than ${siteUncertainty} m`]
    : [];
}

function pointReasons({ coordinates: [longitude, latitude] }: Point): string[] {
  // Where a gazetteer has nothing, software has zeros.
  return longitude === 0 && latitude === 0 ? ['lies at 0, 0'] : [];
}

function timeReasons({ time, time_precision }: IncidentFile['properties']): string[] {
  const { from, until } = rangeOf(time);
  const days = (Date.parse(until) - Date.parse(from)) / day;
  const agrees = time_precision === 'range' ? days > 1 : days <= longestSpan[time_precision];
  return agrees ? [] : [`time ${time} is ${days} days, which ${time_precision} is not`];
}

/** Whether a report came before the day before; a night attack may start on that one. */
function isBefore(reported: string | null, time: string): boolean {
  return (
    reported !== null && Date.parse(rangeOf(reported).until) < Date.parse(rangeOf(time).from) - day
  );
}

/** Claims that stand after one of a later day; undated ones are last, and of no day. */
function outOfOrder(claims: readonly ClaimRecord[]): ClaimRecord[] {
  const dayOf = ({ reported_at }: ClaimRecord) =>
    reported_at === null ? '9999-12-31' : lastDayOf(reported_at);
  return claims.filter((claim, index) => {
    const before = claims[index - 1];
    return before !== undefined && dayOf(before) > dayOf(claim);
  });
}

function claimReasons(claim: ClaimRecord, within: ReadonlySet<string>): string[] {
  const { id, measure, text, scope, relations = [] } = claim;
  const reasons = measure === 'narrative' ? narrativeReasons(claim) : valueReasons(claim);
  if (measure === 'narrative' && text === null) reasons.push('is a narrative without text');
  if (scope.kind !== 'incident' && scope.kind !== 'country' && scope.name === undefined) {
    reasons.push(`has scope ${scope.kind}, but does not name it`);
  }
  for (const { relation, claim: other } of relations) {
    if (other === id) reasons.push(`${relation} itself`);
    else if (!within.has(other)) reasons.push(`${relation} ${other}, which is not there`);
  }
  return reasons;
}

function narrativeReasons({ value_min, value_max, qualifier }: ClaimRecord): string[] {
  return value_min === null && value_max === null && qualifier === null
    ? []
    : ['is a narrative, but has a value or a qualifier'];
}

function valueReasons({ measure, value_min, value_max, qualifier }: ClaimRecord): string[] {
  const reasons = rangeReasons(value_min, value_max, qualifier);
  for (const value of [value_min, value_max]) {
    if (value === null) continue;
    if (measures[measure].unit === 'percent' ? value > 100 : !Number.isInteger(value)) {
      reasons.push(`has ${measure} ${value}`);
    }
  }
  return reasons;
}

function locationReasons(place: LocationRecord): string[] {
  const { geometry, uncertainty_m, coordinate_source, region, country } = place;
  const reasons = siteReasons(place);
  if (
    (geometry === null) !== (uncertainty_m === null) ||
    (geometry === null) !== (coordinate_source === null)
  ) {
    reasons.push('must have geometry, uncertainty_m and coordinate_source, or none of them');
  }
  if (geometry === null && region === null) reasons.push('has neither a point nor a region');
  if (geometry !== null) reasons.push(...pointReasons(geometry));
  if (region !== null && !region.startsWith(`${country}-`)) {
    reasons.push(`region ${region} is not in country ${country}`);
  }
  return reasons;
}
