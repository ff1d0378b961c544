/**
 * The closed lists, in the order in which they are shown. The same codes stand in
 * `migrations/001_lists.sql`, where foreign keys hold the data to them;
 * `test/domain/vocabulary.test.ts` holds the two to each other.
 */

/** Types of strike, each with the ACLED event and sub-event type that it maps to (ACLED codebook). */
export const incidentTypes = {
  drone_strike: { acled: 'Explosions/Remote violence: Air/drone strike' },
  missile_strike: { acled: 'Explosions/Remote violence: Shelling/artillery/missile attack' },
  airstrike: { acled: 'Explosions/Remote violence: Air/drone strike' },
  combined_strike: { acled: 'Explosions/Remote violence: Air/drone strike' },
  shelling: { acled: 'Explosions/Remote violence: Shelling/artillery/missile attack' },
  sabotage: { acled: 'Explosions/Remote violence: Remote explosive/landmine/IED' },
  other: { acled: null },
} as const satisfies Record<string, { acled: string | null }>;

/** What was struck or damaged. */
export const targetTypes = [
  'residential',
  'education',
  'medical',
  'rail',
  'port',
  'energy_power',
  'energy_gas',
  'oil_refinery',
  'oil_depot',
  'industrial',
  'military',
  'other',
] as const;

/** What a claim may give a value of, with its unit; `narrative` is an account without a value. */
export const measures = {
  killed: { unit: 'persons' },
  injured: { unit: 'persons' },
  children_killed: { unit: 'persons' },
  children_injured: { unit: 'persons' },
  drones_launched: { unit: 'drones' },
  drones_intercepted: { unit: 'drones' },
  missiles_launched: { unit: 'missiles' },
  missiles_intercepted: { unit: 'missiles' },
  buildings_damaged: { unit: 'buildings' },
  households_without_power: { unit: 'households' },
  customers_without_gas: { unit: 'customers' },
  power_loss_percent: { unit: 'percent' },
  narrative: { unit: null },
} as const satisfies Record<string, { unit: string | null }>;

/** How well a place is known, finest first. From `district` on, the incident is an area and no pin. */
export const geoPrecisions = ['site', 'settlement', 'district', 'region', 'country'] as const;

/** How well a time is known, finest first; `range` is a stated span of days. */
export const timePrecisions = [
  'exact',
  'approximate',
  'night',
  'day',
  'range',
  'week',
  'month',
  'year',
] as const;

/** The side to which the sources attribute a strike; `unknown` where nobody is named. */
export const attackers = ['RU', 'UA', 'unknown'] as const;

/** What a claim is about: the incident itself, or more, or less, than it. */
export const claimScopes = ['incident', 'country', 'region', 'district', 'city', 'group'] as const;

/** How a claim's value is meant. `range` is bounded on both sides. */
export const qualifiers = ['exact', 'at_least', 'at_most', 'about', 'range'] as const;

/** How a source came to its text. */
export const sourceKinds = ['original', 'syndicated', 'aggregator'] as const;

export type IncidentType = keyof typeof incidentTypes;
export type TargetType = (typeof targetTypes)[number];
export type Measure = keyof typeof measures;
export type GeoPrecision = (typeof geoPrecisions)[number];
export type TimePrecision = (typeof timePrecisions)[number];
export type Attacker = (typeof attackers)[number];
export type ClaimScope = (typeof claimScopes)[number];
export type Qualifier = (typeof qualifiers)[number];
export type SourceKind = (typeof sourceKinds)[number];

/** The codes of a list that is kept as a table, in its order. */
export function codesOf<Code extends string>(list: Readonly<Record<Code, unknown>>): Code[] {
  return Object.keys(list).filter((key): key is Code => key in list);
}

export const incidentTypeCodes: readonly IncidentType[] = codesOf(incidentTypes);
export const measureCodes: readonly Measure[] = codesOf(measures);
