import { readFileSync } from 'node:fs';
import type { FeatureCollection, Geometry, Position } from 'geojson';
import type { Language } from '../../../client/text/index.ts';
import { type Line, lineOf } from './paths.ts';

/** A name on the map; the lower its rank, the more it matters. */
export interface Label {
  readonly kind: 'country' | 'sea' | 'town';
  readonly rank: number;
  /** Of a town. */
  readonly population: number;
  readonly names: Readonly<Record<Language, string>>;
  readonly position: Position;
}

export interface Basemap {
  readonly ukraine: readonly Line[];
  readonly otherLand: readonly Line[];
  readonly countryBorders: readonly Line[];
  readonly regionBorders: readonly Line[];
  readonly labels: readonly Label[];
}

let read: Basemap | undefined;

/** Land, borders and names under every picture, from `geodata/basemap`; read when first needed. */
export function basemap(): Basemap {
  read ??= readBasemap();
  return read;
}

function readBasemap(): Basemap {
  const land = readLayer('land');
  const lines = readLayer('lines');
  return {
    ukraine: linesOf(land, 'ukraine'),
    otherLand: linesOf(land, 'other'),
    countryBorders: linesOf(lines, 'country'),
    regionBorders: linesOf(lines, 'region'),
    labels: readLayer('labels').features.flatMap(({ properties, geometry }): Label[] => {
      const { kind, rank, population = 0, en, uk } = properties;
      const isKnown = kind === 'country' || kind === 'sea' || kind === 'town';
      if (!isKnown || geometry.type !== 'Point' || en === undefined) return [];
      const names = { en, uk: uk ?? en };
      return [{ kind, rank: rank ?? 9, population, names, position: geometry.coordinates }];
    }),
  };
}

interface Properties {
  readonly kind: string;
  readonly rank?: number;
  readonly population?: number;
  readonly en?: string;
  readonly uk?: string;
}

export const basemapFiles = ['land', 'lines', 'labels'] as const;

/** One of the files of `geodata/basemap`. */
export function readLayer(
  name: (typeof basemapFiles)[number],
): FeatureCollection<Geometry, Properties> {
  const file = new URL(`../../../geodata/basemap/${name}.geojson`, import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8'));
}

function linesOf({ features }: ReturnType<typeof readLayer>, kind: string): Line[] {
  return features
    .filter(({ properties }) => properties.kind === kind)
    .flatMap(({ geometry }) => partsOf(geometry))
    .map(lineOf);
}

/** The rings of areas and the lines of lines. */
export function partsOf(geometry: Geometry): Position[][] {
  switch (geometry.type) {
    case 'LineString':
      return [geometry.coordinates];
    case 'Polygon':
    case 'MultiLineString':
      return geometry.coordinates;
    case 'MultiPolygon':
      return geometry.coordinates.flat();
    default:
      return [];
  }
}
