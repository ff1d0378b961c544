/** What the API answers with, as far as the client reads it; see `/api/openapi.json`. */

import type { MultiPolygon, Polygon, Position } from 'geojson';
import { facetNames } from '../server/domain/facets.ts';
import { filterNames } from '../server/domain/filter.ts';
import {
  attackers,
  claimScopes,
  geoPrecisions,
  incidentTypeCodes,
  measureCodes,
  qualifiers,
  sourceKinds,
  targetTypes,
  timePrecisions,
} from '../server/domain/vocabulary.ts';
import {
  type Decoded,
  DecodeError,
  type Decoder,
  flag,
  list,
  nullable,
  number,
  object,
  oneOf,
  partial,
  position,
  text,
} from './decode.ts';

const point = object({ type: oneOf(['Point']), coordinates: position });

const ring: Decoder<Position[]> = (value, path) =>
  list(position)(value, path).map(([longitude, latitude]) => [longitude, latitude]);
const polygon: Decoder<Position[][]> = (value, path) => [...list(ring)(value, path)];

const areaShape: Decoder<Polygon | MultiPolygon> = (value, path) => {
  const { type } = object({ type: oneOf(['Polygon', 'MultiPolygon']) })(value, path);
  if (type === 'Polygon') {
    return { type, coordinates: object({ coordinates: polygon })(value, path).coordinates };
  }
  const { coordinates } = object({ coordinates: list(polygon) })(value, path);
  return { type, coordinates: [...coordinates] };
};

const figure = object({
  lowest: number,
  highest: number,
  at_least: flag,
  claims: number,
  latest: nullable(
    object({
      value_min: nullable(number),
      value_max: nullable(number),
      qualifier: nullable(oneOf(qualifiers)),
      attributed_to: text,
      source_publisher: nullable(text),
      source_url: nullable(text),
      reported_at: nullable(text),
    }),
  ),
});

const incidentShape = {
  title: text,
  summary: text,
  type: oneOf(incidentTypeCodes),
  attacker: oneOf(attackers),
  targets: list(oneOf(targetTypes)),
  country: text,
  region: nullable(text),
  region_name: nullable(object({ en: text, uk: nullable(text) })),
  place: text,
  time: text,
  time_precision: oneOf(timePrecisions),
  time_local: nullable(text),
  starts_at: text,
  ends_at: text,
  geo_precision: oneOf(geoPrecisions),
  uncertainty_m: number,
  coordinate_source: text,
  area_only: flag,
  figures: partial(measureCodes, figure),
  licence: text,
  licence_url: nullable(text),
  attribution: text,
  recorded_at: text,
};

const source = object({
  id: text,
  url: text,
  publisher: nullable(text),
  title: nullable(text),
  published_at: nullable(text),
  language: nullable(text),
  kind: nullable(oneOf(sourceKinds)),
});

const claim = object({
  id: text,
  measure: oneOf(measureCodes),
  value_min: nullable(number),
  value_max: nullable(number),
  qualifier: nullable(oneOf(qualifiers)),
  text: nullable(text),
  scope: object({ kind: oneOf(claimScopes), name: nullable(text) }),
  attributed_to: text,
  remark: nullable(text),
  source: text,
  reported_at: nullable(text),
  status: nullable(oneOf(['preliminary', 'final'])),
  responsibility: nullable(
    object({
      stance: oneOf(['attributed_to', 'claimed_by', 'denied_by']),
      party: nullable(text),
    }),
  ),
  cause: nullable(text),
  relations: list(object({ relation: oneOf(['revises', 'contradicts']), claim: text })),
});

const incidentFeature = object({ id: text, geometry: point, properties: object(incidentShape) });

const incidentInFull = object({
  id: text,
  geometry: point,
  properties: object({
    ...incidentShape,
    claims: list(claim),
    sources: list(source),
    notes: list(object({ id: text, text, source: nullable(text) })),
    locations: list(
      object({
        id: text,
        place: text,
        geometry: nullable(point),
        geo_precision: oneOf(geoPrecisions),
        uncertainty_m: nullable(number),
        targets: list(oneOf(targetTypes)),
      }),
    ),
    relations: list(
      object({
        relation: oneOf(['part_of_wave', 'repeat_strike', 'not_same_as']),
        incident: text,
        title: text,
        note: nullable(text),
      }),
    ),
    identifiers: list(object({ scheme: text, identifier: text, url: nullable(text) })),
  }),
});

const incidentArea = object({
  id: text,
  geometry: nullable(areaShape),
  properties: object(incidentShape),
});

const region = object({
  id: text,
  geometry: nullable(areaShape),
  properties: object({
    code: text,
    country: text,
    pcode: nullable(text),
    kind: nullable(text),
    name_en: text,
    name_uk: nullable(text),
    boundary_set: nullable(text),
    territorial_claims: list(
      object({
        id: text,
        claimant: text,
        since: nullable(text),
        act: text,
        sources: list(source),
      }),
    ),
    international_responses: list(
      object({
        body: text,
        instrument: text,
        date: nullable(text),
        votes: nullable(
          object({
            in_favour: number,
            against: number,
            abstained: number,
            did_not_vote: nullable(number),
          }),
        ),
        summary: text,
        sources: list(source),
      }),
    ),
    control_reports: list(
      object({
        controller: text,
        share_min: nullable(number),
        share_max: nullable(number),
        qualifier: nullable(text),
        attributed_to: text,
        reported_at: nullable(text),
        note: nullable(text),
        source,
      }),
    ),
    note: nullable(object({ text, sources: list(source) })),
  }),
});

function page<Value>(feature: Decoder<Value>) {
  return object({
    features: list(feature),
    numberMatched: number,
    numberReturned: number,
    links: list(object({ rel: text, href: text })),
  });
}

export const incidentPage = page(incidentFeature);
export const regionPage = page(region);

/** What of a region the search shows; `properties` asks for no more. */
export const foundRegionPage = page(
  object({
    id: text,
    properties: object({ country: text, name_en: text, name_uk: nullable(text) }),
  }),
);
export const placePage = page(
  object({
    id: text,
    geometry: point,
    properties: object({
      name: text,
      name_uk: nullable(text),
      country: text,
      region_name: nullable(object({ en: text, uk: nullable(text) })),
      population: nullable(number),
    }),
  }),
);
export { incidentArea, incidentFeature, incidentInFull, region };

const facetValue = object({
  value: text,
  incidents: number,
  name: nullable(object({ en: text, uk: nullable(text) })),
  publisher: nullable(text),
  title: nullable(text),
});

/** By filter parameter: its values and what each would leave; see `/api/openapi.json`. */
export const facetsDocument = object({
  without: partial(filterNames, number),
  facets: partial(facetNames, list(facetValue)),
});

/** Incidents by the day that they count to, the days that they may lie on, and type. */
export const timelineDocument = object({
  groups: list(
    object({
      day: nullable(text),
      days: text,
      type: oneOf(incidentTypeCodes),
      incidents: number,
    }),
  ),
});

/** First and last moment that a collection knows of, UTC; null where it has none. */
export const collectionDocument: Decoder<{ first: string; last: string } | null> = (
  value,
  path,
) => {
  const { extent } = object({
    extent: object({ temporal: object({ interval: list(list(nullable(text))) }) }),
  })(value, path);
  const [first, last] = extent.temporal.interval[0] ?? [];
  return first && last ? { first, last } : null;
};

export type Incident = Decoded<typeof incidentFeature>;
export type IncidentPage = Decoded<typeof incidentPage>;
export type IncidentArea = Decoded<typeof incidentArea>;
export type IncidentInFull = Decoded<typeof incidentInFull>;
export type Claim = Decoded<typeof claim>;
export type Source = Decoded<typeof source>;
export type Figure = Decoded<typeof figure>;
export type Region = Decoded<typeof region>;
/** Places and regions that have a name. */
export interface Named {
  readonly places: Decoded<typeof placePage>['features'];
  readonly regions: Decoded<typeof foundRegionPage>['features'];
}
export type FacetValue = Decoded<typeof facetValue>;
export type Facets = Decoded<typeof facetsDocument>;

/** RFC 9457, as far as it is shown. */
export const problemDocument = object({ title: text, detail: nullable(text) });

export { DecodeError };
