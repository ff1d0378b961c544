import type { FastifyInstance } from 'fastify';
import { LRUCache } from 'lru-cache';
import type { Database, Session } from '../db/database.ts';
import { collections } from '../domain/collections.ts';
import type { Filter } from '../domain/filter.ts';
import type { PointInTime } from '../domain/point-in-time.ts';
import { maxTileZoom, parseTileId, type TileId } from '../domain/tile.ts';
import { incidentTypeCodes } from '../domain/vocabulary.ts';
import { ProblemError } from '../errors.ts';
import { encodeIncidents, encodeRegions } from '../formats/mvt.ts';
import { documentPage } from '../html/documents.tsx';
import { collectionSteps } from '../html/items.tsx';
import { isNow, readingOnce } from '../queries/point-in-time.ts';
import { incidentTile, isOfIncidents, regionTile, tileRevision } from '../queries/tile.ts';
import { holds, notModified, setTag, strongTag } from './caching.ts';
import { type Coding, codingFor, compress } from './coding.ts';
import { sendHtml, wordsFor } from './html.ts';
import { documentTypes, formLinks, type Link, mediaTypes, urls } from './links.ts';
import { chooseFormat, type Query, readFilter, readPointInTime } from './request.ts';
import {
  documentFormat,
  documentQuery,
  formatParameter,
  matrixSetListSchema,
  matrixSetSchema,
  responses,
  tileQuery,
  tilesetListSchema,
  tilesetQuery,
  tilesetSchema,
} from './schemas.ts';

export type TiledCollection = 'incidents' | 'regions';
export const tiledCollections: readonly TiledCollection[] = ['incidents', 'regions'];

const draw: Readonly<
  Record<TiledCollection, (session: Session, tile: TileId, filter: Filter) => Promise<Uint8Array>>
> = {
  incidents: async (session, tile, filter) =>
    encodeIncidents(tile, await incidentTile(session, tile, filter, {})),
  regions: async (session, tile, filter) =>
    encodeRegions(tile, await regionTile(session, tile, filter, {})),
};

const incidentFields = {
  id: 'Id of the incident',
  title: 'Title',
  type: 'Type of strike',
  attacker: 'Side to which the sources attribute it',
  place: 'Name of the place',
  day: 'First day',
  last_day: 'Last day',
  time: 'When, as EDTF',
  time_precision: 'How well the time is known',
  geo_precision: 'How well the place is known',
  uncertainty_m: 'Radius in metres',
  killed_lowest: 'Fewest killed that a claim gives; absent where none does',
  killed_highest: 'Most killed that a claim gives; absent where none does',
  killed_at_least: 'Present where the most killed is a lower bound',
  injured_lowest: 'Fewest injured that a claim gives; absent where none does',
  injured_highest: 'Most injured that a claim gives; absent where none does',
  injured_at_least: 'Present where the most injured is a lower bound',
};

const clusterFields = {
  count: 'Incidents in the cluster',
  ...Object.fromEntries(incidentTypeCodes.map((code) => [code, `Of them, of type ${code}`])),
  bbox: 'West, south, east, north of their points',
  killed_highest: 'Sum of the most killed; absent where none gives a number',
  injured_highest: 'Sum of the most injured; absent where none gives a number',
  killed_given: 'Incidents of it that give a number of killed',
  injured_given: 'Incidents of it that give a number of injured',
};

/** Layers of each tileset with their properties, for TileJSON. */
const layers: Readonly<Record<TiledCollection, readonly { id: string; fields: object }[]>> = {
  incidents: [
    { id: 'incidents', fields: incidentFields },
    { id: 'clusters', fields: clusterFields },
    {
      id: 'areas',
      fields: {
        ...incidentFields,
        count: 'Incidents known only as this area, where there are several',
        counted: 'How many of them have their point in this tile',
      },
    },
    // An incident known only as an area, or several that are marked at one place.
    { id: 'markers', fields: { ...incidentFields, ...clusterFields } },
  ],
  regions: [
    {
      id: 'regions',
      fields: {
        code: 'ISO 3166-2 code',
        name_en: 'Name in English',
        name_uk: 'Name in Ukrainian',
        country: 'Recognised state',
        claimed_by: 'Other states that claim it',
      },
    },
  ],
};

/** Tiles of which the service remembers what state they are of. */
const mostRevisions = 20_000;

/** What an entry takes beside its bytes, roughly. */
const entryOverhead = 500;

interface TileRequest {
  readonly id: TiledCollection;
  readonly tile: TileId;
  readonly filter: Filter;
  readonly at: PointInTime;
  readonly coding: Coding;
}

/** Vector tiles of incidents and regions, their tilesets and the tile matrix set they follow. */
export function tileRoutes(
  app: FastifyInstance,
  database: Database,
  publicUrl: string | undefined,
  cacheBytes: number,
): void {
  // One query serves all who ask for the same tile at the same time, so none of them may abort it.
  const cache = new LRUCache<string, Uint8Array, TileRequest>({
    maxSize: cacheBytes,
    sizeCalculation: (body, key) => body.byteLength + key.length + entryOverhead,
    // A tile that falls out while it is made is still sent to those who wait for it.
    ignoreFetchAbort: true,
    fetchMethod: async (_key, _stale, { context: { id, tile, filter, at, coding } }) => {
      const body = await readingOnce(
        database,
        at,
        (session) => draw[id](session, tile, filter),
        {},
      );
      return compress[coding](body);
    },
  });

  const revisions = new LRUCache<string, string, { tile: TileId; revision: string }>({
    max: mostRevisions,
    ignoreFetchAbort: true,
    fetchMethod: async (_key, _stale, { context: { tile, revision } }) =>
      (await tileRevision(database, tile, {})) ?? revision,
  });
  /** What the tile is of: a write elsewhere leaves it, here and wherever it is kept. */
  async function revisionOf(
    { id, tile, filter, at }: TileRequest,
    revision: string,
  ): Promise<string> {
    if (id !== 'incidents' || !isNow(at) || !isOfIncidents(filter)) return revision;
    const key = [revision, tile.z, tile.x, tile.y].join();
    return (await revisions.fetch(key, { context: { tile, revision } })) ?? revision;
  }

  for (const id of tiledCollections) {
    const { title } = collections[id];

    app.get<{ Querystring: Query; Params: TileParameters }>(
      `/api/collections/${id}/tiles/WebMercatorQuad/:tileMatrix/:tileRow/:tileCol`,
      {
        schema: {
          tags: [title],
          summary: `Vector tile of the ${id} that a filter selects`,
          operationId: `${id}.collection.vector.getTile`,
          params: tileParameters,
          querystring: tileQuery(id),
          response: responses({ description: 'Vector tile (MVT 2.1).' }, [], [mediaTypes.mvt]),
        },
      },
      async (request, reply) => {
        const { query } = request;
        chooseFormat(request, tileFormat, tileTypes);
        const filter = await readFilter(request, id, database);
        const tile = readTile(request.params);
        const coding = codingFor(request);
        const context = { id, tile, filter, at: readPointInTime(query), coding };
        const revision = await revisionOf(context, request.revision);
        const tag = strongTag(request, coding, revision);
        if (holds(request, tag)) return notModified(reply, tag);
        const key = [revision, id, tile.z, tile.x, tile.y, coding, queryKey(query)].join();
        reply.header('cache-status', `tiles; ${cache.has(key) ? 'hit' : 'fwd=miss'}`);
        const body = await cache.fetch(key, { context });
        setTag(reply, tag);
        if (body === undefined || body.byteLength === 0) return reply.code(204).send();
        reply.type(mediaTypes.mvt);
        if (coding !== 'identity') reply.header('content-encoding', coding);
        return reply.send(body);
      },
    );

    app.get<{ Querystring: Query }>(
      `/api/collections/${id}/tiles`,
      {
        schema: {
          tags: [title],
          summary: `Tilesets of ${id}`,
          operationId: `${id}.collection.vector.getTileSetsList`,
          querystring: documentQuery,
          response: responses(tilesetListSchema),
        },
      },
      (request, reply) => {
        const format = chooseFormat(request, documentFormat, documentTypes);
        const words = wordsFor(request, publicUrl);
        const { base } = words;
        const links = formLinks(urls.tiles(base, id), format, documentTypes);
        const tilesets = [tileset(base, id, '', 'json')];
        if (format === 'json') return { links, tilesets };
        const title = words.p.tiles.title;
        const path = [...collectionSteps(words, id), { title, href: urls.tiles(base, id) }];
        return sendHtml(reply, words, documentPage(title, { path, links, value: tilesets }));
      },
    );

    app.get<{ Querystring: Query }>(
      `/api/collections/${id}/tiles/WebMercatorQuad`,
      {
        schema: {
          tags: [title],
          summary: `Tileset of ${id}, as OGC metadata or TileJSON`,
          operationId: `${id}.collection.vector.getTileSet`,
          querystring: tilesetQuery(id),
          response: responses(tilesetSchema),
        },
      },
      async (request, reply) => {
        const { query } = request;
        const format = chooseFormat(request, tilesetFormat, tilesetTypes);
        await readFilter(request, id, database);
        const words = wordsFor(request, publicUrl);
        const { base } = words;
        const search = queryKey(query);
        if (format === 'tilejson') return tileJson(base, id, search);
        const document = tileset(base, id, search, format);
        if (format === 'json') return document;
        const { links, ...value } = document;
        const title = words.p.tiles.tileset;
        const path = [
          ...collectionSteps(words, id),
          { title: words.p.tiles.title, href: urls.tiles(base, id) },
          { title, href: `${urls.tiles(base, id)}/WebMercatorQuad` },
        ];
        return sendHtml(reply, words, documentPage(title, { path, links, value }));
      },
    );
  }

  app.get<{ Querystring: Query }>(
    '/api/tileMatrixSets',
    {
      schema: {
        tags: ['API'],
        summary: 'Tile matrix sets that tiles follow',
        operationId: 'getTileMatrixSetsList',
        querystring: documentQuery,
        response: responses(matrixSetListSchema),
      },
    },
    (request, reply) => {
      const format = chooseFormat(request, documentFormat, documentTypes);
      const words = wordsFor(request, publicUrl);
      const own = urls.matrixSets(words.base);
      const value = {
        tileMatrixSets: [
          {
            id: matrixSet.id,
            title: matrixSet.title,
            uri: matrixSetUri,
            // The standard's schema asks for `self`, its checker for `item`.
            links: [matrixSetLink(words.base, 'self'), matrixSetLink(words.base, 'item')],
          },
        ],
      };
      if (format === 'json') return value;
      const title = words.p.tiles.matrixSets;
      const links = formLinks(own, format, documentTypes);
      const path = [{ title, href: own }];
      return sendHtml(reply, words, documentPage(title, { path, links, value }));
    },
  );
  app.get<{ Querystring: Query }>(
    '/api/tileMatrixSets/WebMercatorQuad',
    {
      schema: {
        tags: ['API'],
        summary: 'The tile matrix set WebMercatorQuad',
        operationId: 'getTileMatrixSet',
        querystring: documentQuery,
        response: responses(matrixSetSchema),
      },
    },
    (request, reply) => {
      const format = chooseFormat(request, documentFormat, documentTypes);
      if (format === 'json') return matrixSet;
      const words = wordsFor(request, publicUrl);
      const own = urls.matrixSet(words.base);
      const links = formLinks(own, format, documentTypes);
      const path = [
        { title: words.p.tiles.matrixSets, href: urls.matrixSets(words.base) },
        { title: matrixSet.id, href: own },
      ];
      return sendHtml(
        reply,
        words,
        documentPage(matrixSet.title, { path, links, value: matrixSet }),
      );
    },
  );
}

export const tileFormat = formatParameter(['mvt']);
/** Vector tiles go by the name of their encoding too. */
export const tileTypes = { mvt: [mediaTypes.mvt, 'application/x-protobuf'] } as const;
const tilesetFormat = formatParameter(['json', 'tilejson', 'html']);
const tilesetTypes = { ...documentTypes, tilejson: mediaTypes.json } as const;

export const tileParameters = {
  type: 'object',
  required: ['tileMatrix', 'tileRow', 'tileCol'],
  properties: {
    tileMatrix: { type: 'string', description: `Zoom, from 0 to ${maxTileZoom}.`, example: '6' },
    tileRow: { type: 'string', description: 'Row, from the north.', example: '21' },
    tileCol: { type: 'string', description: 'Column, from the west.', example: '37' },
  },
} as const;
/** Named as OGC 20-057 names them, which the definition of the API repeats. */
export type TileParameters = Readonly<Record<keyof (typeof tileParameters)['properties'], string>>;

/** @throws {ProblemError} where there is no such tile. */
export function readTile({ tileMatrix, tileRow, tileCol }: TileParameters): TileId {
  try {
    return parseTileId(tileMatrix, tileRow, tileCol);
  } catch (error) {
    if (error instanceof RangeError) {
      throw new ProblemError('not-found', `There is no such tile: ${error.message}.`);
    }
    throw error;
  }
}

/** The filter's part of a query, in fixed order, as it is repeated in tile addresses. */
function queryKey({ f: _format, ...query }: Query): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query).sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (value !== undefined) search.append(name, value);
  }
  return search.toString();
}

const matrixSetUri = 'http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad';
const webMercator = 'http://www.opengis.net/def/crs/EPSG/0/3857';

function matrixSetLink(base: string, rel: string): Link {
  return {
    rel,
    href: urls.matrixSet(base),
    type: mediaTypes.json,
    title: 'WebMercatorQuad',
  };
}

function tileTemplate(base: string, id: TiledCollection, search: string): string {
  return `${urls.tiles(base, id)}/WebMercatorQuad/{z}/{y}/{x}${search === '' ? '' : `?${search}`}`;
}

/** OGC 20-057, tileset metadata. */
function tileset(
  base: string,
  id: TiledCollection,
  search: string,
  format: keyof typeof tilesetTypes,
) {
  const own = `${urls.tiles(base, id)}/WebMercatorQuad`;
  const suffix = search === '' ? '' : `?${search}`;
  return {
    title: collections[id].title,
    dataType: 'vector',
    crs: webMercator,
    tileMatrixSetURI: matrixSetUri,
    links: [
      ...formLinks(`${own}${suffix}`, format, tilesetTypes),
      {
        rel: 'item',
        href: tileTemplate(base, id, search).replace(
          '{z}/{y}/{x}',
          '{tileMatrix}/{tileRow}/{tileCol}',
        ),
        type: mediaTypes.mvt,
        title: 'Tiles',
        templated: true,
      },
      matrixSetLink(base, 'http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme'),
    ],
  };
}

/** TileJSON 3.0.0. */
function tileJson(base: string, id: TiledCollection, search: string) {
  return {
    tilejson: '3.0.0',
    name: collections[id].title,
    description: collections[id].description,
    attribution: collections[id].licence.title,
    scheme: 'xyz',
    tiles: [tileTemplate(base, id, search)],
    minzoom: 0,
    maxzoom: maxTileZoom,
    vector_layers: layers[id],
  };
}

const earthRadius = 6_378_137;
const worldSide = 2 * Math.PI * earthRadius;
/** Metres a pixel that the standard renders at, 0.28 mm. */
const pixelSize = 0.00028;

/** OGC 17-083r4: WebMercatorQuad, down to the deepest zoom that is served. */
const matrixSet = {
  id: 'WebMercatorQuad',
  title: 'Google Maps Compatible for the World',
  uri: matrixSetUri,
  crs: webMercator,
  orderedAxes: ['X', 'Y'],
  wellKnownScaleSet: 'http://www.opengis.net/def/wkss/OGC/1.0/GoogleMapsCompatible',
  tileMatrices: Array.from({ length: maxTileZoom + 1 }, (_, zoom) => {
    const cellSize = worldSide / 256 / 2 ** zoom;
    return {
      id: String(zoom),
      scaleDenominator: cellSize / pixelSize,
      cellSize,
      pointOfOrigin: [-worldSide / 2, worldSide / 2],
      tileWidth: 256,
      tileHeight: 256,
      matrixWidth: 2 ** zoom,
      matrixHeight: 2 ** zoom,
    };
  }),
};
