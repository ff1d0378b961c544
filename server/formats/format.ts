import type { CollectionId } from '../domain/collections.ts';
import type { GeometryForm } from '../domain/paging.ts';
import type { FeaturePages } from './feature.ts';

/** A link of a file to its surroundings (RFC 8288). */
export interface FileLink {
  readonly href: string;
  readonly rel: string;
  readonly type?: string;
  readonly title?: string;
}

/** What a file says of itself, beside its features. */
export interface About {
  readonly collection: CollectionId;
  /** Form of the geometries of incidents. */
  readonly geometry: GeometryForm;
  /** Properties that the features come with; all when undefined. */
  readonly properties?: readonly string[] | undefined;
  /** Who serves the file. */
  readonly publisher: string;
  /** `self`, `alternate`, `next` and the like, for the formats that can hold links. */
  readonly links: readonly FileLink[];
  /** Features that the filter selects, in the file or not. */
  readonly numberMatched: number;
  /** Features that the file will hold. */
  readonly numberReturned: number;
  /** When the response is made (ISO 8601, UTC). */
  readonly timeStamp: string;
  /** The address of a feature of the collection. */
  readonly itemUrl: (id: string) => string;
}

/** A file format: one file of this folder, and its line in formats.ts. */
export interface Format {
  readonly title: string;
  readonly mediaType: string;
  /** What the name of a file ends in, without the dot. */
  readonly extension: string;
  /** Whether the same features always give the same bytes: nothing in it tells when it was made. */
  readonly isByteStable: boolean;
  /** Whether the format compresses by itself, so that a content coding gains nothing. */
  readonly isCompressed?: boolean;
  /** Why a collection, or its features' areas, cannot be had in this format. */
  readonly refusal?: (collection: CollectionId, geometry: GeometryForm) => string | undefined;
  /**
   * Writes the features in the order in which they come, with never more than a few thousand of
   * them in memory. Asks for no page before its chunks are asked for; leaving it leaves the pages.
   */
  readonly write: (pages: FeaturePages, about: About) => AsyncIterable<string | Uint8Array>;
}
