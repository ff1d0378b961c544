import type { Region } from '../model.ts';

type TerritorialClaim = Region['properties']['territorial_claims'][number];

/** The claim to a region that is not its own state's, with the resolution that refused it. */
export function claimOf(region: Region): (TerritorialClaim & { instrument: string | null }) | null {
  const { territorial_claims, international_responses, country } = region.properties;
  const claim = territorial_claims.find(({ claimant }) => claimant !== country);
  if (claim === undefined) return null;
  const answer = international_responses.find(({ instrument }) => instrument.startsWith('A/RES/'));
  return { ...claim, instrument: answer?.instrument ?? null };
}
