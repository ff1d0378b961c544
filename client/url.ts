import { collections } from '../server/domain/collections.ts';
import { type Filter, formatFilter, parseFilter } from '../server/domain/filter.ts';
import { ParameterError } from '../server/domain/parameter-error.ts';
import {
  type AddressFault,
  hiddenAtFirst,
  type LayerSwitch,
  layerSwitches,
  type Open,
  type Place,
  type SizeMeasure,
  type Sort,
  sizeMeasures,
  sortColumns,
  themeChoices,
  type View,
} from './state.ts';
import { languages } from './text/index.ts';

/**
 * The page's own keys, beside the filter's (which are those of the API). Each is read and written
 * here and nowhere else; one that cannot be read counts as absent, since no figure hangs on it.
 */
const pageKeys = {
  map: { read: readView, write: writeView },
  incident: { read: readIncidents, write: writeIncidents },
  // As regions were addressed before they had a path of their own.
  about: { read: (value: string): Open => ({ kind: 'region', code: value }) },
  sortby: { read: readSort, write: writeSort },
  hide: {
    read: readLayers,
    write: (hidden: readonly LayerSwitch[]) =>
      hidden.filter((layer) => !hiddenAtFirst.includes(layer)).join(',') || null,
  },
  show: {
    read: readLayers,
    write: (hidden: readonly LayerSwitch[]) =>
      hiddenAtFirst.filter((layer) => !hidden.includes(layer)).join(',') || null,
  },
  size: {
    read: (value: string): SizeMeasure =>
      sizeMeasures.find((measure) => measure === value) ?? 'incidents',
    write: (size: SizeMeasure) => (size === 'incidents' ? null : size),
  },
  lang: {
    read: (value: string) => languages.find((code) => code === value) ?? null,
    write: (language: Place['language']) => language,
  },
  theme: {
    read: (value: string) => themeChoices.find((choice) => choice === value) ?? 'system',
    write: (theme: Place['theme']) => (theme === 'system' ? null : theme),
  },
} as const;

/** As many incidents as one address opens at once. */
const maxOpen = 100;

/**
 * The place that an address stands for, from its path on, and what in its filter could not be
 * honoured.
 */
export function readAddress(address: string): { place: Place; fault: AddressFault | null } {
  const { pathname, searchParams: query } = new URL(address, 'https://atlas.invalid');
  const { filter, fault } = readFilter(query);
  const read = <Value>(key: string, reader: (value: string) => Value, absent: Value): Value => {
    const value = query.get(key);
    return value === null ? absent : reader(value);
  };
  const hide = read('hide', pageKeys.hide.read, []);
  const show = read('show', pageKeys.show.read, []);
  const region = read('about', pageKeys.about.read, { kind: 'nothing' });
  return {
    fault,
    place: {
      filter,
      sort: read('sortby', pageKeys.sortby.read, null),
      view: read('map', pageKeys.map.read, null),
      open: readPath(pathname) ?? read('incident', pageKeys.incident.read, region),
      hidden: layerSwitches.filter((layer) =>
        hiddenAtFirst.includes(layer) ? !show.includes(layer) : hide.includes(layer),
      ),
      size: read('size', pageKeys.size.read, 'incidents'),
      language: read('lang', pageKeys.lang.read, null),
      theme: read('theme', pageKeys.theme.read, 'system'),
    },
  };
}

/**
 * What is opened by its own path, which the server answers with that record in words:
 * `/incidents/{id}` and `/regions/{code}`; null for any other.
 */
function readPath(pathname: string): Open | null {
  const [, kind, segment] = /^\/(incidents|regions)\/([^/]+)$/.exec(pathname) ?? [];
  if (segment === undefined) return null;
  const name = decodeSegment(segment);
  return kind === 'incidents' ? { kind: 'incident', id: name } : { kind: 'region', code: name };
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    // Not a segment that was written here: no record has such a name.
    return segment;
  }
}

function writePath(open: Open): string {
  if (open.kind === 'incident') return `/incidents/${encodeURIComponent(open.id)}`;
  return open.kind === 'region' ? `/regions/${encodeURIComponent(open.code)}` : '/';
}

/** The address, from its path on, that {@link readAddress} reads back to the same place. */
export function writeAddress(place: Place): string {
  const own: Pair[] = [
    ['sortby', pageKeys.sortby.write(place.sort)],
    ['map', pageKeys.map.write(place.view)],
    ['incident', pageKeys.incident.write(place.open)],
    ['hide', pageKeys.hide.write(place.hidden)],
    ['show', pageKeys.show.write(place.hidden)],
    ['size', pageKeys.size.write(place.size)],
    ['lang', pageKeys.lang.write(place.language)],
    ['theme', pageKeys.theme.write(place.theme)],
  ];
  return joined(writePath(place.open), [...formatFilter(place.filter), ...own]);
}

/** The address of the same place as a light map for other people's pages, without a list to sort. */
export function writeEmbedAddress(place: Place): string {
  const { open } = place;
  const own: Pair[] = [
    ['map', pageKeys.map.write(place.view)],
    ['incident', open.kind === 'incident' ? open.id : pageKeys.incident.write(open)],
    ['about', open.kind === 'region' ? open.code : null],
    ['hide', pageKeys.hide.write(place.hidden)],
    ['show', pageKeys.show.write(place.hidden)],
    ['size', pageKeys.size.write(place.size)],
    ['lang', pageKeys.lang.write(place.language)],
    ['theme', pageKeys.theme.write(place.theme)],
  ];
  return joined('/embed', [...formatFilter(place.filter), ...own]);
}

function readLayers(value: string): readonly LayerSwitch[] {
  return layerSwitches.filter((layer) => value.split(',').includes(layer));
}

type Pair = readonly [key: string, value: string | null];

function joined(path: string, given: readonly Pair[]): string {
  const pairs = given.flatMap(([key, value]) =>
    value === null ? [] : [`${key}=${encode(value)}`],
  );
  return pairs.length === 0 ? path : `${path}?${pairs.join('&')}`;
}

function readFilter(query: URLSearchParams): { filter: Filter; fault: AddressFault | null } {
  let filter: Filter = {};
  let fault: AddressFault | null = null;
  for (const name of collections.incidents.filters) {
    const value = query.get(name);
    if (value === null) continue;
    try {
      filter = { ...filter, ...parseFilter({ [name]: value }, [name]) };
    } catch (error) {
      if (!(error instanceof ParameterError)) throw error;
      fault ??= { parameter: error.parameter, value: error.value, reason: error.message };
    }
  }
  return { filter, fault };
}

/** Commas, slashes and colons stay legible; they need no escape in a query (RFC 3986, 3.4). */
function encode(value: string): string {
  return encodeURIComponent(value).replace(/%2C/g, ',').replace(/%2F/g, '/').replace(/%3A/g, ':');
}

/** `zoom/latitude/longitude`, in the order that map links have had since OpenStreetMap's. */
function readView(value: string): View | null {
  const parts = value.split('/').map(Number);
  const [zoom = Number.NaN, latitude = Number.NaN, longitude = Number.NaN] = parts;
  const fits =
    parts.length === 3 &&
    zoom >= 0 &&
    zoom <= 24 &&
    Math.abs(latitude) <= 85.06 &&
    Math.abs(longitude) <= 180;
  return fits ? { zoom, latitude, longitude } : null;
}

/** Digits enough for a pixel at the zoom, and no more. */
function writeView(view: View | null): string | null {
  if (view === null) return null;
  const digits = Math.max(2, Math.ceil((view.zoom * Math.LN2 + Math.log(512 / 360)) / Math.LN10));
  return [
    Number(view.zoom.toFixed(2)),
    Number(view.latitude.toFixed(digits)),
    Number(view.longitude.toFixed(digits)),
  ].join('/');
}

/** A column, with `-` before it for descending, as the API has it; the API's own order is `null`. */
function readSort(value: string): Sort | null {
  const [, sign, name] = /^(-?)(\w+)$/.exec(value) ?? [];
  const column = sortColumns.find((each) => each === name);
  if (column === undefined || value === '-starts_at') return null;
  return { column, direction: sign === '-' ? 'descending' : 'ascending' };
}

/** The value of `sortby`, here and in the API; `null` leaves it out. */
export function writeSort(sort: Sort | null): string | null {
  return sort === null ? null : `${sort.direction === 'descending' ? '-' : ''}${sort.column}`;
}

function readIncidents(value: string): Open {
  const ids = [...new Set(value.split(',').filter((id) => id !== ''))].slice(0, maxOpen);
  const [id] = ids;
  if (id === undefined) return { kind: 'nothing' };
  return ids.length === 1 ? { kind: 'incident', id } : { kind: 'incidents', ids };
}

function writeIncidents(open: Open): string | null {
  return open.kind === 'incidents' ? open.ids.slice(0, maxOpen).join(',') : null;
}
