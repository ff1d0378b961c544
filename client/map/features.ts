/** Pure: incidents and regions to the GeoJSON that the map draws. Longitude first, degrees. */

import {
  bbox,
  booleanPointInPolygon,
  centerOfMass,
  circle,
  destination,
  distance,
  simplify,
} from '@turf/turf';
import type { Feature, FeatureCollection, MultiPolygon, Point, Polygon } from 'geojson';
import type { Incident, IncidentArea, Region } from '../model.ts';
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

/** Incidents known well enough for a point; those known only to an area are left out. */
export function pointFeatures(incidents: readonly Incident[]): FeatureCollection<Point> {
  return collection(
    incidents
      .filter(({ properties }) => !properties.area_only)
      .map(({ id, geometry, properties }) =>
        pointAt(geometry.coordinates, { id, type: properties.type }),
      ),
  );
}

/**
 * Where an incident's marker and its tooltip stand. Of one known only to an area that is never the
 * point that stands for it: on the rim of its disc, or amid all its regions.
 */
export function markerAt(
  { geometry, properties }: Incident,
  shape: Area | null | undefined,
): readonly [longitude: number, latitude: number] {
  if (!properties.area_only) return geometry.coordinates;
  const [longitude = 0, latitude = 0] = (
    shape && properties.geo_precision !== 'district'
      ? centerOfMass(shape)
      : destination([...geometry.coordinates], properties.uncertainty_m, 0, { units: 'meters' })
  ).geometry.coordinates;
  return [longitude, latitude];
}

/** A marker for each incident known only to an area. */
export function areaMarkers(
  incidents: readonly Incident[],
  areas: readonly IncidentArea[],
  t: Texts,
): FeatureCollection<Point> {
  const shapes = new Map(areas.map(({ id, geometry }) => [id, geometry]));
  return collection(
    incidents.flatMap((incident) => {
      const { id, properties } = incident;
      const { area_only, geo_precision, place, type } = properties;
      if (!area_only || geo_precision === 'site' || geo_precision === 'settlement') return [];
      const precision = t.map.areaLabel[geo_precision];
      return [pointAt(markerAt(incident, shapes.get(id)), { id, type, place, precision })];
    }),
  );
}

/** The areas themselves; widest first, so that the narrow ones stay on top. */
export function areaShapes(areas: readonly IncidentArea[]): FeatureCollection<Area> {
  return collection(
    [...areas]
      .sort((one, other) => other.properties.uncertainty_m - one.properties.uncertainty_m)
      .flatMap(({ id, geometry, properties: { type, geo_precision } }) =>
        geometry === null
          ? []
          : [
              {
                type: 'Feature',
                geometry,
                properties: { id, type, wide: geo_precision !== 'district' },
              } satisfies Feature<Area>,
            ],
      ),
  );
}

/** The disc that an incident's point stands for: `uncertainty_m` about it. */
export function disc({ id, geometry, properties }: Incident): Feature<Polygon> {
  return circle([...geometry.coordinates], properties.uncertainty_m, {
    units: 'meters',
    steps: 72,
    properties: { id, type: properties.type },
  });
}

/** The discs of incidents drawn as points; equal discs, as of one town's incidents, once. */
export function uncertaintyDiscs(incidents: readonly Incident[]): FeatureCollection<Polygon> {
  const distinct = new Map<string, Incident>();
  for (const incident of incidents) {
    const { geometry, properties } = incident;
    if (properties.area_only) continue;
    distinct.set(`${geometry.coordinates.join()} ${properties.uncertainty_m}`, incident);
  }
  return collection([...distinct.values()].map(disc));
}

/**
 * What is in hand: of incidents (open or hovered) the area that each stands for and where its ring
 * goes, of a region its own area.
 */
export function focusFeatures(
  incidents: readonly Incident[],
  areas: readonly IncidentArea[],
  region: Region | undefined,
): FeatureCollection<Point | Area> {
  const shapes = new Map(areas.map(({ id, geometry }) => [id, geometry]));
  const regionArea: Feature<Area>[] = region?.geometry
    ? [{ type: 'Feature', geometry: region.geometry, properties: { code: region.id } }]
    : [];
  return collection<Point | Area>([
    ...regionArea,
    ...incidents.flatMap((incident) => {
      const shape = shapes.get(incident.id);
      const area: Feature<Area> =
        incident.properties.area_only && shape
          ? { type: 'Feature', geometry: shape, properties: { id: incident.id } }
          : disc(incident);
      const ring = incident.properties.area_only
        ? []
        : [
            pointAt(incident.geometry.coordinates, {
              id: incident.id,
              type: incident.properties.type,
            }),
          ];
      return [area, ...ring];
    }),
  ]);
}

/** West, south, east, north. */
export type Extent = [west: number, south: number, east: number, north: number];

/** Of incidents with their uncertainty; `null` of none. */
export function extentOf(incidents: readonly Incident[]): Extent | null {
  if (incidents.length === 0) return null;
  const [west, south, east, north] = bbox(collection(incidents.map(disc)));
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
 * The middle of the place within the shapes where a label of that size has the most room: of a grid
 * of places, the one about which most samples of the label lie within, nearest the middle.
 */
function roomiest(
  shapes: readonly Area[],
  [width, height]: readonly [number, number],
): readonly [number, number] {
  const coarse = shapes.map((shape) => simplify(shape, { tolerance: 0.04 }));
  const within = (point: [number, number]) =>
    coarse.some((shape) => booleanPointInPolygon(point, shape));
  const all = collection(
    coarse.map((geometry): Feature<Area> => ({ type: 'Feature', geometry, properties: {} })),
  );
  const [west, south, east, north] = bbox(all);
  const middle = centerOfMass(all);
  const steps = (count: number) => Array.from({ length: count }, (_, index) => index / (count - 1));
  const places = steps(17).flatMap((x) =>
    steps(13).map((y) => {
      const place: [number, number] = [west + x * (east - west), south + y * (north - south)];
      const samples = steps(7).flatMap((u) =>
        steps(3).map((v): [number, number] => [
          place[0] + (u - 0.5) * width,
          place[1] + (v - 0.5) * height,
        ]),
      );
      const room = samples.filter(within).length;
      return { place, room, apart: distance(place, middle) };
    }),
  );
  const [best] = places.sort((one, other) => other.room - one.room || one.apart - other.apart);
  return best?.place ?? [west, south];
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
