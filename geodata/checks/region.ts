import {
  area,
  booleanClockwise,
  booleanPointInPolygon,
  kinks,
  pointOnFeature,
  polygon,
} from '@turf/turf';
import type { Feature, MultiPolygon, Polygon, Position } from 'geojson';
import { type Fault, type RegionFeature, regionsFile } from '../files.ts';
import { repeated } from './values.ts';

/** What the boundaries of one country must come to. */
export interface Extent {
  readonly country: string;
  readonly regions: number;
  /** Square kilometres. */
  readonly area: number;
}

/** A region with its boundary. */
export type Bounded = RegionFeature & Feature<Polygon | MultiPolygon>;

/** How far the area of a country's boundaries may be from what it should be. */
const areaTolerance = 0.03;

/** Sensible areas of a region by its kind, in square kilometres; other kinds are not bounded. */
const areaBounds: ReadonlyMap<string, readonly [smallest: number, largest: number]> = new Map([
  ['oblast', [7_500, 35_000]],
  ['autonomous_republic', [24_000, 28_000]],
  ['city_with_special_status', [500, 1_800]],
]);

/** Whether a region has a boundary. */
export function isBounded(region: RegionFeature): region is Bounded {
  return region.geometry !== null;
}

/** What is wrong within one region, whatever the other records hold. */
export function checkRegion({ id, geometry, properties }: RegionFeature): Fault[] {
  const { code, country, kind, boundary_set } = properties;
  const reasons: string[] = [];
  if (code !== id) reasons.push(`the id is not the code, ${code}`);
  if (!code.startsWith(`${country}-`)) reasons.push(`the code is not of country ${country}`);
  if ((geometry === null) !== (boundary_set === null)) {
    reasons.push('must have a boundary and its boundary_set, or neither');
  }
  if (geometry !== null) reasons.push(...boundaryReasons(geometry, kind));
  return reasons.map((reason) => ({ file: regionsFile, record: id, reason }));
}

function boundaryReasons(geometry: Polygon | MultiPolygon, kind: string): string[] {
  const reasons: string[] = [];
  for (const rings of polygonsOf(geometry)) {
    for (const [index, ring] of rings.entries()) {
      const clockwise = booleanClockwise(ring);
      if (clockwise !== index > 0) {
        reasons.push(`ring ${index} runs ${clockwise ? 'clockwise' : 'anticlockwise'}`);
      }
    }
    const crossing = kinks(polygon(rings)).features[0];
    if (crossing !== undefined) {
      const at = crossing.geometry.coordinates.map((degrees) => degrees.toFixed(5));
      reasons.push(`crosses itself at ${at.join(', ')}`);
    }
  }
  const bounds = areaBounds.get(kind);
  if (bounds !== undefined) {
    const [smallest, largest] = bounds;
    const size = squareKilometres(geometry);
    if (size < smallest || size > largest) {
      reasons.push(`is ${size} km², which no ${kind} is (${smallest} to ${largest})`);
    }
  }
  return reasons;
}

function polygonsOf(geometry: Polygon | MultiPolygon): Position[][][] {
  return geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates;
}

function squareKilometres(geometry: Polygon | MultiPolygon): number {
  return Math.round(area(geometry) / 1e6);
}

/** Codes that more than one region has. */
export function checkRegionCodes(regions: readonly RegionFeature[]): Fault[] {
  const codes: Readonly<Record<string, readonly (string | null)[]>> = {
    code: regions.map((region) => region.id),
    'P-code': regions.map((region) => region.properties.pcode),
    'GeoNames code': regions.map((region) => region.properties.geonames_admin1),
  };
  return Object.entries(codes).flatMap(([what, list]) =>
    repeated(list.filter((code) => code !== null)).map((code) => ({
      file: regionsFile,
      record: code,
      reason: `the ${what} is given twice`,
    })),
  );
}

/** The boundaries are all there, come to the country's area, and none lies on another. */
export function checkExtent(regions: readonly RegionFeature[], extent: Extent): Fault[] {
  const bounded = regions.filter(isBounded);
  const own = bounded.filter((region) => region.properties.country === extent.country);
  const fault = (record: string, reason: string): Fault => ({ file: regionsFile, record, reason });
  if (own.length !== extent.regions) {
    return [fault(extent.country, `${own.length} boundaries, not ${extent.regions}`)];
  }
  const faults: Fault[] = [];
  const size = own.reduce((sum, region) => sum + squareKilometres(region.geometry), 0);
  if (Math.abs(size / extent.area - 1) > areaTolerance) {
    faults.push(fault(extent.country, `comes to ${size} km², not about ${extent.area}`));
  }
  for (const region of bounded) {
    const inside = pointOnFeature(region);
    for (const other of bounded) {
      if (other !== region && booleanPointInPolygon(inside, other, { ignoreBoundary: true })) {
        faults.push(fault(region.id, `lies on ${other.id}`));
      }
    }
  }
  return faults;
}
