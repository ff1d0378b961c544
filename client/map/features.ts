/** Pure: incidents and regions to the GeoJSON that the map draws. Longitude first, degrees. */

import { bbox, centerOfMass, circle } from '@turf/turf';
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
 * A marker for each incident known only to an area. It stands in the district's middle, or for whole
 * regions in the middle of them all, so that it is no town's.
 */
export function areaMarkers(
  incidents: readonly Incident[],
  areas: readonly IncidentArea[],
  t: Texts,
): FeatureCollection<Point> {
  const shapes = new Map(areas.map(({ id, geometry }) => [id, geometry]));
  return collection(
    incidents.flatMap(({ id, geometry, properties }) => {
      const { area_only, geo_precision, place, type } = properties;
      if (!area_only || geo_precision === 'site' || geo_precision === 'settlement') return [];
      const shape = geo_precision === 'district' ? null : shapes.get(id);
      const at = shape ? centerOfMass(shape).geometry.coordinates : geometry.coordinates;
      const precision = t.map.areaLabel[geo_precision];
      return [pointAt(at, { id, type, place, precision })];
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

/** The incidents in hand (open or hovered): what each stands for, and where its ring goes. */
export function focusFeatures(
  incidents: readonly Incident[],
  areas: readonly IncidentArea[],
): FeatureCollection<Point | Area> {
  const shapes = new Map(areas.map(({ id, geometry }) => [id, geometry]));
  return collection<Point | Area>(
    incidents.flatMap((incident) => {
      const shape = shapes.get(incident.id);
      const area: Feature<Area> =
        incident.properties.area_only && shape
          ? { type: 'Feature', geometry: shape, properties: { id: incident.id } }
          : disc(incident);
      const ring = incident.properties.area_only
        ? []
        : [pointAt(incident.geometry.coordinates, { id: incident.id })];
      return [area, ...ring];
    }),
  );
}

/** West, south, east, north of incidents with their uncertainty; `null` of none. */
export function extentOf(
  incidents: readonly Incident[],
): [west: number, south: number, east: number, north: number] | null {
  if (incidents.length === 0) return null;
  const [west, south, east, north] = bbox(collection(incidents.map(disc)));
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

/**
 * Labels of the claimed regions: one for each (`each`), and for small scales one for all that are
 * claimed since the same day (`group`), in the middle of them.
 */
export function claimLabels(
  regions: readonly Region[],
  t: Texts,
  language: Language,
): FeatureCollection<Point> {
  const groups = new Map<string, { text: string; shapes: Feature<Area>[] }>();
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
    group.shapes.push({ type: 'Feature', geometry, properties: {} });
    groups.set(text, group);
    const name =
      language === 'uk' ? (properties.name_uk ?? properties.name_en) : properties.name_en;
    each.push(
      pointAt(centerOfMass(geometry).geometry.coordinates, {
        kind: 'each',
        code: region.id,
        name,
        text,
      }),
    );
  }
  const grouped = [...groups.values()].map(({ text, shapes }) =>
    pointAt(centerOfMass(collection(shapes)).geometry.coordinates, { kind: 'group', text }),
  );
  return collection([...grouped, ...each]);
}
