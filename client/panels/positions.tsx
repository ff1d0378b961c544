import type { Claim, Source } from '../model.ts';
import { partyInWords, reportedInWords } from '../words.ts';
import { useSurroundings } from './context.ts';
import { SourceLink } from './source-link.tsx';

interface PositionsProps {
  readonly claims: readonly Claim[];
  readonly sourceOf: ReadonlyMap<string, Source>;
}

/** Who claims, denies or is said to bear responsibility: each side's statements side by side. */
export function Positions({ claims, sourceOf }: PositionsProps) {
  const { t } = useSurroundings();
  const stated = claims.flatMap((claim) => {
    const { responsibility } = claim;
    return responsibility === null ? [] : [{ claim, responsibility }];
  });
  if (stated.length === 0) return null;
  const parties = [
    ...new Set(stated.map(({ responsibility }) => responsibility.party ?? 'unknown')),
  ];
  return (
    <section class="positions">
      <h3>
        {t.incident.positions}
        <span class="aside">{t.incident.positionsHint}</span>
      </h3>
      <div class="sides">
        {parties.sort().map((party) => (
          <div key={party} class="position">
            <h4>{partyInWords(t, party)}</h4>
            <ul>
              {stated
                .filter(({ responsibility }) => (responsibility.party ?? 'unknown') === party)
                .map(({ claim, responsibility }) => (
                  <li key={claim.id}>
                    <p class="stance">
                      {t.incident.stances[responsibility.stance](partyInWords(t, party))}
                    </p>
                    {claim.text !== null && <p lang="en">{claim.text}</p>}
                    <p class="who">
                      <span lang="en">{claim.attributed_to}</span>,{' '}
                      {reportedInWords(t, claim.reported_at)}
                    </p>
                    <SourceLink source={sourceOf.get(claim.source)} />
                  </li>
                ))}
            </ul>
          </div>
        ))}
      </div>
    </section>
  );
}
