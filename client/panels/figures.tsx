import { type Measure, measureCodes } from '../../server/domain/vocabulary.ts';
import type { Claim, Figure, IncidentInFull, Source } from '../model.ts';
import { figureInWords, reportedInWords, reportedValues, valueInWords } from '../words.ts';
import { useSurroundings } from './context.ts';
import { remarksOn, revisedIn } from './reports.tsx';
import { isWebAddress, SourceLink } from './source-link.tsx';
import { TollChart } from './toll-chart.tsx';

interface FiguresProps {
  readonly full: IncidentInFull;
  readonly sourceOf: ReadonlyMap<string, Source>;
}

/** Each measure as a range, with every value reported for it side by side, and how they came in. */
export function Figures({ full, sourceOf }: FiguresProps) {
  const { t } = useSurroundings();
  const { figures, claims } = full.properties;
  const measures = measureCodes.filter(
    (code) => code !== 'narrative' && claims.some(({ measure }) => measure === code),
  );
  const isNone = Object.keys(figures).length === 0;
  return (
    <section class="figures">
      <h3>
        {t.incident.figures}
        {!isNone && <span class="aside">{t.incident.figuresHint}</span>}
      </h3>
      {isNone && <p class="hint">{t.incident.noFigures}</p>}
      {measures.map((measure) => (
        <Measured
          key={measure}
          measure={measure}
          figure={figures[measure]}
          claims={claims}
          sourceOf={sourceOf}
        />
      ))}
    </section>
  );
}

interface MeasuredProps {
  readonly measure: Measure;
  /** Undefined where all claims are about something else than the incident. */
  readonly figure: Figure | undefined;
  readonly claims: readonly Claim[];
  readonly sourceOf: ReadonlyMap<string, Source>;
}

function Measured({ measure, figure, claims, sourceOf }: MeasuredProps) {
  const { t } = useSurroundings();
  const values = reportedValues(t, measure, claims);
  return (
    <div class="figure" data-measure={measure}>
      <h4>{t.measures[measure]}</h4>
      {figure === undefined ? (
        <p class="hint">{t.incident.elsewhere}</p>
      ) : (
        <p class="range">{figureInWords(t, measure, figure)}</p>
      )}
      {values.length > 1 && (
        <ul class="values" aria-label={t.incident.values}>
          {values.map(({ words, claims: those }) => (
            <li key={words} title={those.map((claim) => claim.attributed_to).join('\n')}>
              <b>{words}</b> <i>{t.incident.times(those.length)}</i>
            </li>
          ))}
        </ul>
      )}
      {figure !== undefined && figure.latest !== null && (
        <p class="latest">
          {t.incident.latest}: <b>{valueInWords(t, measure, figure.latest)}</b>,{' '}
          <span lang="en">{figure.latest.attributed_to}</span>,{' '}
          {reportedInWords(t, figure.latest.reported_at)}
          <LatestSource latest={figure.latest} />
        </p>
      )}
      <TollChart measure={measure} claims={claims} />
      <details class="claims-table">
        <summary>
          {t.incident.claimsOf(claims.filter((claim) => claim.measure === measure).length)}
        </summary>
        <ClaimsTable measure={measure} claims={claims} sourceOf={sourceOf} />
      </details>
    </div>
  );
}

/** The claims of one measure: what the chart shows, in words, and those about something else. */
function ClaimsTable({ measure, claims, sourceOf }: Omit<MeasuredProps, 'figure'>) {
  const { t } = useSurroundings();
  const known = new Map(claims.map((claim) => [claim.id, claim]));
  const revised = revisedIn(claims);
  const conflicting = conflictsIn(claims);
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">{t.incident.reported}</th>
          <th scope="col">{t.incident.value}</th>
          <th scope="col">{t.incident.saidBy}</th>
        </tr>
      </thead>
      <tbody>
        {claims
          .filter((claim) => claim.measure === measure)
          .map((claim) => {
            const standing = revised.has(claim.id) ? 'revised' : 'standing';
            const isOwn = claim.scope.kind === 'incident';
            return (
              <tr key={claim.id} class={isOwn ? standing : `elsewhere ${standing}`}>
                <td>{reportedInWords(t, claim.reported_at)}</td>
                <td>
                  <b>{valueInWords(t, measure, claim)}</b>
                  {conflicting.has(claim.id) && <span class="conflict">{t.incident.conflict}</span>}
                  {remarksOn(t, claim, known, standing).map((remark) => (
                    <span key={remark} class="aside">
                      {remark}
                    </span>
                  ))}
                </td>
                <td>
                  <span lang="en">{claim.attributed_to}</span>
                  <SourceLink source={sourceOf.get(claim.source)} />
                </td>
              </tr>
            );
          })}
      </tbody>
    </table>
  );
}

/** Ids of the claims that contradict another, or are contradicted. */
export function conflictsIn(claims: readonly Claim[]): ReadonlySet<string> {
  return new Set(
    claims.flatMap(({ id, relations }) =>
      relations
        .filter(({ relation }) => relation === 'contradicts')
        .flatMap(({ claim }) => [id, claim]),
    ),
  );
}

/** The publication behind the latest value, linked. */
function LatestSource({ latest }: { latest: NonNullable<Figure['latest']> }) {
  const { source_url: url, source_publisher: publisher } = latest;
  if (url === null || !isWebAddress(url)) return null;
  return (
    <>
      {' · '}
      <a href={url} rel="noopener noreferrer external" target="_blank">
        {publisher ?? new URL(url).host}
      </a>
    </>
  );
}
