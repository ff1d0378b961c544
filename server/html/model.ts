/** Features as the pages read them, beside those that the map's client reads too. */

import {
  type Decoded,
  type Decoder,
  flag,
  list,
  nullable,
  number,
  object,
  oneOf,
  position,
  text,
} from '../../client/decode.ts';
import {
  claimScopes,
  geoPrecisions,
  measureCodes,
  qualifiers,
  sourceKinds,
} from '../domain/vocabulary.ts';

const point = object({ type: oneOf(['Point']), coordinates: position });

export const claimFeature = object({
  id: text,
  geometry: nullable(point),
  properties: object({
    incident: text,
    measure: oneOf(measureCodes),
    value_min: nullable(number),
    value_max: nullable(number),
    qualifier: nullable(oneOf(qualifiers)),
    text: nullable(text),
    scope: oneOf(claimScopes),
    scope_name: nullable(text),
    attributed_to: text,
    remark: nullable(text),
    reported_at: nullable(text),
    status: nullable(oneOf(['preliminary', 'final'])),
    stance: nullable(oneOf(['attributed_to', 'claimed_by', 'denied_by'])),
    party: nullable(text),
    cause: nullable(text),
    source: text,
    source_publisher: nullable(text),
    source_url: text,
    geo_precision: oneOf(geoPrecisions),
    uncertainty_m: number,
    area_only: flag,
  }),
});

export const sourceFeature = object({
  id: text,
  properties: object({
    url: text,
    publisher: nullable(text),
    title: nullable(text),
    published_at: nullable(text),
    language: nullable(text),
    kind: nullable(oneOf(sourceKinds)),
    carries: nullable(text),
    reliability: nullable(text),
  }),
});

export const placeFeature = object({
  id: text,
  geometry: nullable(point),
  properties: object({
    name: text,
    name_uk: nullable(text),
    country: text,
    region: nullable(text),
    region_name: nullable(object({ en: text, uk: nullable(text) })),
    population: nullable(number),
    geonames_id: nullable(number),
  }),
});

export type ClaimFeature = Decoded<typeof claimFeature>;
export type SourceFeature = Decoded<typeof sourceFeature>;
export type PlaceFeature = Decoded<typeof placeFeature>;

/** Reads features, each given as JSON text. */
export function readFeatures<Feature>(
  decode: Decoder<Feature>,
  texts: readonly string[],
): readonly Feature[] {
  return list(decode)(
    texts.map((each): unknown => JSON.parse(each)),
    'features',
  );
}
