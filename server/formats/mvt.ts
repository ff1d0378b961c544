import { type GeoJSONVTFeature, type GeoJSONVTTile, geoJSONToTile } from '@maplibre/geojson-vt';
import { fromGeojsonVt } from '@maplibre/vt-pbf';
import type { Feature, MultiPolygon, Polygon } from 'geojson';
import { type TileId, tileExtent } from '../domain/tile.ts';
import type { IncidentTile, TileRegion } from '../queries/tile.ts';

/** Room around a tile in which lines and fills go on, so that their ends do not show at its edge. */
const buffer = 64;

/** Lets a line stray this far from its course, in tile units, where the zoom cannot show it. */
const tolerance = 3;

/**
 * Mapbox Vector Tile 2.1 of incidents, with the layers `incidents` (points), `clusters` (points with
 * `count`), `areas` (polygons) and `markers` (points that mark those areas); a layer that would be empty is left out. Null properties are
 * absent, as the format has no null.
 */
export function encodeIncidents(tile: TileId, content: IncidentTile): Uint8Array {
  return encode({
    incidents: pointLayer(content.points),
    clusters: pointLayer(content.clusters),
    areas: polygonLayer(
      tile,
      content.areas.map(({ area, ...properties }) => ({ geometry: area, properties })),
    ),
    markers: pointLayer(content.markers),
  });
}

/** Mapbox Vector Tile 2.1 of regions, with the layer `regions` (polygons). */
export function encodeRegions(tile: TileId, regions: readonly TileRegion[]): Uint8Array {
  return encode({
    regions: polygonLayer(
      tile,
      regions.map(({ boundary, ...properties }) => ({ geometry: boundary, properties })),
    ),
  });
}

function encode(layers: Readonly<Record<string, GeoJSONVTFeature[]>>): Uint8Array {
  const filled = Object.entries(layers).filter(([, features]) => features.length > 0);
  const tiles = filled.map(([name, features]): [string, GeoJSONVTTile] => [
    name,
    { ...emptyTile, features },
  ]);
  return fromGeojsonVt(Object.fromEntries(tiles), { version: 2, extent: tileExtent });
}

const emptyTile: GeoJSONVTTile = geoJSONToTile(
  { type: 'FeatureCollection', features: [] },
  0,
  0,
  0,
);

function pointLayer(points: readonly { readonly x: number; readonly y: number }[]) {
  return points.map(
    ({ x, y, ...properties }): GeoJSONVTFeature => ({
      type: 1,
      geometry: [[x, y]],
      tags: present(properties),
    }),
  );
}

function polygonLayer(
  { z, x, y }: TileId,
  polygons: readonly { readonly geometry: Polygon | MultiPolygon; readonly properties: object }[],
): GeoJSONVTFeature[] {
  const features = polygons.map(
    ({ geometry, properties }): Feature => ({
      type: 'Feature',
      geometry,
      properties: present(properties),
    }),
  );
  const collection = { type: 'FeatureCollection', features } as const;
  const options = { extent: tileExtent, buffer, tolerance, clip: true };
  return geoJSONToTile(collection, z, x, y, options).features;
}

function present(properties: object): Record<string, string | number | boolean> {
  return Object.fromEntries(
    Object.entries(properties).filter(([, value]) => value !== null && value !== undefined),
  );
}
