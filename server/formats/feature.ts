import { setImmediate as turn } from 'node:timers/promises';
import type { MultiPolygon, Point, Polygon } from 'geojson';

/** Geometry of a feature: degrees, longitude first, WGS 84 (CRS84), two dimensions. */
export type Shape = Point | Polygon | MultiPolygon;

/** A feature as the queries write it; what is in its properties stands in fields.ts. */
export interface ExportedFeature {
  readonly id: string;
  readonly geometry: Shape | null;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** GeoJSON Features as JSON text, page by page. */
export type FeaturePages = AsyncIterable<readonly string[]> | Iterable<readonly string[]>;

/** The feature that a query wrote as JSON text. */
export function readFeature(text: string): ExportedFeature {
  const feature: ExportedFeature = JSON.parse(text);
  return feature;
}

/** The feature's text with these properties alone, in their own order; as it is when undefined. */
export function withProperties(text: string, names: readonly string[] | undefined): string {
  if (names === undefined) return text;
  const { properties, ...feature }: ExportedFeature = JSON.parse(text);
  const chosen = Object.entries(properties).filter(([name]) => names.includes(name));
  return JSON.stringify({ ...feature, properties: Object.fromEntries(chosen) });
}

/** Features encoded in one go, so that other requests need not wait long for their turn. */
const batchSize = 200;

/** The features of all pages, a batch at a time, with a turn for everybody else between batches. */
export async function* batchesOf(pages: FeaturePages): AsyncGenerator<ExportedFeature[]> {
  for await (const page of pages) {
    for (let start = 0; start < page.length; start += batchSize) {
      yield page.slice(start, start + batchSize).map(readFeature);
      await turn();
    }
  }
}
