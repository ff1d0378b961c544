/** Pure: incidents and regions to the GeoJSON that the map draws. Longitude first, degrees. */

import { bbox, booleanPointInPolygon, centerOfMass, circle, distance, simplify } from '@turf/turf';
import type { Feature, FeatureCollection, MultiPolygon, Point, Polygon } from 'geojson';
import { markerOf } from '../../server/domain/area.ts';
import type { Bbox } from '../../server/domain/bbox.ts';
import type { Incident, Region } from '../model.ts';
import type { Language, Texts } from '../text/index.ts';
import { countryInWords, edtfInWords } from '../words.ts';
import { claimOf } from './claims.ts';

type Area = Polygon | MultiPolygon;

export const nothing: FeatureCollection<never> = { type: 'FeatureCollection', features: [] };

function collection<Shape extends Point | Area>(
  features: Feature<Shape>[],
): FeatureCollection<Shape> {
  return { type: 'FeatureCollection', features };
}

function pointAt(
  coordinates: readonly number[],
  properties: Feature['properties'],
): Feature<Point> {
  return {
    type: 'Feature',
    geometry: { type: 'Point', coordinates: [...coordinates] },
    properties,
  };
}

/** An incident as far as the map knows it: from the list, or from a tile. */
export interface Sketch {
  readonly id: string;
  readonly geometry: { readonly coordinates: readonly [longitude: number, latitude: number] };
  readonly properties: Pick<Incident['properties'], 'type' | 'uncertainty_m' | 'geo_precision'>;
}

/** Whether an incident is drawn as an area, and never as a pin. */
export function isArea({ properties: { geo_precision } }: Sketch): boolean {
  return geo_precision !== 'site' && geo_precision !== 'settlement';
}

/** Where an incident's tooltip stands; `area`, where it is known, is the one that it is known to. */
export function markerAt(
  { geometry, properties: { geo_precision } }: Sketch,
  area: Area | null,
): readonly [longitude: number, latitude: number] {
  return area === null ? geometry.coordinates : markerOf(area, geo_precision);
}

/** The disc that an incident's point stands for: `uncertainty_m` about it. */
function disc(coordinates: readonly number[], metres: number): Feature<Polygon> {
  return circle([...coordinates], metres, { units: 'meters', steps: 72, properties: {} });
}

/** Whether an incident's point lies in the box of a cluster. */
export function isWithin([west, south, east, north]: Bbox, { geometry }: Sketch): boolean {
  /** Boxes and points are rounded differently, degrees. */
  const slack = 1e-4;
  const [x, y] = geometry.coordinates;
  return x >= west - slack && x <= east + slack && y >= south - slack && y <= north + slack;
}

/** A point of a tile with the radius of what it stands for, metres. */
export interface Uncertain {
  readonly coordinates: readonly number[];
  readonly metres: number;
}

/** What clusters within these boxes gather, as far as the list holds it: that a point is one of many makes it no surer. */
export function gatheredIn(boxes: readonly Bbox[], listed: readonly Sketch[]): Uncertain[] {
  return listed
    .filter((incident) => !isArea(incident) && boxes.some((box) => isWithin(box, incident)))
    .map(({ geometry, properties }) => ({
      coordinates: geometry.coordinates,
      metres: properties.uncertainty_m,
    }));
}

/** The discs that points stand for, in one order; equal discs, as of one town's incidents, once. */
export function uncertaintyDiscs(points: readonly Uncertain[]): FeatureCollection<Polygon> {
  const place = (degrees: number) => degrees.toFixed(2);
  const distinct = new Map(
    points.map((point) => [`${point.coordinates.map(place).join()} ${point.metres}`, point]),
  );
  return collection(
    [...distinct]
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([, { coordinates, metres }]) => disc(coordinates, metres)),
  );
}

/**
 * What is in hand: of incidents (open or hovered) the disc that each stands for and where its ring
 * goes, of the opened one that is known only to an area that area, of a region its own.
 */
export function focusFeatures(
  incidents: readonly Sketch[],
  area: Area | null,
  region: Region | undefined,
): FeatureCollection<Point | Area> {
  const shapes = [area, region?.geometry ?? null].flatMap((geometry): Feature<Area>[] =>
    geometry === null ? [] : [{ type: 'Feature', geometry, properties: {} }],
  );
  return collection<Point | Area>([
    ...shapes,
    ...incidents
      .filter((incident) => !isArea(incident))
      .flatMap(({ geometry: { coordinates }, properties: { type, uncertainty_m } }) => [
        disc(coordinates, uncertainty_m),
        pointAt(coordinates, { type }),
      ]),
  ]);
}

/** West, south, east, north. */
export type Extent = [west: number, south: number, east: number, north: number];

/** Of incidents with their uncertainty; `null` of none. */
export function extentOf(incidents: readonly Sketch[]): Extent | null {
  if (incidents.length === 0) return null;
  const discs = incidents.map(({ geometry, properties }) =>
    disc(geometry.coordinates, properties.uncertainty_m),
  );
  const [west, south, east, north] = bbox(collection(discs));
  return [west, south, east, north];
}

/** Of a region; `null` where its boundary is not known. */
export function extentOfRegion({ geometry }: Region): Extent | null {
  if (geometry === null) return null;
  const [west, south, east, north] = bbox(geometry);
  return [west, south, east, north];
}

/** The claimed regions, hatched. */
export function claimShapes(regions: readonly Region[]): FeatureCollection<Area> {
  return collection(
    regions.flatMap(({ id, geometry }) =>
      geometry === null ? [] : [{ type: 'Feature', geometry, properties: { code: id } }],
    ),
  );
}

/** What a label takes up at the zoom where it is tightest: degrees east-west and north-south. */
const labelSize = { group: [2.6, 0.55], each: [1.2, 0.26] } as const;

/**
 * The middle of the place within the shapes where a label of that size has the most room: of a grid,
 * the point about which most of the grid's points that a label spans lie within, nearest the middle.
 */
function roomiest(
  shapes: readonly Area[],
  [width, height]: readonly [number, number],
): readonly [number, number] {
  const coarse = shapes.map((shape) => simplify(shape, { tolerance: 0.04 }));
  const all = collection(
    coarse.map((geometry): Feature<Area> => ({ type: 'Feature', geometry, properties: {} })),
  );
  const [west, south, east, north] = bbox(all);
  const middle = centerOfMass(all);
  // Points that a label spans on each side of its middle.
  const [across, up] = [3, 1];
  const columns = counting(Math.ceil(((east - west) / width) * 2 * across) + 1);
  const rows = counting(Math.ceil(((north - south) / height) * 2 * up) + 1);
  const pointAt = (column: number, row: number): [number, number] => [
    west + (column * width) / (2 * across),
    south + (row * height) / (2 * up),
  ];
  const isWithin = rows.map((row) =>
    columns.map((column) =>
      coarse.some((shape) => booleanPointInPolygon(pointAt(column, row), shape)),
    ),
  );
  const places = rows.flatMap((row) =>
    columns.map((column) => {
      const point = pointAt(column, row);
      const room = isWithin
        .slice(Math.max(0, row - up), row + up + 1)
        .flatMap((each) => each.slice(Math.max(0, column - across), column + across + 1))
        .filter(Boolean).length;
      return { point, room, apart: distance(point, middle) };
    }),
  );
  const [best] = places.sort((one, other) => other.room - one.room || one.apart - other.apart);
  return best?.point ?? [west, south];
}

function counting(length: number): number[] {
  return Array.from({ length }, (_, index) => index);
}

/**
 * Labels of the claimed regions: one for each (`each`), and for small scales one for all that are
 * claimed since the same day (`group`), in the middle of them.
 */
export function claimLabels(
  regions: readonly Region[],
  t: Texts,
  language: Language,
): FeatureCollection<Point> {
  const groups = new Map<string, { text: string; shapes: Area[] }>();
  const each: Feature<Point>[] = [];
  for (const region of regions) {
    const claim = claimOf(region);
    const { geometry, properties } = region;
    if (claim === null || claim.since === null || geometry === null) continue;
    const text = t.map.claimLabel(
      countryInWords(t, claim.claimant),
      edtfInWords(t, claim.since, 'long'),
      claim.instrument ?? '',
    );
    const group = groups.get(text) ?? { text, shapes: [] };
    group.shapes.push(geometry);
    groups.set(text, group);
    const name =
      language === 'uk' ? (properties.name_uk ?? properties.name_en) : properties.name_en;
    each.push(
      pointAt(roomiest([geometry], labelSize.each), {
        kind: 'each',
        code: region.id,
        name,
        text,
      }),
    );
  }
  const grouped = [...groups.values()].map(({ text, shapes }) =>
    pointAt(roomiest(shapes, labelSize.group), { kind: 'group', text }),
  );
  return collection([...grouped, ...each]);
}
