/** What lies at the pointer: properties of drawn features, read into what they are. */

import type { Feature } from 'geojson';
import { type Bbox, parseBbox } from '../../server/domain/bbox.ts';
import {
  geoPrecisions,
  type IncidentType,
  incidentTypeCodes,
  timePrecisions,
} from '../../server/domain/vocabulary.ts';
import {
  type Decoded,
  DecodeError,
  flag,
  nullable,
  number,
  object,
  oneOf,
  partial,
  position,
  text,
} from '../decode.ts';

const point = object({ coordinates: position });

const incidentProperties = object({
  id: text,
  title: text,
  type: oneOf(incidentTypeCodes),
  place: text,
  time: text,
  time_precision: oneOf(timePrecisions),
  geo_precision: oneOf(geoPrecisions),
  uncertainty_m: number,
  killed_lowest: nullable(number),
  killed_highest: nullable(number),
  killed_at_least: nullable(flag),
  injured_lowest: nullable(number),
  injured_highest: nullable(number),
  injured_at_least: nullable(flag),
});

const clusterProperties = object({
  count: number,
  bbox: text,
  killed_highest: nullable(number),
  injured_highest: nullable(number),
  killed_given: number,
  injured_given: number,
});
const typeCounts = partial(incidentTypeCodes, number);

type IncidentProperties = Decoded<typeof incidentProperties>;

/** A figure as a tile gives it. */
interface Toll {
  readonly lowest: number;
  readonly highest: number;
  readonly at_least: boolean;
}

export interface PointedIncident {
  readonly kind: 'incident';
  readonly id: string;
  readonly geometry: { readonly coordinates: readonly [longitude: number, latitude: number] };
  readonly properties: Pick<
    IncidentProperties,
    'title' | 'type' | 'place' | 'time' | 'time_precision' | 'geo_precision' | 'uncertainty_m'
  > & { readonly figures: { readonly killed?: Toll; readonly injured?: Toll } };
}

/** Several incidents drawn as one: near each other, or marked at one place as areas. */
export interface PointedCluster {
  readonly kind: 'cluster';
  readonly of: 'points' | 'areas';
  readonly coordinates: readonly [longitude: number, latitude: number];
  readonly count: number;
  /** Holds the points of them all. */
  readonly box: Bbox;
  readonly types: { readonly [Type in IncidentType]?: number };
  /** Sums of the highest that claims give, null where none does, and how many incidents have one. */
  readonly killed: ClusterToll;
  readonly injured: ClusterToll;
}

interface ClusterToll {
  readonly highest: number | null;
  readonly given: number;
}

export interface PointedRegion {
  readonly kind: 'region';
  /** Whether it is drawn as claimed, or only its border is. */
  readonly of: 'claims' | 'borders';
  readonly code: string;
}

export type Pointed = PointedIncident | PointedCluster | PointedRegion;

/** As it is drawn: `sourceLayer` is that of the tile. */
export type DrawnFeature = Feature & { readonly sourceLayer?: string | undefined };

/** Reads what was drawn; null where it is none of ours. */
export function pointedAt(feature: DrawnFeature): Pointed | null {
  try {
    return read(feature);
  } catch (error) {
    if (error instanceof DecodeError) return null;
    throw error;
  }
}

function read({ geometry, properties, sourceLayer }: DrawnFeature): Pointed {
  if (properties !== null && 'code' in properties) {
    const { code } = object({ code: text })(properties, 'region');
    return { kind: 'region', of: sourceLayer === 'regions' ? 'borders' : 'claims', code };
  }
  const { coordinates } = point(geometry, 'geometry');
  if (properties !== null && 'count' in properties) {
    const { count, bbox, ...tolls } = clusterProperties(properties, 'cluster');
    return {
      kind: 'cluster',
      of: sourceLayer === 'markers' ? 'areas' : 'points',
      coordinates,
      count,
      box: parseBbox(bbox),
      types: typeCounts(properties, 'cluster'),
      killed: { highest: tolls.killed_highest, given: tolls.killed_given },
      injured: { highest: tolls.injured_highest, given: tolls.injured_given },
    };
  }
  const { id, ...known } = incidentProperties(properties, 'incident');
  const { title, type, place, time, time_precision, geo_precision, uncertainty_m } = known;
  return {
    kind: 'incident',
    id,
    geometry: { coordinates },
    properties: {
      ...{ title, type, place, time, time_precision, geo_precision, uncertainty_m },
      figures: {
        ...toll('killed', known.killed_lowest, known.killed_highest, known.killed_at_least),
        ...toll('injured', known.injured_lowest, known.injured_highest, known.injured_at_least),
      },
    },
  };
}

/** A figure that nobody gave is absent. */
function toll<Name extends 'killed' | 'injured'>(
  name: Name,
  lowest: number | null,
  highest: number | null,
  atLeast: boolean | null,
): { readonly [Key in Name]?: Toll } | object {
  if (lowest === null || highest === null) return {};
  return { [name]: { lowest, highest, at_least: atLeast ?? false } };
}
