import { VectorTile } from '@mapbox/vector-tile';
import type { FastifyInstance } from 'fastify';
import { PbfReader } from 'pbf';

/** A decoded layer: its features' properties and geometry types. */
export interface DecodedFeature {
  readonly type: number;
  readonly properties: Readonly<Record<string, string | number | boolean>>;
  readonly points: readonly { readonly x: number; readonly y: number }[];
}
export type DecodedTile = Readonly<Record<string, readonly DecodedFeature[]>>;

/** A vector tile's layers by name; no bytes are a tile without layers. */
export function decodeTile(bytes: Uint8Array): DecodedTile {
  if (bytes.byteLength === 0) return {};
  const { layers } = new VectorTile(new PbfReader(bytes));
  return Object.fromEntries(
    Object.entries(layers).map(([name, layer]) => [
      name,
      Array.from({ length: layer.length }, (_, index): DecodedFeature => {
        const feature = layer.feature(index);
        return {
          type: feature.type,
          properties: feature.properties,
          points: feature.loadGeometry().flat(),
        };
      }),
    ]),
  );
}

/** Fetches and decodes a tile of a collection. */
export async function fetchTile(
  app: FastifyInstance,
  collection: string,
  [z, y, x]: readonly [number, number, number],
  search: string,
): Promise<DecodedTile> {
  const url = `/api/collections/${collection}/tiles/WebMercatorQuad/${z}/${y}/${x}${search === '' ? '' : `?${search}`}`;
  const response = await app.inject({ url, headers: { 'accept-encoding': 'identity' } });
  if (response.statusCode !== 200 && response.statusCode !== 204) {
    throw new Error(`${url}: ${response.statusCode} ${response.body}`);
  }
  return decodeTile(response.rawPayload);
}

/** How many incidents a tile counts: points, what clusters gather, areas whose point lies in it. */
export function countedIn(tile: DecodedTile): number {
  const points = tile.incidents?.length ?? 0;
  const gathered = (tile.clusters ?? []).reduce(
    (sum, { properties }) => sum + Number(properties.count),
    0,
  );
  const areas = (tile.areas ?? []).reduce(
    (sum, { properties }) => sum + Number(properties.counted),
    0,
  );
  return points + gathered + areas;
}
