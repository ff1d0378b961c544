import type { MultiPolygon } from 'geojson';
import type {
  Attacker,
  GeoPrecision,
  IncidentType,
  Measure,
  Qualifier,
  TargetType,
  TimePrecision,
} from '../../server/domain/vocabulary.ts';
import type { SourceFile } from './input.ts';

/** A dataset as its records' readers are told of it: who made it and what may be done with it. */
export interface DatasetRecord {
  /** Lower-case letters, digits and hyphens; begins the ids of its incidents. */
  readonly id: string;
  readonly title: string;
  readonly licence: string;
  readonly licence_url: string | null;
  readonly attribution: string;
  /** Page of the dataset, which is the source of claims that carry no address of their own. */
  readonly url: string;
  readonly publisher: string;
  /** Why its records are not shown to the public unless the operator says otherwise. */
  readonly privateBecause: string | null;
}

/** A publication that a record names with its address. */
export interface ImportedSource {
  readonly url: string;
  readonly publisher: string | null;
  readonly title: string | null;
  readonly language: string | null;
  /** EDTF text. */
  readonly published_at: string | null;
}

/** A claim of a record about its incident; `source` is an address among the record's sources. */
export interface ImportedClaim {
  readonly measure: Measure;
  readonly value_min: number | null;
  readonly value_max: number | null;
  /** `null` for a narrative. */
  readonly qualifier: Qualifier | null;
  readonly text: string | null;
  readonly attributed_to: string;
  readonly remark: string | null;
  /** `null`: the dataset itself. */
  readonly source: string | null;
  /** EDTF text. */
  readonly reported_at: string | null;
}

/** A precision of ours and the code that it was mapped from: `ucdp:where_prec:4`. */
export interface MappedPrecision<Code> {
  readonly code: Code;
  readonly source: string | null;
}

/** One record of a dataset in our words. Coordinates in degrees, WGS 84. */
export interface ImportedIncident {
  /** The dataset's own id of the record. */
  readonly record: string;
  readonly url: string | null;
  readonly title: string;
  readonly summary: string;
  readonly type: IncidentType;
  /** What the dataset's scheme calls it: `acled:sub_event_type:Grenade`. */
  readonly type_source: string | null;
  readonly attacker: Attacker;
  readonly targets: readonly TargetType[];
  /** ISO 3166-1 alpha-2; `null` where only the point can tell. */
  readonly country: string | null;
  /** ISO 3166-2, where the record itself gives a code. */
  readonly region: string | null;
  readonly geonames_id: number | null;
  readonly place: string;
  readonly lon: number;
  readonly lat: number;
  /** What the point stands for, where the record has it; else it is derived from the precision. */
  readonly area?: MultiPolygon;
  readonly geo: MappedPrecision<GeoPrecision>;
  readonly uncertainty_m: number;
  readonly coordinate_source: string;
  /** EDTF text of whole days. */
  readonly time: string;
  readonly time_local: string | null;
  readonly when: MappedPrecision<TimePrecision>;
  readonly claims: readonly ImportedClaim[];
  readonly sources: readonly ImportedSource[];
}

/** Where in a file something stands; lines count from 1, and so do features where there are no lines. */
export interface Position {
  readonly file: string;
  readonly line: number;
}

/**
 * A record that was read, with what had to be repaired in it and what looks wrong but was left, or
 * the reason why it was refused.
 */
export type Parsed = Position &
  (
    | {
        readonly incident: ImportedIncident;
        readonly repairs: readonly string[];
        readonly doubts: readonly string[];
      }
    | {
        /** Its id, where that much could be read. */
        readonly record: string | null;
        readonly refused: string;
        /** `foreign`: sound, but not what the atlas holds, such as a protest. */
        readonly kind: 'faulty' | 'foreign';
      }
  );

/** One format: whose records it holds and how they are read, one after the other. */
export interface ImportFormat {
  readonly title: string;
  readonly dataset: DatasetRecord;
  /** Never holds more than a few records, whatever the size of the files. */
  read(files: readonly SourceFile[]): AsyncIterable<Parsed>;
}

/** A record cannot be taken; the message says why. */
export class RefusedError extends Error {
  override readonly name: string = 'RefusedError';
}

/** A record is sound, but not of what the atlas holds. */
export class ForeignError extends RefusedError {
  override readonly name = 'ForeignError';
}
