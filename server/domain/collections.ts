import type { FilterName } from './parameters.ts';

/** What the API says about a collection, and which filter parameters it takes. */
export interface Collection {
  readonly title: string;
  readonly description: string;
  readonly licence: { readonly title: string; readonly href: string };
  readonly filters: readonly FilterName[];
}

const compilation = {
  title: 'MIT; figures and statements belong to the sources that each claim names',
  href: 'https://opensource.org/license/mit',
};

/** The collections, in the order in which the API lists them. */
export const collections = {
  incidents: {
    title: 'Incidents',
    description:
      'Strikes, each with the figures that its claims give. The point stands for a place known to geo_precision, within uncertainty_m; where area_only is true it must not be shown as a point.',
    licence: compilation,
    filters: [
      'bbox',
      'datetime',
      'type',
      'country',
      'region',
      'attacker',
      'target',
      'geo_precision',
      'killed',
      'injured',
      'source',
      'q',
      'filter',
    ],
  },
  regions: {
    title: 'Regions',
    description:
      'First-level regions with their codes and boundaries, who claims them by which act, what international bodies answered, and dated statements about control. A territorial claim is not control.',
    licence: {
      title: 'Boundaries: Natural Earth, public domain',
      href: 'https://www.naturalearthdata.com/about/terms-of-use/',
    },
    filters: ['bbox', 'datetime', 'country', 'claimant', 'q', 'filter'],
  },
  claims: {
    title: 'Claims',
    description:
      'Statements about incidents: a value or an account, who it is attributed to, the source that carried it and when it was reported. The geometry is that of the incident, and so is its precision; datetime is the time of report.',
    licence: compilation,
    filters: ['bbox', 'datetime', 'incident', 'measure', 'source', 'q', 'filter'],
  },
  sources: {
    title: 'Sources',
    description:
      'Publications that carried the claims; datetime is the time of publication. Sources have no geometry.',
    licence: compilation,
    filters: ['bbox', 'datetime', 'language', 'kind', 'q', 'filter'],
  },
  places: {
    title: 'Places',
    description: 'Gazetteer of settlements, with the region each lies in.',
    licence: {
      title: 'GeoNames, CC BY 4.0',
      href: 'https://creativecommons.org/licenses/by/4.0/',
    },
    filters: ['bbox', 'datetime', 'country', 'region', 'q', 'filter'],
  },
} as const satisfies Record<string, Collection>;

export type CollectionId = keyof typeof collections;

/** Narrows text, such as a path segment, to the id of a collection. */
export function isCollectionId(text: string): text is CollectionId {
  return Object.hasOwn(collections, text);
}
