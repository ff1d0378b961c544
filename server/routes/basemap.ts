import { GeoJSONVT, type GeoJSONVTTile } from '@maplibre/geojson-vt';
import { fromGeojsonVt } from '@maplibre/vt-pbf';
import type { FastifyInstance } from 'fastify';
import { LRUCache } from 'lru-cache';
import { type TileId, tileExtent } from '../domain/tile.ts';
import { ProblemError } from '../errors.ts';
import { basemapFiles, readLayer } from '../html/map/basemap.ts';
import { type Coding, codingFor, compress } from './coding.ts';
import { mediaTypes } from './links.ts';
import { chooseFormat, type Query } from './request.ts';
import { basemapQuery, responses } from './schemas.ts';
import { readTile, type TileParameters, tileFormat, tileParameters, tileTypes } from './tiles.ts';

/** The deepest zoom that there are tiles of: beyond it the boundaries are coarser than the screen. */
const maxZoom = 12;

/** Lets a line stray this far from its course, in tile units: a third of a pixel. */
const tolerance = 2.4;

/** Memory for tiles that have been made, bytes. */
const cacheBytes = 16 * 1024 * 1024;

interface TileRequest {
  readonly tile: TileId;
  readonly coding: Coding;
}

/**
 * Vector tiles of the land, borders and names beneath the map, cut from `geodata/basemap` when they
 * are asked for: a reader gets what is in sight, and the browser need not cut it.
 */
export function basemapRoutes(app: FastifyInstance): void {
  let index: ReadonlyMap<string, GeoJSONVT> | undefined;
  const layersOf = ({ z, x, y }: TileId): Record<string, GeoJSONVTTile> => {
    index ??= new Map(
      basemapFiles.map((name) => [
        name,
        new GeoJSONVT(readLayer(name), { maxZoom, tolerance, extent: tileExtent, buffer: 64 }),
      ]),
    );
    return Object.fromEntries(
      [...index].flatMap(([name, layer]) => {
        const tile = layer.getTile(z, x, y);
        return tile === null ? [] : [[name, tile]];
      }),
    );
  };
  const cache = new LRUCache<string, Uint8Array, TileRequest>({
    maxSize: cacheBytes,
    sizeCalculation: (body) => body.byteLength + 500,
    ignoreFetchAbort: true,
    fetchMethod: async (_key, _stale, { context: { tile, coding } }) =>
      compress[coding](fromGeojsonVt(layersOf(tile), { version: 2, extent: tileExtent })),
  });

  app.get<{ Params: TileParameters; Querystring: Query }>(
    '/api/basemap/:tileMatrix/:tileRow/:tileCol',
    {
      schema: {
        tags: ['API'],
        summary: 'Vector tile of the land, borders and names beneath the map',
        operationId: 'basemap.getTile',
        params: tileParameters,
        querystring: basemapQuery,
        response: responses(
          { description: 'Vector tile (MVT 2.1), layers land, lines and labels.' },
          [],
          [mediaTypes.mvt],
        ),
      },
    },
    async (request, reply) => {
      chooseFormat(request, tileFormat, tileTypes);
      const tile = readTile(request.params);
      if (tile.z > maxZoom) {
        throw new ProblemError('not-found', `The basemap has no tiles beyond zoom ${maxZoom}.`);
      }
      const coding = codingFor(request);
      const key = [tile.z, tile.y, tile.x, coding].join('/');
      const body = await cache.fetch(key, { context: { tile, coding } });
      if (body === undefined) throw new Error(`no tile was made of ${key}`);
      reply.header('vary', 'Accept-Encoding').header('cache-control', 'public, max-age=86400');
      reply.type(mediaTypes.mvt);
      if (coding !== 'identity') reply.header('content-encoding', coding);
      return reply.send(body);
    },
  );
}
