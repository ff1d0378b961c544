import type { CollectionId } from './collections.ts';
import {
  attackers,
  claimScopes,
  geoPrecisions,
  incidentTypeCodes,
  measureCodes,
  measures,
  qualifiers,
  sourceKinds,
  targetTypes,
  timePrecisions,
} from './vocabulary.ts';

/**
 * What kind of value a property has in a filter expression. An `instant` is a point in time, an
 * `interval` a range of it; a `list` is of texts.
 */
export type QueryableType =
  | 'text'
  | 'number'
  | 'boolean'
  | 'instant'
  | 'interval'
  | 'geometry'
  | 'list';

/** A property that a filter expression may name. */
export interface Queryable {
  readonly type: QueryableType;
  readonly description: string;
  readonly codes?: readonly string[];
  /** Part that the property plays in a feature (OGC 23-058r1, `x-ogc-role`). */
  readonly role?: 'id' | 'primary-geometry' | 'primary-interval-start' | 'primary-interval-end';
}

const of =
  <Type extends QueryableType>(type: Type) =>
  (
    description: string,
    more: Omit<Queryable, 'type' | 'description'> = {},
  ): Queryable & { readonly type: Type } => ({ type, description, ...more });
const text = of('text');
const number = of('number');
const boolean = of('boolean');
const instant = of('instant');
const interval = of('interval');
const geometry = of('geometry');
const list = of('list');

/** Measures that have a number, and so a figure. */
export const figureMeasures = measureCodes.filter((code) => measures[code].unit !== null);
export type FigureMeasure = (typeof figureMeasures)[number];
export type FigureName = `${FigureMeasure}_${'lowest' | 'highest'}`;

const figures: Readonly<Record<string, Queryable>> = Object.fromEntries(
  figureMeasures.flatMap((code) => [
    [
      `${code}_lowest`,
      number(`Lowest value of ${code} that any claim gives; null without a claim.`),
    ],
    [
      `${code}_highest`,
      number(`Highest value of ${code} that any claim gives; null without a claim.`),
    ],
  ]),
);

const id = (what: string) => text(`Id of the ${what}.`, { role: 'id' });
const place = {
  country: text('Recognised state of the place (ISO 3166-1 alpha-2).'),
  region: text('First-level region (ISO 3166-2); null where there is no single one.'),
};
const precision = {
  geo_precision: text('How well the place is known.', { codes: geoPrecisions }),
  uncertainty_m: number('Radius in metres within which the place is.'),
  area_only: boolean('True where only an area is known.'),
};
const point = geometry('The representative point.', { role: 'primary-geometry' });
const recordedAt = instant('When this version became the record.');

/** Properties of each collection that a filter expression may name, beside those of its figures. */
export const namedQueryables = {
  incidents: {
    id: id('incident'),
    geometry: point,
    area: geometry('The area that the point stands for: disc of uncertainty, region or country.'),
    title: text('What happened, in a line.'),
    summary: text('What is known, in a few sentences.'),
    type: text('Type of strike.', { codes: incidentTypeCodes }),
    type_source: text("Code of the type in an imported dataset's own scheme, with its name."),
    attacker: text('Side to which the sources attribute the strike.', { codes: attackers }),
    targets: list('What was struck or damaged.', { codes: targetTypes }),
    ...place,
    place: text('Place as the sources name it.'),
    time: interval('The time that is known, first to last day, both included.'),
    time_precision: text('How well the time is known.', { codes: timePrecisions }),
    time_precision_source: text("The same in an imported dataset's own scheme, with its name."),
    starts_at: instant('Start of the time (included).', { role: 'primary-interval-start' }),
    ends_at: instant('End of the time (not included).', { role: 'primary-interval-end' }),
    ...precision,
    geo_precision_source: text("Code of the precision in an imported dataset's own scheme."),
    dataset: text('Dataset that the record belongs to.'),
    recorded_at: recordedAt,
  },
  regions: {
    code: text('ISO 3166-2 code.', { role: 'id' }),
    geometry: geometry('The boundary; null where there is none.', { role: 'primary-geometry' }),
    country: place.country,
    pcode: text('OCHA P-code.'),
    kind: text('Kind of region, such as oblast.'),
    name_en: text('Name in English.'),
    name_uk: text('Name in Ukrainian.'),
  },
  claims: {
    id: id('claim'),
    geometry: geometry("The incident's point.", { role: 'primary-geometry' }),
    incident: text('Id of the incident.'),
    measure: text('What the claim gives a value of.', { codes: measureCodes }),
    value_min: number('Lower end of the value; null for "at most".'),
    value_max: number('Upper end of the value; null for "at least".'),
    qualifier: text('How the value is meant; null for an account in words.', { codes: qualifiers }),
    text: text('Account or statement, in our words.'),
    scope: text('What kind of thing the claim is about.', { codes: claimScopes }),
    attributed_to: text('Who said it, as the source has it.'),
    reported_at: interval('When it was reported, as exactly as is known; null where undated.'),
    status: text('Whether the claim was called preliminary or final.'),
    stance: text('What the claim says of responsibility.'),
    party: text('To or by whom.'),
    cause: text('Cause that the claim names.'),
    source: text('Id of the source that carried it.'),
    ...precision,
    recorded_at: recordedAt,
  },
  sources: {
    id: id('source'),
    url: text('Address of the publication.'),
    publisher: text('Publisher; null where it is not certain.'),
    title: text('Title as published; null where it is not certain.'),
    published_at: interval('When it was published, as exactly as is known; null where undated.'),
    language: text('Language (ISO 639).'),
    kind: text('How the source came to its text.', { codes: sourceKinds }),
    reliability: text('Admiralty reliability letter, A to F; null where not graded.'),
    recorded_at: recordedAt,
  },
  places: {
    id: id('place'),
    geometry: geometry('The point of the place.', { role: 'primary-geometry' }),
    name: text('Name in English.'),
    name_uk: text('Name in Ukrainian; null where it is not known.'),
    ...place,
    population: number('Population (GeoNames); null where it gives none.'),
    geonames_id: number('GeoNames id; null where it is not certain.'),
  },
} as const satisfies Record<CollectionId, Readonly<Record<string, Queryable>>>;

/** Every property of each collection that a filter expression may name. */
export const queryables: Readonly<Record<CollectionId, Readonly<Record<string, Queryable>>>> = {
  ...namedQueryables,
  incidents: { ...namedQueryables.incidents, ...figures },
};
