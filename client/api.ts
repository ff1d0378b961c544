import type { Bbox } from '../server/domain/bbox.ts';
import { type Filter, formatFilter, withParameter } from '../server/domain/filter.ts';
import { DecodeError, type Decoder } from './decode.ts';
import {
  collectionDocument,
  type Facets,
  facetsDocument,
  foundRegionPage,
  type Incident,
  type IncidentArea,
  type IncidentInFull,
  type IncidentPage,
  incidentArea,
  incidentInFull,
  incidentPage,
  type Named,
  placePage,
  problemDocument,
  type Region,
  region,
  regionPage,
  timelineDocument,
} from './model.ts';
import { dayOf, type TimeGroup } from './time.ts';

/** Why there is no answer, as a value that the panels put into words. */
export type Problem =
  | { readonly kind: 'unreachable' }
  /** It answers, and asks for patience: it starts, or its database does. */
  | { readonly kind: 'busy' }
  | { readonly kind: 'not-found' }
  | { readonly kind: 'refused'; readonly status: number; readonly detail: string }
  | { readonly kind: 'unreadable'; readonly detail: string };

/** Whether asking again later may help. */
export function isPassing({ kind }: Problem): boolean {
  return kind === 'unreachable' || kind === 'busy';
}

/** A request that came to nothing; {@link Problem} says why. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.kind);
    this.problem = problem;
  }
}

/** As many features as one answer may hold; the server's documented maximum. */
export const pageLimit = 10_000;

/** As many incidents as the list is given at first, and again whenever it comes to their end. */
export const listPage = 250;

const collections = '/api/collections';

/** The address of what {@link fetchIncidents} asks for, for people who want it themselves. */
export function incidentsAddress(filter: Filter, extra: readonly [string, string][] = []): string {
  const query = new URLSearchParams([...formatFilter(filter), ...extra]);
  return `${collections}/incidents/items${query.size > 0 ? `?${query}` : ''}`;
}

/** The first incidents that the filter selects, in an order that the API knows. */
export function fetchIncidents(
  filter: Filter,
  sortby: string | null,
  limit: number,
  signal: AbortSignal,
): Promise<IncidentPage> {
  const order: [string, string][] = sortby === null ? [] : [['sortby', sortby]];
  const address = incidentsAddress(filter, [...order, ['limit', `${limit}`]]);
  return get(address, incidentPage, signal);
}

/** What follows a page; `null` after the last. Asked for on the page's own origin. */
export function fetchNext(page: IncidentPage, signal: AbortSignal): Promise<IncidentPage> | null {
  const next = page.links.find(({ rel }) => rel === 'next');
  if (next === undefined) return null;
  const query = next.href.slice(next.href.indexOf('?'));
  return get(`${collections}/incidents/items${query}`, incidentPage, signal);
}

/** The area that an incident's point stands for. */
export function fetchArea(id: string, signal: AbortSignal): Promise<IncidentArea> {
  const address = `${collections}/incidents/items/${encodeURIComponent(id)}?geometry=area`;
  return get(address, incidentArea, signal);
}

/** Incidents by their ids, the newest first. */
export async function fetchGroup(
  ids: readonly string[],
  signal: AbortSignal,
): Promise<readonly Incident[]> {
  const quoted = ids.map((id) => `'${id.replaceAll("'", "''")}'`);
  const query = new URLSearchParams([
    ['filter', `id IN (${quoted.join(',')})`],
    ['limit', `${ids.length}`],
  ]);
  return (await get(`${collections}/incidents/items?${query}`, incidentPage, signal)).features;
}

/** Ids of incidents in a box, of those that a filter selects; as many as one address opens. */
export async function fetchIdsWithin(
  filter: Filter,
  [west, south, east, north]: Bbox,
  limit: number,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const within = withParameter(filter, 'bbox', [west, south, east, north].join(','));
  const address = incidentsAddress(within, [['limit', `${limit}`]]);
  return (await get(address, incidentPage, signal)).features.map(({ id }) => id);
}

/** One incident with its claims, sources and all else that hangs on it. */
export function fetchIncident(id: string, signal: AbortSignal): Promise<IncidentInFull> {
  return get(`${collections}/incidents/items/${encodeURIComponent(id)}`, incidentInFull, signal);
}

/** Regions that some state but the recognised one claims. */
export async function fetchClaimedRegions(signal: AbortSignal): Promise<readonly Region[]> {
  const address = `${collections}/regions/items?claimant=RU&limit=100`;
  return (await get(address, regionPage, signal)).features;
}

/** One region, claimed or not. */
export function fetchRegion(code: string, signal: AbortSignal): Promise<Region> {
  return get(`${collections}/regions/items/${encodeURIComponent(code)}`, region, signal);
}

/** As many places, and regions, as a search shows. */
const found = { places: 6, regions: 4 } as const;

/** Places and regions by name in any spelling, of each kind the nearest first. */
export async function fetchNamed(name: string, signal: AbortSignal): Promise<Named> {
  const ask = (extra: Record<string, string>) => new URLSearchParams({ q: name, ...extra });
  const ofPlaces = ask({ limit: `${found.places}` });
  const ofRegions = ask({ limit: `${found.regions}`, properties: 'country,name_en,name_uk' });
  const [places, regions] = await Promise.all([
    get(`${collections}/places/items?${ofPlaces}`, placePage, signal),
    get(`${collections}/regions/items?${ofRegions}`, foundRegionPage, signal),
  ]);
  return { places: places.features, regions: regions.features };
}

/** What every value of every filter parameter would leave. */
export function fetchFacets(filter: Filter, signal: AbortSignal): Promise<Facets> {
  const query = new URLSearchParams(formatFilter(filter));
  return get(`${collections}/incidents/facets?${query}`, facetsDocument, signal);
}

/** When the incidents of a filter happened, as far as it is known, by type. */
export async function fetchTimeline(
  filter: Filter,
  signal: AbortSignal,
): Promise<readonly TimeGroup[]> {
  const query = new URLSearchParams([
    ['by', 'day,days,type'],
    ['sums', 'none'],
    ...formatFilter(filter),
  ]);
  const address = `${collections}/incidents/aggregate?${query}`;
  const { groups } = await get(address, timelineDocument, signal);
  return groups.map(({ day, days, type, incidents }) => {
    const [first = days, last = first] = days.split('/');
    return {
      day: day === null ? null : dayOf(day),
      first: dayOf(first),
      last: dayOf(last),
      type,
      incidents,
    };
  });
}

/** Half the sides of the box that nearby incidents are looked for in, degrees. */
const around = { longitude: 0.75, latitude: 0.5 } as const;

/** Incidents in a box about another one's point, itself among them; the newest first. */
export async function fetchAround(
  { geometry }: Incident,
  signal: AbortSignal,
): Promise<readonly Incident[]> {
  const [longitude, latitude] = geometry.coordinates;
  const box = [
    Math.max(-180, longitude - around.longitude),
    Math.max(-90, latitude - around.latitude),
    Math.min(180, longitude + around.longitude),
    Math.min(90, latitude + around.latitude),
  ].map((degrees) => degrees.toFixed(5));
  const filter = withParameter({}, 'bbox', box.join(','));
  return (await get(incidentsAddress(filter, [['limit', '200']]), incidentPage, signal)).features;
}

/** The collection of incidents as a whole. */
export interface Collection {
  /** The time that the incidents cover; null where there are none. */
  readonly span: { readonly first: string; readonly last: string } | null;
  /** Another one once the data have changed. */
  readonly revision: string;
}

/** What the collection of incidents is by now; asked again it costs the server next to nothing. */
export async function fetchCollection(signal: AbortSignal): Promise<Collection> {
  const address = `${collections}/incidents`;
  const { value, tag } = await getTagged(address, collectionDocument, signal);
  return { span: value, revision: tag };
}

async function get<Value>(
  address: string,
  decode: Decoder<Value>,
  signal: AbortSignal,
): Promise<Value> {
  return (await getTagged(address, decode, signal)).value;
}

/** What an address answers with, and its ETag, which is made of the state of the data. */
async function getTagged<Value>(
  address: string,
  decode: Decoder<Value>,
  signal: AbortSignal,
): Promise<{ readonly value: Value; readonly tag: string }> {
  let response: Response;
  let body: unknown;
  try {
    response = await fetch(address, {
      signal,
      headers: { accept: 'application/geo+json, application/json' },
    });
    // What stands between here and the server may answer in its place, in other than JSON.
    body = response.status >= 500 ? null : await response.json();
  } catch (error) {
    if (signal.aborted) throw error;
    throw new ApiError({ kind: 'unreachable' });
  }
  if (response.status === 404) throw new ApiError({ kind: 'not-found' });
  if (response.status === 503) throw new ApiError({ kind: 'busy' });
  if (response.status >= 500) throw new ApiError({ kind: 'unreachable' });
  try {
    if (response.ok) {
      return { value: decode(body, 'answer'), tag: response.headers.get('etag') ?? '' };
    }
    const { title, detail } = problemDocument(body, 'problem');
    throw new ApiError({ kind: 'refused', status: response.status, detail: detail ?? title });
  } catch (error) {
    if (error instanceof DecodeError) {
      throw new ApiError({ kind: 'unreadable', detail: error.message });
    }
    throw error;
  }
}
