import type { Measure } from '../../server/domain/vocabulary.ts';
import type { Claim, Source } from '../model.ts';
import type { Texts } from '../text/index.ts';
import { byReport, edtfInWords, partyInWords, valueInWords } from '../words.ts';
import { useSurroundings } from './context.ts';
import { SourceLink } from './source-link.tsx';

interface ReportsProps {
  readonly claims: readonly Claim[];
  readonly sourceOf: ReadonlyMap<string, Source>;
}

/** All claims in the order in which they were reported, by day and by who said them. */
export function Reports({ claims, sourceOf }: ReportsProps) {
  const { t } = useSurroundings();
  const known = new Map(claims.map((claim) => [claim.id, claim]));
  const revised = revisedIn(claims);
  return (
    <ol class="reports">
      {byReport(claims).map(({ day, statements }) => (
        <li key={day ?? 'undated'}>
          <h4>{day === null ? t.incident.undated : edtfInWords(t, day, 'long')}</h4>
          <ol>
            {statements.map((statement) => (
              <li key={statement.claims[0]?.id} class="statement">
                <p class="who" lang="en">
                  {statement.attributedTo}
                </p>
                <ul class="said">
                  {statement.claims.map((claim) => (
                    <ClaimLine
                      key={claim.id}
                      claim={claim}
                      known={known}
                      standing={revised.has(claim.id) ? 'revised' : 'standing'}
                    />
                  ))}
                </ul>
                <p class="carried">
                  <Clock reportedAt={statement.reportedAt} />
                  <SourceLink source={sourceOf.get(statement.source)} />
                </p>
              </li>
            ))}
          </ol>
        </li>
      ))}
    </ol>
  );
}

/** Ids of the claims that a later one revises. */
export function revisedIn(claims: readonly Claim[]): ReadonlySet<string> {
  return new Set(
    claims.flatMap(({ relations }) =>
      relations.filter(({ relation }) => relation === 'revises').map(({ claim }) => claim),
    ),
  );
}

function Clock({ reportedAt }: { reportedAt: string | null }) {
  const clock = /T(\d{2}:\d{2})/.exec(reportedAt ?? '')?.[1];
  return clock === undefined ? null : (
    <time class="clock" dateTime={reportedAt ?? undefined}>
      {clock}
    </time>
  );
}

interface ClaimLineProps {
  readonly claim: Claim;
  readonly known: ReadonlyMap<string, Claim>;
  readonly standing: 'standing' | 'revised';
}

function ClaimLine({ claim, known, standing }: ClaimLineProps) {
  const { t } = useSurroundings();
  const remarks = remarksOn(t, claim, known, standing);
  return (
    <li
      class={claim.scope.kind === 'incident' ? standing : `elsewhere ${standing}`}
      data-claim={claim.id}
    >
      {claim.measure === 'narrative' ? (
        <span class="account" lang="en">
          {claim.text}
        </span>
      ) : (
        <b>{claimInWords(t, claim)}</b>
      )}
      {claim.measure !== 'narrative' && claim.text !== null && (
        <span class="account" lang="en">
          {' '}
          {claim.text}
        </span>
      )}
      {remarks.length > 0 && <span class="remarks"> {remarks.join(' · ')}</span>}
    </li>
  );
}

/** What qualifies a claim: its scope, what its source adds, how it stands to others. */
export function remarksOn(
  t: Texts,
  claim: Claim,
  known: ReadonlyMap<string, Claim>,
  standing: ClaimLineProps['standing'],
): string[] {
  const other = (id: string) => {
    const found = known.get(id);
    return found === undefined ? id : claimInWords(t, found);
  };
  return [
    t.incident.scopes[claim.scope.kind](claim.scope.name),
    claim.remark,
    claim.status === null ? null : t.incident.statuses[claim.status],
    claim.cause === null ? null : t.incident.cause(causeInWords(t, claim.cause)),
    claim.responsibility === null
      ? null
      : t.incident.stances[claim.responsibility.stance](
          partyInWords(t, claim.responsibility.party ?? 'unknown'),
        ),
    standing === 'revised' ? t.incident.revised : null,
    ...claim.relations.map(({ relation, claim: id }) => t.incident.relations[relation](other(id))),
  ]
    .filter((remark) => remark !== null)
    .filter((remark) => remark !== '');
}

function claimInWords(t: Texts, claim: Claim): string {
  const { measure } = claim;
  return t.counted[measure](valueInWords(t, measure satisfies Measure, claim));
}

function causeInWords(t: Texts, cause: string): string {
  const names: Readonly<Record<string, string>> = t.incident.causes;
  return names[cause] ?? cause;
}
