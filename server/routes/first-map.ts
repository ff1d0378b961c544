import { setTimeout as pause } from 'node:timers/promises';
import { bbox } from '@turf/turf';
import type { FastifyRequest } from 'fastify';
import { LRUCache } from 'lru-cache';
import { maxZoom, ukraine } from '../../client/map/camera.ts';
import { type Region, region } from '../../client/model.ts';
import type { Open, Place } from '../../client/state.ts';
import { readAddress } from '../../client/url.ts';
import type { Database } from '../db/database.ts';
import type { Bbox } from '../domain/bbox.ts';
import { type Filter, formatFilter, parseFilter } from '../domain/filter.ts';
import { ParameterError } from '../domain/parameter-error.ts';
import { firstMap } from '../html/first-map/first-map.tsx';
import { type Frame, frameAt, frameOf, isSurelyInSight } from '../html/first-map/frame.ts';
import { mercator, type Pixel } from '../html/map/view.ts';
import type { Words } from '../html/words.ts';
import { incidentsOver } from '../queries/first-map.ts';
import { featuresIn, geometryOf, isFeatureId, itemById, itemsPage } from '../queries/items.ts';
import { type Query, readFilter } from './request.ts';

/** What an entry takes beside its text, roughly. */
const entryOverhead = 500;

/** A page whose address may ask for anything, as nothing there is refused. */
type PageRequest = Pick<
  FastifyRequest,
  'url' | 'revision' | 'mayBeKept' | 'longestMs' | 'signal' | 'log'
>;

interface Asked {
  readonly words: Words;
  readonly frame: Frame;
  readonly filter: Filter;
  readonly place: Place;
  readonly revision: string;
}

/** Pictures of the first view, for the pages that have the map in them. */
export class FirstMaps {
  readonly #pictures: LRUCache<string, string, Asked>;
  readonly #regions: LRUCache<string, readonly Region[]>;
  readonly #database: Database;
  readonly #longestWait: number;

  /**
   * A page waits no longer than `longestWait` for its picture, ms: without one it is the page that it
   * was, and the picture is there for the next reader.
   */
  constructor(database: Database, maxBytes: number, longestWait: number) {
    this.#database = database;
    this.#longestWait = longestWait;
    this.#regions = new LRUCache({
      max: 4,
      ignoreFetchAbort: true,
      fetchMethod: () => claimedRegions(database),
    });
    // Of one view there are many pages: that of each incident, and of whatever a link carries along.
    this.#pictures = new LRUCache({
      maxSize: maxBytes,
      sizeCalculation: (text, key) => text.length + key.length + entryOverhead,
      ignoreFetchAbort: true,
      fetchMethod: (_key, _stale, { context }) => this.#draw(context),
    });
  }

  /**
   * The picture of what a page's address asks for, as markup; `home` fills the map where the address
   * does not say where it looks. Empty where there can be none: of a filter that cannot be honoured,
   * or of a view that the map moves away from at once; and where it takes too long.
   */
  async of(request: PageRequest, words: Words, home = ukraine): Promise<string> {
    const asked = await this.#read(request, words, home);
    if (asked === null) return '';
    const { frame, place, filter, revision } = asked;
    const key = JSON.stringify([
      revision,
      words.language,
      frame,
      place.hidden,
      place.size,
      formatFilter(place.filter),
      filter.datetime?.longestMs,
    ]);
    // It goes on when the page has gone out without it.
    const made = this.#pictures.fetch(key, { context: asked }).catch((error: unknown) => {
      request.log.warn(error, 'no picture of the first view');
      return undefined;
    });
    const limit = new AbortController();
    const late = pause(this.#longestWait, undefined, { signal: limit.signal }).catch(
      () => undefined,
    );
    const picture = await Promise.race([made, late]);
    limit.abort();
    if (picture !== undefined) return picture;
    // The next reader gets another page, and so does this one by asking again.
    request.mayBeKept = false;
    request.revision += '.late';
    return '';
  }

  async #read(request: PageRequest, words: Words, home: Bbox): Promise<Asked | null> {
    const { place, fault } = readAddress(request.url);
    if (fault !== null) return null;
    const frame = place.view === null ? frameOf(home) : frameAt(place.view, maxZoom);
    if (frame === null) return null;
    const opened = await this.#openedAt(place.open, request);
    if (opened !== null && !isSurelyInSight(frame, opened)) return null;
    try {
      const query: Query = Object.fromEntries(formatFilter(place.filter));
      const { signal, longestMs, revision } = request;
      const filter = await readFilter({ query, signal, longestMs }, 'incidents', this.#database);
      return { words, frame, place, filter, revision };
    } catch (error) {
      // The map says what is wrong with it, as with every other.
      if (error instanceof ParameterError) return null;
      throw error;
    }
  }

  /** Where what a page opens lies, which the map brings into sight; null where that is nowhere. */
  async #openedAt(open: Open, { signal }: PageRequest): Promise<Pixel | null> {
    const [collection, id] =
      open.kind === 'incident'
        ? (['incidents', open.id] as const)
        : (['regions', open.kind === 'region' ? open.code : ''] as const);
    if (id === '' || !isFeatureId(id)) return null;
    const geometry = geometryOf(
      await itemById(this.#database, collection, id, 'point', { signal }),
    );
    if (geometry === null) return null;
    const [west, south, east, north] = bbox(geometry);
    return mercator([(west + east) / 2, (south + north) / 2]);
  }

  async #draw({ words, frame, place, filter, revision }: Asked): Promise<string> {
    const { hidden, size } = place;
    const [regions, ...incidents] = await Promise.all([
      hidden.includes('claims') ? [] : this.#regions.fetch(revision),
      ...frame.levels.map(({ z, cover }) => incidentsOver(this.#database, z, cover, filter, {})),
    ]);
    return firstMap(words, { frame, incidents, regions: regions ?? [], hidden, size });
  }
}

/** The regions that the map hatches, as it asks for them. */
async function claimedRegions(database: Database): Promise<readonly Region[]> {
  const page = await itemsPage(
    database,
    'regions',
    {
      filter: parseFilter({ claimant: 'RU' }),
      limit: 100,
      cursor: undefined,
      geometry: 'point',
    },
    {},
  );
  return featuresIn(page).map((feature) => region(JSON.parse(feature), 'region'));
}
