import type { CollectionId } from '../domain/collections.ts';
import type { GeometryForm } from '../domain/paging.ts';
import { atom } from './atom.ts';
import { csv } from './csv.ts';
import { fgb } from './fgb.ts';
import type { Format } from './format.ts';
import { geojson } from './geojson.ts';
import { geojsonseq } from './geojsonseq.ts';
import { kml } from './kml.ts';
import { parquet } from './parquet.ts';

/** The formats that features can be had in, by the value of `f`. */
export const formats = {
  geojson,
  geojsonseq,
  csv,
  fgb,
  parquet,
  kml,
  atom,
} as const satisfies Record<string, Format>;

export type FormatId = keyof typeof formats;

export const formatIds: readonly FormatId[] = Object.keys(formats).filter(
  (key): key is FormatId => key in formats,
);

/** Why a collection cannot be had in a format; undefined where it can. */
export function refusalOf(
  format: FormatId,
  collection: CollectionId,
  geometry: GeometryForm,
): string | undefined {
  const { refusal }: Format = formats[format];
  return refusal?.(collection, geometry);
}

/** The name under which a file is saved. */
export function fileName(format: FormatId, collection: CollectionId): string {
  return `strike-atlas-${collection}.${formats[format].extension}`;
}
